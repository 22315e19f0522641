//! Samples of « Mes parcours ».

use super::{MineLine, MinePage};
use crate::samples::{AWKWARD, Sample, public_page};

/// One that goes on and one that is over; none.
pub fn samples() -> Vec<Sample> {
    let line = |open| MineLine {
        title: AWKWARD.to_owned(),
        school_name: AWKWARD.to_owned(),
        entered_on: "1er septembre 2026".to_owned(),
        url: "/parcours/ABCDEF234".to_owned(),
        open,
    };
    let page = |campaigns| MinePage {
        page: public_page(),
        first_name: AWKWARD.to_owned(),
        campaigns,
    };
    let nameless = MinePage {
        first_name: String::new(),
        ..page(Vec::new())
    };
    let template = "pages/pupil/mine.html";
    vec![
        Sample::new(template, "two", &page(vec![line(true), line(false)])),
        Sample::new(template, "none", &page(Vec::new())),
        Sample::new(template, "nameless", &nameless),
    ]
}
