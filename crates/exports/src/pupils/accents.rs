//! Accents that a tool destroyed: U+FFFD stands where a letter was, and nothing tells which.

use pix_orga_domain::roster::reading::{
    FileRefusal, FileRefusalCode, Reading, RejectionCode, WithheldBecause,
};
use pix_orga_domain::roster::values::Values;

use super::Pupil;
use crate::refusal::refuse;

/// Lines named of the pupils whose accents are lost.
const LINES_SHOWN_MAX: usize = 5;

/// The refusal of a file where what would be kept of a pupil has lost letters; `reading` names them all.
pub fn lost(present: &[Pupil<'_>], reading: &mut Reading) -> Option<FileRefusal> {
    let damaged: Vec<&Pupil<'_>> = present
        .iter()
        .filter(|pupil| pupil.has_lost_letters())
        .collect();
    let first = damaged.first()?;
    for pupil in &damaged {
        let code = RejectionCode::AccentsLost;
        reading.rejected.push(pupil.remark(code, Values::default()));
        reading
            .withheld
            .push(pupil.withheld(WithheldBecause::Rejected));
    }
    let lines: Vec<String> = damaged
        .iter()
        .take(LINES_SHOWN_MAX)
        .map(|pupil| pupil.line.to_string())
        .collect();
    let more = damaged.len() - lines.len();
    let values = Values::default()
        .with("count", damaged.len())
        .with("lines", lines)
        .with("more", more);
    Some(FileRefusal {
        line: Some(first.line),
        ..refuse(FileRefusalCode::AccentsLost, values)
    })
}

impl Pupil<'_> {
    fn has_lost_letters(&self) -> bool {
        let names = [&self.last_name, &self.usage_name, &self.first_name];
        names
            .into_iter()
            .chain(&self.other_first_names)
            .flatten()
            .map(AsRef::as_ref)
            .chain(self.class.shown())
            .any(|value| value.contains(char::REPLACEMENT_CHARACTER))
    }
}
