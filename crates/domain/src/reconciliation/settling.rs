//! What a school's members do with linking requests and links.

use std::sync::Arc;

use jiff::Timestamp;

use super::decision::Candidate;
use super::linking::{Hand, Linking, LinkingRefusal, StudentLink};
use super::requests::{
    LinkingRequest, REQUESTS_LISTED_MAX, RequestState, SeenIdentity, SeenRequest,
};
use super::store::{Among, Candidates, LinkRecordError, LinkingRequestStore, LinkingStore};
use crate::campaign::store::{CampaignStore, EnteredCampaign};
use crate::campaign::{CAMPAIGNS_LISTED_MAX, Participation};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::ids::{LinkingRequestId, PupilId, StudentId};
use crate::pupil::store::PupilStore;
use crate::refusal::Denied;
use crate::store::{Failure, deciding_again};
use crate::team::Member;

impl From<LinkRecordError> for Denied<LinkingRefusal> {
    fn from(error: LinkRecordError) -> Self {
        match error {
            LinkRecordError::Failure(failure) => Self::Failure(failure),
            _ => Self::Stale,
        }
    }
}

type Outcome<T> = Result<T, Denied<LinkingRefusal>>;

/// Links and requests of a school, for its members.
pub struct LinkingRequests {
    /// Where links live.
    pub links: Arc<dyn LinkingStore>,
    /// Where requests live.
    pub requests: Arc<dyn LinkingRequestStore>,
    /// Where pupils' accounts live.
    pub pupils: Arc<dyn PupilStore>,
    /// Where campaigns live.
    pub campaigns: Arc<dyn CampaignStore>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl LinkingRequests {
    /// The requests that wait, oldest first, [`REQUESTS_LISTED_MAX`] at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pending(&self, member: &Member) -> Result<Vec<SeenRequest>, Failure> {
        let school = member.organization_id();
        self.requests.pending(school, REQUESTS_LISTED_MAX).await
    }

    /// How many requests wait.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn count_pending(&self, member: &Member) -> Result<u32, Failure> {
        self.requests.count_pending(member.organization_id()).await
    }

    /// One request, whatever its state.
    ///
    /// # Errors
    /// `request_not_found`.
    pub async fn find(&self, member: &Member, request: LinkingRequestId) -> Outcome<SeenRequest> {
        let found = self
            .requests
            .find(member.organization_id(), request)
            .await?;
        Ok(found.ok_or(LinkingRefusal::RequestNotFound)?)
    }

    /// The link of a student, and whose account it is.
    ///
    /// # Errors
    /// `not_linked`.
    pub async fn link_of(
        &self,
        member: &Member,
        student: StudentId,
    ) -> Outcome<(StudentLink, SeenIdentity)> {
        let found = self
            .links
            .link_of_student(member.organization_id(), student)
            .await?;
        Ok(found.ok_or(LinkingRefusal::NotLinked)?)
    }

    /// The campaigns of the school that an account entered, last entered first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn campaigns_of(
        &self,
        member: &Member,
        pupil: PupilId,
    ) -> Result<Vec<EnteredCampaign>, Failure> {
        let school = member.organization_id();
        let entered = self
            .campaigns
            .entered_by(pupil, CAMPAIGNS_LISTED_MAX)
            .await?;
        Ok(entered
            .into_iter()
            .filter(|one| one.campaign.organization_id == school)
            .collect())
    }

    /// Links the pupil who asks to a present student of the school, near or not; they are in their campaign.
    ///
    /// # Errors
    /// `request_not_found`, `request_already_settled`, `student_not_found`, `already_linked`, `pupil_already_linked`.
    pub async fn approve(
        &self,
        member: &Member,
        request: LinkingRequestId,
        student: StudentId,
    ) -> Outcome<()> {
        deciding_again(|| async {
            let now = self.clock.now();
            let request = self.waiting(member, request).await?;
            let settlement = request.approve(member.account.id, student, now)?;
            let candidates = self.present(member, student).await?;
            let candidate = candidates.students.first();
            let candidate = candidate.ok_or(LinkingRefusal::StudentNotFound)?;
            if candidate.linked {
                return Err(LinkingRefusal::AlreadyLinked.into());
            }
            self.require_unlinked(&request).await?;
            let levels = self.levels(&request, candidate).await?;
            let linking = Linking::by_person(
                request.organization_id,
                request.pupil_id,
                student,
                candidates.roster,
                levels,
                Hand::of(member, self.chance.as_ref(), now),
            );
            let linking = Linking {
                participation: self.participation(&request, now).await?,
                settles: Some(settlement),
                ..linking
            };
            Ok(self.links.record_linking(&linking).await?)
        })
        .await
    }

    /// Moves a student's link to the account that asks: the same pupil, whose GAR identifier changed. Reversible for
    /// thirty days.
    ///
    /// # Errors
    /// `role_insufficient`, `request_not_found`, `request_already_settled`, `not_linked`, `pupil_already_linked`.
    pub async fn move_link(
        &self,
        administrator: &Member,
        request: LinkingRequestId,
        student: StudentId,
    ) -> Outcome<()> {
        administrator.require_administrator(LinkingRefusal::RoleInsufficient)?;
        deciding_again(|| async {
            let now = self.clock.now();
            let request = self.waiting(administrator, request).await?;
            let settlement = request.approve(administrator.account.id, student, now)?;
            self.require_unlinked(&request).await?;
            let (link, _) = self.link_of(administrator, student).await?;
            let hand = Hand::of(administrator, self.chance.as_ref(), now);
            let mut moved = link.move_to(request.pupil_id, hand)?;
            moved.settles = Some(settlement);
            moved.participation = self.participation(&request, now).await?;
            Ok(self.links.record_move(&moved).await?)
        })
        .await
    }

    /// Gives a moved link back to the account it came from.
    ///
    /// # Errors
    /// `role_insufficient`, `not_linked`, `move_expired`, `pupil_already_linked` when that account is linked to
    /// another student since.
    pub async fn move_back(&self, administrator: &Member, student: StudentId) -> Outcome<()> {
        administrator.require_administrator(LinkingRefusal::RoleInsufficient)?;
        deciding_again(|| async {
            let (link, _) = self.link_of(administrator, student).await?;
            let hand = Hand::of(administrator, self.chance.as_ref(), self.clock.now());
            let moved = link.move_back(hand)?;
            let school = administrator.organization_id();
            if self
                .links
                .link_of_pupil(school, moved.link.pupil_id)
                .await?
                .is_some()
            {
                return Err(LinkingRefusal::PupilAlreadyLinked.into());
            }
            Ok(self.links.record_move(&moved).await?)
        })
        .await
    }

    /// Refuses a request: the pupil is nobody's.
    ///
    /// # Errors
    /// `request_not_found`, `request_already_settled`.
    pub async fn refuse(&self, member: &Member, request: LinkingRequestId) -> Outcome<()> {
        deciding_again(|| async {
            let request = self.waiting(member, request).await?;
            let hand = Hand::of(member, self.chance.as_ref(), self.clock.now());
            let dismissal = request.refuse(member.account.id, hand)?;
            Ok(self.requests.record_dismissal(&dismissal).await?)
        })
        .await
    }

    /// Ends the link of a student, for a reason that the audit trail keeps.
    ///
    /// # Errors
    /// `role_insufficient`, `not_linked`, `reason_missing`, `reason_too_long`.
    pub async fn unlink(
        &self,
        administrator: &Member,
        student: StudentId,
        reason: &str,
    ) -> Outcome<()> {
        administrator.require_administrator(LinkingRefusal::RoleInsufficient)?;
        deciding_again(|| async {
            let (link, _) = self.link_of(administrator, student).await?;
            let hand = Hand::of(administrator, self.chance.as_ref(), self.clock.now());
            let unlinking = link.end(reason, hand)?;
            Ok(self.links.record_unlinking(&unlinking).await?)
        })
        .await
    }

    async fn waiting(&self, member: &Member, id: LinkingRequestId) -> Outcome<LinkingRequest> {
        let request = self.find(member, id).await?.request;
        if request.state == RequestState::Pending {
            Ok(request)
        } else {
            Err(LinkingRefusal::RequestAlreadySettled.into())
        }
    }

    async fn present(&self, member: &Member, student: StudentId) -> Outcome<Candidates> {
        let among = Among::Student(student);
        Ok(self
            .links
            .candidates(member.organization_id(), among)
            .await?)
    }

    async fn require_unlinked(&self, request: &LinkingRequest) -> Outcome<()> {
        let (school, pupil) = (request.organization_id, request.pupil_id);
        if self.links.link_of_pupil(school, pupil).await?.is_some() {
            return Err(LinkingRefusal::PupilAlreadyLinked.into());
        }
        Ok(())
    }

    /// What the evidence says of the student that a person chose, for the audit trail; empty for nothing.
    async fn levels(&self, request: &LinkingRequest, chosen: &Candidate) -> Outcome<String> {
        let Some(pupil) = self.pupils.find(request.pupil_id).await? else {
            return Ok(String::new());
        };
        let signed = &pupil.signed;
        let levels = chosen.levels(&signed.last_name, &signed.first_name, &signed.divisions);
        Ok(levels.code())
    }

    /// The campaign they wanted to enter, unless nobody enters it any more.
    async fn participation(
        &self,
        request: &LinkingRequest,
        now: Timestamp,
    ) -> Outcome<Option<Participation>> {
        let found = self
            .campaigns
            .find(request.organization_id, request.campaign_id)
            .await?;
        let open = found.filter(|campaign| campaign.archived_at.is_none());
        Ok(open.map(|campaign| Participation {
            campaign_id: campaign.id,
            pupil_id: request.pupil_id,
            entered_at: now,
        }))
    }
}
