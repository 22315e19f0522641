//! The outbox.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::ids::MailId;
use pix_orga_domain::outbox::store::{
    Beyond, ClaimedMail, DeliveryState, MailCount, OutboxStore, TokenFate,
};
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::outbox::MailRow;
use pix_orga_store_rows::value::{instant, json, micros, some_instant, unreadable};

use crate::convert::OrFailure;
use crate::{Connection, PgStore, Pool};

/// Times a claim looks again when another process was faster.
const CLAIM_TRIES_MAX: u32 = 5;

/// Writes a mail to send, inside the write of the change that causes it.
pub(crate) async fn insert(
    connection: &mut Connection,
    mail: &OutgoingMail,
) -> Result<(), Failure> {
    let (queued_at, notice) = (micros(mail.queued_at), json(&mail.notice)?);
    let (recipient, domain) = (mail.to.as_str(), mail.to.domain());
    let token = mail.token.as_ref().map(|token| token.0.as_slice());
    let organization = mail.organization_id.map(|id| id.0);
    let invitation = mail.invitation_id.map(|id| id.0);
    sqlx::query!(
        "INSERT INTO outgoing_mails
            (id, recipient, domain, notice, token, organization_id, invitation_id, queued_at, due_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        mail.id.0,
        recipient,
        domain,
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

macro_rules! mails {
    ($before:tt, $after:tt, $($bound:expr),*) => {
        sqlx::query_as!(
            MailRow,
            $before
                + " id, recipient, notice, token, organization_id, invitation_id,
                queued_at, delivery, settled_at, failure, attempts, due_at, refusal, unreached "
                + $after,
            $($bound),*
        )
    };
}

/// The domain that may receive and has the mail that has been due the longest: from one waiting domain to the next by
/// their index, so that a wave to one does not hide the others.
async fn waiting_domain(pool: &Pool, now: i64) -> Result<Option<String>, Failure> {
    sqlx::query_scalar!(
        r#"WITH RECURSIVE waiting (domain) AS (
             SELECT MIN(domain) FROM outgoing_mails WHERE delivery = 'queued'
             UNION ALL
             SELECT (SELECT MIN(m.domain) FROM outgoing_mails m
                     WHERE m.delivery = 'queued' AND m.domain > waiting.domain)
             FROM waiting WHERE waiting.domain IS NOT NULL)
           SELECT waiting.domain AS "domain!" FROM waiting
           CROSS JOIN LATERAL (
               SELECT m.due_at, m.id FROM outgoing_mails m
               WHERE m.delivery = 'queued' AND m.domain = waiting.domain AND m.due_at <= $1
               ORDER BY m.due_at, m.id LIMIT 1) AS first
           WHERE NOT EXISTS (
               SELECT 1 FROM recipient_domains d WHERE d.domain = waiting.domain AND d.receives_at > $1)
           ORDER BY first.due_at, first.id LIMIT 1"#,
        now
    )
    .fetch_optional(pool)
    .await
    .or_failure()
}

#[async_trait]
impl OutboxStore for PgStore {
    async fn claim(
        &self,
        now: Timestamp,
        lease_until: Timestamp,
        pace: SignedDuration,
    ) -> Result<Option<ClaimedMail>, Failure> {
        let receives_at = micros(now.checked_add(pace).map_err(Failure::new)?);
        let (now, lease_until) = (micros(now), micros(lease_until));
        for _ in 0..CLAIM_TRIES_MAX {
            let Some(domain) = waiting_domain(self.pool(), now).await? else {
                return Ok(None);
            };
            // The domain's row first: two claims on one domain come one after the other.
            let mut tx = self.begin().await?;
            let receives = sqlx::query!(
                "INSERT INTO recipient_domains AS d (domain, receives_at) VALUES ($1, $2)
                 ON CONFLICT (domain) DO UPDATE SET receives_at = excluded.receives_at WHERE d.receives_at <= $3",
                domain,
                receives_at,
                now
            )
            .execute(&mut *tx)
            .await
            .or_failure()?;
            if receives.rows_affected() == 0 {
                continue;
            }
            let row = mails!(
                "UPDATE outgoing_mails SET attempts = attempts + 1, due_at = $1
                 WHERE id = (
                     SELECT id FROM outgoing_mails
                     WHERE delivery = 'queued' AND domain = $2 AND due_at <= $3
                     ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
                 RETURNING",
                "",
                lease_until,
                domain,
                now
            )
            .fetch_optional(&mut *tx)
            .await
            .or_failure()?;
            if let Some(row) = row {
                let claimed = row.claimed()?;
                tx.commit().await.or_failure()?;
                return Ok(Some(claimed));
            }
        }
        Ok(None)
    }

    async fn heartbeat(
        &self,
        mail: MailId,
        attempts: u32,
        lease_until: Timestamp,
    ) -> Result<bool, Failure> {
        let lease_until = micros(lease_until);
        let held = sqlx::query!(
            "UPDATE outgoing_mails SET due_at = $1 WHERE id = $2 AND attempts = $3 AND delivery = 'queued'",
            lease_until,
            mail.0,
            i64::from(attempts)
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(held.rows_affected() == 1)
    }

    async fn record_sent(
        &self,
        mail: MailId,
        at: Timestamp,
        token: TokenFate,
    ) -> Result<(), Failure> {
        let (at, keep) = (micros(at), token == TokenFate::Keep);
        sqlx::query!(
            "UPDATE outgoing_mails
             SET delivery = 'sent', settled_at = $1, token = CASE WHEN $2 THEN token END
             WHERE id = $3 AND delivery = 'queued'",
            at,
            keep,
            mail.0
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(())
    }

    async fn record_retry(
        &self,
        mail: MailId,
        attempts: u32,
        next_attempt_at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        let next_attempt_at = micros(next_attempt_at);
        sqlx::query!(
            "UPDATE outgoing_mails SET due_at = $1, refusal = $2
             WHERE id = $3 AND attempts = $4 AND delivery = 'queued'",
            next_attempt_at,
            reason,
            mail.0,
            i64::from(attempts)
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(())
    }

    async fn record_unreached(
        &self,
        mail: MailId,
        attempts: u32,
        next_attempt_at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        sqlx::query!(
            "UPDATE outgoing_mails SET due_at = $1, refusal = $2, unreached = unreached + 1
             WHERE id = $3 AND attempts = $4 AND delivery = 'queued'",
            micros(next_attempt_at),
            reason,
            mail.0,
            i64::from(attempts)
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(())
    }

    async fn bring_forward(&self, now: Timestamp, beyond: Beyond) -> Result<u64, Failure> {
        let (now, held, put_off) = (micros(now), micros(beyond.held), micros(beyond.put_off));
        let mut tx = self.begin().await?;
        let mails = sqlx::query!(
            "UPDATE outgoing_mails SET due_at = $1
             WHERE delivery = 'queued' AND due_at > CASE WHEN refusal IS NULL THEN $2::bigint ELSE $3::bigint END",
            now,
            held,
            put_off
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        sqlx::query!(
            "UPDATE recipient_domains SET receives_at = $1 WHERE receives_at > $2",
            now,
            held
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        tx.commit().await.or_failure()?;
        Ok(mails.rows_affected())
    }

    async fn record_failed(
        &self,
        mail: MailId,
        attempts: u32,
        at: Timestamp,
        reason: &str,
    ) -> Result<(), Failure> {
        let at = micros(at);
        sqlx::query!(
            "UPDATE outgoing_mails
             SET delivery = 'failed', settled_at = $1, failure = $2, token = NULL
             WHERE id = $3 AND attempts = $4 AND delivery = 'queued'",
            at,
            reason,
            mail.0,
            i64::from(attempts)
        )
        .execute(self.pool())
        .await
        .or_failure()?;
        Ok(())
    }

    async fn next_due(&self) -> Result<Option<Timestamp>, Failure> {
        let due = sqlx::query_scalar!(
            r#"WITH RECURSIVE waiting (domain) AS (
                 SELECT MIN(domain) FROM outgoing_mails WHERE delivery = 'queued'
                 UNION ALL
                 SELECT (SELECT MIN(m.domain) FROM outgoing_mails m
                         WHERE m.delivery = 'queued' AND m.domain > waiting.domain)
                 FROM waiting WHERE waiting.domain IS NOT NULL)
               SELECT MIN(GREATEST(
                   (SELECT MIN(m.due_at) FROM outgoing_mails m
                    WHERE m.delivery = 'queued' AND m.domain = waiting.domain),
                   (SELECT d.receives_at FROM recipient_domains d WHERE d.domain = waiting.domain))) AS due
               FROM waiting WHERE waiting.domain IS NOT NULL"#
        )
        .fetch_one(self.pool())
        .await
        .or_failure()?;
        some_instant(due)
    }

    async fn counts(&self) -> Result<Vec<MailCount>, Failure> {
        let rows = sqlx::query!(
            // Those that are settled are many: an index alone counts them.
            r#"SELECT delivery AS "delivery!", FALSE AS "refused!", COUNT(*) AS "count!", MIN(queued_at) AS "oldest!"
               FROM outgoing_mails WHERE delivery IN ('sent', 'failed') GROUP BY delivery
               UNION ALL
               SELECT delivery, refusal IS NOT NULL, COUNT(*), MIN(queued_at)
               FROM outgoing_mails WHERE delivery = 'queued' GROUP BY delivery, refusal IS NOT NULL"#
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?;
        let mut counts: BTreeMap<DeliveryState, (i64, i64)> = BTreeMap::new();
        for row in rows {
            let state = match (row.delivery.as_str(), row.refused) {
                ("queued", false) => DeliveryState::Queued,
                ("queued", true) => DeliveryState::Delayed,
                ("sent", _) => DeliveryState::Sent,
                ("failed", _) => DeliveryState::Failed,
                _ => return Err(unreadable("outgoing_mails.delivery")),
            };
            let (count, oldest) = counts.entry(state).or_insert((0, row.oldest));
            *count += row.count;
            *oldest = row.oldest.min(*oldest);
        }
        counts
            .into_iter()
            .map(|(state, (count, oldest))| {
                Ok(MailCount {
                    state,
                    count: u64::try_from(count).map_err(Failure::new)?,
                    oldest: instant(oldest)?,
                })
            })
            .collect()
    }

    async fn latest(&self, limit: u32) -> Result<Vec<(OutgoingMail, Delivery)>, Failure> {
        mails!(
            "SELECT",
            "FROM outgoing_mails ORDER BY queued_at DESC, id DESC LIMIT $1",
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
