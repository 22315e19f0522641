//! « Élèves »: the list, and the imports that make it.

mod history;
mod list;
mod plan;
mod progress;
mod remarks;
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
}

/// Samples of their pages.
#[cfg(test)]
pub fn samples() -> Vec<crate::samples::Sample> {
    [
        list::samples::samples(),
        upload::samples::samples(),
        progress::samples::samples(),
        plan::samples::samples(),
        history::samples::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
