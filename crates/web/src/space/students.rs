//! « Élèves »: the list, and the imports that make it.

mod history;
mod list;
mod moves;
mod one;
mod personal;
mod plan;
mod progress;
mod remarks;
mod requests;
mod upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::app::SharedApp;

/// Their addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/espace/{organization}/eleves", get(list::list))
        .route(
            "/espace/{organization}/eleves/export.csv",
            get(list::export),
        )
        .route("/espace/{organization}/eleves/note", get(list::note))
        .route(
            "/espace/{organization}/eleves/importer",
            get(upload::choose)
                .post(upload::receive)
                .layer(DefaultBodyLimit::disable()),
        )
        .route(
            "/espace/{organization}/eleves/imports",
            get(history::history),
        )
        .route(
            "/espace/{organization}/eleves/imports/{import}",
            get(progress::follow),
        )
        .route(
            "/espace/{organization}/eleves/imports/{import}/lignes.csv",
            get(history::lines),
        )
        .route(
            "/espace/{organization}/eleves/imports/{import}/apercu",
            get(plan::plan).post(plan::confirm),
        )
        .route(
            "/espace/{organization}/eleves/imports/{import}/abandonner",
            post(plan::abandon),
        )
        .route(
            "/espace/{organization}/eleves/imports/{import}/annuler",
            post(history::undo),
        )
        .merge(linking_routes())
}

/// Those of links and requests.
fn linking_routes() -> Router<SharedApp> {
    Router::new()
        .route(
            "/espace/{organization}/eleves/demandes",
            get(requests::requests),
        )
        .route(
            "/espace/{organization}/eleves/demandes/ensemble",
            get(moves::moves).post(moves::confirm),
        )
        .route(
            "/espace/{organization}/eleves/demandes/ensemble/confirmer",
            post(moves::make),
        )
        .route(
            "/espace/{organization}/eleves/demandes/{request}",
            get(requests::request),
        )
        .route(
            "/espace/{organization}/eleves/demandes/{request}/rattacher",
            post(requests::approve),
        )
        .route(
            "/espace/{organization}/eleves/demandes/{request}/deplacer",
            post(requests::move_link),
        )
        .route(
            "/espace/{organization}/eleves/demandes/{request}/refuser",
            post(requests::refuse),
        )
        .route("/espace/{organization}/eleves/{student}", get(one::student))
        .route(
            "/espace/{organization}/eleves/{student}/defaire",
            post(one::unlink),
        )
        .route(
            "/espace/{organization}/eleves/{student}/rendre",
            post(one::move_back),
        )
        .route(
            "/espace/{organization}/eleves/{student}/donnees",
            post(personal::export),
        )
        .route(
            "/espace/{organization}/eleves/{student}/effacer",
            get(personal::erase_page).post(personal::erase),
        )
}

/// Samples of their pages.
#[cfg(test)]
pub fn samples() -> Vec<crate::samples::Sample> {
    [
        list::samples::samples(),
        moves::samples::samples(),
        upload::samples::samples(),
        progress::samples::samples(),
        plan::samples::samples(),
        history::samples::samples(),
        one::samples::samples(),
        personal::samples::samples(),
        requests::samples::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
