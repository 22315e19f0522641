//! Campaigns and who entered.

use std::cmp::Reverse;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::campaign::store::{
    CampaignRecordError, CampaignStore, EnteredCampaign, ListedCampaign, ParticipantsPage,
    ParticipantsQuery,
};
use pix_orga_domain::campaign::{Campaign, CampaignChange, Participant, Participation};
use pix_orga_domain::ids::{CampaignId, OrganizationId, PupilId};
use pix_orga_domain::roster::Student;
use pix_orga_domain::store::Failure;

use super::{MemoryStore, State};

impl State {
    fn record_campaign(&mut self, change: &CampaignChange) -> Result<(), CampaignRecordError> {
        let campaign = &change.campaign;
        self.require_organization(campaign.organization_id)?;
        self.require_account(campaign.owner)?;
        match (change.expected, self.campaigns.get(&campaign.id)) {
            (None, None) => {}
            (Some(expected), Some(known)) if known.revision == expected => {}
            (None, Some(_)) => return Err(Failure::new("campaign written twice").into()),
            (Some(_), _) => return Err(CampaignRecordError::Stale),
        }
        let mut others = self.campaigns.values();
        if others.any(|other| other.code == campaign.code && other.id != campaign.id) {
            return Err(CampaignRecordError::CodeTaken);
        }
        self.campaigns.insert(campaign.id, campaign.clone());
        Ok(self.note(&change.audit)?)
    }

    /// Writes that a pupil entered, inside the write of the change that causes it. The first time stays.
    pub(super) fn enter(&mut self, participation: &Participation) -> Result<(), Failure> {
        self.require_pupil(participation.pupil_id)?;
        if !self.campaigns.contains_key(&participation.campaign_id) {
            return Err(Failure::new("no such campaign"));
        }
        let key = (participation.campaign_id, participation.pupil_id);
        self.participations
            .entry(key)
            .or_insert(participation.entered_at);
        Ok(())
    }

    /// Whether a school has a campaign.
    pub(super) fn has_campaign(&self, organization: OrganizationId) -> bool {
        let mut campaigns = self.campaigns.values();
        campaigns.any(|campaign| campaign.organization_id == organization)
    }

    /// Who entered a campaign and is linked in its school.
    fn participants_of(&self, campaign: &Campaign) -> Vec<(Timestamp, &Student)> {
        let entered = self.participations.iter();
        let of_campaign = entered.filter(|((entered, _), _)| *entered == campaign.id);
        let linked = of_campaign.filter_map(|((_, pupil), at)| {
            let link = self.link_of_pupil(campaign.organization_id, *pupil)?;
            Some((*at, self.student(link.organization_id, link.student_id)?))
        });
        linked.collect()
    }
}

#[async_trait]
impl CampaignStore for MemoryStore {
    async fn find(
        &self,
        organization: OrganizationId,
        campaign: CampaignId,
    ) -> Result<Option<Campaign>, Failure> {
        Ok(self.read(|state| {
            let found = state.campaigns.get(&campaign).cloned();
            found.filter(|found| found.organization_id == organization)
        }))
    }

    async fn find_by_code(&self, code: CampaignCode) -> Result<Option<Campaign>, Failure> {
        Ok(self.read(|state| {
            let mut campaigns = state.campaigns.values();
            campaigns.find(|campaign| campaign.code == code).cloned()
        }))
    }

    async fn list(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<ListedCampaign>, Failure> {
        let mut listed: Vec<ListedCampaign> = self.read(|state| {
            let campaigns = state.campaigns.values();
            let of_school = campaigns.filter(|campaign| campaign.organization_id == organization);
            let listed = of_school.map(|campaign| ListedCampaign {
                campaign: campaign.clone(),
                owner_name: state.accounts[&campaign.owner].full_name(),
                participants: u32::try_from(state.participants_of(campaign).len()).unwrap(),
            });
            listed.collect()
        });
        listed.sort_by_key(|one| {
            let campaign = &one.campaign;
            (
                campaign.archived_at.is_some(),
                Reverse((campaign.created_at, campaign.id)),
            )
        });
        listed.truncate(limit as usize);
        Ok(listed)
    }

    async fn participants(&self, query: &ParticipantsQuery) -> Result<ParticipantsPage, Failure> {
        Ok(self.read(|state| {
            let found = state.campaigns.get(&query.campaign_id);
            let found = found.filter(|found| found.organization_id == query.organization_id);
            let mut all = found
                .map(|found| state.participants_of(found))
                .unwrap_or_default();
            all.sort_by_key(|(at, student)| (Reverse(*at), student.id));
            let total = u32::try_from(all.len()).unwrap();
            let is_there = |student: &Student| student.presence.is_present_on(query.on);
            let gone = all.iter().filter(|(_, student)| !is_there(student)).count();
            if query.present_only {
                all.retain(|(_, student)| is_there(student));
            }
            let page = all.into_iter().skip(query.offset as usize);
            let page = page.take(query.limit as usize);
            let participants = page.map(|(entered_at, student)| Participant {
                student_id: student.id,
                left_on: student.presence.left_on(query.on),
                last_name: student.last_name.clone(),
                first_name: student.first_name.clone(),
                division: student.division.clone(),
                entered_at,
            });
            ParticipantsPage {
                participants: participants.collect(),
                total,
                left: u32::try_from(gone).unwrap(),
            }
        }))
    }

    async fn has_entered(&self, campaign: CampaignId, pupil: PupilId) -> Result<bool, Failure> {
        Ok(self.read(|state| state.participations.contains_key(&(campaign, pupil))))
    }

    async fn entered_by(
        &self,
        pupil: PupilId,
        limit: u32,
    ) -> Result<Vec<EnteredCampaign>, Failure> {
        let mut entered: Vec<EnteredCampaign> = self.read(|state| {
            let of_pupil = state
                .participations
                .iter()
                .filter(|((_, who), _)| *who == pupil);
            let entered = of_pupil.map(|((campaign, _), at)| {
                let campaign = state.campaigns[campaign].clone();
                let school = &state.organizations[&campaign.organization_id].organization;
                EnteredCampaign {
                    school: school.name_in_full(),
                    campaign,
                    entered_at: *at,
                }
            });
            entered.collect()
        });
        entered.sort_by_key(|one| Reverse((one.entered_at, one.campaign.id)));
        entered.truncate(limit as usize);
        Ok(entered)
    }

    async fn record(&self, change: &CampaignChange) -> Result<(), CampaignRecordError> {
        self.write(|state| state.record_campaign(change))
    }

    async fn record_participation(&self, participation: &Participation) -> Result<(), Failure> {
        self.write(|state| state.enter(participation))
    }
}
