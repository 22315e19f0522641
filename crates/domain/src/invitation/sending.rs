//! Sending, resending and cancelling: pure decisions.

use jiff::{SignedDuration, Timestamp};

use super::{Invitation, InvitationKind, InvitationState};
use crate::account::Account;
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::{Chance, new_id};
use crate::clock::CLOCKS_APART_MAX;
use crate::email::EmailAddress;
use crate::ids::{InvitationId, MailId};
use crate::organization::Organization;
use crate::outbox::{Notice, OutgoingMail};
use crate::store::Revision;
use crate::token::{RawToken, TokenHash, Vault};

/// Between two sendings of one invitation.
pub const RESEND_EVERY_MIN: SignedDuration = SignedDuration::from_secs(60);
/// Resendings of one invitation in 24 hours.
pub const RESENDS_PER_DAY_MAX: usize = 5;

/// An invitation with a new link, decided: written with its mail and its audit entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// The invitation as it must be. Its `revision` is the new one.
    pub invitation: Invitation,
    /// The revision it was decided on; nothing for a new invitation.
    pub expected: Option<Revision>,
    /// The new link; the former ones become former.
    pub token: TokenHash,
    /// The mail that carries it.
    pub mail: OutgoingMail,
    /// Written with it.
    pub audit: AuditEntry,
}

/// A cancelled invitation, decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// Which.
    pub invitation_id: InvitationId,
    /// The revision it was decided on.
    pub expected: Revision,
    /// When.
    pub at: Timestamp,
    /// Written with it.
    pub audit: AuditEntry,
}

crate::refusals! {
    /// Why an invitation is not sent again or cancelled.
    ResendRefusal {
        /// Less than a minute ago, or five times today.
        TooSoon = "resend_too_soon",
        /// It was accepted or cancelled.
        NothingToResend = "nothing_to_resend",
    }
}

/// What a decision needs besides the invitation.
#[derive(Clone, Copy)]
pub struct SendingContext<'a> {
    /// The school.
    pub organization: &'a Organization,
    /// Its mother school, where it has one that is known here.
    pub mother: Option<&'a Organization>,
    /// Who acts.
    pub actor: Actor,
    /// Who invites, for a colleague's mail.
    pub inviter: Option<&'a Account>,
    /// Seals the link.
    pub vault: &'a dyn Vault,
    /// Randomness.
    pub chance: &'a dyn Chance,
    /// Now.
    pub now: Timestamp,
}

impl Invitation {
    /// Decides a new invitation.
    pub fn send(
        kind: InvitationKind,
        address: EmailAddress,
        context: SendingContext<'_>,
    ) -> Sending {
        let id = InvitationId(new_id(context.chance, context.now));
        let invitation = Self {
            id,
            organization_id: context.organization.id,
            kind,
            address,
            state: InvitationState::Pending,
            created_at: context.now,
            expires_at: context.now,
            sendings: Vec::new(),
            revision: Revision::default(),
        };
        invitation.with_new_link(None, Action::InvitationSent { invitation: id }, context)
    }

    /// Decides a new link for a pending invitation, expired or not, under a kind that may carry another role.
    ///
    /// # Errors
    /// `nothing_to_resend`, `resend_too_soon`.
    pub fn resend(
        &self,
        kind: InvitationKind,
        context: SendingContext<'_>,
    ) -> Result<Sending, ResendRefusal> {
        if self.state != InvitationState::Pending {
            return Err(ResendRefusal::NothingToResend);
        }
        let now = context.now;
        // A sending that is to come was made before the clock was set back: it holds nobody.
        let ahead = now.saturating_add(CLOCKS_APART_MAX).unwrap_or(now);
        let last = self.last_sent_at();
        let too_soon = last <= ahead && now.duration_since(last) < RESEND_EVERY_MIN;
        let today = SignedDuration::from_hours(24);
        let resent_today = self
            .sendings
            .iter()
            .skip(1)
            .filter(|at| **at <= ahead && now.duration_since(**at) < today)
            .count();
        if too_soon || resent_today >= RESENDS_PER_DAY_MAX {
            return Err(ResendRefusal::TooSoon);
        }
        let mut invitation = self.clone();
        invitation.kind = kind;
        let action = Action::InvitationResent {
            invitation: self.id,
        };
        Ok(invitation.with_new_link(Some(self.revision), action, context))
    }

    /// Decides to cancel; nothing when it no longer waits (`not_pending`).
    pub fn cancel(
        &self,
        actor: Actor,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Option<Cancellation> {
        let action = Action::InvitationCancelled {
            invitation: self.id,
        };
        (self.state == InvitationState::Pending).then(|| Cancellation {
            invitation_id: self.id,
            expected: self.revision,
            at: now,
            audit: AuditEntry::new(self.organization_id, actor, action, chance, now),
        })
    }

    fn with_new_link(
        mut self,
        expected: Option<Revision>,
        action: Action,
        context: SendingContext<'_>,
    ) -> Sending {
        let SendingContext {
            organization,
            mother,
            actor,
            inviter,
            vault,
            chance,
            now,
        } = context;
        let raw = RawToken::draw(chance);
        self.expires_at = now.saturating_add(self.kind.link_lasts()).unwrap_or(now);
        self.sendings.push(now);
        self.revision = expected.map_or(self.revision, Revision::next);
        let school = organization.name_in_full();
        let notice = match self.kind {
            InvitationKind::Establishment => Notice::SchoolInvitation {
                school,
                mother: mother.map(Organization::name_in_full),
                replaces: expected.is_some(),
                expires_at: self.expires_at,
            },
            InvitationKind::Member { role, .. } => Notice::MemberInvitation {
                school,
                inviter: inviter.map_or_else(String::new, Account::full_name),
                role,
                replaces: expected.is_some(),
                expires_at: self.expires_at,
            },
        };
        let mail = OutgoingMail {
            id: MailId(new_id(chance, now)),
            to: self.address.clone(),
            notice,
            token: Some(vault.seal(&raw)),
            organization_id: Some(organization.id),
            invitation_id: Some(self.id),
            queued_at: now,
        };
        let audit = AuditEntry::new(organization.id, actor, action, chance, now);
        Sending {
            invitation: self,
            expected,
            token: raw.hash(),
            mail,
            audit,
        }
    }
}
