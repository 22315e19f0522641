//! Who stands before a page for pupils.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::use_cases::EntryRefusal;
use pix_orga_domain::refusal::Refusal;
use pix_orga_domain::session::Subject;

use crate::cookies;
use crate::problem::{self, Problem};
use crate::refusals;
use crate::texts::text;
use crate::views::Action;
use crate::visitor::Visitor;

/// Somebody before a page for pupils.
pub enum Guest {
    /// A pupil, signed in.
    Pupil(PupilAccount),
    /// An adult, signed in.
    Adult,
    /// Nobody yet.
    Nobody,
}

impl Guest {
    /// Of a browser.
    pub async fn of(visitor: &Visitor) -> Result<Self, Problem> {
        Ok(
            match visitor.session.as_ref().map(|session| session.subject) {
                Some(Subject::Account(_)) => Self::Adult,
                Some(Subject::Pupil(id)) => match visitor.app.pupils.account(id).await? {
                    Some(pupil) => Self::Pupil(pupil),
                    None => Self::Nobody,
                },
                None => Self::Nobody,
            },
        )
    }
}

/// A pupil who is signed in; an adult is told that the page is not for them, anybody else how to enter.
pub struct SignedInPupil {
    /// Their browser.
    pub visitor: Visitor,
    /// Their account.
    pub pupil: PupilAccount,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedInPupil {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        match Guest::of(&visitor).await? {
            Guest::Pupil(pupil) => Ok(Self { visitor, pupil }),
            Guest::Adult => Err(Problem::PupilsOnly),
            Guest::Nobody => Err(Problem::MediacentreFirst),
        }
    }
}

/// Remembers the code of the campaign they were on the way to while they sign in.
pub fn remember(visitor: &Visitor, code: CampaignCode, mut response: Response) -> Response {
    cookies::set_brief(
        response.headers_mut(),
        cookies::CAMPAIGN,
        code.as_str(),
        visitor.app.settings.secure,
    );
    response
}

/// Why a campaign does not open to them, with another code to type; first what they entered, for who left the school.
pub fn refused(visitor: &Visitor, code: &'static str) -> Response {
    let mut actions = vec![Action::new("/parcours", text("pupil-action-other-code"))];
    if code == EntryRefusal::LeftSchool.code() {
        actions.insert(0, Action::new(super::MINE_PATH, text("pupil-linked-mine")));
    }
    let page = problem::for_pupil(visitor, code, actions);
    (refusals::status(code), page).into_response()
}
