//! A small SAML 2.0 identity provider: what a school's médiacentre and the GAR do for real, on a key drawn at start.
//!
//! It knows its protocol, and nothing of whom it serves. [`IdentityProvider::receive`] reads a signed request as browsers
//! bring it; [`IdentityProvider::respond`] answers with a signed assertion. A [`Response`] is a value whose fields are
//! open: a test changes what it likes, and [`SigningKey::sign`] signs it all the same.
//!
//! Messages are never shown in `Debug`: they say who somebody is.

mod keys;
mod provider;
mod request;
mod response;

pub use keys::SigningKey;
pub use provider::{IdentityProvider, Settings};
pub use request::{Request, RequestRefusal, ServiceProvider};
pub use response::{Assertion, Response, Signed, Subject, encoded};

/// Why the identity provider itself fails: never what a browser brought.
#[derive(Debug, thiserror::Error)]
pub enum IdpError {
    /// The machine gave no random bytes.
    #[error("no random bytes: {0}")]
    Chance(#[from] getrandom::Error),
    /// The key or its certificate could not be made.
    #[error("the key cannot be made: {0}")]
    Key(#[from] rcgen::Error),
    /// The protocol's library refused the settings, the metadata or the message to sign.
    #[error("SAML: {0}")]
    Saml(#[from] saml_rs::SamlError),
    /// The message could not be written.
    #[error("the message cannot be written: {0}")]
    Written(#[from] askama::Error),
}
