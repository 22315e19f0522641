//! What planning itself has to say: about the file as a whole, and about pupils who cannot be told apart.

use serde::{Deserialize, Serialize};

use super::Student;
use super::matching::Doubt;
use super::reading::{RejectionCode, Remark, StudentRow};
use super::values::Values;

/// What a person should know about a plan before they confirm it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlanRemark {
    /// The export is older than the one the roster stands on.
    OlderExport,
    /// The school year is before the one the roster stands on.
    SchoolYearBack,
    /// The file names no school, and finds fewer than half of the present pupils again.
    FewFound,
}

impl PlanRemark {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OlderExport => "older_export",
            Self::SchoolYearBack => "school_year_back",
            Self::FewFound => "few_found",
        }
    }
}

/// The rejection of a pupil who cannot be told from another.
pub fn identity_conflict(
    row: &StudentRow,
    doubt: Doubt,
    students: &[Student],
) -> Remark<RejectionCode> {
    Remark {
        code: RejectionCode::IdentityConflict,
        line: Some(row.line),
        eleve_id: Some(row.eleve_id.clone()),
        last_name: Some(row.last_name.clone()),
        first_name: Some(row.first_name.clone()),
        division: Some(row.division.clone()),
        values: match doubt {
            Doubt::NumberTwice => Values::of_case("number_twice"),
            Doubt::NumberAlone(other) => with_other("number_alone", students, other),
            Doubt::PerhapsTwin(other) => with_other("perhaps_twin", students, other),
            Doubt::Contested(other) => with_other("contested", students, other),
            Doubt::BetweenTwo(by_ine, by_eleve_id) => {
                let second = &students[by_ine];
                with_other("between_two", students, by_eleve_id)
                    .with("second", second.full_name())
                    .with("second_number", second.eleve_id.as_str())
            }
        },
    }
}

fn with_other(case: &'static str, students: &[Student], other: usize) -> Values {
    let other = &students[other];
    Values::of_case(case)
        .with("other", other.full_name())
        .with("other_number", other.eleve_id.as_str())
}
