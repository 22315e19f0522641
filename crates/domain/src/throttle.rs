//! Throttles: how often something was tried, counted in the store so that every process knows.
//!
//! A try is counted before it is judged, by one write that counts it or says until when one must wait: so many at once
//! pass no more than one after the other.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::clock::CLOCKS_APART_MAX;

pub mod store;

/// Tries are forgotten after this long.
pub const THROTTLE_MEMORY: SignedDuration = SignedDuration::from_hours(24);

/// What is counted, hashed: the store keeps neither an address nor an IP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThrottleKey(pub [u8; 32]);

impl ThrottleKey {
    /// The key of `value` among `subject`'s, such as `reset_mail` and an account's address.
    pub fn of(subject: &str, value: &str) -> Self {
        Self::of_pair(subject, value, "")
    }

    /// The key of two values together, such as an address and the network it is tried from.
    pub fn of_pair(subject: &str, one: &str, other: &str) -> Self {
        let mut hash = Sha256::new();
        hash.update(subject.as_bytes());
        hash.update([0]);
        hash.update(one.as_bytes());
        if !other.is_empty() {
            hash.update([0]);
            hash.update(other.as_bytes());
        }
        Self(hash.finalize().into())
    }
}

/// How many tries pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Some, then a delay that grows with each one more.
    Growing(GrowingDelay),
    /// So many in a sliding window, then none until the oldest is out of it.
    AtMost {
        /// How many.
        count: usize,
        /// The window's length.
        window: SignedDuration,
    },
}

impl Rule {
    /// Tries older than this are forgotten.
    pub const fn window(&self) -> SignedDuration {
        match self {
            Self::Growing(delay) => delay.window,
            Self::AtMost { window, .. } => *window,
        }
    }

    /// Until when one must wait, given past tries in any order; nothing when one need not. A try noted further in the future
    /// than clocks may be apart was noted before the clock was set back: it does not count. Never longer than the rule's
    /// longest wait and [`CLOCKS_APART_MAX`], whatever the clock did meanwhile.
    pub fn wait_until(&self, tries: &[Timestamp], now: Timestamp) -> Option<Timestamp> {
        let ahead = now.saturating_add(CLOCKS_APART_MAX).unwrap_or(now);
        let recent = |at: &Timestamp| *at <= ahead && now.duration_since(*at) < self.window();
        let mut recent: Vec<Timestamp> = tries.iter().copied().filter(recent).collect();
        recent.sort_unstable();
        let until = match self {
            Self::Growing(delay) => {
                let beyond = recent.len().checked_sub(delay.free)?;
                recent.last()?.saturating_add(delay.after(beyond)).ok()?
            }
            Self::AtMost { count, window } => {
                let beyond = recent.len().checked_sub(*count)?;
                // The one that must be out of the window for one more to pass; none ever passes where none may.
                let oldest = recent.get(beyond).copied().unwrap_or(now);
                oldest.saturating_add(*window).ok()?
            }
        };
        (until > now).then_some(until)
    }
}

/// A delay that grows with tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowingDelay {
    /// Tries before any delay.
    pub free: usize,
    /// The delay after the first try that is delayed; it doubles at each one.
    pub first: SignedDuration,
    /// The longest, so that nobody can lock another out for long.
    pub longest: SignedDuration,
    /// Tries older than this are forgotten.
    pub window: SignedDuration,
}

impl GrowingDelay {
    /// The delay once so many tries went beyond the free ones.
    fn after(&self, beyond: usize) -> SignedDuration {
        u32::try_from(beyond)
            .ok()
            .and_then(|beyond| 1_i32.checked_shl(beyond))
            .filter(|factor| *factor > 0)
            .and_then(|factor| self.first.checked_mul(factor))
            .map_or(self.longest, |delay| delay.min(self.longest))
    }
}

/// What one try counts on, and how many pass there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counter {
    /// What is counted.
    pub key: ThrottleKey,
    /// How many pass.
    pub rule: Rule,
}

impl Counter {
    /// The instant from which tries count at `now`. The store reads no older ones.
    pub fn counts_from(&self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.rule.window()).unwrap_or(now)
    }
}

/// What became of a try that asked to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// It is counted, on each of its counters: it may be made.
    Passed,
    /// It is counted nowhere: none passes before this instant.
    Wait(Timestamp),
}

impl Counted {
    /// Decides for a try on each of its counters, given the past tries of each.
    pub fn decide<'a>(
        counters: impl IntoIterator<Item = (&'a Rule, &'a [Timestamp])>,
        now: Timestamp,
    ) -> Self {
        let waits = counters
            .into_iter()
            .filter_map(|(rule, tries)| rule.wait_until(tries, now));
        waits.max().map_or(Self::Passed, Self::Wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LONGEST: SignedDuration = SignedDuration::from_secs(60);
    const DELAY: Rule = Rule::Growing(GrowingDelay {
        free: 5,
        first: SignedDuration::from_secs(2),
        longest: LONGEST,
        window: SignedDuration::from_mins(15),
    });
    const THREE_AN_HOUR: Rule = Rule::AtMost {
        count: 3,
        window: SignedDuration::from_hours(1),
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

    #[test]
    fn three_pass_in_an_hour_and_the_next_when_the_first_is_out_of_it() {
        let tries = [at(20), at(0), at(10)];
        assert_eq!(THREE_AN_HOUR.wait_until(&tries[..2], at(30)), None);
        assert_eq!(THREE_AN_HOUR.wait_until(&tries, at(30)), Some(at(3600)));
        assert_eq!(THREE_AN_HOUR.wait_until(&tries, at(3600)), None);
        let four = [at(20), at(0), at(10), at(25)];
        assert_eq!(THREE_AN_HOUR.wait_until(&four, at(30)), Some(at(3610)));
        let none = Rule::AtMost {
            count: 0,
            window: SignedDuration::from_hours(1),
        };
        assert_eq!(none.wait_until(&[], at(0)), Some(at(3600)));
    }

    #[test]
    fn a_try_passes_where_all_its_counters_let_it_else_it_waits_for_the_last() {
        let five: Vec<_> = (0..5).map(at).collect();
        let both = [(&DELAY, five.as_slice()), (&THREE_AN_HOUR, five.as_slice())];
        assert_eq!(Counted::decide(both, at(4)), Counted::Wait(at(3602)));
        assert_eq!(Counted::decide([both[0]], at(4)), Counted::Wait(at(6)));
        assert_eq!(
            Counted::decide([(&DELAY, [].as_slice())], at(4)),
            Counted::Passed
        );
    }

    #[test]
    fn what_a_clock_noted_before_it_was_set_back_holds_nobody() {
        let in_a_year: Vec<_> = (0..50).map(|second| at(31_536_000 + second)).collect();
        assert_eq!(DELAY.wait_until(&in_a_year, at(0)), None);
        assert_eq!(THREE_AN_HOUR.wait_until(&in_a_year, at(0)), None);
        // Another process is a minute ahead: its tries count.
        let ahead: Vec<_> = (60..65).map(at).collect();
        assert_eq!(DELAY.wait_until(&ahead, at(0)), Some(at(66)));
    }

    #[test]
    fn keys_of_pairs_differ_where_one_value_does() {
        let keys = [
            ThrottleKey::of("s", "ab"),
            ThrottleKey::of_pair("s", "a", "b"),
            ThrottleKey::of_pair("s", "b", "a"),
            ThrottleKey::of_pair("s", "a", "c"),
        ];
        let distinct: std::collections::HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_the_limit(
            times in prop::collection::vec(-2_000_i64..100_000, 0..80),
        ) {
            let tries: Vec<_> = times.into_iter().map(at).collect();
            if let Some(until) = DELAY.wait_until(&tries, at(900)) {
                prop_assert!(until.duration_since(at(900)) <= LONGEST + CLOCKS_APART_MAX);
            }
            if let Some(until) = THREE_AN_HOUR.wait_until(&tries, at(900)) {
                let hour = SignedDuration::from_hours(1);
                prop_assert!(until.duration_since(at(900)) <= hour + CLOCKS_APART_MAX);
            }
        }
    }
}
