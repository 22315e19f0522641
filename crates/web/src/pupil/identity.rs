//! « C'est bien toi ? »: the names, the birth date, the neutral answer, and asking the teacher.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::reconciliation::use_cases::{
    Asked, Entry, EntryRefusal, IdentityCheck, Tried, TypedBirthdate,
};
use pix_orga_domain::refusal::{Denied, Refusal};
use serde::Deserialize;

use super::enter::{go_in, go_to};
use super::guest::{SignedInPupil, refused};
use crate::extract::Path;
use crate::forms::Checked;
use crate::operating;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::{FieldError, FormErrors};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/pupil/identity.html")]
struct IdentityPage {
    page: Page,
    errors: FormErrors,
    note: Option<String>,
    campaign: String,
    school_name: String,
    first_name: String,
    last_name: String,
    day: String,
    month: String,
    year: String,
    action: String,
    not_me_action: String,
}

#[derive(Template)]
#[template(path = "pages/pupil/neutral.html")]
struct NeutralPage {
    page: Page,
    errors: FormErrors,
    tries_left: bool,
    no_more: String,
    day: String,
    month: String,
    year: String,
    action: String,
    request_action: String,
}

#[derive(Template)]
#[template(path = "pages/pupil/request_sent.html")]
struct RequestSentPage {
    page: Page,
    campaign: String,
    correct_url: String,
}

/// A birth date as typed.
#[derive(Deserialize)]
pub struct BirthdateForm {
    #[serde(default, rename = "birthdate-day")]
    day: String,
    #[serde(default, rename = "birthdate-month")]
    month: String,
    #[serde(default, rename = "birthdate-year")]
    year: String,
}

impl From<BirthdateForm> for TypedBirthdate {
    fn from(form: BirthdateForm) -> Self {
        Self {
            day: form.day,
            month: form.month,
            year: form.year,
        }
    }
}

/// What a pupil sees first who is not linked: their request that waits, or who they are to check. `corrects`: they
/// come back from their request to type another date.
pub fn begin(
    visitor: &Visitor,
    pupil: &PupilAccount,
    check: &IdentityCheck,
    corrects: bool,
) -> Response {
    let campaign = &check.campaign;
    let waits = check.request == Some(RequestState::Pending);
    let typed = TypedBirthdate::default();
    if waits && !corrects {
        return render(&RequestSentPage {
            page: visitor.page(&text("pupil-request-title")),
            campaign: campaign.texts.title.clone(),
            correct_url: format!("/parcours/{}?corriger=oui", campaign.code),
        });
    }
    if waits || check.tries_left == 0 {
        let left = Left::of(check.tries_left);
        return neutral_page(visitor, campaign.code, left, typed, FormErrors::default());
    }
    identity_page(visitor, pupil, check, typed, FormErrors::default())
}

/// Tries a birth date. Whatever does not designate one student gets one same answer.
pub async fn try_birthdate(
    SignedInPupil { visitor, pupil }: SignedInPupil,
    Path(code): Path<String>,
    Checked(form): Checked<BirthdateForm>,
) -> Result<Response, Problem> {
    let Ok(code) = CampaignCode::parse(&code) else {
        return Ok(refused(&visitor, EntryRefusal::CampaignNotFound.code()));
    };
    let typed = TypedBirthdate::from(form);
    let reconciliation = &visitor.app.reconciliation;
    let tried = reconciliation
        .submit_birthdate(&pupil, code.as_str(), &typed)
        .await;
    match tried {
        Ok(Tried::In(admitted)) => Ok(go_in(&admitted.campaign, &admitted.how)),
        Ok(Tried::Nobody { tries_left, alarm }) => {
            if let Some(school) = alarm {
                operating::alarm_about(&visitor.app, school);
            }
            let (left, errors) = (Left::of(tries_left), FormErrors::default());
            Ok(neutral_page(&visitor, code, left, typed, errors))
        }
        Err(Denied::Refused(refusal)) => {
            Ok(not_tried(&visitor, &pupil, code, typed, refusal).await?)
        }
        Err(other) => Err(other.into()),
    }
}

/// « Demander à mon enseignant ».
pub async fn ask_teacher(
    SignedInPupil { visitor, pupil }: SignedInPupil,
    Path(code): Path<String>,
    Checked(form): Checked<BirthdateForm>,
) -> Result<Response, Problem> {
    let typed = TypedBirthdate::from(form);
    let reconciliation = &visitor.app.reconciliation;
    match reconciliation.ask_teacher(&pupil, &code, &typed).await {
        Ok(Asked::In(admitted)) => Ok(go_in(&admitted.campaign, &admitted.how)),
        // The campaign's page says that the request waits.
        Ok(Asked::Waiting) => Ok(super::enter::back_to_code(Path(code)).await.into_response()),
        Err(Denied::Refused(refusal)) if is_date(refusal) => {
            match reconciliation.enter_campaign(&pupil, &code).await? {
                Entry::In(admitted) => Ok(go_in(&admitted.campaign, &admitted.how)),
                Entry::CheckIdentity(check) => {
                    let left = Left::of(check.tries_left);
                    let errors = date_errors(refusal);
                    let page = neutral_page(&visitor, check.campaign.code, left, typed, errors);
                    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
                }
            }
        }
        Err(Denied::Refused(refusal)) => Ok(refused(&visitor, refusal.code())),
        Err(other) => Err(other.into()),
    }
}

/// A date that was not tried: it is none, or no try is left.
async fn not_tried(
    visitor: &Visitor,
    pupil: &PupilAccount,
    code: CampaignCode,
    typed: TypedBirthdate,
    refusal: EntryRefusal,
) -> Result<Response, Problem> {
    match refusal {
        EntryRefusal::AttemptsExhausted | EntryRefusal::AttemptsExhaustedToday => {
            let left = Left::Nothing(refusals::text_for_pupil(refusal.code()));
            let errors = FormErrors::default();
            Ok(neutral_page(visitor, code, left, typed, errors))
        }
        EntryRefusal::BirthdateInvalid | EntryRefusal::BirthdateOutOfRange => {
            let reconciliation = &visitor.app.reconciliation;
            match reconciliation.enter_campaign(pupil, code.as_str()).await? {
                Entry::In(admitted) => Ok(go_to(&admitted.campaign, "")),
                Entry::CheckIdentity(check) => {
                    let errors = date_errors(refusal);
                    let page = identity_page(visitor, pupil, &check, typed, errors);
                    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
                }
            }
        }
        EntryRefusal::CampaignNotFound
        | EntryRefusal::CampaignArchived
        | EntryRefusal::WrongSchool
        | EntryRefusal::LeftSchool => Ok(refused(visitor, refusal.code())),
    }
}

const fn is_date(refusal: EntryRefusal) -> bool {
    matches!(
        refusal,
        EntryRefusal::BirthdateInvalid | EntryRefusal::BirthdateOutOfRange
    )
}

fn date_errors(refusal: EntryRefusal) -> FormErrors {
    FieldError {
        field: "birthdate",
        text: refusals::text_for_pupil(refusal.code()),
    }
    .into()
}

/// What remains to a pupil who was not found.
enum Left {
    /// Another date.
    Tries,
    /// Only the teacher, and why.
    Nothing(String),
}

impl Left {
    fn of(tries_left: u32) -> Self {
        if tries_left == 0 {
            Self::Nothing(text("pupil-tries-over"))
        } else {
            Self::Tries
        }
    }
}

fn identity_page(
    visitor: &Visitor,
    pupil: &PupilAccount,
    check: &IdentityCheck,
    typed: TypedBirthdate,
    errors: FormErrors,
) -> Response {
    let code = check.campaign.code;
    let dismissed = matches!(check.request, Some(RequestState::Refused { .. }));
    render(&IdentityPage {
        page: visitor.page(&text("pupil-identity-title")),
        errors,
        note: dismissed.then(|| text("pupil-request-refused")),
        campaign: check.campaign.texts.title.clone(),
        school_name: check.organization.facts.name.clone(),
        first_name: pupil.signed.first_name.clone(),
        last_name: pupil.signed.last_name.clone(),
        day: typed.day,
        month: typed.month,
        year: typed.year,
        action: format!("/parcours/{code}"),
        not_me_action: format!("/parcours/{code}/pas-moi"),
    })
}

fn neutral_page(
    visitor: &Visitor,
    code: CampaignCode,
    left: Left,
    typed: TypedBirthdate,
    errors: FormErrors,
) -> Response {
    let (tries_left, no_more) = match left {
        Left::Tries => (true, String::new()),
        Left::Nothing(why) => (false, why),
    };
    render(&NeutralPage {
        page: visitor.page(&text("pupil-neutral-title")),
        errors,
        tries_left,
        no_more,
        day: typed.day,
        month: typed.month,
        year: typed.year,
        action: format!("/parcours/{code}"),
        request_action: format!("/parcours/{code}/demande"),
    })
}

#[cfg(test)]
pub mod samples;
