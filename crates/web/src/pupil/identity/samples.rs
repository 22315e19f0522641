//! Samples of checking who a pupil is.

use super::{IdentityPage, NeutralPage, RequestSentPage};
use crate::samples::{AWKWARD, Sample, errors, public_page};
use crate::views::FormErrors;

/// The question, the one neutral answer with and without tries left, and the request.
pub fn samples() -> Vec<Sample> {
    let (identity, neutral) = ("pages/pupil/identity.html", "pages/pupil/neutral.html");
    let sent = RequestSentPage {
        page: public_page(),
        campaign: AWKWARD.to_owned(),
        correct_url: "/parcours/ABCDEF234".to_owned(),
    };
    let nameless = IdentityPage {
        first_name: String::new(),
        last_name: String::new(),
        ..identity_page(errors(&[]), None)
    };
    let wrong = || errors(&["birthdate"]);
    vec![
        Sample::new(identity, "fresh", &identity_page(errors(&[]), None)),
        Sample::new(identity, "refused", &identity_page(wrong(), Some(AWKWARD))),
        Sample::new(identity, "nameless", &nameless),
        Sample::new(neutral, "tries left", &neutral_page(errors(&[]), true)),
        Sample::new(neutral, "refused", &neutral_page(wrong(), true)),
        Sample::new(neutral, "no more", &neutral_page(errors(&[]), false)),
        Sample::new("pages/pupil/request_sent.html", "only", &sent),
    ]
}

fn identity_page(errors: FormErrors, note: Option<&str>) -> IdentityPage {
    IdentityPage {
        page: public_page(),
        errors,
        note: note.map(str::to_owned),
        campaign: AWKWARD.to_owned(),
        school_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        last_name: AWKWARD.to_owned(),
        day: AWKWARD.to_owned(),
        month: AWKWARD.to_owned(),
        year: AWKWARD.to_owned(),
        action: "/parcours/ABCDEF234".to_owned(),
        not_me_action: "/parcours/ABCDEF234/pas-moi".to_owned(),
    }
}

fn neutral_page(errors: FormErrors, tries_left: bool) -> NeutralPage {
    NeutralPage {
        page: public_page(),
        errors,
        tries_left,
        no_more: AWKWARD.to_owned(),
        day: AWKWARD.to_owned(),
        month: AWKWARD.to_owned(),
        year: AWKWARD.to_owned(),
        action: "/parcours/ABCDEF234".to_owned(),
        request_action: "/parcours/ABCDEF234/demande".to_owned(),
    }
}
