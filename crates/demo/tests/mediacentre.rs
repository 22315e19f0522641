//! The demo's médiacentre: what its page promises of each person is what the evidence says of their attributes.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use pix_orga_demo::mediacentre::{Mediacentre, Particularity, Person};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, School, SchoolSpec};
use pix_orga_domain::chance::{Chance, new_id};
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::pupil::Ido;
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::reconciliation::decision::{Attendance, Candidate, Claim, Decision, decide};

/// Draws nothing: identifiers differ by their time alone.
struct NoChance;

impl Chance for NoChance {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

fn generated(seed: u64) -> Vec<School> {
    let sizes = [(0, 600), (1, 60)];
    let make = |(at, pupils): (usize, usize)| {
        let spec = SchoolSpec::of(&schools::all()[at]);
        Generator::new(seed).generate(&spec, pupils, 2026, date(2026, 10, 5))
    };
    sizes.map(make).into()
}

/// The values of an attribute.
fn signed(person: &Person, name: &str) -> Vec<String> {
    let mut attributes = person.attributes().into_iter();
    attributes
        .find(|(known, _)| known == name)
        .map(|(_, values)| values)
        .unwrap_or_default()
}

fn one(person: &Person, name: &str) -> String {
    let values = signed(person, name);
    assert_eq!(values.len(), 1, "{name}");
    values[0].clone()
}

fn candidates(school: &School) -> Vec<Candidate> {
    let start = Timestamp::from_second(1_790_000_000).unwrap();
    let id = |rank| StudentId(new_id(&NoChance, start + SignedDuration::from_millis(rank)));
    let present = school.present().zip(0..);
    present
        .map(|(pupil, rank)| pupil.candidate(id(rank)))
        .collect()
}

#[test]
fn what_is_promised_of_each_person_is_what_happens() {
    for seed in [1, 7, 2026] {
        let schools = generated(seed);
        let mediacentre = Mediacentre::new(&schools);
        let candidates = candidates(&schools[0]);
        for person in mediacentre.people() {
            let what = person.particularity;
            let Some(birthdate) = person.birthdate else {
                continue;
            };
            let claim = Claim {
                last_name: one(person, "NOM"),
                first_name: one(person, "PRE"),
                divisions: signed(person, "DIV"),
                birthdate,
                attendance: Attendance::Signed,
            };
            let decision = decide(&claim, &candidates);
            let expected = match what {
                Particularity::Misspelt => matches!(decision, Decision::Person { .. }),
                Particularity::Gone => !matches!(decision, Decision::Link(_)),
                Particularity::Elsewhere => true,
                _ => matches!(decision, Decision::Link(_)),
            };
            assert!(expected, "{seed} {what:?}");
        }
    }
}

#[test]
fn each_person_has_the_attributes_that_the_gar_gives() {
    let schools = generated(2026);
    let mediacentre = Mediacentre::new(&schools);
    for person in mediacentre.people() {
        let what = person.particularity;
        let profile = match what {
            Particularity::Teacher => Profile::Teacher,
            Particularity::Parent => Profile::Guardian,
            _ => Profile::Pupil,
        };
        assert_eq!(Profile::parse(&one(person, "PRO")), profile, "{what:?}");
        assert_eq!(one(person, "UAI"), person.school.uai.as_str());
        let ido = one(person, "IDO");
        assert_eq!(ido.chars().count(), 128, "{what:?}");
        assert!(Ido::parse(&ido).is_ok());
        assert!(["M.", "Mme"].contains(&&*one(person, "CIV")));
        let division = person
            .division
            .as_ref()
            .map(|code| format!("{code}##{code}"));
        assert_eq!(signed(person, "DIV").first(), division.as_ref(), "{what:?}");
        for group in signed(person, "GRO") {
            assert_eq!(group.split("##").count(), 3, "{group}");
        }
        assert!(
            person
                .attributes()
                .iter()
                .all(|(_, values)| !values.is_empty())
        );
    }
    let with_groups = |one: &&Person| !signed(one, "GRO").is_empty();
    assert!(mediacentre.people().iter().find(with_groups).is_some());
}

#[test]
fn every_particularity_of_the_first_school_has_somebody() {
    let schools = generated(2026);
    let mediacentre = Mediacentre::new(&schools);
    for wanted in [
        Particularity::Ordinary,
        Particularity::UsageName,
        Particularity::Misspelt,
        Particularity::Gone,
        Particularity::ChangedIdentity,
        Particularity::Teacher,
        Particularity::Parent,
        Particularity::Elsewhere,
    ] {
        let mut people = mediacentre.people().iter();
        let person = people.find(|person| person.particularity == wanted);
        let note = person.map(Person::note);
        assert!(note.is_some_and(|note| note.ends_with('.')), "{wanted:?}");
    }
}

#[test]
fn nobody_shares_an_identifier_and_a_changed_one_is_the_same_person() {
    let schools = generated(2026);
    let mediacentre = Mediacentre::new(&schools);
    let people = mediacentre.people();
    for values in [
        people.iter().map(|one| one.id.clone()).collect::<Vec<_>>(),
        people.iter().map(|person| one(person, "IDO")).collect(),
    ] {
        let mut distinct = values.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), values.len());
    }
    let changed = people
        .iter()
        .find(|one| one.particularity == Particularity::ChangedIdentity)
        .unwrap();
    assert_eq!(people[0].last_name, changed.last_name);
    assert_eq!(people[0].birthdate, changed.birthdate);
    assert_eq!(mediacentre.find(&changed.id), Some(changed));
    assert_eq!(mediacentre.find("personne"), None);
}

#[test]
fn debug_hides_everybody() {
    let schools = generated(2026);
    let mediacentre = Mediacentre::new(&schools);
    let person = &mediacentre.people()[0];
    let shown = format!("{mediacentre:?}{person:?}");
    assert!(!shown.contains(&person.last_name) && !shown.contains(&person.first_name));
}
