//! « Parcours »: the list, one with its code and its participants, and its end.

mod form;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use pix_orga_domain::campaign::store::{ListedCampaign, ParticipantsPage};
use pix_orga_domain::campaign::{Campaign, PARTICIPANTS_PER_PAGE, Participant};
use pix_orga_domain::ids::CampaignId;
use serde::Deserialize;

use crate::app::SharedApp;
use crate::extract::{Path, Query};
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::{Pager, long_day, long_day_of, long_instant};
use crate::visitor::Space;

/// Their addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/espace/{organization}/parcours", get(list))
        .route(
            "/espace/{organization}/parcours/nouveau",
            get(form::blank).post(form::create),
        )
        .route("/espace/{organization}/parcours/{campaign}", get(one))
        .route(
            "/espace/{organization}/parcours/{campaign}/modifier",
            get(form::filled).post(form::edit),
        )
        .route(
            "/espace/{organization}/parcours/{campaign}/archiver",
            post(archive),
        )
        .route(
            "/espace/{organization}/parcours/{campaign}/rouvrir",
            post(reopen),
        )
}

#[derive(Template)]
#[template(path = "pages/campaigns/list.html")]
struct ListPage {
    page: Page,
    campaigns: Vec<CampaignLine>,
    archived: bool,
    active_count: usize,
    archived_count: usize,
}

struct CampaignLine {
    url: String,
    title: String,
    code: String,
    owner: String,
    created_on: String,
    participants: u32,
}

#[derive(Template)]
#[template(path = "pages/campaigns/one.html")]
struct CampaignPage {
    page: Page,
    campaign: CampaignFacts,
    may_edit: bool,
    edit_url: String,
    archive_action: String,
    reopen_action: String,
    participants: Vec<ParticipantLine>,
    left: Option<LeftParticipants>,
    pager: Pager,
}

/// Participants who left the school, when some did: shown or hidden, and how to see them the other way.
struct LeftParticipants {
    count: u32,
    hidden: bool,
    other_url: String,
}

struct CampaignFacts {
    title: String,
    introduction: String,
    destination: String,
    code: String,
    link: String,
    owner: String,
    created_on: String,
    archived: bool,
}

struct ParticipantLine {
    url: String,
    left_on: String,
    last_name: String,
    first_name: String,
    division: String,
    entered_at: String,
}

/// Which campaigns the address asks: `archives`, or those where pupils enter.
#[derive(Deserialize)]
pub struct ListAsked {
    #[serde(default)]
    etat: String,
}

/// Which page of participants the address asks, and whether those who left are hidden.
#[derive(Deserialize)]
pub struct PageAsked {
    #[serde(default)]
    page: String,
    #[serde(default)]
    partis: String,
}

/// What hides those who left, in an address.
const HIDDEN: &str = "masques";

/// The school's campaigns.
pub async fn list(space: Space, Query(asked): Query<ListAsked>) -> Result<Response, Problem> {
    let all = space.visitor.app.campaigns.list(&space.member).await?;
    let archived = asked.etat == "archives";
    let is_archived = |listed: &ListedCampaign| listed.campaign.archived_at.is_some();
    let archived_count = all.iter().filter(|listed| is_archived(listed)).count();
    Ok(render(&ListPage {
        page: space.page(&text("campaigns-title"), "campaigns"),
        active_count: all.len() - archived_count,
        archived_count,
        archived,
        campaigns: all
            .into_iter()
            .filter(|listed| is_archived(listed) == archived)
            .map(|listed| CampaignLine::of(listed, &space))
            .collect(),
    }))
}

/// One campaign: what to give to pupils, and who entered.
pub async fn one(
    space: Space,
    Path((_, campaign)): Path<(String, String)>,
    Query(asked): Query<PageAsked>,
) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let campaign = app.campaigns.find(&space.member, read(&campaign)?).await?;
    let owner = app.accounts.find(campaign.owner).await?;
    let owner = owner.map_or_else(|| text("unknown"), |account| account.full_name());
    let hidden = asked.partis == HIDDEN;
    let number = asked.page.parse().unwrap_or(1);
    let (number, found) = participants(&space, campaign.id, number, hidden).await?;
    let filter = if hidden { "&partis=masques" } else { "" };
    let at = |end: &str| space.at(&format!("/parcours/{}{end}", campaign.id));
    Ok(render(&CampaignPage {
        page: space.page(&campaign.texts.title, "campaigns"),
        may_edit: campaign.is_kept_by(&space.member),
        edit_url: at("/modifier"),
        archive_action: at("/archiver"),
        reopen_action: at("/rouvrir"),
        left: (found.left > 0).then(|| LeftParticipants {
            count: found.left,
            hidden,
            other_url: at(if hidden { "" } else { "?partis=masques" }),
        }),
        pager: Pager::new(
            number,
            PARTICIPANTS_PER_PAGE,
            found.asked(hidden),
            |number| at(&format!("?page={number}{filter}")),
        ),
        participants: found
            .participants
            .into_iter()
            .map(|participant| ParticipantLine::of(participant, &space))
            .collect(),
        campaign: CampaignFacts::of(&campaign, owner, &space),
    }))
}

/// Lets nobody enter any more.
pub async fn archive(
    space: Space,
    Path((_, campaign)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = read(&campaign)?;
    space
        .visitor
        .app
        .campaigns
        .archive(&space.member, id)
        .await?;
    let to = space.at(&format!("/parcours/{id}"));
    Ok(space.visitor.done(&to, "success", "campaign-archived"))
}

/// Lets pupils enter again.
pub async fn reopen(
    space: Space,
    Path((_, campaign)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = read(&campaign)?;
    space
        .visitor
        .app
        .campaigns
        .reopen(&space.member, id)
        .await?;
    let to = space.at(&format!("/parcours/{id}"));
    Ok(space.visitor.done(&to, "success", "campaign-reopened"))
}

/// A campaign's id in an address.
fn read(id: &str) -> Result<CampaignId, Problem> {
    CampaignId::parse(id).map_err(|_| Problem::NotFound)
}

/// The page asked for, or the last one when there are fewer.
async fn participants(
    space: &Space,
    campaign: CampaignId,
    asked: u32,
    present_only: bool,
) -> Result<(u32, ParticipantsPage), Problem> {
    let campaigns = &space.visitor.app.campaigns;
    let found = campaigns
        .participants(&space.member, campaign, asked, present_only)
        .await?;
    let last = found
        .asked(present_only)
        .div_ceil(PARTICIPANTS_PER_PAGE)
        .max(1);
    if asked <= last {
        return Ok((asked, found));
    }
    let found = campaigns
        .participants(&space.member, campaign, last, present_only)
        .await?;
    Ok((last, found))
}

impl CampaignLine {
    fn of(listed: ListedCampaign, space: &Space) -> Self {
        let campaign = listed.campaign;
        Self {
            url: space.at(&format!("/parcours/{}", campaign.id)),
            code: campaign.code.to_string(),
            created_on: long_day_of(campaign.created_at),
            title: campaign.texts.title,
            owner: listed.owner_name,
            participants: listed.participants,
        }
    }
}

impl CampaignFacts {
    fn of(campaign: &Campaign, owner: String, space: &Space) -> Self {
        let texts = &campaign.texts;
        let destination = texts.destination.as_ref();
        let public_url = &space.visitor.app.settings.public_url;
        Self {
            title: texts.title.clone(),
            introduction: texts.introduction.clone().unwrap_or_default(),
            destination: destination.map_or_else(String::new, |to| to.as_str().to_owned()),
            code: campaign.code.to_string(),
            link: format!("{public_url}/parcours/{}", campaign.code),
            owner,
            created_on: long_day_of(campaign.created_at),
            archived: campaign.archived_at.is_some(),
        }
    }
}

impl ParticipantLine {
    fn of(participant: Participant, space: &Space) -> Self {
        Self {
            url: space.at(&format!("/eleves/{}", participant.student_id)),
            left_on: participant.left_on.map_or_else(String::new, long_day),
            last_name: participant.last_name,
            first_name: participant.first_name,
            division: participant.division,
            entered_at: long_instant(participant.entered_at),
        }
    }
}

#[cfg(test)]
pub mod samples;
