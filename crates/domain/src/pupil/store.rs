//! The port of pupils' accounts.

use async_trait::async_trait;

use super::{Ido, PupilAccount, SignedIn};
use crate::ids::PupilId;
use crate::store::{Failure, MaybeStale};

/// Why a sign-in was not written.
#[derive(Debug, thiserror::Error)]
pub enum SignInRecordError {
    /// The account was written since it was read.
    #[error("stale")]
    Stale,
    /// Another account has this identifier (constraint `pupils_ido`): load it and decide again.
    #[error("ido taken")]
    IdoTaken,
    /// What the browser brought was used before (constraint `spent_proofs_key`).
    #[error("proof spent")]
    ProofSpent,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for SignInRecordError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale | Self::IdoTaken)
    }
}

/// Keeps pupils' accounts.
#[async_trait]
pub trait PupilStore: Send + Sync {
    /// An account by its id.
    async fn find(&self, pupil: PupilId) -> Result<Option<PupilAccount>, Failure>;
    /// An account by the GAR's identifier, compared exactly.
    async fn find_by_ido(&self, ido: &Ido) -> Result<Option<PupilAccount>, Failure>;
    /// Writes the account, the session and what was spent, and ends the replaced session; or nothing.
    async fn record_sign_in(&self, signed_in: &SignedIn) -> Result<(), SignInRecordError>;
}
