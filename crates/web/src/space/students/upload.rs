//! Choosing and sending the file.

use askama::Template;
use axum::extract::multipart::{Field, Multipart};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::refusal::{Denied, Refusal as _};
use pix_orga_domain::roster::import::{FileName, UPLOAD_BYTES_MAX};
use pix_orga_domain::roster::reading::{FileRefusal, RejectionCode, Remark};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::store::Failure;
use pix_orga_remarks::refusal_sentence_about;

use crate::forms;
use crate::page::Page;
use crate::problem::{Problem, render, retry_later};
use crate::refusals;
use crate::texts::{find, text};
use crate::uploads::{NotNow, Spool, Whole};
use crate::views::{Action, FormErrors};
use crate::visitor::Space;

/// Bytes of the form's token.
const TOKEN_BYTES_MAX: usize = 128;

#[derive(Template)]
#[template(path = "pages/students/import_choose.html")]
struct ChoosePage {
    page: Page,
    errors: FormErrors,
    action: String,
    refusal: Option<Refused>,
    limit: String,
    accept: &'static str,
    first: bool,
    demo_files: Vec<Action>,
}

/// Why the file just sent was refused.
pub struct Refused {
    heading: String,
    text: String,
    advice: Vec<String>,
}

impl Refused {
    /// By what reading said; `rejected` are the pupils it names.
    pub fn by_reading(
        refusal: &FileRefusal,
        rejected: &[Remark<RejectionCode>],
        source: RosterSource,
    ) -> Self {
        let code = refusal.code.code();
        let advice = find(&format!("file-{code}-advice"), &[]);
        let case = refusal.values.case().unwrap_or_default();
        let of_case = find(&format!("file-{code}-{case}-title"), &[]);
        Self {
            heading: of_case.unwrap_or_else(|| heading(code, source)),
            text: refusal_sentence_about(refusal, rejected, source),
            advice: advice.into_iter().collect(),
        }
    }

    fn by_code(code: &str, source: RosterSource) -> Self {
        Self {
            heading: heading(code, source),
            text: refusals::text(code),
            advice: Vec::new(),
        }
    }
}

fn heading(code: &str, source: RosterSource) -> String {
    let system = [("system", source.name().into())];
    find(&format!("file-{code}-title"), &system).unwrap_or_else(|| text("file-refused-title"))
}

/// The form.
pub async fn choose(space: Space) -> Result<Response, Problem> {
    space
        .member
        .require_administrator(Problem::Refused("role_insufficient"))?;
    Ok(choose_page(&space, FormErrors::default(), None)
        .await?
        .into_response())
}

/// The form again, with what is wrong.
pub async fn choose_page(
    space: &Space,
    errors: FormErrors,
    refusal: Option<Refused>,
) -> Result<Response, Problem> {
    let summary = space.visitor.app.rosters.summary(&space.member).await?;
    let page = space.page(&text("choose-title"), "students");
    let demo_files = if page.demo {
        demo_files(space.source())
    } else {
        Vec::new()
    };
    Ok(render(&ChoosePage {
        page,
        errors,
        action: space.at("/eleves/importer"),
        refusal,
        limit: format!("{} Mo", UPLOAD_BYTES_MAX / 1024 / 1024),
        accept: match space.source() {
            RosterSource::Siecle => ".zip,.xml,application/zip,application/xml,text/xml",
            RosterSource::Fregata => ".csv,.zip,text/csv,application/zip",
        },
        first: summary.last_import.is_none(),
        demo_files,
    }))
}

/// The demonstration's own files, for a school of each system.
fn demo_files(source: RosterSource) -> Vec<Action> {
    let (first, next, first_text) = match source {
        RosterSource::Siecle => ("premier", "suivant", text("demo-file-first")),
        RosterSource::Fregata => (
            "fregata-premier",
            "fregata-suivant",
            text("demo-file-fregata-first"),
        ),
    };
    vec![
        Action::new(format!("/demo/fichiers/{first}"), first_text),
        Action::new(format!("/demo/fichiers/{next}"), text("demo-file-next")),
        Action::new("/demo", text("demo-file-wrong")),
    ]
}

/// Takes the file in, piece by piece, and hands it to the worker.
pub async fn receive(
    space: Space,
    headers: HeaderMap,
    mut form: Multipart,
) -> Result<Response, Problem> {
    space
        .member
        .require_administrator(Problem::Refused("role_insufficient"))?;
    // Before anything is received: whoever serves the connection throws the rest away.
    let app = &space.visitor.app;
    match app.imports.may_receive(&space.member).await {
        Ok(()) => {}
        Err(Denied::Refused(refusal)) => return refused(&space, refusal.code()).await,
        Err(other) => return Err(other.into()),
    }
    let _sending = match app.uploads.begin(space.member.organization_id()) {
        Ok(sending) => sending,
        Err(NotNow::SchoolSends) => return refused(&space, "import_in_progress").await,
        Err(NotNow::Full) => return refused(&space, "uploads_full").await,
    };
    let mut checked = false;
    while let Some(field) = form.next_field().await.map_err(|_| Problem::BadRequest)? {
        match field.name() {
            Some("csrf") => {
                let token = read_token(field).await?.ok_or(Problem::FormExpired)?;
                forms::check(&space.visitor, &headers, &String::from_utf8_lossy(&token))?;
                checked = true;
            }
            Some("fichier") if checked => return receive_file(&space, field).await,
            _ => {}
        }
    }
    if checked {
        missing(&space).await
    } else {
        Err(Problem::FormExpired)
    }
}

async fn receive_file(space: &Space, field: Field<'_>) -> Result<Response, Problem> {
    let name = FileName::of(field.file_name().unwrap_or_default());
    let Some(spool) = spooled(space, field).await? else {
        return refused(space, "too_large").await;
    };
    if spool.is_empty() && name.as_str().is_empty() {
        return missing(space).await;
    }
    let app = &space.visitor.app;
    let Some(Whole { bytes, memory }) = app.uploads.take(spool).await.map_err(Failure::new)? else {
        return refused(space, "uploads_full").await;
    };
    let received = app.imports.receive(&space.member, name, bytes).await;
    drop(memory);
    match received {
        Ok(import) => {
            Ok(Redirect::to(&space.at(&format!("/eleves/imports/{}", import.id))).into_response())
        }
        Err(Denied::Refused(refusal)) => refused(space, refusal.code()).await,
        Err(other) => Err(other.into()),
    }
}

async fn missing(space: &Space) -> Result<Response, Problem> {
    let errors = FormErrors::refused("fichier", "file_missing");
    Ok((
        StatusCode::UNPROCESSABLE_ENTITY,
        choose_page(space, errors, None).await?,
    )
        .into_response())
}

async fn refused(space: &Space, code: &'static str) -> Result<Response, Problem> {
    let refused = Refused::by_code(code, space.source());
    let page = choose_page(space, FormErrors::default(), Some(refused)).await?;
    let mut response = (refusals::status(code), page).into_response();
    retry_later(&mut response, code);
    Ok(response)
}

/// The form's token, or nothing beyond its length.
async fn read_token(mut field: Field<'_>) -> Result<Option<Vec<u8>>, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::BadRequest)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > TOKEN_BYTES_MAX {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}

/// The file, on the disk, or nothing beyond its limit.
async fn spooled(space: &Space, mut field: Field<'_>) -> Result<Option<Spool>, Problem> {
    let uploads = &space.visitor.app.uploads;
    let mut spool = uploads.spool().await.map_err(Failure::new)?;
    while let Some(chunk) = field.chunk().await.map_err(|_| Problem::BadRequest)? {
        if spool.len().saturating_add(chunk.len()) > UPLOAD_BYTES_MAX {
            return Ok(None);
        }
        spool.write(&chunk).await.map_err(Failure::new)?;
    }
    Ok(Some(spool))
}

#[cfg(test)]
pub mod samples;
