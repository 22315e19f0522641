//! Sessions.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::{AccountId, SessionId};
use pix_orga_domain::session::store::SessionStore;
use pix_orga_domain::session::{Session, Subject};
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::TokenHash;
use pix_orga_store_rows::session::{columns, subject};
use pix_orga_store_rows::value::{instant, micros};

use crate::convert::OrFailure;
use crate::{Connection, PgStore};

/// Ends every session of an account, inside the write that makes it right.
pub(crate) async fn close_all_of_account(
    connection: &mut Connection,
    account: AccountId,
) -> Result<(), Failure> {
    close_all(connection, Subject::Account(account)).await
}

async fn close_all(connection: &mut Connection, subject: Subject) -> Result<(), Failure> {
    let (kind, id) = columns(subject);
    sqlx::query!(
        "DELETE FROM sessions WHERE subject_kind = $1 AND subject_id = $2",
        kind,
        id
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// Writes a new session, inside the write that opens it.
pub(crate) async fn insert(connection: &mut Connection, session: &Session) -> Result<(), Failure> {
    let (kind, subject) = columns(session.subject);
    let token = session.token.0.as_slice();
    let opened_at = micros(session.opened_at);
    let last_seen_at = micros(session.last_seen_at);
    let ends_at = micros(session.ends_at);
    sqlx::query!(
        "INSERT INTO sessions (id, token_hash, subject_kind, subject_id, opened_at, last_seen_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        session.id.0,
        token,
        kind,
        subject,
        opened_at,
        last_seen_at,
        ends_at
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

#[async_trait]
impl SessionStore for PgStore {
    async fn open(&self, session: &Session) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        insert(&mut tx, session).await?;
        tx.commit().await.or_failure()
    }

    async fn find(&self, token: &TokenHash) -> Result<Option<Session>, Failure> {
        let hash = token.0.as_slice();
        sqlx::query!(
            "SELECT id, subject_kind, subject_id, opened_at, last_seen_at, ends_at
               FROM sessions WHERE token_hash = $1",
            hash
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?
        .map(|row| {
            Ok(Session {
                id: SessionId(row.id),
                token: *token,
                subject: subject(&row.subject_kind, row.subject_id)?,
                opened_at: instant(row.opened_at)?,
                last_seen_at: instant(row.last_seen_at)?,
                ends_at: instant(row.ends_at)?,
            })
        })
        .transpose()
    }

    async fn touch(&self, id: SessionId, at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let at = micros(at);
        sqlx::query!(
            "UPDATE sessions SET last_seen_at = GREATEST(last_seen_at, $1) WHERE id = $2",
            at,
            id.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        tx.commit().await.or_failure()
    }

    async fn close(&self, id: SessionId) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        sqlx::query!("DELETE FROM sessions WHERE id = $1", id.0)
            .execute(&mut *tx)
            .await
            .or_failure()?;
        tx.commit().await.or_failure()
    }

    async fn close_all(&self, subject: Subject) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        close_all(&mut tx, subject).await?;
        tx.commit().await.or_failure()
    }
}
