//! Invitations.

use jiff::Timestamp;
use pix_orga_domain::ids::{AccountId, InvitationId, OrganizationId};
use pix_orga_domain::invitation::{Invitation, InvitationKind, InvitationState};
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::value::{address, instant, micros, role, role_code, unreadable};

/// A row of `invitations`.
pub struct InvitationRow {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub kind: String,
    pub role: Option<String>,
    pub invited_by: Option<Uuid>,
    pub address: String,
    pub state: String,
    pub accepted_by: Option<Uuid>,
    pub ended_at: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
    pub revision: i64,
}

impl InvitationRow {
    /// The invitation, with its sendings, oldest first.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self, sendings: Vec<Timestamp>) -> Result<Invitation, Failure> {
        let kind = match (self.kind.as_str(), self.role.as_deref(), self.invited_by) {
            ("establishment", None, None) => InvitationKind::Establishment,
            ("member", Some(code), Some(by)) => InvitationKind::Member {
                role: role("invitations.role", code)?,
                invited_by: AccountId(by),
            },
            _ => return Err(unreadable("invitations.kind")),
        };
        let state = match (self.state.as_str(), self.ended_at, self.accepted_by) {
            ("pending", None, None) => InvitationState::Pending,
            ("accepted", Some(at), Some(by)) => InvitationState::Accepted {
                by: AccountId(by),
                at: instant(at)?,
            },
            ("cancelled", Some(at), None) => InvitationState::Cancelled { at: instant(at)? },
            _ => return Err(unreadable("invitations.state")),
        };
        Ok(Invitation {
            id: InvitationId(self.id),
            organization_id: OrganizationId(self.organization_id),
            kind,
            address: address("invitations.address", &self.address)?,
            state,
            created_at: instant(self.created_at)?,
            expires_at: instant(self.expires_at)?,
            sendings,
            revision: Revision(self.revision),
        })
    }
}

/// The columns that a sending sets and that are not its fields as they are.
pub struct Columns {
    pub kind: &'static str,
    pub role: Option<&'static str>,
    pub invited_by: Option<Uuid>,
    pub address_key: String,
    pub state: &'static str,
    pub accepted_by: Option<Uuid>,
    pub ended_at: Option<i64>,
    pub created_at: i64,
    pub expires_at: i64,
}

impl Columns {
    /// Those of an invitation.
    pub fn of(invitation: &Invitation) -> Self {
        let (kind, role, invited_by) = match invitation.kind {
            InvitationKind::Establishment => ("establishment", None, None),
            InvitationKind::Member { role, invited_by } => {
                ("member", Some(role_code(role)), Some(invited_by.0))
            }
        };
        let (state, accepted_by, ended_at) = match invitation.state {
            InvitationState::Pending => ("pending", None, None),
            InvitationState::Accepted { by, at } => ("accepted", Some(by.0), Some(micros(at))),
            InvitationState::Cancelled { at } => ("cancelled", None, Some(micros(at))),
        };
        Self {
            kind,
            role,
            invited_by,
            address_key: invitation.address.key(),
            state,
            accepted_by,
            ended_at,
            created_at: micros(invitation.created_at),
            expires_at: micros(invitation.expires_at),
        }
    }
}

/// What the links of an invitation tell.
pub struct Links {
    pub sendings: Vec<Timestamp>,
    /// Of the mail of the last.
    pub delivery: Delivery,
}

impl Default for Links {
    fn default() -> Self {
        Self {
            sendings: Vec::new(),
            delivery: Delivery::Queued,
        }
    }
}
