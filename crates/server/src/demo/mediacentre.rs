//! The demo's front page, and its médiacentre.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use pix_orga_demo::mediacentre::{MEDIACENTRE_PATH, Mediacentre, Person};
use pix_orga_demo::siecle::WrongFile;
use pix_orga_web::app::SharedApp;
use pix_orga_web::forms::Checked;
use pix_orga_web::page::Page;
use pix_orga_web::problem::{Problem, render};
use pix_orga_web::pupil::sign_in::arrive;
use pix_orga_web::texts::text;
use pix_orga_web::views::{Action, SchoolCard};
use pix_orga_web::visitor::Visitor;
use serde::Deserialize;

use super::pupils::DemoPupils;

#[derive(Template)]
#[template(path = "pages/demo/front.html")]
struct FrontPage {
    page: Page,
    school: SchoolCard,
    wrong: Vec<Action>,
}

#[derive(Template)]
#[template(path = "pages/demo/mediacentre.html")]
struct MediacentrePage {
    page: Page,
    groups: Vec<Group>,
    action: &'static str,
}

struct Group {
    school: String,
    pupils: Vec<Entry>,
}

struct Entry {
    id: String,
    last_name: String,
    first_name: String,
    division: String,
    note: String,
}

/// Who one enters as.
#[derive(Deserialize)]
struct PersonForm {
    #[serde(default)]
    person: String,
}

/// Their addresses.
pub fn routes(mediacentre: Arc<Mediacentre>) -> Router<SharedApp> {
    Router::new()
        .route(MEDIACENTRE_PATH, get(people).post(enter))
        .layer(Extension(mediacentre))
}

async fn people(visitor: Visitor, Extension(mediacentre): Extension<Arc<Mediacentre>>) -> Response {
    let mut groups: Vec<Group> = Vec::new();
    for person in mediacentre.people() {
        let school = format!(
            "{}, {} · UAI {}",
            person.school.name, person.school.town, person.school.uai
        );
        match groups.last_mut().filter(|group| group.school == school) {
            Some(group) => group.pupils.push(Entry::of(person)),
            None => groups.push(Group {
                school,
                pupils: vec![Entry::of(person)],
            }),
        }
    }
    let page = visitor.page(&text("demo-mediacentre-title"));
    render(&MediacentrePage {
        page,
        groups,
        action: MEDIACENTRE_PATH,
    })
}

async fn enter(
    visitor: Visitor,
    Extension(mediacentre): Extension<Arc<Mediacentre>>,
    Checked(form): Checked<PersonForm>,
) -> Result<Response, Problem> {
    let answer = mediacentre
        .enter_as(&form.person)
        .ok_or(Problem::NotFound)?;
    Ok(arrive(&visitor, &answer).await)
}

impl Entry {
    fn of(person: &Person) -> Self {
        Self {
            id: person.id.clone(),
            last_name: person.last_name.clone(),
            first_name: person.first_name.clone(),
            division: person.division.clone().unwrap_or_default(),
            note: person.note(),
        }
    }
}

/// Where the newcomer begins.
pub async fn front(visitor: Visitor) -> Response {
    let school = DemoPupils::school();
    let wrong = WrongFile::ALL
        .iter()
        .map(|wrong| Action::new(format!("/demo/fichiers/{}", wrong.slug()), wrong.label()))
        .collect();
    let school = SchoolCard {
        name: school.name.to_owned(),
        commune: school.town.to_owned(),
        uai: school.uai.to_string(),
    };
    render(&FrontPage {
        page: visitor.page(&text("demo-front-title")),
        school,
        wrong,
    })
}
