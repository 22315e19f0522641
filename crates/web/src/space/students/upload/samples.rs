//! Samples of choosing a file.

use super::{ChoosePage, Refused};
use crate::samples::{AWKWARD, Sample, errors, fregata_page, space_page};
use crate::views::Action;

/// The first time; nothing chosen; a file refused.
pub fn samples() -> Vec<Sample> {
    let page = |errors, refusal, first| ChoosePage {
        page: space_page("students"),
        errors,
        action: "/espace/1/eleves/importer".to_owned(),
        refusal,
        limit: "64 Mo".to_owned(),
        accept: ".zip,.xml",
        first,
        demo_files: vec![Action::new("/demo/export.zip", AWKWARD)],
    };
    let refused = Refused {
        heading: AWKWARD.to_owned(),
        text: AWKWARD.to_owned(),
        advice: vec![AWKWARD.to_owned()],
    };
    let template = "pages/students/import_choose.html";
    let fregata = ChoosePage {
        page: fregata_page("students"),
        ..page(errors(&[]), None, true)
    };
    vec![
        Sample::new(template, "Fregata", &fregata),
        Sample::new(template, "first", &page(errors(&[]), None, true)),
        Sample::new(
            template,
            "nothing",
            &page(errors(&["fichier"]), None, false),
        ),
        Sample::new(
            template,
            "refused",
            &page(errors(&[]), Some(refused), false),
        ),
    ]
}
