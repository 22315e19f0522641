//! SIECLE exports of fictitious schools: « Élèves sans adresse », this term's and the next one's, and the wrong files
//! that schools upload in their place.
//!
//! ```
//! use jiff::civil::date;
//! use pix_orga_demo::{schools, siecle::{Generator, SchoolSpec}};
//!
//! let spec = SchoolSpec::of(&schools::all()[0]);
//! let school = Generator::new(1).generate(&spec, 300, 2026, date(2026, 10, 5));
//! assert_eq!(school.pupils.len(), 300);
//! let later = Generator::new(1).next_export(&school, date(2026, 11, 9));
//! let zip = later.school.to_zip_bytes()?;
//! # assert!(zip.starts_with(b"PK"));
//! # Ok::<(), std::io::Error>(())
//! ```

use std::fmt;

use jiff::civil::Date;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::ine::Ine;
use pix_orga_domain::reconciliation::decision::Candidate;
use pix_orga_domain::roster::reading::Sex;
use pix_orga_domain::uai::Uai;

use crate::schools::{FictitiousSchool, SchoolKind};

mod generate;
mod ledger;
mod levels;
mod names;
mod next;
mod person;
mod wrong;
mod xml;

pub(crate) use names::{first_name as any_first_name, last_name as any_last_name};
pub use next::NextExport;
pub use wrong::{BLANKS_BYTES, WrongFile};
pub use xml::{MEMBER_NAME, XML_NAME, ZIP_NAME};
pub(crate) use xml::{written_first_name, zip_of};

/// The class that SIECLE gives to pupils who are not there.
pub const INACTIVE_DIVISION: &str = "Inactifs";

/// The school whose export is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchoolSpec {
    /// Its national number, `UAJ` in the file.
    pub uai: Uai,
    /// What it teaches.
    pub kind: SchoolKind,
}

impl SchoolSpec {
    /// A fictitious school's.
    pub fn of(school: &FictitiousSchool) -> Self {
        Self {
            uai: school.uai,
            kind: school.kind,
        }
    }
}

/// Makes exports. The same seed gives the same pupils, to the byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generator {
    seed: u64,
}

impl Generator {
    /// A generator that draws everything from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// A school of exactly `pupils` pupils, as exported on `exported_on`. `school_year` is its first year: 2026 is
    /// 2026-27. Some of the pupils have left, are inactive or have no class yet: see [`School::present`].
    pub fn generate(
        self,
        spec: &SchoolSpec,
        pupils: usize,
        school_year: i16,
        exported_on: Date,
    ) -> School {
        generate::school(self.seed, spec, pupils, school_year, exported_on)
    }

    /// The same school's export of a later day: pupils came, changed class or name, left. When `exported_on` is not
    /// later than the previous export, the day after that one is used.
    pub fn next_export(self, school: &School, exported_on: Date) -> NextExport {
        next::export(self.seed, school, exported_on)
    }
}

/// A school and its pupils on the day of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct School {
    /// Whose export it is.
    pub spec: SchoolSpec,
    /// First year of the school year: 2026 is 2026-27.
    pub school_year: i16,
    /// `DATE_EXPORT`.
    pub exported_on: Date,
    /// Every pupil of the file, in its order.
    pub pupils: Vec<GeneratedPupil>,
    divisions: Vec<levels::Division>,
    ledger: ledger::Ledger,
}

impl School {
    /// The pupils a reader keeps: neither gone, nor inactive, nor without a class.
    pub fn present(&self) -> impl Iterator<Item = &GeneratedPupil> {
        self.pupils
            .iter()
            .filter(|pupil| pupil.standing.is_present())
    }

    /// The codes of the school's classes, such as `6EME A`, level by level.
    pub fn divisions(&self) -> impl Iterator<Item = &str> {
        self.divisions.iter().map(|division| division.code.as_str())
    }
}

/// What the export says of a pupil's presence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There, in a class.
    Present,
    /// There until this day, on or after the day of the export.
    Leaving(Date),
    /// Gone since this day, before the day of the export; the class is often still written.
    Left(Date),
    /// In the class [`INACTIVE_DIVISION`].
    Inactive,
    /// No class yet.
    Unassigned,
}

impl Standing {
    /// Whether a reader keeps the pupil.
    pub const fn is_present(self) -> bool {
        matches!(self, Self::Present | Self::Leaving(_))
    }
}

/// A pupil who does not exist, with all that a sign-in needs. Names never show in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct GeneratedPupil {
    /// `ELEVE_ID`: the pupil's number in the school's base.
    pub eleve_id: String,
    /// `ELENOET`.
    pub elenoet: u32,
    /// The national number, or nothing when the pupil is not registered yet.
    pub ine: Option<Ine>,
    /// `NOM_DE_FAMILLE`, in capitals, such as `LE GALL`.
    pub last_name: String,
    /// `NOM_USAGE`, in capitals.
    pub usage_name: Option<String>,
    /// `PRENOM`, as it should be written, such as `Hélène`, even where the file damages it.
    pub first_name: String,
    /// `PRENOM2` and `PRENOM3`.
    pub other_first_names: Vec<String>,
    /// Civil date of birth.
    pub birthdate: Date,
    /// `CODE_SEXE`.
    pub sex: Sex,
    /// The class, at most 8 characters; nothing for a pupil without one.
    pub division: Option<String>,
    /// Groups, at most 8 characters each.
    pub groups: Vec<String>,
    /// `CODE_MEF`, 11 characters.
    pub mef: String,
    /// Whether the pupil is there.
    pub standing: Standing,
    /// The identifier the GAR would give: 128 hexadecimal characters, the same in every export of the school.
    pub ido: String,
    /// Whether the file writes the first name damaged, as `HÃ©lÃšne`.
    pub damaged: bool,
    pub(crate) file: person::FileOnly,
}

impl GeneratedPupil {
    /// The name in use, which is what the GAR's `NOM` carries: the usage name if there is one.
    pub fn usual_name(&self) -> &str {
        self.usage_name.as_deref().unwrap_or(&self.last_name)
    }

    /// The student that this pupil is once the list is imported, present and linked to nobody.
    pub fn candidate(&self, id: StudentId) -> Candidate {
        Candidate {
            student_id: id,
            number: Some(self.eleve_id.clone()),
            ine: self.ine.clone(),
            last_name: self.last_name.clone(),
            usage_name: self.usage_name.clone(),
            first_name: self.first_name.clone(),
            other_first_names: self.other_first_names.clone(),
            birthdate: self.birthdate,
            division: self.division.clone().unwrap_or_default(),
            present: true,
            linked: false,
        }
    }
}

impl fmt::Debug for GeneratedPupil {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GeneratedPupil")
            .field("elenoet", &self.elenoet)
            .finish_non_exhaustive()
    }
}
