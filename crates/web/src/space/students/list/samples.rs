//! Samples of the list and of the note to print.

use super::shown::Shown;
use super::{Asked, ClassLine, EmptyPage, Filter, ListPage, NotePage, Sort, StudentLine};
use pix_orga_domain::roster::listing::ClassCount;

use crate::page::Page;
use crate::samples::{AWKWARD, Sample, choices, fregata_page, member_page, space_page};
use crate::space::students::history::samples::undo;
use crate::views::Pager;

/// Before the first import; the list for each role, full, filtered to nobody, and when everybody came.
pub fn samples() -> Vec<Sample> {
    let (empty, list) = ("pages/students/empty.html", "pages/students/list.html");
    let nothing = |page, demo_export: Option<String>| EmptyPage {
        import_running: demo_export.clone(),
        page,
        demo_export,
    };
    let note = NotePage {
        page: space_page("students"),
        import_url: "https://orga.example.org/espace/1/eleves".to_owned(),
    };
    let fregata_note = NotePage {
        page: fregata_page("students"),
        import_url: note.import_url.clone(),
    };
    vec![
        Sample::new(empty, "Fregata", &nothing(fregata_page("students"), None)),
        Sample::new("pages/students/note.html", "Fregata", &fregata_note),
        Sample::new(
            empty,
            "administrator",
            &nothing(space_page("students"), Some("/demo/export.zip".to_owned())),
        ),
        Sample::new(empty, "member", &nothing(member_page("students"), None)),
        Sample::new(list, "everything", &list_page(space_page("students"), 900)),
        Sample::new(list, "nobody", &list_page(member_page("students"), 0)),
        Sample::new(list, "everybody came", &everybody_came()),
        Sample::new("pages/students/note.html", "only", &note),
    ]
}

fn list_page(page: Page, total: u32) -> ListPage {
    let full = total > 0;
    let connections = ["linked", "unlinked", "request"];
    let mut asked = Asked::never_came(AWKWARD);
    AWKWARD.clone_into(&mut asked.recherche);
    ListPage {
        page,
        students: connections
            .into_iter()
            .filter(|_| full)
            .map(student)
            .collect(),
        filter: Filter {
            search: AWKWARD.to_owned(),
            divisions: choices(),
            connections: choices(),
            active: true,
        },
        sorts: ["ascending", "descending", "none", "none", "none"]
            .into_iter()
            .map(|current| Sort {
                label: AWKWARD.to_owned(),
                url: "/espace/1/eleves?tri=nom".to_owned(),
                current,
            })
            .collect(),
        pager: Pager::new(9, 50, total, |page| format!("/espace/1/eleves?page={page}")),
        classes: vec![ClassLine {
            name: AWKWARD.to_owned(),
            linked: 12,
            total: 25,
            url: "/espace/1/eleves?classe=3A".to_owned(),
            never_came: 13,
            never_came_url: "/espace/1/eleves?classe=3A&rattachement=not_linked".to_owned(),
        }],
        linked: total / 2,
        never_came: 1,
        never_came_url: "/espace/1/eleves?rattachement=not_linked".to_owned(),
        total,
        shown: Shown::new(&asked, total, &[], str::to_owned),
        pending_requests: u32::from(full),
        undo: full.then(undo),
        import_running: full.then(|| "/espace/1/eleves/imports/1".to_owned()),
    }
}

/// Those who never came, when there are none.
fn everybody_came() -> ListPage {
    let class = ClassCount {
        division: AWKWARD.to_owned(),
        present: 25,
        linked: 25,
        to_check: 0,
    };
    let asked = Asked::never_came(AWKWARD);
    let mut page = list_page(space_page("students"), 0);
    page.total = class.present;
    page.never_came = 0;
    for line in &mut page.classes {
        line.never_came = 0;
    }
    page.shown = Shown::new(&asked, 0, &[class], str::to_owned);
    page
}

fn student(connection: &'static str) -> StudentLine {
    StudentLine {
        id: connection.to_owned(),
        last_name: AWKWARD.to_owned(),
        first_name: AWKWARD.to_owned(),
        birthdate: "07/12/2012".to_owned(),
        division: AWKWARD.to_owned(),
        connection,
        linked_since: if connection == "linked" {
            "01/09/2026".to_owned()
        } else {
            String::new()
        },
    }
}
