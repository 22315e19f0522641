//! The ports of federated sign-in, whatever the protocol: a verified identity, or a named refusal; the sign-ins begun,
//! where the protocol wants its answers to name one.

use std::fmt;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::profile::Profile;
use super::{Ido, PupilRefusal};
use crate::refusal::Denied;
use crate::store::Failure;
use crate::token::{RawToken, TokenHash};

/// A sign-in begun holds this long: the time to find one's password again, not to leave a computer.
pub const BEGUN_SIGN_IN_MAX: SignedDuration = SignedDuration::from_mins(10);
/// What each beginning deletes of the sign-ins that are over, at most: more than it adds, so that no more wait than
/// were begun in [`BEGUN_SIGN_IN_MAX`], and so few that nobody waits for it.
pub const SWEPT_AT_ONCE: u32 = 20;

/// A person as their identity provider signed them, verified. Nothing of them shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct FederatedIdentity {
    /// The opaque identifier.
    pub ido: Ido,
    /// Each `UAI`, as given: compared, never refused.
    pub uais: Vec<String>,
    /// Who they are, when the provider says it.
    pub profile: Option<Profile>,
    /// `NOM`, without the blanks around it; empty when the provider does not say it.
    pub last_name: String,
    /// The first of `PRE`'s values, without the blanks around it; empty when the provider says none.
    pub first_name: String,
    /// Each `DIV`, as given.
    pub divisions: Vec<String>,
    /// When the provider authenticated them.
    pub authenticated_at: Timestamp,
    /// The provider's own session.
    pub session: ProviderSession,
}

impl fmt::Debug for FederatedIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FederatedIdentity")
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}

/// The identity provider's session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProviderSession {
    /// When it ends: ours ends then at the latest.
    pub ends_at: Option<Timestamp>,
}

/// Something that can be used once: an assertion, a ticket, a pending request. The store keeps it, hashed, until it
/// could no longer be used anyway.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SpentProof {
    /// Its hash.
    pub key: [u8; 32],
    /// Until when it must be remembered.
    pub until: Timestamp,
}

impl SpentProof {
    /// A proof among `kind`'s, such as `ticket`, by its own text.
    pub fn of(kind: &str, text: &str, until: Timestamp) -> Self {
        let mut hash = Sha256::new();
        hash.update(kind.as_bytes());
        hash.update([0]);
        hash.update(text.as_bytes());
        Self {
            key: hash.finalize().into(),
            until,
        }
    }
}

impl fmt::Debug for SpentProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpentProof")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// A sign-in begun: an answer must name it, and come back with the cookie of the browser that left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BegunSignIn {
    /// The request's id, as the answer repeats it. One row for each.
    pub request: String,
    /// The cookie of the browser that left.
    pub browser: TokenHash,
    /// The session that this browser had when it left: a form that another site posts does not bring its cookie.
    pub replaces: Option<TokenHash>,
    /// When it is over, excluded.
    pub until: Timestamp,
}

impl BegunSignIn {
    /// Begins a sign-in, for [`BEGUN_SIGN_IN_MAX`].
    pub fn new(
        request: String,
        browser: &RawToken,
        replaces: Option<TokenHash>,
        now: Timestamp,
    ) -> Self {
        Self {
            request,
            browser: browser.hash(),
            replaces,
            until: now.saturating_add(BEGUN_SIGN_IN_MAX).unwrap_or(now),
        }
    }

    /// When it was begun.
    pub fn begun_at(&self) -> Timestamp {
        self.until
            .saturating_sub(BEGUN_SIGN_IN_MAX)
            .unwrap_or(self.until)
    }

    /// Whether an answer may still name it.
    pub fn holds(&self, now: Timestamp) -> bool {
        now < self.until
    }
}

/// Keeps the sign-ins begun. Nothing here uses one up: [`SignedIn::spent`](super::SignedIn::spent) does.
#[async_trait]
pub trait BegunSignInStore: Send + Sync {
    /// Writes one, and deletes [`SWEPT_AT_ONCE`] at most of those that are over when it begins: nobody needs to be
    /// signed in to begin, so what waits must not grow.
    async fn begin(&self, begun: &BegunSignIn) -> Result<(), Failure>;
    /// One by its request's id, compared exactly; it may be over.
    async fn find(&self, request: &str) -> Result<Option<BegunSignIn>, Failure>;
}

/// Who leaves to sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaving {
    /// The cookie of a departure that this browser has already: two tabs share it.
    pub browser: Option<RawToken>,
    /// The session that this browser has.
    pub session: Option<TokenHash>,
}

/// Where a browser goes to sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departure {
    /// The address to go to.
    pub location: String,
    /// The secret of a short-lived cookie that binds the answer to this browser, where the protocol wants one.
    pub browser: Option<RawToken>,
}

/// What a browser brings back. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The protocol's own text: a SAML response, a ticket.
    pub proof: String,
    /// The cookie set at the departure.
    pub browser: Option<RawToken>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answer(…)")
    }
}

/// An identity that holds, and what using it uses up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// Who.
    pub identity: FederatedIdentity,
    /// Written with the session; when one was used before, nothing is.
    pub spent: Vec<SpentProof>,
    /// The session that the browser had when it left, where the protocol's answer may come without its cookie.
    pub replaces: Option<TokenHash>,
}

/// Signs pupils in by whatever federation is configured.
#[async_trait]
pub trait FederatedSignIn: Send + Sync {
    /// Begins a sign-in.
    async fn depart(&self, leaving: &Leaving) -> Result<Departure, Denied<PupilRefusal>>;
    /// Verifies what the browser brought back. It uses nothing up by itself.
    async fn verify(&self, answer: &Answer) -> Result<Verified, Denied<PupilRefusal>>;
    /// Of whom an answer speaks that the provider signed for this service, whenever that was and whichever departure it
    /// answers. This signs nobody in: it tells that somebody who is signed in comes back with their own answer.
    async fn recognise(&self, answer: &Answer) -> Option<Ido>;
}

/// The federation of a server where none is configured: it says so, and refuses.
#[derive(Debug, Clone, Copy)]
pub struct NoFederation;

#[async_trait]
impl FederatedSignIn for NoFederation {
    async fn depart(&self, _leaving: &Leaving) -> Result<Departure, Denied<PupilRefusal>> {
        Err(PupilRefusal::GarNotConfigured.into())
    }

    async fn verify(&self, _answer: &Answer) -> Result<Verified, Denied<PupilRefusal>> {
        Err(PupilRefusal::GarNotConfigured.into())
    }

    async fn recognise(&self, _answer: &Answer) -> Option<Ido> {
        None
    }
}
