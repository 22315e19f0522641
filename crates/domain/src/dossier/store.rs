//! The port of what is kept of one pupil. Erasing is a write of the roster: see
//! [`crate::roster::store::RosterStore::record_forgetting`].

use async_trait::async_trait;

use super::Kept;
use crate::audit::AuditEntry;
use crate::ids::{OrganizationId, StudentId};
use crate::store::Failure;

/// Reads all that is kept of one pupil.
#[async_trait]
pub trait DossierStore: Send + Sync {
    /// What is kept of a pupil of the school, present or gone; nothing once they are anonymous.
    async fn kept(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Kept>, Failure>;
    /// The pupil of the school who has this `ELEVE_ID` (constraint `students_eleve_id`).
    async fn by_number(
        &self,
        organization: OrganizationId,
        eleve_id: &str,
    ) -> Result<Option<StudentId>, Failure>;
    /// Writes that it was handed out.
    async fn record_export(&self, audit: &AuditEntry) -> Result<(), Failure>;
}
