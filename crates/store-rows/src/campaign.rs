//! Campaigns.

use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::campaign::{Campaign, CampaignTexts, Destination};
use pix_orga_domain::ids::{AccountId, CampaignId, OrganizationId};
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::value::{instant, some_instant, unreadable};

/// A row of `campaigns`.
pub struct CampaignRow {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub owner_id: Uuid,
    pub title: String,
    pub introduction: Option<String>,
    pub destination: Option<String>,
    pub code: String,
    pub archived_at: Option<i64>,
    pub created_at: i64,
    pub revision: i64,
}

impl CampaignRow {
    /// The campaign.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<Campaign, Failure> {
        let destination =
            |text: &str| Destination::parse(text).map_err(|_| unreadable("campaigns.destination"));
        let code = CampaignCode::parse(&self.code);
        Ok(Campaign {
            id: CampaignId(self.id),
            organization_id: OrganizationId(self.organization_id),
            owner: AccountId(self.owner_id),
            texts: CampaignTexts {
                title: self.title,
                introduction: self.introduction,
                destination: self.destination.as_deref().map(destination).transpose()?,
            },
            code: code.map_err(|_| unreadable("campaigns.code"))?,
            archived_at: some_instant(self.archived_at)?,
            created_at: instant(self.created_at)?,
            revision: Revision(self.revision),
        })
    }
}
