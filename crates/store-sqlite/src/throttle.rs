//! Counted tries.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::throttle::ThrottleKey;
use pix_orga_domain::throttle::store::ThrottleStore;
use pix_orga_store_rows::value::{instant, micros};

use crate::SqliteStore;
use crate::convert::OrFailure;

#[async_trait]
impl ThrottleStore for SqliteStore {
    async fn note(&self, key: ThrottleKey, at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let (key, at) = (key.0.as_slice(), micros(at));
        sqlx::query!(
            "INSERT INTO throttled_tries (key, at) VALUES (?, ?)",
            key,
            at
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        tx.commit().await.or_failure()
    }

    async fn since(&self, key: ThrottleKey, from: Timestamp) -> Result<Vec<Timestamp>, Failure> {
        let (key, from) = (key.0.as_slice(), micros(from));
        sqlx::query_scalar!(
            "SELECT at FROM throttled_tries WHERE key = ? AND at >= ? ORDER BY at",
            key,
            from
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(instant)
        .collect()
    }

    async fn clear(&self, key: ThrottleKey) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        let key = key.0.as_slice();
        sqlx::query!("DELETE FROM throttled_tries WHERE key = ?", key)
            .execute(&mut *tx)
            .await
            .or_failure()?;
        tx.commit().await.or_failure()
    }

    async fn try_note(
        &self,
        key: ThrottleKey,
        at: Timestamp,
        from: Timestamp,
        limit: u32,
    ) -> Result<bool, Failure> {
        let mut tx = self.begin().await?;
        let (key, at, from) = (key.0.as_slice(), micros(at), micros(from));
        let done = sqlx::query!(
            "INSERT INTO throttled_tries (key, at)
             SELECT ?1, ?2 WHERE (SELECT COUNT(*) FROM throttled_tries WHERE key = ?1 AND at >= ?3) < ?4",
            key,
            at,
            from,
            limit
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        tx.commit().await.or_failure()?;
        Ok(done.rows_affected() > 0)
    }
}
