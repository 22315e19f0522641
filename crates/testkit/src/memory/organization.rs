//! Schools.

use async_trait::async_trait;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::organization::replacement::UaiReplacement;
use pix_orga_domain::organization::store::{
    OrganizationChange, OrganizationRecordError, OrganizationStore,
};
use pix_orga_domain::organization::{AddressTrust, OfficialAddress, Organization};
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_domain::team::Membership;
use pix_orga_domain::terms::TermsKind;
use pix_orga_domain::uai::Uai;

use super::{MemoryStore, State};

/// A school, and the guard of its team.
#[derive(Clone)]
pub(super) struct Row {
    /// The school.
    pub(super) organization: Organization,
    /// Guard of every change of the team.
    pub(super) team_revision: Revision,
}

impl State {
    fn onboarding(&self, school: &Organization) -> OnboardingFacts {
        let establishment = self.last_establishment(school.id);
        let people = self.present(school.id);
        let accepted = |person: &Membership| {
            self.terms.iter().any(|acceptance| {
                acceptance.account_id == person.account_id && acceptance.kind == TermsKind::Space
            })
        };
        OnboardingFacts {
            address_to_confirm: matches!(
                school.address,
                OfficialAddress::Missing | OfficialAddress::Known(_, AddressTrust::ToConfirm)
            ),
            invited: establishment.is_some(),
            invitation_failed: matches!(establishment, Some((_, Delivery::Failed { .. }))),
            joined: !people.is_empty(),
            terms_accepted: people.iter().any(|person| accepted(person)),
            roster_imported: self.roster(school.id).last_import.is_some(),
            campaign_created: self.has_campaign(school.id),
            first_pupil_linked: self.has_link(school.id),
            team_ready: people.len() > 1 || school.works_alone_since.is_some(),
            closed: school.closed_at.is_some(),
        }
    }

    fn record_organization(
        &mut self,
        change: &OrganizationChange,
    ) -> Result<(), OrganizationRecordError> {
        let mut school = change.organization.clone();
        let present = self.organizations.get(&school.id);
        let team_revision = match (change.expected, present) {
            (None, None) => Revision::default(),
            (None, Some(_)) => return Err(Failure::new("organization written twice").into()),
            (Some(expected), Some(row)) if row.organization.revision == expected => {
                school.uai = row.organization.uai;
                school.former_uais.clone_from(&row.organization.former_uais);
                row.team_revision
            }
            (Some(_), _) => return Err(OrganizationRecordError::Stale),
        };
        self.require_own(&school)?;
        let row = Row {
            organization: school,
            team_revision,
        };
        self.organizations.insert(change.organization.id, row);
        Ok(self.note(&change.audit)?)
    }

    /// No other school has or had the numbers that this one has or had.
    fn require_own(&self, school: &Organization) -> Result<(), OrganizationRecordError> {
        let mut others = self.organizations.values().map(|row| &row.organization);
        let taken = others.any(|other| {
            let shared = |uai| other.numbers().any(|number| number == uai);
            other.id != school.id && school.numbers().any(shared)
        });
        if taken {
            return Err(OrganizationRecordError::UaiTaken);
        }
        Ok(())
    }

    fn is_blank(&self, id: OrganizationId) -> bool {
        !self.ever_had_members(id)
            && !self.rosters.contains_key(&id)
            && !self.imports.has_any(id)
            && !self.has_campaign(id)
    }

    fn record_replacement(
        &mut self,
        replacement: &UaiReplacement,
    ) -> Result<(), OrganizationRecordError> {
        if let Some(gives_way) = replacement.gives_way {
            let row = self.organizations.get(&gives_way.id);
            let as_found = row.is_some_and(|row| row.organization.revision == gives_way.expected);
            if !as_found || !self.is_blank(gives_way.id) {
                return Err(OrganizationRecordError::Stale);
            }
            self.forget_organization(gives_way.id);
        }
        let school = &replacement.organization;
        let row = self.organizations.get(&school.id);
        let Some(row) = row.filter(|row| row.organization.revision == replacement.expected) else {
            return Err(OrganizationRecordError::Stale);
        };
        let renumbered = Row {
            organization: Organization {
                uai: school.uai,
                former_uais: school.former_uais.clone(),
                revision: school.revision,
                ..row.organization.clone()
            },
            team_revision: row.team_revision,
        };
        self.require_own(&renumbered.organization)?;
        self.organizations.insert(school.id, renumbered);
        Ok(self.note(&replacement.audit)?)
    }

    fn forget_organization(&mut self, id: OrganizationId) {
        self.organizations.remove(&id);
        self.forget_invitations(id);
        self.outbox.forget(id);
        self.audit.retain(|entry| entry.organization_id != id);
    }
}

#[async_trait]
impl OrganizationStore for MemoryStore {
    async fn find(&self, id: OrganizationId) -> Result<Option<Organization>, Failure> {
        Ok(self.read(|state| {
            let row = state.organizations.get(&id);
            row.map(|row| row.organization.clone())
        }))
    }

    async fn find_by_uai(&self, uai: Uai) -> Result<Option<Organization>, Failure> {
        Ok(self.read(|state| {
            let mut schools = state.organizations.values().map(|row| &row.organization);
            schools
                .find(|school| school.numbers().any(|number| number == uai))
                .cloned()
        }))
    }

    async fn all(&self) -> Result<Vec<(Organization, OnboardingFacts)>, Failure> {
        let mut all: Vec<_> = self.read(|state| {
            let schools = state.organizations.values().map(|row| &row.organization);
            let open = schools.filter(|school| school.closed_at.is_none());
            open.map(|school| (school.clone(), state.onboarding(school)))
                .collect()
        });
        all.sort_by_key(|(school, _)| school.uai);
        Ok(all)
    }

    async fn onboarding(&self, id: OrganizationId) -> Result<Option<OnboardingFacts>, Failure> {
        Ok(self.read(|state| {
            let row = state.organizations.get(&id)?;
            Some(state.onboarding(&row.organization))
        }))
    }

    async fn is_blank(&self, id: OrganizationId) -> Result<bool, Failure> {
        Ok(self.read(|state| state.is_blank(id)))
    }

    async fn record(&self, change: &OrganizationChange) -> Result<(), OrganizationRecordError> {
        self.write(|state| state.record_organization(change))
    }

    async fn record_replacement(
        &self,
        replacement: &UaiReplacement,
    ) -> Result<(), OrganizationRecordError> {
        self.write(|state| state.record_replacement(replacement))
    }
}
