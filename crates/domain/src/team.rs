//! A school's team: who is in its space, and in which role.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::email::EmailAddress;
use crate::ids::{AccountId, OrganizationId};
use crate::organization::Organization;
use crate::store::Revision;

pub mod store;
pub mod use_cases;

/// What a person may do in a school's space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sees pupils, campaigns and team; creates campaigns; settles linking requests.
    Member,
    /// Also invites, imports, changes roles, removes members.
    Administrator,
}

/// A person in a school's space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The school.
    pub organization_id: OrganizationId,
    /// The person.
    pub account_id: AccountId,
    /// Their role.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
    /// The address their invitation was sent to, which need not be their account's: both are shown to administrators.
    pub invited_as: Option<EmailAddress>,
}

/// The people in a school's space now, under one revision: whoever changes the team guards it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The school.
    pub organization_id: OrganizationId,
    /// Active memberships, oldest first.
    pub members: Vec<Membership>,
    /// Guard of every change of the team.
    pub revision: Revision,
}

/// A signed-in person inside a school's space, with its terms accepted: the proof that use cases ask for.
#[derive(Debug, Clone)]
pub struct Member {
    /// The school.
    pub organization: Organization,
    /// The person.
    pub account: Account,
    /// Their role there.
    pub role: Role,
}

impl Member {
    /// The school's id.
    pub fn organization_id(&self) -> OrganizationId {
        self.organization.id
    }

    /// Only an administrator may go on.
    ///
    /// # Errors
    /// `refusal`, the subject's own `role_insufficient`, unless they administer the school.
    pub fn require_administrator<R>(&self, refusal: R) -> Result<(), R> {
        if self.role == Role::Administrator {
            Ok(())
        } else {
            Err(refusal)
        }
    }

    /// Only an administrator whose address is proved may go on: they invite and change roles.
    ///
    /// # Errors
    /// `insufficient`, the subject's `role_insufficient`; `unconfirmed`, its `email_unconfirmed`.
    pub fn require_manager<R>(&self, insufficient: R, unconfirmed: R) -> Result<(), R> {
        self.require_administrator(insufficient)?;
        self.account
            .email_confirmed_at
            .map(|_| ())
            .ok_or(unconfirmed)
    }
}

#[cfg(test)]
mod tests;
