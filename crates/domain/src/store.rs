//! What every store's port shares: revisions, and how a write can fail.

use std::error::Error;
use std::fmt;
use std::future::Future;

use serde::{Deserialize, Serialize};

/// How many times a use case decides again when somebody else wrote first.
pub const DECISIONS_MAX: usize = 3;

/// The number of times an aggregate was written. A write names the one it was decided on, and is refused as stale
/// when another came in between.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Revision(pub i64);

impl Revision {
    /// The revision after this one.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

/// A fault of the store itself: unreachable, full, damaged. The person is told to try again; the log gets the cause.
#[derive(Debug)]
pub struct Failure {
    cause: Box<dyn Error + Send + Sync>,
    outage: bool,
}

impl Failure {
    /// Wraps what the store's library said.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: cause.into(),
            outage: false,
        }
    }

    /// The same, for what blames the database or its machine and not what was asked of it: silent, gone, full. The same
    /// call succeeds once that is over.
    pub fn outage(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            outage: true,
            ..Self::new(cause)
        }
    }

    /// Whether the database or its machine is to blame, and not what was asked of it.
    pub const fn is_outage(&self) -> bool {
        self.outage
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "store failure: {}", self.cause)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.cause.as_ref())
    }
}

/// Why a guarded write was not made. Ports that hold a uniqueness of their own have an enum of their own.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The aggregate was written by somebody else since it was read: load and decide again.
    #[error("stale")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

/// An error that may say "decide again".
pub trait MaybeStale {
    /// Whether somebody else wrote first.
    fn is_stale(&self) -> bool;
}

impl MaybeStale for RecordError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale)
    }
}

/// Loads, decides and writes again while the write is stale, [`DECISIONS_MAX`] times at most.
///
/// # Errors
/// The last error of `attempt`.
pub async fn deciding_again<T, E, F, Fut>(mut attempt: F) -> Result<T, E>
where
    E: MaybeStale,
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<T, E>>,
{
    let mut tried = 1;
    loop {
        match attempt().await {
            Err(error) if error.is_stale() && tried < DECISIONS_MAX => tried += 1,
            outcome => return outcome,
        }
    }
}
