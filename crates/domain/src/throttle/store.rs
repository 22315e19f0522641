//! The port of throttles.

use async_trait::async_trait;
use jiff::Timestamp;

use super::ThrottleKey;
use crate::store::Failure;

/// Counts tries.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait ThrottleStore: Send + Sync {
    /// Notes a try.
    async fn note(&self, key: ThrottleKey, at: Timestamp) -> Result<(), Failure>;
    /// Tries at or after an instant, oldest first.
    async fn since(&self, key: ThrottleKey, from: Timestamp) -> Result<Vec<Timestamp>, Failure>;
    /// Forgets a key's tries.
    async fn clear(&self, key: ThrottleKey) -> Result<(), Failure>;
    /// Notes a try at `at` and returns true only when fewer than `limit` were noted since `from`: check and note are
    /// one write, so that two at once do not both pass the last one.
    async fn try_note(
        &self,
        key: ThrottleKey,
        at: Timestamp,
        from: Timestamp,
        limit: u32,
    ) -> Result<bool, Failure>;
}
