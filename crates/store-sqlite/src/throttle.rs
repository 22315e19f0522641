//! Counted tries.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::throttle::store::ThrottleStore;
use pix_orga_domain::throttle::{Counted, Counter, ThrottleKey};
use pix_orga_store_rows::value::{instant, micros};

use crate::SqliteStore;
use crate::convert::OrFailure;

#[async_trait]
impl ThrottleStore for SqliteStore {
    async fn count(&self, counters: &[Counter], now: Timestamp) -> Result<Counted, Failure> {
        // The only writer: tries at once are counted one after the other.
        let mut tx = self.begin().await?;
        let mut tries = Vec::with_capacity(counters.len());
        for counter in counters {
            let (key, from) = (counter.key.0.as_slice(), micros(counter.counts_from(now)));
            let since = sqlx::query_scalar!(
                "SELECT at FROM throttled_tries WHERE key = ? AND at >= ? ORDER BY at",
                key,
                from
            )
            .fetch_all(&mut *tx)
            .await
            .or_failure()?;
            let since: Result<Vec<_>, _> = since.into_iter().map(instant).collect();
            tries.push((&counter.rule, since?));
        }
        let tries = tries.iter().map(|(rule, tries)| (*rule, tries.as_slice()));
        let counted = Counted::decide(tries, now);
        if counted == Counted::Passed {
            for counter in counters {
                let (key, at) = (counter.key.0.as_slice(), micros(now));
                sqlx::query!(
                    "INSERT INTO throttled_tries (key, at) VALUES (?, ?)",
                    key,
                    at
                )
                .execute(&mut *tx)
                .await
                .or_failure()?;
            }
        }
        tx.commit().await.or_failure()?;
        Ok(counted)
    }

    async fn take_back(&self, keys: &[ThrottleKey], at: Timestamp) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        for key in keys {
            let (key, at) = (key.0.as_slice(), micros(at));
            sqlx::query!(
                "DELETE FROM throttled_tries WHERE rowid IN
                 (SELECT rowid FROM throttled_tries WHERE key = ? AND at = ? LIMIT 1)",
                key,
                at
            )
            .execute(&mut *tx)
            .await
            .or_failure()?;
        }
        tx.commit().await.or_failure()
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
}
