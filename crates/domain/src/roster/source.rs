//! Where a school's list of pupils comes from.

use crate::organization::Organization;

/// The system that a school exports its pupils from. Sentences about files name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RosterSource {
    /// The ministry of education's: an XML.
    Siecle,
    /// The ministry of agriculture's: a CSV.
    Fregata,
}

impl RosterSource {
    /// Every source.
    pub const ALL: &'static [Self] = &[Self::Siecle, Self::Fregata];

    /// The source of a school. Only SIECLE is read so far.
    pub const fn of(_: &Organization) -> Self {
        Self::Siecle
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
