//! Pupils' accounts and their sign-ins.

use async_trait::async_trait;
use pix_orga_domain::ids::PupilId;
use pix_orga_domain::pupil::store::{PupilStore, SignInRecordError};
use pix_orga_domain::pupil::{Ido, PupilAccount, SignedIn};
use pix_orga_domain::store::Failure;

use super::{MemoryStore, State};

impl State {
    /// What a foreign key to a pupil would say.
    pub(super) fn require_pupil(&self, id: PupilId) -> Result<&PupilAccount, Failure> {
        let pupil = self.pupils.get(&id);
        pupil.ok_or_else(|| Failure::new("no such pupil"))
    }

    /// Deletes an account with what it tried, asked and entered, and its former links.
    pub(super) fn delete_pupil(&mut self, id: PupilId) {
        self.pupils.remove(&id);
        self.participations.retain(|(_, pupil), _| *pupil != id);
        self.pupil_attempts.retain(|tried| tried.pupil_id != id);
        self.forget_pupil(id);
    }

    fn record_sign_in(&mut self, signed_in: &SignedIn) -> Result<(), SignInRecordError> {
        let account = &signed_in.account;
        match (signed_in.expected, self.pupils.get(&account.id)) {
            (None, None) => {}
            (Some(expected), Some(known)) if known.revision == expected => {}
            (None, Some(_)) => return Err(Failure::new("pupil written twice").into()),
            (Some(_), _) => return Err(SignInRecordError::Stale),
        }
        let mut others = self.pupils.values();
        if others.any(|other| other.ido == account.ido && other.id != account.id) {
            return Err(SignInRecordError::IdoTaken);
        }
        self.pupils.insert(account.id, account.clone());
        for proof in &signed_in.spent {
            if self.spent.insert(proof.key, proof.until).is_some() {
                return Err(SignInRecordError::ProofSpent);
            }
        }
        if let Some(replaced) = &signed_in.replaces {
            self.sessions.retain(|session| session.token != *replaced);
        }
        Ok(self.open_session(&signed_in.session)?)
    }
}

#[async_trait]
impl PupilStore for MemoryStore {
    async fn find(&self, pupil: PupilId) -> Result<Option<PupilAccount>, Failure> {
        Ok(self.read(|state| state.pupils.get(&pupil).cloned()))
    }

    async fn find_by_ido(&self, ido: &Ido) -> Result<Option<PupilAccount>, Failure> {
        Ok(self.read(|state| {
            let mut pupils = state.pupils.values();
            pupils.find(|pupil| pupil.ido == *ido).cloned()
        }))
    }

    async fn record_sign_in(&self, signed_in: &SignedIn) -> Result<(), SignInRecordError> {
        self.write(|state| state.record_sign_in(signed_in))
    }
}
