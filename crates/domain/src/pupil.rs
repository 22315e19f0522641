//! Pupils' accounts: created and refreshed by a federated sign-in, known by the GAR's opaque identifier only.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use crate::chance::{Chance, new_id};
use crate::ids::PupilId;
use crate::organization::Organization;
use crate::reconciliation::carried::{SignedIdentity, uai_is_signed};
use crate::session::{PUPIL_SESSION_MAX, Session, Subject};
use crate::store::Revision;
use crate::token::{RawToken, TokenHash};

pub mod contract;
pub mod profile;
pub mod sign_in;
pub mod store;
pub mod use_cases;

use contract::Contract;
use profile::Profile;
use sign_in::{FederatedIdentity, SpentProof};

/// The longest opaque identifier, in characters. 128 hexadecimal ones were seen.
pub const IDO_CHARS_MAX: usize = 300;
/// Schools or classes kept of one identity: staff have several schools, a pupil seldom more than two.
pub const SIGNED_VALUES_MAX: usize = 64;
/// The longest name or class kept of an identity, in characters.
pub const SIGNED_CHARS_MAX: usize = 255;

crate::refusals! {
    /// Why a person who comes from the médiacentre does not enter.
    PupilRefusal {
        /// A teacher, a parent, an agent: only pupils have something to do here.
        NotAPupil = "not_a_pupil",
        /// The answer lacks something that the contract of the resource promises.
        AttributeMissing = "gar_attribute_missing",
        /// Nothing is configured to sign pupils in.
        GarNotConfigured = "gar_not_configured",
        /// What the browser brought is unknown, used, too old, another browser's or not an identity.
        SignInRefused = "gar_sign_in_refused",
    }
}

/// The GAR's opaque identifier: the only key of a pupil, compared exactly. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ido(String);

/// A text that cannot be an opaque identifier: blank, or beyond [`IDO_CHARS_MAX`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ido_shape")]
pub struct IdoShape;

impl Ido {
    /// Takes an identifier as the GAR gave it, without the blanks around it; nothing is folded.
    ///
    /// # Errors
    /// [`IdoShape`] when it is blank or too long.
    pub fn parse(raw: &str) -> Result<Self, IdoShape> {
        let trimmed = raw.trim();
        if trimmed.is_empty() || trimmed.chars().count() > IDO_CHARS_MAX {
            return Err(IdoShape);
        }
        Ok(Self(trimmed.to_owned()))
    }

    /// The identifier, for the store alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ido {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ido(…)")
    }
}

/// A pupil's account. Nothing of them shows in `Debug` but the id.
#[derive(Clone, PartialEq, Eq)]
pub struct PupilAccount {
    /// Its id here.
    pub id: PupilId,
    /// The GAR's. One account for each.
    pub ido: Ido,
    /// What the GAR signed at the last sign-in: names, classes, schools.
    pub signed: SignedIdentity,
    /// When it was created.
    pub created_at: Timestamp,
    /// When they last signed in.
    pub signed_in_at: Timestamp,
    /// Guard of its writes.
    pub revision: Revision,
}

impl fmt::Debug for PupilAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PupilAccount")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A sign-in to write whole: the account, its session, what was used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The account as it must be. Its `revision` is the new one.
    pub account: PupilAccount,
    /// The revision it was decided on; nothing for a first sign-in.
    pub expected: Option<Revision>,
    /// The new session.
    pub session: Session,
    /// The session the browser had, adult's or pupil's, which ends: computers are shared.
    pub replaces: Option<TokenHash>,
    /// What can be used once and was.
    pub spent: Vec<SpentProof>,
}

impl PupilAccount {
    /// Decides a sign-in: creates the account, or refreshes what the GAR signs; opens a session of 8 hours at most,
    /// less when the identity provider's ends before. Gives the secret of its cookie.
    ///
    /// Who works in a school is told so first, whatever else is missing. Where the contract has no `PRO`, whoever signs in
    /// has a pupil's account, which opens a pupil's pages and nothing else.
    ///
    /// # Errors
    /// `not_a_pupil`; `gar_attribute_missing`; `gar_sign_in_refused` when the provider's session is over.
    pub fn sign_in(
        known: Option<&Self>,
        identity: &FederatedIdentity,
        contract: &Contract,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<(SignedIn, RawToken), PupilRefusal> {
        if identity
            .profile
            .is_some_and(|profile| profile != Profile::Pupil)
        {
            return Err(PupilRefusal::NotAPupil);
        }
        if !contract.lacking(identity).is_empty() {
            return Err(PupilRefusal::AttributeMissing);
        }
        let lasting = lasting(identity, now).ok_or(PupilRefusal::SignInRefused)?;
        let signed = bounded(identity);
        let account = match known {
            Some(known) => Self {
                signed,
                signed_in_at: now,
                revision: known.revision.next(),
                ..known.clone()
            },
            None => Self {
                id: PupilId(new_id(chance, now)),
                ido: identity.ido.clone(),
                signed,
                created_at: now,
                signed_in_at: now,
                revision: Revision::default(),
            },
        };
        let (session, cookie) = Session::open(Subject::Pupil(account.id), lasting, chance, now);
        let signed_in = SignedIn {
            expected: known.map(|known| known.revision),
            account,
            session,
            replaces: None,
            spent: Vec::new(),
        };
        Ok((signed_in, cookie))
    }

    /// What the GAR signed of their being in a school, at their last sign-in. Any number of the school says so: a former
    /// one may be signed for a while.
    pub fn attends(&self, school: &Organization) -> Attends {
        let signed = &self.signed.uais;
        if signed.iter().all(|uai| uai.trim().is_empty()) {
            Attends::Unsaid
        } else if school.numbers().any(|uai| uai_is_signed(uai, signed)) {
            Attends::Here
        } else {
            Attends::Elsewhere
        }
    }
}

/// Where the GAR signs that a pupil is, for one school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attends {
    /// In this school.
    Here,
    /// In others.
    Elsewhere,
    /// It does not say: the contract has no `UAI`, or they could not have signed in.
    Unsaid,
}

/// How long the session holds, or nothing when the provider's is over.
fn lasting(identity: &FederatedIdentity, now: Timestamp) -> Option<SignedDuration> {
    let Some(ends_at) = identity.session.ends_at else {
        return Some(PUPIL_SESSION_MAX);
    };
    let left = ends_at.duration_since(now);
    (left > SignedDuration::ZERO).then(|| left.min(PUPIL_SESSION_MAX))
}

/// Nothing signed is refused for its shape; what is beyond the limits is not kept.
fn bounded(identity: &FederatedIdentity) -> SignedIdentity {
    let text = |raw: &String| raw.chars().take(SIGNED_CHARS_MAX).collect::<String>();
    let texts = |raw: &[String]| raw.iter().take(SIGNED_VALUES_MAX).map(text).collect();
    SignedIdentity {
        last_name: text(&identity.last_name),
        first_name: text(&identity.first_name),
        divisions: texts(&identity.divisions),
        uais: texts(&identity.uais),
    }
}

#[cfg(test)]
mod tests;
