//! Samples of the problem pages.

use super::{ProblemPage, PupilProblemPage};
use crate::samples::{AWKWARD, Sample, public_page};
use crate::views::Action;

/// For adults, with and without a code to tell; for pupils.
pub fn samples() -> Vec<Sample> {
    let page = |code: &str, actions| ProblemPage {
        page: public_page(),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        code: code.to_owned(),
        actions,
    };
    let pupil = |actions| PupilProblemPage {
        page: public_page(),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        actions,
    };
    let (template, for_pupil) = ("pages/problem.html", "pages/pupil/problem.html");
    let actions = vec![
        Action::new("/espaces", "Aller à mon espace"),
        Action::new("/connexion", "Se connecter"),
    ];
    vec![
        Sample::new(template, "refused", &page("not_found", actions.clone())),
        Sample::new(template, "bare", &page("", Vec::new())),
        Sample::new(for_pupil, "refused", &pupil(actions)),
        Sample::new(for_pupil, "bare", &pupil(Vec::new())),
    ]
}
