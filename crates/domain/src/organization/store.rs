//! The port of schools.

use async_trait::async_trait;

use super::Organization;
use super::onboarding::OnboardingFacts;
use super::replacement::UaiReplacement;
use crate::audit::AuditEntry;
use crate::ids::OrganizationId;
use crate::store::{Failure, MaybeStale, Revision};
use crate::uai::Uai;

/// A school created or changed, decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationChange {
    /// The school as it must be. Its `revision` is the new one.
    pub organization: Organization,
    /// The revision it was decided on; nothing for a new school.
    pub expected: Option<Revision>,
    /// Written with it.
    pub audit: AuditEntry,
}

/// Why a school was not written.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationRecordError {
    /// Somebody else wrote it first.
    #[error("stale")]
    Stale,
    /// Another school has or had this UAI (constraints `organizations_uai`, `organization_uais_uai`): load it and
    /// decide again.
    #[error("uai taken")]
    UaiTaken,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for OrganizationRecordError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale | Self::UaiTaken)
    }
}

/// Keeps schools.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait OrganizationStore: Send + Sync {
    /// A school by its id.
    async fn find(&self, id: OrganizationId) -> Result<Option<Organization>, Failure>;
    /// A school by its UAI, or by one it had.
    async fn find_by_uai(&self, uai: Uai) -> Result<Option<Organization>, Failure>;
    /// Every open school with how far it came, by UAI.
    async fn all(&self) -> Result<Vec<(Organization, OnboardingFacts)>, Failure>;
    /// How far a school came, read from what the other subjects hold; nothing for an unknown school.
    async fn onboarding(&self, id: OrganizationId) -> Result<Option<OnboardingFacts>, Failure>;
    /// Whether nobody ever worked in a school: it has no member, past or present, no list, import, parcours nor
    /// pupil. Invitations do not count.
    async fn is_blank(&self, id: OrganizationId) -> Result<bool, Failure>;
    /// Writes the school and its audit entry, or nothing. Its UAI is written once, when it is created.
    async fn record(&self, change: &OrganizationChange) -> Result<(), OrganizationRecordError>;
    /// Gives the school its new UAI, keeps the former one as its own, and deletes the school that gives way with its
    /// invitations, its mails and its trail; or nothing. `Stale` when either moved, or the one that gives way is not
    /// blank any more.
    async fn record_replacement(
        &self,
        replacement: &UaiReplacement,
    ) -> Result<(), OrganizationRecordError>;
}
