//! How a server is reached.

use std::fmt;
use std::net::IpAddr;

use lettre::transport::smtp::client::{Certificate, TlsParameters};

use crate::message::Letterhead;

/// What protects the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// TLS from the first byte; port 465 by custom.
    Tls,
    /// TLS once the server was asked for it, or nothing is sent; port 587 by custom.
    StartTls,
    /// Nothing: for a relay on the same machine; port 25 by custom.
    None,
}

impl Encryption {
    /// The port of custom.
    pub const fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::StartTls => 587,
            Self::None => 25,
        }
    }
}

/// Who we are for the server. It never shows.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is what its name says")]
pub struct Authentication {
    pub user: String,
    pub password: String,
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Authentication(…)")
    }
}

/// How a server is reached, and what its mails bear.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    /// Its name or IP address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// What protects the connection.
    pub encryption: Encryption,
    /// Who we are, where the server asks.
    pub authentication: Option<Authentication>,
    /// One more certificate authority to trust, in PEM: a private one.
    pub authority: Option<Vec<u8>>,
    /// Who sends, such as `Pix Orga <ne-pas-repondre@orga.example.org>`.
    pub from: String,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// Where the product is: links begin with it, and Message-IDs end with its host.
    pub public_url: String,
    /// Where people find help.
    pub support_url: String,
}

/// Why a server would not be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// A password would travel in the clear.
    #[error("a password never leaves the machine without encryption")]
    CleartextPassword,
    /// `from` is no sender.
    #[error("`from` is not an address")]
    From,
    /// `reply_to` is no address.
    #[error("`reply_to` is not an address")]
    ReplyTo,
    /// `public_url` has no host.
    #[error("`public_url` has no host")]
    PublicUrl,
    /// The file of the certificate authority holds no certificate, or one that cannot be trusted; or TLS cannot be set up.
    #[error("the certificate authority cannot be used")]
    Authority,
}

impl SmtpSettings {
    /// Whether mails could be written and their server used, without a connection.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn check(&self) -> Result<(), SettingsError> {
        let in_clear = self.encryption == Encryption::None && !self.is_on_this_machine();
        if in_clear && self.authentication.is_some() {
            return Err(SettingsError::CleartextPassword);
        }
        if let Some(pem) = &self.authority {
            check_authority(pem)?;
        }
        Letterhead::of(self).map(|_| ())
    }

    /// Whether the server is this machine: its name says so, or its address.
    pub fn is_on_this_machine(&self) -> bool {
        let server = self.server.trim_matches(['[', ']']);
        server.eq_ignore_ascii_case("localhost")
            || server
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

/// How a certificate begins in PEM (RFC 7468): keys and requests begin otherwise, and the library passes them over.
const CERTIFICATE: &[u8] = b"-----BEGIN CERTIFICATE-----";

/// Whether a file holds a certificate at least, and nothing damaged.
fn check_authority(pem: &[u8]) -> Result<(), SettingsError> {
    let holds_one = pem
        .windows(CERTIFICATE.len())
        .any(|found| found == CERTIFICATE);
    let certificate = Certificate::from_pem(pem).ok().filter(|_| holds_one);
    let certificate = certificate.ok_or(SettingsError::Authority)?;
    // Read only when it is put among those that are trusted.
    let built = TlsParameters::builder("localhost".to_owned())
        .add_root_certificate(certificate)
        .build_rustls();
    built.map(|_| ()).map_err(|_| SettingsError::Authority)
}
