//! Samples of entering by a code or a link.

use super::{CodePage, DoorPage, LinkedPage};
use crate::samples::{AWKWARD, Sample, errors, public_page};

/// The door, the code in each state, and each welcome.
pub fn samples() -> Vec<Sample> {
    let code = |errors, first_name: &str| CodePage {
        page: public_page(),
        errors,
        code: AWKWARD.to_owned(),
        first_name: first_name.to_owned(),
    };
    let address = Some("https://app.example.org/campagnes/ABCDEF234");
    let linked = |division: Option<&str>, destination: Option<&str>| LinkedPage {
        page: public_page(),
        first_name: AWKWARD.to_owned(),
        division: division.map(str::to_owned),
        campaign: AWKWARD.to_owned(),
        introduction: vec![AWKWARD.to_owned(), AWKWARD.to_owned()],
        destination: destination.map(str::to_owned),
    };
    let nameless = LinkedPage {
        first_name: String::new(),
        ..linked(None, address)
    };
    let door = DoorPage {
        page: public_page(),
        sign_in_url: "/gar/connexion",
    };
    let (code_template, linked_template) = ("pages/pupil/code.html", "pages/pupil/linked.html");
    vec![
        Sample::new("pages/pupil/door.html", "only", &door),
        Sample::new(code_template, "fresh", &code(errors(&[]), AWKWARD)),
        Sample::new(code_template, "refused", &code(errors(&["code"]), "")),
        Sample::new(linked_template, "just now", &linked(Some(AWKWARD), address)),
        Sample::new(linked_template, "no class", &linked(Some(""), None)),
        Sample::new(linked_template, "known", &linked(None, address)),
        Sample::new(linked_template, "nameless", &nameless),
    ]
}
