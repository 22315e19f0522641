//! What operators watch.

use std::collections::BTreeMap;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::store::VitalsStore;
use pix_orga_domain::vitals::{Connections, Level, OpenImports, Writing};

use super::MemoryStore;

#[async_trait]
impl VitalsStore for MemoryStore {
    async fn level(&self) -> Result<Level, Failure> {
        Ok(Level::Current)
    }

    async fn writing(&self) -> Result<Writing, Failure> {
        Ok(Writing::Accepted)
    }

    async fn open_imports(&self) -> Result<Vec<OpenImports>, Failure> {
        let mut phases: BTreeMap<&str, (u64, Timestamp)> = BTreeMap::new();
        self.read(|state| {
            for import in state.imports.open() {
                let received = import.phases.received.at;
                let (count, oldest) = phases.entry(import.state.code()).or_insert((0, received));
                *count += 1;
                *oldest = received.min(*oldest);
            }
        });
        let phases = phases
            .into_iter()
            .map(|(phase, (count, oldest))| OpenImports {
                phase: phase.to_owned(),
                count,
                oldest,
            });
        Ok(phases.collect())
    }

    async fn now(&self) -> Result<Timestamp, Failure> {
        Ok(Timestamp::now())
    }

    fn connections(&self) -> Connections {
        Connections {
            open: 1,
            idle: 1,
            max: 1,
        }
    }
}
