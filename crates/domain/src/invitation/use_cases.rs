//! Inviting colleagues and schools, and following the invitations.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::SignedDuration;

use super::sending::{ResendRefusal, SendingContext};
use super::store::{InvitationStore, SendingError};
use super::{Invitation, InvitationKind, InvitationState};
use crate::account::Account;
use crate::account::store::AccountStore;
use crate::audit::Actor;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::email::EmailAddress;
use crate::ids::{AccountId, InvitationId};
use crate::organization::Organization;
use crate::organization::ministry::WithoutStudentSystem;
use crate::organization::store::OrganizationStore;
use crate::outbox::{Delivery, MailChannel};
use crate::refusal::Denied;
use crate::store::{Failure, MaybeStale, deciding_again};
use crate::team::store::TeamStore;
use crate::team::{Member, Membership, Role};
use crate::throttle::store::ThrottleStore;
use crate::throttle::{Counted, Counter, Rule, ThrottleKey};
use crate::token::Vault;

pub mod schools;

/// Addresses in one go.
pub const ADDRESSES_MAX: usize = 200;
/// Mails of invitations that the members of one school may send in a day, resent ones included: twice the largest team.
pub const INVITATIONS_PER_DAY_MAX: usize = 300;

crate::refusals! {
    /// Why nothing is sent or cancelled.
    InvitationRefusal {
        /// Only an administrator may.
        RoleInsufficient = "role_insufficient",
        /// They must prove their address first.
        EmailUnconfirmed = "email_unconfirmed",
        /// Nothing is configured to send mails.
        MailNotConfigured = "mail_not_configured",
        /// More than 200 addresses.
        TooManyAddresses = "too_many_addresses",
        /// Not one address.
        AddressMissing = "address_missing",
        /// Not a mail address.
        EmailInvalid = "email_invalid",
        /// They are in the space.
        AlreadyMember = "already_member",
        /// No such invitation in this school.
        NotFound = "not_found",
        /// Less than a minute ago, or five times today.
        ResendTooSoon = "resend_too_soon",
        /// The school sent as many as it may in a day.
        TooManyInvitations = "too_many_invitations",
        /// It was accepted or cancelled.
        NothingToResend = "nothing_to_resend",
        /// It was accepted or cancelled already.
        NotPending = "not_pending",
        /// The official address is missing or waits for an operator's word.
        AddressToConfirm = "address_to_confirm",
        /// The school has its administrator.
        AlreadyJoined = "already_joined",
        /// A French school abroad: no list of pupils could ever be imported.
        SchoolAbroad = "school_abroad",
        /// A SEGPA: its pupils are in the list of its collège, which is the one to invite.
        InItsCollege = "school_in_its_college",
    }
}

impl From<ResendRefusal> for InvitationRefusal {
    fn from(refusal: ResendRefusal) -> Self {
        match refusal {
            ResendRefusal::TooSoon => Self::ResendTooSoon,
            ResendRefusal::NothingToResend => Self::NothingToResend,
        }
    }
}

impl From<WithoutStudentSystem> for InvitationRefusal {
    fn from(reason: WithoutStudentSystem) -> Self {
        match reason {
            WithoutStudentSystem::Abroad => Self::SchoolAbroad,
            WithoutStudentSystem::InItsCollege => Self::InItsCollege,
        }
    }
}

impl From<SendingError> for Denied<InvitationRefusal> {
    fn from(error: SendingError) -> Self {
        match error {
            SendingError::Failure(failure) => Self::Failure(failure),
            stale if stale.is_stale() => Self::Stale,
            _ => Self::Stale,
        }
    }
}

/// What was done for an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// A first invitation.
    First,
    /// A new link for one that was pending.
    Again,
}

/// The result for one of the addresses typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressResult {
    /// As typed.
    pub typed: String,
    /// What was done, or why not.
    pub result: Result<Sent, InvitationRefusal>,
}

/// What people do with invitations.
pub struct Invitations {
    /// Where invitations live.
    pub store: Arc<dyn InvitationStore>,
    /// Who is in.
    pub teams: Arc<dyn TeamStore>,
    /// Who invites.
    pub accounts: Arc<dyn AccountStore>,
    /// Where schools live.
    pub organizations: Arc<dyn OrganizationStore>,
    /// Counts « Je n'ai rien reçu ».
    pub throttle: Arc<dyn ThrottleStore>,
    /// Seals the links.
    pub vault: Arc<dyn Vault>,
    /// Whether mails can leave.
    pub mail: MailChannel,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

type Outcome<T> = Result<T, Denied<InvitationRefusal>>;

impl Invitations {
    /// Invites one address or many, as typed or pasted: commas, semicolons, blanks and line breaks separate them.
    /// Each has its own result; a bad one stops nobody. Inviting a pending address again is a resend.
    ///
    /// # Errors
    /// `role_insufficient`, `email_unconfirmed`, `mail_not_configured`, `address_missing`, `too_many_addresses`.
    pub async fn invite(
        &self,
        by: &Member,
        typed: &str,
        role: Role,
    ) -> Outcome<Vec<AddressResult>> {
        self.require_inviter(by)?;
        let addresses = split_addresses(typed);
        if addresses.is_empty() {
            return Err(InvitationRefusal::AddressMissing.into());
        }
        if addresses.len() > ADDRESSES_MAX {
            return Err(InvitationRefusal::TooManyAddresses.into());
        }
        let people = self.teams.people(by.organization_id()).await?;
        let mut results = Vec::with_capacity(addresses.len());
        for typed in addresses {
            let result = match self.invite_one(by, &typed, role, &people).await {
                Ok(sent) => Ok(sent),
                Err(Denied::Refused(refusal)) => Err(refusal),
                Err(other) => return Err(other),
            };
            results.push(AddressResult { typed, result });
        }
        Ok(results)
    }

    async fn invite_one(
        &self,
        by: &Member,
        typed: &str,
        role: Role,
        people: &[(Membership, Account)],
    ) -> Outcome<Sent> {
        let address = EmailAddress::parse(typed).map_err(|_| InvitationRefusal::EmailInvalid)?;
        if people.iter().any(|(_, account)| account.email == address) {
            return Err(InvitationRefusal::AlreadyMember.into());
        }
        let kind = InvitationKind::Member {
            role,
            invited_by: by.account.id,
        };
        deciding_again(|| async {
            let context = self.context(
                &by.organization,
                Actor::Account(by.account.id),
                Some(&by.account),
            );
            let pending = self
                .store
                .find_pending(by.organization_id(), &address)
                .await?;
            let (sending, sent) = match pending {
                Some(pending) => (
                    pending
                        .resend(kind, context)
                        .map_err(InvitationRefusal::from)?,
                    Sent::Again,
                ),
                None => (
                    Invitation::send(kind, address.clone(), context),
                    Sent::First,
                ),
            };
            self.count_sending(by).await?;
            self.store.record_sending(&sending).await?;
            Ok(sent)
        })
        .await
    }

    /// Counts one more mail of the school's members, before it is sent.
    async fn count_sending(&self, by: &Member) -> Outcome<()> {
        let counter = Counter {
            key: ThrottleKey::of("invitations", &by.organization_id().to_string()),
            rule: Rule::AtMost {
                count: INVITATIONS_PER_DAY_MAX,
                window: SignedDuration::from_hours(24),
            },
        };
        match self.throttle.count(&[counter], self.clock.now()).await? {
            Counted::Passed => Ok(()),
            Counted::Wait(_) => Err(InvitationRefusal::TooManyInvitations.into()),
        }
    }

    /// Mails a new link to a person; the old one says that it was replaced. An establishment link of a school that has
    /// its administrator would give nothing: it is not sent again.
    ///
    /// # Errors
    /// Those of [`Self::invite`] about the person, `not_found`, `resend_too_soon`, `too_many_invitations`,
    /// `nothing_to_resend`.
    pub async fn resend(&self, by: &Member, id: InvitationId) -> Outcome<()> {
        self.require_inviter(by)?;
        deciding_again(|| async {
            let invitation = self.of_school(by, id).await?;
            if invitation.kind == InvitationKind::Establishment {
                return Err(InvitationRefusal::NothingToResend.into());
            }
            let context = self.context(
                &by.organization,
                Actor::Account(by.account.id),
                Some(&by.account),
            );
            let sending = invitation
                .resend(invitation.kind, context)
                .map_err(InvitationRefusal::from)?;
            self.count_sending(by).await?;
            Ok(self.store.record_sending(&sending).await?)
        })
        .await
    }

    /// Cancels a pending invitation.
    ///
    /// # Errors
    /// `role_insufficient`, `email_unconfirmed`, `not_found`, `not_pending`.
    pub async fn cancel(&self, by: &Member, id: InvitationId) -> Outcome<()> {
        by.require_manager(
            InvitationRefusal::RoleInsufficient,
            InvitationRefusal::EmailUnconfirmed,
        )?;
        deciding_again(|| async {
            let invitation = self.of_school(by, id).await?;
            let cancellation = invitation
                .cancel(
                    Actor::Account(by.account.id),
                    self.chance.as_ref(),
                    self.clock.now(),
                )
                .ok_or(InvitationRefusal::NotPending)?;
            Ok(self.store.record_cancellation(&cancellation).await?)
        })
        .await
    }

    /// The invitations to people that wait, expired or not: failed deliveries first, then the newest. A school with
    /// members has its administrator, so that its establishment links give nothing any more: they are left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, member: &Member) -> Result<Vec<(Invitation, Delivery)>, Failure> {
        let mut list = self.store.list(member.organization_id()).await?;
        list.retain(|(invitation, _)| {
            invitation.state == InvitationState::Pending
                && invitation.kind != InvitationKind::Establishment
        });
        list.sort_by_key(|(_, delivery)| !matches!(delivery, Delivery::Failed { .. }));
        Ok(list)
    }

    /// The name of somebody who invites, for lists.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn inviter(&self, id: AccountId) -> Result<Option<Account>, Failure> {
        self.accounts.find(id).await
    }

    async fn has_administrator(&self, organization: &Organization) -> Result<bool, Failure> {
        let team = self.teams.load(organization.id).await?;
        Ok(team.is_some_and(|team| team.has_administrator()))
    }

    async fn of_school(&self, by: &Member, id: InvitationId) -> Outcome<Invitation> {
        let found = self.store.find(by.organization_id(), id).await?;
        Ok(found.ok_or(InvitationRefusal::NotFound)?)
    }

    fn context<'a>(
        &'a self,
        organization: &'a Organization,
        actor: Actor,
        inviter: Option<&'a Account>,
    ) -> SendingContext<'a> {
        SendingContext {
            organization,
            mother: None,
            actor,
            inviter,
            vault: self.vault.as_ref(),
            chance: self.chance.as_ref(),
            now: self.clock.now(),
        }
    }

    fn require_inviter(&self, by: &Member) -> Result<(), InvitationRefusal> {
        by.require_manager(
            InvitationRefusal::RoleInsufficient,
            InvitationRefusal::EmailUnconfirmed,
        )?;
        self.require_mail()
    }

    fn require_mail(&self) -> Result<(), InvitationRefusal> {
        match self.mail {
            MailChannel::Open => Ok(()),
            MailChannel::NotConfigured => Err(InvitationRefusal::MailNotConfigured),
        }
    }
}

/// The addresses in a pasted text, each once, in order. Angle brackets around an address are dropped.
fn split_addresses(typed: &str) -> Vec<String> {
    let mut seen = HashSet::new();
    typed
        .split(|c: char| c == ',' || c == ';' || c.is_whitespace())
        .map(|piece| {
            piece.trim_matches(|c| c == '<' || c == '>' || c == '\u{200B}' || c == '\u{FEFF}')
        })
        .filter(|piece| !piece.is_empty())
        .filter(|piece| seen.insert(piece.to_lowercase()))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::split_addresses;

    #[test]
    fn a_pasted_text_gives_each_address_once() {
        let pasted = "a@b.fr; A@b.fr,\n<c@d.fr>\t e@f.fr ,,;";
        assert_eq!(split_addresses(pasted), ["a@b.fr", "c@d.fr", "e@f.fr"]);
    }
}
