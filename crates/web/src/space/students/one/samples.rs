//! Samples of a pupil's page.

use super::{EnteredLine, LinkFacts, StudentFacts, StudentPage};
use crate::page::Page;
use crate::samples::{AWKWARD, Sample, errors, member_page, space_page};
use crate::views::FormErrors;

/// Linked as each sees it, moved lately, with a reason refused; not linked, and gone.
pub fn samples() -> Vec<Sample> {
    let template = "pages/students/one.html";
    let administrator = || space_page("students");
    let sample = |state, page: &StudentPage| Sample::new(template, state, page);
    vec![
        sample(
            "linked",
            &page(administrator(), errors(&[]), Some(link(false))),
        ),
        sample(
            "moved",
            &page(administrator(), errors(&[]), Some(link(true))),
        ),
        sample(
            "no reason",
            &page(administrator(), errors(&["reason"]), Some(link(false))),
        ),
        sample(
            "linked, to a member",
            &page(member_page("students"), errors(&[]), Some(link(true))),
        ),
        sample("not linked", &page(administrator(), errors(&[]), None)),
    ]
}

fn link(can_move_back: bool) -> LinkFacts {
    LinkFacts {
        since: "1er septembre 2026".to_owned(),
        account: AWKWARD.to_owned(),
        divisions: AWKWARD.to_owned(),
        signed_in_on: "2 septembre 2026".to_owned(),
        can_move_back,
    }
}

/// A pupil of whom all is known when they are linked, and almost nothing when they are not.
fn page(page: Page, errors: FormErrors, link: Option<LinkFacts>) -> StudentPage {
    let known = |text: &str| {
        if link.is_some() {
            text.to_owned()
        } else {
            String::new()
        }
    };
    let campaign = || EnteredLine {
        title: AWKWARD.to_owned(),
        url: "/espace/1/parcours/1".to_owned(),
        entered_on: "1er septembre 2026".to_owned(),
    };
    StudentPage {
        page,
        errors,
        student: StudentFacts {
            last_name: AWKWARD.to_owned(),
            first_name: AWKWARD.to_owned(),
            usage_name: known(AWKWARD),
            other_first_names: known(AWKWARD),
            birthdate: "07/12/2012".to_owned(),
            sex: known("Fille"),
            division: known(AWKWARD),
            ine: known("123456789AB"),
            siecle_number: "1234".to_owned(),
            leaves_on: known("1er juin 2027"),
            left_on: if link.is_none() { "3 mars 2026" } else { "" }.to_owned(),
        },
        campaigns: link.iter().map(|_| campaign()).collect(),
        link,
        reason: AWKWARD.to_owned(),
        unlink_action: "/espace/1/eleves/1/defaire".to_owned(),
        move_back_action: "/espace/1/eleves/1/rendre".to_owned(),
        export_action: "/espace/1/eleves/1/donnees".to_owned(),
        erase_url: "/espace/1/eleves/1/effacer".to_owned(),
    }
}
