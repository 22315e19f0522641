//! What operators watch.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::store::VitalsStore;
use pix_orga_domain::vitals::{Connections, Level, OpenImports, Writing};
use pix_orga_store_rows::value::instant;
use tokio::time::timeout;

use crate::convert::OrFailure as _;
use crate::{CONNECTIONS_MAX, PgStore, level};

/// How long the server has to give a connection that writes.
const WRITER_WAIT_MAX: Duration = Duration::from_secs(3);

#[async_trait]
impl VitalsStore for PgStore {
    async fn level(&self) -> Result<Level, Failure> {
        let (_, level) = level::found(self.pool()).await.or_failure()?;
        Ok(level)
    }

    async fn writing(&self) -> Result<Writing, Failure> {
        let health = self.pool().health();
        let tried = timeout(
            WRITER_WAIT_MAX,
            self.try_writing(health.last_write_failed()),
        )
        .await;
        match tried {
            Ok(Ok(true)) if health.is_failing() => Ok(Writing::Failing),
            Ok(Ok(true)) => Ok(Writing::Accepted),
            Ok(Ok(false)) => Ok(Writing::ReadOnly),
            // The servers that were found take no writes, so that there is no connection.
            Ok(Err(_)) | Err(_) if self.met_read_only() => Ok(Writing::ReadOnly),
            Ok(Err(failure)) => Err(failure),
            Err(late) => Err(Failure::outage(late)),
        }
    }

    async fn open_imports(&self) -> Result<Vec<OpenImports>, Failure> {
        let phases = sqlx::query!(
            r#"SELECT state, COUNT(*) AS "count!", MIN(received_at) AS "oldest!"
               FROM imports
               WHERE state IN ('received', 'checked', 'compared', 'waiting')
               GROUP BY state
               ORDER BY state"#
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?;
        phases
            .into_iter()
            .map(|phase| {
                Ok(OpenImports {
                    phase: phase.state,
                    count: u64::try_from(phase.count).map_err(Failure::new)?,
                    oldest: instant(phase.oldest)?,
                })
            })
            .collect()
    }

    async fn now(&self) -> Result<Timestamp, Failure> {
        let now = sqlx::query_scalar!(
            r#"SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT AS "now!""#
        )
        .fetch_one(self.pool())
        .await
        .or_failure()?;
        instant(now)
    }

    fn connections(&self) -> Connections {
        Connections {
            open: self.pool().size(),
            idle: u32::try_from(self.pool().num_idle()).unwrap_or(u32::MAX),
            max: CONNECTIONS_MAX,
        }
    }
}

impl PgStore {
    /// Begins as a write does. False when the server only reads. `to_the_disk`: writes, and leaves nothing.
    async fn try_writing(&self, to_the_disk: bool) -> Result<bool, Failure> {
        let mut write = self.begin().await?;
        let read_only = sqlx::query_scalar!(
            r#"SELECT current_setting('transaction_read_only') = 'on' AS "read_only!""#
        )
        .fetch_one(&mut *write)
        .await
        .or_failure()?;
        if read_only {
            return Ok(false);
        }
        if to_the_disk {
            sqlx::query!(
                "INSERT INTO daily_jobs (name, turn) VALUES ('room:' || pg_backend_pid(), 0)"
            )
            .execute(&mut *write)
            .await
            .or_failure()?;
            sqlx::query!("DELETE FROM daily_jobs WHERE name = 'room:' || pg_backend_pid()")
                .execute(&mut *write)
                .await
                .or_failure()?;
            write.commit().await.or_failure()?;
        }
        Ok(true)
    }
}
