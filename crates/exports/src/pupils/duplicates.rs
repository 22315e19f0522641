//! Numbers that several pupils share. Pupils set aside are not looked at: they block nobody.

use std::collections::HashMap;

use pix_orga_domain::roster::values::Values;

use super::{Number, Pupil};

/// Lines shown of the pupils who share a number.
const LINES_SHOWN_MAX: usize = 5;

/// Each number and the lines of the pupils who bear it.
pub struct Duplicates<'a> {
    by_id: HashMap<&'a str, Vec<u32>>,
    by_ine: HashMap<&'a str, Vec<u32>>,
}

impl<'a> Duplicates<'a> {
    pub fn among(present: &'a [Pupil<'_>]) -> Self {
        let mut by_id: HashMap<&str, Vec<u32>> = HashMap::with_capacity(present.len());
        let mut by_ine: HashMap<&str, Vec<u32>> = HashMap::with_capacity(present.len());
        for pupil in present {
            if let Some(id) = &pupil.eleve_id {
                by_id.entry(id).or_default().push(pupil.line);
            }
            if let Number::Known(ine) = &pupil.ine {
                by_ine.entry(ine.as_str()).or_default().push(pupil.line);
            }
        }
        Self { by_id, by_ine }
    }

    /// Where the pupils who share this `ELEVE_ID` are, when there are several.
    pub fn of_id(&self, id: &str) -> Option<Values> {
        shared(self.by_id.get(id)?)
    }

    /// Where the pupils who share this INE are, when there are several.
    pub fn of_ine(&self, ine: &str) -> Option<Values> {
        shared(self.by_ine.get(ine)?)
    }
}

fn shared(lines: &[u32]) -> Option<Values> {
    if lines.len() < 2 {
        return None;
    }
    let shown: Vec<String> = lines
        .iter()
        .take(LINES_SHOWN_MAX)
        .map(u32::to_string)
        .collect();
    let more = lines.len() - shown.len();
    let values = Values::default().with("count", lines.len());
    Some(values.with("lines", shown).with("more", more))
}
