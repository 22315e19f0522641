//! Invitations: to a school's official address, or to a colleague.

use jiff::{SignedDuration, Timestamp};

use crate::email::EmailAddress;
use crate::ids::{AccountId, InvitationId, OrganizationId};
use crate::store::Revision;
use crate::team::Role;

pub mod acceptance;
pub mod joining;
pub mod sending;
pub mod store;
pub mod use_cases;

/// A link to a school's official address holds this long.
pub const ESTABLISHMENT_LINK_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A link to a colleague holds this long.
pub const MEMBER_LINK_MAX: SignedDuration = SignedDuration::from_hours(7 * 24);

/// An invitation, whatever links were mailed for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The school.
    pub organization_id: OrganizationId,
    /// To whom, and what for.
    pub kind: InvitationKind,
    /// The address it goes to.
    pub address: EmailAddress,
    /// What became of it.
    pub state: InvitationState,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When its present link ends.
    pub expires_at: Timestamp,
    /// When each of its links was sent, oldest first. Never empty.
    pub sendings: Vec<Timestamp>,
    /// Guard of its writes.
    pub revision: Revision,
}

/// To whom, and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationKind {
    /// To the school's official address: its holder becomes administrator.
    Establishment,
    /// To a person.
    Member {
        /// The role they will have.
        role: Role,
        /// Who invites.
        invited_by: AccountId,
    },
}

impl InvitationKind {
    /// How long its link holds.
    pub const fn link_lasts(self) -> SignedDuration {
        match self {
            Self::Establishment => ESTABLISHMENT_LINK_MAX,
            Self::Member { .. } => MEMBER_LINK_MAX,
        }
    }

    /// The role it gives.
    pub const fn role(self) -> Role {
        match self {
            Self::Establishment => Role::Administrator,
            Self::Member { role, .. } => role,
        }
    }
}

/// What became of an invitation. Expired is pending past its date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InvitationState {
    /// Waits to be accepted.
    Pending,
    /// Accepted.
    Accepted {
        /// By whom.
        by: AccountId,
        /// When.
        at: Timestamp,
    },
    /// Cancelled by an administrator.
    Cancelled {
        /// When.
        at: Timestamp,
    },
}

/// What the holder of a link is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It can be accepted.
    Open,
    /// It is too old.
    Expired,
    /// It was used.
    Accepted,
    /// It was cancelled.
    Cancelled,
    /// A newer link was mailed.
    Replaced,
}

/// Whether a link is the invitation's last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkAge {
    /// The last one mailed.
    Current,
    /// A newer one was mailed since.
    Former,
}

impl Invitation {
    /// Whether it still waits and its link holds.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.state == InvitationState::Pending && now < self.expires_at
    }

    /// When its last link was sent.
    pub fn last_sent_at(&self) -> Timestamp {
        self.sendings.last().copied().unwrap_or(self.created_at)
    }

    /// What the holder of one of its links is told.
    pub fn standing(&self, link: LinkAge, now: Timestamp) -> Standing {
        match (&self.state, link) {
            (InvitationState::Accepted { .. }, _) => Standing::Accepted,
            (InvitationState::Cancelled { .. }, _) => Standing::Cancelled,
            (InvitationState::Pending, LinkAge::Former) => Standing::Replaced,
            (InvitationState::Pending, LinkAge::Current) if now >= self.expires_at => {
                Standing::Expired
            }
            (InvitationState::Pending, LinkAge::Current) => Standing::Open,
        }
    }
}

#[cfg(test)]
mod tests;
