//! What `roster check` answers: a reading or its refusal, as JSON for scripts and as a French report for people.

use pix_orga_domain::roster::reading::{
    Coded, FileFacts, FileRefusal, FileRefusalCode, Reading, Remark, StudentRow,
};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::uai::Uai;
use serde::Serialize;

use crate::{refusal_sentence, sentence};

mod report;

/// The answer as one JSON object. Its fields are a contract, in this order; absent values are `null`.
#[derive(Serialize)]
pub struct Answer<'a> {
    accepted: bool,
    refusal: Option<Refusal<'a>>,
    file: &'a FileFacts,
    students: &'a [StudentRow],
    set_aside: Vec<Said<'a>>,
    rejected: Vec<Said<'a>>,
    warnings: Vec<Said<'a>>,
}

#[derive(Serialize)]
struct Refusal<'a> {
    code: &'static str,
    line: Option<u32>,
    column: Option<u32>,
    message: String,
    /// For `uai_mismatch` alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    expected_uai: Option<Uai>,
    #[serde(skip_serializing_if = "Option::is_none")]
    found_uai: Option<&'a str>,
}

/// A remark with its sentence.
#[derive(Serialize)]
struct Said<'a> {
    code: &'static str,
    line: Option<u32>,
    eleve_id: Option<&'a str>,
    last_name: Option<&'a str>,
    first_name: Option<&'a str>,
    division: Option<&'a str>,
    message: String,
}

const NOTHING_KNOWN: FileFacts = FileFacts {
    uai: None,
    school_year: None,
    exported_on: None,
    encoding: None,
    version: None,
};

/// The answer to serialize.
pub fn to_json(outcome: &Result<Reading, FileRefusal>, source: RosterSource) -> Answer<'_> {
    let (refusal, reading) = match outcome {
        Ok(reading) => (None, Some(reading)),
        Err(refusal) => (Some(refusal), refusal.partial.as_deref()),
    };
    // A program reads lists of a refused file for one refusal alone; the text names the pupils of the others.
    let listed = reading
        .filter(|_| refusal.is_none_or(|refusal| refusal.code == FileRefusalCode::NoStudent));
    Answer {
        accepted: refusal.is_none(),
        refusal: refusal.map(|refusal| Refusal {
            code: refusal.code.code(),
            line: refusal.line,
            column: refusal.column,
            message: plain(&refusal_sentence(refusal, source)),
            expected_uai: refusal.expected_uai,
            found_uai: refusal.found_uai.as_deref(),
        }),
        file: reading.map_or(&NOTHING_KNOWN, |reading| &reading.file),
        students: listed.map_or(&[], |reading| &reading.students),
        set_aside: listed.map_or_else(Vec::new, |reading| said(&reading.set_aside, source)),
        rejected: listed.map_or_else(Vec::new, |reading| said(&reading.rejected, source)),
        warnings: listed.map_or_else(Vec::new, |reading| said(&reading.warnings, source)),
    }
}

fn said<C: Coded>(remarks: &[Remark<C>], source: RosterSource) -> Vec<Said<'_>> {
    remarks
        .iter()
        .map(|remark| Said {
            code: remark.code.code(),
            line: remark.line,
            eleve_id: remark.eleve_id.as_deref(),
            last_name: remark.last_name.as_deref(),
            first_name: remark.first_name.as_deref(),
            division: remark.division.as_deref(),
            message: plain(&sentence(remark, source)),
        })
        .collect()
}

/// The answer as a report in French, a line for each remark, with what to do next.
pub fn to_text(outcome: &Result<Reading, FileRefusal>, source: RosterSource) -> String {
    plain(&report::write(outcome, source))
}

/// No line breaks in a terminal's or a script's sentence: spaces are plain there.
fn plain(text: &str) -> String {
    text.replace('\u{A0}', " ")
}
