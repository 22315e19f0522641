//! What a signed-in pupil sees of what they did.

use super::decision::Candidate;
use super::store::Among;
use super::use_cases::Reconciliation;
use crate::campaign::CAMPAIGNS_LISTED_MAX;
use crate::campaign::store::EnteredCampaign;
use crate::clock::day_in_paris;
use crate::ids::{OrganizationId, StudentId};
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
        let student = self.present(school, link.student_id).await?;
        Ok(student.map(|student| student.division))
    }

    /// A student of a school, unless they left.
    pub(super) async fn present(
        &self,
        school: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Candidate>, Failure> {
        let (among, today) = (Among::Student(student), day_in_paris(self.clock.now()));
        let found = self.links.candidates(school, among, today).await?;
        Ok(found.students.into_iter().next())
    }
}
