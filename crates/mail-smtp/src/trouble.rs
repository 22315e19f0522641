//! What went wrong with a server, in words that an administrator or an operator reads.

use std::error::Error as StdError;
use std::io;

use lettre::transport::smtp::Error;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::outbox::delivering::{SendOutcome, ServerWords};

pub(crate) const UNREADABLE: &str = "Ce message n’a pas pu être mis en forme.";
pub(crate) const NO_LINK: &str =
    "Le lien de ce message ne peut plus être lu : la clé du serveur a changé. Renvoyez-le.";
pub(crate) const ADDRESS: &str = "Cette adresse ne peut pas être écrite dans un message.";
const ADDRESS_NOT_CARRIED: &str =
    "Cette adresse a des caractères que le serveur d’envoi ne transmet pas.";
const UNREACHABLE: &str = "Le serveur d’envoi ne peut pas être joint";
const BROKEN: &str = "La connexion chiffrée avec le serveur d’envoi a échoué";
const NOT_AS_AGREED: &str = "Le serveur d’envoi n’a pas répondu comme convenu";
const SLOW: &str = "Le serveur d’envoi n’a pas répondu à temps.";
const CLOSED: &str = "Le serveur d’envoi a fermé la connexion.";

/// Codes by which a server refuses who we are (RFC 4954, 6).
const AUTHENTICATION_CODES: [u16; 4] = [530, 534, 535, 538];

/// What an operator must look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TroubleKind {
    /// Name, port, network, or the server is down.
    Unreachable,
    /// Certificate, or the kind of encryption.
    Encryption,
    /// User or password.
    Authentication,
    /// The server refuses, or does not speak SMTP.
    Refused,
}

/// Why a server cannot be used now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What to look at.
    pub kind: TroubleKind,
    /// What the server said, or why it said nothing.
    pub words: ServerWords,
}

impl Trouble {
    pub(crate) fn slow() -> Self {
        Self {
            kind: TroubleKind::Unreachable,
            words: ServerWords::new(SLOW),
        }
    }

    pub(crate) fn closed() -> Self {
        Self {
            kind: TroubleKind::Refused,
            words: ServerWords::new(CLOSED),
        }
    }

    pub(crate) fn of(error: &Error) -> Self {
        let said = innermost(error);
        let (kind, words) = match reply_code(error) {
            Some(code) if AUTHENTICATION_CODES.contains(&code) => {
                (TroubleKind::Authentication, format!("{code} {said}"))
            }
            Some(code) => (TroubleKind::Refused, format!("{code} {said}")),
            None if error.is_timeout() => return Self::slow(),
            None if is_about_encryption(error, &said) => {
                (TroubleKind::Encryption, format!("{BROKEN} : {said}"))
            }
            None if error.is_client() => (
                TroubleKind::Authentication,
                format!("{NOT_AS_AGREED} : {said}"),
            ),
            None if error.is_response() => {
                (TroubleKind::Refused, format!("{NOT_AS_AGREED} : {said}"))
            }
            None => (TroubleKind::Unreachable, format!("{UNREACHABLE} : {said}")),
        };
        Self {
            kind,
            words: ServerWords::new(&words),
        }
    }
}

/// What an attempt that failed gave.
pub(crate) fn outcome(error: &Error, to: &EmailAddress) -> SendOutcome {
    let words = Trouble::of(error).words;
    match reply_code(error) {
        Some(code) => SendOutcome::of_reply(code, words.as_str()),
        None if error.is_client() && !to.as_str().is_ascii() => not_carried(),
        None => SendOutcome::Unreached(words),
    }
}

/// The server carries no such characters: another address would do.
pub(crate) fn not_carried() -> SendOutcome {
    SendOutcome::Refused(ServerWords::new(ADDRESS_NOT_CARRIED))
}

fn reply_code(error: &Error) -> Option<u16> {
    error.status().map(u16::from)
}

/// TLS cannot be set up, the handshake failed (its library says so by `InvalidData`), or STARTTLS is not offered.
fn is_about_encryption(error: &Error, said: &str) -> bool {
    let handshake = causes(error).any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::InvalidData)
    });
    handshake || error.is_tls() || (error.is_client() && said.contains("STARTTLS"))
}

/// What made it, nearest first.
fn causes(error: &Error) -> impl Iterator<Item = &(dyn StdError + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// The last cause: what the server said, or the system.
fn innermost(error: &Error) -> String {
    causes(error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}
