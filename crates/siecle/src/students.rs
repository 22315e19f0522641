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

use crate::refusal::refuse;
use crate::structures::{ByPupil, Divisions};
use crate::text::quoted;
use crate::tree::{Lines, named};

mod duplicates;
mod faults;
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
    sex: Option<Sex>,
    mef: Option<Cow<'a, str>>,
    divisions: Option<&'a Divisions<'a>>,
    repairs: Vec<Repair>,
}

/// A national number.
enum Number {
    Missing,
    /// As written, without a known shape: it identifies nobody.
    Shapeless(String),
    Known(Ine),
}

/// A day of the file.
enum Day {
    Missing,
    /// As written.
    Unreadable(String),
    On(Date),
}

/// A damaged name, as written and as mended.
struct Repair {
    damaged: String,
    sound: String,
}

/// Sorts the pupils of every `ELEVES` section of `DONNEES` into `reading`, in file order.
pub fn read<'a>(
    root: Node<'a, '_>,
    structures: &'a ByPupil<'a>,
    lines: &mut Lines<'_>,
    on: Date,
    reading: &mut Reading,
) {
    let elements = named(root, "DONNEES")
        .flat_map(|data| named(data, "ELEVES"))
        .flat_map(|section| named(section, "ELEVE"));
    let mut present = Vec::new();
    for element in elements {
        let pupil = Pupil::read(element, lines.of(element), structures);
        match pupil.set_aside(on) {
            Some((code, because)) => {
                let values = pupil.leave_values(code);
                reading.set_aside.push(pupil.remark(code, values));
                reading.withheld.push(pupil.withheld(because));
                warnings::of_leave_date(&pupil, &mut reading.warnings);
            }
            None => present.push(pupil),
        }
    }
    let duplicates = Duplicates::among(&present);
    let mut sound = Vec::with_capacity(present.len());
    for pupil in &present {
        warnings::of_pupil(pupil, &mut reading.warnings);
        let before = reading.rejected.len();
        faults::of_pupil(pupil, &duplicates, on, &mut reading.rejected);
        sound.push(reading.rejected.len() == before);
    }
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
pub fn nobody(reading: Reading) -> FileRefusal {
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
        // Classes may come with the next export.
        let case = if no_division > 0 {
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

    /// Why the pupil is not to be imported, when nothing is wrong: the leave date is looked at first.
    fn set_aside(&self, on: Date) -> Option<(SetAsideCode, WithheldBecause)> {
        if let Day::On(leave) = self.leave
            && leave < on
        {
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
        match (code, &self.leave) {
            (SetAsideCode::Left, Day::On(leave)) => Values::of_case("dated").with("day", *leave),
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
            Number::Missing | Number::Shapeless(_) => None,
        }
    }

    fn withheld(&self, because: WithheldBecause) -> Withheld {
        Withheld {
            because,
            eleve_id: owned(self.eleve_id.as_ref()),
            ine: self.known_ine(),
            last_name: owned(self.last_name.as_ref()),
            first_name: owned(self.first_name.as_ref()),
            birthdate: match self.birthdate {
                Day::On(birthdate) => Some(birthdate),
                Day::Missing | Day::Unreadable(_) => None,
            },
        }
    }

    fn into_row(self) -> Option<StudentRow> {
        let Day::On(birthdate) = self.birthdate else {
            return None;
        };
        let division = self.division()?.to_owned();
        Some(StudentRow {
            eleve_id: self.eleve_id?.into_owned(),
            ine: match self.ine {
                Number::Known(ine) => Some(ine),
                Number::Missing | Number::Shapeless(_) => None,
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
            leaves_on: match self.leave {
                Day::On(leave) => Some(leave),
                Day::Missing | Day::Unreadable(_) => None,
            },
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
