//! The database's address: the one that holds a password shows without it.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Serialize, Serializer};
use url::Url;

/// What is shown in the place of a secret.
const MASK: &str = "xxx";

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
    fn shown(&self) -> String {
        if self.starts_with("sqlite:") {
            return self.0.clone();
        }
        let Some(mut url) = Url::parse(self).ok().filter(Url::has_host) else {
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
    use super::DatabaseUrl;

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
            ("pix:s3cret@db", "xxx"),
            ("postgres://pix:s3cret@db:port/orga", "xxx"),
        ] {
            let url = DatabaseUrl(url.to_owned());
            assert_eq!(url.shown(), shown);
            assert!(!format!("{url:?}").contains("s3cret"));
        }
    }
}
