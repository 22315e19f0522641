//! Throttles: how often something was tried, counted in the store so that every process knows.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

pub mod store;

/// Tries are forgotten after this long.
pub const THROTTLE_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// What is counted, hashed: the store keeps neither an address nor an IP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThrottleKey(pub [u8; 32]);

impl ThrottleKey {
    /// The key of `value` among `subject`'s, such as `sign_in_account` and an account's address.
    pub fn of(subject: &str, value: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(subject.as_bytes());
        hash.update([0]);
        hash.update(value.as_bytes());
        Self(hash.finalize().into())
    }
}

/// A delay that grows with failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowingDelay {
    /// Failures before any delay.
    pub free: usize,
    /// The delay after the first failure that counts; it doubles at each one.
    pub first: SignedDuration,
    /// The longest, so that nobody can lock another out for long.
    pub longest: SignedDuration,
    /// Failures older than this are forgotten.
    pub window: SignedDuration,
}

impl GrowingDelay {
    /// Until when one must wait, given past failures in any order; nothing when one need not.
    pub fn wait_until(&self, failures: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
        let recent = failures
            .iter()
            .filter(|at| now.duration_since(**at) < self.window);
        let last = recent.clone().max()?;
        let beyond = recent.count().checked_sub(self.free)?;
        let factor = 1_i32
            .checked_shl(u32::try_from(beyond).ok()?)
            .filter(|n| *n > 0);
        let delay = factor
            .and_then(|factor| self.first.checked_mul(factor))
            .map_or(self.longest, |delay| delay.min(self.longest));
        let until = last.saturating_add(delay).ok()?;
        (until > now).then_some(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DELAY: GrowingDelay = GrowingDelay {
        free: 5,
        first: SignedDuration::from_secs(2),
        longest: SignedDuration::from_secs(60),
        window: SignedDuration::from_mins(15),
    };

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn five_failures_are_free_then_the_delay_doubles_up_to_its_limit() {
        let failures: Vec<_> = (0..5).map(at).collect();
        assert_eq!(DELAY.wait_until(&failures[..4], at(4)), None);
        assert_eq!(DELAY.wait_until(&failures, at(4)), Some(at(6)));
        let failures: Vec<_> = (0..6).map(at).collect();
        assert_eq!(DELAY.wait_until(&failures, at(5)), Some(at(9)));
        let failures: Vec<_> = (0..100).map(at).collect();
        assert_eq!(DELAY.wait_until(&failures, at(99)), Some(at(159)));
        assert_eq!(DELAY.wait_until(&failures, at(1100)), None);
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_the_limit(times in prop::collection::vec(0_i64..900, 0..80)) {
            let failures: Vec<_> = times.into_iter().map(at).collect();
            if let Some(until) = DELAY.wait_until(&failures, at(900)) {
                prop_assert!(until.duration_since(at(900)) <= DELAY.longest);
            }
        }
    }
}
