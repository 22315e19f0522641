//! Pages for pupils: they come by the médiacentre, type a code, check who they are, and are in.

mod arrival;
mod enter;
mod guest;
mod identity;
mod mine;
pub mod sign_in;

use axum::Router;
use axum::routing::get;

use crate::app::SharedApp;

/// Where a pupil goes to sign in.
pub const SIGN_IN_PATH: &str = "/gar/login";
/// « Mes parcours ».
pub const MINE_PATH: &str = "/parcours/mes-parcours";
/// Where the federation's answers are posted.
pub const ANSWER_PATH: &str = "/gar/acs";

/// Their addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route(SIGN_IN_PATH, get(sign_in::depart))
        .route(
            ANSWER_PATH,
            get(sign_in::asked_again).post(sign_in::come_back),
        )
        .route(sign_in::CAME_AGAIN_PATH, get(sign_in::came_again_here))
        .route("/parcours", get(enter::front).post(enter::type_code))
        .route(MINE_PATH, get(mine::mine))
        .route(arrival::WELCOME_PATH, get(arrival::welcome))
        .route(sign_in::GOODBYE_PATH, get(sign_in::goodbye))
        .route("/parcours/pas-moi", get(sign_in::not_me_page))
        .route(
            "/parcours/{code}",
            get(enter::follow).post(identity::try_birthdate),
        )
        .route("/parcours/{code}/bienvenue", get(enter::welcome))
        .route(
            "/parcours/{code}/demande",
            get(enter::back_to_code).post(identity::ask_teacher),
        )
        .route(
            "/parcours/{code}/pas-moi",
            get(enter::back_to_code).post(sign_in::not_me),
        )
}

/// Samples of their pages.
#[cfg(test)]
pub fn samples() -> Vec<crate::samples::Sample> {
    [
        arrival::samples::samples(),
        sign_in::samples::samples(),
        enter::samples::samples(),
        identity::samples::samples(),
        mine::samples::samples(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
