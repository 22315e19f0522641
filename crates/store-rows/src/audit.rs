//! The audit trail.

use pix_orga_domain::audit::Actor;
use pix_orga_domain::ids::{AccountId, PupilId};
use pix_orga_domain::store::Failure;
use uuid::Uuid;

use crate::value::unreadable;

/// The two columns of who acted.
pub const fn columns(actor: Actor) -> (&'static str, Option<Uuid>) {
    match actor {
        Actor::Account(id) => ("account", Some(id.0)),
        Actor::Pupil(id) => ("pupil", Some(id.0)),
        Actor::Operator => ("operator", None),
        Actor::System => ("system", None),
    }
}

/// Who acted, from their two columns.
///
/// # Errors
/// When a column holds what the program never writes.
pub fn actor(kind: &str, id: Option<Uuid>) -> Result<Actor, Failure> {
    match (kind, id) {
        ("account", Some(id)) => Ok(Actor::Account(AccountId(id))),
        ("pupil", Some(id)) => Ok(Actor::Pupil(PupilId(id))),
        ("operator", None) => Ok(Actor::Operator),
        ("system", None) => Ok(Actor::System),
        _ => Err(unreadable("audit_entries.actor_kind")),
    }
}
