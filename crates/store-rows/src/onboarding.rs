//! How far schools came.

use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::organization::{AddressTrust, OfficialAddress, Organization};
use uuid::Uuid;

/// What the other subjects' tables say of a school.
#[expect(clippy::struct_excessive_bools, reason = "independent facts")]
pub struct Progress {
    pub id: Uuid,
    pub invited: bool,
    pub invitation_failed: bool,
    pub people: i64,
    pub terms_accepted: bool,
    pub roster_imported: bool,
    pub campaign_created: bool,
    pub first_pupil_linked: bool,
}

/// The facts of a school.
pub fn facts(school: &Organization, progress: Option<&Progress>) -> OnboardingFacts {
    let people = progress.map_or(0, |progress| progress.people);
    OnboardingFacts {
        address_to_confirm: matches!(
            school.address,
            OfficialAddress::Missing | OfficialAddress::Known(_, AddressTrust::ToConfirm)
        ),
        invited: progress.is_some_and(|progress| progress.invited),
        invitation_failed: progress.is_some_and(|progress| progress.invitation_failed),
        joined: people > 0,
        terms_accepted: progress.is_some_and(|progress| progress.terms_accepted),
        roster_imported: progress.is_some_and(|progress| progress.roster_imported),
        campaign_created: progress.is_some_and(|progress| progress.campaign_created),
        first_pupil_linked: progress.is_some_and(|progress| progress.first_pupil_linked),
        team_ready: people > 1 || school.works_alone_since.is_some(),
        closed: school.closed_at.is_some(),
    }
}
