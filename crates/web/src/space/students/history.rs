//! Imports once over: report, history, undo.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use pix_orga_domain::ids::ImportId;
use pix_orga_domain::roster::export::cell;
use pix_orga_domain::roster::import::{Import, ImportCounts, ImportState, Report, UNDO_MAX};
use pix_orga_domain::roster::use_cases::imports::Past;
use pix_orga_remarks::refusal_sentence_about;

use super::plan::{Counts, csv_lines};
use super::remarks::{FileLine, RemarkLine, SHOWN_MAX, file_line, file_name, shown};
use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::{text, text_with};
use crate::views::long_instant;
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/students/import_report.html")]
struct ReportPage {
    page: Page,
    heading: String,
    text: String,
    kind: &'static str,
    file: FileLine,
    counts: Counts,
    applied: bool,
    rejected: Vec<RemarkLine>,
    set_aside: Vec<RemarkLine>,
    remarks: Vec<RemarkLine>,
    shown_max: usize,
    remarks_url: String,
    undo: Option<UndoOffer>,
    advice: Vec<String>,
}

#[derive(Template)]
#[template(path = "pages/students/import_history.html")]
struct HistoryPage {
    page: Page,
    imports: Vec<PastLine>,
}

struct PastLine {
    url: String,
    sent_at: String,
    sent_by: String,
    file_name: String,
    kind: &'static str,
    outcome: String,
    summary: String,
}

/// The offer to undo the last import.
pub struct UndoOffer {
    /// Until when.
    pub until: String,
    /// What it did.
    pub text: String,
    /// Where to post.
    pub action: String,
}

/// The offer, when the last import can be undone by this person.
///
/// # Errors
/// When the store fails.
pub async fn undo_offer(
    space: &Space,
    import: Option<ImportId>,
) -> Result<Option<UndoOffer>, Problem> {
    let Some(import) = import.filter(|_| space.member.require_administrator(()).is_ok()) else {
        return Ok(None);
    };
    let past = space
        .visitor
        .app
        .imports
        .past(&space.member, import)
        .await?;
    Ok(offer(space, &past))
}

fn offer(space: &Space, past: &Past) -> Option<UndoOffer> {
    let ImportState::Written { at, .. } = past.import.state else {
        return None;
    };
    let allowed = past.undoable && space.member.require_administrator(()).is_ok();
    allowed.then(|| UndoOffer {
        until: until(at),
        text: summary(past.import.counts.as_ref()),
        action: space.at(&format!("/eleves/imports/{}/annuler", past.import.id)),
    })
}

fn until(written: Timestamp) -> String {
    long_instant(written.saturating_add(UNDO_MAX).unwrap_or(written))
}

/// One import, once over.
///
/// # Errors
/// `not_found`; when the store fails.
pub async fn report(space: &Space, id: ImportId) -> Result<Response, Problem> {
    let (past, report) = space.visitor.app.imports.report(&space.member, id).await?;
    let Report {
        rejected,
        set_aside,
        warnings,
        ..
    } = report.unwrap_or_default();
    let import = &past.import;
    let (code, kind) = outcome(import);
    let counts = import.counts.unwrap_or_default();
    let source = space.source();
    let explained = match &import.state {
        ImportState::Refused { refusal, .. } => refusal_sentence_about(refusal, &rejected, source),
        ImportState::Failed { because, .. } => text(&format!("import-failed-{}", because.code())),
        _ => text_with(
            &format!("import-report-{code}"),
            &[("system", source.name().into())],
        ),
    };
    let heading = text(&format!("import-report-{code}-title"));
    Ok(render(&ReportPage {
        page: space.page(&heading, "students"),
        heading,
        text: explained,
        applied: is_applied(import),
        kind: match kind {
            "error" | "warning" => kind,
            _ => "success",
        },
        file: file_line(space, import).await?,
        counts: Counts {
            added: counts.added as usize,
            updated: counts.updated as usize,
            returning: counts.returning as usize,
            leaving: counts.leaving as usize,
            renumbered: 0,
            unchanged: counts.unchanged as usize,
            set_aside: set_aside.len(),
            rejected: counts.rejected as usize,
        },
        rejected: shown(&rejected, source),
        set_aside: shown(&set_aside, source),
        remarks: shown(&warnings, source),
        shown_max: SHOWN_MAX,
        remarks_url: space.at(&format!("/eleves/imports/{id}/lignes.csv")),
        undo: offer(space, &past),
        advice: Vec::new(),
    }))
}

/// The last imports.
pub async fn history(space: Space) -> Result<Response, Problem> {
    let app = &space.visitor.app;
    let mut imports = Vec::new();
    for Past { import, .. } in app.imports.history(&space.member).await? {
        let (code, kind) = outcome(&import);
        let sender = app.accounts.find(import.by).await?;
        imports.push(PastLine {
            url: space.at(&format!("/eleves/imports/{}", import.id)),
            sent_at: long_instant(import.phases.received.at),
            sent_by: sender.map_or_else(|| text("unknown"), |account| account.full_name()),
            file_name: file_name(&import),
            kind,
            outcome: text(&format!("import-outcome-{code}")),
            summary: changes(&import),
        });
    }
    Ok(render(&HistoryPage {
        page: space.page(&text("import-history-title"), "students"),
        imports,
    }))
}

/// Puts the list back as it was.
pub async fn undo(
    space: Space,
    Path((_, import)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = ImportId::parse(&import).map_err(|_| Problem::NotFound)?;
    space.visitor.app.imports.undo(&space.member, id).await?;
    Ok(space
        .visitor
        .done(&space.at("/eleves"), "success", "import-undone"))
}

/// Every line of a plan or of a report, for a spreadsheet.
pub async fn lines(
    space: Space,
    Path((_, import)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = ImportId::parse(&import).map_err(|_| Problem::NotFound)?;
    let imports = &space.visitor.app.imports;
    let (past, report) = imports.report(&space.member, id).await?;
    let mut lines = match past.import.state {
        ImportState::Waiting => csv_lines(&imports.plan(&space.member, id).await?),
        _ => Vec::new(),
    };
    let Report {
        rejected,
        set_aside,
        warnings,
        ..
    } = report.unwrap_or_default();
    let source = space.source();
    let mut add = |what: &str, remark: RemarkLine| {
        let RemarkLine {
            line,
            last_name,
            first_name,
            division,
            message,
        } = remark;
        lines.push([text(what), last_name, first_name, line, division, message]);
    };
    for remark in &rejected {
        add("plan-rejected", RemarkLine::of(remark, source));
    }
    for remark in &set_aside {
        add("plan-set_aside", RemarkLine::of(remark, source));
    }
    for remark in &warnings {
        add("plan-warning", RemarkLine::of(remark, source));
    }
    let mut csv = format!("\u{feff}{}\r\n", text("plan-csv-header"));
    for line in lines {
        csv.push_str(&line.map(|value| cell(&value)).join(";"));
        csv.push_str("\r\n");
    }
    let name = format!("attachment; filename=\"import-{id}.csv\"");
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (CONTENT_DISPOSITION, name),
    ];
    Ok((headers, csv).into_response())
}

/// What became of an import: the key of its texts, and the kind of its badge.
fn outcome(import: &Import) -> (&'static str, &'static str) {
    if only_refuses(import) {
        return ("only_rejected", "warning");
    }
    let code = import.state.code();
    let kind = match import.state {
        ImportState::Written { .. } | ImportState::NothingToDo { .. } => "success",
        ImportState::Refused { .. } | ImportState::Failed { .. } => "error",
        ImportState::Waiting => "warning",
        ImportState::Abandoned { .. } | ImportState::Undone { .. } => "neutral",
        ImportState::Received | ImportState::Checked | ImportState::Compared => "info",
    };
    (code, kind)
}

/// Whether all that an import says is that pupils of the file are refused: the list is not up to date for all that.
pub fn only_refuses(import: &Import) -> bool {
    let rejected = import.counts.is_some_and(|counts| counts.rejected > 0);
    rejected && matches!(import.state, ImportState::NothingToDo { .. })
}

/// Whether what it counted was done to the list, or there was nothing to do.
fn is_applied(import: &Import) -> bool {
    matches!(
        import.state,
        ImportState::Written { .. } | ImportState::NothingToDo { .. } | ImportState::Undone { .. }
    )
}

/// What an import changed. What a plan counted was not done for all that.
fn changes(import: &Import) -> String {
    if is_applied(import) {
        summary(import.counts.as_ref())
    } else if import.state.is_open() {
        text("count-not-yet")
    } else {
        text("count-nothing")
    }
}

fn summary(counts: Option<&ImportCounts>) -> String {
    let Some(counts) = counts else {
        return String::new();
    };
    let parts = [
        ("count-added", counts.added),
        ("count-updated", counts.updated),
        ("count-returning", counts.returning),
        ("count-leaving", counts.leaving),
        ("count-rejected", counts.rejected),
    ];
    let said: Vec<_> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(key, count)| text_with(key, &[("count", count.into())]))
        .collect();
    if said.is_empty() {
        text("count-nothing")
    } else {
        format!("{}.", said.join(", "))
    }
}

#[cfg(test)]
pub mod samples;
