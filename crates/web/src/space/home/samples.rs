//! Samples of « Accueil ».

use super::{HomePage, Pupils, steps};
use crate::page::Page;
use crate::samples::{SCHOOL_ID, Sample, member_page, space_page};
use pix_orga_domain::organization::onboarding::OnboardingFacts;
use pix_orga_domain::roster::source::RosterSource;

/// From an empty space to one that is ready.
pub fn samples() -> Vec<Sample> {
    let facts = OnboardingFacts {
        joined: true,
        terms_accepted: true,
        ..OnboardingFacts::default()
    };
    let linked = OnboardingFacts {
        roster_imported: true,
        campaign_created: true,
        first_pupil_linked: true,
        ..facts
    };
    let ready = OnboardingFacts {
        team_ready: true,
        ..linked
    };
    vec![
        sample("empty", member_page("home"), facts, [0, 0, 0]),
        sample("a pupil linked", space_page("home"), linked, [1, 1, 0]),
        sample("ready", space_page("home"), ready, [800, 2, 797]),
    ]
}

fn sample(
    state: &'static str,
    page: Page,
    facts: OnboardingFacts,
    [total, linked, never_came]: [u32; 3],
) -> Sample {
    let at = |path: &str| format!("/espace/{SCHOOL_ID}{path}");
    let steps = steps(at, &facts, RosterSource::Siecle);
    let pupils = Pupils {
        total,
        linked,
        never_came,
    };
    let page = HomePage::new(page, steps, facts.team_ready, pupils);
    Sample::new("pages/space/home.html", state, &page)
}
