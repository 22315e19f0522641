//! Linking requests.

use pix_orga_domain::ids::{
    AccountId, CampaignId, LinkingRequestId, OrganizationId, PupilId, StudentId,
};
use pix_orga_domain::reconciliation::decision::Near;
use pix_orga_domain::reconciliation::requests::{
    LinkingRequest, NearStudent, RequestState, SeenRequest,
};
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::link::{CandidateRow, IdentityRow};
use crate::value::{day, from_json, instant, micros, unreadable};

/// A row of `linking_requests`, with its campaign and who asks.
pub struct RequestRow {
    pub id: Uuid,
    pub organization_id: Uuid,
    pub pupil_id: Uuid,
    pub campaign_id: Uuid,
    pub birthdate: String,
    pub asked_at: i64,
    pub state: String,
    pub settled_by: Option<Uuid>,
    pub settled_at: Option<i64>,
    pub settled_student: Option<Uuid>,
    pub revision: i64,
    pub campaign_title: String,
    pub last_name: String,
    pub first_name: String,
    pub divisions: String,
    pub signed_in_at: i64,
}

impl RequestRow {
    fn state(&self) -> Result<RequestState, Failure> {
        let at = self.settled_at.map(instant).transpose()?;
        let by = self.settled_by.map(AccountId);
        let student = self.settled_student.map(StudentId);
        match (self.state.as_str(), by, at, student) {
            ("pending", None, None, None) => Ok(RequestState::Pending),
            ("approved", Some(by), Some(at), Some(student)) => {
                Ok(RequestState::Approved { by, at, student })
            }
            ("refused", Some(by), Some(at), None) => Ok(RequestState::Refused { by, at }),
            ("overtaken", None, Some(at), None) => Ok(RequestState::Overtaken { at }),
            _ => Err(unreadable("linking_requests.state")),
        }
    }

    /// The request, with who is near it.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn request(&self, near: Vec<Near>) -> Result<LinkingRequest, Failure> {
        Ok(LinkingRequest {
            id: LinkingRequestId(self.id),
            organization_id: OrganizationId(self.organization_id),
            pupil_id: PupilId(self.pupil_id),
            campaign_id: CampaignId(self.campaign_id),
            birthdate: day("linking_requests.birthdate", &self.birthdate)?,
            near,
            asked_at: instant(self.asked_at)?,
            state: self.state()?,
            revision: Revision(self.revision),
        })
    }

    /// The request as the person who settles it sees it.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn seen(self, near: Vec<(Near, Option<NearStudent>)>) -> Result<SeenRequest, Failure> {
        let (all, present): (Vec<Near>, Vec<Option<NearStudent>>) = near.into_iter().unzip();
        Ok(SeenRequest {
            request: self.request(all)?,
            pupil: IdentityRow {
                pupil_id: self.pupil_id,
                last_name: self.last_name,
                first_name: self.first_name,
                divisions: self.divisions,
                signed_in_at: self.signed_in_at,
            }
            .read()?,
            campaign_title: self.campaign_title,
            near: present.into_iter().flatten().collect(),
        })
    }
}

/// A student beside a request, with the account linked to them now.
pub struct NearRow {
    pub request_id: Uuid,
    pub near: String,
    pub id: Uuid,
    pub ine: Option<String>,
    pub last_name: String,
    pub usage_name: Option<String>,
    pub first_name: String,
    pub other_first_names: String,
    pub birthdate: String,
    pub division: String,
    pub present: bool,
    pub linked_pupil: Option<Uuid>,
    pub linked_last_name: Option<String>,
    pub linked_first_name: Option<String>,
    pub linked_divisions: Option<String>,
    pub linked_signed_in_at: Option<i64>,
}

impl NearRow {
    fn linked_to(&mut self) -> Option<IdentityRow> {
        Some(IdentityRow {
            pupil_id: self.linked_pupil?,
            last_name: self.linked_last_name.take()?,
            first_name: self.linked_first_name.take()?,
            divisions: self.linked_divisions.take()?,
            signed_in_at: self.linked_signed_in_at?,
        })
    }

    /// Why they are shown, and who they are unless they left.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(mut self) -> Result<(Near, Option<NearStudent>), Failure> {
        let near: Near = from_json("linking_request_candidates.near", &self.near)?;
        if !self.present {
            return Ok((near, None));
        }
        let linked_to = self.linked_to().map(IdentityRow::read).transpose()?;
        let student = CandidateRow {
            id: self.id,
            ine: self.ine,
            last_name: self.last_name,
            usage_name: self.usage_name,
            first_name: self.first_name,
            other_first_names: self.other_first_names,
            birthdate: self.birthdate,
            division: self.division,
            present: true,
            linked: linked_to.is_some(),
        };
        let seen = NearStudent {
            near,
            student: student.read()?,
            linked_to,
        };
        Ok((near, Some(seen)))
    }
}

/// The columns that say what became of a request.
pub struct StateColumns {
    pub state: &'static str,
    pub settled_by: Option<Uuid>,
    pub settled_at: Option<i64>,
    pub settled_student: Option<Uuid>,
}

impl StateColumns {
    /// Those of a state.
    pub fn of(state: &RequestState) -> Self {
        let (state, by, at, student) = match *state {
            RequestState::Pending => ("pending", None, None, None),
            RequestState::Approved { by, at, student } => {
                ("approved", Some(by), Some(at), Some(student))
            }
            RequestState::Refused { by, at } => ("refused", Some(by), Some(at), None),
            RequestState::Overtaken { at } => ("overtaken", None, Some(at), None),
        };
        Self {
            state,
            settled_by: by.map(|account| account.0),
            settled_at: at.map(micros),
            settled_student: student.map(|student| student.0),
        }
    }
}
