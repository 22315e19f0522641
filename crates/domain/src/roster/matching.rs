//! Which pupil of the roster a pupil of the file is.
//!
//! On evidence alone: the same INE or the same `ELEVE_ID`, *and* the same birth date or both names. A number alone never
//! carries a record, nor the link that hangs on it, to another person (`docs/reference/siecle.md`, « Who is who »).
//!
//! Each pupil of the file designates two pupils of the roster at most, by each number, and each of those is designated by
//! two at most. The strongest evidence is settled first, then the rest among those who are left, so that the order of
//! the file means nothing and the whole stays linear. A pair that was settled once has all the evidence there can be the
//! next time: the same file twice is nothing to do.

use std::collections::HashMap;
use std::hash::Hash;

use jiff::civil::Date;

use super::Student;
use super::reading::{StudentRow, Withheld, WithheldBecause};
use crate::ine::Ine;

mod evidence;

use evidence::{Evidence, Person};

/// Who a pupil of the file is, on the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Match {
    /// Nobody yet.
    New,
    /// The pupil at this index of the roster.
    Known(usize),
    /// Nobody can tell: rejected.
    Conflict(Doubt),
}

/// Why nobody can tell who a pupil of the file is. Each index is one of the roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// Another pupil of the file has the same number. The reader rejects both; planning does not rely on it.
    NumberTwice,
    /// The `ELEVE_ID` is that of this present pupil, or both numbers are, and nothing else agrees.
    NumberAlone(usize),
    /// The INE is that of this pupil, born the same day under the same surname, with another first name: twins share all
    /// that, and their INEs are exchanged by mistake.
    PerhapsTwin(usize),
    /// The INE designates the first, the `ELEVE_ID` the second, on equal evidence.
    BetweenTwo(usize, usize),
    /// Another pupil of the file designates this one too, on equal evidence.
    Contested(usize),
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

/// Which numbers of a pupil of the roster the file gives to another pupil: numbers are borne once on a roster.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LostNumbers {
    /// The INE.
    pub ine: bool,
    /// The `ELEVE_ID`.
    pub eleve_id: bool,
}

impl LostNumbers {
    /// Whether one is.
    pub const fn any(self) -> bool {
        self.ine || self.eleve_id
    }
}

/// Who is who, both ways.
#[derive(Debug)]
pub struct Matches {
    /// For each pupil of the file.
    pub rows: Vec<Match>,
    /// For each pupil of the roster.
    pub students: Vec<Seen>,
    /// For each pupil of the roster.
    pub lost: Vec<LostNumbers>,
}

/// Compares a file with a roster, in time linear in both.
pub fn compare(students: &[Student], rows: &[StudentRow], withheld: &[Withheld]) -> Matches {
    let mut index = Index::of(students);
    let mut bearers = Bearers::of(students.len(), rows.len());
    let pointers: Vec<Pointers> = rows
        .iter()
        .enumerate()
        .map(|(at, row)| {
            let pointers = index.pointers(Some(&row.eleve_id), row.ine.as_ref());
            bearers.add(at, row, pointers);
            pointers
        })
        .collect();
    let twice = std::mem::take(&mut bearers.twice);
    let mut pairing = Pairing {
        students,
        rows,
        pointers,
        taken: vec![None; students.len()],
        verdicts: vec![Match::New; rows.len()],
    };
    pairing.settle(&twice);
    let mut matches = pairing.matches();
    for pupil in withheld {
        let pointers = index.pointers(pupil.eleve_id.as_deref(), pupil.ine.as_ref());
        let pointers = bearers.left_by_rows(pointers);
        note_withheld(students, pupil, pointers, &mut matches.students);
    }
    matches
}

/// The pairs, as they are settled.
struct Pairing<'a> {
    students: &'a [Student],
    rows: &'a [StudentRow],
    pointers: Vec<Pointers>,
    /// For each pupil of the roster, the one of the file who is them.
    taken: Vec<Option<usize>>,
    verdicts: Vec<Match>,
}

/// A pupil of the file who is not settled yet, and what each number says.
struct Open {
    at: usize,
    by_ine: Option<(usize, Evidence)>,
    by_eleve_id: Option<(usize, Evidence)>,
}

impl Pairing<'_> {
    /// `twice`: those whose numbers another pupil of the file has.
    fn settle(&mut self, twice: &[bool]) {
        let mut open = self.settle_by_eleve_id(twice);
        // Nobody has the same INE: two of these never want the same pupil.
        open.retain(|one| match one.by_ine {
            Some((student, Evidence::Full)) if self.is_free(student) => {
                self.take(one.at, student);
                false
            }
            _ => true,
        });
        let open = self.settle_on_half(open);
        for one in open {
            self.verdicts[one.at] = self.without_evidence(&one);
        }
    }

    /// Settles those whose two numbers say one pupil, and those whose `ELEVE_ID`, birth date and names agree: whatever
    /// the INE says. Gives those who are left.
    fn settle_by_eleve_id(&mut self, twice: &[bool]) -> Vec<Open> {
        let mut open = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            if twice[at] {
                self.verdicts[at] = Match::Conflict(Doubt::NumberTwice);
                continue;
            }
            let Pointers {
                by_ine,
                by_eleve_id,
            } = self.pointers[at];
            let person = Person::of(row);
            match (by_ine, by_eleve_id) {
                (None, None) => {}
                (Some(one), Some(other)) if one == other => {
                    let one_number = row.has_one_number();
                    match person.by_both(&self.students[one], one_number) {
                        Evidence::Half | Evidence::Full => self.take(at, one),
                        Evidence::Twin => {
                            self.verdicts[at] = Match::Conflict(Doubt::PerhapsTwin(one));
                        }
                        Evidence::Alone if one_number && !self.is_there(one) => {}
                        Evidence::Alone => {
                            self.verdicts[at] = Match::Conflict(Doubt::NumberAlone(one));
                        }
                    }
                }
                _ => {
                    let students = self.students;
                    let by_eleve_id = by_eleve_id
                        .map(|student| (student, person.by_eleve_id(&students[student])));
                    if let Some((student, Evidence::Full)) = by_eleve_id {
                        self.take(at, student);
                        continue;
                    }
                    let by_ine = by_ine.map(|student| (student, person.by_ine(&students[student])));
                    open.push(Open {
                        at,
                        by_ine,
                        by_eleve_id,
                    });
                }
            }
        }
        open
    }

    /// A number, and the birth date or both names, among those who are left: whoever designates one pupil that nobody
    /// else designates is that pupil, any other is a doubt. Gives those who have less evidence.
    fn settle_on_half(&mut self, open: Vec<Open>) -> Vec<Open> {
        let mut designated: HashMap<usize, u32> = HashMap::new();
        let halves: Vec<[Option<usize>; 2]> = open
            .iter()
            .map(|one| {
                [one.by_ine, one.by_eleve_id].map(|designated| match designated {
                    Some((student, Evidence::Half)) if self.is_free(student) => Some(student),
                    _ => None,
                })
            })
            .collect();
        for student in halves.iter().flatten().flatten() {
            *designated.entry(*student).or_default() += 1;
        }
        let mut left = Vec::new();
        for (one, halves) in open.into_iter().zip(halves) {
            match halves {
                [Some(by_ine), Some(by_eleve_id)] => {
                    let doubt = Doubt::BetweenTwo(by_ine, by_eleve_id);
                    self.verdicts[one.at] = Match::Conflict(doubt);
                }
                [Some(student), None] | [None, Some(student)] => {
                    if designated[&student] > 1 {
                        self.verdicts[one.at] = Match::Conflict(Doubt::Contested(student));
                    } else {
                        self.take(one.at, student);
                    }
                }
                [None, None] => left.push(one),
            }
        }
        left
    }

    /// Who has a number of somebody, and no evidence to be them. An INE is typed by hand: alone, it says nothing. An
    /// `ELEVE_ID` is the base's own: that of somebody who is there cannot be another's.
    fn without_evidence(&self, one: &Open) -> Match {
        match (one.by_ine, one.by_eleve_id) {
            (_, Some((student, _))) if self.is_free(student) && self.is_there(student) => {
                Match::Conflict(Doubt::NumberAlone(student))
            }
            (Some((student, Evidence::Twin)), _) if self.is_free(student) => {
                Match::Conflict(Doubt::PerhapsTwin(student))
            }
            _ => Match::New,
        }
    }

    fn is_free(&self, student: usize) -> bool {
        self.taken[student].is_none()
    }

    fn is_there(&self, student: usize) -> bool {
        self.students[student].presence.is_present()
    }

    fn take(&mut self, row: usize, student: usize) {
        self.taken[student] = Some(row);
        self.verdicts[row] = Match::Known(student);
    }

    fn matches(self) -> Matches {
        let mut seen: Vec<Seen> = self
            .taken
            .iter()
            .map(|row| row.map_or(Seen::No, Seen::Row))
            .collect();
        let mut lost = vec![LostNumbers::default(); self.students.len()];
        for (verdict, pointers) in self.verdicts.iter().zip(&self.pointers) {
            let written = match *verdict {
                Match::New => None,
                Match::Known(student) => Some(student),
                Match::Conflict(_) => {
                    for student in pointers.all().filter(|student| self.is_free(*student)) {
                        seen[student] = Seen::Unclear;
                    }
                    continue;
                }
            };
            if let Some(student) = pointers.by_ine.filter(|_| pointers.by_ine != written) {
                lost[student].ine = true;
            }
            if let Some(student) = pointers
                .by_eleve_id
                .filter(|_| pointers.by_eleve_id != written)
            {
                lost[student].eleve_id = true;
            }
        }
        Matches {
            rows: self.verdicts,
            students: seen,
            lost,
        }
    }
}

/// A withheld pupil never prevails over one who is in the file, and doubt prevails over a leave.
fn note_withheld(students: &[Student], pupil: &Withheld, pointers: Pointers, seen: &mut [Seen]) {
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
    if let Some(student) = pointers.designated(students, &Person::withheld(pupil)) {
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
    students: &'a [Student],
    by_eleve_id: HashMap<&'a str, usize>,
    /// Made once it is asked for: in the same file again, no INE is anybody else's than the `ELEVE_ID` is.
    by_ine: Option<HashMap<&'a Ine, usize>>,
}

impl<'a> Index<'a> {
    fn of(students: &'a [Student]) -> Self {
        let numbered = students.iter().enumerate();
        Self {
            students,
            by_eleve_id: numbered
                .map(|(at, student)| (student.eleve_id.as_str(), at))
                .collect(),
            by_ine: None,
        }
    }

    fn pointers(&mut self, eleve_id: Option<&str>, ine: Option<&Ine>) -> Pointers {
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
struct Pointers {
    by_ine: Option<usize>,
    by_eleve_id: Option<usize>,
}

impl Pointers {
    /// Each pupil designated, once.
    fn all(self) -> impl Iterator<Item = usize> {
        let other = self.by_eleve_id.filter(|_| self.by_eleve_id != self.by_ine);
        self.by_ine.into_iter().chain(other)
    }

    /// The pupil that a person is by the same rules, when nobody else is compared.
    fn designated(self, students: &[Student], person: &Person<'_>) -> Option<usize> {
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
struct Bearers<'a> {
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
    fn of(students: usize, rows: usize) -> Self {
        let new = rows.saturating_sub(students);
        Self {
            of_ine: vec![None; students],
            of_eleve_id: vec![None; students],
            new_ines: HashMap::with_capacity(new),
            new_eleve_ids: HashMap::with_capacity(new),
            twice: Vec::with_capacity(rows),
        }
    }

    fn add(&mut self, at: usize, row: &'a StudentRow, pointers: Pointers) {
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

    /// What the numbers of a withheld pupil say, those of a pupil who is in the file apart: they are that pupil's.
    fn left_by_rows(&self, pointers: Pointers) -> Pointers {
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
