//! The ports of links and of linking requests.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::carried::LinkedElsewhere;
use super::decision::Candidate;
use super::judging::Judging;
use super::linking::{LinkMove, Linking, StudentLink, Unlinking};
use super::requests::{Asking, LinkingRequest, RequestDismissal, RequestRecord, SeenIdentity};
use super::tries::{Tries, Try};
use crate::ids::{LinkingRequestId, OrganizationId, PupilId, StudentId};
use crate::ine::Ine;
use crate::store::{Failure, MaybeStale, RecordError, Revision};

/// Which present students of a school to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Among<'a> {
    /// Those born on one of these days.
    Born(&'a [Date]),
    /// Those who have one of these national numbers.
    WithIne(&'a [Ine]),
    /// This one.
    Student(StudentId),
}

/// Present students of a school, and the roster's revision they were read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// Read no later than the students.
    pub roster: Revision,
    /// In no particular order, linked ones included.
    pub students: Vec<Candidate>,
}

/// Why a link was not written.
#[derive(Debug, thiserror::Error)]
pub enum LinkRecordError {
    /// The roster, the try, the request or the former link moved since; or the account asked meanwhile, and the request
    /// that waits is not settled with the link.
    #[error("stale")]
    Stale,
    /// Another account was linked to the student (constraint `student_links_student`): decide again.
    #[error("student taken")]
    StudentTaken,
    /// The account was linked to another student of the school (constraint `student_links_pupil`): decide again.
    #[error("pupil taken")]
    PupilTaken,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for LinkRecordError {
    fn is_stale(&self) -> bool {
        !matches!(self, Self::Failure(_))
    }
}

impl From<RecordError> for LinkRecordError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Stale => Self::Stale,
            RecordError::Failure(failure) => Self::Failure(failure),
        }
    }
}

/// Why a request was not written.
#[derive(Debug, thiserror::Error)]
pub enum AskingRecordError {
    /// The request moved since, or the account was linked in the school.
    #[error("stale")]
    Stale,
    /// The account has another request that waits in the school (constraint `linking_requests_pending`): decide again.
    #[error("already pending")]
    AlreadyPending,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for AskingRecordError {
    fn is_stale(&self) -> bool {
        !matches!(self, Self::Failure(_))
    }
}

/// Keeps links and tries. Whatever changes a link or settles a request closes the undoing of the roster's last import
/// in the same write.
#[async_trait]
pub trait LinkingStore: Send + Sync {
    /// The link of an account in a school.
    async fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<StudentLink>, Failure>;
    /// The link of a student, and who its account is.
    async fn link_of_student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<(StudentLink, SeenIdentity)>, Failure>;
    /// The links of those of these students who have one, and who their accounts are, in no particular order.
    async fn links_of_students(
        &self,
        organization: OrganizationId,
        students: &[StudentId],
    ) -> Result<Vec<(StudentLink, SeenIdentity)>, Failure>;
    /// The students whom an account is linked to in other schools, with an INE or without.
    async fn linked_elsewhere(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Vec<LinkedElsewhere>, Failure>;
    /// Students of a school who are present on a day.
    async fn candidates(
        &self,
        organization: OrganizationId,
        among: Among<'_>,
        on: Date,
    ) -> Result<Candidates, Failure>;
    /// What an identity tried, and what it missed since the day began.
    async fn tries(&self, pupil: PupilId, day_began: Timestamp) -> Result<Tries, Failure>;
    /// Tries that found nobody in a school since an instant.
    async fn misses(&self, organization: OrganizationId, since: Timestamp) -> Result<u32, Failure>;
    /// Writes a try that found nobody, or nothing. Stale when its rank is taken.
    async fn record_miss(&self, missed: &Try) -> Result<(), RecordError>;
    /// Writes a link with all that comes with it, or nothing.
    async fn record_linking(&self, linking: &Linking) -> Result<(), LinkRecordError>;
    /// Ends a link, or nothing.
    async fn record_unlinking(&self, unlinking: &Unlinking) -> Result<(), LinkRecordError>;
    /// Moves a link, with what the former account entered in the school, or nothing.
    async fn record_move(&self, moved: &LinkMove) -> Result<(), LinkRecordError>;
}

/// Keeps linking requests. They are settled with the link that settles them, or refused here. No request of an account
/// waits in a school where it is linked: who writes one holds the roster, as who writes the other does.
#[async_trait]
pub trait LinkingRequestStore: Send + Sync {
    /// The requests of a school that wait, oldest first, `limit` at most.
    async fn pending(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, Failure>;
    /// How many requests of a school wait.
    async fn count_pending(&self, organization: OrganizationId) -> Result<u32, Failure>;
    /// A request of the school, whatever its state.
    async fn find(
        &self,
        organization: OrganizationId,
        request: LinkingRequestId,
    ) -> Result<Option<RequestRecord>, Failure>;
    /// The request of an account that waits in a school, else its last one.
    async fn last_of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<LinkingRequest>, Failure>;
    /// Schools whose roster moved since some of their waiting requests were judged: `limit` at most, in the order of
    /// their ids, after one of them.
    async fn schools_to_judge(
        &self,
        after: Option<OrganizationId>,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, Failure>;
    /// The waiting requests of a school that were judged on another revision of its roster, `limit` at most.
    async fn to_judge(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, Failure>;
    /// Writes a request, the students it names, and its audit entry, or nothing.
    async fn record_asking(&self, asking: &Asking) -> Result<(), AskingRecordError>;
    /// Writes a refusal and its audit entry, or nothing.
    async fn record_dismissal(&self, dismissal: &RequestDismissal) -> Result<(), RecordError>;
    /// Writes which students requests name, in place of those they named. Stale when the roster moved; requests that
    /// were settled or asked again since are left as they are, and so are students who are no longer there.
    async fn record_judging(&self, judging: &Judging) -> Result<(), RecordError>;
}
