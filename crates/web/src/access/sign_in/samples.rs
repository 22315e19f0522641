//! Samples of signing in.

use super::{SignInPage, SpacesPage};
use crate::samples::{AWKWARD, Sample, errors, public_page};
use crate::views::SpaceChoice;

/// The form in each state, and the choice of a school.
pub fn samples() -> Vec<Sample> {
    let form = |errors, next: &str| SignInPage {
        page: public_page(),
        errors,
        email: AWKWARD.to_owned(),
        next: next.to_owned(),
    };
    let school = SpaceChoice {
        url: "/espace/1".to_owned(),
        name: AWKWARD.to_owned(),
        commune: AWKWARD.to_owned(),
        uai: "0690132U".to_owned(),
        role: "administrateur".to_owned(),
    };
    let spaces = |schools| SpacesPage {
        page: public_page(),
        schools,
    };
    let (sign_in, schools) = ("pages/sign_in.html", "pages/account/schools.html");
    vec![
        Sample::new(sign_in, "fresh", &form(errors(&[]), "")),
        Sample::new(
            sign_in,
            "refused",
            &form(errors(&["email"]), "/espace/1?a=\"b\""),
        ),
        Sample::new(schools, "two", &spaces(vec![school.clone(), school])),
        Sample::new(schools, "none", &spaces(Vec::new())),
    ]
}
