//! The audit trail.

use std::cmp::Reverse;

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::store::Failure;

use super::{MemoryStore, State};

impl State {
    /// Writes an entry, inside the write of the change that causes it.
    pub(super) fn note(&mut self, entry: &AuditEntry) -> Result<(), Failure> {
        self.require_organization(entry.organization_id)?;
        if self.audit.iter().any(|other| other.id == entry.id) {
            return Err(Failure::new("audit entry written twice"));
        }
        self.audit.push(entry.clone());
        Ok(())
    }
}

#[async_trait]
impl AuditStore for MemoryStore {
    async fn latest(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure> {
        let mut entries: Vec<AuditEntry> = self.read(|state| {
            let of_school = |entry: &&AuditEntry| entry.organization_id == organization;
            state.audit.iter().filter(of_school).cloned().collect()
        });
        entries.sort_by_key(|entry| Reverse((entry.at, entry.id)));
        entries.truncate(limit as usize);
        Ok(entries)
    }
}
