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

use jiff::civil::Date;

use super::Student;
use super::reading::{StudentRow, Withheld, WithheldBecause};

mod evidence;
mod numbers;

/// From so many pupils on who are found by their INE under another `ELEVE_ID`, and when they are more than those who have
/// the same, the base was made again and its numbers mean nothing to the roster.
const NUMBERED_AGAIN_MIN: usize = 10;

use evidence::{Evidence, Person};
use numbers::{Bearers, Index, Pointers};

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
    let twice = bearers.take_twice();
    let mut pairing = Pairing {
        students,
        rows,
        pointers,
        taken: vec![None; students.len()],
        verdicts: vec![Match::New; rows.len()],
        numbered_again: false,
    };
    pairing.settle(&twice);
    let numbered_again = pairing.numbered_again;
    let mut matches = pairing.matches();
    for pupil in withheld {
        let pointers = index.pointers(pupil.eleve_id.as_deref(), pupil.ine.as_ref());
        let mut pointers = bearers.left_by_rows(pointers);
        if numbered_again {
            pointers = pointers.numbered_again(students, &Person::withheld(pupil));
        }
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
    /// Whether the base was made again.
    numbered_again: bool,
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
        self.numbered_again = self.is_numbered_again();
        if self.numbered_again {
            for one in &mut open {
                let has_number = one.by_eleve_id.take().is_some();
                // New at once: in the same file again numbers mean something, and would settle a doubt otherwise.
                one.by_ine
                    .take_if(|(_, evidence)| has_number && *evidence == Evidence::Twin);
            }
        }
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

    /// Whether most of those whom the INE tells have another `ELEVE_ID` than before.
    fn is_numbered_again(&self) -> bool {
        let (mut again, mut same) = (0, 0);
        for (verdict, pointers) in self.verdicts.iter().zip(&self.pointers) {
            if let Match::Known(student) = verdict
                && pointers.by_ine == Some(*student)
            {
                let counted = if pointers.by_eleve_id == pointers.by_ine {
                    &mut same
                } else {
                    &mut again
                };
                *counted += 1;
            }
        }
        again >= NUMBERED_AGAIN_MIN && again > same
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
