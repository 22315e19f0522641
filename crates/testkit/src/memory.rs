//! Every store, in memory. It passes the same contract as the databases.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use pix_orga_domain::account::{Account, AccountLink};
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::campaign::Campaign;
use pix_orga_domain::ids::{AccountId, CampaignId, OrganizationId, PupilId};
use pix_orga_domain::installation::InstallationKind;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::pupil::sign_in::BegunSignIn;
use pix_orga_domain::reconciliation::tries::Try;
use pix_orga_domain::session::Session;
use pix_orga_domain::store::Failure;
use pix_orga_domain::terms::TermsAcceptance;
use pix_orga_domain::throttle::ThrottleKey;

mod audit;
mod installation;
mod outbox;

mod organization;

mod account;
mod invitation;
mod session;
mod team;
mod terms;
mod throttle;

mod import;
mod roster;

mod campaign;
mod linking;
mod pupil;
mod sign_in;

mod dossier;
mod retention;

mod vitals;

/// Every store, in memory.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MemoryStore(…)")
    }
}

/// What is stored: one field for each table.
#[derive(Clone, Default)]
struct State {
    installation: Option<InstallationKind>,
    organizations: HashMap<OrganizationId, organization::Row>,
    audit: Vec<AuditEntry>,
    outbox: outbox::Outbox,
    accounts: HashMap<AccountId, Account>,
    account_links: Vec<AccountLink>,
    sessions: Vec<Session>,
    terms: Vec<TermsAcceptance>,
    tries: Vec<(ThrottleKey, Timestamp)>,
    memberships: Vec<team::Row>,
    invitations: Vec<invitation::Row>,
    rosters: roster::Rosters,
    imports: import::Imports,
    pupils: HashMap<PupilId, PupilAccount>,
    spent: HashMap<[u8; 32], Timestamp>,
    begun: Vec<BegunSignIn>,
    campaigns: HashMap<CampaignId, Campaign>,
    participations: HashMap<(CampaignId, PupilId), Timestamp>,
    links: Vec<linking::Row>,
    linking_requests: linking::Requests,
    pupil_attempts: Vec<Try>,
    daily_job: retention::Job,
}

impl MemoryStore {
    /// Reads.
    fn read<T>(&self, read: impl FnOnce(&State) -> T) -> T {
        read(&self.lock())
    }

    /// Writes on a copy, which becomes the state when all of it succeeds.
    fn write<T, E>(&self, write: impl FnOnce(&mut State) -> Result<T, E>) -> Result<T, E> {
        let mut state = self.lock();
        let mut next = state.clone();
        let written = write(&mut next)?;
        *state = next;
        Ok(written)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What a foreign key to a school would say.
    fn require_organization(&self, id: OrganizationId) -> Result<(), Failure> {
        if self.organizations.contains_key(&id) {
            Ok(())
        } else {
            Err(Failure::new("no such organization"))
        }
    }
}
