use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::pupil::profile::Profile;
use proptest::prelude::*;
use saml_rs::{AssertionSignaturePolicy, ResponseSignaturePolicy, Saml};

use super::*;
use crate::policy;
use crate::testing::answers::{self, ACS, ANSWER, Signatures};

static PROVIDER: LazyLock<IdentityProvider> = LazyLock::new(|| answers::provider(&[&answers::KEY]));
static HONEST: LazyLock<String> = LazyLock::new(|| answers::signed(ANSWER, Signatures::Assertion));

fn verify_at(xml: &str, now: Timestamp) -> Result<SignedAssertion, Reason> {
    verify(&PROVIDER, &STANDARD.encode(xml), &answers::expected(), now)
}

/// Signed by the provider once something was written in the place of something else.
fn altered(from: &str, to: &str) -> String {
    answers::signed(&answers::altered(from, to), Signatures::Assertion)
}

/// The same, changed after it was signed.
fn tampered(from: &str, to: &str) -> String {
    let signed = answers::signed(ANSWER, Signatures::Assertion);
    assert!(signed.contains(from), "{from} is nowhere");
    signed.replacen(from, to, 1)
}

fn refused(xml: &str) -> Option<Reason> {
    verify_at(xml, answers::now()).err()
}

#[test]
fn an_honest_answer_says_who_and_until_when() {
    for signatures in [Signatures::Assertion, Signatures::Both] {
        let verified = verify_at(&answers::signed(ANSWER, signatures), answers::now()).unwrap();
        let identity = verified.identity;
        assert_eq!(identity.ido.expose(), "a1b2c3");
        assert_eq!(identity.uais, ["9900001A", "9900002B"]);
        assert_eq!(identity.profile, Profile::Pupil);
        assert_eq!(
            (&*identity.last_name, &*identity.first_name),
            ("D'Août", "Maëlys & Léa")
        );
        assert_eq!(identity.divisions, ["5B##5e B"]);
        assert_eq!(
            identity.authenticated_at.to_string(),
            "2026-09-01T07:30:00Z"
        );
        assert_eq!(
            identity.session.ends_at.unwrap().to_string(),
            "2026-09-01T12:00:00Z"
        );
        assert_eq!(verified.assertion_id, "_assertion");
        assert_eq!(verified.until.to_string(), "2026-09-01T08:06:00Z");
    }
}

/// Something of the answer, what stands in its place, and why it is refused then.
const FAULTS: &[(&str, &str, Reason)] = &[
    (
        "Destination=\"https://orga.example.invalid/gar/acs\"",
        "Destination=\"https://autre.example.invalid/\"",
        Reason::Destination,
    ),
    (
        "Destination=\"https://orga.example.invalid/gar/acs\"",
        "",
        Reason::NoDestination,
    ),
    (
        "Recipient=\"https://orga.example.invalid/gar/acs\"",
        "Recipient=\"https://autre.example.invalid/\"",
        Reason::Recipient,
    ),
    (
        "Recipient=\"https://orga.example.invalid/gar/acs\"",
        "",
        Reason::SubjectConfirmation,
    ),
    (
        "<saml:Audience>https://orga.example.invalid/gar/metadata<",
        "<saml:Audience>https://autre.example.invalid/gar<",
        Reason::Audience,
    ),
    (
        "<saml:AudienceRestriction><saml:Audience>https://orga.example.invalid/gar/metadata</saml:Audience></saml:AudienceRestriction>",
        "",
        Reason::NoAudience,
    ),
    (
        "InResponseTo=\"_request\" Destination",
        "InResponseTo=\"_other\" Destination",
        Reason::InResponseTo,
    ),
    (
        "InResponseTo=\"_request\" Destination",
        "Destination",
        Reason::Unsolicited,
    ),
    (
        "InResponseTo=\"_request\" NotOnOrAfter",
        "InResponseTo=\"_other\" NotOnOrAfter",
        Reason::InResponseTo,
    ),
    (
        "InResponseTo=\"_request\" NotOnOrAfter",
        "NotOnOrAfter",
        Reason::SubjectConfirmation,
    ),
    (
        "NotOnOrAfter=\"2026-09-01T08:05:00Z\" Recipient",
        "Recipient",
        Reason::SubjectConfirmation,
    ),
    (
        "NotOnOrAfter=\"2026-09-01T08:05:00Z\" Recipient",
        "NotOnOrAfter=\"2026-09-01T07:59:00Z\" Recipient",
        Reason::ConfirmationExpired,
    ),
    (
        "<saml:Conditions NotBefore=\"2026-09-01T07:59:00Z\"",
        "<saml:Conditions NotBefore=\"2026-09-01T08:01:01Z\"",
        Reason::NotYet,
    ),
    ("NotOnOrAfter=\"2026-09-01T08:05:00Z\">", ">", Reason::NoEnd),
    (
        "NotOnOrAfter=\"2026-09-01T08:05:00Z\">",
        "NotOnOrAfter=\"2026-09-01T07:59:00Z\">",
        Reason::Expired,
    ),
    (
        "NotOnOrAfter=\"2026-09-01T08:05:00Z\">",
        "NotOnOrAfter=\"2026-09-01T09:01:01Z\">",
        Reason::TooLongLived,
    ),
    (
        "<saml:Issuer>https://idp.example.invalid/idp/metadata</saml:Issuer><saml:Subject>",
        "<saml:Issuer>https://autre.example.invalid</saml:Issuer><saml:Subject>",
        Reason::Issuer,
    ),
    (
        "<saml:Issuer>https://idp.example.invalid/idp/metadata</saml:Issuer><samlp:Status>",
        "<saml:Issuer>https://autre.example.invalid</saml:Issuer><samlp:Status>",
        Reason::Issuer,
    ),
    (
        "SessionNotOnOrAfter=\"2026-09-01T12:00:00Z\"",
        "SessionNotOnOrAfter=\"2026-09-01T08:00:00Z\"",
        Reason::SessionOver,
    ),
    (
        "AuthnInstant=\"2026-09-01T07:30:00Z\"",
        "AuthnInstant=\"2026-09-01T08:01:01Z\"",
        Reason::FromTheFuture,
    ),
    ("status:Success", "status:Responder", Reason::StatusFailed),
    (
        "cm:bearer",
        "cm:sender-vouches",
        Reason::SubjectConfirmation,
    ),
    (">a1b2c3<", "><", Reason::NoIdo),
    ("Name=\"IDO\"", "Name=\"ido\"", Reason::NoIdo),
    (
        ">a1b2c3</saml:AttributeValue>",
        ">a1b2c3</saml:AttributeValue><saml:AttributeValue>d4</saml:AttributeValue>",
        Reason::SeveralValues,
    ),
    ("Name=\"PRO\"", "Name=\"IDO\"", Reason::AttributeName),
    (
        ">a1b2c3<",
        "><saml:NameID>a1</saml:NameID><",
        Reason::AttributeMarkup,
    ),
];

#[test]
fn each_fault_of_meaning_is_named() {
    for (from, to, reason) in FAULTS {
        assert_eq!(refused(&altered(from, to)), Some(*reason), "{from} -> {to}");
    }
}

#[test]
fn an_answer_is_refused_outside_of_its_time_and_accepted_up_to_the_skew() {
    let answer = answers::signed(ANSWER, Signatures::Assertion);
    let at =
        |second: i64| verify_at(&answer, answers::now() + SignedDuration::from_secs(second)).err();
    // Issued at 08:00:00, valid until 08:05:00.
    assert_eq!(at(-61), Some(Reason::FromTheFuture));
    assert_eq!(at(-60), None);
    assert_eq!(at(359), None);
    assert_eq!(at(360), Some(Reason::Expired));
    assert_eq!(at(3660), Some(Reason::Stale));
}

#[test]
fn a_missing_profile_or_name_is_nobody_s() {
    let stranger = verify_at(&altered("Name=\"PRO\"", "Name=\"AUTRE\""), answers::now()).unwrap();
    assert_eq!(stranger.identity.profile, Profile::Unknown);
    let nameless = verify_at(&altered("Name=\"NOM\"", "Name=\"AUTRE\""), answers::now()).unwrap();
    assert_eq!(nameless.identity.last_name, "");
}

#[test]
fn what_is_changed_after_it_was_signed_is_refused() {
    for (from, to) in [
        (">a1b2c3<", ">a1b2c4<"),
        ("National_elv", "National_ens"),
        ("9900001A", "9900003C"),
        ("5B##5e B", "6B##6e B"),
        ("T07:30:00Z", "T07:31:00Z"),
        (
            "<saml:Issuer>https://idp.example.invalid/idp/metadata</saml:Issuer><ds",
            "<saml:Issuer >https://idp.example.invalid/idp/metadata</saml:Issuer> <ds",
        ),
    ] {
        assert_eq!(
            refused(&tampered(from, to)),
            Some(Reason::SignatureInvalid),
            "{from} -> {to}"
        );
    }
}

#[test]
fn an_unsigned_answer_is_refused_and_a_response_s_signature_is_not_enough() {
    assert_eq!(refused(ANSWER), Some(Reason::Unsigned));
    assert_eq!(
        refused(&answers::signed(ANSWER, Signatures::Response)),
        Some(Reason::Unsigned)
    );
}

#[test]
fn a_response_s_own_signature_must_hold_too() {
    let both = answers::signed(ANSWER, Signatures::Both);
    let changed = both.replacen("ID=\"_response\"", "Consent=\"\" ID=\"_response\"", 1);
    assert_eq!(refused(&changed), Some(Reason::SignatureInvalid));
}

#[test]
fn another_s_key_is_refused_whether_it_says_its_certificate_or_not() {
    let foreign = answers::signed_by(&answers::OTHER_KEY, ANSWER, Signatures::Assertion);
    assert_eq!(refused(&foreign), Some(Reason::UnknownCertificate));
    assert_eq!(
        refused(&answers::without_key_info(&foreign)),
        Some(Reason::SignatureInvalid)
    );
    let ours = answers::signed(ANSWER, Signatures::Assertion);
    assert_eq!(refused(&answers::without_key_info(&ours)), None);
}

#[test]
fn two_keys_serve_during_a_rotation_and_an_ended_one_does_not() {
    let check = |provider: &IdentityProvider, key: &answers::Key| {
        let answer = STANDARD.encode(answers::signed_by(key, ANSWER, Signatures::Assertion));
        verify(provider, &answer, &answers::expected(), answers::now()).err()
    };
    let both = answers::provider(&[&answers::KEY, &answers::OTHER_KEY]);
    assert_eq!(check(&both, &answers::KEY), None);
    assert_eq!(check(&both, &answers::OTHER_KEY), None);
    let one_ended = answers::provider(&[&answers::ENDED_KEY, &answers::KEY]);
    assert_eq!(check(&one_ended, &answers::KEY), None);
    assert_eq!(
        check(&one_ended, &answers::ENDED_KEY),
        Some(Reason::UnknownCertificate)
    );
    let all_ended = answers::provider(&[&answers::ENDED_KEY]);
    assert_eq!(
        check(&all_ended, &answers::ENDED_KEY),
        Some(Reason::NoValidCertificate)
    );
}

#[test]
fn metadata_past_their_end_verify_nothing_more() {
    let answer = STANDARD.encode(answers::signed(ANSWER, Signatures::Assertion));
    let refused = |end: Timestamp| {
        let provider = answers::provider_until(end);
        verify(&provider, &answer, &answers::expected(), answers::now()).err()
    };
    let instant = jiff::SignedDuration::from_nanos(1);
    assert_eq!(refused(answers::now()), None);
    assert_eq!(
        refused(answers::now() - instant),
        Some(Reason::MetadataOver)
    );
}

#[test]
fn the_library_refuses_by_itself_what_our_checks_refuse() {
    for (from, to, reason) in [
        (
            "<saml:Audience>https://orga",
            "<saml:Audience>https://autre",
            Reason::Audience,
        ),
        (
            "Destination=\"https://orga",
            "Destination=\"https://autre",
            Reason::Destination,
        ),
        (
            "InResponseTo=\"_request\" Destination",
            "InResponseTo=\"_other\" Destination",
            Reason::InResponseTo,
        ),
        (
            "Recipient=\"https://orga",
            "Recipient=\"https://autre",
            Reason::Library,
        ),
        (
            "NotOnOrAfter=\"2026-09-01T08:05:00Z\">",
            "NotOnOrAfter=\"2026-09-01T07:59:00Z\">",
            Reason::Library,
        ),
    ] {
        let read = library::read(
            &PROVIDER,
            &altered(from, to),
            &answers::expected(),
            answers::now(),
        );
        assert_eq!(read.err(), Some(reason), "{from} -> {to}");
    }
    let unsigned = library::read(&PROVIDER, ANSWER, &answers::expected(), answers::now());
    assert_eq!(unsigned.err(), Some(Reason::Library));
}

/// Each makes the gate say something else than it read, that `claims` has nothing against.
const UNNOTICED: [fn(&mut Shown); 13] = [
    |it| it.response_id.push('x'),
    |it| it.response_issued += SignedDuration::from_secs(1),
    |it| it.assertion_id.push('x'),
    |it| it.issued += SignedDuration::from_secs(1),
    |it| it.not_before = None,
    |it| it.not_on_or_after += SignedDuration::from_secs(1),
    |it| it.audiences[0].push("x".into()),
    |it| it.authentication.at += SignedDuration::from_secs(1),
    |it| it.authentication.session_ends_at = None,
    |it| it.authentication.session_index = None,
    |it| it.attributes.swap(0, 1),
    |it| it.attributes[1].values.swap(0, 1),
    |it| it.attributes[0].name.push('x'),
];
/// The same, that `claims` refuses.
const CLAIMED: [fn(&mut Shown); 2] = [|it| it.in_response_to.push('x'), |it| it.issuer.push('x')];

fn passed() -> Passed {
    gate::pass(&STANDARD.encode(&*HONEST)).unwrap()
}

#[test]
fn readings_that_differ_in_anything_are_seen() {
    let reading = library::read(&PROVIDER, &HONEST, &answers::expected(), answers::now()).unwrap();
    let passed = passed();
    let shown = passed.shown();
    assert!(agree(shown, &reading.session) && remembers(shown, &reading));
    for (number, change) in UNNOTICED.iter().chain(&CLAIMED).enumerate() {
        let other = passed.misread(change);
        assert!(!agree(other.shown(), &reading.session), "change {number}");
    }
    let shorter = passed.misread(|it| {
        it.confirmation.not_on_or_after -= SignedDuration::from_mins(1);
        it.not_on_or_after = it.confirmation.not_on_or_after;
    });
    assert!(!remembers(shorter.shown(), &reading));
}

#[test]
fn an_answer_is_refused_when_the_readings_differ_in_anything() {
    let verified =
        |passed: &Passed| verify_passed(&PROVIDER, passed, &answers::expected(), answers::now());
    let passed = passed();
    assert!(verified(&passed).is_ok());
    for (number, change) in UNNOTICED.iter().enumerate() {
        let refusal = verified(&passed.misread(change)).err();
        assert_eq!(refusal, Some(Reason::ReadingsDiffer), "change {number}");
    }
}

#[test]
fn an_answer_is_refused_when_the_library_would_remember_something_else() {
    let passed = passed();
    let mut reading =
        library::read(&PROVIDER, &HONEST, &answers::expected(), answers::now()).unwrap();
    assert!(conclude(&passed, &reading).is_ok());
    for (_, expires) in &mut reading.remembered {
        *expires += std::time::Duration::from_hours(1);
    }
    assert_eq!(
        conclude(&passed, &reading).err(),
        Some(Reason::ReadingsDiffer)
    );
    reading.remembered.clear();
    assert_eq!(
        conclude(&passed, &reading).err(),
        Some(Reason::ReadingsDiffer)
    );
}

/// The gate and the library refuse such an answer by themselves: it is read by a policy that is not ours.
#[test]
fn a_signature_of_the_response_alone_does_not_cover_the_assertion() {
    let expected = answers::expected();
    let mut config = policy::config(&expected.entity_id, &expected.acs_url, None).unwrap();
    config.validation.assertions = AssertionSignaturePolicy::AllowUnsignedForCompatibility;
    config.validation.responses = ResponseSignaturePolicy::RequireSigned;
    let reading = library::finish(
        &Saml::sp(config).unwrap(),
        &PROVIDER.xml_in_memory(),
        &answers::signed(ANSWER, Signatures::Response),
        &expected,
        answers::now(),
    )
    .unwrap();
    let passed = passed();
    assert!(agree(passed.shown(), &reading.session) && remembers(passed.shown(), &reading));
    assert_eq!(conclude(&passed, &reading).err(), Some(Reason::NotCovered));
}

#[test]
fn nothing_of_a_person_shows_in_debug() {
    let verified = verify_at(
        &answers::signed(ANSWER, Signatures::Assertion),
        answers::now(),
    )
    .unwrap();
    let shown = format!("{verified:?}");
    assert!(!shown.contains("a1b2c3") && !shown.contains("Ma") && !shown.contains(ACS));
}

proptest! {
    #[test]
    fn random_text_is_refused_without_panic(text in ".{0,200}") {
        prop_assert!(verify(&PROVIDER, &text, &answers::expected(), answers::now()).is_err());
    }

    #[test]
    fn random_bytes_are_refused_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let answer = STANDARD.encode(bytes);
        prop_assert!(verify(&PROVIDER, &answer, &answers::expected(), answers::now()).is_err());
    }

    #[test]
    fn random_xml_is_refused_without_panic(text in "(<(/|!|\\?)?[a-c:]{0,3}( [a-b]='[<>\"x]{0,2}')?/?>|x|&lt;|&|<!--|-->|\\]\\]>){0,30}") {
        prop_assert!(verify_at(&text, answers::now()).is_err());
    }

    #[test]
    fn an_answer_cut_or_damaged_never_gives_another_identity(at in 0_usize..4000, byte in any::<u8>(), cut in any::<bool>()) {
        let mut bytes = HONEST.clone().into_bytes();
        let at = at % bytes.len();
        if cut { bytes.truncate(at) } else { bytes[at] = byte }
        let read = verify(&PROVIDER, &STANDARD.encode(bytes), &answers::expected(), answers::now());
        if let Ok(verified) = read {
            prop_assert_eq!(verified.identity.ido.expose(), "a1b2c3");
            prop_assert_eq!(verified.identity.profile, Profile::Pupil);
        }
    }
}
