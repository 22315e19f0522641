//! Samples of a sign-in refused, and of the end.

use super::{GoodbyePage, NotAPupilPage, RefusedPage};
use crate::samples::{AWKWARD, Sample, public_page};
use crate::views::Action;

/// For a pupil, for an adult; after signing out.
pub fn samples() -> Vec<Sample> {
    let refused = RefusedPage {
        page: public_page(),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        actions: vec![Action::new("/gar/login", AWKWARD)],
    };
    let adult = NotAPupilPage {
        page: public_page(),
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
    };
    let goodbye = GoodbyePage {
        page: public_page(),
    };
    vec![
        Sample::new("pages/pupil/sign_in_refused.html", "only", &refused),
        Sample::new("pages/pupil/not_a_pupil.html", "only", &adult),
        Sample::new("pages/pupil/goodbye.html", "only", &goodbye),
    ]
}
