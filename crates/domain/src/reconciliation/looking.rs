//! What a school's members see of linking requests and links. Requests are judged each time they are looked at.

use std::collections::HashMap;

use super::decision::{Candidate, Near};
use super::judging::{Evidence, days_to_read, near_of};
use super::linking::{LinkingRefusal, StudentLink};
use super::requests::{NearStudent, REQUESTS_LISTED_MAX, RequestRecord, SeenIdentity, SeenRequest};
use super::settling::{LinkingRequests, Outcome};
use super::store::Among;
use crate::campaign::CAMPAIGNS_LISTED_MAX;
use crate::campaign::store::EnteredCampaign;
use crate::clock::day_in_paris;
use crate::ids::{LinkingRequestId, OrganizationId, PupilId, StudentId};
use crate::store::Failure;
use crate::team::Member;

impl LinkingRequests {
    /// The requests that wait, oldest first, [`REQUESTS_LISTED_MAX`] at most.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn pending(&self, member: &Member) -> Result<Vec<SeenRequest>, Failure> {
        let school = member.organization_id();
        let waiting = self.requests.pending(school, REQUESTS_LISTED_MAX).await?;
        self.judged(school, waiting).await
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
        let school = member.organization_id();
        let found = self.requests.find(school, request).await?;
        let found = found.ok_or(LinkingRefusal::RequestNotFound)?;
        let mut judged = self.judged(school, vec![found]).await?;
        Ok(judged.pop().ok_or(LinkingRefusal::RequestNotFound)?)
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

    /// Requests of a school with the students who may be each pupil now. The students of all of them are one reading,
    /// the accounts that are linked to some of them another.
    pub(super) async fn judged(
        &self,
        school: OrganizationId,
        requests: Vec<RequestRecord>,
    ) -> Result<Vec<SeenRequest>, Failure> {
        let claims: Vec<_> = requests.iter().map(RequestRecord::claim).collect();
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let days = days_to_read(&claims);
        let today = day_in_paris(self.clock.now());
        let among = Among::Born(&days);
        let candidates = self.links.candidates(school, among, today).await?;
        let evidence = Evidence::among(&candidates.students);
        let near: Vec<Vec<Near>> = claims
            .iter()
            .map(|claim| near_of(evidence.decide(claim)))
            .collect();
        let bench = Bench {
            students: candidates
                .students
                .iter()
                .map(|student| (student.student_id, student))
                .collect(),
            linked: self.linked(school, near.iter().flatten()).await?,
        };
        let seen = requests.into_iter().zip(near);
        Ok(seen
            .map(|(asked, near)| SeenRequest {
                asked,
                near: near
                    .into_iter()
                    .filter_map(|near| bench.shown(near))
                    .collect(),
            })
            .collect())
    }

    /// The links of those who have one.
    async fn linked(
        &self,
        school: OrganizationId,
        near: impl Iterator<Item = &Near> + Send,
    ) -> Result<HashMap<StudentId, (StudentLink, SeenIdentity)>, Failure> {
        let linked = near.filter(|near| near.already_linked);
        let mut students: Vec<_> = linked.map(|near| near.student_id).collect();
        students.sort_unstable();
        students.dedup();
        if students.is_empty() {
            return Ok(HashMap::new());
        }
        let links = self.links.links_of_students(school, &students).await?;
        let by_student = links.into_iter().map(|held| (held.0.student_id, held));
        Ok(by_student.collect())
    }
}

/// Whom requests are judged on.
struct Bench<'a> {
    students: HashMap<StudentId, &'a Candidate>,
    linked: HashMap<StudentId, (StudentLink, SeenIdentity)>,
}

impl Bench<'_> {
    /// A student as the person who settles sees them. One whose link was ended in between is linked no more.
    fn shown(&self, near: Near) -> Option<NearStudent> {
        let student = *self.students.get(&near.student_id)?;
        let linked_to = self.linked.get(&near.student_id).cloned();
        Some(NearStudent {
            near: Near {
                already_linked: linked_to.is_some(),
                ..near
            },
            student: Candidate {
                linked: linked_to.is_some(),
                ..student.clone()
            },
            linked_to,
        })
    }
}
