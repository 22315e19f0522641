//! The demo's front page, and its médiacentre.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use pix_orga_demo::siecle::WrongFile;
use pix_orga_web::app::SharedApp;
use pix_orga_web::page::Page;
use pix_orga_web::problem::{Problem, render};
use pix_orga_web::views::{Action, SchoolCard};
use pix_orga_web::visitor::Visitor;

use super::pupils::DemoPupils;

#[derive(Template)]
#[template(path = "pages/demo/front.html")]
struct FrontPage {
    page: Page,
    school: SchoolCard,
    wrong: Vec<Action>,
}

/// Their addresses.
pub fn routes(_pupils: Arc<DemoPupils>) -> Router<SharedApp> {
    Router::new()
}

/// Where the newcomer begins.
pub async fn front(State(_): State<SharedApp>, visitor: Visitor) -> Result<Response, Problem> {
    let school = DemoPupils::school();
    let wrong = WrongFile::ALL
        .iter()
        .map(|wrong| Action::new(format!("/demo/fichiers/{}", wrong.slug()), wrong.label()))
        .collect();
    let school =
        SchoolCard { name: school.name.to_owned(), commune: school.town.to_owned(), uai: school.uai.to_string() };
    Ok(render(&FrontPage { page: visitor.page("Découvrir Pix Orga"), school, wrong }))
}
