//! The port of teams.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Membership, Role, Team};
use crate::account::Account;
use crate::audit::AuditEntry;
use crate::ids::{AccountId, OrganizationId};
use crate::store::{Failure, RecordError, Revision};

/// What becomes of a member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberChange {
    /// Another role.
    RoleSet(Role),
    /// Out of the space: the row is kept with its end, and they can be invited again.
    Ended(Timestamp),
}

/// A change of the team, decided on its revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamChange {
    /// The school.
    pub organization_id: OrganizationId,
    /// The team's revision it was decided on (`organizations.team_revision`).
    pub expected: Revision,
    /// Whose.
    pub account_id: AccountId,
    /// What.
    pub change: MemberChange,
    /// Written with it.
    pub audit: AuditEntry,
}

/// Keeps memberships.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait TeamStore: Send + Sync {
    /// The team of a school now, with its revision; nothing for an unknown school.
    async fn load(&self, organization: OrganizationId) -> Result<Option<Team>, Failure>;
    /// The same people with their accounts, oldest membership first.
    async fn people(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Membership, Account)>, Failure>;
    /// The schools a person is in now, by the time they joined.
    async fn memberships_of(&self, account: AccountId) -> Result<Vec<Membership>, Failure>;
    /// Writes a change and its audit entry and the team's next revision, or nothing.
    async fn record_change(&self, change: &TeamChange) -> Result<(), RecordError>;
}
