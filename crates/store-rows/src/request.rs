//! Linking requests.

use pix_orga_domain::ids::{
    AccountId, CampaignId, LinkingRequestId, OrganizationId, PupilId, StudentId,
};
use pix_orga_domain::reconciliation::requests::{LinkingRequest, RequestRecord, RequestState};
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::link::IdentityRow;
use crate::value::{day, instant, micros, unreadable};

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
    pub exact_when_asked: bool,
    pub campaign_title: String,
    pub campaign_archived: bool,
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

    /// The request alone.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn request(&self) -> Result<LinkingRequest, Failure> {
        Ok(LinkingRequest {
            id: LinkingRequestId(self.id),
            organization_id: OrganizationId(self.organization_id),
            pupil_id: PupilId(self.pupil_id),
            campaign_id: CampaignId(self.campaign_id),
            birthdate: day("linking_requests.birthdate", &self.birthdate)?,
            exact_when_asked: self.exact_when_asked,
            asked_at: instant(self.asked_at)?,
            state: self.state()?,
            revision: Revision(self.revision),
        })
    }

    /// The request, with who asks and for which campaign.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<RequestRecord, Failure> {
        Ok(RequestRecord {
            request: self.request()?,
            pupil: IdentityRow {
                pupil_id: self.pupil_id,
                last_name: self.last_name,
                first_name: self.first_name,
                divisions: self.divisions,
                signed_in_at: self.signed_in_at,
            }
            .read()?,
            campaign_title: self.campaign_title,
            campaign_archived: self.campaign_archived,
        })
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
