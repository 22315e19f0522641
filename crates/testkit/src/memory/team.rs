//! Teams.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::account::Account;
use pix_orga_domain::ids::{AccountId, OrganizationId};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_domain::team::store::{MemberChange, TeamChange, TeamStore};
use pix_orga_domain::team::{Membership, Team};

use super::{MemoryStore, State};

/// A membership, and when it ended.
#[derive(Clone)]
pub(super) struct Row {
    membership: Membership,
    ended_at: Option<Timestamp>,
}

impl State {
    /// The people of a school now, oldest membership first.
    pub(super) fn present(&self, organization: OrganizationId) -> Vec<&Membership> {
        let mut present: Vec<&Membership> = self
            .memberships
            .iter()
            .filter(|row| row.ended_at.is_none())
            .map(|row| &row.membership)
            .filter(|membership| membership.organization_id == organization)
            .collect();
        present.sort_by_key(|membership| (membership.joined_at, membership.account_id));
        present
    }

    /// Whether anybody is or was in a school.
    pub(super) fn ever_had_members(&self, organization: OrganizationId) -> bool {
        let mut rows = self.memberships.iter();
        rows.any(|row| row.membership.organization_id == organization)
    }

    /// The guard of every change of a team: moves its revision on. False when it is not the expected one.
    pub(super) fn guard_team(&mut self, id: OrganizationId, expected: Revision) -> bool {
        let row = self.organizations.get_mut(&id);
        let Some(row) = row.filter(|row| row.team_revision == expected) else {
            return false;
        };
        row.team_revision = expected.next();
        true
    }

    /// Writes a membership, in the place of the present one of that person, if there is one.
    pub(super) fn put_membership(&mut self, membership: &Membership) -> Result<(), Failure> {
        self.require_organization(membership.organization_id)?;
        self.require_account(membership.account_id)?;
        match self.present_row(membership.organization_id, membership.account_id) {
            Some(row) => row.membership = membership.clone(),
            None => self.memberships.push(Row {
                membership: membership.clone(),
                ended_at: None,
            }),
        }
        Ok(())
    }

    fn present_row(
        &mut self,
        organization: OrganizationId,
        account: AccountId,
    ) -> Option<&mut Row> {
        self.memberships.iter_mut().find(|row| {
            row.ended_at.is_none()
                && row.membership.organization_id == organization
                && row.membership.account_id == account
        })
    }
}

#[async_trait]
impl TeamStore for MemoryStore {
    async fn load(&self, organization: OrganizationId) -> Result<Option<Team>, Failure> {
        Ok(self.read(|state| {
            let row = state.organizations.get(&organization)?;
            Some(Team {
                organization_id: organization,
                members: state.present(organization).into_iter().cloned().collect(),
                revision: row.team_revision,
            })
        }))
    }

    async fn people(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(Membership, Account)>, Failure> {
        Ok(self.read(|state| {
            let with_account = |membership: &Membership| {
                let account = state.accounts.get(&membership.account_id)?;
                Some((membership.clone(), account.clone()))
            };
            let present = state.present(organization);
            present.into_iter().filter_map(with_account).collect()
        }))
    }

    async fn memberships_of(&self, account: AccountId) -> Result<Vec<Membership>, Failure> {
        let mut memberships: Vec<Membership> = self.read(|state| {
            let present = state
                .memberships
                .iter()
                .filter(|row| row.ended_at.is_none());
            let theirs = present.filter(|row| row.membership.account_id == account);
            theirs.map(|row| row.membership.clone()).collect()
        });
        memberships.sort_by_key(|membership| (membership.joined_at, membership.organization_id));
        Ok(memberships)
    }

    async fn record_change(&self, change: &TeamChange) -> Result<(), RecordError> {
        self.write(|state| {
            if !state.guard_team(change.organization_id, change.expected) {
                return Err(RecordError::Stale);
            }
            let row = state.present_row(change.organization_id, change.account_id);
            let row = row.ok_or(RecordError::Stale)?;
            match change.change {
                MemberChange::RoleSet(role) => row.membership.role = role,
                MemberChange::Ended(at) => row.ended_at = Some(at),
            }
            Ok(state.note(&change.audit)?)
        })
    }
}
