//! Between the domain's values and PostgreSQL's.

use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A column holds what the program never writes. The value itself is not told: it may name a person.
#[derive(Debug, thiserror::Error)]
#[error("{0} holds a value that cannot be read")]
struct Unreadable(&'static str);

/// The failure of a column, such as `organizations.uai`, that holds what the program never writes.
pub(crate) fn unreadable(column: &'static str) -> Failure {
    Failure::new(Unreadable(column))
}

/// Turns the library's errors into the domain's.
pub(crate) trait OrFailure<T> {
    /// The same, opaque.
    fn or_failure(self) -> Result<T, Failure>;
}

impl<T> OrFailure<T> for Result<T, sqlx::Error> {
    fn or_failure(self) -> Result<T, Failure> {
        self.map_err(Failure::new)
    }
}

/// An instant as columns hold it. What is below the microsecond is lost.
pub(crate) fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// An instant from a column.
pub(crate) fn instant(micros: i64) -> Result<Timestamp, Failure> {
    Timestamp::from_microsecond(micros).map_err(Failure::new)
}

/// An instant from a column that may be empty.
pub(crate) fn some_instant(micros: Option<i64>) -> Result<Option<Timestamp>, Failure> {
    micros.map(instant).transpose()
}

/// A structured value as columns hold it.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::new)
}

/// A structured value from a column.
pub(crate) fn from_json<T: DeserializeOwned>(
    column: &'static str,
    text: &str,
) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| unreadable(column))
}
