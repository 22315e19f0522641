//! Links between pupils' accounts and students, tries and requests.

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::ids::{LinkId, LinkingRequestId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::carried::LinkedElsewhere;
use pix_orga_domain::reconciliation::decision::Candidate;
use pix_orga_domain::reconciliation::linking::{LinkMove, Linking, StudentLink, Unlinking};
use pix_orga_domain::reconciliation::requests::{
    Asking, LinkingRequest, NearStudent, RequestDismissal, RequestState, SeenIdentity, SeenRequest,
    Settlement,
};
use pix_orga_domain::reconciliation::store::{
    Among, AskingRecordError, Candidates, LinkRecordError, LinkingRequestStore, LinkingStore,
};
use pix_orga_domain::reconciliation::tries::{Tries, Try};
use pix_orga_domain::roster::Student;
use pix_orga_domain::store::{Failure, RecordError};

use super::{MemoryStore, State};

mod forgetting;

/// A link, and when it ended.
#[derive(Clone)]
pub(super) struct Row {
    link: StudentLink,
    ended_at: Option<Timestamp>,
}

fn identity(pupil: &PupilAccount) -> SeenIdentity {
    SeenIdentity {
        pupil_id: pupil.id,
        last_name: pupil.signed.last_name.clone(),
        first_name: pupil.signed.first_name.clone(),
        divisions: pupil.signed.divisions.clone(),
        signed_in_at: pupil.signed_in_at,
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap()
}

impl State {
    fn links(&self) -> impl Iterator<Item = &StudentLink> {
        let holding = self.links.iter().filter(|row| row.ended_at.is_none());
        holding.map(|row| &row.link)
    }

    /// The link of an account in a school.
    pub(super) fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Option<StudentLink> {
        let mut links = self.links();
        links
            .find(|link| link.organization_id == organization && link.pupil_id == pupil)
            .copied()
    }

    /// The link of a student.
    pub(super) fn link_of_student(&self, student: StudentId) -> Option<StudentLink> {
        self.links()
            .find(|link| link.student_id == student)
            .copied()
    }

    /// Whether a pupil is linked in a school.
    pub(super) fn has_link(&self, organization: OrganizationId) -> bool {
        let mut links = self.links();
        links.any(|link| link.organization_id == organization)
    }

    /// Whether a waiting request names a student among its near candidates.
    pub(super) fn is_to_check(&self, student: StudentId) -> bool {
        let mut waiting = self
            .linking_requests
            .iter()
            .filter(|request| request.state == RequestState::Pending);
        waiting.any(|request| request.near.iter().any(|near| near.student_id == student))
    }

    fn candidate(&self, student: &Student) -> Candidate {
        Candidate {
            student_id: student.id,
            ine: student.ine.clone(),
            last_name: student.last_name.clone(),
            usage_name: student.usage_name.clone(),
            first_name: student.first_name.clone(),
            other_first_names: student.other_first_names.clone(),
            birthdate: student.birthdate,
            division: student.division.clone(),
            present: student.presence.is_present(),
            linked: self.link_of_student(student.id).is_some(),
        }
    }

    fn insert_link(&mut self, link: StudentLink) -> Result<(), LinkRecordError> {
        self.require_organization(link.organization_id)?;
        self.require_pupil(link.pupil_id)?;
        if self
            .student(link.organization_id, link.student_id)
            .is_none()
        {
            return Err(Failure::new("no such student").into());
        }
        if self.link_of_student(link.student_id).is_some() {
            return Err(LinkRecordError::StudentTaken);
        }
        if self
            .link_of_pupil(link.organization_id, link.pupil_id)
            .is_some()
        {
            return Err(LinkRecordError::PupilTaken);
        }
        self.links.push(Row {
            link,
            ended_at: None,
        });
        Ok(())
    }

    fn end_link(&mut self, id: LinkId, at: Timestamp) -> Result<(), LinkRecordError> {
        let mut rows = self.links.iter_mut();
        let row = rows.find(|row| row.link.id == id && row.ended_at.is_none());
        row.ok_or(LinkRecordError::Stale)?.ended_at = Some(at);
        Ok(())
    }

    fn try_once(&mut self, tried: &Try) -> Result<(), RecordError> {
        self.require_pupil(tried.pupil_id)?;
        self.require_organization(tried.organization_id)?;
        let mut made = self.pupil_attempts.iter();
        if made.any(|other| (other.pupil_id, other.rank) == (tried.pupil_id, tried.rank)) {
            return Err(RecordError::Stale);
        }
        self.pupil_attempts.push(*tried);
        Ok(())
    }

    fn settle_request(&mut self, settlement: &Settlement) -> Result<(), RecordError> {
        let mut requests = self.linking_requests.iter_mut();
        let waiting = requests
            .find(|request| request.id == settlement.request.id)
            .filter(|request| request.revision == settlement.expected);
        *waiting.ok_or(RecordError::Stale)? = settlement.request.clone();
        Ok(())
    }

    fn link(&mut self, linking: &Linking) -> Result<(), LinkRecordError> {
        let school = linking.link.organization_id;
        if self.roster(school).revision != linking.roster {
            return Err(LinkRecordError::Stale);
        }
        self.close_undoing(school);
        if let Some(settlement) = &linking.settles {
            self.settle_request(settlement)?;
        }
        if let Some(counted) = &linking.counted {
            self.try_once(counted)?;
        }
        self.insert_link(linking.link)?;
        if let Some(participation) = &linking.participation {
            self.enter(participation)?;
        }
        Ok(self.note(&linking.audit)?)
    }

    fn unlink(&mut self, unlinking: &Unlinking) -> Result<(), LinkRecordError> {
        self.close_undoing(unlinking.link.organization_id);
        self.end_link(unlinking.link.id, unlinking.at)?;
        Ok(self.note(&unlinking.audit)?)
    }

    fn move_link(&mut self, moved: &LinkMove) -> Result<(), LinkRecordError> {
        self.close_undoing(moved.link.organization_id);
        self.end_link(moved.former.id, moved.link.linked_at)?;
        if let Some(settlement) = &moved.settles {
            self.settle_request(settlement)?;
        }
        self.insert_link(moved.link)?;
        let entered: Vec<_> = self
            .participations
            .iter()
            .map(|(key, at)| (*key, *at))
            .collect();
        for ((campaign, pupil), at) in entered {
            let here = self.campaigns[&campaign].organization_id == moved.link.organization_id;
            if here && pupil == moved.former.pupil_id {
                self.participations.remove(&(campaign, pupil));
                let first = self
                    .participations
                    .entry((campaign, moved.link.pupil_id))
                    .or_insert(at);
                *first = at.min(*first);
            }
        }
        if let Some(participation) = &moved.participation {
            self.enter(participation)?;
        }
        Ok(self.note(&moved.audit)?)
    }

    fn ask(&mut self, asking: &Asking) -> Result<(), AskingRecordError> {
        let request = &asking.request;
        self.require_pupil(request.pupil_id)?;
        let known = self
            .linking_requests
            .iter()
            .position(|other| other.id == request.id);
        match (asking.expected, known) {
            (None, None) => {
                let waits = |other: &LinkingRequest| {
                    other.state == RequestState::Pending
                        && other.organization_id == request.organization_id
                        && other.pupil_id == request.pupil_id
                };
                if self.linking_requests.iter().any(waits) {
                    return Err(AskingRecordError::AlreadyPending);
                }
                self.linking_requests.push(request.clone());
            }
            (Some(expected), Some(place)) if self.linking_requests[place].revision == expected => {
                self.linking_requests[place] = request.clone();
            }
            (None, Some(_)) => return Err(Failure::new("request written twice").into()),
            (Some(_), _) => return Err(AskingRecordError::Stale),
        }
        Ok(self.note(&asking.audit)?)
    }

    /// A request without the students whom an undone import took away.
    fn stored(&self, request: &LinkingRequest) -> LinkingRequest {
        let mut request = request.clone();
        let school = request.organization_id;
        request
            .near
            .retain(|near| self.student(school, near.student_id).is_some());
        request
    }

    fn seen(&self, request: &LinkingRequest) -> SeenRequest {
        let request = self.stored(request);
        let near = request.near.iter().filter_map(|near| {
            let student = self.student(request.organization_id, near.student_id)?;
            let link = self.link_of_student(student.id);
            student.presence.is_present().then(|| NearStudent {
                near: *near,
                student: self.candidate(student),
                linked_to: link.map(|link| identity(&self.pupils[&link.pupil_id])),
            })
        });
        SeenRequest {
            near: near.collect(),
            pupil: identity(&self.pupils[&request.pupil_id]),
            campaign_title: self.campaigns[&request.campaign_id].texts.title.clone(),
            request,
        }
    }

    fn waiting(&self, organization: OrganizationId) -> Vec<&LinkingRequest> {
        let requests = self.linking_requests.iter();
        let waiting = requests.filter(|request| {
            request.organization_id == organization && request.state == RequestState::Pending
        });
        waiting.collect()
    }
}

#[async_trait]
impl LinkingStore for MemoryStore {
    async fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<StudentLink>, Failure> {
        Ok(self.read(|state| state.link_of_pupil(organization, pupil)))
    }

    async fn link_of_student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<(StudentLink, SeenIdentity)>, Failure> {
        Ok(self.read(|state| {
            let link = state.link_of_student(student);
            let link = link.filter(|link| link.organization_id == organization)?;
            Some((link, identity(&state.pupils[&link.pupil_id])))
        }))
    }

    async fn linked_elsewhere(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Vec<LinkedElsewhere>, Failure> {
        Ok(self.read(|state| {
            let links = state.links();
            let elsewhere =
                links.filter(|link| link.pupil_id == pupil && link.organization_id != organization);
            let students = elsewhere.filter_map(|link| {
                let student = state.student(link.organization_id, link.student_id)?;
                Some(LinkedElsewhere {
                    ine: student.ine.clone()?,
                    birthdate: student.birthdate,
                })
            });
            students.collect()
        }))
    }

    async fn candidates(
        &self,
        organization: OrganizationId,
        among: Among<'_>,
    ) -> Result<Candidates, Failure> {
        Ok(self.read(|state| {
            let roster = state.roster(organization);
            let asked = |student: &&Student| match among {
                Among::Born(dates) => dates.contains(&student.birthdate),
                Among::WithIne(numbers) => student
                    .ine
                    .as_ref()
                    .is_some_and(|ine| numbers.contains(ine)),
                Among::Student(id) => student.id == id,
            };
            Candidates {
                roster: roster.revision,
                students: roster
                    .present()
                    .filter(asked)
                    .map(|student| state.candidate(student))
                    .collect(),
            }
        }))
    }

    async fn tries(&self, pupil: PupilId, day_began: Timestamp) -> Result<Tries, Failure> {
        Ok(self.read(|state| {
            let own = || {
                state
                    .pupil_attempts
                    .iter()
                    .filter(|tried| tried.pupil_id == pupil)
            };
            let missed = || own().filter(|tried| tried.missed);
            Tries {
                made: number(own().count()),
                missed: number(missed().count()),
                missed_today: number(missed().filter(|tried| tried.at >= day_began).count()),
            }
        }))
    }

    async fn misses(&self, organization: OrganizationId, since: Timestamp) -> Result<u32, Failure> {
        Ok(self.read(|state| {
            let here = state.pupil_attempts.iter().filter(|tried| {
                tried.organization_id == organization && tried.missed && tried.at >= since
            });
            number(here.count())
        }))
    }

    async fn record_miss(&self, missed: &Try) -> Result<(), RecordError> {
        self.write(|state| state.try_once(missed))
    }

    async fn record_linking(&self, linking: &Linking) -> Result<(), LinkRecordError> {
        self.write(|state| state.link(linking))
    }

    async fn record_unlinking(&self, unlinking: &Unlinking) -> Result<(), LinkRecordError> {
        self.write(|state| state.unlink(unlinking))
    }

    async fn record_move(&self, moved: &LinkMove) -> Result<(), LinkRecordError> {
        self.write(|state| state.move_link(moved))
    }
}

#[async_trait]
impl LinkingRequestStore for MemoryStore {
    async fn pending(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<SeenRequest>, Failure> {
        Ok(self.read(|state| {
            let mut waiting = state.waiting(organization);
            waiting.sort_by_key(|request| (request.asked_at, request.id));
            waiting.truncate(limit as usize);
            waiting
                .into_iter()
                .map(|request| state.seen(request))
                .collect()
        }))
    }

    async fn count_pending(&self, organization: OrganizationId) -> Result<u32, Failure> {
        Ok(self.read(|state| number(state.waiting(organization).len())))
    }

    async fn find(
        &self,
        organization: OrganizationId,
        request: LinkingRequestId,
    ) -> Result<Option<SeenRequest>, Failure> {
        Ok(self.read(|state| {
            let mut requests = state.linking_requests.iter();
            let found =
                requests.find(|found| found.id == request && found.organization_id == organization);
            found.map(|found| state.seen(found))
        }))
    }

    async fn last_of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<LinkingRequest>, Failure> {
        Ok(self.read(|state| {
            let own = state.linking_requests.iter().filter(|request| {
                request.organization_id == organization && request.pupil_id == pupil
            });
            let last = own.max_by_key(|request| {
                let waits = request.state == RequestState::Pending;
                (waits, request.asked_at, request.id)
            });
            last.map(|request| state.stored(request))
        }))
    }

    async fn record_asking(&self, asking: &Asking) -> Result<(), AskingRecordError> {
        self.write(|state| state.ask(asking))
    }

    async fn record_dismissal(&self, dismissal: &RequestDismissal) -> Result<(), RecordError> {
        self.write(|state| {
            let school = dismissal.settlement.request.organization_id;
            state.close_undoing(school);
            state.settle_request(&dismissal.settlement)?;
            Ok(state.note(&dismissal.audit)?)
        })
    }
}
