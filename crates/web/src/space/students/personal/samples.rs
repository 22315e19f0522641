//! Samples of the question before a pupil is erased.

use super::ErasePage;
use crate::samples::{AWKWARD, Sample, space_page};

/// The question.
pub fn samples() -> Vec<Sample> {
    let page = ErasePage {
        page: space_page("students"),
        heading: AWKWARD.to_owned(),
        back_url: "/espace/1/eleves/1".to_owned(),
        action: "/espace/1/eleves/1/effacer".to_owned(),
    };
    vec![Sample::new("pages/students/erase.html", "asked", &page)]
}
