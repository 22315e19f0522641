//! The files a newcomer imports: the right ones, and the wrong ones people send by mistake.

use std::sync::Arc;

use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use pix_orga_demo::fregata::{self, CSV_NAME};
use pix_orga_demo::siecle::{WrongFile, ZIP_NAME};
use pix_orga_domain::store::Failure;
use pix_orga_web::app::SharedApp;
use pix_orga_web::problem::Problem;

use super::pupils::DemoPupils;

/// Their addresses.
pub fn routes(pupils: Arc<DemoPupils>) -> Router<SharedApp> {
    Router::new()
        .route("/demo/fichiers/{file}", get(download))
        .layer(Extension(pupils))
}

/// `premier`, `suivant`, those of the agricultural lycée, or a wrong file's slug.
async fn download(
    Path(file): Path<String>,
    Extension(pupils): Extension<Arc<DemoPupils>>,
) -> Result<Response, Problem> {
    let made = tokio::task::spawn_blocking(move || make(&pupils, &file));
    let made = made.await.map_err(Failure::new)?.map_err(Failure::new)?;
    let (name, bytes) = made.ok_or(Problem::NotFound)?;
    let headers = [
        (CONTENT_TYPE, "application/octet-stream".to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

fn make(pupils: &DemoPupils, file: &str) -> std::io::Result<Option<(&'static str, Vec<u8>)>> {
    match file {
        "premier" => Ok(Some((ZIP_NAME, pupils.first().to_zip_bytes()?))),
        "suivant" => Ok(Some((ZIP_NAME, pupils.next().school.to_zip_bytes()?))),
        "fregata-premier" => Ok(Some((CSV_NAME, fregata::csv(pupils.fregata())?))),
        "fregata-suivant" => {
            let next = &pupils.fregata_next().school;
            Ok(Some((CSV_NAME, fregata::csv(next)?)))
        }
        _ => wrong(pupils, file),
    }
}

fn wrong(pupils: &DemoPupils, file: &str) -> std::io::Result<Option<(&'static str, Vec<u8>)>> {
    if let Some(wrong) = WrongFile::ALL.iter().find(|wrong| wrong.slug() == file) {
        return wrong.make(pupils.first()).map(Some);
    }
    let of_fregata = fregata::WrongFile::ALL
        .iter()
        .find(|wrong| wrong.slug() == file);
    of_fregata
        .map(|wrong| wrong.make(pupils.fregata()))
        .transpose()
}
