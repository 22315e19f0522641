//! Pupils' accounts.

use pix_orga_domain::ids::PupilId;
use pix_orga_domain::pupil::{Ido, PupilAccount};
use pix_orga_domain::reconciliation::carried::SignedIdentity;
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::value::{from_json, instant, unreadable};

/// A row of `pupils`.
pub struct PupilRow {
    pub id: Uuid,
    pub ido: String,
    pub last_name: String,
    pub first_name: String,
    pub divisions: String,
    pub uais: String,
    pub created_at: i64,
    pub signed_in_at: i64,
    pub revision: i64,
}

impl PupilRow {
    /// The account.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<PupilAccount, Failure> {
        Ok(PupilAccount {
            id: PupilId(self.id),
            ido: Ido::parse(&self.ido).map_err(|_| unreadable("pupils.ido"))?,
            signed: SignedIdentity {
                last_name: self.last_name,
                first_name: self.first_name,
                divisions: from_json("pupils.divisions", &self.divisions)?,
                uais: from_json("pupils.uais", &self.uais)?,
            },
            created_at: instant(self.created_at)?,
            signed_in_at: instant(self.signed_in_at)?,
            revision: Revision(self.revision),
        })
    }
}
