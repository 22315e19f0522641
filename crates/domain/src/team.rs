//! A school's team: who is in its space, and in which role.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::ids::{AccountId, OrganizationId};
use crate::organization::Organization;
use crate::store::Revision;

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

/// `role_insufficient`: only an administrator may do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("role_insufficient")]
pub struct RoleInsufficient;

impl Member {
    /// The school's id.
    pub fn organization_id(&self) -> OrganizationId {
        self.organization.id
    }

    /// # Errors
    /// [`RoleInsufficient`] unless they administer the school.
    pub fn require_administrator(&self) -> Result<(), RoleInsufficient> {
        if self.role == Role::Administrator {
            Ok(())
        } else {
            Err(RoleInsufficient)
        }
    }
}
