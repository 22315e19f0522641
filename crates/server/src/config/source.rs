//! Where the configuration comes from.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::Config;
use super::fault::{self, Faults};
use crate::files;

/// Where the configuration is when nothing names it.
pub const FILE_BY_DEFAULT: &str = "/etc/pix-orga/pix-orga.toml";
/// What the environment's keys begin with.
const ENV_PREFIX: &str = "PIX_ORGA_";
/// Keys of the environment that are not the configuration's.
const OTHER_ENV_KEYS: [&str; 4] = [
    "PIX_ORGA_CONFIG",
    "PIX_ORGA_LOG",
    "PIX_ORGA_CHROMIUM",
    "PIX_ORGA_DEMO_DATABASE_URL",
];
/// What the project's own tests set.
const TEST_PREFIX: &str = "PIX_ORGA_TEST_";

/// Where each key was read.
#[derive(Debug, Clone, Default)]
pub struct Source {
    file: Option<PathBuf>,
    /// The variable of each path that the environment gave.
    variables: BTreeMap<String, String>,
}

impl Source {
    /// The place of a key and the key, as a message begins.
    pub fn place(&self, path: &str) -> String {
        let inner = format!("{path}.");
        let given = self.variables.iter().find(|(given, _)| {
            *given == path || given.starts_with(&inner) || path.starts_with(&format!("{given}."))
        });
        let place = match (given, &self.file) {
            (Some((_, variable)), _) => format!("variable {variable}"),
            (None, Some(file)) => file.display().to_string(),
            (None, None) => {
                format!("aucun fichier (ni --config, ni PIX_ORGA_CONFIG, ni {FILE_BY_DEFAULT})")
            }
        };
        format!("{place}, clé « {path} »")
    }

    /// What is wrong with a key whose value was read: `wanted` ends « il faut … ».
    pub fn unfit(&self, path: &str, read: &str, wanted: &str) -> anyhow::Error {
        let (place, read) = (self.place(path), fault::quoted(read));
        anyhow::anyhow!("{place} : {read} a été lu ; il faut {wanted}.")
    }

    /// What is wrong with a key, in a whole sentence.
    pub fn wrong(&self, path: &str, said: &str) -> anyhow::Error {
        anyhow::anyhow!("{} : {said}", self.place(path))
    }

    /// The bytes of a file that a key names.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn bytes(&self, path: &str, file: &Path) -> anyhow::Result<Vec<u8>> {
        std::fs::read(file).map_err(|cause| self.wrong(path, &files::unreadable(file, &cause)))
    }

    /// The text of a file that a key names.
    ///
    /// # Errors
    /// When it cannot be read, or is no text.
    pub fn text(&self, path: &str, file: &Path) -> anyhow::Result<String> {
        std::fs::read_to_string(file)
            .map_err(|cause| self.wrong(path, &files::unreadable(file, &cause)))
    }

    /// The configuration's file, when there is one.
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Whether the file gave a key, and not the environment.
    pub fn is_in_file(&self, path: &str) -> bool {
        !self.variables.contains_key(path)
    }
}

/// Why there is no configuration.
#[derive(Debug)]
pub enum ConfigError {
    /// The file cannot be read.
    Unreadable(PathBuf, std::io::Error),
    /// It is not TOML.
    NotToml {
        /// Which file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The key of that line, where one can be seen.
        key: Option<String>,
        /// Whether this key is there twice.
        twice: bool,
    },
    /// Keys are unknown, missing, or hold what cannot be.
    Wrong(Faults),
}

impl std::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unreadable(path, cause) => {
                write!(f, "Configuration : {}", files::unreadable(path, cause))
            }
            Self::NotToml {
                file,
                line,
                key,
                twice,
            } => {
                write!(f, "{}, ligne {line}", file.display())?;
                if let Some(key) = key {
                    write!(f, ", clé « {key} »")?;
                }
                f.write_str(if *twice {
                    " : cette clé ou cette section est donnée deux fois ; gardez-en une."
                } else {
                    " : ce n’est pas du TOML ; il faut « clé = valeur », les textes entre guillemets droits (\"…\"), et \
                     « [section] » seul sur sa ligne."
                })
            }
            Self::Wrong(faults) => write!(f, "{faults}"),
        }
    }
}

impl std::error::Error for ConfigError {}

/// The file to read: the one that was named, else the usual one when it is there.
pub fn found(named: Option<&Path>, usual: &Path) -> Option<PathBuf> {
    // One that cannot be looked at is read all the same, so that the reason is told.
    let usual = || (!matches!(usual.try_exists(), Ok(false))).then(|| usual.to_owned());
    named.map(Path::to_owned).or_else(usual)
}

/// Reads the file, where there is one, and puts the environment over it.
///
/// # Errors
/// [`ConfigError`].
pub fn load(
    file: Option<&Path>,
    env: impl Iterator<Item = (OsString, OsString)>,
) -> Result<Config, ConfigError> {
    let mut table = match file {
        Some(path) => {
            let text = std::fs::read_to_string(path)
                .map_err(|cause| ConfigError::Unreadable(path.to_owned(), cause))?;
            parse(path, &text)?
        }
        None => Table::new(),
    };
    let mut source = Source {
        file: file.map(Path::to_owned),
        variables: BTreeMap::new(),
    };
    let mut told = Vec::new();
    // Sorted, so that the same environment always gives the same configuration.
    for (name, value) in ours(env) {
        let Some(value) = value else {
            told.push(format!(
                "variable {name} : un texte qui n’est pas de l’UTF-8 a été lu ; il faut de l’UTF-8."
            ));
            continue;
        };
        let path = name[ENV_PREFIX.len()..].to_lowercase().replace("__", ".");
        if let Some(other) = over(&source, &path) {
            told.push(format!(
                "variables {other} et {name} : l’une contredit l’autre ; il faut n’en donner qu’une."
            ));
            continue;
        }
        put(&mut table, &path, value);
        source.variables.insert(path, name);
    }
    told.extend(fault::all(&table).iter().map(|fault| fault.told(&source)));
    if !told.is_empty() {
        return Err(ConfigError::Wrong(Faults(told)));
    }
    let read: Result<Config, toml::de::Error> = Value::Table(table).try_into();
    match read {
        Ok(config) => Ok(Config { source, ..config }),
        Err(error) => Err(ConfigError::Wrong(Faults(vec![error.message().to_owned()]))),
    }
}

fn parse(path: &Path, text: &str) -> Result<Table, ConfigError> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    text.parse::<Table>().map_err(|error| {
        // Never the text of the line: it may hold a secret.
        let at = error.span().map_or(0, |span| span.start.min(text.len()));
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count();
        ConfigError::NotToml {
            file: path.to_owned(),
            line: line + 1,
            key: text.lines().nth(line).and_then(key_of),
            twice: error.message().contains("duplicate"),
        }
    })
}

/// What a line begins with, when it is a key or a section.
fn key_of(line: &str) -> Option<String> {
    let line = line.trim_start();
    let name = match line.strip_prefix('[') {
        Some(section) => section.split([']', '#']).next()?,
        None => line.split_once('=')?.0,
    };
    let name = name.trim();
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!name.is_empty() && name.chars().all(bare)).then(|| name.to_owned())
}

/// The variables that are the configuration's, in order; without a value, one that is no text.
fn ours(env: impl Iterator<Item = (OsString, OsString)>) -> BTreeMap<String, Option<String>> {
    let named = env.map(|(name, value)| (name.to_string_lossy().into_owned(), value));
    let ours = named.filter(|(name, _)| {
        let other = OTHER_ENV_KEYS.contains(&name.as_str()) || name.starts_with(TEST_PREFIX);
        name.starts_with(ENV_PREFIX) && !other
    });
    ours.map(|(name, value)| (name, value.into_string().ok()))
        .collect()
}

/// A variable read already that gives the same key, or what holds it.
fn over<'a>(source: &'a Source, path: &str) -> Option<&'a str> {
    let given = source.variables.iter().find(|(given, _)| {
        *given == path
            || path.starts_with(&format!("{given}."))
            || given.starts_with(&format!("{path}."))
    });
    given.map(|(_, name)| name.as_str())
}

/// `terms.space.file` is put in its sections, in the place of whatever the file says there.
fn put(table: &mut Table, path: &str, value: String) {
    match path.split_once('.') {
        None => {
            table.insert(path.to_owned(), Value::String(value));
        }
        Some((section, rest)) => {
            let inner = table
                .entry(section)
                .or_insert_with(|| Value::Table(Table::new()));
            if !inner.is_table() {
                *inner = Value::Table(Table::new());
            }
            if let Value::Table(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
