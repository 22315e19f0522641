use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::*;
use crate::testing::answers::{self, ANSWER, Signatures};

/// Something of a signed answer, what stands in its place, and why it is refused then.
const FAULTS: &[(&str, &str, Reason)] = &[
    (
        "<samlp:Response",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><samlp:Response",
        Reason::Dtd,
    ),
    (
        "<samlp:Response",
        "<?a b?><samlp:Response",
        Reason::ProcessingInstruction,
    ),
    (">a1b2c3<", "><![CDATA[a1b2c3]]><", Reason::Cdata),
    (">a1b2c3<", ">a1<!-- -->b2c3<", Reason::Comment),
    (">a1b2c3<", ">a1b2c3&x;<", Reason::NotWellFormed),
    ("</samlp:Response>", "", Reason::NotWellFormed),
    (
        "SAML:2.0:protocol\"",
        "SAML:1.1:protocol\"",
        Reason::NotAResponse,
    ),
    (
        "ID=\"_response\" Version=\"2.0\"",
        "ID=\"_response\" Version=\"1.1\"",
        Reason::Version,
    ),
    (
        "ID=\"_assertion\" Version=\"2.0\"",
        "ID=\"_assertion\"",
        Reason::Version,
    ),
    (
        "<samlp:Status>",
        "<samlp:Status/><samlp:Status>",
        Reason::NoStatus,
    ),
    (
        "</saml:Assertion>",
        "</saml:Assertion><saml:EncryptedAssertion/>",
        Reason::Encrypted,
    ),
    (
        "</saml:Assertion>",
        "</saml:Assertion><saml:Assertion ID=\"_evil\"/>",
        Reason::SeveralAssertions,
    ),
    (
        "<samlp:Status>",
        "<samlp:Extensions><saml:Assertion ID=\"_evil\"/></samlp:Extensions><samlp:Status>",
        Reason::SeveralAssertions,
    ),
    (
        "</saml:Assertion>",
        "</saml:Assertion><e:Assertion xmlns:e=\"urn:e\"/>",
        Reason::SeveralAssertions,
    ),
    (
        "<samlp:Status>",
        "<samlp:Extensions/><samlp:Status>",
        Reason::UnexpectedElement,
    ),
    (
        "<saml:Conditions",
        "<saml:Advice/><saml:Conditions",
        Reason::UnexpectedElement,
    ),
    (
        "<saml:Conditions",
        "<e:Conditions xmlns:e=\"urn:e\"/><saml:Conditions",
        Reason::UnexpectedElement,
    ),
    (
        "<saml:Subject>",
        "<saml:Subject><saml:Attribute Name=\"IDO\"/>",
        Reason::UnexpectedElement,
    ),
    (
        "ID=\"_assertion\"",
        "ID=\"_assertion\" xmlns:e=\"urn:e\" e:ID=\"_evil\"",
        Reason::ForeignAttribute,
    ),
    ("ID=\"_response\"", "", Reason::NoId),
    ("ID=\"_response\"", "ID=\" \"", Reason::NoId),
    (
        "<samlp:Status>",
        "<samlp:Status xml:id=\"_assertion\">",
        Reason::DuplicateId,
    ),
    (
        "<samlp:Status>",
        "<samlp:Status Id=\"_assertion\">",
        Reason::DuplicateId,
    ),
    (
        "<samlp:Status>",
        "<samlp:Status id=\"_response\">",
        Reason::DuplicateId,
    ),
    (
        "<ds:KeyInfo>",
        "<ds:Object/><ds:KeyInfo>",
        Reason::SignatureObject,
    ),
    (
        "<ds:KeyInfo>",
        "<ds:SignedInfo/><ds:KeyInfo>",
        Reason::SignatureShape,
    ),
    (
        "<ds:KeyInfo>",
        "<ds:KeyInfo/><ds:KeyInfo>",
        Reason::SignatureShape,
    ),
    (
        "</ds:Signature>",
        "</ds:Signature><d:Signature xmlns:d=\"http://www.w3.org/2000/09/xmldsig#\"/>",
        Reason::SeveralSignatures,
    ),
    (
        "</ds:Reference>",
        "</ds:Reference><ds:Reference URI=\"#_assertion\"/>",
        Reason::NotOneReference,
    ),
    (
        "URI=\"#_assertion\"",
        "URI=\"#_response\"",
        Reason::ReferenceElsewhere,
    ),
    (
        "URI=\"#_assertion\"",
        "URI=\"\"",
        Reason::ReferenceElsewhere,
    ),
    (
        "URI=\"#_assertion\"",
        "URI=\"#xpointer(id('_assertion'))\"",
        Reason::ReferenceElsewhere,
    ),
    ("URI=\"#_assertion\"", "", Reason::ReferenceElsewhere),
    (
        "</ds:Transforms>",
        "<ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"/></ds:Transforms>",
        Reason::Transforms,
    ),
    ("#enveloped-signature\"", "#base64\"", Reason::Transforms),
    (
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"",
        "<ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#WithComments\"",
        Reason::Canonicalization,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
        Reason::SignatureAlgorithm,
    ),
    (
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
        "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
        Reason::SignatureAlgorithm,
    ),
    (
        "http://www.w3.org/2001/04/xmlenc#sha256",
        "http://www.w3.org/2000/09/xmldsig#sha1",
        Reason::DigestAlgorithm,
    ),
    (
        "<saml:Conditions",
        "<saml:Conditions NotOnOrAfter=\"2026-09-01T08:05:00Z\"/><saml:Conditions",
        Reason::NotOneElement,
    ),
    (
        "<saml:AuthnStatement",
        "<saml:AuthnStatement/><saml:AuthnStatement",
        Reason::NotOneElement,
    ),
    (
        "<saml:Audience>",
        "<saml:Audience/><saml:Audience>",
        Reason::NotAText,
    ),
    (
        "NotBefore=\"2026-09-01T07:59:00Z\"",
        "NotBefore=\"2026-09-01T09:59:00+02:00\"",
        Reason::Instant,
    ),
];

fn look_at(xml: &str) -> Option<Reason> {
    pass(&STANDARD.encode(xml)).err()
}

#[test]
fn each_fault_of_shape_is_named() {
    let honest = answers::signed(ANSWER, Signatures::Assertion);
    assert_eq!(look_at(&honest), None);
    for (from, to, reason) in FAULTS {
        assert!(honest.contains(from), "{from} is nowhere");
        let faulty = honest.replacen(from, to, 1);
        assert_eq!(look_at(&faulty), Some(*reason), "{from} -> {to}");
    }
}

#[test]
fn an_assertion_wrapped_under_another_element_is_refused() {
    let honest = answers::signed(ANSWER, Signatures::Assertion);
    let start = honest.find("<saml:Assertion").unwrap();
    let end = honest.find("</saml:Assertion>").unwrap() + "</saml:Assertion>".len();
    let signed = &honest[start..end];
    let moved = honest.replace(
        signed,
        &format!("<samlp:Extensions>{signed}</samlp:Extensions>"),
    );
    assert_eq!(look_at(&moved), Some(Reason::NoAssertion));
    let forged = signed
        .replace("_assertion", "_evil")
        .replace("a1b2c3", "evil");
    for place in ["{}{forged}", "{forged}{}"] {
        let both = place.replace("{forged}", &forged).replace("{}", signed);
        assert_eq!(
            look_at(&honest.replace(signed, &both)),
            Some(Reason::SeveralAssertions)
        );
    }
}

#[test]
fn limits_come_first() {
    assert_eq!(
        pass(&"A".repeat(RESPONSE_BYTES_MAX * 2)).err(),
        Some(Reason::TooLong)
    );
    let longest = STANDARD.encode(" ".repeat(RESPONSE_BYTES_MAX + 1));
    assert_eq!(pass(&longest).err(), Some(Reason::TooLong));
    for text in ["PGEvPg", "PGEvP-==", "PGEv Pg=="] {
        assert_eq!(pass(text).err(), Some(Reason::NotBase64), "{text}");
    }
    for text in ["PGEvPg==", "PGEvPg==\n", "PGEv\r\nPg=="] {
        assert_eq!(pass(text).err(), Some(Reason::NotAResponse), "{text}");
    }
    assert_eq!(pass("").err(), Some(Reason::NotWellFormed));
    assert_eq!(
        pass(&STANDARD.encode(b"<a>\xff</a>")).err(),
        Some(Reason::NotUtf8)
    );
    let deep = format!("{}{}", "<a>".repeat(65), "</a>".repeat(65));
    assert_eq!(look_at(&deep), Some(Reason::TooDeep));
    let wide = format!("<a>{}</a>", "<b/>".repeat(RESPONSE_NODES_MAX as usize));
    assert_eq!(look_at(&wide), Some(Reason::TooManyNodes));
}
