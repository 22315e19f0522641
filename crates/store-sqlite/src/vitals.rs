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
use crate::{READERS_MAX, SqliteStore, level};

/// How long the writer is waited for, before it is taken to be at work on a long write.
const WRITER_WAIT_MAX: Duration = Duration::from_secs(2);

#[async_trait]
impl VitalsStore for SqliteStore {
    async fn level(&self) -> Result<Level, Failure> {
        let (_, level) = level::found(self.readers()).await.or_failure()?;
        Ok(level)
    }

    async fn writing(&self) -> Result<Writing, Failure> {
        let health = self.writer.health();
        let tried = timeout(
            WRITER_WAIT_MAX,
            self.try_writing(health.last_write_failed()),
        )
        .await;
        Ok(match tried {
            Ok(Err(_)) => Writing::Failing,
            _ if health.is_failing() || health.last_write_failed() => Writing::Failing,
            // A long write holds the writer, and the last one succeeded.
            Ok(Ok(())) | Err(_) => Writing::Accepted,
        })
    }

    async fn open_imports(&self) -> Result<Vec<OpenImports>, Failure> {
        let phases = sqlx::query!(
            r#"SELECT state AS "state!", COUNT(*) AS "count!: i64", MIN(received_at) AS "oldest!: i64"
               FROM imports
               WHERE state IN ('received', 'checked', 'compared', 'waiting')
               GROUP BY state
               ORDER BY state"#
        )
        .fetch_all(self.readers())
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

    /// This machine's: the database is a file.
    async fn now(&self) -> Result<Timestamp, Failure> {
        let now = sqlx::query_scalar!(
            r#"SELECT CAST(unixepoch('subsec') * 1000 AS INTEGER) * 1000 AS "now!: i64""#
        )
        .fetch_one(self.readers())
        .await
        .or_failure()?;
        instant(now)
    }

    /// Those that read, and the one that writes.
    fn connections(&self) -> Connections {
        let idle = self.readers.num_idle() + self.writer.num_idle();
        Connections {
            open: self.readers.size() + self.writer.size(),
            idle: u32::try_from(idle).unwrap_or(u32::MAX),
            max: READERS_MAX + 1,
        }
    }
}

impl SqliteStore {
    /// Takes the writer. `to_the_disk`: a write that needs room, and leaves nothing.
    async fn try_writing(&self, to_the_disk: bool) -> Result<(), Failure> {
        let mut write = self.begin().await?;
        if to_the_disk {
            sqlx::query!(
                "INSERT INTO daily_jobs (name, turn) VALUES ('room:' || hex(zeroblob(32768)), 0)"
            )
            .execute(&mut *write)
            .await
            .or_failure()?;
            sqlx::query!("DELETE FROM daily_jobs WHERE name LIKE 'room:%'")
                .execute(&mut *write)
                .await
                .or_failure()?;
            write.commit().await.or_failure()?;
        }
        Ok(())
    }
}
