//! What operators watch: whether the database answers, and the work that waits in it. Counts and ages alone: nothing
//! here says whose.

use jiff::Timestamp;

pub mod store;
pub mod use_cases;

/// How the database's schema stands beside the program's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The same: the program can serve.
    Current,
    /// The program has migrations that the database has not.
    Behind,
    /// A newer program migrated it, and its migrations say that this one may work beside them.
    Beside,
    /// A newer program migrated it, and this one would damage it.
    Ahead,
}

impl Level {
    /// From the last migration the database has and the last one the program has, 0 for none. `lowest` is what the
    /// schema says of itself: the last migration of the oldest program that may work with it. A schema that says nothing
    /// is for its own program alone.
    ///
    /// ```
    /// use pix_orga_domain::vitals::Level;
    ///
    /// assert_eq!(Level::of(21, 20, Some(19)), Level::Beside);
    /// assert_eq!(Level::of(21, 20, Some(21)), Level::Ahead);
    /// ```
    pub const fn of(found: i64, known: i64, lowest: Option<i64>) -> Self {
        if found < known {
            return Self::Behind;
        }
        if found == known {
            return Self::Current;
        }
        match lowest {
            Some(lowest) if lowest <= known => Self::Beside,
            _ => Self::Ahead,
        }
    }

    /// Whether a program can serve on such a database.
    pub const fn serves(self) -> bool {
        matches!(self, Self::Current | Self::Beside)
    }

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Behind => "behind",
            Self::Beside => "beside",
            Self::Ahead => "ahead",
        }
    }
}

/// Whether the database takes writes now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// It does.
    Accepted,
    /// It only reads: a standby, or an operator said so.
    ReadOnly,
    /// It answers, and many calls fail all the same, or the last writes did: no room, for one.
    Failing,
}

impl Writing {
    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "database_writable",
            Self::ReadOnly => "database_read_only",
            Self::Failing => "database_failing",
        }
    }
}

/// Imports that are open, in one phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenImports {
    /// The phase's stable name: `received`, `checked`, `compared`, `waiting`.
    pub phase: String,
    /// How many.
    pub count: u64,
    /// When the oldest was received.
    pub oldest: Timestamp,
}

/// A process's connections to its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connections {
    /// Open, at work or not.
    pub open: u32,
    /// Open and waiting for work.
    pub idle: u32,
    /// Open at most.
    pub max: u32,
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn a_database_is_behind_its_program_ahead_of_it_or_current() {
        for (found, known, lowest, level) in [
            (0, 6, None, Level::Behind),
            (5, 6, Some(5), Level::Behind),
            (6, 6, None, Level::Current),
            (6, 6, Some(6), Level::Current),
            (7, 6, None, Level::Ahead),
            (7, 6, Some(7), Level::Ahead),
            (7, 6, Some(6), Level::Beside),
            (9, 6, Some(2), Level::Beside),
        ] {
            assert_eq!(Level::of(found, known, lowest), level);
            assert_eq!(
                level.serves(),
                matches!(level, Level::Current | Level::Beside)
            );
        }
    }
}
