//! What operators watch.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::store::VitalsStore;
use pix_orga_domain::vitals::{Connections, Level, OpenImports};
use pix_orga_store_rows::value::instant;

use crate::convert::OrFailure as _;
use crate::{CONNECTIONS_MAX, PgStore, known_version};

#[async_trait]
impl VitalsStore for PgStore {
    async fn level(&self) -> Result<Level, Failure> {
        let found = self.version().await.or_failure()?;
        Ok(Level::of(found, known_version()))
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
