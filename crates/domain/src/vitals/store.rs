//! The port of what operators watch.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Connections, Level, OpenImports, Writing};
use crate::store::Failure;

/// Tells how the store is. Outgoing mails are counted by the outbox's own port.
#[async_trait]
pub trait VitalsStore: Send + Sync {
    /// How the schema stands. A failure: the database cannot be reached.
    async fn level(&self) -> Result<Level, Failure>;
    /// Whether a write would be made now, by trying one that leaves nothing. It answers within a few seconds, whatever the
    /// database does. A failure: it cannot be reached, or says nothing.
    async fn writing(&self) -> Result<Writing, Failure>;
    /// The open imports of all schools, by phase; a phase without any is absent.
    async fn open_imports(&self) -> Result<Vec<OpenImports>, Failure>;
    /// The database's own clock, in whole milliseconds at least.
    async fn now(&self) -> Result<Timestamp, Failure>;
    /// This process's connections.
    fn connections(&self) -> Connections;
}
