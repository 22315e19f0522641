//! A few thousand fictitious pupils, seen by the GAR and by the roster with the faults of both: how many the evidence
//! links by itself, how many it leaves to a person, and how often it is wrong.
//!
//! The draw is seeded, so a change of rule shows as a change of numbers and nothing else.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::decision::{Candidate, Claim, Decision, decide};
use super::testing::{claim, student};

const SURNAMES: &str = include_str!("simulated_surnames.txt");
const FIRST_NAMES: &str = include_str!("../names/first_names.txt");
const SCHOOLS: u32 = 8;
const PUPILS_PER_SCHOOL: usize = 500;
/// Out of a thousand.
const TWINS: u64 = 34;
const MISSING_FROM_ROSTER: u64 = 20;

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

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.index(list.len())]
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
            child.surname.clone_from(&elder.surname);
            child.usage.clone_from(&elder.usage);
            child.born = elder.born;
            if draw.per_thousand(300) {
                child.class.clone_from(&elder.class);
            }
        }
        children.push(child);
    }
    children
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

fn simulate(seed: u64) -> Counts {
    let surnames: Vec<&str> = SURNAMES.lines().collect();
    let first_names: Vec<&str> = FIRST_NAMES.lines().collect();
    let mut draw = Draw(seed);
    let mut counts = Counts::default();
    for _ in 0..SCHOOLS {
        let children = children(&surnames, &first_names, &mut draw);
        let on_file: Vec<bool> = children
            .iter()
            .map(|_| !draw.per_thousand(MISSING_FROM_ROSTER))
            .collect();
        let mut roster: Vec<Candidate> = children
            .iter()
            .zip(&on_file)
            .filter(|(_, there)| **there)
            .map(|(child, _)| on_roster(child))
            .collect();
        for (child, there) in children.iter().zip(&on_file) {
            counts.expected += u32::from(*there);
            match decide(&at_the_door(child, &surnames, &mut draw), &roster) {
                Decision::Link(link) => {
                    let right = link.student_id.0.as_u128() == child.id;
                    counts.linked += u32::from(right);
                    counts.wrong += u32::from(!right);
                    roster
                        .iter_mut()
                        .filter(|s| s.student_id == link.student_id)
                        .for_each(|s| s.linked = true);
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
    let counts = simulate(2026);
    assert!(counts.linked * 100 > counts.expected * 95, "{counts:?}");
    assert!(counts.person * 100 < counts.expected * 4, "{counts:?}");
    assert!(counts.wrong <= 1, "{counts:?}");
}
