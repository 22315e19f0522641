use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
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
        assert_eq!(identity.profile, Some(Profile::Pupil));
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
    ("Name=\"PRO\"", "Name=\"IDO\"", Reason::SeveralValues),
    ("Name=\"PRO\"", "Name=\"NOM\"", Reason::SeveralValues),
    ("Name=\"PRO\"", "Name=\" \"", Reason::AttributeName),
    (
        "</saml:AttributeStatement>",
        "</saml:AttributeStatement><saml:AttributeStatement><saml:Attribute Name=\"IDO\"><saml:AttributeValue>d4</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>",
        Reason::SeveralValues,
    ),
    (
        "<saml:SubjectConfirmationData",
        "<saml:NameID>_somebody-else</saml:NameID><saml:SubjectConfirmationData",
        Reason::SubjectConfirmation,
    ),
    (
        "<saml:SubjectConfirmationData",
        "<saml:NameID/><saml:SubjectConfirmationData",
        Reason::NotAText,
    ),
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
    assert_eq!(stranger.identity.profile, None);
    let nameless = verify_at(&altered("Name=\"NOM\"", "Name=\"AUTRE\""), answers::now()).unwrap();
    assert_eq!(nameless.identity.last_name, "");
}

/// The identity of an answer signed with something in the place of something else.
fn identity_of(from: &str, to: &str) -> FederatedIdentity {
    let verified = verify_at(&altered(from, to), answers::now());
    verified
        .unwrap_or_else(|reason| panic!("{reason}: {from} -> {to}"))
        .identity
}

/// An `Attribute` with these values.
fn attribute(name: &str, values: &[&str]) -> String {
    let values = values.iter();
    let values = values.map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>"));
    let values = values.collect::<Vec<_>>().concat();
    format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
}

#[test]
fn one_name_in_several_elements_or_statements_is_one_attribute() {
    const END: &str = "</saml:AttributeStatement>";
    for more in [
        attribute("UAI", &["9900003C"]),
        // Of these the library's session keeps nothing, or less than there is.
        attribute("UAI", &["9900003C", "9900004D"]),
        attribute("UAI", &[]) + &attribute("UAI", &["9900003C"]),
        attribute("UAI", &["9900003C"]) + &attribute("UAI", &["9900004D", "9900005E"]),
    ] {
        let expected: Vec<String> = ["9900001A", "9900002B"]
            .into_iter()
            .chain(more.split(['>', '<']).filter(|text| text.starts_with("99")))
            .map(str::to_owned)
            .collect();
        let in_one = identity_of(END, &format!("{more}{END}"));
        assert_eq!(in_one.uais, expected, "{more}");
        let in_two = format!("{END}<saml:AttributeStatement>{more}{END}");
        assert_eq!(identity_of(END, &in_two).uais, expected, "{more}");
    }
}

#[test]
fn a_staff_s_profile_wins_and_given_names_keep_their_order() {
    let profiles = |values: &[&str]| {
        let from = attribute("PRO", &["National_elv"]);
        identity_of(&from, &attribute("PRO", values)).profile
    };
    assert_eq!(
        profiles(&["National_elv", "NATIONAL_ELV", ""]),
        Some(Profile::Pupil)
    );
    for (values, expected) in [
        (["National_elv", "National_ens"], Profile::Teacher),
        (["National_dir", "National_elv"], Profile::Head),
        (["National_elv", "National_tut"], Profile::Guardian),
        (["National_elv", "National_autre"], Profile::Unknown),
    ] {
        assert_eq!(profiles(&values), Some(expected), "{values:?}");
    }
    assert_eq!(profiles(&[" "]), None);

    let given = |values: &[&str]| {
        let from = attribute("PRE", &["Maëlys &amp; Léa"]);
        identity_of(&from, &attribute("PRE", values)).first_name
    };
    assert_eq!(given(&["Zoé", "Adèle"]), "Zoé");
    assert_eq!(given(&[" ", "\n  Adèle ", "Zoé"]), "Adèle");
    let surname = identity_of(
        &attribute("NOM", &["D'Août"]),
        &(attribute("NOM", &["D'Août"]) + &attribute("NOM", &[" D'Août ", ""])),
    );
    assert_eq!(surname.last_name, "D'Août");
}

#[test]
fn an_identifier_is_trimmed_and_has_300_characters_at_most() {
    let ido = |value: &str| {
        let answer = altered(">a1b2c3<", &format!(">{value}<"));
        let verified = verify_at(&answer, answers::now());
        verified.map(|signed| signed.identity.ido.expose().to_owned())
    };
    let longest = "é".repeat(300);
    assert_eq!(ido(&format!("\n    {longest}\n  ")), Ok(longest));
    assert_eq!(ido(&"f".repeat(301)), Err(Reason::IdoShape));
    assert_eq!(ido(" \n "), Err(Reason::NoIdo));
    assert_eq!(ido("a1 b2"), Ok("a1 b2".to_owned()));
}

#[test]
fn ends_of_lines_are_what_xml_makes_of_them_and_a_written_one_is_itself() {
    let read = |value: &str| {
        let answer = answers::signed(&answers::altered("5B##5e B", value), Signatures::Assertion);
        let verified = verify_at(&answer, answers::now());
        verified.map(|signed| signed.identity.divisions)
    };
    assert_eq!(
        read("5B##5e&#13;&#10;B"),
        Ok(vec!["5B##5e\r\nB".to_owned()])
    );
    let as_one = Ok(vec!["5B##5e\nB".to_owned()]);
    assert_eq!(read("5B##5e\nB"), as_one);
    // What was signed with a line feed may come with any end of line: it is the same document.
    let signed = answers::signed(
        &answers::altered("5B##5e B", "5B##5e\nB"),
        Signatures::Assertion,
    );
    for end in ["\r\n", "\r"] {
        let verified = verify_at(&signed.replace('\n', end), answers::now());
        assert_eq!(verified.map(|signed| signed.identity.divisions), as_one);
    }
    for forged in ["&#13;\n", "&#13;", "&#xD;&#xA;", " ", "\r\r\n"] {
        let changed = signed.replacen("5B##5e\nB", &format!("5B##5e{forged}B"), 1);
        assert_eq!(
            refused(&changed),
            Some(Reason::SignatureInvalid),
            "{forged:?}"
        );
    }
}

#[test]
fn an_assertion_lives_as_long_as_it_says_and_serves_while_it_is_new() {
    let answer = |end: &str| {
        let xml = ANSWER.replace(
            "NotOnOrAfter=\"2026-09-01T08:05:00Z\"",
            &format!("NotOnOrAfter=\"{end}\""),
        );
        answers::signed(&xml, Signatures::Assertion)
    };
    let (day, skew) = (
        SignedDuration::from_hours(24),
        SignedDuration::from_secs(60),
    );
    for end in [
        // The life by default of a well-known provider: 72,000 seconds.
        "2026-09-02T04:00:00Z",
        "2026-09-02T07:59:00Z",
        "2026-09-02T08:00:00Z",
        "2027-09-01T08:00:00Z",
        "9999-12-30T21:59:00Z",
    ] {
        let answer = answer(end);
        let ends_at = instant::read(end).unwrap() + skew;
        let at = |after: SignedDuration| verify_at(&answer, answers::now() + after);
        for after in [-skew, SignedDuration::ZERO, SignedDuration::from_mins(59)] {
            let until = at(after).unwrap().until;
            assert_eq!(until, ends_at.min(answers::now() + after + day), "{end}");
            // Once it is forgotten, it is too old to come again: long before, and ever after.
            let gone = until.duration_since(answers::now());
            for later in [gone - skew, gone, gone + skew, gone + day, gone + day * 400] {
                assert_eq!(at(later).err(), Some(Reason::Stale), "{end} {later}");
            }
        }
        assert_eq!(
            at(SignedDuration::from_secs(3_660)).err(),
            Some(Reason::Stale)
        );
    }
}

#[test]
fn what_a_provider_adds_without_harm_is_let_through() {
    for (from, to) in [
        ("</samlp:Status>", "<samlp:StatusDetail/></samlp:Status>"),
        (
            "</samlp:Status>",
            "<samlp:StatusMessage>ok</samlp:StatusMessage><samlp:StatusDetail>fait<Cause>rien</Cause>\
             <x:Cause xmlns:x=\"urn:x\" code=\"0\"><x:Deeper/></x:Cause></samlp:StatusDetail></samlp:Status>",
        ),
        (
            "<saml:SubjectConfirmationData",
            "<saml:NameID>_transient</saml:NameID><saml:SubjectConfirmationData",
        ),
    ] {
        let identity = identity_of(from, to);
        assert_eq!(identity.ido.expose(), "a1b2c3", "{to}");
    }
    let hidden = |inside: &str| {
        let detail = format!("<samlp:StatusDetail>{inside}</samlp:StatusDetail></samlp:Status>");
        refused(&altered("</samlp:Status>", &detail))
    };
    for (inside, reason) in [
        ("<saml:Assertion ID=\"_evil\"/>", Reason::SeveralAssertions),
        ("<Assertion/>", Reason::SeveralAssertions),
        ("<x><EncryptedAssertion/></x>", Reason::Encrypted),
        ("<saml:AttributeStatement/>", Reason::UnexpectedElement),
        ("<AttributeStatement/>", Reason::UnexpectedElement),
        (
            "<x:Signature xmlns:x=\"urn:x\"/>",
            Reason::UnexpectedElement,
        ),
        ("<samlp:Cause/>", Reason::UnexpectedElement),
        (
            "<x><samlp:StatusCode Value=\"x\"/></x>",
            Reason::UnexpectedElement,
        ),
        ("<Response/>", Reason::UnexpectedElement),
        ("<Object/>", Reason::SignatureObject),
        ("<x ID=\"_x\"/>", Reason::UnexpectedElement),
        ("<x id=\"_x\"/>", Reason::UnexpectedElement),
        (
            "<x xmlns:y=\"urn:y\" y:Value=\"z\"/>",
            Reason::ForeignAttribute,
        ),
    ] {
        assert_eq!(hidden(inside), Some(reason), "{inside}");
    }
    let elsewhere = altered("<saml:Subject>", "<samlp:StatusDetail/><saml:Subject>");
    assert_eq!(refused(&elsewhere), Some(Reason::UnexpectedElement));
}

#[test]
fn a_certificate_renewed_over_the_same_key_changes_nothing() {
    let renewed = answers::KEY.renewed((2033, 1, 1));
    let other = answers::OTHER_KEY.renewed((2033, 1, 1));
    let check = |provider: &IdentityProvider, by: &answers::Key| {
        let answer = STANDARD.encode(answers::signed_by(by, ANSWER, Signatures::Assertion));
        verify(provider, &answer, &answers::expected(), answers::now()).err()
    };
    // The file has the former certificate, or both, or the next one; the answer names either.
    for pinned in [
        vec![&*answers::KEY],
        vec![&*answers::KEY, &renewed],
        vec![&renewed],
    ] {
        let provider = answers::provider(&pinned);
        for by in [&*answers::KEY, &renewed] {
            assert_eq!(check(&provider, by), None);
        }
        assert_eq!(check(&provider, &other), Some(Reason::UnknownCertificate));
    }
    // The key is what is believed, and not a name on it: another key under either certificate signs nothing.
    let provider = answers::provider(&[&answers::KEY]);
    let borrowed = answers::OTHER_KEY.under(&renewed);
    assert_eq!(check(&provider, &borrowed), Some(Reason::SignatureInvalid));
    // A key whose pinned certificates have all ended signs nothing more, whatever the answer names.
    let ended = answers::ENDED_KEY.renewed((2033, 1, 1));
    let only_ended = answers::provider(&[&answers::ENDED_KEY]);
    assert_eq!(check(&only_ended, &ended), Some(Reason::NoValidCertificate));
    let ended_beside = answers::provider(&[&answers::ENDED_KEY, &answers::KEY]);
    assert_eq!(
        check(&ended_beside, &ended),
        Some(Reason::UnknownCertificate)
    );
    // Ended and renewed in the file: the key serves, under both names.
    let both = answers::provider(&[&answers::ENDED_KEY, &ended]);
    assert_eq!(check(&both, &ended), None);
    assert_eq!(check(&both, &answers::ENDED_KEY), None);
}

#[test]
fn an_answer_that_is_over_is_recognised_when_it_was_signed_for_us() {
    let recognised = |xml: &str, after: SignedDuration| {
        let passed = gate::pass(&STANDARD.encode(xml)).unwrap();
        let expected = Expected {
            request_id: passed.shown().in_response_to.clone(),
            ..answers::expected()
        };
        recognise(&PROVIDER, &passed, &expected, answers::now() + after)
    };
    for after in [SignedDuration::ZERO, SignedDuration::from_hours(30)] {
        let ido = recognised(&HONEST, after).unwrap();
        assert_eq!(ido.expose(), "a1b2c3");
    }
    let later = SignedDuration::from_mins(40);
    let other_request = altered("\"_request\" Destination", "\"_other\" Destination");
    assert_eq!(recognised(&other_request, later), Err(Reason::InResponseTo));
    let foreign = answers::signed_by(&answers::OTHER_KEY, ANSWER, Signatures::Assertion);
    for (xml, reason) in [
        (tampered(">a1b2c3<", ">a1b2c4<"), Reason::SignatureInvalid),
        (foreign, Reason::UnknownCertificate),
        (
            altered(
                "<saml:Audience>https://orga",
                "<saml:Audience>https://autre",
            ),
            Reason::Audience,
        ),
        (
            altered("Recipient=\"https://orga", "Recipient=\"https://autre"),
            Reason::Recipient,
        ),
        (
            altered("Destination=\"https://orga", "Destination=\"https://autre"),
            Reason::Destination,
        ),
    ] {
        assert_eq!(recognised(&xml, later), Err(reason));
    }
    // Once the provider's certificates have ended, nothing is recognised.
    let ended = SignedDuration::from_hours(24 * 365 * 5);
    assert_eq!(recognised(&HONEST, ended), Err(Reason::NoValidCertificate));
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
            &PROVIDER.xml_in_memory(),
            &altered(from, to),
            &answers::expected(),
            answers::now(),
        );
        assert_eq!(read.err(), Some(reason), "{from} -> {to}");
    }
    let unsigned = read_by_library(ANSWER);
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

fn read_by_library(xml: &str) -> Result<LibraryReading, Reason> {
    let metadata = PROVIDER.xml_in_memory();
    library::read(&metadata, xml, &answers::expected(), answers::now())
}

fn passed() -> Passed {
    gate::pass(&STANDARD.encode(&*HONEST)).unwrap()
}

#[test]
fn readings_that_differ_in_anything_are_seen() {
    let reading = read_by_library(&HONEST).unwrap();
    let passed = passed();
    let shown = passed.shown();
    assert!(agree(shown, &reading) && remembers(shown, &reading));
    for (number, change) in UNNOTICED.iter().chain(&CLAIMED).enumerate() {
        let other = passed.misread(change);
        assert!(!agree(other.shown(), &reading), "change {number}");
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
    let mut reading = read_by_library(&HONEST).unwrap();
    assert!(conclude(&passed, &reading, answers::now()).is_ok());
    for (_, expires) in &mut reading.remembered {
        *expires += std::time::Duration::from_hours(1);
    }
    assert_eq!(
        conclude(&passed, &reading, answers::now()).err(),
        Some(Reason::ReadingsDiffer)
    );
    reading.remembered.clear();
    assert_eq!(
        conclude(&passed, &reading, answers::now()).err(),
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
    assert!(agree(passed.shown(), &reading) && remembers(passed.shown(), &reading));
    let refused = conclude(&passed, &reading, answers::now()).err();
    assert_eq!(refused, Some(Reason::NotCovered));
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
            prop_assert_eq!(verified.identity.profile, Some(Profile::Pupil));
        }
    }
}
