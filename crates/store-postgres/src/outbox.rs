//! The outbox.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::{InvitationId, MailId, OrganizationId};
use pix_orga_domain::outbox::store::{OutboxStore, TokenFate};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::SealedToken;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::PgStore;
use crate::convert::{OrFailure, address, from_json, instant, json, micros, unreadable};

/// Writes a mail to send, inside the write of the change that causes it.
pub(crate) async fn insert(
    connection: &mut PgConnection,
    mail: &OutgoingMail,
) -> Result<(), Failure> {
    let (queued_at, notice) = (micros(mail.queued_at), json(&mail.notice)?);
    let recipient = mail.to.as_str();
    let token = mail.token.as_ref().map(|token| token.0.as_slice());
    let organization = mail.organization_id.map(|id| id.0);
    let invitation = mail.invitation_id.map(|id| id.0);
    sqlx::query!(
        "INSERT INTO outgoing_mails
            (id, recipient, notice, token, organization_id, invitation_id, queued_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        mail.id.0,
        recipient,
        notice,
        token,
        organization,
        invitation,
        queued_at
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// What became of a mail, from its columns.
pub(crate) fn delivery(
    code: &str,
    settled_at: Option<i64>,
    failure: Option<String>,
) -> Result<Delivery, Failure> {
    match (code, settled_at, failure) {
        ("queued", None, None) => Ok(Delivery::Queued),
        ("sent", Some(at), None) => Ok(Delivery::Sent { at: instant(at)? }),
        ("failed", Some(at), Some(reason)) => Ok(Delivery::Failed {
            at: instant(at)?,
            reason,
        }),
        _ => Err(unreadable("outgoing_mails.delivery")),
    }
}

struct MailRow {
    id: Uuid,
    recipient: String,
    notice: String,
    token: Option<Vec<u8>>,
    organization_id: Option<Uuid>,
    invitation_id: Option<Uuid>,
    queued_at: i64,
    delivery: String,
    settled_at: Option<i64>,
    failure: Option<String>,
}

impl MailRow {
    fn read(self) -> Result<(OutgoingMail, Delivery), Failure> {
        let mail = OutgoingMail {
            id: MailId(self.id),
            to: address("outgoing_mails.recipient", &self.recipient)?,
            notice: from_json("outgoing_mails.notice", &self.notice)?,
            token: self.token.map(SealedToken),
            organization_id: self.organization_id.map(OrganizationId),
            invitation_id: self.invitation_id.map(InvitationId),
            queued_at: instant(self.queued_at)?,
        };
        let delivery = delivery(&self.delivery, self.settled_at, self.failure)?;
        Ok((mail, delivery))
    }
}

macro_rules! mails {
    ($rest:tt, $($bound:expr),*) => {
        sqlx::query_as!(
            MailRow,
            "SELECT id, recipient, notice, token,
                organization_id, invitation_id,
                queued_at, delivery, settled_at, failure
               FROM outgoing_mails " + $rest,
            $($bound),*
        )
    };
}

#[async_trait]
impl OutboxStore for PgStore {
    async fn queued(&self, limit: u32) -> Result<Vec<OutgoingMail>, Failure> {
        mails!(
            "WHERE delivery = 'queued' ORDER BY queued_at, id LIMIT $1",
            i64::from(limit)
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| row.read().map(|(mail, _)| mail))
        .collect()
    }

    async fn record_sent(
        &self,
        mail: MailId,
        at: Timestamp,
        token: TokenFate,
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let (at, keep) = (micros(at), token == TokenFate::Keep);
        sqlx::query!(
            "UPDATE outgoing_mails
             SET delivery = 'sent', settled_at = $1, token = CASE WHEN $2 THEN token END
             WHERE id = $3 AND delivery = 'queued'",
            at,
            keep,
            mail.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        tx.commit().await.or_failure()
    }

    async fn record_failed(
        &self,
        mail: MailId,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let at = micros(at);
        sqlx::query!(
            "UPDATE outgoing_mails
             SET delivery = 'failed', settled_at = $1, failure = $2, token = NULL
             WHERE id = $3 AND delivery = 'queued'",
            at,
            reason,
            mail.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        tx.commit().await.or_failure()
    }

    async fn latest(&self, limit: u32) -> Result<Vec<(OutgoingMail, Delivery)>, Failure> {
        mails!(
            "ORDER BY queued_at DESC, id DESC LIMIT $1",
            i64::from(limit)
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(MailRow::read)
        .collect()
    }
}
