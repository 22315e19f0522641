//! Memberships.

use pix_orga_domain::ids::{AccountId, OrganizationId};
use pix_orga_domain::store::Failure;
use pix_orga_domain::team::Membership;
use uuid::Uuid;

use crate::value::{address, instant, role};

/// A row of `memberships`.
pub struct MembershipRow {
    pub organization_id: Uuid,
    pub account_id: Uuid,
    pub role: String,
    pub joined_at: i64,
    pub invited_as: Option<String>,
}

impl MembershipRow {
    /// The membership.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<Membership, Failure> {
        let invited_as = |text: &str| address("memberships.invited_as", text);
        Ok(Membership {
            organization_id: OrganizationId(self.organization_id),
            account_id: AccountId(self.account_id),
            role: role("memberships.role", &self.role)?,
            joined_at: instant(self.joined_at)?,
            invited_as: self.invited_as.as_deref().map(invited_as).transpose()?,
        })
    }
}
