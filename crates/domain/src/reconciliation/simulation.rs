//! A few thousand fictitious pupils, seen by the GAR and by the roster with the faults of both: how many the evidence
//! links by itself, how many it leaves to a person, and how often it is wrong.
//!
//! The draw is seeded, so a change of rule shows as a change of numbers and nothing else.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::birthdate::dates_to_compare;
use super::decision::{Candidate, Claim, Decision, Designated, Near, Rule, decide};
use super::testing::{claim, student};

const SURNAMES: &str = include_str!("simulated_surnames.txt");
const FIRST_NAMES: &str = include_str!("../names/first_names.txt");
const SEED: u64 = 2026;
const SCHOOLS: u32 = 6;
const PUPILS_PER_SCHOOL: usize = 500;
/// Out of a thousand.
const TWINS: u64 = 34;
const MISSING_FROM_ROSTER: u64 = 40;

/// A seeded generator (SplitMix64): good enough to spread faults, and the same everywhere.
struct Draw(u64);

impl Draw {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap()
    }

    fn per_thousand(&mut self, chances: u64) -> bool {
        self.below(1000) < chances
    }

    /// The first of a list much more often than the last, as names are given.
    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let bound = self.index(list.len()) + 1;
        list[self.index(bound)]
    }
}

/// One child: the truth, before any file.
struct Child {
    id: u128,
    surname: String,
    usage: Option<String>,
    given: Vec<String>,
    born: Date,
    class: String,
}

fn children(surnames: &[&str], first_names: &[&str], draw: &mut Draw) -> Vec<Child> {
    let mut children: Vec<Child> = Vec::new();
    while children.len() < PUPILS_PER_SCHOOL {
        let id = children.len() as u128 + 1;
        let days = i64::try_from(draw.below(4 * 365)).unwrap();
        let mut child = Child {
            id,
            surname: draw.pick(surnames).to_owned(),
            usage: draw
                .per_thousand(60)
                .then(|| draw.pick(surnames).to_owned()),
            given: (0..=draw.below(3))
                .map(|_| draw.pick(first_names).to_owned())
                .collect(),
            born: date(2010, 1, 1).saturating_add(days.days()),
            class: format!("{}E{}", 3 + draw.below(4), 1 + draw.below(5)),
        };
        if draw.per_thousand(60) {
            child.given[0] = format!("{}-{}", child.given[0], draw.pick(first_names));
        }
        if let Some(elder) = children.last().filter(|_| draw.per_thousand(TWINS)) {
            make_twin(&mut child, elder, draw);
        }
        children.push(child);
    }
    children
}

/// Twins share surname and date, sometimes the class, half a first name, or the names they do not use.
fn make_twin(child: &mut Child, elder: &Child, draw: &mut Draw) {
    child.surname.clone_from(&elder.surname);
    child.usage.clone_from(&elder.usage);
    child.born = elder.born;
    if draw.per_thousand(300) {
        child.class.clone_from(&elder.class);
    }
    match draw.below(10) {
        0 => child.given[0] = format!("{}-{}", elder.given[0], child.given[0]),
        1 => child.given.extend_from_slice(&elder.given),
        _ => {}
    }
}

fn on_roster(child: &Child) -> Candidate {
    Candidate {
        usage_name: child.usage.clone(),
        other_first_names: child.given[1..].to_vec(),
        birthdate: child.born,
        division: child.class.clone(),
        ..student(child.id, &child.surname.to_uppercase(), &child.given[0])
    }
}

/// What the GAR and the pupil say of the child: the usage name, another first name, a letter, the class, the date,
/// each wrong or different now and then.
fn at_the_door(child: &Child, surnames: &[&str], draw: &mut Draw) -> Claim {
    let mut last = child
        .usage
        .clone()
        .filter(|_| draw.per_thousand(700))
        .unwrap_or_else(|| child.surname.clone());
    let mut first = child.given[0].clone();
    match draw.below(1000) {
        0..10 => last = misspelt(&last, draw),
        10..20 => first = misspelt(&first, draw),
        20..32 => last = format!("{last} {}", draw.pick(surnames)),
        32..40 => first = child.given.last().cloned().unwrap_or_default(),
        40..52 => first = first.split('-').next_back().unwrap_or_default().to_owned(),
        52..55 => std::mem::swap(&mut last, &mut first),
        _ => {}
    }
    let code = if draw.per_thousand(900) {
        child.class.clone()
    } else {
        "3E9".to_owned()
    };
    let mut claim = claim(&last.to_uppercase(), &first, &format!("{code}##{code}"));
    claim.birthdate = child.born;
    if draw.per_thousand(15) {
        claim.birthdate = child.born.saturating_add(1.day());
    }
    claim
}

fn misspelt(name: &str, draw: &mut Draw) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = draw.index(letters.len());
    letters[at] = char::from(b'a' + u8::try_from(draw.below(26)).unwrap());
    letters.into_iter().collect()
}

#[derive(Debug, Default)]
struct Counts {
    expected: u32,
    linked: u32,
    person: u32,
    wrong: u32,
}

/// How a school decides: the product's way, or another to compare with.
type Rules = fn(&Claim, &[Candidate]) -> Decision;

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

fn simulate(seed: u64, rules: Rules) -> Counts {
    let surnames: Vec<&str> = SURNAMES.lines().collect();
    let first_names: Vec<&str> = FIRST_NAMES.lines().collect();
    let mut draw = Draw(seed);
    let mut counts = Counts::default();
    for _ in 0..SCHOOLS {
        let children = children(&surnames, &first_names, &mut draw);
        let mut roster: BTreeMap<Date, Vec<Candidate>> = BTreeMap::new();
        let mut on_file = Vec::new();
        for child in &children {
            on_file.push(!draw.per_thousand(MISSING_FROM_ROSTER));
            if on_file.last() == Some(&true) {
                roster.entry(child.born).or_default().push(on_roster(child));
            }
        }
        for (child, there) in children.iter().zip(on_file) {
            counts.expected += u32::from(there);
            let claim = at_the_door(child, &surnames, &mut draw);
            let dates = dates_to_compare(claim.birthdate);
            let read: Vec<Candidate> = dates
                .iter()
                .filter_map(|date| roster.get(date))
                .flatten()
                .cloned()
                .collect();
            match rules(&claim, &read) {
                Decision::Link(link) => {
                    let right = link.student_id.0.as_u128() == child.id;
                    counts.linked += u32::from(right);
                    counts.wrong += u32::from(!right);
                    let mut students = roster.values_mut().flatten();
                    if let Some(student) = students.find(|s| s.student_id == link.student_id) {
                        student.linked = true;
                    }
                }
                Decision::Person { .. } => counts.person += 1,
                Decision::Nothing => {}
            }
        }
    }
    counts
}

#[test]
fn nearly_everybody_is_linked_and_nearly_nobody_wrongly() {
    let counts = simulate(SEED, decide);
    assert!(counts.linked * 100 > counts.expected * 95, "{counts:?}");
    assert!(counts.person * 100 < counts.expected * 4, "{counts:?}");
    assert!(counts.wrong <= 1, "{counts:?}");
}

#[test]
fn the_same_pupils_would_be_linked_wrongly_if_nobody_was_asked() {
    let counts = simulate(SEED, hurried);
    assert!(counts.wrong > 2, "{counts:?}");
}
