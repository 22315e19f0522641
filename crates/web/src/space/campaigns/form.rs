//! Creating a campaign and changing its texts.

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::campaign::use_cases::FormDenied;
use pix_orga_domain::campaign::{Campaign, CampaignForm, CampaignRefusal};
use pix_orga_domain::ids::CampaignId;
use pix_orga_domain::refusal::Refusal;
use serde::Deserialize;

use super::read;
use crate::extract::Path;
use crate::forms::Checked;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::FormErrors;
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/campaigns/form.html")]
struct FormPage {
    page: Page,
    errors: FormErrors,
    new: bool,
    title: String,
    introduction: String,
    destination: String,
    action: String,
    back_url: String,
}

/// A campaign as typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    introduction: String,
    #[serde(default)]
    destination: String,
}

impl From<Typed> for CampaignForm {
    fn from(typed: Typed) -> Self {
        Self {
            title: typed.title,
            introduction: typed.introduction,
            destination: typed.destination,
        }
    }
}

/// The form of a new campaign.
pub async fn blank(space: Space) -> Response {
    page(&space, None, CampaignForm::default(), FormErrors::default())
}

/// Creates it.
pub async fn create(space: Space, Checked(typed): Checked<Typed>) -> Result<Response, Problem> {
    let form = CampaignForm::from(typed);
    let campaigns = &space.visitor.app.campaigns;
    match campaigns.create(&space.member, &form).await {
        Ok(campaign) => {
            let to = space.at(&format!("/parcours/{}", campaign.id));
            Ok(space.visitor.done(&to, "success", "campaign-created"))
        }
        Err(FormDenied::Fields(faults)) => Ok(again(&space, None, form, &faults)),
        Err(FormDenied::Denied(denied)) => Err(denied.into()),
    }
}

/// The form of a campaign as it is.
pub async fn filled(
    space: Space,
    Path((_, campaign)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = read(&campaign)?;
    let campaign = space.visitor.app.campaigns.find(&space.member, id).await?;
    let editable = campaign.require_editable(&space.member);
    editable.map_err(|refusal| Problem::Refused(refusal.code()))?;
    let form = form_of(&campaign);
    Ok(page(&space, Some(id), form, FormErrors::default()))
}

/// Changes its texts.
pub async fn edit(
    space: Space,
    Path((_, campaign)): Path<(String, String)>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, Problem> {
    let id = read(&campaign)?;
    let form = CampaignForm::from(typed);
    let campaigns = &space.visitor.app.campaigns;
    match campaigns.edit(&space.member, id, &form).await {
        Ok(()) => {
            let to = space.at(&format!("/parcours/{id}"));
            Ok(space.visitor.done(&to, "success", "campaign-edited"))
        }
        Err(FormDenied::Fields(faults)) => Ok(again(&space, Some(id), form, &faults)),
        Err(FormDenied::Denied(denied)) => Err(denied.into()),
    }
}

/// The form as typed, each fault beside its field.
fn again(
    space: &Space,
    campaign: Option<CampaignId>,
    form: CampaignForm,
    faults: &[CampaignRefusal],
) -> Response {
    let mut errors = FormErrors::default();
    for fault in faults {
        errors.add(field(*fault), refusals::text(fault.code()));
    }
    let shown = page(space, campaign, form, errors);
    (StatusCode::UNPROCESSABLE_ENTITY, shown).into_response()
}

const fn field(fault: CampaignRefusal) -> &'static str {
    match fault {
        CampaignRefusal::IntroductionTooLong => "introduction",
        CampaignRefusal::DestinationInvalid | CampaignRefusal::DestinationTooLong => "destination",
        _ => "title",
    }
}

fn form_of(campaign: &Campaign) -> CampaignForm {
    let texts = &campaign.texts;
    let destination = texts.destination.as_ref();
    CampaignForm {
        title: texts.title.clone(),
        introduction: texts.introduction.clone().unwrap_or_default(),
        destination: destination.map_or_else(String::new, |to| to.as_str().to_owned()),
    }
}

fn page(
    space: &Space,
    campaign: Option<CampaignId>,
    form: CampaignForm,
    errors: FormErrors,
) -> Response {
    let (title, action, back_url) = match campaign {
        None => (
            "campaigns-new",
            space.at("/parcours/nouveau"),
            space.at("/parcours"),
        ),
        Some(id) => (
            "campaigns-edit",
            space.at(&format!("/parcours/{id}/modifier")),
            space.at(&format!("/parcours/{id}")),
        ),
    };
    render(&FormPage {
        page: space.page(&text(title), "campaigns"),
        errors,
        new: campaign.is_none(),
        title: form.title,
        introduction: form.introduction,
        destination: form.destination,
        action,
        back_url,
    })
}

#[cfg(test)]
pub mod samples;
