//! Who bears which number, on the roster and in the file.

use std::collections::HashMap;
use std::hash::Hash;

use super::evidence::{Evidence, Person};
use crate::ine::Ine;
use crate::roster::Student;
use crate::roster::reading::StudentRow;

/// The roster by each of its numbers.
pub(super) struct Index<'a> {
    students: &'a [Student],
    by_eleve_id: HashMap<&'a str, usize>,
    /// Made once it is asked for: in the same file again, no INE is anybody else's than the `ELEVE_ID` is.
    by_ine: Option<HashMap<&'a Ine, usize>>,
}

impl<'a> Index<'a> {
    pub(super) fn of(students: &'a [Student]) -> Self {
        let numbered = students.iter().enumerate();
        Self {
            students,
            by_eleve_id: numbered
                .map(|(at, student)| (student.eleve_id.as_str(), at))
                .collect(),
            by_ine: None,
        }
    }

    pub(super) fn pointers(&mut self, eleve_id: Option<&str>, ine: Option<&Ine>) -> Pointers {
        let by_eleve_id = eleve_id.and_then(|id| self.by_eleve_id.get(id)).copied();
        let by_ine = ine.and_then(|ine| {
            // An INE is borne once.
            let theirs = |student: &usize| self.students[*student].ine.as_ref() == Some(ine);
            by_eleve_id.filter(theirs).or_else(|| self.by_ine(ine))
        });
        Pointers {
            by_ine,
            by_eleve_id,
        }
    }

    fn by_ine(&mut self, ine: &Ine) -> Option<usize> {
        let students = self.students;
        let by_ine = self.by_ine.get_or_insert_with(|| {
            let mut by_ine = HashMap::with_capacity(students.len());
            let numbered = students.iter().enumerate();
            by_ine.extend(numbered.filter_map(|(at, student)| Some((student.ine.as_ref()?, at))));
            by_ine
        });
        by_ine.get(ine).copied()
    }
}

/// Whom the numbers of a pupil of the file designate.
#[derive(Clone, Copy)]
pub(super) struct Pointers {
    pub(super) by_ine: Option<usize>,
    pub(super) by_eleve_id: Option<usize>,
}

impl Pointers {
    /// Each pupil designated, once.
    pub(super) fn all(self) -> impl Iterator<Item = usize> {
        let other = self.by_eleve_id.filter(|_| self.by_eleve_id != self.by_ine);
        self.by_ine.into_iter().chain(other)
    }

    /// What is left of them in a base made again, where an `ELEVE_ID` says nothing unless all the rest agrees.
    pub(super) fn numbered_again(self, students: &[Student], person: &Person<'_>) -> Self {
        let says = |student: &usize| {
            self.by_ine == Some(*student)
                || person.by_eleve_id(&students[*student]) == Evidence::Full
        };
        Self {
            by_eleve_id: self.by_eleve_id.filter(says),
            ..self
        }
    }

    /// The pupil that a person is by the same rules, when nobody else is compared.
    pub(super) fn designated(self, students: &[Student], person: &Person<'_>) -> Option<usize> {
        let (by_ine, by_eleve_id) = match (self.by_ine, self.by_eleve_id) {
            (Some(one), Some(other)) if one == other => {
                let evidence = person.by_both(&students[one], false);
                return (evidence != Evidence::Alone).then_some(one);
            }
            pointers => pointers,
        };
        let by_ine = by_ine.map(|student| (student, person.by_ine(&students[student])));
        let by_eleve_id =
            by_eleve_id.map(|student| (student, person.by_eleve_id(&students[student])));
        let said = [by_eleve_id, by_ine];
        let with = |evidence| {
            let found = said.into_iter().flatten();
            found.filter(move |(_, found)| *found == evidence)
        };
        let mut halves = with(Evidence::Half);
        let half = halves.next().filter(|_| halves.next().is_none());
        let designated = with(Evidence::Full).next().or(half);
        designated.map(|(student, _)| student)
    }
}

/// Who bears each number in the file.
pub(super) struct Bearers<'a> {
    /// For each pupil of the roster, who has their INE.
    of_ine: Vec<Option<usize>>,
    /// For each pupil of the roster, who has their `ELEVE_ID`.
    of_eleve_id: Vec<Option<usize>>,
    new_ines: HashMap<&'a Ine, usize>,
    new_eleve_ids: HashMap<&'a str, usize>,
    /// For each pupil of the file, whether another has one of their numbers.
    twice: Vec<bool>,
}

impl<'a> Bearers<'a> {
    pub(super) fn of(students: usize, rows: usize) -> Self {
        let new = rows.saturating_sub(students);
        Self {
            of_ine: vec![None; students],
            of_eleve_id: vec![None; students],
            new_ines: HashMap::with_capacity(new),
            new_eleve_ids: HashMap::with_capacity(new),
            twice: Vec::with_capacity(rows),
        }
    }

    pub(super) fn add(&mut self, at: usize, row: &'a StudentRow, pointers: Pointers) {
        let by_eleve_id = borne(
            at,
            row.eleve_id.as_str(),
            pointers
                .by_eleve_id
                .map(|student| &mut self.of_eleve_id[student]),
            &mut self.new_eleve_ids,
        );
        let by_ine = row.ine.as_ref().and_then(|ine| {
            borne(
                at,
                ine,
                pointers.by_ine.map(|student| &mut self.of_ine[student]),
                &mut self.new_ines,
            )
        });
        self.twice.push(by_eleve_id.is_some() || by_ine.is_some());
        for other in [by_eleve_id, by_ine].into_iter().flatten() {
            self.twice[other] = true;
        }
    }

    /// For each pupil of the file, whether another has one of their numbers. Once.
    pub(super) fn take_twice(&mut self) -> Vec<bool> {
        std::mem::take(&mut self.twice)
    }

    /// What the numbers of a withheld pupil say, those of a pupil who is in the file apart: they are that pupil's.
    pub(super) fn left_by_rows(&self, pointers: Pointers) -> Pointers {
        Pointers {
            by_ine: pointers
                .by_ine
                .filter(|student| self.of_ine[*student].is_none()),
            by_eleve_id: pointers
                .by_eleve_id
                .filter(|student| self.of_eleve_id[*student].is_none()),
        }
    }
}

/// Notes that a pupil of the file bears a number: on the roster's own pupil, else among the new numbers. Gives another
/// who bears it.
fn borne<K: Eq + Hash>(
    at: usize,
    number: K,
    on_roster: Option<&mut Option<usize>>,
    new: &mut HashMap<K, usize>,
) -> Option<usize> {
    match on_roster {
        Some(bearer) => bearer.replace(at),
        None => new.insert(number, at),
    }
}
