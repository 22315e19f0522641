//! What a school's members do with campaigns.

use std::sync::Arc;

use jiff::Timestamp;

use super::store::{
    CampaignRecordError, CampaignStore, ListedCampaign, ParticipantsPage, ParticipantsQuery,
};
use super::{
    CAMPAIGNS_LISTED_MAX, Campaign, CampaignChange, CampaignForm, CampaignRefusal,
    PARTICIPANTS_PER_PAGE,
};
use crate::chance::Chance;
use crate::clock::{Clock, day_in_paris};
use crate::ids::CampaignId;
use crate::refusal::Denied;
use crate::store::{Failure, deciding_again};
use crate::team::Member;

type Outcome<T> = Result<T, Denied<CampaignRefusal>>;

/// Why a form was not taken.
#[derive(Debug, thiserror::Error)]
pub enum FormDenied {
    /// These fields are wrong, in the order of the form.
    #[error("fields refused: {0:?}")]
    Fields(Vec<CampaignRefusal>),
    /// The rest.
    #[error(transparent)]
    Denied(#[from] Denied<CampaignRefusal>),
}

impl From<CampaignRecordError> for Denied<CampaignRefusal> {
    fn from(error: CampaignRecordError) -> Self {
        match error {
            CampaignRecordError::Stale | CampaignRecordError::CodeTaken => Self::Stale,
            CampaignRecordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// Campaigns of a school, for its members.
pub struct Campaigns {
    /// Where campaigns live.
    pub store: Arc<dyn CampaignStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl Campaigns {
    /// The school's campaigns: open ones first, then newest first, [`CAMPAIGNS_LISTED_MAX`] at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self, member: &Member) -> Result<Vec<ListedCampaign>, Failure> {
        let school = member.organization_id();
        self.store.list(school, CAMPAIGNS_LISTED_MAX).await
    }

    /// One campaign of the school.
    ///
    /// # Errors
    /// `campaign_not_found`.
    pub async fn find(&self, member: &Member, campaign: CampaignId) -> Outcome<Campaign> {
        let found = self.store.find(member.organization_id(), campaign).await?;
        Ok(found.ok_or(CampaignRefusal::NotFound)?)
    }

    /// Who entered, page by page from 1; with `present_only`, without those who left.
    ///
    /// # Errors
    /// When the store fails. A campaign of another school has no participant.
    pub async fn participants(
        &self,
        member: &Member,
        campaign: CampaignId,
        page: u32,
        present_only: bool,
    ) -> Result<ParticipantsPage, Failure> {
        let query = ParticipantsQuery {
            organization_id: member.organization_id(),
            campaign_id: campaign,
            on: day_in_paris(self.clock.now()),
            present_only,
            offset: page.saturating_sub(1).saturating_mul(PARTICIPANTS_PER_PAGE),
            limit: PARTICIPANTS_PER_PAGE,
        };
        self.store.participants(&query).await
    }

    /// Creates a campaign and gives it back, with its code.
    ///
    /// # Errors
    /// The faults of the form.
    pub async fn create(
        &self,
        member: &Member,
        form: &CampaignForm,
    ) -> Result<Campaign, FormDenied> {
        let texts = form.check().map_err(FormDenied::Fields)?;
        let created = deciding_again(|| async {
            let now = self.clock.now();
            let change = Campaign::create(member, texts.clone(), self.chance.as_ref(), now);
            self.store.record(&change).await?;
            Ok(change.campaign)
        })
        .await;
        created.map_err(FormDenied::Denied)
    }

    /// Changes its texts. Who may not is told so first: nobody corrects a form for nothing.
    ///
    /// # Errors
    /// `campaign_not_found`, `role_insufficient`, `campaign_archived`; the faults of the form.
    pub async fn edit(
        &self,
        member: &Member,
        campaign: CampaignId,
        form: &CampaignForm,
    ) -> Result<(), FormDenied> {
        let found = self.find(member, campaign).await;
        let found = found.map_err(FormDenied::Denied)?;
        let editable = found.require_editable(member);
        editable.map_err(|refusal| FormDenied::Denied(refusal.into()))?;
        let texts = form.check().map_err(FormDenied::Fields)?;
        let edited = self
            .change(member, campaign, |found, now| {
                found.edit(member, texts.clone(), self.chance.as_ref(), now)
            })
            .await;
        edited.map_err(FormDenied::Denied)
    }

    /// Lets nobody enter any more.
    ///
    /// # Errors
    /// `campaign_not_found`, `role_insufficient`.
    pub async fn archive(&self, member: &Member, campaign: CampaignId) -> Outcome<()> {
        self.change(member, campaign, |found, now| {
            found.archive(member, self.chance.as_ref(), now)
        })
        .await
    }

    /// Lets pupils enter again.
    ///
    /// # Errors
    /// `campaign_not_found`, `role_insufficient`.
    pub async fn reopen(&self, member: &Member, campaign: CampaignId) -> Outcome<()> {
        self.change(member, campaign, |found, now| {
            found.reopen(member, self.chance.as_ref(), now)
        })
        .await
    }

    async fn change(
        &self,
        member: &Member,
        campaign: CampaignId,
        decide: impl Fn(&Campaign, Timestamp) -> Result<Option<CampaignChange>, CampaignRefusal>
        + Send
        + Sync,
    ) -> Outcome<()> {
        deciding_again(|| async {
            let found = self.find(member, campaign).await?;
            if let Some(change) = decide(&found, self.clock.now())? {
                self.store.record(&change).await?;
            }
            Ok(())
        })
        .await
    }
}
