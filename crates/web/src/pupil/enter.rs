//! Entering a campaign: the code, the link, and what opens.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::campaign::Campaign;
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::use_cases::{Admission, Entry, EntryRefusal};
use pix_orga_domain::refusal::{Denied, Refusal};
use serde::Deserialize;

use super::SIGN_IN_PATH;
use super::guest::{Guest, SignedInPupil, refused, remember};
use super::identity;
use crate::cookies;
use crate::extract::{Path, Query};
use crate::forms::Checked;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::{FieldError, FormErrors};
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/pupil/door.html")]
struct DoorPage {
    page: Page,
    sign_in_url: &'static str,
}

#[derive(Template)]
#[template(path = "pages/pupil/code.html")]
struct CodePage {
    page: Page,
    errors: FormErrors,
    code: String,
    first_name: String,
}

#[derive(Template)]
#[template(path = "pages/pupil/linked.html")]
struct LinkedPage {
    page: Page,
    first_name: String,
    division: Option<String>,
    campaign: String,
    introduction: Vec<String>,
    destination: Option<String>,
}

/// A code as typed.
#[derive(Deserialize)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

/// Whether the address asks to correct the date of a request that waits.
#[derive(Deserialize)]
pub struct FollowAsked {
    #[serde(default)]
    corriger: String,
}

/// Where pupils begin: the code to type, or how to enter. Who was on the way to a campaign goes on to it.
pub async fn front(visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
    let secure = visitor.app.settings.secure;
    let pupil = match Guest::of(&visitor).await? {
        Guest::Adult => return Err(Problem::PupilsOnly),
        Guest::Nobody => {
            return Ok(render(&DoorPage {
                page: visitor.page(&text("pupil-door-title")),
                sign_in_url: SIGN_IN_PATH,
            }));
        }
        Guest::Pupil(pupil) => pupil,
    };
    let remembered = cookies::read(&headers, cookies::CAMPAIGN, secure)
        .and_then(|code| CampaignCode::parse(&code).ok());
    if let Some(code) = remembered {
        let mut response = Redirect::to(&format!("/parcours/{code}")).into_response();
        cookies::remove(response.headers_mut(), cookies::CAMPAIGN, secure);
        return Ok(response);
    }
    Ok(code_page(
        &visitor,
        &pupil,
        String::new(),
        FormErrors::default(),
    ))
}

/// Takes a code.
pub async fn type_code(
    SignedInPupil { visitor, pupil }: SignedInPupil,
    Checked(form): Checked<CodeForm>,
) -> Result<Response, Problem> {
    let reconciliation = &visitor.app.reconciliation;
    match reconciliation.enter_campaign(&pupil, &form.code).await {
        Ok(Entry::In(admitted)) => Ok(go_in(&admitted.campaign, &admitted.how)),
        Ok(Entry::CheckIdentity(check)) => Ok(go_to(&check.campaign, "")),
        Err(Denied::Refused(refusal @ EntryRefusal::LeftSchool)) => {
            Ok(refused(&visitor, refusal.code()))
        }
        Err(Denied::Refused(refusal)) => {
            let error = FieldError {
                field: "code",
                text: refusals::text_for_pupil(refusal.code()),
            };
            let page = code_page(&visitor, &pupil, form.code, error.into());
            Ok((refusals::status(refusal.code()), page).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Follows a campaign's link: straight in for who is linked; who is not checks who they are; who is not signed in does
/// that first.
pub async fn follow(
    visitor: Visitor,
    Path(code): Path<String>,
    Query(asked): Query<FollowAsked>,
) -> Result<Response, Problem> {
    let Ok(code) = CampaignCode::parse(&code) else {
        return Ok(refused(&visitor, EntryRefusal::CampaignNotFound.code()));
    };
    let pupil = match Guest::of(&visitor).await? {
        Guest::Pupil(pupil) => pupil,
        Guest::Adult => {
            let told = Problem::PupilsOnly.into_response();
            return Ok(remember(&visitor, code, told));
        }
        Guest::Nobody => {
            let away = Redirect::to(SIGN_IN_PATH).into_response();
            return Ok(remember(&visitor, code, away));
        }
    };
    let reconciliation = &visitor.app.reconciliation;
    match reconciliation.enter_campaign(&pupil, code.as_str()).await {
        Ok(Entry::In(admitted)) => Ok(match admitted.how {
            Admission::Already => linked_page(&visitor, &pupil, &admitted.campaign, None),
            Admission::Carried { .. } | Admission::Linked { .. } => {
                go_in(&admitted.campaign, &admitted.how)
            }
        }),
        Ok(Entry::CheckIdentity(check)) => {
            let corrects = !asked.corriger.is_empty();
            Ok(identity::begin(&visitor, &pupil, &check, corrects))
        }
        Err(Denied::Refused(refusal)) => Ok(refused(&visitor, refusal.code())),
        Err(other) => Err(other.into()),
    }
}

/// « Tu es rattaché », with the class.
pub async fn welcome(
    SignedInPupil { visitor, pupil }: SignedInPupil,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    let reconciliation = &visitor.app.reconciliation;
    match reconciliation.enter_campaign(&pupil, &code).await {
        Ok(Entry::In(admitted)) => {
            let school = admitted.organization.id;
            let division = reconciliation.class_in(&pupil, school).await?;
            let campaign = &admitted.campaign;
            Ok(linked_page(&visitor, &pupil, campaign, division))
        }
        Ok(Entry::CheckIdentity(check)) => Ok(go_to(&check.campaign, "")),
        Err(Denied::Refused(refusal)) => Ok(refused(&visitor, refusal.code())),
        Err(other) => Err(other.into()),
    }
}

/// For who reloads the address of a form.
pub async fn back_to_code(Path(code): Path<String>) -> Redirect {
    match CampaignCode::parse(&code) {
        Ok(code) => Redirect::to(&format!("/parcours/{code}")),
        Err(_) => Redirect::to("/parcours"),
    }
}

/// Where one goes who is in: the class first, when they were linked just now.
pub fn go_in(campaign: &Campaign, how: &Admission) -> Response {
    match how {
        Admission::Already => go_to(campaign, ""),
        Admission::Carried { .. } | Admission::Linked { .. } => go_to(campaign, "/bienvenue"),
    }
}

/// A page of a campaign.
pub fn go_to(campaign: &Campaign, end: &str) -> Response {
    Redirect::to(&format!("/parcours/{}{end}", campaign.code)).into_response()
}

fn code_page(
    visitor: &Visitor,
    pupil: &PupilAccount,
    code: String,
    errors: FormErrors,
) -> Response {
    render(&CodePage {
        page: visitor.page(&text("pupil-code-title")),
        errors,
        code,
        first_name: pupil.signed.first_name.clone(),
    })
}

/// `division` is said to who was linked just now.
fn linked_page(
    visitor: &Visitor,
    pupil: &PupilAccount,
    campaign: &Campaign,
    division: Option<String>,
) -> Response {
    let texts = &campaign.texts;
    let introduction = texts.introduction.as_deref().unwrap_or_default();
    let destination = texts.destination.as_ref();
    render(&LinkedPage {
        page: visitor.page(&text("pupil-linked-title")),
        first_name: pupil.signed.first_name.clone(),
        division,
        campaign: texts.title.clone(),
        introduction: introduction
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        destination: destination.map(|to| to.as_str().to_owned()),
    })
}

#[cfg(test)]
pub mod samples;
