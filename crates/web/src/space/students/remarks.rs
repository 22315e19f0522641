//! Remarks and file facts, as the plan and the report show them.

use pix_orga_domain::roster::import::Import;
use pix_orga_domain::roster::reading::{Coded, Remark};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_remarks::sentence;

use crate::problem::Problem;
use crate::texts::text;
use crate::views::{long_day, long_instant};
use crate::visitor::Space;

/// Lines of each list that the page shows; the file of lines has them all.
pub const SHOWN_MAX: usize = 200;

/// A remark about a pupil.
pub struct RemarkLine {
    /// Its line in the file, or a dash.
    pub line: String,
    /// Family name.
    pub last_name: String,
    /// First name.
    pub first_name: String,
    /// Class.
    pub division: String,
    /// What was found and what to do.
    pub message: String,
}

/// What the file says of itself, and who sent it.
pub struct FileLine {
    /// Its name.
    pub name: String,
    /// The school, when the file names it.
    pub uai: String,
    /// Such as « 2025-2026 », when the file says it.
    pub school_year: String,
    /// The day of the export, when the file says it.
    pub exported_on: String,
    /// Who sent it.
    pub sent_by: String,
    /// When.
    pub sent_at: String,
}

impl RemarkLine {
    /// A remark, in French.
    pub fn of<C: Coded>(remark: &Remark<C>, source: RosterSource) -> Self {
        let known = |value: &Option<String>| value.clone().unwrap_or_default();
        Self {
            line: remark
                .line
                .map_or_else(|| "–".to_owned(), |line| line.to_string()),
            last_name: known(&remark.last_name),
            first_name: known(&remark.first_name),
            division: known(&remark.division),
            message: sentence(remark, source),
        }
    }
}

/// The first remarks of a list.
pub fn shown<C: Coded>(remarks: &[Remark<C>], source: RosterSource) -> Vec<RemarkLine> {
    remarks
        .iter()
        .take(SHOWN_MAX)
        .map(|remark| RemarkLine::of(remark, source))
        .collect()
}

/// What a file was called, unless its name was forgotten or never said.
pub fn file_name(import: &Import) -> String {
    let name = Some(import.file_name.as_str()).filter(|name| !name.is_empty());
    name.map_or_else(|| text("unknown"), str::to_owned)
}

/// The facts of an import's file.
///
/// # Errors
/// When the store fails.
pub async fn file_line(space: &Space, import: &Import) -> Result<FileLine, Problem> {
    let unknown = || text("unknown");
    let facts = import.file.clone().unwrap_or_default();
    let sender = space.visitor.app.accounts.find(import.by).await?;
    Ok(FileLine {
        name: file_name(import),
        uai: facts.uai.map_or_else(String::new, |uai| uai.to_string()),
        school_year: facts
            .school_year
            .map_or_else(String::new, |year| format!("{year}-{}", year + 1)),
        exported_on: facts.exported_on.map_or_else(String::new, long_day),
        sent_by: sender.map_or_else(unknown, |account| account.full_name()),
        sent_at: long_instant(import.phases.received.at),
    })
}

#[cfg(test)]
pub mod samples;
