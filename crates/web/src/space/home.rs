//! « Accueil »: the four steps and what remains.

use askama::Template;
use axum::response::Response;
use pix_orga_domain::organization::onboarding::OnboardingFacts;

use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::{Action, Step};
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/space/home.html")]
struct HomePage {
    page: Page,
    steps: Vec<Step>,
    done: usize,
    ready: bool,
    may_work_alone: bool,
    pending_requests: u32,
    students: u32,
    linked: u32,
}

/// The page.
pub async fn home(space: Space) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let facts = app.organizations.onboarding(&space.member).await?;
    let classes = app.rosters.classes(&space.member).await?;
    let page = space.page("Accueil", "home");
    let steps = steps(&space, &facts);
    let done = steps.iter().filter(|step| step.state == "done").count();
    let only_team_left = done + 1 == steps.len() && !facts.team_ready;
    Ok(render(&HomePage {
        done,
        ready: done == steps.len(),
        may_work_alone: only_team_left && page.is_admin(),
        pending_requests: page
            .space
            .as_ref()
            .map_or(0, |chrome| chrome.pending_requests),
        students: classes.iter().map(|class| class.present).sum(),
        linked: classes.iter().map(|class| class.linked).sum(),
        steps,
        page,
    }))
}

/// The four steps: the two that led here are done; the first of the others that is not is to do now.
fn steps(space: &Space, facts: &OnboardingFacts) -> Vec<Step> {
    let roster = match (
        facts.roster_imported,
        facts.campaign_created,
        facts.first_pupil_linked,
    ) {
        (false, _, _) => (
            "import",
            Action::new(space.at("/eleves"), text("home-action-import")),
        ),
        (true, false, _) => (
            "campaign",
            Action::new(space.at("/parcours/nouveau"), text("home-action-campaign")),
        ),
        (true, true, false) => (
            "pupils",
            Action::new(space.at("/parcours"), text("home-action-pupils")),
        ),
        (true, true, true) => (
            "linked",
            Action::new(space.at("/eleves"), text("home-action-students")),
        ),
    };
    let steps = [
        (
            "home-step-invitation",
            text("home-invitation-done"),
            true,
            None,
        ),
        ("home-step-account", text("home-account-done"), true, None),
        (
            "home-step-roster",
            text(&format!("home-roster-{}", roster.0)),
            facts.roster_imported && facts.first_pupil_linked,
            Some(roster.1),
        ),
        (
            "home-step-team",
            text(if facts.team_ready {
                "home-team-done"
            } else {
                "home-team-todo"
            }),
            facts.team_ready,
            Some(Action::new(space.at("/equipe"), text("home-action-team"))),
        ),
    ];
    let mut current_found = false;
    steps
        .into_iter()
        .map(|(title, what, done, action)| {
            let state = match (done, current_found) {
                (true, _) => "done",
                (false, false) => "current",
                (false, true) => "todo",
            };
            current_found |= !done;
            Step {
                state,
                title: text(title),
                text: what,
                action,
            }
        })
        .collect()
}
