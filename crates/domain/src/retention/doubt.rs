//! When the time itself is in doubt, nothing is forgotten: a clock that jumped would take names away before their time.

use jiff::{SignedDuration, Timestamp};

/// How long after the last turn the next one is still believed. A machine that was off for longer, or whose clock jumped
/// ahead, asks an operator: a jump of three months would make pupils anonymous who left today.
pub const LAST_TURN_AGE_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);
/// How far ahead of now the last turn may be: another process's clock is never exactly ours.
pub const LAST_TURN_AHEAD_MAX: SignedDuration = SignedDuration::from_mins(10);
/// How far apart the clocks of the database's machine and of ours may be.
pub const DATABASE_APART_MAX: SignedDuration = SignedDuration::from_mins(10);

/// Why the time is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The last turn is longer ago than [`LAST_TURN_AGE_MAX`]: the clock jumped ahead, or nothing ran meanwhile.
    LastTurnLongAgo {
        /// When the job last ran, by the clock of then.
        last: Timestamp,
    },
    /// The last turn is to come: the clock was set back, or was ahead then.
    LastTurnToCome {
        /// When the job last ran, by the clock of then.
        last: Timestamp,
    },
    /// The database's machine has another time than ours, by more than [`DATABASE_APART_MAX`].
    ClocksApart {
        /// The database's time.
        database: Timestamp,
    },
}

impl Doubt {
    /// Its stable code, as logs and metrics name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LastTurnLongAgo { .. } => "last_turn_long_ago",
            Self::LastTurnToCome { .. } => "last_turn_to_come",
            Self::ClocksApart { .. } => "clocks_apart",
        }
    }

    /// Judges the time `now`, beside the database's and the last turn's, none before the first one.
    pub fn about(now: Timestamp, database: Timestamp, last: Option<Timestamp>) -> Option<Self> {
        if database.duration_since(now).abs() > DATABASE_APART_MAX {
            return Some(Self::ClocksApart { database });
        }
        let last = last?;
        let age = now.duration_since(last);
        if age > LAST_TURN_AGE_MAX {
            Some(Self::LastTurnLongAgo { last })
        } else if age < -LAST_TURN_AHEAD_MAX {
            Some(Self::LastTurnToCome { last })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    const DAY: i64 = 24 * 3600;

    #[test]
    fn a_turn_is_believed_a_month_after_the_last_and_no_longer() {
        let (now, month) = (at(0), 31 * DAY);
        assert_eq!(Doubt::about(now, now, None), None);
        assert_eq!(Doubt::about(now, now, Some(at(-month))), None);
        let last = at(-month - 1);
        let long_ago = Some(Doubt::LastTurnLongAgo { last });
        assert_eq!(Doubt::about(now, now, Some(last)), long_ago);
    }

    #[test]
    fn a_last_turn_that_is_to_come_is_doubted() {
        let now = at(0);
        assert_eq!(Doubt::about(now, now, Some(at(600))), None);
        let last = at(601);
        let to_come = Some(Doubt::LastTurnToCome { last });
        assert_eq!(Doubt::about(now, now, Some(last)), to_come);
    }

    #[test]
    fn clocks_apart_are_doubted_on_either_side_whatever_the_last_turn() {
        for seconds in [-601, 601] {
            let database = at(seconds);
            let apart = Some(Doubt::ClocksApart { database });
            for last in [None, Some(at(-DAY))] {
                assert_eq!(Doubt::about(at(0), database, last), apart);
            }
        }
        assert_eq!(Doubt::about(at(0), at(-600), None), None);
    }

    proptest! {
        #[test]
        fn whoever_runs_each_day_is_never_doubted(days in 0_i64..3_000, late in 0_i64..DAY) {
            let now = at(days * DAY + late);
            prop_assert_eq!(Doubt::about(now, now, Some(at((days - 1) * DAY))), None);
        }
    }
}
