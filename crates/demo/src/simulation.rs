//! A country of schools at the door: how many pupils the evidence links by itself, how many it leaves to a person, and
//! how often it is wrong.
//!
//! Each school is one of [`crate::siecle`]: names as often as they are borne, twins, homonyms, classes. Its pupils come
//! once each, in a random order, as the GAR and themselves say who they are (`faults`), and the product's own decision
//! is asked. Everything follows from the seed, so a change of rule shows as a change of figures and nothing else.

use std::collections::{HashMap, HashSet};
use std::panic::resume_unwind;
use std::thread;

use jiff::civil::{Date, date};
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::reconciliation::birthdate::dates_to_compare;
use pix_orga_domain::reconciliation::decision::{Candidate, Claim, Decision, decide};
use uuid::Uuid;

use crate::draw::Dice;
use crate::schools::{self, SchoolKind};
use crate::siecle::{GeneratedPupil, Generator, SchoolSpec};

mod faults;

pub use faults::Faults;

/// First year of the school year that is simulated.
const SCHOOL_YEAR: i16 = 2026;
/// The day of the exports.
const EXPORTED_ON: Date = date(2026, 10, 5);
/// Pupils whom the list does not have, out of a thousand: late exports, arrivals.
const NOT_IMPORTED_PERMILLE: u32 = 30;

/// What is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// The same seed gives the same pupils and the same faults.
    pub seed: u64,
    /// How many schools.
    pub schools: u32,
    /// How many pupils are drawn in each; those who left or have no class do not come.
    pub pupils: usize,
    /// How often names, classes and dates are not the list's.
    pub faults: Faults,
}

/// How a school decides: the product's way, or another to compare with.
pub type Rules = fn(&Claim, &[Candidate]) -> Decision;

/// What became of the pupils who came.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// Pupils who came to the door.
    pub came: u32,
    /// Of those, whom the list has.
    pub imported: u32,
    /// Linked to themselves.
    pub linked: u32,
    /// Left to a person who has students to look at.
    pub staff: u32,
    /// Like nobody.
    pub not_found: u32,
    /// Linked to somebody else.
    pub wrong: u32,
}

impl Figures {
    /// Those of two simulations together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            came: self.came + other.came,
            imported: self.imported + other.imported,
            linked: self.linked + other.linked,
            staff: self.staff + other.staff,
            not_found: self.not_found + other.not_found,
            wrong: self.wrong + other.wrong,
        }
    }
}

impl Simulation {
    /// Every school, by the product's decision. They are shared among threads: none depends on another. A panic in one
    /// is a panic here, or its pupils would be missing from the figures.
    pub fn run(&self) -> Figures {
        let threads = thread::available_parallelism().map_or(1, usize::from);
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|worker| scope.spawn(move || self.share(worker, threads)))
                .collect();
            workers
                .into_iter()
                .map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
                .fold(Figures::default(), Figures::plus)
        })
    }

    /// One school out of `of`, from this one.
    fn share(&self, first: usize, of: usize) -> Figures {
        (0..self.schools)
            .skip(first)
            .step_by(of)
            .map(|number| self.school(number, decide))
            .fold(Figures::default(), Figures::plus)
    }

    /// One school, from 0: it does not depend on the others.
    pub fn school(&self, number: u32, rules: Rules) -> Figures {
        let model = schools::all()
            .iter()
            .filter(|school| school.kind != SchoolKind::LyceeAgricole)
            .cycle()
            .nth(number as usize);
        let Some(model) = model else {
            return Figures::default();
        };
        let seed = self.seed.wrapping_mul(1_000_003) + u64::from(number);
        let drawn = Generator::new(seed).generate(
            &SchoolSpec::of(model),
            self.pupils,
            SCHOOL_YEAR,
            EXPORTED_ON,
        );
        let pupils: Vec<&GeneratedPupil> = drawn.present().collect();
        let dice = &mut Dice::new(seed, &["at the door"]);
        let mut list = List::default();
        for (rank, pupil) in pupils.iter().enumerate() {
            if !dice.permille(NOT_IMPORTED_PERMILLE) {
                list.add(rank, pupil);
            }
        }
        let mut figures = Figures {
            imported: list.count,
            ..Figures::default()
        };
        for rank in dice.order(pupils.len()) {
            let claim = self.faults.claim(dice, pupils[rank]);
            figures.count(&rules(&claim, &list.near(&claim)), rank, &mut list);
        }
        figures
    }
}

impl Figures {
    fn count(&mut self, decision: &Decision, rank: usize, list: &mut List) {
        self.came += 1;
        match decision {
            Decision::Link(designated) => {
                let right = designated.student_id == id(rank);
                self.linked += u32::from(right);
                self.wrong += u32::from(!right);
                list.linked.insert(designated.student_id);
            }
            Decision::Person { .. } => self.staff += 1,
            Decision::Nothing => self.not_found += 1,
        }
    }
}

/// A school's list, found by birth date as a store does.
#[derive(Default)]
struct List {
    born: HashMap<Date, Vec<Candidate>>,
    linked: HashSet<StudentId>,
    count: u32,
}

impl List {
    fn add(&mut self, rank: usize, pupil: &GeneratedPupil) {
        self.count += 1;
        let born = self.born.entry(pupil.birthdate).or_default();
        born.push(pupil.candidate(id(rank)));
    }

    fn near(&self, claim: &Claim) -> Vec<Candidate> {
        dates_to_compare(claim.birthdate)
            .iter()
            .filter_map(|date| self.born.get(date))
            .flatten()
            .map(|student| Candidate {
                linked: self.linked.contains(&student.student_id),
                ..student.clone()
            })
            .collect()
    }
}

fn id(rank: usize) -> StudentId {
    StudentId(Uuid::from_u128(rank as u128 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pix_orga_domain::reconciliation::decision::{Designated, Near, Rule};

    const SMALL: Simulation = Simulation {
        seed: 2026,
        schools: 8,
        pupils: 500,
        faults: Faults::USUAL,
    };

    /// What a hurried product does: it links the only student who looks like the pupil, without asking anybody.
    fn hurried(claim: &Claim, students: &[Candidate]) -> Decision {
        match decide(claim, students) {
            Decision::Person { near } if near.len() == 1 && !near[0].already_linked => {
                let Near {
                    student_id, levels, ..
                } = near[0];
                Decision::Link(Designated {
                    student_id,
                    rule: Rule::Exact,
                    levels,
                })
            }
            other => other,
        }
    }

    fn with(rules: Rules) -> Figures {
        (0..SMALL.schools)
            .map(|number| SMALL.school(number, rules))
            .fold(Figures::default(), Figures::plus)
    }

    #[test]
    fn nearly_everybody_is_linked_and_nobody_wrongly() {
        let figures = SMALL.run();
        assert!(figures.came > 3_500, "{figures:?}");
        assert!(figures.linked * 100 >= figures.came * 92, "{figures:?}");
        assert_eq!(figures.wrong, 0, "{figures:?}");
        let all = figures.linked + figures.staff + figures.not_found + figures.wrong;
        assert_eq!(all, figures.came);
    }

    #[test]
    fn shared_among_threads_each_school_counts_once() {
        let every = with(decide);
        assert_eq!(SMALL.run(), every);
        let shares = (0..3).map(|first| SMALL.share(first, 3));
        assert_eq!(shares.fold(Figures::default(), Figures::plus), every);
    }

    #[test]
    fn some_would_be_linked_wrongly_if_nobody_was_asked() {
        let figures = with(hurried);
        assert!(figures.wrong > 0, "{figures:?}");
    }

    #[test]
    fn without_faults_only_those_the_list_lacks_are_not_linked() {
        let perfect = Simulation {
            faults: Faults::NONE,
            ..SMALL
        };
        let figures = perfect.run();
        assert!(figures.imported < figures.came, "{figures:?}");
        assert_eq!(figures.linked, figures.imported, "{figures:?}");
        assert_eq!(figures.wrong, 0, "{figures:?}");
    }

    #[test]
    fn a_seed_repeats_itself_and_two_differ() {
        assert_eq!(SMALL.school(3, decide), SMALL.school(3, decide));
        let other = Simulation { seed: 7, ..SMALL };
        assert_ne!(SMALL.run(), other.run());
    }
}
