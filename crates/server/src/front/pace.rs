//! How long the other side may keep a transfer waiting, in all.

use std::time::Duration;

use tokio::time::Instant;

use super::limits::Pacing;

/// A transfer: what it moved, and how long it waited for the other side. Only waiting counts: neither our own work nor
/// the time between two pieces is held against the client.
#[derive(Debug, Default)]
pub struct Pace {
    waited: Duration,
    since: Option<Instant>,
    bytes: u64,
}

impl Pace {
    /// The other side is waited for, from now on unless it was already.
    pub fn waits(&mut self, now: Instant) {
        self.since.get_or_insert(now);
    }

    /// The other side moved this many bytes.
    pub fn moves(&mut self, now: Instant, bytes: usize) {
        if let Some(since) = self.since.take() {
            self.waited += now.duration_since(since);
        }
        self.bytes = self.bytes.saturating_add(bytes as u64);
    }

    /// Whether the other side is waited for.
    pub const fn is_waiting(&self) -> bool {
        self.since.is_some()
    }

    /// When waiting becomes too much, while the other side is waited for.
    pub fn due(&self, pacing: Pacing) -> Option<Instant> {
        let since = self.since?;
        let earned = Duration::from_millis(
            self.bytes.saturating_mul(1_000) / pacing.bytes_per_second_min.get(),
        );
        let left = pacing.grace.saturating_add(earned);
        // What came fast buys no silence.
        let left = left.saturating_sub(self.waited).min(pacing.grace);
        Some(since + left)
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use super::*;

    const PACING: Pacing = Pacing {
        grace: Duration::from_secs(10),
        bytes_per_second_min: NonZeroU64::new(100).unwrap(),
    };

    #[test]
    fn nobody_is_late_who_is_not_waited_for() {
        let start = Instant::now();
        let mut pace = Pace::default();
        assert_eq!(pace.due(PACING), None);
        pace.waits(start);
        pace.moves(start + Duration::from_secs(1), 1);
        assert_eq!(pace.due(PACING), None);
    }

    #[test]
    fn silence_lasts_the_grace_and_no_more_wherever_it_comes() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.waits(start);
        // Asked again and again, it waits from the first time.
        pace.waits(start + Duration::from_secs(5));
        assert_eq!(pace.due(PACING), Some(start + Duration::from_secs(10)));
    }

    #[test]
    fn a_drop_each_second_is_late_in_the_end() {
        let start = Instant::now();
        let mut pace = Pace::default();
        let mut now = start;
        let late = (0..1_000).any(|_| {
            pace.waits(now);
            let next = now + Duration::from_secs(1);
            let late = pace.due(PACING).is_some_and(|due| due < next);
            pace.moves(next, 1);
            now = next;
            late
        });
        assert!(late);
        assert_eq!(now.duration_since(start), Duration::from_secs(11));
    }

    #[test]
    fn what_came_fast_buys_no_longer_silence() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.waits(start);
        pace.moves(start, 1_000_000);
        pace.waits(start);
        assert_eq!(pace.due(PACING), Some(start + PACING.grace));
    }

    #[test]
    fn a_slow_transfer_above_the_floor_goes_on_for_ever() {
        let mut now = Instant::now();
        let mut pace = Pace::default();
        for _ in 0..10_000 {
            pace.waits(now);
            now += Duration::from_secs(1);
            assert!(pace.due(PACING).is_some_and(|due| due >= now));
            pace.moves(now, 100);
        }
    }
}
