//! Answers of a provider of these tests, really signed, and what they must match.

use std::sync::LazyLock;

use jiff::Timestamp;
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use saml_rs::constants::signature_algorithm::RSA_SHA256;
use saml_rs::crypto::construct_saml_signature;
use saml_rs::crypto::keys::load_private_key;

use super::{Day, address, certificate_of, key, metadata};
use crate::metadata::IdentityProvider;
use crate::verify::Expected;

/// Where answers come.
pub const ACS: &str = "https://orga.example.invalid/gar/acs";

/// An answer that nobody signed yet, issued at [`now`].
pub const ANSWER: &str = include_str!("answer.xml");

/// A key of a provider, and its certificate.
pub struct Key {
    pem: String,
    certificate: String,
}

/// What is signed.
#[derive(Clone, Copy)]
pub enum Signatures {
    /// The assertion.
    Assertion,
    /// The response.
    Response,
    /// The assertion, then the response.
    Both,
}

/// The provider's key.
pub static KEY: LazyLock<Key> = LazyLock::new(|| Key::until((2030, 1, 1)));
/// Its next one, or a stranger's.
pub static OTHER_KEY: LazyLock<Key> = LazyLock::new(|| Key::until((2031, 1, 1)));
/// One whose certificate ended before [`now`].
pub static ENDED_KEY: LazyLock<Key> = LazyLock::new(|| Key::until((2026, 8, 31)));

impl Key {
    fn until(day: Day) -> Self {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        Self {
            certificate: certificate_of(&pair, "idp", day),
            pem: pair.serialize_pem(),
        }
    }

    /// The same key, under a certificate that ends then.
    pub fn renewed(&self, day: Day) -> Self {
        let pair = KeyPair::from_pem(&self.pem).unwrap();
        Self {
            certificate: certificate_of(&pair, "renewed", day),
            pem: self.pem.clone(),
        }
    }

    /// This key, under another's certificate.
    pub fn under(&self, other: &Self) -> Self {
        Self {
            certificate: other.certificate.clone(),
            pem: self.pem.clone(),
        }
    }
}

/// When answers are issued.
pub fn now() -> Timestamp {
    "2026-09-01T08:00:00Z".parse().unwrap()
}

/// What they match.
pub fn expected() -> Expected {
    Expected {
        request_id: "_request".into(),
        acs_url: ACS.into(),
        entity_id: "https://orga.example.invalid/gar/metadata".into(),
    }
}

/// A provider that signs with these keys.
pub fn provider(keys: &[&Key]) -> IdentityProvider {
    IdentityProvider::parse(&file(keys)).unwrap()
}

/// A provider that signs with [`KEY`], and whose metadata serve until an instant.
pub fn provider_until(end: Timestamp) -> IdentityProvider {
    let until = format!("validUntil=\"{end}\" entityID=");
    IdentityProvider::parse(&file(&[&KEY]).replacen("entityID=", &until, 1)).unwrap()
}

fn file(keys: &[&Key]) -> String {
    let keys: String = keys
        .iter()
        .map(|one| key("use=\"signing\"", &one.certificate))
        .collect();
    let inside = keys + &address("https://idp.example.invalid/idp/sso");
    metadata(&inside)
}

/// [`ANSWER`] with something in the place of something else, which must be there once.
pub fn altered(from: &str, to: &str) -> String {
    assert_eq!(ANSWER.matches(from).count(), 1, "{from}");
    ANSWER.replacen(from, to, 1)
}

/// Signed by [`KEY`].
pub fn signed(xml: &str, signatures: Signatures) -> String {
    signed_by(&KEY, xml, signatures)
}

/// Signed by a key.
pub fn signed_by(by: &Key, xml: &str, signatures: Signatures) -> String {
    let key = load_private_key(&by.pem, None).unwrap();
    let sign = |xml: &str, response: bool| {
        construct_saml_signature(xml, response, &key, &by.certificate, RSA_SHA256, &[], None)
            .unwrap()
    };
    match signatures {
        Signatures::Assertion => sign(xml, false),
        Signatures::Response => sign(xml, true),
        Signatures::Both => sign(&sign(xml, false), true),
    }
}

/// An answer whose signature does not say its certificate.
pub fn without_key_info(xml: &str) -> String {
    let (before, rest) = xml.split_once("<ds:KeyInfo").unwrap();
    let (_, after) = rest.split_once("</ds:KeyInfo>").unwrap();
    format!("{before}{after}")
}
