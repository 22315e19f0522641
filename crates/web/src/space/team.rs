//! « Équipe »: who is in the space, who is invited, and what administrators do about it.

mod invite;
mod members;
mod pending;

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use pix_orga_domain::account::Account;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::invitation::{Invitation, InvitationKind};
use pix_orga_domain::outbox::Delivery;
use pix_orga_domain::team::{Membership, Role};

use crate::app::SharedApp;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::{long_day_of, long_instant};
use crate::visitor::Space;

/// Its addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/espace/{organization}/equipe", get(team))
        .route(
            "/espace/{organization}/equipe/inviter",
            get(invite::form).post(invite::send),
        )
        .route(
            "/espace/{organization}/equipe/invitations/{id}/renvoyer",
            post(pending::resend),
        )
        .route(
            "/espace/{organization}/equipe/invitations/{id}/annuler",
            post(pending::cancel),
        )
        .route(
            "/espace/{organization}/equipe/membres/{account}/role",
            post(members::change_role),
        )
        .route(
            "/espace/{organization}/equipe/membres/{account}/retirer",
            get(members::remove_page).post(members::remove),
        )
        .route(
            "/espace/{organization}/equipe/quitter",
            get(members::leave_page).post(members::leave),
        )
        .route(
            "/espace/{organization}/equipe/seul",
            post(members::work_alone),
        )
}

#[derive(Template)]
#[template(path = "pages/team/team.html")]
struct TeamPage {
    page: Page,
    members: Vec<MemberLine>,
    invitations: Vec<InvitationLine>,
    manages: bool,
    email_unconfirmed: bool,
    may_leave: bool,
}

/// A person of the team, as the list shows them.
struct MemberLine {
    id: String,
    name: String,
    email: String,
    role: String,
    administrator: bool,
    invited_address: String,
    joined_on: String,
    me: bool,
    last_administrator: bool,
}

/// An invitation that waits, as the list shows it.
struct InvitationLine {
    id: String,
    email: String,
    role: String,
    inviter: String,
    sent_at: String,
    expired: bool,
    expires_on: String,
    delivery_kind: &'static str,
    delivery: String,
    failure: String,
}

/// The page.
async fn team(space: Space) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let page = space.page(&text("team-title"), "team");
    let administers = page.is_admin();
    let people = app.teams.people(&space.member).await?;
    let invitations = if administers {
        invitation_lines(&space, &people).await?
    } else {
        Vec::new()
    };
    let me = space.member.account.id;
    let members = member_lines(&people, me, administers);
    let email_unconfirmed = administers && space.member.account.email_confirmed_at.is_none();
    Ok(render(&TeamPage {
        may_leave: members
            .iter()
            .any(|member| member.me && !member.last_administrator),
        manages: administers && !email_unconfirmed,
        email_unconfirmed,
        members,
        invitations,
        page,
    }))
}

/// The people of the team. Only administrators see the address an invitation was sent to.
fn member_lines(
    people: &[(Membership, Account)],
    me: AccountId,
    administers: bool,
) -> Vec<MemberLine> {
    let administrators = people
        .iter()
        .filter(|(membership, _)| membership.role == Role::Administrator)
        .count();
    people
        .iter()
        .map(|(membership, account)| {
            let administrator = membership.role == Role::Administrator;
            let elsewhere = membership
                .invited_as
                .as_ref()
                .filter(|address| administers && **address != account.email);
            MemberLine {
                id: account.id.to_string(),
                name: account.full_name(),
                email: account.email.as_str().to_owned(),
                role: role_label(membership.role),
                administrator,
                invited_address: elsewhere
                    .map_or_else(String::new, |address| address.as_str().to_owned()),
                joined_on: long_day_of(membership.joined_at),
                me: account.id == me,
                last_administrator: administrator && administrators == 1,
            }
        })
        .collect()
}

async fn invitation_lines(
    space: &Space,
    people: &[(Membership, Account)],
) -> Result<Vec<InvitationLine>, Problem> {
    let app = &space.visitor.app;
    let now = app.invitations.clock.now();
    let mut names: HashMap<AccountId, String> = people
        .iter()
        .map(|(_, account)| (account.id, account.full_name()))
        .collect();
    let mut lines = Vec::new();
    for (invitation, delivery) in app.invitations.list(&space.member).await? {
        let inviter = match invitation.kind {
            InvitationKind::Establishment => text("team-inviter-pix"),
            InvitationKind::Member { invited_by, .. } => {
                if let Some(name) = names.get(&invited_by) {
                    name.clone()
                } else {
                    let found = app.invitations.inviter(invited_by).await?;
                    let name = found.map_or_else(|| text("team-inviter-gone"), |a| a.full_name());
                    names.insert(invited_by, name.clone());
                    name
                }
            }
        };
        lines.push(invitation_line(
            &invitation,
            delivery,
            inviter,
            !invitation.is_open(now),
        ));
    }
    Ok(lines)
}

fn invitation_line(
    invitation: &Invitation,
    delivery: Delivery,
    inviter: String,
    expired: bool,
) -> InvitationLine {
    let (delivery_kind, delivery, failure) = match delivery {
        Delivery::Queued => ("warning", text("team-delivery-queued"), String::new()),
        Delivery::Delayed { reason, .. } => ("warning", text("team-delivery-delayed"), reason),
        Delivery::Sent { .. } => ("success", text("team-delivery-sent"), String::new()),
        Delivery::Failed { reason, .. } => ("error", text("team-delivery-failed"), reason),
    };
    InvitationLine {
        id: invitation.id.to_string(),
        email: invitation.address.as_str().to_owned(),
        role: role_label(invitation.kind.role()),
        inviter,
        sent_at: long_instant(invitation.last_sent_at()),
        expired,
        expires_on: long_day_of(invitation.expires_at),
        delivery_kind,
        delivery,
        failure,
    }
}

/// A role, as a list shows it.
fn role_label(role: Role) -> String {
    text(match role {
        Role::Administrator => "team-role-administrator",
        Role::Member => "team-role-member",
    })
}

/// A role, as forms send it.
fn read_role(code: &str) -> Option<Role> {
    match code {
        "administrator" => Some(Role::Administrator),
        "member" => Some(Role::Member),
        _ => None,
    }
}

#[cfg(test)]
pub mod samples;
