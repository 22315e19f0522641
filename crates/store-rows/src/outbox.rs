//! Outgoing mails.

use pix_orga_domain::ids::{InvitationId, MailId, OrganizationId};
use pix_orga_domain::outbox::store::ClaimedMail;
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::SealedToken;
use uuid::Uuid;

use crate::value::{address, from_json, instant, unreadable};

/// The columns that tell what became of a mail.
pub struct DeliveryColumns {
    pub delivery: String,
    pub settled_at: Option<i64>,
    pub failure: Option<String>,
    pub due_at: i64,
    pub refusal: Option<String>,
}

impl DeliveryColumns {
    /// What became of it.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<Delivery, Failure> {
        match (self.delivery.as_str(), self.settled_at, self.failure) {
            ("queued", None, None) => Ok(match self.refusal {
                None => Delivery::Queued,
                Some(reason) => Delivery::Delayed {
                    next_attempt_at: instant(self.due_at)?,
                    reason,
                },
            }),
            ("sent", Some(at), None) => Ok(Delivery::Sent { at: instant(at)? }),
            ("failed", Some(at), Some(reason)) => Ok(Delivery::Failed {
                at: instant(at)?,
                reason,
            }),
            _ => Err(unreadable("outgoing_mails.delivery")),
        }
    }
}

/// A row of `outgoing_mails`.
pub struct MailRow {
    pub id: Uuid,
    pub recipient: String,
    pub notice: String,
    pub token: Option<Vec<u8>>,
    pub organization_id: Option<Uuid>,
    pub invitation_id: Option<Uuid>,
    pub queued_at: i64,
    pub delivery: String,
    pub settled_at: Option<i64>,
    pub failure: Option<String>,
    pub attempts: i64,
    pub due_at: i64,
    pub refusal: Option<String>,
    pub unreached: i64,
}

impl MailRow {
    /// The mail, and what became of it.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<(OutgoingMail, Delivery), Failure> {
        let mail = OutgoingMail {
            id: MailId(self.id),
            to: address("outgoing_mails.recipient", &self.recipient)?,
            notice: from_json("outgoing_mails.notice", &self.notice)?,
            token: self.token.map(SealedToken),
            organization_id: self.organization_id.map(OrganizationId),
            invitation_id: self.invitation_id.map(InvitationId),
            queued_at: instant(self.queued_at)?,
        };
        let delivery = DeliveryColumns {
            delivery: self.delivery,
            settled_at: self.settled_at,
            failure: self.failure,
            due_at: self.due_at,
            refusal: self.refusal,
        };
        Ok((mail, delivery.read()?))
    }

    /// The mail as its claim tells it.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn claimed(self) -> Result<ClaimedMail, Failure> {
        let attempts = u32::try_from(self.attempts).map_err(Failure::new)?;
        let unreached = u32::try_from(self.unreached).map_err(Failure::new)?;
        let (mail, _) = self.read()?;
        Ok(ClaimedMail {
            mail,
            attempts,
            unreached,
        })
    }
}
