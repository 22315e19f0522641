//! How often a pupil may try a birth date, so that nobody learns one by trying them all.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::clock::day_in_paris;
use crate::ids::{OrganizationId, PupilId};

/// Tries that found nobody, in one day of Paris, for one identity.
pub const TRIES_PER_DAY_MAX: u32 = 5;
/// Tries that found nobody, in all, for one identity. After that only a person links them.
pub const TRIES_MAX: u32 = 10;
/// Tries that found nobody in one school within [`ALARM_WINDOW`]: somebody may be guessing.
pub const ALARM_MISSES_MIN: u32 = 100;
/// How far back the alarm looks.
pub const ALARM_WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// What an identity tried so far, in every school.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    /// All of them: the guard of the next one.
    pub made: u32,
    /// Those that found nobody.
    pub missed: u32,
    /// Those of the day that found nobody.
    pub missed_today: u32,
}

/// One more try. Its rank guards it: two at once cannot both be the fifth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Try {
    /// Who.
    pub pupil_id: PupilId,
    /// In which school.
    pub organization_id: OrganizationId,
    /// Its rank among the identity's tries, from 1 (constraint `pupil_attempts_rank`).
    pub rank: u32,
    /// Whether it found nobody.
    pub missed: bool,
    /// When.
    pub at: Timestamp,
}

/// Why one may not try now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exhausted {
    /// Until tomorrow.
    Today,
    /// For good.
    Forever,
}

impl Tries {
    /// How many more may find nobody today.
    pub fn left(&self) -> u32 {
        let in_all = TRIES_MAX.saturating_sub(self.missed);
        TRIES_PER_DAY_MAX
            .saturating_sub(self.missed_today)
            .min(in_all)
    }

    /// Whether one may try now.
    ///
    /// # Errors
    /// [`Exhausted`], for good before until tomorrow.
    pub fn allow(&self) -> Result<(), Exhausted> {
        if self.missed >= TRIES_MAX {
            Err(Exhausted::Forever)
        } else if self.missed_today >= TRIES_PER_DAY_MAX {
            Err(Exhausted::Today)
        } else {
            Ok(())
        }
    }

    /// The next try.
    pub fn next(
        &self,
        pupil_id: PupilId,
        organization_id: OrganizationId,
        missed: bool,
        at: Timestamp,
    ) -> Try {
        Try {
            pupil_id,
            organization_id,
            rank: self.made + 1,
            missed,
            at,
        }
    }
}

/// Since when the misses of a school count for its alarm.
pub fn alarm_since(now: Timestamp) -> Timestamp {
    now.saturating_sub(ALARM_WINDOW)
        .unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Whether so many misses of a school since [`alarm_since`] are an alarm.
pub const fn alarms(misses: u32) -> bool {
    misses >= ALARM_MISSES_MIN
}

/// When the day of an instant began in Paris.
pub fn day_began(now: Timestamp) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    day_in_paris(now)
        .to_datetime(Time::midnight())
        .to_zoned_datetime(paris)
        .map_or(now, |midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_day_begins_at_midnight_in_paris() {
        let summer: Timestamp = "2026-08-31T22:30:00Z".parse().unwrap();
        assert_eq!(day_began(summer), "2026-08-31T22:00:00Z".parse().unwrap());
        let winter: Timestamp = "2026-12-31T22:59:59Z".parse().unwrap();
        assert_eq!(day_began(winter), "2026-12-30T23:00:00Z".parse().unwrap());
    }

    proptest! {
        #[test]
        fn one_may_try_exactly_while_some_are_left(missed in 0_u32..15, today in 0_u32..15) {
            let tries = Tries { made: missed, missed, missed_today: today.min(missed) };
            prop_assert_eq!(tries.allow().is_ok(), tries.left() > 0);
            prop_assert!(tries.left() <= TRIES_PER_DAY_MAX);
        }
    }
}
