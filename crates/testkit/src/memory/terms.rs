//! Acceptances of terms.

use async_trait::async_trait;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::store::Failure;
use pix_orga_domain::terms::store::TermsStore;
use pix_orga_domain::terms::{TermsAcceptance, TermsDecision};

use super::{MemoryStore, State};

impl State {
    /// Writes an acceptance; false when it was there.
    pub(super) fn accept_terms(&mut self, acceptance: &TermsAcceptance) -> Result<bool, Failure> {
        self.require_account(acceptance.account_id)?;
        let same = |other: &TermsAcceptance| {
            (other.account_id, other.kind, &other.version)
                == (acceptance.account_id, acceptance.kind, &acceptance.version)
        };
        if self.terms.iter().any(same) {
            return Ok(false);
        }
        self.terms.push(acceptance.clone());
        Ok(true)
    }
}

#[async_trait]
impl TermsStore for MemoryStore {
    async fn accepted(&self, account: AccountId) -> Result<Vec<TermsAcceptance>, Failure> {
        Ok(self.read(|state| {
            let theirs = |acceptance: &&TermsAcceptance| acceptance.account_id == account;
            state.terms.iter().filter(theirs).cloned().collect()
        }))
    }

    async fn record(&self, decision: &TermsDecision) -> Result<(), Failure> {
        self.write(|state| {
            if state.accept_terms(&decision.acceptance)? {
                for entry in &decision.audit {
                    state.note(entry)?;
                }
            }
            Ok(())
        })
    }
}
