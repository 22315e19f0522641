//! Where the configuration comes from.

use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Config;

/// What the environment's keys begin with.
const ENV_PREFIX: &str = "PIX_ORGA_";
/// Keys of the environment that are not the configuration's.
const OTHER_ENV_KEYS: [&str; 3] = ["PIX_ORGA_CONFIG", "PIX_ORGA_LOG", "PIX_ORGA_CHROMIUM"];
/// What the project's own tests set.
const TEST_PREFIX: &str = "PIX_ORGA_TEST_";

/// Why there is no configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It is not TOML, or a key is unknown, missing or of the wrong kind: the message says which.
    Wrong(String),
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(path, cause) => {
                write!(
                    f,
                    "Le fichier de configuration {} ne peut pas être lu : {cause}.",
                    path.display()
                )
            }
            Self::Wrong(what) => write!(f, "La configuration ne convient pas : {what}"),
        }
    }
}

impl std::error::Error for ConfigError {}

/// Reads the file, where there is one, and puts the environment over it.
///
/// # Errors
/// [`ConfigError`].
pub fn load(
    file: Option<&Path>,
    env: impl Iterator<Item = (String, String)>,
) -> Result<Config, ConfigError> {
    let mut table = match file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| ConfigError::Unreadable(path.to_owned(), cause))?;
            text.parse::<Table>()
                .map_err(|error| ConfigError::Wrong(without_input(&error)))?
        }
        None => Table::new(),
    };
    for (name, value) in env {
        let other = OTHER_ENV_KEYS.contains(&name.as_str()) || name.starts_with(TEST_PREFIX);
        if let Some(key) = name.strip_prefix(ENV_PREFIX).filter(|_| !other) {
            put(&mut table, &key.to_lowercase(), value);
        }
    }
    Value::Table(table)
        .try_into()
        .map_err(|error: toml::de::Error| ConfigError::Wrong(error.message().to_owned()))
}

/// The message and the line, never the text of the line: it may hold a secret.
fn without_input(error: &toml::de::Error) -> String {
    error.message().to_owned()
}

/// `terms__space__file` is `terms.space.file`.
fn put(table: &mut Table, key: &str, value: String) {
    match key.split_once("__") {
        None => {
            table.insert(key.to_owned(), Value::String(value));
        }
        Some((section, rest)) => {
            let section = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(section) = section {
                put(section, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPLETE: &str = r#"
        public_url = "https://orga.example.org"
        database_url = "sqlite:///tmp/x.db"
        secret_key = "0123"
        [terms.account]
        file = "a.txt"
        version = "1"
        [terms.space]
        file = "b.txt"
        version = "1"
    "#;

    fn file(text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        file
    }

    #[test]
    fn the_environment_is_put_over_the_file() {
        let env = [
            ("PIX_ORGA_LISTEN".to_owned(), "127.0.0.1:9".to_owned()),
            ("PIX_ORGA_TERMS__SPACE__VERSION".to_owned(), "2".to_owned()),
            ("PIX_ORGA_TEST_X".to_owned(), "ignored".to_owned()),
        ];
        let config = load(Some(file(COMPLETE).path()), env.into_iter()).unwrap();
        assert_eq!(config.listen.port(), 9);
        assert_eq!(config.terms.space.version, "2");
        assert_eq!(config.terms.account.version, "1");
    }

    #[test]
    fn the_example_that_is_released_is_understood() {
        let example = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packaging/pix-orga.toml");
        let config = load(Some(Path::new(example)), std::iter::empty()).unwrap();
        assert_eq!(config.trusted_proxies.0.len(), 2);
        assert!(config.public_url.starts_with("https://"));
    }

    #[test]
    fn an_unknown_or_missing_key_is_refused_by_name() {
        let unknown = load(
            Some(file(&format!("colour = 1\n{COMPLETE}")).path()),
            std::iter::empty(),
        );
        assert!(unknown.unwrap_err().to_string().contains("colour"));
        let missing = load(Some(file("public_url = \"x\"").path()), std::iter::empty());
        assert!(missing.unwrap_err().to_string().contains("missing field"));
        let env = [("PIX_ORGA_COLOUR".to_owned(), "1".to_owned())];
        assert!(load(Some(file(COMPLETE).path()), env.into_iter()).is_err());
    }

    #[test]
    fn a_secret_never_shows() {
        let config = load(Some(file(COMPLETE).path()), std::iter::empty()).unwrap();
        assert!(!format!("{config:?}").contains("0123"));
        assert!(!toml::to_string(&config).unwrap().contains("0123"));
        let broken = load(Some(file("secret_key = \"0123").path()), std::iter::empty());
        assert!(!broken.unwrap_err().to_string().contains("0123"));
    }
}
