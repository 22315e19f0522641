//! « Accueil »: the four steps and what remains.

use askama::Template;
use axum::response::Response;
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::roster::listing::{ClassCount, ConnectionKind};
use pix_orga_domain::roster::source::RosterSource;

use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::{text, text_with};
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
    pupils: Pupils,
}

/// How far the pupils are; nobody before the first import.
#[derive(Default)]
struct Pupils {
    total: u32,
    linked: u32,
    never_came: u32,
}

/// The page.
pub async fn home(space: Space) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let facts = app.organizations.onboarding(&space.member).await?;
    let classes = app.rosters.classes(&space.member).await?;
    let page = space.page(&text("menu-home"), "home");
    let steps = steps(|path| space.at(path), &facts, space.source());
    let view = HomePage::new(page, steps, facts.team_ready, Pupils::of(&classes));
    Ok(render(&view))
}

impl Pupils {
    fn of(classes: &[ClassCount]) -> Self {
        Self {
            total: ClassCount::pupils(classes, None),
            linked: ClassCount::pupils(classes, Some(ConnectionKind::Linked)),
            never_came: ClassCount::pupils(classes, Some(ConnectionKind::NotLinked)),
        }
    }
}

impl HomePage {
    fn new(page: Page, steps: Vec<Step>, team_ready: bool, pupils: Pupils) -> Self {
        let done = steps.iter().filter(|step| step.state == "done").count();
        let only_team_left = done + 1 == steps.len() && !team_ready;
        Self {
            done,
            ready: done == steps.len(),
            may_work_alone: only_team_left && page.is_admin(),
            pending_requests: page
                .space
                .as_ref()
                .map_or(0, |chrome| chrome.pending_requests),
            pupils,
            steps,
            page,
        }
    }
}

/// The four steps: the two that led here are done; the first of the others that is not is to do now.
fn steps(at: impl Fn(&str) -> String, facts: &OnboardingFacts, source: RosterSource) -> Vec<Step> {
    let roster = match (
        facts.roster_imported,
        facts.campaign_created,
        facts.first_pupil_linked,
    ) {
        (false, _, _) => (
            "import",
            Action::new(at("/eleves"), text("home-action-import")),
        ),
        (true, false, _) => (
            "campaign",
            Action::new(at("/parcours/nouveau"), text("home-action-campaign")),
        ),
        (true, true, false) => (
            "pupils",
            Action::new(at("/parcours"), text("home-action-pupils")),
        ),
        (true, true, true) => (
            "linked",
            Action::new(at("/eleves"), text("home-action-students")),
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
            text_with(
                &format!("home-roster-{}", roster.0),
                &[("system", source.name().into())],
            ),
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
            Some(Action::new(at("/equipe"), text("home-action-team"))),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn states(facts: OnboardingFacts) -> [&'static str; 4] {
        let steps = steps(str::to_owned, &facts, RosterSource::Siecle);
        std::array::from_fn(|index| steps[index].state)
    }

    #[test]
    fn the_first_step_that_is_not_done_is_the_one_to_do_now() {
        let joined = OnboardingFacts::default();
        assert_eq!(states(joined), ["done", "done", "current", "todo"]);
        let imported = OnboardingFacts {
            roster_imported: true,
            ..joined
        };
        assert_eq!(states(imported), ["done", "done", "current", "todo"]);
        let team_first = OnboardingFacts {
            team_ready: true,
            ..imported
        };
        assert_eq!(states(team_first), ["done", "done", "current", "done"]);
        let linked = OnboardingFacts {
            first_pupil_linked: true,
            ..imported
        };
        assert_eq!(states(linked), ["done", "done", "done", "current"]);
        let ready = OnboardingFacts {
            team_ready: true,
            ..linked
        };
        assert_eq!(states(ready), ["done"; 4]);
    }

    #[test]
    fn working_alone_is_offered_to_administrators_when_only_the_team_is_left() {
        let facts = OnboardingFacts {
            roster_imported: true,
            first_pupil_linked: true,
            ..OnboardingFacts::default()
        };
        let offered = |page, facts: &OnboardingFacts| {
            let steps = steps(str::to_owned, facts, RosterSource::Siecle);
            HomePage::new(page, steps, facts.team_ready, Pupils::default()).may_work_alone
        };
        assert!(offered(crate::samples::space_page("home"), &facts));
        assert!(!offered(crate::samples::member_page("home"), &facts));
        let empty = OnboardingFacts::default();
        assert!(!offered(crate::samples::space_page("home"), &empty));
    }
}

#[cfg(test)]
pub mod samples;
