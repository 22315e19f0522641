//! A signing key with its self-signed certificate, drawn at start.

use std::fmt;

use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use rcgen::{CertificateParams, DnType, KeyPair, PKCS_RSA_SHA256, RsaKeySize, date_time_ymd};
use saml_rs::constants::signature_algorithm::RSA_SHA256;
use saml_rs::crypto::construct_saml_signature;
use saml_rs::crypto::keys::load_private_key;

use crate::IdpError;
use crate::response::{Response, Signed};

/// A certificate begins a day early, for clocks that are late.
const VALID_BEFORE: SignedDuration = SignedDuration::from_hours(24);
/// A certificate holds a year, as the GAR's does.
const VALID_FOR: SignedDuration = SignedDuration::from_hours(365 * 24);

/// An RSA key and its certificate. Only the certificate leaves it.
pub struct SigningKey {
    key_pem: String,
    certificate_pem: String,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// Draws a key of 2048 bits, and certifies it for a year in its own name: it is there at once, and enough for the
    /// time of a demonstration.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn draw(name: &str, now: Timestamp) -> Result<Self, IdpError> {
        let key = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048)?;
        let midnight = |at: Timestamp| {
            let day = Offset::UTC.to_datetime(at);
            let (month, of_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
            date_time_ymd(i32::from(day.year()), month, of_month)
        };
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = midnight(now.saturating_sub(VALID_BEFORE).unwrap_or(now));
        params.not_after = midnight(now.saturating_add(VALID_FOR).unwrap_or(now));
        Ok(Self {
            certificate_pem: params.self_signed(&key)?.pem(),
            key_pem: key.serialize_pem(),
        })
    }

    /// The certificate, in PEM.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    pub(crate) fn key_pem(&self) -> &str {
        &self.key_pem
    }

    /// Signs a response as it is, whatever it says, and gives its XML. See [`crate::encoded`] for what browsers carry.
    ///
    /// # Errors
    /// When the response holds what XML cannot.
    pub fn sign(&self, response: &Response, signed: Signed) -> Result<String, IdpError> {
        self.sign_xml(&response.to_xml()?, signed)
    }

    /// Signs any XML that has the shape of a response: RSA-SHA256, exclusive canonicalisation, the signature after the
    /// issuer.
    ///
    /// # Errors
    /// When it is not XML, or lacks what is to be signed.
    fn sign_xml(&self, xml: &str, signed: Signed) -> Result<String, IdpError> {
        let key = load_private_key(&self.key_pem, None)?;
        let sign = |xml: &str, message: bool| {
            construct_saml_signature(
                xml,
                message,
                &key,
                &self.certificate_pem,
                RSA_SHA256,
                &[],
                None,
            )
        };
        Ok(match signed {
            Signed::Assertion => sign(xml, false)?,
            Signed::Response => sign(xml, true)?,
            Signed::Both => sign(&sign(xml, false)?, true)?,
        })
    }
}
