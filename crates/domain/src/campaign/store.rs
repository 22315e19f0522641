//! The port of campaigns.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::code::CampaignCode;
use super::{Campaign, CampaignChange, Participant, Participation};
use crate::ids::{CampaignId, OrganizationId, PupilId};
use crate::outbox::SchoolName;
use crate::store::{Failure, MaybeStale};

/// Why a campaign was not written.
#[derive(Debug, thiserror::Error)]
pub enum CampaignRecordError {
    /// Somebody else wrote it first.
    #[error("stale")]
    Stale,
    /// Another campaign has this code (constraint `campaigns_code`): draw another.
    #[error("code taken")]
    CodeTaken,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for CampaignRecordError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale | Self::CodeTaken)
    }
}

/// A campaign in its school's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCampaign {
    /// The campaign.
    pub campaign: Campaign,
    /// First and family name of its owner.
    pub owner_name: String,
    /// Pupils linked in the school who entered.
    pub participants: u32,
}

/// Which participants of a campaign are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParticipantsQuery {
    /// The school.
    pub organization_id: OrganizationId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// The day that says who left.
    pub on: Date,
    /// Only those who are present that day.
    pub present_only: bool,
    /// Participants to skip.
    pub offset: u32,
    /// Participants to give.
    pub limit: u32,
}

/// A page of participants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParticipantsPage {
    /// Last to enter first.
    pub participants: Vec<Participant>,
    /// On all the pages, whether they left or not.
    pub total: u32,
    /// Of which left.
    pub left: u32,
}

impl ParticipantsPage {
    /// On all the pages of what was asked.
    pub const fn asked(&self, present_only: bool) -> u32 {
        if present_only {
            self.total.saturating_sub(self.left)
        } else {
            self.total
        }
    }
}

/// A campaign a pupil entered, as their own page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnteredCampaign {
    /// The campaign.
    pub campaign: Campaign,
    /// Its school.
    pub school: SchoolName,
    /// When they entered.
    pub entered_at: Timestamp,
}

/// Keeps campaigns and who entered.
#[async_trait]
pub trait CampaignStore: Send + Sync {
    /// A campaign of a school.
    async fn find(
        &self,
        organization: OrganizationId,
        campaign: CampaignId,
    ) -> Result<Option<Campaign>, Failure>;
    /// The campaign of a code, whatever its school.
    async fn find_by_code(&self, code: CampaignCode) -> Result<Option<Campaign>, Failure>;
    /// The campaigns of a school: open ones first, then newest first, `limit` at most.
    async fn list(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<ListedCampaign>, Failure>;
    /// Who entered a campaign of a school and is linked there, last to enter first.
    async fn participants(&self, query: &ParticipantsQuery) -> Result<ParticipantsPage, Failure>;
    /// Whether an account entered a campaign.
    async fn has_entered(&self, campaign: CampaignId, pupil: PupilId) -> Result<bool, Failure>;
    /// The campaigns a pupil entered, last entered first, `limit` at most.
    async fn entered_by(&self, pupil: PupilId, limit: u32)
    -> Result<Vec<EnteredCampaign>, Failure>;
    /// Writes a campaign and its audit entry, or nothing.
    async fn record(&self, change: &CampaignChange) -> Result<(), CampaignRecordError>;
    /// Writes that a linked pupil entered. One who entered before keeps their first time.
    async fn record_participation(&self, participation: &Participation) -> Result<(), Failure>;
}
