//! The port of throttles.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Counted, Counter, ThrottleKey};
use crate::store::Failure;

/// Counts tries.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Counts a try at `now` on each counter where [`Counted::decide`] lets it pass on all of them, else on none. Reading,
    /// deciding and counting are one write: tries at once on a counter go one after the other.
    async fn count(&self, counters: &[Counter], now: Timestamp) -> Result<Counted, Failure>;
    /// Takes one try at `at` back from each key, as if it had not been made: it was right.
    async fn take_back(&self, keys: &[ThrottleKey], at: Timestamp) -> Result<(), Failure>;
    /// Forgets a key's tries.
    async fn clear(&self, key: ThrottleKey) -> Result<(), Failure>;
}
