//! Sessions.

use pix_orga_domain::ids::{AccountId, PupilId};
use pix_orga_domain::session::Subject;
use pix_orga_domain::store::Failure;
use uuid::Uuid;

use crate::value::unreadable;

/// The two columns of somebody.
pub const fn columns(subject: Subject) -> (&'static str, Uuid) {
    match subject {
        Subject::Account(id) => ("account", id.0),
        Subject::Pupil(id) => ("pupil", id.0),
    }
}

/// Somebody from their two columns.
///
/// # Errors
/// When a column holds what the program never writes.
pub fn subject(kind: &str, id: Uuid) -> Result<Subject, Failure> {
    match kind {
        "account" => Ok(Subject::Account(AccountId(id))),
        "pupil" => Ok(Subject::Pupil(PupilId(id))),
        _ => Err(unreadable("sessions.subject_kind")),
    }
}
