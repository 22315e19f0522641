//! The roster: the pupils of a school, as its last import left them.
//!
//! One revision guards it ([`Roster::revision`]): every write that changes who is on it or what is known of them (an
//! import, its undoing, a pupil made anonymous or erased) names the revision it was decided on and leaves the next.
//!
//! A link, an unlink or a settled request does *not* move that revision, or a plan could never be confirmed while
//! pupils arrive: it closes the undoing instead, by setting [`Roster::undoable`] to nothing in the same write
//! (table `rosters`, column `undoable_import_id`, before any other statement of that write).

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{ImportId, OrganizationId, StudentId};
use crate::ine::Ine;
use crate::names;
use crate::store::Revision;

pub mod source;
pub mod values;

pub mod reading;

pub mod cases;

pub mod changes;
mod doubles;
pub mod matching;
pub mod plan;
pub mod remarks;

pub mod applying;
pub mod due;
pub mod forgetting;
pub mod import;
pub mod reader;

pub mod export;
pub mod listing;

pub mod refusal;
pub mod store;
pub mod use_cases;

#[cfg(test)]
mod tests;

use matching::LostNumbers;
use reading::{Sex, StudentRow};

/// What stands before a pupil's id in place of an `ELEVE_ID` that the school gave to somebody else.
const NO_LONGER_THEIRS: &str = "former:";

/// A pupil on a school's roster. Nothing of them shows in `Debug` but the id.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Student {
    /// Their id here, kept through leaves and returns.
    pub id: StudentId,
    /// The school.
    pub organization_id: OrganizationId,
    /// `ELEVE_ID`, their number in that school's base, or what stands for one that is no longer theirs: see
    /// [`Student::number`]. Unique on the roster.
    pub eleve_id: String,
    /// The national number, once known. Unique on the roster.
    pub ine: Option<Ine>,
    /// Family name.
    pub last_name: String,
    /// Usage name.
    pub usage_name: Option<String>,
    /// First given name.
    pub first_name: String,
    /// Second and third given names, in order.
    pub other_first_names: Vec<String>,
    /// Civil date of birth.
    pub birthdate: Date,
    /// Sex, as SIECLE records it.
    pub sex: Option<Sex>,
    /// The class.
    pub division: String,
    /// `CODE_MEF`, 11 characters.
    pub mef: Option<String>,
    /// Whether they are there.
    pub presence: Presence,
}

impl fmt::Debug for Student {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Student")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Whether a pupil is in the school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "presence")]
pub enum Presence {
    /// There.
    Present {
        /// The day they will leave, when the school already knows it.
        leaves_on: Option<Date>,
    },
    /// Gone: a state, never a deletion. The account link is kept.
    Left {
        /// Since when.
        on: Date,
    },
}

impl Presence {
    /// Whether they are written as present. A leave that is due may not be written yet: who is there on a day is
    /// [`Presence::is_present_on`], or this on a roster [seen on that day](Roster::seen_on).
    pub const fn is_present(self) -> bool {
        matches!(self, Self::Present { .. })
    }
}

impl Student {
    /// A pupil of a file, entered on a school's roster.
    pub fn enrolled(id: StudentId, organization_id: OrganizationId, row: &StudentRow) -> Self {
        Self {
            id,
            organization_id,
            eleve_id: row.eleve_id.clone(),
            ine: row.ine.clone(),
            last_name: row.last_name.clone(),
            usage_name: row.usage_name.clone(),
            first_name: row.first_name.clone(),
            other_first_names: row.other_first_names.clone(),
            birthdate: row.birthdate,
            sex: row.sex,
            division: row.division.clone(),
            mef: row.mef.clone(),
            presence: Presence::Present {
                leaves_on: row.leaves_on,
            },
        }
    }

    /// The same pupil, present, as the file now says them. A known INE or sex that their row lacks stays, unless the file
    /// gives the INE to somebody else.
    #[must_use]
    pub fn rewritten(&self, row: &StudentRow, lost: LostNumbers) -> Self {
        let mut student = Self::enrolled(self.id, self.organization_id, row);
        if student.ine.is_none() && !lost.ine {
            student.ine.clone_from(&self.ine);
        }
        student.sex = student.sex.or(self.sex);
        student
    }

    /// The same pupil, without the numbers that the file gives to somebody else.
    #[must_use]
    pub fn without(&self, lost: LostNumbers) -> Self {
        let mut student = self.clone();
        if lost.ine {
            student.ine = None;
        }
        if lost.eleve_id {
            student.eleve_id = format!("{NO_LONGER_THEIRS}{}", self.id);
        }
        student
    }

    /// The number of their record in SIECLE: see [`number_of`].
    pub fn number(&self) -> Option<&str> {
        number_of(&self.eleve_id)
    }

    /// « Léa MARTIN (3E 2) », as a remark names somebody.
    pub(crate) fn full_name(&self) -> String {
        let (first, last) = (&self.first_name, &self.last_name);
        format!("{first} {last} ({})", self.division)
    }

    /// What the roster keeps beside a pupil to search them by (see [`names::search_key`]).
    pub fn search_key(&self) -> String {
        let mut parts = vec![self.last_name.as_str(), self.first_name.as_str()];
        parts.extend(self.usage_name.as_deref());
        parts.extend(self.other_first_names.iter().map(String::as_str));
        names::search_key(&parts)
    }

    /// What the roster sorts a pupil by: family name, then first name, folded.
    pub fn sort_key(&self) -> String {
        sort_key(&self.last_name, &self.first_name)
    }
}

/// The number that an `ELEVE_ID` of the roster is, to be shown. None once the school gave the pupil's to somebody else.
pub fn number_of(eleve_id: &str) -> Option<&str> {
    let theirs = !eleve_id.starts_with(NO_LONGER_THEIRS);
    theirs.then_some(eleve_id)
}

/// Characters of a family name, and of a first name, that order pupils: so much fits in an index. Names that differ later
/// only come in any order.
pub const SORT_NAME_CHARS_MAX: usize = 200;

/// Family name then first name, folded, [`SORT_NAME_CHARS_MAX`] of each. The tabulation puts « Le » before « Le Goff ».
pub fn sort_key(last_name: &str, first_name: &str) -> String {
    let part = |name: &str| -> String {
        let mut folded = names::fold_for_search(name);
        if let Some((end, _)) = folded.char_indices().nth(SORT_NAME_CHARS_MAX) {
            folded.truncate(end);
        }
        folded
    };
    format!("{}\t{}", part(last_name), part(first_name))
}

/// A school's roster, whole. A school that never imported has an empty one, at the first revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roster {
    /// The school.
    pub organization_id: OrganizationId,
    /// Present and departed pupils, those made anonymous excepted. The order means nothing.
    pub students: Vec<Student>,
    /// Guard of every change of the roster.
    pub revision: Revision,
    /// The import that the roster stands on. None: the next import is a first one.
    pub last_import: Option<LastImport>,
    /// The import that can still be undone.
    pub undoable: Option<ImportId>,
}

impl Roster {
    /// The roster of a school that never imported.
    pub fn empty(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            students: Vec::new(),
            revision: Revision::default(),
            last_import: None,
            undoable: None,
        }
    }

    /// Pupils who are there on a day.
    pub fn present(&self, on: Date) -> impl Iterator<Item = &Student> {
        self.students
            .iter()
            .filter(move |student| student.presence.is_present_on(on))
    }

    /// The roster without its pupils, on a day.
    pub fn summary(&self, on: Date) -> RosterSummary {
        RosterSummary {
            organization_id: self.organization_id,
            present: u32::try_from(self.present(on).count()).unwrap_or(u32::MAX),
            revision: self.revision,
            last_import: self.last_import,
            undoable: self.undoable,
        }
    }
}

impl RosterSummary {
    /// That of a school that never imported.
    pub const fn empty(organization_id: OrganizationId) -> Self {
        Self {
            organization_id,
            present: 0,
            revision: Revision(0),
            last_import: None,
            undoable: None,
        }
    }
}

/// What is said of a roster without reading its pupils.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RosterSummary {
    /// The school.
    pub organization_id: OrganizationId,
    /// Pupils who are there on the day it was asked for.
    pub present: u32,
    /// Guard of every change of the roster.
    pub revision: Revision,
    /// The import that the roster stands on.
    pub last_import: Option<LastImport>,
    /// The import that can still be undone.
    pub undoable: Option<ImportId>,
}

/// What the roster keeps of the import it stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastImport {
    /// Which.
    pub import_id: ImportId,
    /// First year of the file's school year.
    pub school_year: Option<i16>,
    /// The day of the export.
    pub exported_on: Option<Date>,
    /// When it was written.
    pub at: Timestamp,
}
