//! What planning itself has to say: about the file as a whole, and about pupils who cannot be told apart.

use serde::{Deserialize, Serialize};

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
}

impl PlanRemark {
    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OlderExport => "older_export",
            Self::SchoolYearBack => "school_year_back",
        }
    }
}

/// The rejection of a pupil who cannot be told from another.
pub fn identity_conflict(row: &StudentRow) -> Remark<RejectionCode> {
    Remark {
        code: RejectionCode::IdentityConflict,
        line: Some(row.line),
        eleve_id: Some(row.eleve_id.clone()),
        last_name: Some(row.last_name.clone()),
        first_name: Some(row.first_name.clone()),
        division: Some(row.division.clone()),
        values: Values::default(),
    }
}
