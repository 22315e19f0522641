//! Reading and accepting the terms.

use std::sync::Arc;

use super::store::TermsStore;
use super::{TermsAcceptance, TermsDecision, TermsInForce, TermsKind};
use crate::account::Account;
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::store::Failure;
use crate::team::store::TeamStore;

/// What a person does with the terms.
pub struct Terms {
    /// Where acceptances live.
    pub store: Arc<dyn TermsStore>,
    /// Which schools they are in.
    pub teams: Arc<dyn TeamStore>,
    /// The documents.
    pub in_force: Arc<TermsInForce>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl Terms {
    /// Whether a person accepted the version in force.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn accepted(&self, account: &Account, kind: TermsKind) -> Result<bool, Failure> {
        Ok(self
            .in_force
            .accepted(kind, &self.store.accepted(account.id).await?))
    }

    /// Accepts the version in force.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn accept(&self, account: &Account, kind: TermsKind) -> Result<(), Failure> {
        let now = self.clock.now();
        let version = self.in_force.document(kind).version.clone();
        let memberships = self.teams.memberships_of(account.id).await?;
        let audit = memberships
            .iter()
            .map(|membership| {
                AuditEntry::new(
                    membership.organization_id,
                    Actor::Account(account.id),
                    Action::TermsAccepted {
                        version: version.clone(),
                    },
                    self.chance.as_ref(),
                    now,
                )
            })
            .collect();
        let acceptance = TermsAcceptance {
            account_id: account.id,
            kind,
            version,
            accepted_at: now,
        };
        self.store
            .record(&TermsDecision { acceptance, audit })
            .await
    }
}
