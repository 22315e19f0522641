//! A pupil's request to be linked by a person (« Demander à mon enseignant »).

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;

use super::decision::{Attendance, Candidate, Claim, Decision, Near};
use super::judging::{is_exact, near_of};
use super::linking::{Hand, LinkingRefusal, StudentLink};
use crate::audit::{Action, AuditEntry};
use crate::chance::new_id;
use crate::ids::{AccountId, CampaignId, LinkingRequestId, OrganizationId, PupilId, StudentId};
use crate::store::Revision;

/// Requests a list shows at most, the oldest ones.
pub const REQUESTS_LISTED_MAX: u32 = 200;

/// A request. One at most waits for an account in a school. The date never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct LinkingRequest {
    /// Its id.
    pub id: LinkingRequestId,
    /// The school.
    pub organization_id: OrganizationId,
    /// Who asks.
    pub pupil_id: PupilId,
    /// The campaign they wanted to enter.
    pub campaign_id: CampaignId,
    /// The birth date typed.
    pub birthdate: Date,
    /// Whether the evidence designated a student exactly when it was asked. Coming back then links nobody, or asking
    /// for one date after another would be a try that does not count.
    pub exact_when_asked: bool,
    /// When it was asked, or asked again.
    pub asked_at: Timestamp,
    /// What became of it.
    pub state: RequestState,
    /// Guard of its writes.
    pub revision: Revision,
}

impl fmt::Debug for LinkingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkingRequest")
            .field("id", &self.id)
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// Waits for a member of the school.
    Pending,
    /// A member linked the pupil.
    Approved {
        /// Who.
        by: AccountId,
        /// When.
        at: Timestamp,
        /// To whom.
        student: StudentId,
    },
    /// A member found that the pupil is nobody's.
    Refused {
        /// Who.
        by: AccountId,
        /// When.
        at: Timestamp,
    },
    /// The pupil was linked without it.
    Overtaken {
        /// When.
        at: Timestamp,
    },
}

/// A request settled, to write while it waits, with what settles it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The request as it must be. Its `revision` is the new one.
    pub request: LinkingRequest,
    /// The revision it was decided on.
    pub expected: Revision,
}

/// A request to write, new or asked again with another date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The request as it must be. Its `revision` is the new one.
    pub request: LinkingRequest,
    /// The revision it was decided on; nothing for a new one.
    pub expected: Option<Revision>,
    /// The revision of the roster that the evidence was read on.
    pub roster: Revision,
    /// The students it names, for the list of pupils.
    pub students: Vec<StudentId>,
    /// Written with it.
    pub audit: AuditEntry,
}

/// A request refused, to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestDismissal {
    /// The request, settled.
    pub settlement: Settlement,
    /// Written with it.
    pub audit: AuditEntry,
}

/// What a pupil asks.
#[derive(Debug, Clone)]
pub struct Question {
    /// The school.
    pub organization_id: OrganizationId,
    /// Who asks.
    pub pupil_id: PupilId,
    /// The campaign they want to enter.
    pub campaign_id: CampaignId,
    /// The birth date typed.
    pub birthdate: Date,
    /// What the evidence says of it.
    pub decision: Decision,
    /// The revision of the roster that the evidence was read on.
    pub roster: Revision,
}

impl LinkingRequest {
    /// Decides to write a request: the one that waits already takes the new date.
    pub fn ask(waiting: Option<&Self>, question: Question, hand: Hand<'_>) -> Asking {
        let id = waiting.map_or_else(
            || LinkingRequestId(new_id(hand.chance, hand.now)),
            |waiting| waiting.id,
        );
        let action = Action::LinkingAsked { request: id };
        Asking {
            audit: hand.entry(question.organization_id, action),
            expected: waiting.map(|waiting| waiting.revision),
            roster: question.roster,
            request: Self {
                id,
                organization_id: question.organization_id,
                pupil_id: question.pupil_id,
                campaign_id: question.campaign_id,
                birthdate: question.birthdate,
                exact_when_asked: is_exact(&question.decision),
                asked_at: hand.now,
                state: RequestState::Pending,
                revision: waiting.map_or_else(Revision::default, |one| one.revision.next()),
            },
            students: near_of(question.decision)
                .iter()
                .map(|near| near.student_id)
                .collect(),
        }
    }

    /// Decides that a member linked the pupil.
    ///
    /// # Errors
    /// `request_already_settled`.
    pub fn approve(
        &self,
        by: AccountId,
        student: StudentId,
        at: Timestamp,
    ) -> Result<Settlement, LinkingRefusal> {
        self.settle(RequestState::Approved { by, at, student })
    }

    /// Decides that a member refuses.
    ///
    /// # Errors
    /// `request_already_settled`.
    pub fn refuse(
        &self,
        by: AccountId,
        hand: Hand<'_>,
    ) -> Result<RequestDismissal, LinkingRefusal> {
        let settlement = self.settle(RequestState::Refused { by, at: hand.now })?;
        let action = Action::LinkingRefused { request: self.id };
        Ok(RequestDismissal {
            settlement,
            audit: hand.entry(self.organization_id, action),
        })
    }

    /// Decides that the pupil was linked without it; nothing when it waits no more.
    pub fn overtaken(&self, at: Timestamp) -> Option<Settlement> {
        self.settle(RequestState::Overtaken { at }).ok()
    }

    fn settle(&self, state: RequestState) -> Result<Settlement, LinkingRefusal> {
        if self.state != RequestState::Pending {
            return Err(LinkingRefusal::RequestAlreadySettled);
        }
        Ok(Settlement {
            expected: self.revision,
            request: Self {
                state,
                revision: self.revision.next(),
                ..self.clone()
            },
        })
    }
}

/// Who an account is, as the person who settles sees it. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SeenIdentity {
    /// The account.
    pub pupil_id: PupilId,
    /// Family name of the GAR.
    pub last_name: String,
    /// First name of the GAR.
    pub first_name: String,
    /// Classes of the GAR, as given.
    pub divisions: Vec<String>,
    /// When they last signed in.
    pub signed_in_at: Timestamp,
}

impl fmt::Debug for SeenIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeenIdentity")
            .field("pupil_id", &self.pupil_id)
            .finish_non_exhaustive()
    }
}

/// A student beside a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearStudent {
    /// Why they are shown.
    pub near: Near,
    /// The student, as the roster has them now.
    pub student: Candidate,
    /// Their link now, and whose account it is: approving would be `already_linked`, an administrator can move the link.
    pub linked_to: Option<(StudentLink, SeenIdentity)>,
}

/// A request with who asks and for which campaign, before it is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRecord {
    /// The request.
    pub request: LinkingRequest,
    /// Who asks, as they last signed in.
    pub pupil: SeenIdentity,
    /// The campaign's title.
    pub campaign_title: String,
    /// Whether nobody enters the campaign any more: approving links the pupil, who is then in no campaign.
    pub campaign_archived: bool,
}

impl RequestRecord {
    /// What the pupil says of themself, for a person to judge: the same students are shown whether the GAR signs the
    /// school or not.
    pub fn claim(&self) -> Claim {
        Claim {
            last_name: self.pupil.last_name.clone(),
            first_name: self.pupil.first_name.clone(),
            divisions: self.pupil.divisions.clone(),
            birthdate: self.request.birthdate,
            attendance: Attendance::Signed,
        }
    }
}

/// A request as the person who settles sees it, judged now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRequest {
    /// The request, who asks, and for which campaign.
    pub asked: RequestRecord,
    /// Present students who may be the pupil, the likeliest first.
    pub near: Vec<NearStudent>,
}
