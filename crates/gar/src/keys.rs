//! Our signing keys. A file holds one: the private key (PKCS#8) and its self-signed certificate, both in PEM. The GAR
//! knows us by the certificate; two are declared during a rotation.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use pem::{EncodeConfig, LineEnding, Pem};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    RsaKeySize, date_time_ymd,
};

use crate::certificate::{Certificate, CertificateRefusal};

/// Bits of our keys: what lasts beyond 2030 (ANSSI, *Guide des mécanismes cryptographiques*, 2020).
pub const OUR_KEY_BITS_MIN: usize = 3072;
/// Years that a new certificate lasts.
pub const OUR_CERTIFICATE_YEARS: i16 = 3;
/// A certificate begins a day early, for clocks that are late.
const VALID_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// Bytes of a key's file: honest ones have five thousand.
const KEY_FILE_BYTES_MAX: usize = 64 * 1024;

const PRIVATE_KEY: &str = "PRIVATE KEY";
const CERTIFICATE: &str = "CERTIFICATE";

/// A private key and its certificate. Nothing of the key shows in `Debug`.
#[derive(Clone)]
pub struct SigningKey {
    private_key: Pem,
    certificate: Certificate,
}

/// Why a key's file is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefusal {
    /// Not PEM, or far too long.
    #[error("not PEM")]
    NotPem,
    /// Not exactly one `PRIVATE KEY`: one that a password locks, or of an older form, is not one.
    #[error("not exactly one PRIVATE KEY")]
    NotOneKey,
    /// Not exactly one `CERTIFICATE`.
    #[error("not exactly one CERTIFICATE")]
    NotOneCertificate,
    /// The private key is not RSA, or is damaged.
    #[error("the private key is not a whole RSA key")]
    Key,
    /// The certificate cannot serve.
    #[error("the certificate: {0}")]
    Certificate(#[from] CertificateRefusal),
    /// The certificate is another key's.
    #[error("the certificate is not this key's")]
    NotItsCertificate,
}

/// The machine could not draw a key.
#[derive(Debug, thiserror::Error)]
#[error("no key could be drawn: {0}")]
pub struct DrawFailure(#[from] rcgen::Error);

impl SigningKey {
    /// The text of a new key's file: a key of [`OUR_KEY_BITS_MIN`] bits, its certificate valid from the day before `now`
    /// until [`OUR_CERTIFICATE_YEARS`] years after it. Its days are those of universal time, as a certificate's are.
    ///
    /// # Errors
    /// When the machine cannot draw a key.
    pub fn draw(now: Timestamp) -> Result<String, DrawFailure> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_3072)?;
        let mut name = DistinguishedName::new();
        name.push(DnType::CommonName, "Pix Orga, GAR");
        let mut params = CertificateParams::default();
        params.distinguished_name = name;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let day_of = |at: Timestamp| Offset::UTC.to_datetime(at).date();
        let midnight = |day: Date| {
            let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
            date_time_ymd(day.year().into(), month, of_month)
        };
        let begins = now.saturating_sub(VALID_BEFORE).unwrap_or(now);
        let ends = day_of(now).saturating_add(OUR_CERTIFICATE_YEARS.years());
        (params.not_before, params.not_after) = (midnight(day_of(begins)), midnight(ends));
        let certificate = params.self_signed(&key)?;
        Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
    }

    /// Reads the text of a key's file.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, KeyRefusal> {
        if text.len() > KEY_FILE_BYTES_MAX {
            return Err(KeyRefusal::NotPem);
        }
        let mut parts = pem::parse_many(text).map_err(|_| KeyRefusal::NotPem)?;
        let private_key = only(&mut parts, PRIVATE_KEY).ok_or(KeyRefusal::NotOneKey)?;
        let certificate = only(&mut parts, CERTIFICATE).ok_or(KeyRefusal::NotOneCertificate)?;
        let certificate = Certificate::from_der(certificate.into_contents(), OUR_KEY_BITS_MIN)?;
        let pair = KeyPair::from_pkcs8_pem_and_sign_algo(
            &pem::encode_config(&private_key, plain()),
            &PKCS_RSA_SHA256,
        )
        .map_err(|_| KeyRefusal::Key)?;
        if pair.public_key_raw() != certificate.public_key() {
            return Err(KeyRefusal::NotItsCertificate);
        }
        Ok(Self {
            private_key,
            certificate,
        })
    }

    /// Its certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The private key, in PEM, for who signs.
    pub(crate) fn private_key_pem(&self) -> String {
        pem::encode_config(&self.private_key, plain())
    }

    /// The certificate, in PEM.
    pub(crate) fn certificate_pem(&self) -> String {
        let certificate = Pem::new(CERTIFICATE, self.certificate.der());
        pem::encode_config(&certificate, plain())
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.certificate)
    }
}

/// The one part under this label; `None` for none or several.
fn only(parts: &mut Vec<Pem>, label: &str) -> Option<Pem> {
    let at = parts.iter().position(|part| part.tag() == label)?;
    let found = parts.swap_remove(at);
    parts
        .iter()
        .all(|part| part.tag() != label)
        .then_some(found)
}

fn plain() -> EncodeConfig {
    EncodeConfig::new().set_line_ending(LineEnding::LF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{pem_of, rsa_key};

    fn drawn(at: &str) -> String {
        SigningKey::draw(at.parse().unwrap()).unwrap()
    }

    #[test]
    fn a_new_key_is_read_again_and_lasts_three_years() {
        let text = drawn("2028-02-29T10:00:00Z");
        let key = SigningKey::parse(&text).unwrap();
        let certificate = key.certificate();
        assert_eq!(certificate.key_bits(), Some(3072));
        assert_eq!(certificate.subject(), "CN=Pix Orga\\, GAR");
        assert_eq!(
            (
                certificate.not_before().to_string(),
                certificate.not_after().to_string()
            ),
            (
                "2028-02-28T00:00:00Z".to_owned(),
                "2031-02-28T00:00:00Z".to_owned()
            )
        );
        assert!(text.starts_with(&key.private_key_pem()));
        assert!(text.ends_with(&key.certificate_pem()));
    }

    #[test]
    fn a_new_key_serves_at_once_even_when_it_is_already_tomorrow_in_paris() {
        let late = "2026-11-26T23:20:00Z";
        let key = SigningKey::parse(&drawn(late)).unwrap();
        assert!(key.certificate().valid_at(late.parse().unwrap()));
    }

    #[test]
    fn the_library_that_signs_takes_it() {
        let text = drawn("2026-09-01T10:00:00Z");
        let key = SigningKey::parse(&text).unwrap();
        assert!(saml_rs::crypto::keys::load_private_key(&key.private_key_pem(), None).is_ok());
        assert!(saml_rs::crypto::keys::load_certificate(&key.certificate_pem()).is_ok());
    }

    #[test]
    fn nothing_of_a_key_shows() {
        let text = drawn("2026-09-01T10:00:00Z");
        let key = SigningKey::parse(&text).unwrap();
        let shown = format!("{key:?}");
        assert!(shown.starts_with("SigningKey(Certificate("), "{shown}");
        let secret: Vec<&str> = text.lines().skip(1).take(8).collect();
        assert!(secret.iter().all(|line| !shown.contains(line)));
    }

    #[test]
    fn what_is_not_one_key_with_its_certificate_is_refused() {
        let text = drawn("2026-09-01T10:00:00Z");
        let other = drawn("2026-09-01T10:00:00Z");
        let cut = text.find("-----BEGIN CERTIFICATE").unwrap();
        let (key, certificate) = text.split_at(cut);
        let short = pem_of(&rsa_key());
        let elliptic = pem_of(&KeyPair::generate().unwrap());
        let elliptic_key = &elliptic[..elliptic.find("-----BEGIN CERTIFICATE").unwrap()];
        let refusal = |text: &str| SigningKey::parse(text).unwrap_err();
        assert_eq!(
            refusal("-----BEGIN PRIVATE KEY-----\n!\n-----END PRIVATE KEY-----"),
            KeyRefusal::NotPem
        );
        assert_eq!(refusal(&text.repeat(20)), KeyRefusal::NotPem);
        assert_eq!(refusal(""), KeyRefusal::NotOneKey);
        assert_eq!(refusal(certificate), KeyRefusal::NotOneKey);
        assert_eq!(refusal(&text.repeat(2)), KeyRefusal::NotOneKey);
        let locked = text.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
        assert_eq!(refusal(&locked), KeyRefusal::NotOneKey);
        assert_eq!(refusal(key), KeyRefusal::NotOneCertificate);
        assert_eq!(
            refusal(&format!("{text}{certificate}")),
            KeyRefusal::NotOneCertificate
        );
        assert_eq!(
            refusal(&short),
            CertificateRefusal::ShortKey {
                bits: 2048,
                least: 3072
            }
            .into()
        );
        assert_eq!(refusal(&elliptic), CertificateRefusal::NotRsa.into());
        assert_eq!(
            refusal(&format!("{elliptic_key}{certificate}")),
            KeyRefusal::Key
        );
        assert_eq!(
            refusal(&format!(
                "{key}{}",
                &other[other.find("-----BEGIN CERTIFICATE").unwrap()..]
            )),
            KeyRefusal::NotItsCertificate
        );
    }
}
