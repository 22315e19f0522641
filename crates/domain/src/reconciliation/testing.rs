//! Students made in one line, for the tests beside.

use jiff::civil::{Date, date};
use uuid::Uuid;

use super::decision::{Attendance, Candidate, Claim};
use crate::ids::StudentId;

/// The birth date of everybody, unless a test says otherwise.
pub const BORN: Date = date(2012, 3, 5);

/// A present, unlinked student of 3A.
pub fn student(id: u128, last_name: &str, first_name: &str) -> Candidate {
    Candidate {
        student_id: StudentId(Uuid::from_u128(id)),
        number: None,
        ine: None,
        last_name: last_name.to_owned(),
        usage_name: None,
        first_name: first_name.to_owned(),
        other_first_names: vec![],
        birthdate: BORN,
        division: "3A".to_owned(),
        present: true,
        linked: false,
    }
}

/// A pupil of the class, in the school by the GAR's signature, who types [`BORN`].
pub fn claim(last_name: &str, first_name: &str, division: &str) -> Claim {
    Claim {
        last_name: last_name.to_owned(),
        first_name: first_name.to_owned(),
        divisions: vec![division.to_owned()],
        birthdate: BORN,
        attendance: Attendance::Signed,
    }
}
