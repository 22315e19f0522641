//! The port of the installation.

use async_trait::async_trait;

use super::InstallationKind;
use crate::store::Failure;

/// Keeps what the database is for.
#[async_trait]
pub trait InstallationStore: Send + Sync {
    /// Takes the database for a use unless it has one, and gives the one it has then.
    async fn claim(&self, kind: InstallationKind) -> Result<InstallationKind, Failure>;
}
