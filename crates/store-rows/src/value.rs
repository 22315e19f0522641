//! Between the domain's values and those of columns.

use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::store::Failure;
use pix_orga_domain::team::Role;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A column holds what the program never writes. The value itself is not told: it may name a person.
#[derive(Debug, thiserror::Error)]
#[error("{0} holds a value that cannot be read")]
struct Unreadable(&'static str);

/// The failure of a column, such as `organizations.uai`, that holds what the program never writes.
pub fn unreadable(column: &'static str) -> Failure {
    Failure::new(Unreadable(column))
}

/// An instant as columns hold it. What is below the microsecond is lost.
pub fn micros(at: Timestamp) -> i64 {
    at.as_microsecond()
}

/// An instant from a column.
pub fn instant(micros: i64) -> Result<Timestamp, Failure> {
    Timestamp::from_microsecond(micros).map_err(Failure::new)
}

/// An instant from a column that may be empty.
pub fn some_instant(micros: Option<i64>) -> Result<Option<Timestamp>, Failure> {
    micros.map(instant).transpose()
}

/// A structured value as columns hold it.
pub fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(Failure::new)
}

/// A structured value from a column.
pub fn from_json<T: DeserializeOwned>(column: &'static str, text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|_| unreadable(column))
}

/// An address from a column.
pub fn address(column: &'static str, text: &str) -> Result<EmailAddress, Failure> {
    EmailAddress::parse(text).map_err(|_| unreadable(column))
}

/// A role as columns hold it.
pub const fn role_code(role: Role) -> &'static str {
    match role {
        Role::Member => "member",
        Role::Administrator => "administrator",
    }
}

/// A role from a column.
pub fn role(column: &'static str, code: &str) -> Result<Role, Failure> {
    match code {
        "member" => Ok(Role::Member),
        "administrator" => Ok(Role::Administrator),
        _ => Err(unreadable(column)),
    }
}

/// A civil date from a column.
pub fn day(column: &'static str, text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| unreadable(column))
}

/// A number of rows from a count.
pub fn count(column: &'static str, number: i64) -> Result<u32, Failure> {
    u32::try_from(number).map_err(|_| unreadable(column))
}
