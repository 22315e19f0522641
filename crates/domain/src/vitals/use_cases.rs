//! What operators ask a process.

use std::sync::Arc;

use jiff::Timestamp;

use super::store::VitalsStore;
use super::{Connections, Level, Writing};
use crate::clock::Clock;
use crate::outbox::store::OutboxStore;
use crate::store::Failure;

/// Tells operators how the process and its database are.
pub struct Vitals {
    /// Where to ask.
    pub store: Arc<dyn VitalsStore>,
    /// The mails, which are counted too.
    pub outbox: Arc<dyn OutboxStore>,
    /// Ages are counted from it.
    pub clock: Arc<dyn Clock>,
}

/// How much work waits in one state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The state's stable name.
    pub state: String,
    /// How many.
    pub count: u64,
    /// The age of the oldest, in whole seconds.
    pub oldest_seconds: u64,
}

impl Vitals {
    /// How the schema stands.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn level(&self) -> Result<Level, Failure> {
        self.store.level().await
    }

    /// Whether the database takes writes.
    ///
    /// # Errors
    /// When it cannot be reached, or does not answer.
    pub async fn writing(&self) -> Result<Writing, Failure> {
        self.store.writing().await
    }

    /// Imports that are open, by phase.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn open_imports(&self) -> Result<Vec<Waiting>, Failure> {
        let now = self.clock.now();
        let phases = self.store.open_imports().await?.into_iter();
        let waiting = phases.map(|phase| Waiting {
            state: phase.phase,
            count: phase.count,
            oldest_seconds: seconds_between(phase.oldest, now),
        });
        Ok(waiting.collect())
    }

    /// Outgoing mails by state: `queued`, `delayed`, `sent`, `failed`. Ages count from when a mail was decided.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn mails(&self) -> Result<Vec<Waiting>, Failure> {
        let now = self.clock.now();
        let states = self.outbox.counts().await?.into_iter();
        let mails = states.map(|mails| Waiting {
            state: mails.state.code().to_owned(),
            count: mails.count,
            oldest_seconds: seconds_between(mails.oldest, now),
        });
        Ok(mails.collect())
    }

    /// This process's connections.
    pub fn connections(&self) -> Connections {
        self.store.connections()
    }
}

/// Whole seconds from `then` to `now`, 0 when a clock went back.
fn seconds_between(then: Timestamp, now: Timestamp) -> u64 {
    u64::try_from(now.duration_since(then).as_secs()).unwrap_or_default()
}
