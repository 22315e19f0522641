//! The same pupil entered twice: two records of one file, or a new one and one of the roster, with the same names and
//! birth date under two numbers. Nobody is rejected for it: people decide.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;

use super::matching::{Match, Matches, Seen};
use super::reading::{Remark, StudentRow, WarningCode};
use super::values::Values;
use super::{Roster, Student};
use crate::names::{FoldedName, first_letter};

/// What is sorted first, cheap to make and to compare: whoever is there twice has it twice. The birth date, then the
/// first letters of a surname and of the first name.
type Sketch = u64;

/// Somebody who may be there twice, by their index.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Somebody {
    /// Of the file.
    Row(usize),
    /// Of the roster, and not in the file.
    Student(usize),
}

/// A remark for each pupil of the file who looks like one on a line before, or, when new, like one of the roster who is
/// not in the file. Only those who share a sketch are folded.
pub(super) fn entered_twice(
    roster: &Roster,
    rows: &[StudentRow],
    matches: &Matches,
) -> Vec<Remark<WarningCode>> {
    let search = Search {
        roster,
        rows,
        matches,
    };
    let mut sketched = search.sketches();
    sketched.sort_unstable_by_key(|(sketch, _)| *sketch);
    let mut pairs = BTreeSet::new();
    for alike in sketched.chunk_by(|(one, _), (other, _)| one == other) {
        if alike.len() > 1 {
            search.pair(alike.iter().map(|(_, somebody)| *somebody), &mut pairs);
        }
    }
    let mut pairs: Vec<_> = pairs.into_iter().collect();
    pairs.sort_by_key(|(row, other)| (search.place(*row), *other));
    let remarks = pairs
        .into_iter()
        .map(|(row, other)| search.remark(row, other));
    remarks.collect()
}

struct Search<'a> {
    roster: &'a Roster,
    rows: &'a [StudentRow],
    matches: &'a Matches,
}

impl<'a> Search<'a> {
    fn sketches(&self) -> Vec<(Sketch, Somebody)> {
        let rows = (0..self.rows.len()).map(Somebody::Row);
        let mut sketched = Vec::with_capacity(self.rows.len());
        sketched.extend(rows.flat_map(|row| self.sketch(row)));
        if self.matches.rows.contains(&Match::New) {
            let seen = self.matches.students.iter().enumerate();
            let absent = seen.filter(|(_, seen)| matches!(seen, Seen::No | Seen::Gone(_)));
            sketched.extend(absent.flat_map(|(at, _)| self.sketch(Somebody::Student(at))));
        }
        sketched
    }

    fn sketch(&self, somebody: Somebody) -> impl Iterator<Item = (Sketch, Somebody)> + use<'a> {
        let (birthdate, surnames, first_name) = self.named(somebody);
        let first = first_letter(first_name);
        let surnames = surnames.into_iter().flatten().map(first_letter);
        surnames.map(move |surname| (sketch(birthdate, surname, first), somebody))
    }

    fn named(&self, somebody: Somebody) -> (Date, [Option<&'a str>; 2], &'a str) {
        match somebody {
            Somebody::Row(at) => {
                let row = &self.rows[at];
                let surnames = [Some(row.last_name.as_str()), row.usage_name.as_deref()];
                (row.birthdate, surnames, &row.first_name)
            }
            Somebody::Student(at) => {
                let student = &self.roster.students[at];
                let last_name = student.last_name.as_str();
                let surnames = [Some(last_name), student.usage_name.as_deref()];
                (student.birthdate, surnames, &student.first_name)
            }
        }
    }

    /// Adds the pairs among those whose sketch is the same.
    fn pair(&self, alike: impl Iterator<Item = Somebody>, pairs: &mut BTreeSet<(usize, Somebody)>) {
        let letters = |name: &str| FoldedName::of(name).letters().to_owned();
        let mut named: HashMap<(String, String), BTreeSet<Somebody>> = HashMap::new();
        for somebody in alike {
            let (_, surnames, first_name) = self.named(somebody);
            let first_name = letters(first_name);
            for surname in surnames.into_iter().flatten().map(letters) {
                // A name without a letter is nobody's.
                if !surname.is_empty() && !first_name.is_empty() {
                    let same = named.entry((surname, first_name.clone()));
                    same.or_default().insert(somebody);
                }
            }
        }
        for same in named.into_values() {
            let mut rows: Vec<usize> = same
                .iter()
                .filter_map(|somebody| match somebody {
                    Somebody::Row(at) => Some(*at),
                    Somebody::Student(_) => None,
                })
                .collect();
            rows.sort_by_key(|row| self.place(*row));
            let Some((first, others)) = rows.split_first() else {
                continue;
            };
            pairs.extend(others.iter().map(|row| (*row, Somebody::Row(*first))));
            let mut rows = rows.iter();
            if let Some(new) = rows.find(|row| self.matches.rows[**row] == Match::New) {
                let students = same.range(Somebody::Student(0)..);
                pairs.extend(students.map(|student| (*new, *student)));
            }
        }
    }

    /// Where a pupil of the file stands in it, whatever the order in which it was read.
    fn place(&self, row: usize) -> (u32, &'a str) {
        (self.rows[row].line, &self.rows[row].eleve_id)
    }

    fn remark(&self, row: usize, other: Somebody) -> Remark<WarningCode> {
        let row = &self.rows[row];
        let values = match other {
            Somebody::Row(other) => in_file(&self.rows[other]),
            Somebody::Student(other) => on_roster(&self.roster.students[other]),
        };
        Remark {
            code: WarningCode::EnteredTwice,
            line: Some(row.line),
            eleve_id: Some(row.eleve_id.clone()),
            last_name: Some(row.last_name.clone()),
            first_name: Some(row.first_name.clone()),
            division: Some(row.division.clone()),
            values: values.with("number", row.eleve_id.as_str()),
        }
    }
}

fn sketch(birthdate: Date, surname: char, first_name: char) -> Sketch {
    // A letter beyond 16 bits may share a sketch with another: they are told apart once folded.
    let low = |number: u32| u64::from(number & 0xffff);
    let year = u64::from(birthdate.year().unsigned_abs());
    let month = u64::from(birthdate.month().unsigned_abs());
    let day = (year << 9) | (month << 5) | u64::from(birthdate.day().unsigned_abs());
    (day << 32) | (low(surname.into()) << 16) | low(first_name.into())
}

fn in_file(other: &StudentRow) -> Values {
    Values::of_case("in_file")
        .with("other", other.full_name())
        .with("other_number", other.eleve_id.as_str())
        .with("other_line", other.line)
}

fn on_roster(other: &Student) -> Values {
    let case = if other.presence.is_present() {
        "leaving"
    } else {
        "left"
    };
    Values::of_case(case)
        .with("other", other.full_name())
        .with("other_number", other.eleve_id.as_str())
}
