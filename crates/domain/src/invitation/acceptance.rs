//! Accepting: account, acceptance of the platform's terms, membership and accepted invitation are one write.

use jiff::Timestamp;

use super::{Invitation, InvitationKind, InvitationState, LinkAge, Standing};
use crate::account::{Account, AccountLink};
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::ids::{AccountId, InvitationId};
use crate::outbox::OutgoingMail;
use crate::store::Revision;
use crate::team::{Membership, Role, Team};
use crate::terms::TermsAcceptance;

crate::refusals! {
    /// Why a link gives no access.
    AcceptRefusal {
        /// No such link, or its invitation was removed.
        NotFound = "invitation_not_found",
        /// Somebody else used it, or the school already has its administrator.
        Accepted = "invitation_accepted",
        /// An administrator cancelled it.
        Cancelled = "invitation_cancelled",
        /// It is too old.
        Expired = "invitation_expired",
        /// A newer link was mailed.
        Replaced = "invitation_replaced",
        /// Too many accounts tried with this link: wait a little.
        TooManyAttempts = "too_many_attempts",
        /// The address has an account: sign in with it.
        EmailTaken = "email_taken",
        /// Not a mail address.
        EmailInvalid = "email_invalid",
        /// First or family name missing, or longer than a name.
        NameInvalid = "name_invalid",
        /// The account's terms were not accepted.
        TermsUnaccepted = "terms_unaccepted",
        /// See the password's rules.
        PasswordTooShort = "password_too_short",
        /// See the password's rules.
        PasswordTooLong = "password_too_long",
        /// See the password's rules.
        PasswordCommon = "password_common",
        /// See the password's rules.
        PasswordIsIdentity = "password_is_identity",
    }
}

/// An account created by accepting, with what is written beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    /// The account.
    pub account: Account,
    /// Its acceptance of the account's terms.
    pub terms: TermsAcceptance,
    /// When its address is not the invited one: the link that proves it, and its mail.
    pub confirmation: Option<(AccountLink, OutgoingMail)>,
}

/// An accepted invitation, decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Which.
    pub invitation_id: InvitationId,
    /// The invitation's revision it was decided on: the first guard.
    pub expected: Revision,
    /// The team's revision it was decided on: the second guard.
    pub expected_team: Revision,
    /// The account to create, if it is new.
    pub new_account: Option<NewAccount>,
    /// The membership as it must be: new, or with a higher role.
    pub membership: Membership,
    /// When.
    pub at: Timestamp,
    /// Written with it.
    pub audit: AuditEntry,
}

/// What accepting means for this person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Accepting {
    /// They had accepted it already and are in: nothing to write.
    AlreadyIn,
    /// The decision to write.
    Write(Box<Acceptance>),
}

impl Invitation {
    /// Whether the holder of a link may go on, before knowing who they are. An establishment link gives its school
    /// an administrator, and only as long as it has none.
    ///
    /// # Errors
    /// `invitation_replaced`, `invitation_expired`, `invitation_cancelled`, `invitation_accepted`.
    pub fn require_open(
        &self,
        link: LinkAge,
        team: &Team,
        now: Timestamp,
    ) -> Result<(), AcceptRefusal> {
        match self.standing(link, now) {
            Standing::Open
                if self.kind == InvitationKind::Establishment && team.has_administrator() =>
            {
                Err(AcceptRefusal::Accepted)
            }
            Standing::Open => Ok(()),
            Standing::Expired => Err(AcceptRefusal::Expired),
            Standing::Accepted => Err(AcceptRefusal::Accepted),
            Standing::Cancelled => Err(AcceptRefusal::Cancelled),
            Standing::Replaced => Err(AcceptRefusal::Replaced),
        }
    }

    /// Decides that a person joins. They need not bear the invited address: the link is meant to be forwarded.
    ///
    /// # Errors
    /// Those of [`Self::require_open`]; the same person again succeeds.
    pub fn accept(
        &self,
        link: LinkAge,
        by: AccountId,
        team: &Team,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Accepting, AcceptRefusal> {
        let present = team.members.iter().find(|member| member.account_id == by);
        if matches!(self.state, InvitationState::Accepted { by: first, .. } if first == by)
            && present.is_some()
        {
            return Ok(Accepting::AlreadyIn);
        }
        self.require_open(link, team, now)?;
        let role = self
            .kind
            .role()
            .max(present.map_or(Role::Member, |member| member.role));
        let membership = Membership {
            organization_id: self.organization_id,
            account_id: by,
            role,
            joined_at: present.map_or(now, |member| member.joined_at),
            invited_as: Some(self.address.clone()),
        };
        let action = Action::InvitationAccepted {
            invitation: self.id,
            account: by,
            role,
        };
        Ok(Accepting::Write(Box::new(Acceptance {
            invitation_id: self.id,
            expected: self.revision,
            expected_team: team.revision,
            new_account: None,
            membership,
            at: now,
            audit: AuditEntry::new(
                self.organization_id,
                Actor::Account(by),
                action,
                chance,
                now,
            ),
        })))
    }
}
