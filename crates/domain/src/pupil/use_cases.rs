//! Signing pupils in.

use std::sync::Arc;

use super::contract::{Attribute, Contract};
use super::sign_in::{Answer, Departure, FederatedSignIn, Leaving, Verified};
use super::store::{PupilStore, SignInRecordError};
use super::{PupilAccount, PupilRefusal};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::ids::PupilId;
use crate::refusal::Denied;
use crate::store::{Failure, MaybeStale, deciding_again};
use crate::token::RawToken;

impl From<SignInRecordError> for Denied<PupilRefusal> {
    fn from(error: SignInRecordError) -> Self {
        match error {
            SignInRecordError::Stale | SignInRecordError::IdoTaken => Self::Stale,
            SignInRecordError::ProofSpent => Self::Refused(PupilRefusal::SignInRefused),
            SignInRecordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// A pupil who has just signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Their account.
    pub account: PupilAccount,
    /// The secret of their session's cookie.
    pub cookie: RawToken,
    /// Whether this sign-in created the account.
    pub first: bool,
}

/// Why somebody who came back is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum NotIn {
    /// A rule said no, others kept writing first, or the store failed.
    #[error(transparent)]
    Denied(#[from] Denied<PupilRefusal>),
    /// `gar_attribute_missing`: the contract promises these, and the answer does not have them.
    #[error("gar_attribute_missing")]
    Lacks(Vec<Attribute>),
    /// `gar_sign_in_refused`: the answer served already, or comes too late, and it speaks of this account. A browser that
    /// holds a session of this very account has nothing to be refused: its pupil pressed « Retour ».
    #[error("gar_sign_in_refused")]
    CameAgain(PupilId),
}

impl From<SignInRecordError> for NotIn {
    fn from(error: SignInRecordError) -> Self {
        Self::Denied(error.into())
    }
}

impl From<Failure> for NotIn {
    fn from(failure: Failure) -> Self {
        Self::Denied(failure.into())
    }
}

impl MaybeStale for NotIn {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Denied(denied) if denied.is_stale())
    }
}

/// What a pupil does to enter.
pub struct PupilSignIns {
    /// The federation configured.
    pub federation: Arc<dyn FederatedSignIn>,
    /// What it delivers of whoever signs in.
    pub contract: Contract,
    /// Where accounts live.
    pub store: Arc<dyn PupilStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl PupilSignIns {
    /// Where to send a browser that wants to sign in.
    ///
    /// # Errors
    /// `gar_not_configured`.
    pub async fn depart(&self, leaving: &Leaving) -> Result<Departure, Denied<PupilRefusal>> {
        self.federation.depart(leaving).await
    }

    /// Signs in the pupil who brings this answer back. The session that the browser had ends: the one whose cookie,
    /// `former`, came with the answer, else the one noted when the browser left.
    ///
    /// # Errors
    /// [`NotIn`]: `gar_not_configured`, `gar_sign_in_refused`, `gar_attribute_missing`, `not_a_pupil`.
    pub async fn sign_in(
        &self,
        answer: &Answer,
        former: Option<&RawToken>,
    ) -> Result<Arrival, NotIn> {
        let arrived = match self.federation.verify(answer).await {
            Ok(verified) => self.arrive(&verified, former).await,
            Err(denied) => Err(denied.into()),
        };
        match arrived {
            Err(NotIn::Denied(Denied::Refused(PupilRefusal::SignInRefused))) => {
                Err(self.refused(answer).await?)
            }
            arrived => arrived,
        }
    }

    async fn arrive(
        &self,
        verified: &Verified,
        former: Option<&RawToken>,
    ) -> Result<Arrival, NotIn> {
        let replaces = former.map(RawToken::hash).or(verified.replaces);
        let identity = &verified.identity;
        deciding_again(|| async {
            let known = self.store.find_by_ido(&identity.ido).await?;
            let decided = PupilAccount::sign_in(
                known.as_ref(),
                identity,
                &self.contract,
                self.chance.as_ref(),
                self.clock.now(),
            );
            let (mut signed_in, cookie) = decided.map_err(|refusal| match refusal {
                PupilRefusal::AttributeMissing => NotIn::Lacks(self.contract.lacking(identity)),
                other => NotIn::Denied(other.into()),
            })?;
            signed_in.replaces = replaces;
            signed_in.spent.clone_from(&verified.spent);
            self.store.record_sign_in(&signed_in).await?;
            Ok(Arrival {
                first: signed_in.expected.is_none(),
                account: signed_in.account,
                cookie,
            })
        })
        .await
    }

    /// How an answer is refused that signs nobody in.
    async fn refused(&self, answer: &Answer) -> Result<NotIn, Failure> {
        let known = match self.federation.recognise(answer).await {
            Some(ido) => self.store.find_by_ido(&ido).await?,
            None => None,
        };
        Ok(known.map_or_else(
            || NotIn::Denied(PupilRefusal::SignInRefused.into()),
            |account| NotIn::CameAgain(account.id),
        ))
    }

    /// The account of a signed-in pupil.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn account(&self, pupil: PupilId) -> Result<Option<PupilAccount>, Failure> {
        self.store.find(pupil).await
    }
}
