//! Imports.

use jiff::Timestamp;
use pix_orga_domain::roster::import::Import;
use pix_orga_domain::store::{Failure, Revision};

use crate::value::from_json;

/// A row of `imports`: the body is the import as it was last stepped, the columns what a claim moves.
pub struct ImportRecord {
    pub attempts: i64,
    pub excused: i64,
    pub revision: i64,
    pub body: String,
}

impl ImportRecord {
    /// The import.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn import(self) -> Result<Import, Failure> {
        let import: Import = from_json("imports.body", &self.body)?;
        Ok(Import {
            attempts: u32::try_from(self.attempts).map_err(Failure::new)?,
            excused: u32::try_from(self.excused).map_err(Failure::new)?,
            revision: Revision(self.revision),
            ..import
        })
    }
}

/// When the last phase that is over was.
pub fn last_mark(import: &Import) -> Timestamp {
    let phases = import.phases;
    let later = phases.written.or(phases.compared).or(phases.checked);
    later.unwrap_or(phases.received).at
}
