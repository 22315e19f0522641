//! Samples of the journal.

use super::{JournalLine, JournalPage};
use crate::samples::{AWKWARD, Sample, space_page};
use crate::views::{Action as Link, Pager};

/// In the middle of many pages, and just begun.
pub fn samples() -> Vec<Sample> {
    let template = "pages/team/journal.html";
    let url = |page| format!("/espace/1/equipe/journal?page={page}");
    let line = |more| JournalLine {
        at: "1er septembre 2026 à 10 h 00".to_owned(),
        who: AWKWARD.to_owned(),
        what: AWKWARD.to_owned(),
        more,
    };
    let seen = || Link::new("/espace/1/eleves/1", AWKWARD);
    let page = |lines, pager| JournalPage {
        page: space_page("team"),
        lines,
        pager,
    };
    let many = page(
        vec![line(Some(seen())), line(None)],
        Pager::new(4, 50, 502, url),
    );
    let first = page(vec![line(None)], Pager::new(1, 50, 1, url));
    vec![
        Sample::new(template, "many pages", &many),
        Sample::new(template, "just begun", &first),
    ]
}
