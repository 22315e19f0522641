//! Roles, removals, leaving, working alone.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::team::Role;
use pix_orga_domain::team::use_cases::TeamRefusal;
use serde::Deserialize;

use super::read_role;
use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::{text, text_with};
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/confirm.html")]
pub(super) struct ConfirmPage {
    pub(super) page: Page,
    pub(super) heading: String,
    pub(super) text: String,
    pub(super) action: String,
    pub(super) confirm: String,
    pub(super) danger: bool,
    pub(super) back_url: String,
    pub(super) back_label: String,
}

/// A role, as sent.
#[derive(Deserialize)]
pub struct RoleForm {
    #[serde(default)]
    role: String,
}

/// Gives a member another role.
pub async fn change_role(
    space: Space,
    Path((_, account)): Path<(String, String)>,
    Checked(form): Checked<RoleForm>,
) -> Result<Response, Problem> {
    let account = AccountId::parse(&account).map_err(|_| Problem::NotFound)?;
    let role = read_role(&form.role).ok_or(Problem::Refused("role_unknown"))?;
    let teams = &space.visitor.app.teams;
    let done = match role {
        Role::Administrator => "now-administrator",
        Role::Member => "now-member",
    };
    let outcome = teams.change_role(&space.member, account, role).await;
    answer(&space, outcome, &space.at("/equipe"), done)
}

/// Asks whether to remove a member.
pub async fn remove_page(
    space: Space,
    Path((_, account)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let account = AccountId::parse(&account).map_err(|_| Problem::NotFound)?;
    if account == space.member.account.id {
        return Ok(Redirect::to(&space.at("/equipe/quitter")).into_response());
    }
    space
        .member
        .require_administrator(Problem::Refused("role_insufficient"))?;
    let people = space.visitor.app.teams.people(&space.member).await?;
    let (_, person) = people
        .into_iter()
        .find(|(membership, _)| membership.account_id == account)
        .ok_or(Problem::NotFound)?;
    let name = person.full_name();
    Ok(render(&ConfirmPage {
        page: space.page(&text("team-remove-title"), "team"),
        heading: text_with("team-remove-heading", &[("name", name.into())]),
        text: text("team-remove-text"),
        action: space.at(&format!("/equipe/membres/{account}/retirer")),
        confirm: text("team-remove-confirm"),
        danger: true,
        back_url: space.at("/equipe"),
        back_label: text("team-back"),
    }))
}

/// Removes a member.
pub async fn remove(
    space: Space,
    Path((_, account)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let account = AccountId::parse(&account).map_err(|_| Problem::NotFound)?;
    if account == space.member.account.id {
        return leave(space, Checked(Nothing {})).await;
    }
    let outcome = space.visitor.app.teams.remove(&space.member, account).await;
    answer(&space, outcome, &space.at("/equipe"), "member-removed")
}

/// Asks whether to leave.
pub async fn leave_page(space: Space) -> Response {
    render(&ConfirmPage {
        page: space.page(&text("team-leave-title"), "team"),
        heading: text("team-leave-heading"),
        text: text("team-leave-text"),
        action: space.at("/equipe/quitter"),
        confirm: text("team-leave-confirm"),
        danger: true,
        back_url: space.at("/equipe"),
        back_label: text("team-back"),
    })
}

/// Leaves the school.
pub async fn leave(space: Space, Checked(_): Checked<Nothing>) -> Result<Response, Problem> {
    let outcome = space.visitor.app.teams.leave(&space.member).await;
    answer(&space, outcome, "/espaces", "left")
}

/// « Je travaille seul pour l'instant ».
pub async fn work_alone(space: Space, Checked(_): Checked<Nothing>) -> Result<Response, Problem> {
    space
        .visitor
        .app
        .organizations
        .work_alone(&space.member)
        .await?;
    Ok(space.visitor.done(&space.at(""), "success", "works-alone"))
}

/// On to `to`, or back to the team when the school would lose its last administrator.
fn answer(
    space: &Space,
    outcome: Result<(), Denied<TeamRefusal>>,
    to: &str,
    done: &str,
) -> Result<Response, Problem> {
    match outcome {
        Ok(()) => Ok(space.visitor.done(to, "success", done)),
        Err(Denied::Refused(refusal @ TeamRefusal::LastAdministrator)) => {
            Ok(space.visitor.refused(&space.at("/equipe"), refusal.code()))
        }
        Err(other) => Err(other.into()),
    }
}
