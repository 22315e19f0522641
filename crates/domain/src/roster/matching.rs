//! Which pupil of the roster a pupil of the file is.
//!
//! By INE, else by `ELEVE_ID` in that school and then only if the birth date or both names agree; any doubt is an
//! identity conflict (`docs/reference/siecle.md`, « From a file to a roster »). A pupil of the roster designated by two
//! pupils of the file is a doubt about both, so that the same file twice is always nothing to do, whatever its order.

use std::collections::HashMap;

use jiff::civil::Date;

use super::Student;
use super::reading::{StudentRow, Withheld, WithheldBecause};
use crate::ine::Ine;
use crate::names::FoldedName;

/// Who a pupil of the file is, on the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Nobody yet.
    New,
    /// The pupil at this index of the roster.
    Known(usize),
    /// Nobody can tell: rejected.
    Conflict,
}

/// What the file says of a pupil of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: absent.
    No,
    /// There, at this index of the file.
    Row(usize),
    /// Something that changes nothing: rejected, or without a class.
    Unclear,
    /// Gone, on this day when the file says it.
    Gone(Option<Date>),
}

/// Who is who, both ways.
#[derive(Debug)]
pub struct Matches {
    /// For each pupil of the file.
    pub rows: Vec<Match>,
    /// For each pupil of the roster.
    pub students: Vec<Seen>,
}

/// Compares a file with a roster, in time linear in both.
pub fn compare(students: &[Student], rows: &[StudentRow], withheld: &[Withheld]) -> Matches {
    let index = Index::of(students);
    let pointers: Vec<Pointers> = rows
        .iter()
        .map(|row| index.pointers(Some(&row.eleve_id), row.ine.as_ref()))
        .collect();
    let mut designated = vec![0_u32; students.len()];
    for student in pointers.iter().flat_map(Pointers::all) {
        designated[student] += 1;
    }
    let twice = Twice::among(rows);
    let mut seen = vec![Seen::No; students.len()];
    let mut matches = Vec::with_capacity(rows.len());
    for (at, (row, pointers)) in rows.iter().zip(&pointers).enumerate() {
        let contested = pointers.all().any(|student| designated[student] > 1) || twice.has(row);
        let verdict = if contested {
            Match::Conflict
        } else {
            pointers.verdict(|student| agrees(&students[student], &Person::of(row)))
        };
        match verdict {
            Match::Known(student) => seen[student] = Seen::Row(at),
            Match::Conflict => pointers
                .all()
                .for_each(|student| seen[student] = Seen::Unclear),
            Match::New => {}
        }
        matches.push(verdict);
    }
    for pupil in withheld {
        let pointers = index.pointers(pupil.eleve_id.as_deref(), pupil.ine.as_ref());
        note_withheld(students, pupil, &pointers, &mut seen);
    }
    Matches {
        rows: matches,
        students: seen,
    }
}

/// A withheld pupil never prevails over one who is in the file, and doubt prevails over a leave.
fn note_withheld(students: &[Student], pupil: &Withheld, pointers: &Pointers, seen: &mut [Seen]) {
    let gone = match pupil.because {
        WithheldBecause::Rejected | WithheldBecause::NoDivision => None,
        WithheldBecause::Left(on) => Some(Some(on)),
        WithheldBecause::Inactive => Some(None),
    };
    let Some(on) = gone else {
        for student in pointers.all() {
            if !matches!(seen[student], Seen::Row(_)) {
                seen[student] = Seen::Unclear;
            }
        }
        return;
    };
    let verdict = pointers.verdict(|student| agrees(&students[student], &Person::withheld(pupil)));
    if let Match::Known(student) = verdict {
        seen[student] = match seen[student] {
            Seen::No => Seen::Gone(on),
            // Written twice: the last day told, whatever the order.
            Seen::Gone(other) => Seen::Gone(other.max(on)),
            kept @ (Seen::Row(_) | Seen::Unclear) => kept,
        };
    }
}

/// The roster by each of its numbers.
struct Index<'a> {
    by_ine: HashMap<&'a Ine, usize>,
    by_eleve_id: HashMap<&'a str, usize>,
}

impl<'a> Index<'a> {
    fn of(students: &'a [Student]) -> Self {
        let numbered = students.iter().enumerate();
        Self {
            by_ine: numbered
                .clone()
                .filter_map(|(at, student)| Some((student.ine.as_ref()?, at)))
                .collect(),
            by_eleve_id: numbered
                .map(|(at, student)| (student.eleve_id.as_str(), at))
                .collect(),
        }
    }

    fn pointers(&self, eleve_id: Option<&str>, ine: Option<&Ine>) -> Pointers {
        Pointers {
            by_ine: ine.and_then(|ine| self.by_ine.get(ine)).copied(),
            by_eleve_id: eleve_id.and_then(|id| self.by_eleve_id.get(id)).copied(),
        }
    }
}

/// Whom the numbers of a pupil of the file designate.
struct Pointers {
    by_ine: Option<usize>,
    by_eleve_id: Option<usize>,
}

impl Pointers {
    /// Each pupil designated, once.
    fn all(&self) -> impl Iterator<Item = usize> {
        let other = self.by_eleve_id.filter(|_| self.by_eleve_id != self.by_ine);
        self.by_ine.into_iter().chain(other)
    }

    fn verdict(&self, agrees: impl Fn(usize) -> bool) -> Match {
        match (self.by_ine, self.by_eleve_id) {
            (None, None) => Match::New,
            (Some(student), None) => Match::Known(student),
            (Some(one), Some(other)) if one == other => Match::Known(one),
            (None, Some(student)) if agrees(student) => Match::Known(student),
            (Some(_) | None, Some(_)) => Match::Conflict,
        }
    }
}

/// Numbers borne by two pupils of the file. The reader rejects them; planning does not rely on it.
struct Twice<'a> {
    eleve_ids: HashMap<&'a str, u32>,
    ines: HashMap<&'a Ine, u32>,
}

impl<'a> Twice<'a> {
    fn among(rows: &'a [StudentRow]) -> Self {
        let mut twice = Self {
            eleve_ids: HashMap::with_capacity(rows.len()),
            ines: HashMap::with_capacity(rows.len()),
        };
        for row in rows {
            *twice.eleve_ids.entry(&row.eleve_id).or_default() += 1;
            if let Some(ine) = &row.ine {
                *twice.ines.entry(ine).or_default() += 1;
            }
        }
        twice
    }

    fn has(&self, row: &StudentRow) -> bool {
        let ine = row.ine.as_ref().and_then(|ine| self.ines.get(ine));
        self.eleve_ids.get(row.eleve_id.as_str()) > Some(&1) || ine > Some(&1)
    }
}

/// What a file says of somebody, beside their numbers.
struct Person<'a> {
    last_names: [Option<&'a str>; 2],
    first_name: Option<&'a str>,
    birthdate: Option<Date>,
}

impl<'a> Person<'a> {
    fn of(row: &'a StudentRow) -> Self {
        Self {
            last_names: [Some(&row.last_name), row.usage_name.as_deref()],
            first_name: Some(&row.first_name),
            birthdate: Some(row.birthdate),
        }
    }

    fn withheld(pupil: &'a Withheld) -> Self {
        Self {
            last_names: [pupil.last_name.as_deref(), None],
            first_name: pupil.first_name.as_deref(),
            birthdate: pupil.birthdate,
        }
    }
}

/// Whether the birth date or both names agree. A surname agrees with the family or the usage name.
fn agrees(student: &Student, person: &Person<'_>) -> bool {
    if person.birthdate == Some(student.birthdate) {
        return true;
    }
    let first_name = person
        .first_name
        .is_some_and(|first_name| same(&student.first_name, first_name));
    let known = [
        Some(student.last_name.as_str()),
        student.usage_name.as_deref(),
    ];
    first_name
        && known.into_iter().flatten().any(|known| {
            let mut written = person.last_names.into_iter().flatten();
            written.any(|name| same(known, name))
        })
}

fn same(left: &str, right: &str) -> bool {
    left == right || FoldedName::of(left).same_as(&FoldedName::of(right))
}
