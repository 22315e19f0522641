//! Samples of the first arrival.

use super::ArrivalPage;
use crate::samples::{AWKWARD, Sample, public_page};

/// On the way to a campaign, with a code to type, and without a first name.
pub fn samples() -> Vec<Sample> {
    let page = |first_name: &str, on_the_way| ArrivalPage {
        page: public_page(),
        first_name: first_name.to_owned(),
        on_the_way,
    };
    let template = "pages/pupil/arrival.html";
    vec![
        Sample::new(template, "on the way", &page(AWKWARD, true)),
        Sample::new(template, "with a code to type", &page(AWKWARD, false)),
        Sample::new(template, "without a first name", &page("", false)),
    ]
}
