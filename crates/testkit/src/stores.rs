//! The stores a test works on, whatever adapter is behind.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use pix_orga_domain::account::store::AccountStore;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::campaign::store::CampaignStore;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::dossier::store::DossierStore;
use pix_orga_domain::installation::store::InstallationStore;
use pix_orga_domain::invitation::store::InvitationStore;
use pix_orga_domain::organization::store::OrganizationStore;
use pix_orga_domain::outbox::store::OutboxStore;
use pix_orga_domain::pupil::sign_in::BegunSignInStore;
use pix_orga_domain::pupil::store::PupilStore;
use pix_orga_domain::reconciliation::judge::Judge;
use pix_orga_domain::reconciliation::store::{LinkingRequestStore, LinkingStore};
use pix_orga_domain::retention::store::RetentionStore;
use pix_orga_domain::roster::store::{ImportStore, RosterStore};
use pix_orga_domain::session::store::SessionStore;
use pix_orga_domain::team::store::TeamStore;
use pix_orga_domain::terms::store::TermsStore;
use pix_orga_domain::throttle::store::ThrottleStore;
use pix_orga_domain::vitals::store::VitalsStore;

use crate::memory::MemoryStore;

/// Every port, on one store.
#[derive(Clone)]
#[expect(missing_docs, reason = "each field is the port its type names")]
pub struct Stores {
    pub installation: Arc<dyn InstallationStore>,
    pub vitals: Arc<dyn VitalsStore>,
    pub organizations: Arc<dyn OrganizationStore>,
    pub audit: Arc<dyn AuditStore>,
    pub outbox: Arc<dyn OutboxStore>,
    pub accounts: Arc<dyn AccountStore>,
    pub sessions: Arc<dyn SessionStore>,
    pub terms: Arc<dyn TermsStore>,
    pub throttle: Arc<dyn ThrottleStore>,
    pub teams: Arc<dyn TeamStore>,
    pub invitations: Arc<dyn InvitationStore>,
    pub rosters: Arc<dyn RosterStore>,
    pub imports: Arc<dyn ImportStore>,
    pub pupils: Arc<dyn PupilStore>,
    pub begun: Arc<dyn BegunSignInStore>,
    pub campaigns: Arc<dyn CampaignStore>,
    pub links: Arc<dyn LinkingStore>,
    pub requests: Arc<dyn LinkingRequestStore>,
    pub retention: Arc<dyn RetentionStore>,
    pub dossiers: Arc<dyn DossierStore>,
    /// What must outlive the stores, such as the folder of a database.
    #[expect(dead_code, reason = "held, never read")]
    kept: Option<Arc<dyn Any + Send + Sync>>,
}

impl fmt::Debug for Stores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stores(…)")
    }
}

impl Stores {
    /// What judges waiting requests on them.
    pub fn judge(&self, clock: Arc<dyn Clock>) -> Judge {
        Judge {
            clock,
            links: Arc::clone(&self.links),
            requests: Arc::clone(&self.requests),
        }
    }

    /// The ports of a store that implements them all.
    pub fn of<S>(store: S) -> Self
    where
        S: InstallationStore + OrganizationStore + AuditStore + OutboxStore + 'static,
        S: AccountStore + SessionStore + TermsStore + ThrottleStore + TeamStore + InvitationStore,
        S: RosterStore + ImportStore + VitalsStore,
        S: PupilStore + BegunSignInStore + CampaignStore + LinkingStore + LinkingRequestStore,
        S: RetentionStore + DossierStore,
    {
        let store = Arc::new(store);
        Self {
            installation: store.clone(),
            vitals: store.clone(),
            organizations: store.clone(),
            audit: store.clone(),
            outbox: store.clone(),
            accounts: store.clone(),
            sessions: store.clone(),
            terms: store.clone(),
            throttle: store.clone(),
            teams: store.clone(),
            invitations: store.clone(),
            rosters: store.clone(),
            imports: store.clone(),
            pupils: store.clone(),
            begun: store.clone(),
            campaigns: store.clone(),
            links: store.clone(),
            requests: store.clone(),
            retention: store.clone(),
            dossiers: store,
            kept: None,
        }
    }

    /// Fresh stores in memory.
    pub fn in_memory() -> Self {
        Self::of(MemoryStore::default())
    }

    /// The same, holding `guard` as long as they live.
    #[must_use]
    pub fn keeping(self, guard: impl Any + Send + Sync) -> Self {
        Self {
            kept: Some(Arc::new(guard)),
            ..self
        }
    }
}
