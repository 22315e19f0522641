//! The database's address: the one that holds a password shows without it, and one that cannot keep anything is refused.

mod parameters;

use std::fmt;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use pix_orga_store_postgres::hosts;
use serde::{Deserialize, Serialize, Serializer};
use toml::Value;
use url::Url;

use super::fault::MASK;
use crate::database::hosts_wanted;

/// Stands where several servers do, so that an address is one of one server.
const STAND_IN: &str = "several.invalid";

pub use parameters::authority;

/// `sqlite:///path/to/file`, or `postgres://user:password@host/database`. It shows without its password.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(String);

impl Deref for DatabaseUrl {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl DatabaseUrl {
    /// The file, when it is one of SQLite.
    pub fn file(&self) -> Option<&Path> {
        file_of(&self.0).map(Path::new)
    }

    /// Whether a value is the address of a database that keeps what it is given.
    ///
    /// # Errors
    /// What to write instead, when there is more to say than what the key wants.
    pub fn check(value: &Value) -> Result<(), Option<String>> {
        let url = value.as_str().ok_or(None)?;
        if let Some(file) = file_of(url) {
            return check_file(file).map_err(|wanted| Some(wanted.to_owned()));
        }
        match url.split_once("://") {
            Some(("postgres" | "postgresql", rest)) if !rest.is_empty() => {
                hosts::each(url).map_err(|fault| Some(hosts_wanted(fault).to_owned()))?;
                parameters::check(url).map_err(Some)
            }
            _ => Err(None),
        }
    }

    /// Whether a password stands in it.
    pub fn holds_password(&self) -> bool {
        self.file().is_none() && self.shown() != self.0
    }

    fn shown(&self) -> String {
        if self.starts_with("sqlite:") {
            return self.0.clone();
        }
        let Some(part) = hosts::written(self).filter(|part| self[part.clone()].contains(','))
        else {
            return shown_of_one(self);
        };
        // Nobody else reads several servers: one stands in for them.
        let (before, after) = (&self[..part.start], &self[part.end..]);
        let shown = shown_of_one(&format!("{before}{STAND_IN}{after}"));
        let Some(place) = hosts::written(&shown) else {
            return MASK.to_owned();
        };
        format!(
            "{}{}{}",
            &shown[..place.start],
            &self[part],
            &shown[place.end..]
        )
    }
}

/// An address of one server, without its password.
fn shown_of_one(address: &str) -> String {
    let Some(mut url) = Url::parse(address).ok().filter(Url::has_host) else {
        return MASK.to_owned();
    };
    if url.password().is_some() && url.set_password(Some(MASK)).is_err() {
        return MASK.to_owned();
    }
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    if pairs.iter().any(|(name, _)| name == "password") {
        let shown = pairs.iter().map(|(name, value)| {
            let secret = name == "password";
            (name.as_str(), if secret { MASK } else { value.as_str() })
        });
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    url.to_string()
}

/// The path in an address of SQLite.
fn file_of(url: &str) -> Option<&str> {
    let path = url.strip_prefix("sqlite:")?;
    Some(path.strip_prefix("//").unwrap_or(path))
}

/// A file, and nothing that SQLite or somebody used to its addresses reads otherwise: a base in memory, parameters.
fn check_file(path: &str) -> Result<(), &'static str> {
    const EXAMPLE: &str = "le chemin d’un fichier, tel que sqlite:///var/lib/pix-orga/pix-orga.db";
    if path.contains(":memory:") || path.contains("mode=memory") {
        return Err(
            "un fichier, tel que sqlite:///var/lib/pix-orga/pix-orga.db : en mémoire, tout serait perdu à l’arrêt",
        );
    }
    if path.contains(['?', '#', '%']) {
        return Err(
            "un fichier sans paramètre ni « % », tel que sqlite:///var/lib/pix-orga/pix-orga.db",
        );
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let named = !matches!(name, "" | "." | "..");
    let plain = !path.starts_with([':', ' '])
        && !path.starts_with("file:")
        && !path.chars().any(char::is_control);
    if named && plain { Ok(()) } else { Err(EXAMPLE) }
}

/// Where uploads wait until they are whole: the folder that systemd gives the service (`StateDirectory=`), else the one of
/// the database's file, else the machine's own for such files. That one is often in memory, which is what uploads are
/// kept out of.
pub fn spool_folder(database: &DatabaseUrl) -> PathBuf {
    let given = std::env::var_os("STATE_DIRECTORY");
    let given = given.and_then(|all| std::env::split_paths(&all).next());
    let beside = database.file().and_then(Path::parent);
    // A relative file has an empty parent: the working folder.
    let beside = beside.map(|folder| Path::new(".").join(folder));
    given.or(beside).unwrap_or_else(std::env::temp_dir)
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DatabaseUrl(…)")
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown())
    }
}

#[cfg(test)]
mod tests {
    use toml::Value;

    use super::DatabaseUrl;

    #[test]
    fn a_database_that_keeps_nothing_is_refused() {
        let check = |url: &str| DatabaseUrl::check(&Value::String(url.to_owned()));
        for url in [
            "sqlite:///var/lib/pix-orga/pix-orga.db",
            "sqlite:/var/lib/x.db",
            "sqlite:x.db",
            "sqlite://données de l'été.db",
            "postgres://pix@db/orga",
            "postgresql:///orga?host=/run/postgresql",
            "postgres://pix@pg1:5432,pg2:5433/orga",
            "postgres:///orga?host=/run/a,/run/b&port=5432,5433",
        ] {
            assert_eq!(check(url), Ok(()), "{url}");
        }
        for url in [
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:file::memory:?cache=shared",
            "sqlite:///tmp/x.db?mode=memory",
            "sqlite://file:memdb1?mode=memory&cache=shared",
        ] {
            assert!(
                check(url).unwrap_err().unwrap().contains("en mémoire"),
                "{url}"
            );
        }
        for url in [
            "sqlite:",
            "sqlite://",
            "sqlite:///",
            "sqlite:///var/lib/",
            "sqlite:///var/lib/..",
            "sqlite:file:x.db",
            "sqlite::temp:",
            "sqlite:///x.db?mode=rwc",
            "sqlite:///x.db#a",
            "sqlite:///x%20y.db",
            "sqlite:///x\n.db",
        ] {
            assert!(check(url).unwrap_err().is_some(), "{url}");
        }
        for url in [
            "",
            "x.db",
            "mysql://x",
            "/var/lib/x.db",
            "postgres:",
            "postgres://",
            "postgres",
        ] {
            assert_eq!(check(url), Err(None), "{url}");
        }
        assert_eq!(DatabaseUrl::check(&Value::Integer(1)), Err(None));
    }

    #[test]
    fn a_password_never_shows() {
        for (url, shown) in [
            ("sqlite:///var/lib/x.db", "sqlite:///var/lib/x.db"),
            ("postgres://pix@db/orga", "postgres://pix@db/orga"),
            (
                "postgres://pix:s3cret@db:5433/orga?sslmode=disable",
                "postgres://pix:xxx@db:5433/orga?sslmode=disable",
            ),
            (
                "postgres://pix@db/orga?host=/run/pg&password=s3cret",
                "postgres://pix@db/orga?host=%2Frun%2Fpg&password=xxx",
            ),
            (
                "postgres://pix:s3cret@pg1:5432,[::1]:5433,pg3/orga?sslmode=disable",
                "postgres://pix:xxx@pg1:5432,[::1]:5433,pg3/orga?sslmode=disable",
            ),
            (
                "postgres://pix:s3c,ret@pg1,pg2",
                "postgres://pix:xxx@pg1,pg2",
            ),
            (
                "postgres://pix:s3cret@pg1,s3cret:s3cret@pg2/orga",
                "postgres://pix:xxx@pg2/orga",
            ),
            (
                "postgres://pg1,pg2/orga?password=s3cret",
                "postgres://pg1,pg2/orga?password=xxx",
            ),
            (
                "postgres:///orga?host=/run/a,/run/b&user=pix&password=s3cret",
                "xxx",
            ),
            ("pix:s3cret@db", "xxx"),
            ("postgres://pix:s3cret@db:port/orga", "xxx"),
        ] {
            let url = DatabaseUrl(url.to_owned());
            assert_eq!(url.shown(), shown);
            assert!(!format!("{url:?}").contains("s3cret"));
        }
    }
}
