//! What a school's members do with linking requests and links. What they see of them is in [`super::looking`].

use std::sync::Arc;

use jiff::Timestamp;

use super::decision::Candidate;
use super::linking::{Hand, Linking, LinkingRefusal};
use super::requests::{LinkingRequest, RequestState};
use super::store::{Among, Candidates, LinkRecordError, LinkingRequestStore, LinkingStore};
use crate::campaign::Participation;
use crate::campaign::store::CampaignStore;
use crate::chance::Chance;
use crate::clock::{Clock, day_in_paris};
use crate::ids::{LinkingRequestId, StudentId};
use crate::pupil::store::PupilStore;
use crate::refusal::Denied;
use crate::store::deciding_again;
use crate::team::Member;

impl From<LinkRecordError> for Denied<LinkingRefusal> {
    fn from(error: LinkRecordError) -> Self {
        match error {
            LinkRecordError::Failure(failure) => Self::Failure(failure),
            _ => Self::Stale,
        }
    }
}

pub(super) type Outcome<T> = Result<T, Denied<LinkingRefusal>>;

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
    /// `role_insufficient`, `request_not_found`, `request_already_settled`, `not_linked`, `pupil_already_linked`;
    /// `student_not_found` when the student left.
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
            if self
                .present(administrator, student)
                .await?
                .students
                .is_empty()
            {
                return Err(LinkingRefusal::StudentNotFound.into());
            }
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
            let now = self.clock.now();
            let hand = Hand::of(administrator, self.chance.as_ref(), now);
            let mut moved = link.move_back(hand)?;
            let (school, former) = (administrator.organization_id(), moved.link.pupil_id);
            if self.links.link_of_pupil(school, former).await?.is_some() {
                return Err(LinkingRefusal::PupilAlreadyLinked.into());
            }
            let last = self.requests.last_of(school, former).await?;
            moved.settles = last.and_then(|request| request.overtaken(now));
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
        let found = self.requests.find(member.organization_id(), id).await?;
        let request = found.ok_or(LinkingRefusal::RequestNotFound)?.request;
        if request.state == RequestState::Pending {
            Ok(request)
        } else {
            Err(LinkingRefusal::RequestAlreadySettled.into())
        }
    }

    async fn present(&self, member: &Member, student: StudentId) -> Outcome<Candidates> {
        let (among, today) = (Among::Student(student), day_in_paris(self.clock.now()));
        let school = member.organization_id();
        Ok(self.links.candidates(school, among, today).await?)
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
