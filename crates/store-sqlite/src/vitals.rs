//! What operators watch.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::store::VitalsStore;
use pix_orga_domain::vitals::{Connections, Level, OpenImports};
use pix_orga_store_rows::value::instant;

use crate::convert::OrFailure as _;
use crate::{READERS_MAX, SqliteStore, known_version};

#[async_trait]
impl VitalsStore for SqliteStore {
    async fn level(&self) -> Result<Level, Failure> {
        let found = Self::version(self.readers()).await.or_failure()?;
        Ok(Level::of(found, known_version()))
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
