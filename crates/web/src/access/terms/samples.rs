//! Samples of Pix Orga's terms.

use super::TermsPage;
use crate::samples::{AWKWARD, Sample, errors, public_page};
use crate::views::{SchoolCard, TermsText, TextBlock};

/// A text with each kind of block.
pub fn document() -> TermsText {
    TermsText {
        heading: AWKWARD.to_owned(),
        version: "2026-09".to_owned(),
        blocks: ["title", "text", "item"]
            .into_iter()
            .map(|kind| TextBlock {
                kind,
                text: AWKWARD.to_owned(),
            })
            .collect(),
    }
}

/// A school.
pub fn school() -> SchoolCard {
    SchoolCard {
        name: AWKWARD.to_owned(),
        commune: AWKWARD.to_owned(),
        uai: "0690132U".to_owned(),
    }
}

/// The first time, the box forgotten, and a new version.
pub fn samples() -> Vec<Sample> {
    let page = |errors, renewed| TermsPage {
        page: public_page(),
        errors,
        school: school(),
        document: document(),
        renewed,
        action: "/espace/1/conditions".to_owned(),
    };
    let template = "pages/terms.html";
    vec![
        Sample::new(template, "first", &page(errors(&[]), false)),
        Sample::new(template, "forgotten", &page(errors(&["accept"]), false)),
        Sample::new(template, "renewed", &page(errors(&[]), true)),
    ]
}
