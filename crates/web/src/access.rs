//! Getting in: sign-in, passwords, invitations, terms, and the pages everybody can read.

mod information;
mod invitation;
mod password;
mod sign_in;
mod terms;

use axum::Router;
use axum::routing::{get, post};

use crate::app::SharedApp;

/// Their addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/", get(sign_in::front))
        .route("/connexion", get(sign_in::form).post(sign_in::submit))
        .route("/deconnexion", post(sign_in::sign_out))
        .route("/espaces", get(sign_in::spaces))
        .route(
            "/mot-de-passe-oublie",
            get(password::forgotten).post(password::ask),
        )
        .route(
            "/mot-de-passe/{token}",
            get(password::choose).post(password::reset),
        )
        .route(
            "/confirmer/{token}",
            get(password::confirm_page).post(password::confirm),
        )
        .route(
            "/je-n-ai-rien-recu",
            get(invitation::nothing_received).post(invitation::ask_again),
        )
        .route(
            "/invitation/{token}",
            get(invitation::look).post(invitation::press),
        )
        .route(
            "/invitation/{token}/compte",
            get(invitation::account).post(invitation::create_account),
        )
        .route("/invitation/{token}/connexion", post(invitation::sign_in))
        .route(
            "/invitation/{token}/nouveau-lien",
            post(invitation::new_link),
        )
        .route(
            "/espace/{organization}/conditions",
            get(terms::form).post(terms::accept),
        )
        .route("/conditions", get(information::terms))
        .route("/accessibilite", get(information::accessibility))
        .route("/donnees-personnelles", get(information::personal_data))
}

/// Samples of its pages.
#[cfg(test)]
pub fn samples() -> Vec<crate::samples::Sample> {
    [
        sign_in::samples::samples(),
        password::samples::samples(),
        invitation::samples::samples(),
        terms::samples::samples(),
        information::samples::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
