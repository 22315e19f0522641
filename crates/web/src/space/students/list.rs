//! The list: search, filters, sorts, classes, who never came; its export; the note to print.

mod shown;

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use pix_orga_domain::clock::day_in_paris;
use pix_orga_domain::roster::listing::{
    ClassCount, Connection, ConnectionKind, Line, ListRequest, PAGE_ROWS, SortBy,
};
use serde::{Deserialize, Serialize};

use self::shown::Shown;
use super::history::{UndoOffer, undo_offer};
use crate::extract::Query;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::{Choice, Pager, short_day};
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/students/empty.html")]
struct EmptyPage {
    page: Page,
    import_running: Option<String>,
    demo_export: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/students/note.html")]
struct NotePage {
    page: Page,
    import_url: String,
}

#[derive(Template)]
#[template(path = "pages/students/list.html")]
struct ListPage {
    page: Page,
    students: Vec<StudentLine>,
    filter: Filter,
    sorts: Vec<Sort>,
    pager: Pager,
    classes: Vec<ClassLine>,
    linked: u32,
    never_came: u32,
    never_came_url: String,
    total: u32,
    shown: Shown,
    pending_requests: u32,
    undo: Option<UndoOffer>,
    import_running: Option<String>,
}

struct StudentLine {
    id: String,
    last_name: String,
    first_name: String,
    birthdate: String,
    division: String,
    connection: &'static str,
    linked_since: String,
}

struct Filter {
    search: String,
    divisions: Vec<Choice>,
    connections: Vec<Choice>,
    active: bool,
}

struct Sort {
    label: String,
    url: String,
    current: &'static str,
}

struct ClassLine {
    name: String,
    linked: u32,
    total: u32,
    url: String,
    never_came: u32,
    never_came_url: String,
}

/// What the address asks.
#[derive(Deserialize, Serialize, Clone, Default)]
#[serde(default)]
pub struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    recherche: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    classe: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    rattachement: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    tri: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    sens: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    page: String,
}

impl Asked {
    fn request(&self) -> ListRequest {
        ListRequest {
            search: self.recherche.clone(),
            division: Some(self.classe.clone()).filter(|division| !division.is_empty()),
            connection: ConnectionKind::parse(&self.rattachement),
            sort: SortBy::parse(&self.tri).unwrap_or_default(),
            descending: self.sens == "desc",
            page: self.page.parse().unwrap_or(1),
        }
    }

    /// Those who never came, of a class or of the whole school.
    fn never_came(division: &str) -> Self {
        Self {
            classe: division.to_owned(),
            rattachement: ConnectionKind::NotLinked.code().to_owned(),
            ..Self::default()
        }
    }

    fn at_page(&self, number: u32) -> Self {
        Self {
            page: number.to_string(),
            ..self.clone()
        }
    }

    fn is_filter(&self) -> bool {
        !self.recherche.trim().is_empty()
            || !self.classe.is_empty()
            || self.request().connection.is_some()
    }

    fn url(&self, space: &Space) -> String {
        space.at(&self.path("/eleves"))
    }

    /// The page of the space, asked this.
    fn path(&self, page: &str) -> String {
        match serde_urlencoded::to_string(self) {
            Ok(query) if !query.is_empty() => format!("{page}?{query}"),
            _ => page.to_owned(),
        }
    }
}

/// The list, or what to do when nothing was imported yet.
pub async fn list(space: Space, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let found = app.rosters.page(&space.member, &asked.request()).await?;
    let (summary, classes) = (found.summary, found.classes);
    let page = space.page(&text("students-title"), "students");
    let open = app.imports.open(&space.member).await?;
    let import_running = open.map(|import| space.at(&format!("/eleves/imports/{}", import.id)));
    if summary.last_import.is_none() {
        return Ok(empty(page, import_running));
    }
    Ok(render(&ListPage {
        students: found.lines.iter().map(StudentLine::of).collect(),
        filter: filter(&asked, &classes),
        sorts: sorts(&asked, &space),
        pager: Pager::new(found.page, PAGE_ROWS, found.total, |number| {
            asked.at_page(number).url(&space)
        }),
        linked: ClassCount::pupils(&classes, Some(ConnectionKind::Linked)),
        never_came: ClassCount::pupils(&classes, Some(ConnectionKind::NotLinked)),
        never_came_url: Asked::never_came("").url(&space),
        total: summary.present,
        shown: Shown::new(&asked, found.total, &classes, |path| space.at(path)),
        classes: classes
            .into_iter()
            .map(|class| ClassLine::of(class, &space))
            .collect(),
        pending_requests: page
            .space
            .as_ref()
            .map_or(0, |chrome| chrome.pending_requests),
        undo: undo_offer(&space, summary.undoable).await?,
        import_running,
        page,
    }))
}

fn empty(page: Page, import_running: Option<String>) -> Response {
    let demo_export = page.demo.then(|| {
        let file = if page.is_fregata() {
            "fregata-premier"
        } else {
            "premier"
        };
        format!("/demo/fichiers/{file}")
    });
    render(&EmptyPage {
        page,
        import_running,
        demo_export,
    })
}

/// What the address asks, as a file for a spreadsheet.
pub async fn export(space: Space, Query(asked): Query<Asked>) -> Result<Response, Problem> {
    let csv = space
        .visitor
        .app
        .rosters
        .export(&space.member, &asked.request())
        .await?;
    let part = if asked.is_filter() { "-extrait" } else { "" };
    let name = format!(
        "attachment; filename=\"eleves-{}{part}.csv\"",
        space.member.organization.uai
    );
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, csv).into_response())
}

/// The note to print for the management team, who hold the rights to export.
pub async fn note(space: Space) -> Response {
    let import_url = format!(
        "{}{}",
        space.visitor.app.settings.public_url,
        space.at("/eleves")
    );
    render(&NotePage {
        page: space.page(&text("note-title"), "students"),
        import_url,
    })
}

fn filter(asked: &Asked, classes: &[ClassCount]) -> Filter {
    let choice = |value: &str, label: String, chosen: &str| Choice {
        value: value.to_owned(),
        label,
        hint: String::new(),
        selected: value == chosen,
    };
    let mut divisions = vec![choice("", text("students-all-classes"), &asked.classe)];
    divisions.extend(
        classes
            .iter()
            .map(|class| choice(&class.division, class.division.clone(), &asked.classe)),
    );
    let mut connections = vec![choice(
        "",
        text("students-all-connections"),
        &asked.rattachement,
    )];
    connections.extend(ConnectionKind::ALL.iter().map(|kind| {
        choice(
            kind.code(),
            text(&format!("students-connection-{}", kind.code())),
            &asked.rattachement,
        )
    }));
    Filter {
        search: asked.recherche.clone(),
        divisions,
        connections,
        active: asked.is_filter(),
    }
}

fn sorts(asked: &Asked, space: &Space) -> Vec<Sort> {
    let request = asked.request();
    SortBy::ALL
        .iter()
        .map(|sort| {
            let current = request.sort == *sort;
            let turned = current && !request.descending;
            let next = Asked {
                tri: sort.code().to_owned(),
                sens: if turned {
                    "desc".to_owned()
                } else {
                    String::new()
                },
                page: String::new(),
                ..asked.clone()
            };
            Sort {
                label: text(&format!("students-sort-{}", sort.code())),
                url: next.url(space),
                current: match (current, request.descending) {
                    (true, true) => "descending",
                    (true, false) => "ascending",
                    (false, _) => "none",
                },
            }
        })
        .collect()
}

impl StudentLine {
    fn of(line: &Line) -> Self {
        let student = &line.student;
        let (connection, linked_since) = match line.connection {
            Connection::Linked { since } => ("linked", short_day(day_in_paris(since))),
            Connection::ToCheck => ("request", String::new()),
            Connection::NotLinked => ("unlinked", String::new()),
        };
        let last_name = student.usage_name.as_ref().map_or_else(
            || student.last_name.clone(),
            |usage| format!("{} ({usage})", student.last_name),
        );
        Self {
            id: student.id.to_string(),
            last_name,
            first_name: student.first_name.clone(),
            birthdate: short_day(student.birthdate),
            division: student.division.clone(),
            connection,
            linked_since,
        }
    }
}

impl ClassLine {
    fn of(class: ClassCount, space: &Space) -> Self {
        let whole = Asked {
            classe: class.division.clone(),
            ..Asked::default()
        };
        Self {
            url: whole.url(space),
            never_came: class.not_linked(),
            never_came_url: Asked::never_came(&class.division).url(space),
            linked: class.linked,
            total: class.present,
            name: class.division,
        }
    }
}

#[cfg(test)]
pub mod samples;
