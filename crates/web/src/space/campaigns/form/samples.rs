//! Samples of a campaign's form.

use super::FormPage;
use crate::samples::{AWKWARD, Sample, errors, space_page};

/// A new one, and a correction refused.
pub fn samples() -> Vec<Sample> {
    let page = |errors, new| FormPage {
        page: space_page("campaigns"),
        errors,
        new,
        title: AWKWARD.to_owned(),
        introduction: AWKWARD.to_owned(),
        destination: AWKWARD.to_owned(),
        action: "/espace/1/parcours/nouveau".to_owned(),
        back_url: "/espace/1/parcours".to_owned(),
    };
    let template = "pages/campaigns/form.html";
    let refused = errors(&["title", "introduction", "destination"]);
    vec![
        Sample::new(template, "new", &page(errors(&[]), true)),
        Sample::new(template, "refused", &page(refused, false)),
    ]
}
