//! What `roster check` answers: a reading or its refusal, as JSON for scripts and as a French report for people.

use pix_orga_domain::roster::reading::{
    FileFacts, FileRefusal, Reading, RejectionCode, Remark, SetAsideCode, StudentRow, WarningCode,
};
use pix_orga_domain::uai::Uai;
use serde::Serialize;

mod report;

/// The answer as one JSON object. Its fields are a contract, in this order; absent values are `null`.
#[derive(Serialize)]
pub struct Answer<'a> {
    accepted: bool,
    refusal: Option<Refusal<'a>>,
    file: &'a FileFacts,
    students: &'a [StudentRow],
    set_aside: &'a [Remark<SetAsideCode>],
    rejected: &'a [Remark<RejectionCode>],
    warnings: &'a [Remark<WarningCode>],
}

#[derive(Serialize)]
struct Refusal<'a> {
    code: &'static str,
    line: Option<u32>,
    column: Option<u32>,
    message: &'a str,
    /// For `uai_mismatch` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_uai: Option<Uai>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found_uai: Option<&'a str>,
}

const NOTHING_KNOWN: FileFacts = FileFacts {
    uai: None,
    school_year: None,
    exported_on: None,
    encoding: None,
    version: None,
};

/// The answer to serialize.
pub fn to_json(outcome: &Result<Reading, FileRefusal>) -> Answer<'_> {
    let (refusal, reading) = match outcome {
        Ok(reading) => (None, Some(reading)),
        Err(refusal) => (Some(refusal), refusal.partial.as_deref()),
    };
    Answer {
        accepted: refusal.is_none(),
        refusal: refusal.map(|refusal| Refusal {
            code: refusal.code.code(),
            line: refusal.line,
            column: refusal.column,
            message: &refusal.message,
            expected_uai: refusal.expected_uai,
            found_uai: refusal.found_uai.as_deref(),
        }),
        file: reading.map_or(&NOTHING_KNOWN, |reading| &reading.file),
        students: reading.map_or(&[], |reading| &reading.students),
        set_aside: reading.map_or(&[], |reading| &reading.set_aside),
        rejected: reading.map_or(&[], |reading| &reading.rejected),
        warnings: reading.map_or(&[], |reading| &reading.warnings),
    }
}

/// The answer as a report in French, a line for each remark, with what to do next.
pub fn to_text(outcome: &Result<Reading, FileRefusal>) -> String {
    report::write(outcome)
}
