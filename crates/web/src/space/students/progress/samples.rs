//! Samples of an import that runs, whole or as its page is sent piece by piece.

use askama::Template as _;

use super::{EndPart, Phase, PhasePart, ProgressPage};
use crate::samples::{AWKWARD, Sample, space_page};
use crate::views::Action;

/// Where the pieces come.
const MARK: &str = "<!-- phases -->";

/// As it stands; then with a phase and each end sent afterwards.
pub fn samples() -> Vec<Sample> {
    let template = "pages/students/import_progress.html";
    let page = ProgressPage {
        page: space_page("students"),
        heading: AWKWARD.to_owned(),
        file_name: AWKWARD.to_owned(),
        started_at: "1er septembre 2026 à 10 h 00".to_owned(),
        phases: ["done", "running", "failed"].map(phase).into(),
    };
    let sent = page.render().unwrap();
    let mut samples = vec![Sample::new(template, "as it stands", &page)];
    for kind in ["success", "warning", "error"] {
        let phase = PhasePart {
            phase: phase("done"),
        };
        let end = EndPart {
            heading: AWKWARD.to_owned(),
            text: AWKWARD.to_owned(),
            kind,
            action: Action::new("/espace/1/eleves", AWKWARD),
        };
        let pieces = phase.render().unwrap() + &end.render().unwrap();
        assert!(sent.contains(MARK), "no place for what comes next");
        samples.push(Sample::rendered(
            template,
            kind,
            sent.replace(MARK, &pieces),
        ));
    }
    samples
}

fn phase(state: &'static str) -> Phase {
    Phase {
        state,
        title: AWKWARD.to_owned(),
        detail: AWKWARD.to_owned(),
        duration: "2 s".to_owned(),
    }
}
