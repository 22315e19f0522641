//! The audit trail.

use std::cmp::Reverse;

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::audit::use_cases::{Mentioned, Named};
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
    async fn count(&self, organization: OrganizationId) -> Result<u32, Failure> {
        let count = self.read(|state| {
            let of_school = |entry: &&AuditEntry| entry.organization_id == organization;
            state.audit.iter().filter(of_school).count()
        });
        u32::try_from(count).map_err(Failure::new)
    }

    async fn page(
        &self,
        organization: OrganizationId,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure> {
        let mut entries: Vec<AuditEntry> = self.read(|state| {
            let of_school = |entry: &&AuditEntry| entry.organization_id == organization;
            state.audit.iter().filter(of_school).cloned().collect()
        });
        entries.sort_by_key(|entry| Reverse((entry.at, entry.id)));
        let page = entries.into_iter().skip(offset as usize);
        Ok(page.take(limit as usize).collect())
    }

    async fn mentioned(
        &self,
        organization: OrganizationId,
        named: &Named,
    ) -> Result<Mentioned, Failure> {
        Ok(self.read(|state| {
            let people = named.accounts.iter().filter_map(|id| {
                let account = state.accounts.get(id)?;
                Some((*id, account.full_name()))
            });
            let addresses = named.invitations.iter().filter_map(|id| {
                let address = state.address_of(organization, *id)?;
                Some((*id, address))
            });
            let students = named.students.iter().copied();
            let there = students.filter(|id| state.student(organization, *id).is_some());
            Mentioned {
                names: people.collect(),
                addresses: addresses.collect(),
                students: there.collect(),
            }
        }))
    }
}
