//! The time, asked for and never read.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ZonedDateTime};

/// How far ahead of ours the clock of another process may be. What was noted further in the future was noted by a clock
/// that has been set back since.
pub const CLOCKS_APART_MAX: SignedDuration = SignedDuration::from_mins(2);

/// Gives the current instant, in UTC.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// An instant as clocks in Europe/Paris show it.
pub fn in_paris(at: Timestamp) -> ZonedDateTime {
    let paris = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    at.to_zoned_datetime(paris)
}

/// The civil day in Europe/Paris at an instant: the day a school is in.
pub fn day_in_paris(now: Timestamp) -> Date {
    in_paris(now).date()
}

/// The first year of the school year a day is in. It starts on 1 August.
pub fn school_year(day: Date) -> i16 {
    const AUGUST: i8 = 8;
    if day.month() >= AUGUST {
        day.year()
    } else {
        day.year() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_day_is_the_one_in_paris() {
        let late: Timestamp = "2026-08-31T22:30:00Z".parse().unwrap();
        assert_eq!(day_in_paris(late), date(2026, 9, 1));
    }

    #[test]
    fn the_school_year_starts_in_august() {
        assert_eq!(school_year(date(2026, 7, 31)), 2025);
        assert_eq!(school_year(date(2026, 8, 1)), 2026);
    }
}
