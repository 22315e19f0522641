//! Samples of the problem page.

use super::ProblemPage;
use crate::samples::{AWKWARD, Sample, public_page};
use crate::views::Action;

/// With and without a code to tell.
pub fn samples() -> Vec<Sample> {
    let page = |code: &str, actions| ProblemPage {
        page: public_page(),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        code: code.to_owned(),
        actions,
    };
    let template = "pages/problem.html";
    let actions = vec![
        Action::new("/espaces", "Aller à mon espace"),
        Action::new("/connexion", "Se connecter"),
    ];
    vec![
        Sample::new(template, "refused", &page("not_found", actions)),
        Sample::new(template, "bare", &page("", Vec::new())),
    ]
}
