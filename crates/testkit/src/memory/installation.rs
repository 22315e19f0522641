//! What the database is for.

use async_trait::async_trait;
use pix_orga_domain::installation::InstallationKind;
use pix_orga_domain::installation::store::InstallationStore;
use pix_orga_domain::store::Failure;

use super::MemoryStore;

#[async_trait]
impl InstallationStore for MemoryStore {
    async fn claim(&self, kind: InstallationKind) -> Result<InstallationKind, Failure> {
        self.write(|state| Ok(*state.installation.get_or_insert(kind)))
    }
}
