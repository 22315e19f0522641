//! Samples of « Demandes à vérifier ».

use super::{
    CandidateLine, Likely, MoveLine, RequestFacts, RequestLine, RequestPage, RequestsPage,
};
use crate::page::Page;
use crate::samples::{AWKWARD, Sample, errors, member_page, space_page};
use crate::views::FormErrors;

/// The list, full and empty; a request as each sees it, with somebody near and with nobody.
pub fn samples() -> Vec<Sample> {
    let (list, one) = (
        "pages/students/requests.html",
        "pages/students/request.html",
    );
    let fresh = || errors(&[]);
    let administrator = || space_page("students");
    vec![
        Sample::new(list, "four", &list_page(4)),
        Sample::new(list, "none", &list_page(0)),
        Sample::new(one, "near", &request_page(administrator(), fresh(), 2)),
        Sample::new(
            one,
            "nobody chosen",
            &request_page(administrator(), errors(&["student"]), 1),
        ),
        Sample::new(
            one,
            "nobody near",
            &request_page(administrator(), fresh(), 0),
        ),
        Sample::new(
            one,
            "member",
            &request_page(member_page("students"), fresh(), 2),
        ),
    ]
}

fn list_page(requests: usize) -> RequestsPage {
    let likely = |kind| Likely {
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        division: "3E 2".to_owned(),
        kind,
        why: AWKWARD.to_owned(),
    };
    let line = |number: usize| RequestLine {
        url: "/espace/1/eleves/demandes/1".to_owned(),
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        division: if number == 0 { "" } else { "3EME 2" }.to_owned(),
        campaign: AWKWARD.to_owned(),
        asked_on: "1er septembre 2026".to_owned(),
        likely: ["success", "warning", "info"]
            .get(number)
            .copied()
            .map(likely),
        others: number,
    };
    RequestsPage {
        page: space_page("students"),
        requests: (0..requests).map(line).collect(),
        moves: requests / 2,
        moves_url: "/espace/1/eleves/demandes/ensemble".to_owned(),
    }
}

fn request_page(page: Page, errors: FormErrors, near: usize) -> RequestPage {
    RequestPage {
        page,
        errors,
        request: RequestFacts {
            last_name: AWKWARD.to_owned(),
            first_name: AWKWARD.to_owned(),
            birthdate: "07/12/2012".to_owned(),
            division: if near == 0 { "" } else { "3E 2" }.to_owned(),
            campaign: AWKWARD.to_owned(),
            campaign_archived: near == 0,
            asked_on: "1er septembre 2026 à 10 h 00".to_owned(),
        },
        candidates: (0..near).map(candidate).collect(),
        choice_left: near > 1,
        moves: (1..near).map(moved).collect(),
        search: AWKWARD.to_owned(),
        searched: near == 0,
        url: "/espace/1/eleves/demandes/1".to_owned(),
    }
}

fn candidate(number: usize) -> CandidateLine {
    CandidateLine {
        id: number.to_string(),
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        birthdate: "07/12/2012".to_owned(),
        division: AWKWARD.to_owned(),
        differences: AWKWARD.to_owned(),
        record: AWKWARD.to_owned(),
        already_linked: number == 1,
    }
}

fn moved(number: usize) -> MoveLine {
    MoveLine {
        id: number.to_string(),
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        account: AWKWARD.to_owned(),
        signed_in_on: "1er septembre 2026".to_owned(),
    }
}
