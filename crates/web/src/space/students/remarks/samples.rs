//! What the samples of imports say of a file and of a pupil.

use super::{FileLine, RemarkLine};
use crate::samples::AWKWARD;

/// A file.
pub fn file() -> FileLine {
    FileLine {
        name: AWKWARD.to_owned(),
        uai: AWKWARD.to_owned(),
        school_year: "2026-2027".to_owned(),
        exported_on: "31 août 2026".to_owned(),
        sent_by: AWKWARD.to_owned(),
        sent_at: "1er septembre 2026 à 10 h 00".to_owned(),
    }
}

/// A remark.
pub fn remark() -> RemarkLine {
    RemarkLine {
        line: "1234".to_owned(),
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        division: AWKWARD.to_owned(),
        message: AWKWARD.to_owned(),
    }
}
