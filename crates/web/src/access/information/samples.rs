//! Samples of the pages everybody can read.

use super::{AccessibilityPage, PersonalDataPage, TermsPage};
use crate::access::terms::samples::document;
use crate::samples::{Sample, public_page};

/// One each.
pub fn samples() -> Vec<Sample> {
    let page = public_page;
    let documents = vec![document(), document()];
    vec![
        Sample::new(
            "pages/conditions.html",
            "both",
            &TermsPage {
                page: page(),
                documents,
            },
        ),
        Sample::new(
            "pages/accessibility.html",
            "only",
            &AccessibilityPage { page: page() },
        ),
        Sample::new(
            "pages/personal_data.html",
            "only",
            &PersonalDataPage { page: page() },
        ),
    ]
}
