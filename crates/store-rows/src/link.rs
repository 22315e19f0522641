//! Links between pupils' accounts and students, and what they are decided on.

use pix_orga_domain::ids::{LinkId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::reconciliation::decision::Candidate;
use pix_orga_domain::reconciliation::linking::StudentLink;
use pix_orga_domain::reconciliation::requests::SeenIdentity;
use pix_orga_domain::roster::number_of;
use pix_orga_domain::store::Failure;
use uuid::Uuid;

use crate::value::{day, from_json, instant, unreadable};

/// A row of `student_links`.
pub struct LinkRow {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub student_id: Uuid,
    pub pupil_id: Uuid,
    pub linked_at: i64,
    pub moved_from: Option<Uuid>,
}

impl LinkRow {
    /// The link.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<StudentLink, Failure> {
        Ok(StudentLink {
            id: LinkId(self.id),
            organization_id: OrganizationId(self.organization_id),
            student_id: StudentId(self.student_id),
            pupil_id: PupilId(self.pupil_id),
            linked_at: instant(self.linked_at)?,
            moved_from: self.moved_from.map(PupilId),
        })
    }
}

/// A student as the evidence compares them.
pub struct CandidateRow {
    pub id: Uuid,
    pub eleve_id: Option<String>,
    pub ine: Option<String>,
    pub last_name: String,
    pub usage_name: Option<String>,
    pub first_name: String,
    pub other_first_names: String,
    pub birthdate: String,
    pub division: String,
    pub present: bool,
    pub linked: bool,
}

impl CandidateRow {
    /// The student.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<Candidate, Failure> {
        Ok(Candidate {
            student_id: StudentId(self.id),
            number: self
                .eleve_id
                .as_deref()
                .and_then(number_of)
                .map(str::to_owned),
            ine: self.ine.as_deref().map(ine).transpose()?,
            last_name: self.last_name,
            usage_name: self.usage_name,
            first_name: self.first_name,
            other_first_names: from_json("students.other_first_names", &self.other_first_names)?,
            birthdate: day("students.birthdate", &self.birthdate)?,
            division: self.division,
            present: self.present,
            linked: self.linked,
        })
    }
}

/// Who an account is.
pub struct IdentityRow {
    pub pupil_id: Uuid,
    pub last_name: String,
    pub first_name: String,
    pub divisions: String,
    pub signed_in_at: i64,
}

impl IdentityRow {
    /// The identity.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<SeenIdentity, Failure> {
        Ok(SeenIdentity {
            pupil_id: PupilId(self.pupil_id),
            last_name: self.last_name,
            first_name: self.first_name,
            divisions: from_json("pupils.divisions", &self.divisions)?,
            signed_in_at: instant(self.signed_in_at)?,
        })
    }
}

/// A link that holds, with who its account is.
pub struct HeldLinkRow {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub student_id: Uuid,
    pub pupil_id: Uuid,
    pub linked_at: i64,
    pub moved_from: Option<Uuid>,
    pub last_name: String,
    pub first_name: String,
    pub divisions: String,
    pub signed_in_at: i64,
}

impl HeldLinkRow {
    /// The link, and who its account is.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<(StudentLink, SeenIdentity), Failure> {
        let link = LinkRow {
            id: self.id,
            organization_id: self.organization_id,
            student_id: self.student_id,
            pupil_id: self.pupil_id,
            linked_at: self.linked_at,
            moved_from: self.moved_from,
        };
        let identity = IdentityRow {
            pupil_id: self.pupil_id,
            last_name: self.last_name,
            first_name: self.first_name,
            divisions: self.divisions,
            signed_in_at: self.signed_in_at,
        };
        Ok((link.read()?, identity.read()?))
    }
}

/// A national number from its column.
///
/// # Errors
/// When a column holds what the program never writes.
pub fn ine(text: &str) -> Result<Ine, Failure> {
    Ine::parse(text).map_err(|_| unreadable("students.ine"))
}
