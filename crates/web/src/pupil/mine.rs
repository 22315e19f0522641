//! « Mes parcours ».

use askama::Template;
use axum::response::Response;
use pix_orga_domain::campaign::store::EnteredCampaign;

use super::guest::SignedInPupil;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::long_day_of;

#[derive(Template)]
#[template(path = "pages/pupil/mine.html")]
struct MinePage {
    page: Page,
    first_name: String,
    campaigns: Vec<MineLine>,
}

struct MineLine {
    title: String,
    school_name: String,
    entered_on: String,
    url: String,
    open: bool,
}

/// The campaigns a pupil entered.
pub async fn mine(SignedInPupil { visitor, pupil }: SignedInPupil) -> Result<Response, Problem> {
    let entered = visitor.app.reconciliation.entered(&pupil).await?;
    Ok(render(&MinePage {
        page: visitor.page(&text("pupil-mine-title")),
        first_name: pupil.signed.first_name,
        campaigns: entered.into_iter().map(MineLine::of).collect(),
    }))
}

impl MineLine {
    fn of(entered: EnteredCampaign) -> Self {
        let campaign = entered.campaign;
        Self {
            url: format!("/parcours/{}", campaign.code),
            open: campaign.archived_at.is_none(),
            title: campaign.texts.title,
            school_name: entered.school.name,
            entered_on: long_day_of(entered.entered_at),
        }
    }
}

#[cfg(test)]
pub mod samples;
