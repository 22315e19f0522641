//! The audit trail's port. Lines are written by the other ports, with the change that causes them.

use async_trait::async_trait;

use super::AuditEntry;
use crate::ids::OrganizationId;
use crate::store::Failure;

/// Reads the trail.
#[async_trait]
pub trait AuditStore: Send + Sync {
    /// The last lines of a school, newest first, `limit` at most.
    async fn latest(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure>;
}
