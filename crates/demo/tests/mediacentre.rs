//! The demo's médiacentre: what its page promises of each person is what the evidence says, and tickets hold once.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use pix_orga_demo::mediacentre::{
    MEDIACENTRE_PATH, Mediacentre, Particularity, Person, TICKET_MAX,
};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, School, SchoolSpec};
use pix_orga_domain::chance::{Chance, new_id};
use pix_orga_domain::clock::Clock;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{
    Answer, FederatedIdentity, FederatedSignIn, Leaving, NoFederation, Verified,
};
use pix_orga_domain::pupil::use_cases::PupilSignIns;
use pix_orga_domain::pupil::{PupilAccount, PupilRefusal};
use pix_orga_domain::reconciliation::decision::{Candidate, Claim, Decision, decide};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::session::Subject;
use pix_orga_testkit::stores::Stores;

struct Hand {
    now: AtomicI64,
    drawn: AtomicU64,
}

impl Clock for Hand {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::SeqCst)).unwrap()
    }
}

impl Chance for Hand {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.drawn.fetch_add(167, Ordering::SeqCst).to_le_bytes()[0];
        }
    }
}

fn hand() -> Arc<Hand> {
    Arc::new(Hand {
        now: AtomicI64::new(1_790_000_000),
        drawn: AtomicU64::new(3),
    })
}

fn generated(seed: u64) -> Vec<School> {
    let sizes = [(0, 600), (1, 60)];
    let make = |(at, pupils): (usize, usize)| {
        let spec = SchoolSpec::of(&schools::all()[at]);
        Generator::new(seed).generate(&spec, pupils, 2026, date(2026, 10, 5))
    };
    sizes.map(make).into()
}

fn open(schools: &[School]) -> (Mediacentre, Arc<Hand>) {
    let hand = hand();
    (Mediacentre::new(schools, hand.clone(), hand.clone()), hand)
}

async fn verified(mediacentre: &Mediacentre, answer: &Answer) -> Result<Verified, PupilRefusal> {
    mediacentre
        .verify(answer)
        .await
        .map_err(|denied| match denied {
            Denied::Refused(refusal) => refusal,
            other => panic!("{other}"),
        })
}

async fn identity(mediacentre: &Mediacentre, person: &Person) -> FederatedIdentity {
    let answer = mediacentre.enter_as(&person.id).unwrap();
    verified(mediacentre, &answer).await.unwrap().identity
}

fn candidates(school: &School) -> Vec<Candidate> {
    let hand = hand();
    let present = school.present().map(|pupil| Candidate {
        student_id: StudentId(new_id(hand.as_ref(), hand.now())),
        ine: pupil.ine.clone(),
        last_name: pupil.last_name.clone(),
        usage_name: pupil.usage_name.clone(),
        first_name: pupil.first_name.clone(),
        other_first_names: pupil.other_first_names.clone(),
        birthdate: pupil.birthdate,
        division: pupil.division.clone().unwrap_or_default(),
        present: true,
        linked: false,
    });
    present.collect()
}

#[tokio::test]
async fn what_is_promised_of_each_person_is_what_happens() {
    for seed in [1, 7, 2026] {
        let schools = generated(seed);
        let (mediacentre, _) = open(&schools);
        let candidates = candidates(&schools[0]);
        for person in mediacentre.people() {
            let identity = identity(&mediacentre, person).await;
            let pupil = identity.profile == Profile::Pupil;
            let what = person.particularity;
            let adult = [Particularity::Teacher, Particularity::Parent].contains(&what);
            assert_eq!(pupil, !adult, "{seed} {what:?}");
            let Some(birthdate) = person.birthdate else {
                continue;
            };
            let claim = Claim {
                last_name: identity.last_name,
                first_name: identity.first_name,
                divisions: identity.divisions,
                birthdate,
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
fn every_particularity_of_the_first_school_has_somebody() {
    let schools = generated(2026);
    let (mediacentre, _) = open(&schools);
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
    let mut ids: Vec<_> = mediacentre.people().iter().map(|one| &one.id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), mediacentre.people().len());
}

/// The values of an attribute.
fn signed(person: &Person, name: &str) -> Vec<String> {
    let mut attributes = person.attributes().into_iter();
    attributes
        .find(|(known, _)| known == name)
        .map(|(_, values)| values)
        .unwrap_or_default()
}

#[test]
fn each_person_has_the_attributes_that_the_gar_gives() {
    let schools = generated(2026);
    let (mediacentre, _) = open(&schools);
    for person in mediacentre.people() {
        let what = person.particularity;
        let profile = match what {
            Particularity::Teacher => Profile::Teacher,
            Particularity::Parent => Profile::Guardian,
            _ => Profile::Pupil,
        };
        let one = |name: &str| {
            let values = signed(person, name);
            assert_eq!(values.len(), 1, "{name} {what:?}");
            values[0].clone()
        };
        assert_eq!(Profile::parse(&one("PRO")), profile, "{what:?}");
        assert_eq!(one("UAI"), person.school.uai.as_str());
        assert_eq!(one("IDO").chars().count(), 128, "{what:?}");
        assert!(["M.", "Mme"].contains(&&*one("CIV")));
        let division = person.division.iter();
        let divisions: Vec<_> = division.map(|code| format!("{code}##{code}")).collect();
        assert_eq!(signed(person, "DIV"), divisions, "{what:?}");
        for group in signed(person, "GRO") {
            assert_eq!(group.split("##").count(), 3, "{group}");
        }
    }
    let mut people = mediacentre.people().iter();
    assert!(people.any(|one| !signed(one, "GRO").is_empty()));
    let mut idos: Vec<_> = mediacentre
        .people()
        .iter()
        .map(|one| signed(one, "IDO"))
        .collect();
    idos.sort();
    idos.dedup();
    assert_eq!(idos.len(), mediacentre.people().len());
}

#[tokio::test]
async fn a_changed_identity_is_another_account_of_the_same_person() {
    let schools = generated(2026);
    let (mediacentre, hand) = open(&schools);
    let people = mediacentre.people();
    let changed = people
        .iter()
        .find(|one| one.particularity == Particularity::ChangedIdentity)
        .unwrap();
    let (before, after) = (
        identity(&mediacentre, &people[0]).await,
        identity(&mediacentre, changed).await,
    );
    assert_eq!(before.last_name, after.last_name);
    assert_eq!(people[0].birthdate, changed.birthdate);
    assert_ne!(before.ido, after.ido);
    let signed = PupilAccount::sign_in(None, &after, hand.as_ref(), hand.now()).unwrap();
    assert!(signed.0.account.attends(schools[0].spec.uai));
    assert!(!signed.0.account.attends(schools[1].spec.uai));
}

#[tokio::test]
async fn a_ticket_names_what_it_uses_up_and_holds_a_minute() {
    let schools = generated(2026);
    let (mediacentre, hand) = open(&schools);
    assert_eq!(mediacentre.enter_as("personne"), None);
    let id = &mediacentre.people()[0].id;
    let (one, two) = (
        mediacentre.enter_as(id).unwrap(),
        mediacentre.enter_as(id).unwrap(),
    );
    assert_ne!(one, two);
    let first = verified(&mediacentre, &one).await.unwrap();
    let again = verified(&mediacentre, &one).await.unwrap();
    assert_eq!(first.spent, again.spent);
    assert_eq!(first.spent.len(), 1);
    assert!(first.spent[0].until <= hand.now().saturating_add(TICKET_MAX).unwrap());
    assert_ne!(
        first.spent,
        verified(&mediacentre, &two).await.unwrap().spent
    );
    let refused = Err(PupilRefusal::SignInRefused);
    let invented = Answer {
        proof: "0".repeat(64),
        browser: None,
    };
    assert_eq!(verified(&mediacentre, &invented).await, refused);
    let minute = SignedDuration::from_secs(60).as_secs();
    hand.now.fetch_add(minute, Ordering::SeqCst);
    assert_eq!(verified(&mediacentre, &one).await, refused);
}

#[test]
fn debug_hides_everybody() {
    let schools = generated(2026);
    let (mediacentre, _) = open(&schools);
    let person = &mediacentre.people()[0];
    let shown = format!("{mediacentre:?}{person:?}");
    assert!(!shown.contains(&person.last_name) && !shown.contains(&person.first_name));
}

fn sign_ins(
    stores: &Stores,
    federation: Arc<dyn FederatedSignIn>,
    hand: &Arc<Hand>,
) -> PupilSignIns {
    PupilSignIns {
        federation,
        store: stores.pupils.clone(),
        clock: hand.clone(),
        chance: hand.clone(),
    }
}

fn refusal<T>(outcome: Result<T, Denied<PupilRefusal>>) -> Option<PupilRefusal> {
    match outcome {
        Ok(_) => None,
        Err(Denied::Refused(refusal)) => Some(refusal),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_pupil_signs_in_and_their_ticket_serves_once() {
    let schools = generated(2026);
    let hand = hand();
    let mediacentre = Mediacentre::new(&schools, hand.clone(), hand.clone());
    let mediacentre = Arc::new(mediacentre);
    let stores = Stores::in_memory();
    let sign_ins = sign_ins(&stores, mediacentre.clone(), &hand);
    let (one, two) = (&mediacentre.people()[0].id, &mediacentre.people()[1].id);

    let answer = mediacentre.enter_as(one).unwrap();
    let first = sign_ins.sign_in(&answer, None).await.unwrap();
    let (pupil, cookie) = (first.account, first.cookie);
    assert!(first.first);
    let session = stores.sessions.find(&cookie.hash()).await.unwrap();
    assert_eq!(session.unwrap().subject, Subject::Pupil(pupil.id));
    let again = sign_ins.sign_in(&answer, None).await;
    assert_eq!(refusal(again), Some(PupilRefusal::SignInRefused));

    let answer = mediacentre.enter_as(one).unwrap();
    let same = sign_ins.sign_in(&answer, None).await.unwrap();
    assert_eq!((same.account.id, same.first), (pupil.id, false));
    let answer = mediacentre.enter_as(two).unwrap();
    let other = sign_ins.sign_in(&answer, Some(&cookie)).await.unwrap();
    let other = other.account;
    assert_ne!(other.id, pupil.id);
    assert_eq!(stores.sessions.find(&cookie.hash()).await.unwrap(), None);
    let known = sign_ins.account(other.id).await.unwrap();
    assert_eq!(known, Some(other));
}

#[tokio::test]
async fn an_adult_has_no_account_and_a_server_without_federation_signs_nobody_in() {
    let schools = generated(2026);
    let hand = hand();
    let mediacentre = Mediacentre::new(&schools, hand.clone(), hand.clone());
    let mediacentre = Arc::new(mediacentre);
    let stores = Stores::in_memory();
    let signing = sign_ins(&stores, mediacentre.clone(), &hand);
    for adult in [Particularity::Teacher, Particularity::Parent] {
        let mut people = mediacentre.people().iter();
        let person = people.find(|one| one.particularity == adult).unwrap();
        let answer = mediacentre.enter_as(&person.id).unwrap();
        let identity = verified(&mediacentre, &answer).await.unwrap().identity;
        let refused = refusal(signing.sign_in(&answer, None).await);
        assert_eq!(refused, Some(PupilRefusal::NotAPupil), "{adult:?}");
        let account = stores.pupils.find_by_ido(&identity.ido).await.unwrap();
        assert_eq!(account, None, "{adult:?}");
    }
    let leaving = Leaving::default();
    let departure = signing.depart(&leaving).await.unwrap();
    assert_eq!(departure.location, MEDIACENTRE_PATH);

    let nobody = sign_ins(&stores, Arc::new(NoFederation), &hand);
    let answer = mediacentre.enter_as(&mediacentre.people()[0].id).unwrap();
    let refused = refusal(nobody.sign_in(&answer, None).await);
    assert_eq!(refused, Some(PupilRefusal::GarNotConfigured));
    assert_eq!(
        refusal(nobody.depart(&leaving).await),
        Some(PupilRefusal::GarNotConfigured)
    );
}
