//! Samples of the guide.

use super::DocumentationPage;
use crate::samples::{Sample, member_page, space_page};

/// With and without the delegation's address.
pub fn samples() -> Vec<Sample> {
    let sample = |state, page| {
        Sample::new(
            "pages/documentation.html",
            state,
            &DocumentationPage { page },
        )
    };
    vec![
        sample("administrator", space_page("documentation")),
        sample("member", member_page("documentation")),
    ]
}
