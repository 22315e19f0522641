//! A certificate as we use it: a public key, its dates, and what tells it from another. No chain is followed: the GAR's
//! certificates are pinned in a file, ours are declared to the GAR.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate as X509;
use x509_cert::der::asn1::{ObjectIdentifier, UintRef};
use x509_cert::der::{Decode as _, Reader, SliceReader};
use x509_cert::time::Time;

/// Bytes of a certificate, in DER: honest ones have a few thousand.
pub const CERTIFICATE_BYTES_MAX: usize = 16 * 1024;

/// `rsaEncryption`, RFC 8017, appendix C.
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// A certificate with an RSA key.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    subject: String,
    not_before: Timestamp,
    not_after: Timestamp,
    /// `RSAPublicKey`, in DER.
    public_key: Vec<u8>,
}

/// Why a certificate cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateRefusal {
    /// It is not base64.
    #[error("not base64")]
    Base64,
    /// It is not a certificate, or is longer than [`CERTIFICATE_BYTES_MAX`].
    #[error("not a certificate")]
    Malformed,
    /// Its key is not RSA: the only kind the GAR's profile signs with.
    #[error("its key is not RSA")]
    NotRsa,
    /// Its key is shorter than it must be.
    #[error("its key has {bits} bits, less than {least}")]
    ShortKey {
        /// What it has.
        bits: usize,
        /// What it must have.
        least: usize,
    },
}

impl Certificate {
    /// Reads the text of `X509Certificate`: DER in base64, blanks anywhere.
    pub(crate) fn from_base64(text: &str, bits_min: usize) -> Result<Self, CertificateRefusal> {
        let packed: String = text.split_ascii_whitespace().collect();
        if packed.len() > CERTIFICATE_BYTES_MAX * 2 {
            return Err(CertificateRefusal::Malformed);
        }
        let der = STANDARD
            .decode(packed)
            .map_err(|_| CertificateRefusal::Base64)?;
        Self::from_der(der, bits_min)
    }

    /// Reads DER, whole.
    pub(crate) fn from_der(der: Vec<u8>, bits_min: usize) -> Result<Self, CertificateRefusal> {
        if der.len() > CERTIFICATE_BYTES_MAX {
            return Err(CertificateRefusal::Malformed);
        }
        let read = X509::from_der(&der).map_err(|_| CertificateRefusal::Malformed)?;
        let inside = read.tbs_certificate;
        let key = &inside.subject_public_key_info;
        if key.algorithm.oid != RSA {
            return Err(CertificateRefusal::NotRsa);
        }
        let public_key = key.subject_public_key.as_bytes();
        let public_key = public_key.ok_or(CertificateRefusal::Malformed)?;
        let bits = modulus_bits(public_key).ok_or(CertificateRefusal::Malformed)?;
        if bits < bits_min {
            return Err(CertificateRefusal::ShortKey {
                bits,
                least: bits_min,
            });
        }
        Ok(Self {
            subject: inside.subject.to_string(),
            not_before: instant(inside.validity.not_before),
            not_after: instant(inside.validity.not_after),
            public_key: public_key.to_vec(),
            der,
        })
    }

    /// Whose it is, as RFC 4514 writes it: `CN=idp,O=…`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// From when it is valid.
    pub fn not_before(&self) -> Timestamp {
        self.not_before
    }

    /// Its end: past it, what its key signs is refused.
    pub fn not_after(&self) -> Timestamp {
        self.not_after
    }

    /// The size of its key, in bits.
    #[cfg(test)]
    pub(crate) fn key_bits(&self) -> Option<usize> {
        modulus_bits(&self.public_key)
    }

    /// Whether it is valid at an instant, both ends included.
    pub(crate) fn valid_at(&self, now: Timestamp) -> bool {
        self.not_before <= now && now <= self.not_after
    }

    /// The SHA-256 of its DER: 32 pairs of hexadecimal figures between colons, as `openssl x509 -fingerprint` writes them.
    pub fn fingerprint(&self) -> String {
        let pairs: Vec<String> = Sha256::digest(&self.der)
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        pairs.join(":")
    }

    /// Its DER in base64, on one line: the text of `X509Certificate`.
    pub(crate) fn base64(&self) -> String {
        STANDARD.encode(&self.der)
    }

    /// Its DER.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// Its public key: `RSAPublicKey`, in DER.
    pub(crate) fn public_key(&self) -> &[u8] {
        &self.public_key
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Certificate({}, until {})",
            self.fingerprint(),
            self.not_after
        )
    }
}

/// `RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }`, RFC 8017, appendix A.1.1.
fn modulus_bits(key: &[u8]) -> Option<usize> {
    let mut reader = SliceReader::new(key).ok()?;
    let bits = reader.sequence(|inside| {
        let modulus = UintRef::decode(inside)?;
        UintRef::decode(inside)?;
        let bytes = modulus.as_bytes();
        let unused = bytes.first().map_or(0, |first| first.leading_zeros());
        Ok(bytes.len() * 8 - unused as usize)
    });
    bits.ok()
}

/// « No end » is written 9999-12-31, which is past the last instant of `jiff`.
fn instant(time: Time) -> Timestamp {
    i64::try_from(time.to_unix_duration().as_secs())
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .unwrap_or(Timestamp::MAX)
}
