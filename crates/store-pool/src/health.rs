//! How the database behaved lately.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::Notify;

/// Of the last 64 outcomes, so many faults mean that the pool fails: one connection in four serves nobody.
const FAULTS_MAX: u32 = 16;

/// The last outcomes of a pool. Workers look at their queues all the time, so that it follows the database closely, even
/// when nobody is served.
#[derive(Debug, Default)]
pub struct Health {
    /// One bit for each of the last 64 outcomes, set for a fault, the last one lowest.
    outcomes: AtomicU64,
    write_failed: AtomicBool,
    /// A fault, or a long wait, that nobody looked into yet.
    trouble: Notify,
}

impl Health {
    /// Whether many of the last statements met a fault.
    pub fn is_failing(&self) -> bool {
        self.outcomes.load(Ordering::Relaxed).count_ones() >= FAULTS_MAX
    }

    /// Whether the last transaction that wanted to write met a fault, and none ended since.
    pub fn last_write_failed(&self) -> bool {
        self.write_failed.load(Ordering::Relaxed)
    }

    /// Waits until something goes wrong, or did since the last time. For one who follows the pool.
    pub async fn troubled(&self) {
        self.trouble.notified().await;
    }

    /// Calls whoever follows the pool.
    pub(crate) fn call(&self) {
        self.trouble.notify_one();
    }

    pub(crate) fn note(&self, fault: bool) {
        let next = |outcomes: u64| Some(outcomes << 1 | u64::from(fault));
        let _ = self
            .outcomes
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, next);
        if fault {
            self.call();
        }
    }

    pub(crate) fn note_write(&self, failed: bool) {
        self.write_failed.store(failed, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pool_fails_when_one_outcome_in_four_is_a_fault_and_recovers_by_what_succeeds() {
        let health = Health::default();
        for _ in 1..FAULTS_MAX {
            health.note(true);
            health.note(false);
            health.note(false);
        }
        assert!(!health.is_failing());
        health.note(true);
        assert!(health.is_failing());
        for _ in 0..64 {
            health.note(false);
        }
        assert!(!health.is_failing());
    }

    #[tokio::test]
    async fn what_goes_wrong_calls_whoever_follows_once() {
        let health = Health::default();
        let soon = std::time::Duration::from_millis(20);
        health.note(false);
        assert!(tokio::time::timeout(soon, health.troubled()).await.is_err());
        health.note(true);
        health.call();
        health.troubled().await;
        assert!(tokio::time::timeout(soon, health.troubled()).await.is_err());
    }

    #[test]
    fn a_write_that_failed_is_remembered_until_one_ends() {
        let health = Health::default();
        assert!(!health.last_write_failed());
        health.note_write(true);
        health.note(false);
        assert!(health.last_write_failed());
        health.note_write(false);
        assert!(!health.last_write_failed());
    }
}
