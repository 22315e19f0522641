//! Following an import: its end at once when it is near, otherwise a page that grows with each phase, without a
//! script.

use std::time::Duration;

use askama::Template;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use futures_util::stream;
use pix_orga_domain::ids::ImportId;
use pix_orga_domain::roster::import::{Import, ImportState, Mark};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::history;
use super::upload::{Refused, choose_page};
use crate::extract::Path;
use crate::page::Page;
use crate::problem::Problem;
use crate::texts::{text, text_with};
use crate::views::{Action, FormErrors, long_instant};
use crate::visitor::Space;

/// The page waits this long for the end before it shows the progress.
const WAIT_MAX: Duration = Duration::from_millis(1500);
/// Between two looks, while the end may be near.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Between two looks of a page that grows: every one that is open asks the database.
const GROW_EVERY: Duration = Duration::from_millis(250);
/// Between two looks while others pass before, and between two words on it.
const QUEUE_EVERY: Duration = Duration::from_secs(2);
/// A page that says nothing for longer may be cut by a proxy: most wait for a minute.
const SIGN_OF_LIFE_EVERY: Duration = Duration::from_secs(10);
/// What nobody sees.
const SIGN_OF_LIFE: &str = "<!-- en cours -->\n";
/// A page that grows is closed after this long; « Actualiser » goes on.
const GROW_MAX: Duration = Duration::from_mins(2);
/// Where the phases stand in the page.
const MARK: &str = "<!-- phases -->";

#[derive(Template)]
#[template(path = "pages/students/import_progress.html")]
struct ProgressPage {
    page: Page,
    heading: String,
    file_name: String,
    started_at: String,
    phases: Vec<Phase>,
}

#[derive(Template)]
#[template(path = "pages/students/import_phase.html")]
struct PhasePart {
    phase: Phase,
}

#[derive(Template)]
#[template(path = "pages/students/import_end.html")]
struct EndPart {
    heading: String,
    text: String,
    kind: &'static str,
    action: Action,
}

struct Phase {
    state: &'static str,
    title: String,
    detail: String,
    duration: String,
}

/// `/eleves/imports/{import}`: whatever the import has become.
pub async fn follow(
    space: Space,
    Path((_, import)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = ImportId::parse(&import).map_err(|_| Problem::NotFound)?;
    let deadline = Instant::now() + WAIT_MAX;
    let mut import = space.visitor.app.imports.status(&space.member, id).await?;
    let mut ahead = space.visitor.app.imports.ahead_of(&import).await?;
    while import.state.is_running() && ahead == 0 && Instant::now() < deadline {
        tokio::time::sleep(LOOK_EVERY).await;
        import = space.visitor.app.imports.status(&space.member, id).await?;
        ahead = space.visitor.app.imports.ahead_of(&import).await?;
    }
    match &import.state {
        state if state.is_running() => grow(space, &import, ahead),
        ImportState::Waiting => {
            Ok(Redirect::to(&space.at(&format!("/eleves/imports/{id}/apercu"))).into_response())
        }
        ImportState::Refused { refusal, .. } if space.member.require_administrator(()).is_ok() => {
            let (_, report) = space.visitor.app.imports.report(&space.member, id).await?;
            let rejected = report.unwrap_or_default().rejected;
            let refused = Refused::by_reading(refusal, &rejected, space.source());
            choose_page(&space, FormErrors::default(), Some(refused)).await
        }
        _ => history::report(&space, id).await,
    }
}

/// A page whose phases are sent as they end.
fn grow(space: Space, import: &Import, ahead: u64) -> Result<Response, Problem> {
    let mut done = phases(import);
    let shown = Shown {
        phases: done.len(),
        ahead,
    };
    done.extend(queued(ahead));
    let heading = match ahead {
        0 => text("progress-title"),
        _ => text("progress-queued-title"),
    };
    let page = ProgressPage {
        page: space.page(&heading, "students"),
        heading,
        file_name: import.file_name.as_str().to_owned(),
        started_at: long_instant(import.phases.received.at),
        phases: done,
    };
    let html = page
        .render()
        .map_err(|error| Problem::Failure(pix_orga_domain::store::Failure::new(error)))?;
    let (head, tail) = html
        .split_once(MARK)
        .map_or((html.as_str(), ""), |parts| parts);
    let (sender, receiver) = mpsc::channel::<String>(4);
    let (head, tail, id) = (head.to_owned(), tail.to_owned(), import.id);
    tokio::spawn(async move {
        if sender.send(head).await.is_ok() {
            let _ = send_phases(&space, id, shown, &sender).await;
            let _ = sender.send(tail).await;
        }
    });
    let pieces = stream::unfold(receiver, |mut receiver| async {
        receiver
            .recv()
            .await
            .map(|piece| (Ok::<_, std::convert::Infallible>(piece), receiver))
    });
    Ok((
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        Body::from_stream(pieces),
    )
        .into_response())
}

/// What the page says already.
#[derive(Clone, Copy)]
struct Shown {
    /// Phases that ended.
    phases: usize,
    /// Imports that pass before.
    ahead: u64,
}

async fn send_phases(
    space: &Space,
    id: ImportId,
    mut shown: Shown,
    sender: &mpsc::Sender<String>,
) -> Result<(), Problem> {
    let imports = &space.visitor.app.imports;
    let deadline = Instant::now() + GROW_MAX;
    let mut said = Instant::now();
    loop {
        let import = imports.status(&space.member, id).await?;
        let ahead = imports.ahead_of(&import).await?;
        let piece = next_piece(&import, ahead, &mut shown);
        let silent = said.elapsed() >= SIGN_OF_LIFE_EVERY;
        if !piece.is_empty() || silent {
            said = Instant::now();
            let piece = if piece.is_empty() {
                SIGN_OF_LIFE.to_owned()
            } else {
                piece
            };
            if sender.send(piece).await.is_err() {
                return Ok(());
            }
        }
        if !import.state.is_running() {
            let end = end(space, &import).render().unwrap_or_default();
            let _ = sender.send(end).await;
            return Ok(());
        }
        if Instant::now() >= deadline || sender.is_closed() {
            return Ok(());
        }
        tokio::time::sleep(if ahead == 0 { GROW_EVERY } else { QUEUE_EVERY }).await;
    }
}

/// What the page does not say yet; nothing when it says all.
fn next_piece(import: &Import, ahead: u64, shown: &mut Shown) -> String {
    let moved = queued(ahead).filter(|_| ahead != shown.ahead);
    let ended = phases(import).into_iter().skip(shown.phases);
    let new: Vec<Phase> = moved.into_iter().chain(ended).collect();
    *shown = Shown {
        phases: phases(import).len(),
        ahead,
    };
    new.into_iter()
        .map(|phase| PhasePart { phase }.render().unwrap_or_default())
        .collect()
}

/// That others pass before, when some do.
fn queued(ahead: u64) -> Option<Phase> {
    (ahead > 0).then(|| Phase {
        state: "running",
        title: text("import-phase-queued"),
        detail: text_with("import-phase-queued-count", &[("count", ahead.into())]),
        duration: String::new(),
    })
}

/// The phases that ended.
fn phases(import: &Import) -> Vec<Phase> {
    let marks = [
        ("received", Some(import.phases.received)),
        ("checked", import.phases.checked),
        ("compared", import.phases.compared),
        ("written", import.phases.written),
    ];
    let mut since = import.phases.received.at;
    let mut ended = Vec::new();
    for (code, mark) in marks {
        let Some(Mark { at, count }) = mark else {
            break;
        };
        let took = at.duration_since(since).as_secs_f64();
        since = at;
        let count = if code == "received" {
            count.div_ceil(1024)
        } else {
            count
        };
        ended.push(Phase {
            state: "done",
            title: text(&format!("import-phase-{code}")),
            detail: text_with(
                &format!("import-phase-{code}-count"),
                &[("count", count.into())],
            ),
            duration: if took < 0.1 {
                String::new()
            } else {
                format!("{took:.1} s").replace('.', ",")
            },
        });
    }
    ended
}

fn end(space: &Space, import: &Import) -> EndPart {
    let (code, kind) = match &import.state {
        ImportState::Written { .. } => ("written", "success"),
        ImportState::NothingToDo { .. } if history::only_refuses(import) => {
            ("only_rejected", "warning")
        }
        ImportState::NothingToDo { .. } => ("nothing_to_do", "success"),
        ImportState::Waiting => ("waiting", "warning"),
        ImportState::Refused { .. } => ("refused", "error"),
        _ => ("failed", "error"),
    };
    let url = match code {
        "written" | "nothing_to_do" => space.at("/eleves"),
        _ => space.at(&format!("/eleves/imports/{}", import.id)),
    };
    EndPart {
        heading: text(&format!("import-end-{code}-title")),
        text: text(&format!("import-end-{code}")),
        kind,
        action: Action::new(url, text(&format!("import-end-{code}-action"))),
    }
}

#[cfg(test)]
pub mod samples;
