//! The pupils: each is kept, set aside or rejected, and what a person should know is said.

use std::borrow::Cow;

use jiff::civil::Date;
use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::{
    FileRefusal, FileRefusalCode, Reading, Remark, SetAsideCode, Sex, StudentRow, Withheld,
    WithheldBecause,
};
use pix_orga_domain::roster::values::Values;
use roxmltree::Node;

use crate::dates::{Habits, Written, is_month_first};
use crate::refusal::refuse;
use crate::structures::{ByPupil, Divisions};
use crate::text::quoted;
use crate::tree::{Lines, named};

mod accents;
mod duplicates;
mod faults;
mod habits;
mod pupil;
mod warnings;

use duplicates::Duplicates;

/// A pupil as the file writes them. What is not here is not read.
pub struct Pupil<'a> {
    line: u32,
    eleve_id: Option<Cow<'a, str>>,
    ine: Number,
    last_name: Option<Cow<'a, str>>,
    usage_name: Option<Cow<'a, str>>,
    first_name: Option<Cow<'a, str>>,
    other_first_names: [Option<Cow<'a, str>>; 2],
    birthdate: Day,
    leave: Day,
    /// `CODE_MOTIF_SORTIE` is filled.
    has_leave_reason: bool,
    sex: Option<Sex>,
    mef: Option<Cow<'a, str>>,
    divisions: Option<&'a Divisions<'a>>,
    repairs: Vec<Repair>,
}

/// A national number.
enum Number {
    /// None where it stands; where there may be one, which is not read.
    Missing {
        elsewhere: Option<&'static str>,
    },
    /// As written, without a known shape: it identifies nobody.
    Shapeless(String),
    Known(Ine),
}

/// A day of the file.
enum Day {
    Missing,
    /// As written.
    Unreadable(String),
    /// In a file that writes months before days, as written.
    MonthFirst(String),
    On(Written),
}

impl Day {
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

/// A damaged name, as written and as mended.
struct Repair {
    damaged: String,
    sound: String,
}

/// Sorts the pupils of every `ELEVES` section of `DONNEES` into `reading`, in file order.
///
/// # Errors
/// `accents_lost`, `no_student`.
pub fn read<'a>(
    root: Node<'a, '_>,
    structures: &'a ByPupil<'a>,
    lines: &mut Lines<'_>,
    on: Date,
    mut reading: Reading,
) -> Result<Reading, FileRefusal> {
    let mut habits = Habits::default();
    let mut present: Vec<Pupil<'a>> = named(root, "DONNEES")
        .flat_map(|data| named(data, "ELEVES"))
        .flat_map(|section| named(section, "ELEVE"))
        .map(|element| Pupil::read(element, lines.of(element), structures, &mut habits))
        .collect();
    if habits.month_first() {
        for pupil in &mut present {
            pupil.read_days_again();
        }
    }
    habits::warn(&habits, &mut reading.warnings);
    present.retain(|pupil| match pupil.set_aside(on) {
        Some((code, because)) => {
            let values = pupil.leave_values(code);
            reading.set_aside.push(pupil.remark(code, values));
            reading.withheld.push(pupil.withheld(because));
            warnings::of_leave_date(pupil, &mut reading.warnings);
            false
        }
        None => true,
    });
    if let Some(refusal) = accents::lost(&present, &mut reading) {
        return Err(FileRefusal {
            partial: Some(Box::new(reading)),
            ..refusal
        });
    }
    keep(present, on, &mut reading);
    if reading.students.is_empty() {
        return Err(nobody(reading, &habits));
    }
    Ok(reading)
}

/// Keeps those who have no fault, and says what should be known of all.
fn keep(present: Vec<Pupil<'_>>, on: Date, reading: &mut Reading) {
    let duplicates = Duplicates::among(&present);
    let mut sound = Vec::with_capacity(present.len());
    for pupil in &present {
        warnings::of_pupil(pupil, &mut reading.warnings);
        let before = reading.rejected.len();
        faults::of_pupil(pupil, &duplicates, on, &mut reading.rejected);
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
    /// The class to show.
    fn division(&self) -> Option<&str> {
        self.divisions.and_then(Divisions::shown)
    }

    /// Takes the days again, in a file that writes months before days.
    fn read_days_again(&mut self) {
        for day in [&mut self.birthdate, &mut self.leave] {
            *day = std::mem::replace(day, Day::Missing).in_a_file_month_first();
        }
    }

    /// Why the pupil is not to be imported, when nothing is wrong: the leave date is looked at first.
    fn set_aside(&self, on: Date) -> Option<(SetAsideCode, WithheldBecause)> {
        if let Some(leave) = self.leave.date().filter(|leave| *leave < on) {
            return Some((SetAsideCode::Left, WithheldBecause::Left(leave)));
        }
        // Without a number a pupil cannot be joined to a class: that is a fault, not the lack of one.
        self.eleve_id.as_ref()?;
        match self.divisions {
            Some(divisions) if divisions.is_inactive() => {
                Some((SetAsideCode::Inactive, WithheldBecause::Inactive))
            }
            Some(divisions) if divisions.shown().is_some() => None,
            _ => Some((SetAsideCode::NoDivision, WithheldBecause::NoDivision)),
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
            division: shown(self.division()),
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
        let division = self.division()?.to_owned();
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
