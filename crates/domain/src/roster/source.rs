//! Where a school's list of pupils comes from.

use serde::{Deserialize, Serialize};

use crate::organization::Organization;

/// The system that a school exports its pupils from. Sentences about files name it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RosterSource {
    /// The ministry of education's, an XML: collèges and lycées, private ones included, and those of other ministries.
    #[default]
    Siecle,
    /// The ministry of agriculture's, a CSV: agricultural lycées.
    Fregata,
}

impl RosterSource {
    /// Every source.
    pub const ALL: &'static [Self] = &[Self::Siecle, Self::Fregata];

    /// The source of a school. One that has no list of its own to give is told what SIECLE's is.
    pub fn of(school: &Organization) -> Self {
        school.student_system().unwrap_or_default()
    }

    /// Whether a file says which school it is of. Another's goes to the roster only once a person confirmed it.
    pub const fn names_its_school(self) -> bool {
        matches!(self, Self::Siecle)
    }

    /// The key of its texts.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Siecle => "siecle",
            Self::Fregata => "fregata",
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Siecle => "SIECLE",
            Self::Fregata => "Fregata",
        }
    }
}
