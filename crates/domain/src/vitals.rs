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
    /// A newer program migrated it.
    Ahead,
}

impl Level {
    /// From the last migration the database has and the last one the program has, 0 for none.
    pub const fn of(found: i64, known: i64) -> Self {
        if found < known {
            Self::Behind
        } else if found > known {
            Self::Ahead
        } else {
            Self::Current
        }
    }

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Behind => "behind",
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
        for (found, known, level) in [
            (0, 6, Level::Behind),
            (5, 6, Level::Behind),
            (6, 6, Level::Current),
            (7, 6, Level::Ahead),
        ] {
            assert_eq!(Level::of(found, known), level);
        }
    }
}
