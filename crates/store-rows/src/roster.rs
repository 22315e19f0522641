//! Rosters without their pupils.

use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::roster::RosterSummary;
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::value::from_json;

/// A row of `rosters`.
pub struct RosterRecord {
    pub revision: i64,
    pub last_import: Option<String>,
    pub undoable: Option<Uuid>,
}

impl RosterRecord {
    /// The summary of a school's roster, whose present pupils were counted.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn summary(
        self,
        organization_id: OrganizationId,
        present: u32,
    ) -> Result<RosterSummary, Failure> {
        let last_import = self.last_import.as_deref();
        Ok(RosterSummary {
            organization_id,
            present,
            revision: Revision(self.revision),
            last_import: last_import
                .map(|text| from_json("rosters.last_import", text))
                .transpose()?,
            undoable: self.undoable.map(Into::into),
        })
    }
}
