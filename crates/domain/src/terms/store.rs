//! The port of terms.

use async_trait::async_trait;

use super::{TermsAcceptance, TermsDecision};
use crate::ids::AccountId;
use crate::store::Failure;

/// Keeps acceptances.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait TermsStore: Send + Sync {
    /// What somebody accepted, in any order.
    async fn accepted(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Failure>;
    /// Writes an acceptance and its audit entries. The same one again keeps the first time and writes nothing.
    async fn record(&self, decision: &TermsDecision) -> Result<(), Failure>;
}
