//! All that is kept of one pupil.

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::audit::use_cases::student_of;
use pix_orga_domain::dossier::store::DossierStore;
use pix_orga_domain::dossier::{Kept, KeptAccount, KeptParticipation, KeptRequest, KeptTry};
use pix_orga_domain::ids::{OrganizationId, PupilId, StudentId};
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::store::Failure;

use super::{MemoryStore, State};

impl State {
    fn kept(&self, school: OrganizationId, id: StudentId) -> Option<Kept> {
        let student = self.student(school, id)?.clone();
        let mut accounts = self.accounts_of(id);
        accounts.sort_unstable();
        accounts.dedup();
        let about =
            |entry: &&AuditEntry| entry.organization_id == school && student_of(entry) == Some(id);
        let mut trail: Vec<_> = self.audit.iter().filter(about).cloned().collect();
        trail.sort_by_key(|entry| (entry.at, entry.id));
        Some(Kept {
            student,
            links: self.kept_links(id),
            accounts: accounts
                .into_iter()
                .filter_map(|account| self.kept_account(school, account))
                .collect(),
            trail,
        })
    }

    fn kept_account(&self, school: OrganizationId, id: PupilId) -> Option<KeptAccount> {
        let account = self.pupils.get(&id)?;
        let signed = account.signed.clone();
        let mut campaigns: Vec<_> = self
            .participations
            .iter()
            .filter(|((_, pupil), _)| *pupil == id)
            .map(|((campaign, _), at)| (&self.campaigns[campaign], *at))
            .filter(|(campaign, _)| campaign.organization_id == school)
            .map(|(campaign, entered_at)| KeptParticipation {
                title: campaign.texts.title.clone(),
                code: campaign.code.as_str().to_owned(),
                entered_at,
            })
            .collect();
        campaigns.sort_by_key(|one| one.entered_at);
        let tries = self.pupil_attempts.iter();
        let tries = tries.filter(|tried| (tried.pupil_id, tried.organization_id) == (id, school));
        Some(KeptAccount {
            id,
            ido: account.ido.expose().to_owned(),
            last_name: signed.last_name,
            first_name: signed.first_name,
            divisions: signed.divisions,
            uais: signed.uais,
            created_at: account.created_at,
            signed_in_at: account.signed_in_at,
            campaigns,
            requests: self.kept_requests(school, id),
            tries: tries
                .map(|tried| KeptTry {
                    at: tried.at,
                    missed: tried.missed,
                })
                .collect(),
        })
    }

    fn kept_requests(&self, school: OrganizationId, id: PupilId) -> Vec<KeptRequest> {
        let mut requests: Vec<_> = self
            .linking_requests
            .of(school, id)
            .map(|request| {
                let (state, settled_at) = match request.state {
                    RequestState::Pending => ("pending", None),
                    RequestState::Approved { at, .. } => ("approved", Some(at)),
                    RequestState::Refused { at, .. } => ("refused", Some(at)),
                    RequestState::Overtaken { at, .. } => ("overtaken", Some(at)),
                };
                KeptRequest {
                    birthdate: request.birthdate,
                    asked_at: request.asked_at,
                    state: state.to_owned(),
                    settled_at,
                }
            })
            .collect();
        requests.sort_by_key(|request| request.asked_at);
        requests
    }
}

#[async_trait]
impl DossierStore for MemoryStore {
    async fn kept(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Kept>, Failure> {
        Ok(self.read(|state| state.kept(organization, student)))
    }

    async fn by_number(
        &self,
        organization: OrganizationId,
        eleve_id: &str,
    ) -> Result<Option<StudentId>, Failure> {
        Ok(self.read(|state| {
            let roster = state.roster(organization);
            let mut students = roster.students.iter();
            students
                .find(|one| one.eleve_id == eleve_id)
                .map(|one| one.id)
        }))
    }

    async fn record_export(&self, audit: &AuditEntry) -> Result<(), Failure> {
        self.write(|state| state.note(audit))
    }
}
