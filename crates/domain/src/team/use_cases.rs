//! Entering a school's space, and managing its team.

use std::sync::Arc;

use jiff::Timestamp;

use super::store::{MemberChange, TeamChange, TeamStore};
use super::{Member, Membership, Role, Team};
use crate::account::Account;
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::ids::{AccountId, OrganizationId};
use crate::organization::Organization;
use crate::organization::store::OrganizationStore;
use crate::refusal::Denied;
use crate::store::{Failure, deciding_again};
use crate::terms::store::TermsStore;
use crate::terms::{TermsInForce, TermsKind};

crate::refusals! {
    /// Why a space does not open.
    SpaceRefusal {
        /// No such school, or not theirs: never told apart.
        NotFound = "not_found",
        /// Pix Orga's terms come first.
        TermsRequired = "terms_required",
    }
}

crate::refusals! {
    /// Why the team is left as it is.
    TeamRefusal {
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
        /// Nobody of that id in this team.
        NotFound = "not_found",
        /// A school keeps at least one administrator.
        LastAdministrator = "last_administrator",
        /// They must prove their address first.
        EmailUnconfirmed = "email_unconfirmed",
    }
}

impl Team {
    /// Decides another role for a member; nothing to write when they have it.
    ///
    /// # Errors
    /// `not_found`; `last_administrator` when no administrator would remain.
    pub fn change_role(
        &self,
        account: AccountId,
        role: Role,
    ) -> Result<Option<MemberChange>, TeamRefusal> {
        let member = self.member(account)?;
        if member.role == role {
            return Ok(None);
        }
        if role == Role::Member {
            self.require_other_administrator(member)?;
        }
        Ok(Some(MemberChange::RoleSet(role)))
    }

    /// Decides that a member is out.
    ///
    /// # Errors
    /// `not_found`; `last_administrator` when no administrator would remain.
    pub fn end(&self, account: AccountId, now: Timestamp) -> Result<MemberChange, TeamRefusal> {
        self.require_other_administrator(self.member(account)?)?;
        Ok(MemberChange::Ended(now))
    }

    /// Whether somebody administers the school.
    pub fn has_administrator(&self) -> bool {
        self.members
            .iter()
            .any(|member| member.role == Role::Administrator)
    }

    /// Whether somebody still administers the school: they may have lost it since their page was shown.
    fn require_administers(&self, account: AccountId) -> Result<(), TeamRefusal> {
        match self.member(account) {
            Ok(member) if member.role == Role::Administrator => Ok(()),
            _ => Err(TeamRefusal::RoleInsufficient),
        }
    }

    fn member(&self, account: AccountId) -> Result<&Membership, TeamRefusal> {
        self.members
            .iter()
            .find(|member| member.account_id == account)
            .ok_or(TeamRefusal::NotFound)
    }

    fn require_other_administrator(&self, member: &Membership) -> Result<(), TeamRefusal> {
        let others = self.members.iter().any(|other| {
            other.account_id != member.account_id && other.role == Role::Administrator
        });
        if member.role == Role::Member || others {
            Ok(())
        } else {
            Err(TeamRefusal::LastAdministrator)
        }
    }
}

/// Somebody who entered a school's space.
#[derive(Debug, Clone)]
pub struct Entered {
    /// The proof that every use case of the space asks for.
    pub member: Member,
    /// Whether they are in other schools too.
    pub several_schools: bool,
}

/// What a person does with the team.
pub struct Teams {
    /// Where teams live.
    pub store: Arc<dyn TeamStore>,
    /// Where schools live.
    pub organizations: Arc<dyn OrganizationStore>,
    /// Where acceptances live.
    pub terms: Arc<dyn TermsStore>,
    /// The documents in force.
    pub in_force: Arc<TermsInForce>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

type Outcome<T> = Result<T, Denied<TeamRefusal>>;

impl Teams {
    /// Opens a school's space for a signed-in person.
    ///
    /// # Errors
    /// `not_found` for an unknown school and for another's alike; `terms_required`.
    pub async fn enter(
        &self,
        account: Account,
        organization: OrganizationId,
    ) -> Result<Entered, Denied<SpaceRefusal>> {
        let memberships = self.store.memberships_of(account.id).await?;
        let membership = memberships
            .iter()
            .find(|membership| membership.organization_id == organization)
            .ok_or(SpaceRefusal::NotFound)?;
        let organization = self
            .organizations
            .find(organization)
            .await?
            .ok_or(SpaceRefusal::NotFound)?;
        if !self
            .in_force
            .accepted(TermsKind::Space, &self.terms.accepted(account.id).await?)
        {
            return Err(SpaceRefusal::TermsRequired.into());
        }
        Ok(Entered {
            several_schools: memberships.len() > 1,
            member: Member {
                organization,
                account,
                role: membership.role,
            },
        })
    }

    /// The schools a person is in, with their role.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn spaces_of(
        &self,
        account: AccountId,
    ) -> Result<Vec<(Organization, Role)>, Failure> {
        let mut spaces = Vec::new();
        for membership in self.store.memberships_of(account).await? {
            if let Some(organization) = self.organizations.find(membership.organization_id).await? {
                spaces.push((organization, membership.role));
            }
        }
        Ok(spaces)
    }

    /// The people of the school.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn people(&self, member: &Member) -> Result<Vec<(Membership, Account)>, Failure> {
        self.store.people(member.organization_id()).await
    }

    /// Gives a member another role.
    ///
    /// # Errors
    /// `role_insufficient`, `email_unconfirmed`, `not_found`, `last_administrator`.
    pub async fn change_role(&self, by: &Member, account: AccountId, role: Role) -> Outcome<()> {
        by.require_manager(TeamRefusal::RoleInsufficient, TeamRefusal::EmailUnconfirmed)?;
        self.write(by, account, |team, _| {
            team.require_administers(by.account.id)?;
            let change = team.change_role(account, role)?;
            Ok(change.map(|change| (change, Action::RoleChanged { account, role })))
        })
        .await
    }

    /// Removes a member.
    ///
    /// # Errors
    /// `role_insufficient`, `email_unconfirmed`, `not_found`, `last_administrator`.
    pub async fn remove(&self, by: &Member, account: AccountId) -> Outcome<()> {
        by.require_manager(TeamRefusal::RoleInsufficient, TeamRefusal::EmailUnconfirmed)?;
        self.write(by, account, |team, now| {
            team.require_administers(by.account.id)?;
            Ok(Some((
                team.end(account, now)?,
                Action::MemberRemoved { account },
            )))
        })
        .await
    }

    /// Leaves the school.
    ///
    /// # Errors
    /// `last_administrator`.
    pub async fn leave(&self, member: &Member) -> Outcome<()> {
        let account = member.account.id;
        self.write(member, account, |team, now| {
            Ok(Some((
                team.end(account, now)?,
                Action::MemberRemoved { account },
            )))
        })
        .await
    }

    async fn write(
        &self,
        by: &Member,
        account_id: AccountId,
        decide: impl Fn(&Team, Timestamp) -> Result<Option<(MemberChange, Action)>, TeamRefusal>
        + Send
        + Sync,
    ) -> Outcome<()> {
        let organization_id = by.organization_id();
        deciding_again(|| async {
            let now = self.clock.now();
            let team = self
                .store
                .load(organization_id)
                .await?
                .ok_or(TeamRefusal::NotFound)?;
            let Some((change, action)) = decide(&team, now)? else {
                return Ok(());
            };
            let actor = Actor::Account(by.account.id);
            let audit = AuditEntry::new(organization_id, actor, action, self.chance.as_ref(), now);
            let change = TeamChange {
                organization_id,
                expected: team.revision,
                account_id,
                change,
                audit,
            };
            Ok(self.store.record_change(&change).await?)
        })
        .await
    }
}
