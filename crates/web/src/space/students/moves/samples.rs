//! Samples of links moved many at once.

use super::{
    AccountSeen, ClassFigure, ConfirmPage, DonePage, MovesPage, ProposedLine, RefusedLine,
};
use crate::page::Page;
use crate::samples::{AWKWARD, Sample, errors, member_page, space_page};
use crate::views::FormErrors;

/// The choice as each sees it, its figures, and what was done.
pub fn samples() -> Vec<Sample> {
    let list = "pages/students/moves.html";
    let (confirm, done) = (
        "pages/students/moves_confirm.html",
        "pages/students/moves_done.html",
    );
    let fresh = || errors(&[]);
    let page = || space_page("students");
    vec![
        Sample::new(list, "three", &moves(page(), fresh(), 3, false)),
        Sample::new(list, "twelve, ticked", &moves(page(), fresh(), 12, true)),
        Sample::new(
            list,
            "nothing chosen",
            &moves(page(), errors(&["choisi"]), 2, false),
        ),
        Sample::new(list, "none", &moves(page(), errors(&["choisi"]), 0, false)),
        Sample::new(
            list,
            "member",
            &moves(member_page("students"), fresh(), 2, false),
        ),
        Sample::new(confirm, "of two classes", &confirm_page(0)),
        Sample::new(confirm, "some left out", &confirm_page(2)),
        Sample::new(done, "some refused", &done_page(12, 2, 0)),
        Sample::new(done, "the store failed", &done_page(0, 1, 30)),
    ]
}

fn account() -> AccountSeen {
    AccountSeen {
        name: AWKWARD.to_owned(),
        division: "3EME 2".to_owned(),
        signed_in_on: "1er septembre 2026".to_owned(),
    }
}

fn moves(page: Page, errors: FormErrors, count: usize, all: bool) -> MovesPage {
    let line = |number: usize| ProposedLine {
        value: number.to_string(),
        number,
        ticked: all && number != 2,
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        division: "3E 2".to_owned(),
        new: account(),
        asked_on: "1er septembre 2026".to_owned(),
        former: AccountSeen {
            division: String::new(),
            ..account()
        },
        cautions: vec![AWKWARD.to_owned(); usize::from(number == 2) * 2],
        request_url: "/espace/1/eleves/demandes/1".to_owned(),
    };
    let moves: Vec<_> = (1..=count).map(line).collect();
    MovesPage {
        page,
        errors,
        ticked: moves.iter().filter(|line| line.ticked).count(),
        certain: moves.iter().filter(|line| line.cautions.is_empty()).count(),
        moves,
        others: count / 4,
        url: "/espace/1/eleves/demandes/ensemble".to_owned(),
        tick_url: "/espace/1/eleves/demandes/ensemble?cocher=tout".to_owned(),
    }
}

fn confirm_page(left_out: usize) -> ConfirmPage {
    let class = |division: &str, moves| ClassFigure {
        division: division.to_owned(),
        moves,
    };
    ConfirmPage {
        page: space_page("students"),
        values: vec!["1.2".to_owned(), "3.4".to_owned()],
        classes: vec![class("", 1), class("3E 2", 24), class(AWKWARD, 1)],
        left_out,
        action: "/espace/1/eleves/demandes/ensemble/confirmer".to_owned(),
        back: "/espace/1/eleves/demandes/ensemble".to_owned(),
    }
}

fn done_page(moved: usize, refused: usize, not_tried: usize) -> DonePage {
    let line = |number: usize| RefusedLine {
        name: AWKWARD.to_owned(),
        division: if number == 0 { "" } else { "3EME 2" }.to_owned(),
        why: AWKWARD.to_owned(),
    };
    DonePage {
        page: space_page("students"),
        moved,
        refused: (0..refused).map(line).collect(),
        not_tried,
        url: "/espace/1/eleves/demandes/ensemble".to_owned(),
    }
}
