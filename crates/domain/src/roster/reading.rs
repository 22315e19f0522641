//! What reading a SIECLE export gives: rows and remarks, or one refusal of the whole file.
//!
//! The `siecle` crate makes these values; planning, `roster check` and the pages use them. Codes and their meaning
//! are those of the export's specification (`docs/reference/siecle.md`). None holds a sentence: the `remarks` crate
//! makes it when it is shown, from the code and the values.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::source::RosterSource;
use super::values::Values;
use crate::ine::Ine;
use crate::organization::replacement::StrangeNumber;
use crate::uai::Uai;

/// A file as read: its facts, the pupils to keep, and a remark for each thing a person should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reading {
    /// The system that the file comes from. Readings staged before there were two are SIECLE's.
    #[serde(default)]
    pub source: RosterSource,
    /// What the file says of itself.
    pub file: FileFacts,
    /// The pupils present, in file order.
    pub students: Vec<StudentRow>,
    /// Pupils who are normally not imported: gone, without a class, inactive.
    pub set_aside: Vec<Remark<SetAsideCode>>,
    /// Pupils who cannot be imported as they are written. One entry for each fault.
    pub rejected: Vec<Remark<RejectionCode>>,
    /// What was understood, but should be known.
    pub warnings: Vec<Remark<WarningCode>>,
    /// Everybody set aside or rejected, one entry each, so that planning does not take them for absent.
    #[serde(default)]
    pub withheld: Vec<Withheld>,
}

impl Reading {
    /// How many pupils are rejected: each counts once, whatever their faults.
    pub fn count_rejected(&self) -> usize {
        let rejected = |pupil: &&Withheld| pupil.because == WithheldBecause::Rejected;
        self.withheld.iter().filter(rejected).count()
    }
}

/// A pupil of the file who is not among its students: what identifies them, as far as it could be read. It never
/// shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    /// Why.
    pub because: WithheldBecause,
    /// The pupil's number in the school's base.
    pub eleve_id: Option<String>,
    /// The national number, when well-formed.
    pub ine: Option<Ine>,
    /// Family name.
    pub last_name: Option<String>,
    /// First name.
    pub first_name: Option<String>,
    /// Date of birth, when it is one.
    pub birthdate: Option<Date>,
}

/// Why a pupil of the file is not among its students.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WithheldBecause {
    /// Set aside as `left`, on that day.
    Left(Date),
    /// Set aside as `no_division`.
    NoDivision,
    /// Set aside as `inactive`.
    Inactive,
    /// Rejected.
    Rejected,
}

impl fmt::Debug for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Withheld")
            .field("because", &self.because)
            .finish_non_exhaustive()
    }
}

/// What the file says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFacts {
    /// The school, `UAJ` in a SIECLE file. Fregata names none.
    pub uai: Option<Uai>,
    /// First year of the school year: 2025 is 2025-26.
    pub school_year: Option<i16>,
    /// The day of the export.
    pub exported_on: Option<Date>,
    /// The name of the encoding used, such as `ISO-8859-15`.
    pub encoding: Option<String>,
    /// The root's `VERSION`, informational.
    pub version: Option<String>,
}

/// One pupil of the file. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentRow {
    /// `ELEVE_ID`: the pupil's number in that school's base, stable there, not national.
    pub eleve_id: String,
    /// The national number, when well-formed.
    pub ine: Option<Ine>,
    /// Family name (`NOM_DE_FAMILLE`).
    pub last_name: String,
    /// Usage name (`NOM_USAGE`).
    pub usage_name: Option<String>,
    /// First given name (`PRENOM`).
    pub first_name: String,
    /// Second and third given names, in order.
    pub other_first_names: Vec<String>,
    /// Civil date of birth.
    pub birthdate: Date,
    /// `CODE_SEXE`.
    pub sex: Option<Sex>,
    /// The class (`STRUCTURE` of type `D`), at most 8 characters in real files.
    pub division: String,
    /// `CODE_MEF`, 11 characters.
    pub mef: Option<String>,
    /// A coming day of leave (`DATE_SORTIE` on or after the reference day).
    pub leaves_on: Option<Date>,
    /// The line of the pupil's element in the file, from 1.
    pub line: u32,
}

impl StudentRow {
    /// Whether the pupil has an INE and no other number: a base that numbers nobody gives it in place of `ELEVE_ID`.
    pub(crate) fn has_one_number(&self) -> bool {
        let ine = self.ine.as_ref();
        ine.is_some_and(|ine| ine.as_str() == self.eleve_id)
    }

    /// « Léa MARTIN (3E 2) », as a remark names somebody.
    pub(crate) fn full_name(&self) -> String {
        let (first, last) = (&self.first_name, &self.last_name);
        format!("{first} {last} ({})", self.division)
    }
}

impl fmt::Debug for StudentRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StudentRow")
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

/// Sex as SIECLE records it: `CODE_SEXE` 2 is F, 1 is M.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sex {
    /// A girl.
    F,
    /// A boy.
    M,
}

/// A remark about a pupil, or about the file when nothing names a pupil. It never shows names in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remark<C> {
    /// Its stable code.
    pub code: C,
    /// The line in the file, from 1.
    pub line: Option<u32>,
    /// The pupil's number in the school's base, where known.
    pub eleve_id: Option<String>,
    /// Family name, where known.
    pub last_name: Option<String>,
    /// First name, where known.
    pub first_name: Option<String>,
    /// Class, where known.
    pub division: Option<String>,
    /// What it names besides. `message` is the sentence that was stored in their place before there were values.
    #[serde(default, alias = "message")]
    pub values: Values,
}

/// What has a stable code.
pub trait Coded {
    /// The stable code, such as `ine_missing`.
    fn code(&self) -> &'static str;
}

impl<C: fmt::Debug> fmt::Debug for Remark<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remark")
            .field("code", &self.code)
            .field("line", &self.line)
            .finish_non_exhaustive()
    }
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $code)] $variant,)*
        }

        impl $name {
            /// Every code, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The stable code.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }

        impl Coded for $name {
            fn code(&self) -> &'static str {
                (*self).code()
            }
        }
    };
}

codes! {
    /// Why a pupil is normally not imported.
    SetAsideCode {
        /// `DATE_SORTIE` is before the reference day.
        Left = "left",
        /// The file gives the pupil no class.
        NoDivision = "no_division",
        /// The class is « Inactifs ».
        Inactive = "inactive",
    }
}

codes! {
    /// Why a pupil cannot be imported as written.
    RejectionCode {
        /// No `ELEVE_ID`.
        EleveIdMissing = "eleve_id_missing",
        /// Several pupils have this `ELEVE_ID`.
        EleveIdDuplicate = "eleve_id_duplicate",
        /// Several pupils have this INE.
        IneDuplicate = "ine_duplicate",
        /// No family name.
        LastNameMissing = "last_name_missing",
        /// No first name.
        FirstNameMissing = "first_name_missing",
        /// No date of birth.
        BirthdateMissing = "birthdate_missing",
        /// The date of birth is not a real day, is to come, or is before 1900.
        BirthdateInvalid = "birthdate_invalid",
        /// Letters of a name or of the class are lost (U+FFFD). The whole file is refused for it.
        AccentsLost = "accents_lost",
        /// The row of a CSV does not have the header's cells, or its number cannot be one.
        RowShape = "row_shape",
        /// The roster knows another pupil under this number. Found while planning, never while reading.
        IdentityConflict = "identity_conflict",
    }
}

codes! {
    /// What was understood, but should be known.
    WarningCode {
        /// No national number yet.
        IneMissing = "ine_missing",
        /// The national number has no known shape: quoted, not kept.
        IneShape = "ine_shape",
        /// `CODE_SEXE` is neither 1 nor 2.
        SexUnknown = "sex_unknown",
        /// `DATE_SORTIE` is not a day.
        LeaveDateUnreadable = "leave_date_unreadable",
        /// A reason to leave, and no `DATE_SORTIE`: the pupil is present.
        LeaveDateMissing = "leave_date_missing",
        /// Several classes: the last that is not « Inactifs » is kept.
        SeveralDivisions = "several_divisions",
        /// A damaged name was repaired.
        NameRepaired = "name_repaired",
        /// The bytes are not in the encoding the file declares.
        EncodingMismatch = "encoding_mismatch",
        /// Dates are not written as the export writes them: another tool saved the file. Said once.
        DatesRewritten = "dates_rewritten",
        /// The export has addresses: they are not kept.
        AddressesDropped = "addresses_dropped",
        /// The school year is not the expected one.
        SchoolYearUnexpected = "school_year_unexpected",
        /// Somebody else has the same names and birth date. Found while planning, never while reading.
        EnteredTwice = "entered_twice",
    }
}

codes! {
    /// Why the whole file is refused.
    FileRefusalCode {
        /// No byte, or only blanks.
        EmptyFile = "empty_file",
        /// Beyond a limit.
        TooLarge = "too_large",
        /// The roster is compressed by a method that is not read.
        ZipMethodUnsupported = "zip_method_unsupported",
        /// Damaged or truncated archive, or a part of one.
        ZipUnreadable = "zip_unreadable",
        /// The archive has a password.
        ZipEncrypted = "zip_encrypted",
        /// No member of the archive is a roster.
        ZipWithoutRoster = "zip_without_roster",
        /// Two members of the archive are rosters.
        ZipAmbiguous = "zip_ambiguous",
        /// The encoding's label is unknown to the WHATWG standard.
        UnsupportedEncoding = "unsupported_encoding",
        /// A `<!DOCTYPE>` that is not a web page's.
        DoctypeForbidden = "doctype_forbidden",
        /// Not well-formed XML.
        MalformedXml = "malformed_xml",
        /// Quotes of a CSV that are not closed, or a last row that is not whole.
        MalformedCsv = "malformed_csv",
        /// Another export, a known one.
        WrongExport = "wrong_export",
        /// Not an export of the school's system.
        NotSiecle = "not_siecle",
        /// Required columns of a CSV are not there.
        ColumnsMissing = "columns_missing",
        /// No `UAJ`.
        UaiMissing = "uai_missing",
        /// Another school's file.
        UaiMismatch = "uai_mismatch",
        /// A tool destroyed accents of names: nothing can tell which letters they were.
        AccentsLost = "accents_lost",
        /// Nobody to import.
        NoStudent = "no_student",
    }
}

/// The refusal of a whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", code.code())]
pub struct FileRefusal {
    /// Its stable code.
    pub code: FileRefusalCode,
    /// The line in the XML, from 1, where one makes sense.
    pub line: Option<u32>,
    /// The column in the XML, from 1, where one makes sense.
    pub column: Option<u32>,
    /// What it names. `message` is the sentence that was stored in their place before there were values.
    #[serde(default, alias = "message")]
    pub values: Values,
    /// For `uai_mismatch`: the school the import is for.
    pub expected_uai: Option<Uai>,
    /// For `uai_mismatch`: what the file says, as read.
    pub found_uai: Option<String>,
    /// What was read before the refusal: the facts, and for `no_student` the lists too.
    pub partial: Option<Box<Reading>>,
}

impl FileRefusal {
    /// The file comes from another system than the school's.
    pub fn other_system(found: RosterSource) -> Self {
        Self {
            code: FileRefusalCode::WrongExport,
            line: None,
            column: None,
            values: Values::of_case(found.code()),
            expected_uai: None,
            found_uai: None,
            partial: None,
        }
    }

    /// For `uai_mismatch`: the number that the file bears, when it is one.
    pub fn stranger(&self) -> Option<Uai> {
        let found = self.found_uai.as_deref()?;
        Uai::parse(found)
            .ok()
            .filter(|_| self.code == FileRefusalCode::UaiMismatch)
    }

    /// For `uai_mismatch`, once more is known of that number than the file says.
    #[must_use]
    pub fn of_number(self, number: StrangeNumber) -> Self {
        let case = match number {
            StrangeNumber::Former => "former_uai",
            StrangeNumber::PerhapsNew => "new_uai",
        };
        Self {
            values: Values::of_case(case),
            ..self
        }
    }
}
