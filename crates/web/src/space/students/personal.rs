//! All that is kept of a pupil: handed out or erased, by an administrator.

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use pix_orga_domain::dossier::DossierRefusal;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::store::Failure;
use pix_orga_remarks::kept_sentence;

use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text_with;
use crate::visitor::Space;

#[cfg(test)]
pub mod samples;

#[derive(Template)]
#[template(path = "pages/students/erase.html")]
struct ErasePage {
    page: Page,
    heading: String,
    back_url: String,
    action: String,
}

fn read(id: &str) -> Result<StudentId, Problem> {
    StudentId::parse(id).map_err(|_| Problem::NotFound)
}

/// Hands out all that is kept, as a file. A post: the journal says who asked.
pub async fn export(
    space: Space,
    Path((_, student)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = read(&student)?;
    let dossier = space.visitor.app.dossiers.export(&space.member, id).await?;
    let dossier = dossier.worded(kept_sentence);
    let json = serde_json::to_string_pretty(&dossier).map_err(Failure::new)?;
    let headers = [
        (CONTENT_TYPE, "application/json".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"eleve-{id}.json\""),
        ),
    ];
    Ok((headers, json).into_response())
}

/// Says what goes, and asks.
pub async fn erase_page(
    space: Space,
    Path((_, student)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let id = read(&student)?;
    space
        .member
        .require_administrator(Problem::Refused(DossierRefusal::RoleInsufficient.code()))?;
    let line = space.visitor.app.rosters.student(&space.member, id).await?;
    let name = format!("{} {}", line.student.first_name, line.student.last_name);
    let heading = text_with("erase-title", &[("name", name.into())]);
    Ok(render(&ErasePage {
        page: space.page(&heading, "students"),
        heading,
        back_url: space.at(&format!("/eleves/{id}")),
        action: space.at(&format!("/eleves/{id}/effacer")),
    }))
}

/// Erases.
pub async fn erase(
    space: Space,
    Path((_, student)): Path<(String, String)>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let id = read(&student)?;
    match space.visitor.app.dossiers.erase(&space.member, id).await {
        Ok(()) => {
            let list = space.at("/eleves");
            Ok(space.visitor.done(&list, "success", "student-erased"))
        }
        Err(Denied::Refused(refusal @ DossierRefusal::ImportOpen)) => {
            let page = space.at(&format!("/eleves/{id}"));
            Ok(space.visitor.refused(&page, refusal.code()))
        }
        Err(other) => Err(other.into()),
    }
}
