//! The pupils of an export: each is kept, set aside or rejected, and what a person should know is said.

use std::borrow::Cow;

use jiff::civil::Date;
use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::{
    FileRefusal, FileRefusalCode, Reading, Remark, SetAsideCode, Sex, StudentRow, Withheld,
    WithheldBecause,
};
use pix_orga_domain::roster::values::Values;

use crate::dates::{self, Habits, Written, is_month_first};
use crate::refusal::refuse;
use crate::text::{clean, quoted, repair::repair};

mod accents;
mod duplicates;
mod faults;
mod habits;
mod warnings;

use duplicates::Duplicates;

/// The class of pupils who are not there.
const INACTIVE: &str = "inactifs";

/// A pupil as a file writes them. What is not here is not kept.
pub struct Pupil<'a> {
    /// The line their record starts on, from 1.
    pub line: u32,
    /// Their number in the school's base.
    pub eleve_id: Option<Cow<'a, str>>,
    /// The national number.
    pub ine: Number,
    /// Family name.
    pub last_name: Option<Cow<'a, str>>,
    /// Usage name.
    pub usage_name: Option<Cow<'a, str>>,
    /// First given name.
    pub first_name: Option<Cow<'a, str>>,
    /// Second and third given names.
    pub other_first_names: [Option<Cow<'a, str>>; 2],
    /// Date of birth.
    pub birthdate: Day,
    /// Day of leave.
    pub leave: Day,
    /// The file says why they leave, or left.
    pub has_leave_reason: bool,
    /// Sex.
    pub sex: Option<Sex>,
    /// The training's code.
    pub mef: Option<Cow<'a, str>>,
    /// The class.
    pub class: Class<'a>,
    /// Names that were damaged.
    pub repairs: Vec<Repair>,
    /// Why their whole record cannot be trusted: the values of `row_shape`.
    pub misshapen: Option<Values>,
}

/// The class of a pupil.
pub enum Class<'a> {
    /// The file gives them none.
    None,
    /// « Inactifs », as written: they are not there.
    Inactive(Cow<'a, str>),
    /// A class; the first of them all, when there are several.
    In(Cow<'a, str>, Vec<String>),
}

/// How a format differs.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// A pupil's number in the base is their INE: what is wrong with it is said once.
    pub number_is_ine: bool,
    /// A pupil is joined to their class by their number: without it, having no class means nothing.
    pub number_joins_class: bool,
    /// The file says the sex of pupils.
    pub says_sex: bool,
}

/// A national number.
pub enum Number {
    /// None where it stands.
    Missing {
        /// Where there may be one, which is not read.
        elsewhere: Option<&'static str>,
    },
    /// As written, without a known shape: it identifies nobody.
    Shapeless(String),
    /// An INE.
    Known(Ine),
}

/// A day of a file.
pub enum Day {
    /// Nothing is written.
    Missing,
    /// As written.
    Unreadable(String),
    /// In a file that writes months before days, as written.
    MonthFirst(String),
    /// A day.
    On(Written),
}

impl Number {
    /// A number as written.
    pub fn of(raw: &str) -> Self {
        Ine::parse(raw).map_or_else(|_| Self::Shapeless(quoted(raw)), Self::Known)
    }
}

impl<'a> Class<'a> {
    /// The class of this code.
    pub fn of(code: Option<Cow<'a, str>>) -> Self {
        match code {
            None => Self::None,
            Some(code) if is_inactive(&code) => Self::Inactive(code),
            Some(code) => Self::In(code, Vec::new()),
        }
    }

    fn shown(&self) -> Option<&str> {
        match self {
            Self::None => None,
            Self::Inactive(code) | Self::In(code, _) => Some(code),
        }
    }
}

/// Whether a class is the one of pupils who are not there.
pub fn is_inactive(code: &str) -> bool {
    code.to_lowercase() == INACTIVE
}

impl Day {
    /// A day as written on a line; `habits` takes note of how.
    pub fn read(raw: &str, line: u32, habits: &mut Habits) -> Self {
        if let Some(written) = dates::read(raw) {
            habits.note(&written, line);
            return Self::On(written);
        }
        habits.note_unreadable(raw, line);
        Self::Unreadable(quoted(raw))
    }

    fn date(&self) -> Option<Date> {
        match self {
            Self::On(written) => Some(written.day),
            Self::Missing | Self::Unreadable(_) | Self::MonthFirst(_) => None,
        }
    }

    /// The same in a file that writes months before days.
    fn in_a_file_month_first(self) -> Self {
        match self {
            Self::On(written) if written.day_before_month => {
                let (first, second, year) =
                    (written.day.day(), written.day.month(), written.day.year());
                Self::MonthFirst(format!("{first:02}/{second:02}/{year:04}"))
            }
            Self::Unreadable(raw) if is_month_first(&raw) => Self::MonthFirst(raw),
            other => other,
        }
    }
}

/// A damaged name.
pub struct Repair {
    damaged: String,
    sound: String,
}

/// A name as written, without what is around it, and mended when it was damaged.
pub fn sound_name<'a>(raw: Cow<'a, str>, repairs: &mut Vec<Repair>) -> Option<Cow<'a, str>> {
    let name = match repair(&raw) {
        None => clean(raw),
        Some(mended) => {
            let sound = clean(Cow::Owned(mended));
            repairs.push(Repair {
                damaged: quoted(raw.trim_ascii()),
                sound: quoted(&sound),
            });
            sound
        }
    };
    Some(name).filter(|name| !name.is_empty())
}

/// Sorts pupils into `reading`, in their order. `on` is the reference day, `habits` how their dates are written.
///
/// # Errors
/// `accents_lost`, `no_student`.
pub fn sort(
    mut pupils: Vec<Pupil<'_>>,
    rules: Rules,
    habits: &Habits,
    on: Date,
    mut reading: Reading,
) -> Result<Reading, FileRefusal> {
    if habits.month_first() {
        for pupil in &mut pupils {
            pupil.read_days_again();
        }
    }
    habits::warn(habits, &mut reading.warnings);
    pupils.retain(|pupil| match pupil.set_aside(rules, on) {
        Some((code, because)) => {
            let values = pupil.leave_values(code);
            reading.set_aside.push(pupil.remark(code, values));
            reading.withheld.push(pupil.withheld(because));
            warnings::of_leave_date(pupil, &mut reading.warnings);
            false
        }
        None => true,
    });
    if let Some(refusal) = accents::lost(&pupils, &mut reading) {
        return Err(FileRefusal {
            partial: Some(Box::new(reading)),
            ..refusal
        });
    }
    keep(pupils, rules, on, &mut reading);
    if reading.students.is_empty() {
        return Err(nobody(reading, habits));
    }
    Ok(reading)
}

/// Keeps those who have no fault, and says what should be known of all.
fn keep(present: Vec<Pupil<'_>>, rules: Rules, on: Date, reading: &mut Reading) {
    let duplicates = Duplicates::among(&present);
    let mut sound = Vec::with_capacity(present.len());
    for pupil in &present {
        warnings::of_pupil(pupil, rules, &mut reading.warnings);
        let before = reading.rejected.len();
        faults::of_pupil(pupil, rules, &duplicates, on, &mut reading.rejected);
        sound.push(reading.rejected.len() == before);
    }
    reading.students.reserve(present.len());
    for (pupil, sound) in present.into_iter().zip(sound) {
        if sound {
            // Nothing is missing from a pupil without fault.
            reading.students.extend(pupil.into_row());
        } else {
            reading
                .withheld
                .push(pupil.withheld(WithheldBecause::Rejected));
        }
    }
}

/// The refusal of a file that has nobody to import, with all that was said of its pupils.
fn nobody(reading: Reading, habits: &Habits) -> FileRefusal {
    let counted = |code| {
        reading
            .set_aside
            .iter()
            .filter(|remark| remark.code == code)
            .count()
    };
    let no_division = counted(SetAsideCode::NoDivision);
    let rejected = reading.count_rejected();
    let values = if reading.set_aside.is_empty() && rejected == 0 {
        Values::of_case("empty")
    } else {
        let case = if habits.are_a_spreadsheets() && rejected > no_division {
            "dates"
        } else if no_division > 0 {
            // Classes may come with the next export.
            "without_division"
        } else {
            "nobody"
        };
        Values::of_case(case)
            .with("left", counted(SetAsideCode::Left))
            .with("no_division", no_division)
            .with("inactive", counted(SetAsideCode::Inactive))
            .with("rejected", rejected)
    };
    FileRefusal {
        partial: Some(Box::new(reading)),
        ..refuse(FileRefusalCode::NoStudent, values)
    }
}

impl Pupil<'_> {
    /// Takes the days again, in a file that writes months before days.
    fn read_days_again(&mut self) {
        for day in [&mut self.birthdate, &mut self.leave] {
            *day = std::mem::replace(day, Day::Missing).in_a_file_month_first();
        }
    }

    /// Why the pupil is not to be imported, when nothing is wrong: the leave date is looked at first.
    fn set_aside(&self, rules: Rules, on: Date) -> Option<(SetAsideCode, WithheldBecause)> {
        if self.misshapen.is_some() {
            return None;
        }
        if let Some(leave) = self.leave.date().filter(|leave| *leave < on) {
            return Some((SetAsideCode::Left, WithheldBecause::Left(leave)));
        }
        // Without a number a pupil cannot be joined to a class: that is a fault, not the lack of one.
        if rules.number_joins_class && self.eleve_id.is_none() {
            return None;
        }
        match self.class {
            Class::Inactive(_) => Some((SetAsideCode::Inactive, WithheldBecause::Inactive)),
            Class::In(..) => None,
            Class::None => Some((SetAsideCode::NoDivision, WithheldBecause::NoDivision)),
        }
    }

    /// What is said of a pupil set aside.
    fn leave_values(&self, code: SetAsideCode) -> Values {
        match (code, self.leave.date()) {
            (SetAsideCode::Left, Some(leave)) => Values::of_case("dated").with("day", leave),
            (SetAsideCode::Left, _) => Values::of_case("undated"),
            (SetAsideCode::NoDivision | SetAsideCode::Inactive, _) => Values::default(),
        }
    }

    fn remark<C>(&self, code: C, values: Values) -> Remark<C> {
        Remark {
            code,
            line: Some(self.line),
            eleve_id: shown(self.eleve_id.as_deref()),
            last_name: shown(self.last_name.as_deref()),
            first_name: shown(self.first_name.as_deref()),
            division: shown(self.class.shown()),
            values,
        }
    }

    fn known_ine(&self) -> Option<Ine> {
        match &self.ine {
            Number::Known(ine) => Some(ine.clone()),
            Number::Missing { .. } | Number::Shapeless(_) => None,
        }
    }

    fn withheld(&self, because: WithheldBecause) -> Withheld {
        Withheld {
            because,
            eleve_id: owned(self.eleve_id.as_ref()),
            ine: self.known_ine(),
            last_name: owned(self.last_name.as_ref()),
            first_name: owned(self.first_name.as_ref()),
            birthdate: self.birthdate.date(),
        }
    }

    fn into_row(self) -> Option<StudentRow> {
        let birthdate = self.birthdate.date()?;
        let leaves_on = self.leave.date();
        let division = self.class.shown()?.to_owned();
        Some(StudentRow {
            eleve_id: self.eleve_id?.into_owned(),
            ine: match self.ine {
                Number::Known(ine) => Some(ine),
                Number::Missing { .. } | Number::Shapeless(_) => None,
            },
            last_name: self.last_name?.into_owned(),
            usage_name: self.usage_name.map(Cow::into_owned),
            first_name: self.first_name?.into_owned(),
            other_first_names: self
                .other_first_names
                .into_iter()
                .flatten()
                .map(Cow::into_owned)
                .collect(),
            birthdate,
            sex: self.sex,
            division,
            mef: self.mef.map(Cow::into_owned),
            leaves_on,
            line: self.line,
        })
    }
}

fn owned(value: Option<&Cow<'_, str>>) -> Option<String> {
    value.map(|value| value.clone().into_owned())
}

/// A value as a remark shows it: as it is, unless it is absurdly long.
fn shown(value: Option<&str>) -> Option<String> {
    value.map(quoted)
}
