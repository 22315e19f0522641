//! Where a newcomer of the demo begins, and the way into its agricultural lycée.

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use pix_orga_demo::schools::FictitiousSchool;
use pix_orga_demo::{fregata, siecle};
use pix_orga_domain::refusal::Denied;
use pix_orga_web::app::SharedApp;
use pix_orga_web::forms::{Checked, Nothing};
use pix_orga_web::page::Page;
use pix_orga_web::problem::{Problem, render};
use pix_orga_web::texts::text;
use pix_orga_web::views::{Action, SchoolCard};
use pix_orga_web::visitor::Visitor;

use super::mailbox::MAILBOX_PATH;
use super::pupils::DemoPupils;

/// Sends the agricultural lycée's invitation.
const AGRICULTURAL_PATH: &str = "/demo/lycee-agricole";

#[derive(Template)]
#[template(path = "pages/demo/front.html")]
struct FrontPage {
    page: Page,
    school: SchoolCard,
    wrong: Vec<Action>,
    agricultural: SchoolCard,
    agricultural_action: &'static str,
    agricultural_wrong: Vec<Action>,
}

/// Their addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/demo", get(front))
        .route(AGRICULTURAL_PATH, post(invite_agricultural))
}

async fn front(visitor: Visitor) -> Response {
    let siecle = siecle::WrongFile::ALL.map(|wrong| (wrong.slug(), wrong.label()));
    let fregata = fregata::WrongFile::ALL.map(|wrong| (wrong.slug(), wrong.label()));
    render(&FrontPage {
        page: visitor.page(&text("demo-front-title")),
        school: card(DemoPupils::school()),
        wrong: siecle.into_iter().map(download).collect(),
        agricultural: card(DemoPupils::agricultural()),
        agricultural_action: AGRICULTURAL_PATH,
        agricultural_wrong: fregata.into_iter().map(download).collect(),
    })
}

/// Invites the lycée, as an operator would, and shows the mailbox. Once it has joined there is nothing to send.
async fn invite_agricultural(
    visitor: Visitor,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let uai = DemoPupils::agricultural().uai;
    match visitor.app.invitations.invite_school(uai).await {
        Ok(_) | Err(Denied::Refused(_)) => Ok(Redirect::to(MAILBOX_PATH).into_response()),
        Err(Denied::Stale) => Err(Problem::Busy),
        Err(Denied::Failure(failure)) => Err(failure.into()),
    }
}

fn download((slug, label): (&str, &str)) -> Action {
    Action::new(format!("/demo/fichiers/{slug}"), label)
}

fn card(school: &FictitiousSchool) -> SchoolCard {
    SchoolCard {
        name: school.name.to_owned(),
        commune: school.town.to_owned(),
        uai: school.uai.to_string(),
    }
}
