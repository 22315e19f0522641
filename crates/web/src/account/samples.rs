//! Samples of « Mon compte ».

use super::AccountPage;
use crate::samples::{AWKWARD, Sample, errors, public_page};
use crate::views::SpaceChoice;

/// Proved and in a school; not yet proved and in none, with a form refused.
pub fn samples() -> Vec<Sample> {
    let page = |errors, email_confirmed, schools| AccountPage {
        page: public_page(),
        errors,
        name: AWKWARD.to_owned(),
        email: AWKWARD.to_owned(),
        email_confirmed,
        schools,
    };
    let school = SpaceChoice {
        url: "/espace/1".to_owned(),
        name: AWKWARD.to_owned(),
        commune: AWKWARD.to_owned(),
        uai: "0690132U".to_owned(),
        role: "membre".to_owned(),
    };
    let template = "pages/account/account.html";
    let refused = errors(&["current", "password"]);
    vec![
        Sample::new(template, "proved", &page(errors(&[]), true, vec![school])),
        Sample::new(template, "to prove", &page(refused, false, Vec::new())),
    ]
}
