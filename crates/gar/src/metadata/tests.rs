//! What is read of a metadata file, what is refused, and that no text makes it fall.

use std::sync::LazyLock;

use proptest::prelude::*;
use rcgen::KeyPair;
use saml_rs::constants::CertUse;
use saml_rs::metadata::IdpMetadata;

use super::*;
use crate::testing::{address, certificate_of, key, metadata, rsa_certificate};

static FIRST: LazyLock<String> = LazyLock::new(|| rsa_certificate("first", (2027, 3, 1)));
static SECOND: LazyLock<String> = LazyLock::new(|| rsa_certificate("second", (2028, 3, 1)));

const ADDRESS: &str = "https://idp.example.invalid/idp/profile/SAML2/Redirect/SSO";

fn honest() -> String {
    metadata(&format!(
        "{}{}{}{}",
        key("use=\"signing\"", &FIRST),
        key("", &SECOND),
        key("use=\"encryption\"", "not read"),
        address(ADDRESS)
    ))
}

fn refusal(xml: &str) -> MetadataRefusal {
    IdentityProvider::parse(xml).unwrap_err()
}

/// The refusal of a file with these keys and a right address.
fn refusal_of_keys(keys: &str) -> MetadataRefusal {
    refusal(&metadata(&format!("{keys}{}", address(ADDRESS))))
}

/// The refusal of a file with a right key and these addresses.
fn refusal_of_addresses(addresses: &str) -> MetadataRefusal {
    refusal(&metadata(&format!("{}{addresses}", key("", &FIRST))))
}

#[test]
fn an_honest_file_is_read_with_both_its_signing_keys() {
    let provider = IdentityProvider::parse(&honest()).unwrap();
    assert_eq!(
        provider.entity_id(),
        "https://idp.example.invalid/idp/metadata"
    );
    assert_eq!(provider.sso_redirect_url().as_str(), ADDRESS);
    let [first, second] = provider.signing_certificates() else {
        panic!("two certificates");
    };
    assert_eq!(first.subject(), "CN=first");
    assert_eq!(first.not_before().to_string(), "2020-01-01T00:00:00Z");
    assert_eq!(second.not_after().to_string(), "2028-03-01T00:00:00Z");
    assert_eq!(first.key_bits(), Some(2048));
    assert_eq!(first.fingerprint().len(), 32 * 3 - 1);
    assert_ne!(first.fingerprint(), second.fingerprint());
    assert_eq!(first.base64(), *FIRST);
}

#[test]
fn the_library_reads_what_was_read_here_and_is_asked_to_sign() {
    let provider = IdentityProvider::parse(&honest()).unwrap();
    let read = IdpMetadata::from_xml(&provider.xml_in_memory()).unwrap();
    assert!(read.is_want_authn_requests_signed());
    assert_eq!(read.get_entity_id(), Some(provider.entity_id()));
    assert_eq!(
        read.get_single_sign_on_service(Binding::Redirect)
            .as_deref(),
        Some(ADDRESS)
    );
    assert_eq!(
        read.x509_certificates(CertUse::Signing),
        [FIRST.clone(), SECOND.clone()]
    );
    assert!(read.x509_certificates(CertUse::Encryption).is_empty());
}

#[test]
fn a_key_whose_certificate_has_ended_verifies_nothing_more() {
    let provider = IdentityProvider::parse(&honest()).unwrap();
    let keys_at = |instant: &str| {
        let xml = provider.xml_in_memory_at(instant.parse().unwrap(), &[])?;
        let read = IdpMetadata::from_xml(&xml).unwrap();
        Some(read.x509_certificates(CertUse::Signing))
    };
    assert_eq!(
        keys_at("2027-03-01T00:00:00Z"),
        Some(vec![FIRST.clone(), SECOND.clone()])
    );
    assert_eq!(keys_at("2027-03-01T00:00:01Z"), Some(vec![SECOND.clone()]));
    assert_eq!(keys_at("2028-03-01T00:00:01Z"), None);
    assert_eq!(keys_at("2019-12-31T23:59:59Z"), None);
}

#[test]
fn an_entity_id_with_marks_of_xml_stays_what_it_is() {
    let xml = honest().replace("/idp/metadata\"", "/idp?a=1&amp;b=&quot;2&lt;\"");
    let provider = IdentityProvider::parse(&xml).unwrap();
    assert_eq!(
        provider.entity_id(),
        "https://idp.example.invalid/idp?a=1&b=\"2<"
    );
    let again = IdentityProvider::parse(&provider.xml_in_memory()).unwrap();
    assert_eq!(again, provider);
}

/// An honest file whose entity and role say these ends.
fn ending(entity: &str, role: &str) -> Result<IdentityProvider, MetadataRefusal> {
    let xml = honest()
        .replacen("entityID=", &format!("{entity} entityID="), 1)
        .replacen(
            "<md:IDPSSODescriptor",
            &format!("<md:IDPSSODescriptor {role}"),
            1,
        );
    IdentityProvider::parse(&xml)
}

#[test]
fn a_file_serves_until_the_earlier_end_it_says_and_always_when_it_says_none() {
    let [early, late] = ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"];
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let until = |text: &str| format!("validUntil=\"{text}\"");
    for (entity, role, end) in [
        (String::new(), String::new(), None),
        (until(early), String::new(), Some(at(early))),
        (String::new(), until(early), Some(at(early))),
        (until(early), until(late), Some(at(early))),
        (until(late), until(early), Some(at(early))),
    ] {
        let provider = ending(&entity, &role).unwrap();
        assert_eq!(provider.valid_until(), end, "{entity} {role}");
        assert!(provider.holds_at(at(early)));
        assert_eq!(provider.holds_at(at("2027-01-01T00:00:01Z")), end.is_none());
    }
    for (text, end) in [
        ("2027-01-01T00:00:00.5Z", at("2027-01-01T00:00:00.5Z")),
        ("2027-01-01T01:00:00+01:00", at(early)),
        ("2027-01-01T00:00:00", at(early)),
        ("9999-12-31T23:59:59Z", Timestamp::MAX),
    ] {
        let provider = ending(&until(text), "").unwrap();
        assert_eq!(provider.valid_until(), Some(end), "{text}");
    }
    for text in ["", "soon", "2027-13-01T00:00:00Z", "1798761600"] {
        let refused = ending(&until(text), "");
        assert_eq!(refused, Err(MetadataRefusal::ValidUntil), "{text}");
    }
}

#[test]
fn limits_come_first() {
    let long = format!("{}{}", honest(), " ".repeat(METADATA_BYTES_MAX));
    assert_eq!(refusal(&long), MetadataRefusal::TooLong);
    let nested =
        |depth: usize| metadata(&format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth)));
    let room = METADATA_DEPTH_MAX - 2;
    assert_eq!(
        refusal(&nested(room)),
        MetadataRefusal::NotOneAddress { found: 0 }
    );
    assert_eq!(refusal(&nested(room + 1)), MetadataRefusal::TooDeep);
    assert_eq!(refusal(&nested(9_000)), MetadataRefusal::TooDeep);
    assert_eq!(
        refusal(&metadata(&"<a/>".repeat(30_000))),
        MetadataRefusal::TooDeep
    );
    let bomb = format!("<!DOCTYPE a [<!ENTITY b \"c\">]>{}", &honest()[39..]);
    assert_eq!(refusal(&bomb), MetadataRefusal::Dtd);
    assert_eq!(
        refusal("<a>\n<b>\n</a>"),
        MetadataRefusal::Malformed { line: 3 }
    );
}

#[test]
fn one_provider_of_saml_2_is_wanted() {
    assert_eq!(refusal("<html/>"), MetadataRefusal::NotAnEntity);
    let other = honest().replace(":2.0:metadata", ":1.0:metadata");
    assert_eq!(refusal(&other), MetadataRefusal::NotAnEntity);
    for id in ["", " ", &"x".repeat(1025)] {
        let xml = honest().replace("https://idp.example.invalid/idp/metadata", id);
        assert_eq!(refusal(&xml), MetadataRefusal::NoEntityId, "{id}");
    }
    let old = honest().replace(":2.0:protocol", ":1.1:protocol");
    assert_eq!(refusal(&old), MetadataRefusal::NotOneProvider { found: 0 });
    let honest = honest();
    let start = honest.find("<md:IDPSSODescriptor").unwrap();
    let end = honest.find("</md:EntityDescriptor").unwrap();
    let twice = format!("{}{}", &honest[..end], &honest[start..]);
    assert_eq!(
        refusal(&twice),
        MetadataRefusal::NotOneProvider { found: 2 }
    );
}

#[test]
fn one_safe_address_is_wanted() {
    assert_eq!(
        refusal_of_addresses(""),
        MetadataRefusal::NotOneAddress { found: 0 }
    );
    assert_eq!(
        refusal_of_addresses(&address(ADDRESS).replace("HTTP-Redirect", "HTTP-POST")),
        MetadataRefusal::NotOneAddress { found: 0 }
    );
    assert_eq!(
        refusal_of_addresses(&address(ADDRESS).repeat(2)),
        MetadataRefusal::NotOneAddress { found: 2 }
    );
    for unsafe_one in [
        "http://idp.example.invalid/sso",
        "http://127.0.0.1.example.invalid/sso",
        "https://user@idp.example.invalid/sso",
        "https://idp.example.invalid/sso#there",
        "javascript:alert(1)",
        "/sso",
        "",
    ] {
        assert_eq!(
            refusal_of_addresses(&address(unsafe_one)),
            MetadataRefusal::UnsafeAddress,
            "{unsafe_one}"
        );
    }
    for safe in [
        "http://127.0.0.1:9/sso",
        "http://[::1]/s",
        "http://localhost/s",
    ] {
        let xml = metadata(&format!("{}{}", key("", &FIRST), address(safe)));
        assert!(IdentityProvider::parse(&xml).is_ok(), "{safe}");
    }
}

#[test]
fn a_file_without_a_key_that_signs_is_refused() {
    assert_eq!(refusal_of_keys(""), MetadataRefusal::NoSigningKey);
    assert_eq!(
        refusal_of_keys(&key("use=\"encryption\"", &FIRST)),
        MetadataRefusal::NoSigningKey
    );
    assert_eq!(
        refusal_of_keys(&key("use=\"other\"", &FIRST)),
        MetadataRefusal::UnusableKey
    );
    assert_eq!(
        refusal_of_keys("<md:KeyDescriptor/>"),
        MetadataRefusal::UnusableKey
    );
    let elsewhere = key("", &FIRST).replace("ds:X509Data", "ds:KeyValue");
    assert_eq!(refusal_of_keys(&elsewhere), MetadataRefusal::UnusableKey);
    assert_eq!(
        refusal_of_keys(&key("", &FIRST).repeat(9)),
        MetadataRefusal::TooManyKeys
    );
}

#[test]
fn a_key_written_twice_counts_once() {
    let twice = key("use=\"signing\"", &FIRST).repeat(2);
    let xml = metadata(&format!("{twice}{}", address(ADDRESS)));
    let provider = IdentityProvider::parse(&xml).unwrap();
    assert_eq!(provider.signing_certificates().len(), 1);
}

#[test]
fn a_certificate_that_cannot_serve_is_named() {
    let of = |certificate: &str| refusal_of_keys(&key("", certificate));
    let elliptic = certificate_of(&KeyPair::generate().unwrap(), "x", (2030, 1, 1));
    assert_eq!(of("é"), CertificateRefusal::Base64.into());
    assert_eq!(of(""), CertificateRefusal::Malformed.into());
    assert_eq!(of("AAAA"), CertificateRefusal::Malformed.into());
    assert_eq!(of(&FIRST[..400]), CertificateRefusal::Malformed.into());
    assert_eq!(
        of(&"A".repeat(40_000)),
        CertificateRefusal::Malformed.into()
    );
    assert_eq!(of(&elliptic), CertificateRefusal::NotRsa.into());
    assert_eq!(
        Certificate::from_base64(&FIRST, 3072),
        Err(CertificateRefusal::ShortKey {
            bits: 2048,
            least: 3072
        })
    );
}

proptest! {
    #[test]
    fn any_text_is_answered(text in ".*") {
        let _ = IdentityProvider::parse(&text);
    }

    #[test]
    fn any_damage_is_answered_and_what_passes_can_be_given_to_the_library(
        at in 0_usize..4_000, cut in 0_usize..40, put in "[<>/\"=&;: a-zA-Z0-9é]{0,12}"
    ) {
        let mut xml: Vec<char> = honest().chars().collect();
        let start = at % xml.len();
        let end = (start + cut).min(xml.len());
        xml.splice(start..end, put.chars());
        let xml: String = xml.into_iter().collect();
        if let Ok(provider) = IdentityProvider::parse(&xml) {
            let read = IdpMetadata::from_xml(&provider.xml_in_memory()).unwrap();
            let keys = read.x509_certificates(CertUse::Signing);
            let ours = provider.signing_certificates().iter().map(Certificate::base64);
            prop_assert_eq!(keys, ours.collect::<Vec<_>>());
        }
    }
}
