use super::contract::Attribute;
use super::sign_in::{
    Answer, BEGUN_SIGN_IN_MAX, BegunSignIn, FederatedSignIn, Leaving, NoFederation, ProviderSession,
};
use super::*;
use crate::refusal::Denied;
use crate::testing::{school, uai};
use proptest::prelude::*;
use std::sync::atomic::{AtomicU8, Ordering};

struct Counting(AtomicU8);

impl Chance for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
    }
}

fn chance() -> Counting {
    Counting(AtomicU8::new(0))
}

fn now() -> Timestamp {
    Timestamp::from_second(1_800_000_000).unwrap()
}

fn identity() -> FederatedIdentity {
    FederatedIdentity {
        ido: Ido::parse("ab12").unwrap(),
        uais: vec!["0810004P".into()],
        profile: Some(Profile::Pupil),
        last_name: "LEFEVRE".into(),
        first_name: "Zoé".into(),
        divisions: vec!["3A##3EME A".into()],
        authenticated_at: now(),
        session: ProviderSession::default(),
    }
}

#[test]
fn the_first_sign_in_creates_the_account_and_the_next_refreshes_it() {
    let (first, _) =
        PupilAccount::sign_in(None, &identity(), &Contract::default(), &chance(), now()).unwrap();
    assert_eq!(first.expected, None);
    assert_eq!(first.session.subject, Subject::Pupil(first.account.id));
    let later = now().saturating_add(SignedDuration::from_hours(1)).unwrap();
    let renamed = FederatedIdentity {
        first_name: "Zoë".into(),
        ..identity()
    };
    let known = first.account;
    let (second, _) = PupilAccount::sign_in(
        Some(&known),
        &renamed,
        &Contract::default(),
        &chance(),
        later,
    )
    .unwrap();
    assert_eq!(second.expected, Some(known.revision));
    assert_eq!(second.account.id, known.id);
    assert_eq!(second.account.created_at, now());
    assert_eq!(second.account.signed_in_at, later);
    assert_eq!(second.account.signed.first_name, "Zoë");
}

#[test]
fn only_a_pupil_enters() {
    for raw in [
        "National_ens",
        "National_doc",
        "National_evs",
        "National_eta",
        "National_dir",
        "National_aca",
        "National_col",
        "National_tut",
        "National_elv2",
    ] {
        let other = FederatedIdentity {
            profile: Profile::among([raw]),
            ..identity()
        };
        let refused = PupilAccount::sign_in(None, &other, &Contract::default(), &chance(), now());
        assert_eq!(refused.err(), Some(PupilRefusal::NotAPupil), "{raw}");
        // Whoever works in a school is told so, whatever else is missing or promised.
        let bare = FederatedIdentity {
            uais: vec![],
            divisions: vec![],
            ..other
        };
        for contract in [Contract::default(), only(&[])] {
            let refused = PupilAccount::sign_in(None, &bare, &contract, &chance(), now());
            assert_eq!(refused.err(), Some(PupilRefusal::NotAPupil), "{raw}");
        }
    }
    assert_eq!(Profile::parse(" NATIONAL_elv "), Profile::Pupil);
}

/// A contract with the identifier and these.
fn only(attributes: &[Attribute]) -> Contract {
    let with_ido = [attributes, &[Attribute::Ido]].concat();
    Contract::of(&with_ido).unwrap()
}

#[test]
fn what_the_contract_promises_is_asked_and_nothing_more() {
    let silent = FederatedIdentity {
        profile: None,
        ..identity()
    };
    let signed_in = |identity: &FederatedIdentity, contract: &Contract| {
        PupilAccount::sign_in(None, identity, contract, &chance(), now())
            .map(|(signed_in, _)| signed_in.account)
    };
    let missing = Err(PupilRefusal::AttributeMissing);
    assert_eq!(signed_in(&silent, &Contract::default()), missing);
    // Without `PRO` in the contract, whoever signs in has a pupil's account.
    let without_profile = only(&[
        Attribute::Uai,
        Attribute::Nom,
        Attribute::Pre,
        Attribute::Div,
    ]);
    assert!(signed_in(&silent, &without_profile).is_ok());
    let nobody_s_school = FederatedIdentity {
        uais: vec![" ".into()],
        ..silent
    };
    assert_eq!(signed_in(&nobody_s_school, &without_profile), missing);
    let pupil = signed_in(&nobody_s_school, &only(&[Attribute::Nom])).unwrap();
    let school = school();
    assert_eq!(pupil.attends(&school), Attends::Unsaid);
    let pupil = signed_in(&identity(), &only(&[])).unwrap();
    assert_eq!(pupil.attends(&school), Attends::Here);
    // The GAR may sign a number that was replaced.
    let renumbered = Organization {
        uai: uai("0810007"),
        former_uais: vec![uai("0810006"), school.uai],
        ..school.clone()
    };
    assert_eq!(pupil.attends(&renumbered), Attends::Here);
    let elsewhere = FederatedIdentity {
        uais: vec!["?".into()],
        ..identity()
    };
    let pupil = signed_in(&elsewhere, &Contract::default()).unwrap();
    assert_eq!(pupil.attends(&school), Attends::Elsewhere);
}

#[test]
fn the_session_ends_with_the_provider_s_and_after_eight_hours_at_most() {
    let ending = |hours: i64| FederatedIdentity {
        session: ProviderSession {
            ends_at: now().saturating_add(SignedDuration::from_hours(hours)).ok(),
        },
        ..identity()
    };
    for (hours, expected) in [(1, 1), (8, 8), (24, 8)] {
        let signed =
            PupilAccount::sign_in(None, &ending(hours), &Contract::default(), &chance(), now());
        let ends_at = signed.unwrap().0.session.ends_at;
        assert_eq!(
            ends_at.duration_since(now()),
            SignedDuration::from_hours(expected)
        );
    }
    let over = PupilAccount::sign_in(None, &ending(0), &Contract::default(), &chance(), now());
    assert_eq!(over.err(), Some(PupilRefusal::SignInRefused));
}

#[test]
fn a_sign_in_begun_holds_ten_minutes() {
    let browser = RawToken::draw(&chance());
    let begun = BegunSignIn::new("_a1".into(), &browser, None, now());
    assert_eq!(BEGUN_SIGN_IN_MAX, SignedDuration::from_mins(10));
    let last = begun.until - SignedDuration::from_nanos(1);
    assert_eq!(begun.until, now() + BEGUN_SIGN_IN_MAX);
    assert!(begun.holds(now()) && begun.holds(last) && !begun.holds(begun.until));
    assert_eq!(begun.browser, browser.hash());
}

#[test]
fn identifiers_are_exact_bounded_and_hidden() {
    for longest in ["a", "é"].map(|letter| letter.repeat(IDO_CHARS_MAX)) {
        let read = Ido::parse(&format!(" {longest}\n")).unwrap();
        assert_eq!(read.expose(), longest);
    }
    for bad in [
        String::new(),
        " ".into(),
        "\n\u{a0}".into(),
        "a".repeat(IDO_CHARS_MAX + 1),
    ] {
        assert_eq!(Ido::parse(&bad), Err(IdoShape));
    }
    assert_eq!(Ido::parse("\tab12 "), Ido::parse("ab12"));
    assert_ne!(Ido::parse("ab 12"), Ido::parse("ab12"));
    assert_ne!(Ido::parse("AB12"), Ido::parse("ab12"));
    let (signed_in, cookie) =
        PupilAccount::sign_in(None, &identity(), &Contract::default(), &chance(), now()).unwrap();
    let shown = format!("{signed_in:?}{cookie:?}{:?}", identity());
    for secret in ["LEFEVRE", "Zoé", "ab12", cookie.expose()] {
        assert!(!shown.contains(secret), "{secret}");
    }
}

#[test]
fn a_server_without_federation_says_so() {
    let leaving = Leaving::default();
    let mut future = NoFederation.depart(&leaving);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(departure) = future.as_mut().poll(&mut context) else {
        panic!("it waits for nothing");
    };
    assert!(matches!(
        departure,
        Err(Denied::Refused(PupilRefusal::GarNotConfigured))
    ));
    let answer = Answer {
        proof: String::new(),
        browser: None,
    };
    let mut future = NoFederation.verify(&answer);
    let std::task::Poll::Ready(verified) = future.as_mut().poll(&mut context) else {
        panic!("it waits for nothing");
    };
    assert!(matches!(
        verified,
        Err(Denied::Refused(PupilRefusal::GarNotConfigured))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn whatever_is_signed_is_kept_within_limits(
        texts in prop::collection::vec(".{0,300}", 0..80), last_name in ".{0,300}",
    ) {
        let signed = FederatedIdentity {
            uais: texts.clone(), divisions: texts, last_name, ..identity()
        };
        let (signed_in, _) = PupilAccount::sign_in(None, &signed, &only(&[]), &chance(), now()).unwrap();
        let kept = signed_in.account.signed;
        prop_assert!(kept.uais.len() <= SIGNED_VALUES_MAX && kept.divisions.len() <= SIGNED_VALUES_MAX);
        prop_assert!(kept.divisions.iter().chain([&kept.last_name]).all(|t| t.chars().count() <= SIGNED_CHARS_MAX));
    }
}
