//! Inviting schools at their official address, and « Je n'ai rien reçu ».

use jiff::SignedDuration;

use super::{InvitationRefusal, Invitations, Outcome, Sent};
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::new_id;
use crate::email::EmailAddress;
use crate::ids::MailId;
use crate::invitation::sending::SendingContext;
use crate::invitation::{Invitation, InvitationKind, InvitationState};
use crate::organization::Organization;
use crate::outbox::delivering::is_refused_for_good;
use crate::outbox::{Delivery, Notice, OutgoingMail};
use crate::store::{Failure, deciding_again};
use crate::throttle::{Counted, Counter, Rule, ThrottleKey};
use crate::uai::Uai;

/// « Je n'ai rien reçu » for one school in an hour.
const ASKED_AGAIN_PER_HOUR_MAX: usize = 1;
/// « Je n'ai rien reçu » for one school in a day.
const ASKED_AGAIN_PER_DAY_MAX: usize = 3;

impl Invitations {
    /// Invites a school at its official address, by an operator; a pending invitation gets a new link.
    ///
    /// # Errors
    /// `not_found`, `already_joined`, `school_abroad`, `school_in_its_college`, `address_to_confirm`,
    /// `mail_not_configured`, `resend_too_soon`. What keeps this school out comes before what the server lacks:
    /// configuring mail would not help.
    pub async fn invite_school(&self, uai: Uai) -> Outcome<Sent> {
        deciding_again(|| async {
            let organization = self
                .organizations
                .find_by_uai(uai)
                .await?
                .ok_or(InvitationRefusal::NotFound)?;
            if self.has_administrator(&organization).await? {
                return Err(InvitationRefusal::AlreadyJoined.into());
            }
            organization
                .student_system()
                .map_err(InvitationRefusal::from)?;
            let address = organization
                .invitable_address()
                .cloned()
                .ok_or(InvitationRefusal::AddressToConfirm)?;
            self.require_mail()?;
            let mother = self.mother(&organization).await?;
            let context = SendingContext {
                mother: mother.as_ref(),
                ..self.context(&organization, Actor::Operator, None)
            };
            let kind = InvitationKind::Establishment;
            let last = self.store.last_establishment(organization.id).await?;
            let (sending, sent) = match last {
                Some(last) if last.state == InvitationState::Pending && last.address == address => {
                    (
                        last.resend(kind, context)
                            .map_err(InvitationRefusal::from)?,
                        Sent::Again,
                    )
                }
                _ => (Invitation::send(kind, address, context), Sent::First),
            };
            self.store.record_sending(&sending).await?;
            Ok(sent)
        })
        .await
    }

    /// Invites again a school whose last invitation failed: no server could be reached, or none would have it in time.
    /// None where it did not fail, or where a server refused it for good: its address is wrong.
    ///
    /// # Errors
    /// Those of [`Self::invite_school`].
    pub async fn invite_failed_school(&self, school: &Organization) -> Outcome<Option<Sent>> {
        let invitations = self.store.list(school.id).await?;
        let establishment = invitations
            .iter()
            .filter(|(invitation, _)| invitation.kind == InvitationKind::Establishment);
        let last = establishment.max_by_key(|(invitation, _)| invitation.created_at);
        match last {
            Some((_, Delivery::Failed { reason, .. })) if !is_refused_for_good(reason) => {
                self.invite_school(school.uai).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// « Je n'ai rien reçu »: a known school without administrator gets a new link at its official address, which
    /// replaces no former one; a school that has one gets a notice and no link; one that is never invited gets
    /// nothing. The answer never tells, and nothing ever goes to the asker.
    ///
    /// # Errors
    /// `mail_not_configured`.
    pub async fn ask_again(&self, uai: Uai) -> Outcome<()> {
        self.require_mail()?;
        let Some(organization) = self.organizations.find_by_uai(uai).await? else {
            return Ok(());
        };
        let Some(address) = organization.invitable_address().cloned() else {
            return Ok(());
        };
        if !self.may_ask_again(organization.uai).await? {
            return Ok(());
        }
        if self.has_administrator(&organization).await? {
            return self.notify_joined(&organization, address).await;
        }
        if organization.student_system().is_err() {
            return Ok(());
        }
        let mother = self.mother(&organization).await?;
        let context = SendingContext {
            mother: mother.as_ref(),
            ..self.context(&organization, Actor::System, None)
        };
        let sending = Invitation::send(InvitationKind::Establishment, address, context);
        Ok(self.store.record_sending(&sending).await?)
    }

    async fn mother(&self, organization: &Organization) -> Result<Option<Organization>, Failure> {
        match organization.facts.mother {
            Some(mother) => self.organizations.find_by_uai(mother).await,
            None => Ok(None),
        }
    }

    async fn notify_joined(&self, organization: &Organization, to: EmailAddress) -> Outcome<()> {
        let now = self.clock.now();
        let mail = OutgoingMail {
            id: MailId(new_id(self.chance.as_ref(), now)),
            to,
            notice: Notice::SchoolAlreadyJoined {
                school: organization.name_in_full(),
            },
            token: None,
            organization_id: Some(organization.id),
            invitation_id: None,
            queued_at: now,
        };
        let chance = self.chance.as_ref();
        let audit = AuditEntry::new(
            organization.id,
            Actor::System,
            Action::LinkAskedAgain,
            chance,
            now,
        );
        Ok(self.store.record_notice(&mail, &audit).await?)
    }

    async fn may_ask_again(&self, uai: Uai) -> Result<bool, Failure> {
        let counter = |subject, hours, count| Counter {
            key: ThrottleKey::of(subject, uai.as_str()),
            rule: Rule::AtMost {
                count,
                window: SignedDuration::from_hours(hours),
            },
        };
        let counters = [
            counter("asked_again_hour", 1, ASKED_AGAIN_PER_HOUR_MAX),
            counter("asked_again_day", 24, ASKED_AGAIN_PER_DAY_MAX),
        ];
        let passes = self.throttle.count(&counters, self.clock.now()).await?;
        Ok(passes == Counted::Passed)
    }
}
