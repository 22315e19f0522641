//! The audit trail's port. Lines are written by the other ports, with the change that causes them.

use async_trait::async_trait;

use super::AuditEntry;
use super::use_cases::{Mentioned, Named};
use crate::ids::OrganizationId;
use crate::store::Failure;

/// Reads the trail.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// How many lines a school has.
    async fn count(&self, organization: OrganizationId) -> Result<u32, Failure>;
    /// The lines of a school, newest first, after `offset` of them, `limit` at most.
    async fn page(
        &self,
        organization: OrganizationId,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure>;
    /// What is known of those whom lines name: invitations and pupils of the school only, pupils who are not anonymous.
    async fn mentioned(
        &self,
        organization: OrganizationId,
        named: &Named,
    ) -> Result<Mentioned, Failure>;
    /// The last lines of a school, newest first, `limit` at most.
    async fn latest(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure> {
        self.page(organization, 0, limit).await
    }
}
