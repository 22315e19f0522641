//! Counted tries.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::throttle::store::ThrottleStore;
use pix_orga_domain::throttle::{Counted, Counter, ThrottleKey};
use pix_orga_store_rows::value::{instant, micros};

use crate::PgStore;
use crate::convert::OrFailure;

/// The lock of a key: two keys that share one only wait for each other.
fn lock_number(key: ThrottleKey) -> i64 {
    key.0.first_chunk().copied().map_or(0, i64::from_be_bytes)
}

/// The locks of counters, each once, in the one order that all take them in.
fn locks(counters: &[Counter]) -> Vec<i64> {
    let numbers = counters.iter().map(|counter| lock_number(counter.key));
    let mut numbers: Vec<i64> = numbers.collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

#[async_trait]
impl ThrottleStore for PgStore {
    async fn count(&self, counters: &[Counter], now: Timestamp) -> Result<Counted, Failure> {
        let mut tx = self.begin().await?;
        // Two at once would count the same tries: those of one key go one after the other.
        for lock in locks(counters) {
            sqlx::query!("SELECT pg_advisory_xact_lock($1)", lock)
                .execute(&mut *tx)
                .await
                .or_failure()?;
        }
        let mut tries = Vec::with_capacity(counters.len());
        for counter in counters {
            let (key, from) = (counter.key.0.as_slice(), micros(counter.counts_from(now)));
            let since = sqlx::query_scalar!(
                "SELECT at FROM throttled_tries WHERE key = $1 AND at >= $2 ORDER BY at",
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
                    "INSERT INTO throttled_tries (key, at) VALUES ($1, $2)",
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
                "DELETE FROM throttled_tries WHERE ctid IN
                 (SELECT ctid FROM throttled_tries WHERE key = $1 AND at = $2 LIMIT 1)",
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
        sqlx::query!("DELETE FROM throttled_tries WHERE key = $1", key)
            .execute(&mut *tx)
            .await
            .or_failure()?;
        tx.commit().await.or_failure()
    }
}
