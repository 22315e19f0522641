//! What an import changes of a pupil, field by field.

use std::fmt;

use jiff::civil::Date;

use super::matching::LostNumbers;
use super::reading::{Sex, StudentRow};
use super::{Presence, Student};

/// A field of a pupil that a file can change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Family name.
    LastName,
    /// Usage name.
    UsageName,
    /// First name.
    FirstName,
    /// Other given names.
    OtherFirstNames,
    /// Date of birth.
    Birthdate,
    /// Sex.
    Sex,
    /// Class.
    Division,
    /// `CODE_MEF`.
    Mef,
    /// The coming day of leave.
    LeavesOn,
    /// National number.
    Ine,
    /// `ELEVE_ID`.
    EleveId,
}

impl Field {
    /// Its stable name: the key of its French label.
    pub const fn code(self) -> &'static str {
        match self {
            Self::LastName => "last_name",
            Self::UsageName => "usage_name",
            Self::FirstName => "first_name",
            Self::OtherFirstNames => "other_first_names",
            Self::Birthdate => "birthdate",
            Self::Sex => "sex",
            Self::Division => "division",
            Self::Mef => "mef",
            Self::LeavesOn => "leaves_on",
            Self::Ine => "ine",
            Self::EleveId => "eleve_id",
        }
    }
}

/// The value of a field, as typed: pages write it the French way.
#[derive(Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// A text.
    Text(String),
    /// A civil day.
    Day(Date),
    /// A sex.
    Sex(Sex),
}

/// One field that changes. Its values never show in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct FieldChange {
    /// Which.
    pub field: Field,
    /// What the roster says.
    pub old: Option<FieldValue>,
    /// What the file says.
    pub new: Option<FieldValue>,
}

impl fmt::Debug for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FieldChange({})", self.field.code())
    }
}

/// What the file changes of a pupil, in the order a person reads. A known INE that their row lacks is no change, unless
/// the file gives it to somebody else; nor is a known sex, which only recent exports of Fregata have.
pub fn between(student: &Student, row: &StudentRow, lost: LostNumbers) -> Vec<FieldChange> {
    let leaves_on = match student.presence {
        Presence::Present { leaves_on } => leaves_on,
        Presence::Left { .. } => None,
    };
    let mut changes = Changes::default();
    changes.text(
        Field::LastName,
        Some(&student.last_name),
        Some(&row.last_name),
    );
    changes.text(
        Field::UsageName,
        student.usage_name.as_deref(),
        row.usage_name.as_deref(),
    );
    changes.text(
        Field::FirstName,
        Some(&student.first_name),
        Some(&row.first_name),
    );
    if student.other_first_names != row.other_first_names {
        changes.text(
            Field::OtherFirstNames,
            joined(&student.other_first_names).as_deref(),
            joined(&row.other_first_names).as_deref(),
        );
    }
    changes.value(
        Field::Birthdate,
        Some(FieldValue::Day(student.birthdate)),
        Some(FieldValue::Day(row.birthdate)),
    );
    if row.sex.is_some() {
        changes.value(
            Field::Sex,
            student.sex.map(FieldValue::Sex),
            row.sex.map(FieldValue::Sex),
        );
    }
    changes.text(
        Field::Division,
        Some(&student.division),
        Some(&row.division),
    );
    changes.text(Field::Mef, student.mef.as_deref(), row.mef.as_deref());
    changes.value(
        Field::LeavesOn,
        leaves_on.map(FieldValue::Day),
        row.leaves_on.map(FieldValue::Day),
    );
    if row.ine.is_some() || lost.ine {
        let old = student.ine.as_ref().map(super::Ine::as_str);
        let new = row.ine.as_ref().map(super::Ine::as_str);
        changes.text(Field::Ine, old, new);
    }
    changes.text(Field::EleveId, Some(&student.eleve_id), Some(&row.eleve_id));
    changes.0
}

/// What a pupil who is not in the file loses by it.
pub fn lost_numbers(student: &Student, lost: LostNumbers) -> Vec<FieldChange> {
    let after = student.without(lost);
    let mut changes = Changes::default();
    let ine = |student: &Student| student.ine.as_ref().map(|ine| ine.as_str().to_owned());
    changes.text(Field::Ine, ine(student).as_deref(), ine(&after).as_deref());
    changes.text(Field::EleveId, student.number(), after.number());
    changes.0
}

/// Names in one text; none when there are none.
fn joined(names: &[String]) -> Option<String> {
    (!names.is_empty()).then(|| names.join(", "))
}

#[derive(Default)]
struct Changes(Vec<FieldChange>);

impl Changes {
    fn text(&mut self, field: Field, old: Option<&str>, new: Option<&str>) {
        if old != new {
            let text = |text: &str| FieldValue::Text(text.to_owned());
            self.value(field, old.map(text), new.map(text));
        }
    }

    fn value(&mut self, field: Field, old: Option<FieldValue>, new: Option<FieldValue>) {
        if old != new {
            self.0.push(FieldChange { field, old, new });
        }
    }
}
