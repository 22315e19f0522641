//! A school's space, for its members.

mod campaigns;
mod home;
mod journal;
mod students;
mod team;

mod documentation;

use axum::Router;
use axum::routing::get;

use crate::app::SharedApp;

/// Its addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/espace/{organization}", get(home::home))
        .merge(campaigns::routes())
        .merge(students::routes())
        .merge(team::routes())
        .route(
            "/espace/{organization}/equipe/journal",
            get(journal::journal),
        )
        .route(
            "/espace/{organization}/documentation",
            get(documentation::guide),
        )
}

/// Samples of its pages.
#[cfg(test)]
pub fn samples() -> Vec<crate::samples::Sample> {
    [
        home::samples::samples(),
        students::samples(),
        campaigns::samples::samples(),
        team::samples::samples(),
        journal::samples::samples(),
        documentation::samples::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
