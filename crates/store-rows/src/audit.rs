//! The audit trail.

use pix_orga_domain::audit::{Actor, AuditEntry};
use pix_orga_domain::ids::{AccountId, AuditId, OrganizationId, PupilId};
use pix_orga_domain::store::Failure;
use uuid::Uuid;

use crate::value::{from_json, instant, unreadable};

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

/// A row of `audit_entries`.
pub struct EntryRow {
    /// `id`.
    pub id: Uuid,
    /// `at`.
    pub at: i64,
    /// `actor_kind`.
    pub actor_kind: String,
    /// `actor_id`.
    pub actor_id: Option<Uuid>,
    /// `action`, JSON.
    pub action: String,
}

impl EntryRow {
    /// The line, of this school.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn entry(self, organization_id: OrganizationId) -> Result<AuditEntry, Failure> {
        Ok(AuditEntry {
            id: AuditId(self.id),
            organization_id,
            at: instant(self.at)?,
            actor: actor(&self.actor_kind, self.actor_id)?,
            action: from_json("audit_entries.action", &self.action)?,
        })
    }
}
