//! How far a school came: independent facts, of which lists show the furthest.

use serde::Serialize;

/// What is true of a school now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are independent facts, not a state"
)]
pub struct OnboardingFacts {
    /// Its official address waits for an operator's word, or is missing.
    pub address_to_confirm: bool,
    /// An establishment invitation was sent.
    pub invited: bool,
    /// The last mail of its last establishment invitation finally failed.
    pub invitation_failed: bool,
    /// Somebody is in the space.
    pub joined: bool,
    /// A member accepted Pix Orga's terms.
    pub terms_accepted: bool,
    /// A roster is loaded (an undone first import does not count).
    pub roster_imported: bool,
    /// A campaign exists.
    pub campaign_created: bool,
    /// A pupil is linked.
    pub first_pupil_linked: bool,
    /// A second person has joined, or an administrator works alone for now.
    pub team_ready: bool,
    /// The school is closed.
    pub closed: bool,
}

/// The furthest of the facts, as lists show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OnboardingState {
    /// Known, nothing more.
    Provisioned,
    /// Waits for an operator's word on its address.
    AddressToConfirm,
    /// Its link was sent.
    Invited,
    /// Its mail could not be delivered.
    InvitationFailed,
    /// Somebody is in.
    Joined,
    /// Terms accepted.
    TermsAccepted,
    /// Roster loaded.
    RosterImported,
    /// A first pupil is linked.
    FirstPupilLinked,
    /// Somebody shares the work, or chose to work alone.
    TeamReady,
    /// Closed.
    Closed,
}

impl OnboardingFacts {
    /// The furthest fact.
    pub fn furthest(&self) -> OnboardingState {
        let from_furthest = [
            (self.closed, OnboardingState::Closed),
            (
                self.team_ready && self.first_pupil_linked && self.roster_imported,
                OnboardingState::TeamReady,
            ),
            (self.first_pupil_linked, OnboardingState::FirstPupilLinked),
            (self.roster_imported, OnboardingState::RosterImported),
            (self.terms_accepted, OnboardingState::TermsAccepted),
            (self.joined, OnboardingState::Joined),
            (self.invitation_failed, OnboardingState::InvitationFailed),
            (self.invited, OnboardingState::Invited),
            (self.address_to_confirm, OnboardingState::AddressToConfirm),
        ];
        from_furthest
            .into_iter()
            .find_map(|(holds, state)| holds.then_some(state))
            .unwrap_or(OnboardingState::Provisioned)
    }
}
