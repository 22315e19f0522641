//! Linking requests, and which students those that wait name.

use std::collections::HashMap;

use async_trait::async_trait;
use pix_orga_domain::ids::{LinkingRequestId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::reconciliation::judging::Judging;
use pix_orga_domain::reconciliation::requests::{
    Asking, LinkingRequest, RequestDismissal, RequestRecord, RequestState, Settlement,
};
use pix_orga_domain::reconciliation::store::{AskingRecordError, LinkingRequestStore};
use pix_orga_domain::store::{Failure, RecordError, Revision};

use super::{identity, number};
use crate::memory::{MemoryStore, State};

/// Requests, and the students that each names.
#[derive(Clone, Default)]
pub(in crate::memory) struct Requests {
    all: Vec<LinkingRequest>,
    named: HashMap<LinkingRequestId, Named>,
}

/// The students that a request names, judged on a roster.
#[derive(Clone)]
struct Named {
    judged_on: Revision,
    students: Vec<StudentId>,
}

impl Requests {
    fn waiting(&self) -> impl Iterator<Item = &LinkingRequest> {
        let all = self.all.iter();
        all.filter(|request| request.state == RequestState::Pending)
    }

    /// Every request of an account in a school, whatever its state.
    pub(in crate::memory) fn of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> impl Iterator<Item = &LinkingRequest> {
        let all = self.all.iter();
        all.filter(move |one| (one.organization_id, one.pupil_id) == (organization, pupil))
    }

    /// Keeps the requests that a condition keeps, with what they name.
    pub(super) fn retain(&mut self, keep: impl Fn(&LinkingRequest) -> bool) {
        self.all.retain(keep);
        let kept = &self.all;
        self.named
            .retain(|id, _| kept.iter().any(|request| request.id == *id));
    }

    /// Forgets a student whom requests name.
    pub(super) fn forget_student(&mut self, student: StudentId) {
        for named in self.named.values_mut() {
            named.students.retain(|one| *one != student);
        }
    }
}

impl State {
    /// Whether a waiting request names a student.
    pub(in crate::memory) fn is_to_check(&self, student: StudentId) -> bool {
        let requests = &self.linking_requests;
        let mut named = requests
            .waiting()
            .filter_map(|request| requests.named.get(&request.id));
        named.any(|named| named.students.contains(&student))
    }

    /// Whether a request of an account waits in a school.
    pub(super) fn waits(&self, organization: OrganizationId, pupil: PupilId) -> bool {
        let mut own = self.linking_requests.of(organization, pupil);
        own.any(|request| request.state == RequestState::Pending)
    }

    pub(super) fn settle_request(&mut self, settlement: &Settlement) -> Result<(), RecordError> {
        let mut requests = self.linking_requests.all.iter_mut();
        let waiting = requests
            .find(|request| request.id == settlement.request.id)
            .filter(|request| request.revision == settlement.expected);
        *waiting.ok_or(RecordError::Stale)? = settlement.request.clone();
        Ok(())
    }

    fn ask(&mut self, asking: &Asking) -> Result<(), AskingRecordError> {
        let request = &asking.request;
        let (school, pupil) = (request.organization_id, request.pupil_id);
        self.require_pupil(pupil)?;
        let all = &self.linking_requests.all;
        let known = all.iter().position(|other| other.id == request.id);
        match (asking.expected, known) {
            (None, None) => {
                if self.waits(school, pupil) {
                    return Err(AskingRecordError::AlreadyPending);
                }
                if self.link_of_pupil(school, pupil).is_some() {
                    return Err(AskingRecordError::Stale);
                }
                self.linking_requests.all.push(request.clone());
            }
            (Some(expected), Some(place)) if all[place].revision == expected => {
                self.linking_requests.all[place] = request.clone();
            }
            (None, Some(_)) => return Err(Failure::new("request written twice").into()),
            (Some(_), _) => return Err(AskingRecordError::Stale),
        }
        self.name_students(school, request.id, asking.roster, &asking.students);
        Ok(self.note(&asking.audit)?)
    }

    /// Students whom an undone import took away are left out.
    fn name_students(
        &mut self,
        school: OrganizationId,
        request: LinkingRequestId,
        judged_on: Revision,
        students: &[StudentId],
    ) {
        let there = students.iter().copied();
        let students = there.filter(|student| self.student(school, *student).is_some());
        let named = Named {
            judged_on,
            students: students.collect(),
        };
        self.linking_requests.named.insert(request, named);
    }

    fn judge(&mut self, judging: &Judging) -> Result<(), RecordError> {
        let school = judging.organization_id;
        if self.roster(school).revision != judging.roster {
            return Err(RecordError::Stale);
        }
        for judged in &judging.requests {
            let mut waiting = self.waiting(school).into_iter();
            let as_judged = (judged.id, judged.revision);
            let waits = waiting.any(|one| (one.id, one.revision) == as_judged);
            drop(waiting);
            if waits {
                self.name_students(school, judged.id, judging.roster, &judged.students);
            }
        }
        Ok(())
    }

    /// Whether a request was judged on the roster as it is.
    fn is_judged(&self, request: &LinkingRequest) -> bool {
        let roster = self.rosters.get(&request.organization_id);
        let named = self.linking_requests.named.get(&request.id);
        roster.is_none_or(|roster| named.is_some_and(|named| named.judged_on == roster.revision))
    }

    fn seen(&self, request: &LinkingRequest) -> RequestRecord {
        let campaign = &self.campaigns[&request.campaign_id];
        RequestRecord {
            pupil: identity(&self.pupils[&request.pupil_id]),
            campaign_title: campaign.texts.title.clone(),
            campaign_archived: campaign.archived_at.is_some(),
            request: request.clone(),
        }
    }

    /// The waiting requests of a school, oldest first.
    fn waiting(&self, organization: OrganizationId) -> Vec<&LinkingRequest> {
        let waiting = self.linking_requests.waiting();
        let mut waiting: Vec<_> = waiting
            .filter(|request| request.organization_id == organization)
            .collect();
        waiting.sort_by_key(|request| (request.asked_at, request.id));
        waiting
    }
}

#[async_trait]
impl LinkingRequestStore for MemoryStore {
    async fn pending(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, Failure> {
        Ok(self.read(|state| {
            let waiting = state.waiting(organization).into_iter();
            let shown = waiting.take(limit as usize);
            shown.map(|request| state.seen(request)).collect()
        }))
    }

    async fn count_pending(&self, organization: OrganizationId) -> Result<u32, Failure> {
        Ok(self.read(|state| number(state.waiting(organization).len())))
    }

    async fn find(
        &self,
        organization: OrganizationId,
        request: LinkingRequestId,
    ) -> Result<Option<RequestRecord>, Failure> {
        Ok(self.read(|state| {
            let mut requests = state.linking_requests.all.iter();
            let found =
                requests.find(|one| one.id == request && one.organization_id == organization)?;
            Some(state.seen(found))
        }))
    }

    async fn last_of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<LinkingRequest>, Failure> {
        Ok(self.read(|state| {
            let own = state.linking_requests.of(organization, pupil);
            let last = own.max_by_key(|request| {
                let waits = request.state == RequestState::Pending;
                (waits, request.asked_at, request.id)
            });
            last.cloned()
        }))
    }

    async fn schools_to_judge(
        &self,
        after: Option<OrganizationId>,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, Failure> {
        Ok(self.read(|state| {
            let waiting = state.linking_requests.waiting();
            let mut schools: Vec<_> = waiting
                .filter(|request| !state.is_judged(request))
                .map(|request| request.organization_id)
                .filter(|school| after.is_none_or(|after| *school > after))
                .collect();
            schools.sort_unstable();
            schools.dedup();
            schools.truncate(limit as usize);
            schools
        }))
    }

    async fn to_judge(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, Failure> {
        Ok(self.read(|state| {
            let waiting = state.waiting(organization).into_iter();
            let moved = waiting.filter(|request| !state.is_judged(request));
            let some = moved.take(limit as usize);
            some.map(|request| state.seen(request)).collect()
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

    async fn record_judging(&self, judging: &Judging) -> Result<(), RecordError> {
        self.write(|state| state.judge(judging))
    }
}
