//! What a signed-in pupil sees of what they did.

use super::store::Among;
use super::use_cases::Reconciliation;
use crate::campaign::CAMPAIGNS_LISTED_MAX;
use crate::campaign::store::EnteredCampaign;
use crate::ids::OrganizationId;
use crate::pupil::PupilAccount;
use crate::store::Failure;

impl Reconciliation {
    /// The campaigns they entered, in every school, last entered first, [`CAMPAIGNS_LISTED_MAX`] at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn entered(&self, pupil: &PupilAccount) -> Result<Vec<EnteredCampaign>, Failure> {
        self.campaigns
            .entered_by(pupil.id, CAMPAIGNS_LISTED_MAX)
            .await
    }

    /// Their class in a school where they are linked, as its roster says now; nothing when they are not linked there,
    /// or left.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn class_in(
        &self,
        pupil: &PupilAccount,
        school: OrganizationId,
    ) -> Result<Option<String>, Failure> {
        let Some(link) = self.links.link_of_pupil(school, pupil.id).await? else {
            return Ok(None);
        };
        let among = Among::Student(link.student_id);
        let present = self.links.candidates(school, among).await?;
        Ok(present
            .students
            .into_iter()
            .next()
            .map(|student| student.division))
    }
}
