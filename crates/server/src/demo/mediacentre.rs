//! The demo's médiacentre: who one is there, and what it answers to Pix Orga.

use std::sync::Arc;

use askama::Template;
use axum::extract::RawQuery;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Router};
use jiff::Timestamp;
use pix_orga_demo::mediacentre::{MEDIACENTRE_PATH, Mediacentre, Person};
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::RawToken;
use pix_orga_idp::{Request, RequestRefusal, Subject};
use pix_orga_web::app::SharedApp;
use pix_orga_web::cookies;
use pix_orga_web::forms::{Checked, Nothing};
use pix_orga_web::operating;
use pix_orga_web::page::Page;
use pix_orga_web::problem::{Problem, render};
use pix_orga_web::pupil::SIGN_IN_PATH;
use pix_orga_web::pupil::sign_in::refused_page;
use pix_orga_web::texts::text;
use pix_orga_web::visitor::Visitor;
use serde::Deserialize;

use super::federation::{DemoFederation, IDP_METADATA_PATH, Pair, SSO_PATH};
use crate::secrets::SystemChance;

/// Where one leaves the médiacentre.
const LEAVE_PATH: &str = "/demo/mediacentre/sortie";
/// The script that goes on without a click.
const CONTINUE_PATH: &str = "/demo/gar/continue.js";
/// The médiacentre's own session: the id of who is signed in there. Anybody may be anybody here.
const COOKIE: &str = "mediacentre";

#[derive(Template)]
#[template(path = "pages/demo/mediacentre.html")]
struct MediacentrePage {
    page: Page,
    groups: Vec<Group>,
    action: &'static str,
    leave: &'static str,
    present: Option<String>,
    request: String,
}

struct Group {
    school: String,
    people: Vec<Entry>,
}

struct Entry {
    id: String,
    last_name: String,
    first_name: String,
    division: String,
    note: String,
}

#[derive(Template)]
#[template(path = "pages/demo/continue.html")]
struct ContinuePage {
    page: Page,
    first_name: String,
    last_name: String,
    acs_url: String,
    response: String,
    relay_state: String,
    script: &'static str,
    people_url: &'static str,
}

/// Who one enters as, and the request that brought one here.
#[derive(Deserialize)]
struct PersonForm {
    #[serde(default)]
    person: String,
    #[serde(default)]
    request: String,
}

/// What the pages work with.
#[derive(Clone)]
struct World {
    mediacentre: Arc<Mediacentre>,
    federation: Arc<DemoFederation>,
}

/// Their addresses.
pub fn routes(mediacentre: Arc<Mediacentre>, federation: Arc<DemoFederation>) -> Router<SharedApp> {
    Router::new()
        .route(MEDIACENTRE_PATH, get(people).post(enter))
        .route(LEAVE_PATH, post(leave))
        .route(SSO_PATH, get(answer))
        .route(IDP_METADATA_PATH, get(metadata))
        .route(operating::GAR_METADATA_PATH, get(served))
        .route(CONTINUE_PATH, get(script))
        .layer(Extension(World {
            mediacentre,
            federation,
        }))
}

/// Who one may be.
async fn people(
    visitor: Visitor,
    headers: HeaderMap,
    Extension(world): Extension<World>,
) -> Response {
    world.list(&visitor, &headers, String::new())
}

/// Signs somebody in at the médiacentre, then opens the resource, as its tile would; or answers the request that
/// waits.
async fn enter(
    visitor: Visitor,
    Extension(world): Extension<World>,
    Checked(form): Checked<PersonForm>,
) -> Result<Response, Problem> {
    let person = world
        .mediacentre
        .find(&form.person)
        .ok_or(Problem::NotFound)?;
    if !form.request.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Problem::BadRequest);
    }
    let to = match form.request.as_str() {
        "" => SIGN_IN_PATH.to_owned(),
        request => format!("{SSO_PATH}?{request}"),
    };
    let mut response = Redirect::to(&to).into_response();
    let secure = visitor.app.settings.secure;
    cookies::set(response.headers_mut(), COOKIE, &person.id, secure);
    Ok(response)
}

async fn leave(visitor: Visitor, Checked(_): Checked<Nothing>) -> Response {
    let mut response = Redirect::to(MEDIACENTRE_PATH).into_response();
    cookies::remove(response.headers_mut(), COOKIE, visitor.app.settings.secure);
    response
}

/// Answers a request: at once when somebody is signed in here, else once they have said who they are.
async fn answer(
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
    Extension(world): Extension<World>,
) -> Result<Response, Problem> {
    let query = query.unwrap_or_default();
    let pair = world.federation.pair().await?;
    let now = Timestamp::now();
    let request = match pair.provider.receive(&query, &pair.service, now) {
        Ok(request) => request,
        Err(RequestRefusal::Age) => return Ok(Redirect::to(SIGN_IN_PATH).into_response()),
        Err(refusal) => return Ok(refused(&visitor, &refusal)),
    };
    match world.present(&visitor, &headers) {
        None => Ok(world.list(&visitor, &headers, query)),
        Some(person) => go_on(&visitor, pair, &request, person, now),
    }
}

/// The page that carries the signed answer, with a button for browsers without scripts.
fn go_on(
    visitor: &Visitor,
    pair: &Pair,
    request: &Request,
    person: &Person,
    now: Timestamp,
) -> Result<Response, Problem> {
    let subject = Subject {
        name_id: RawToken::draw(&SystemChance).expose().to_owned(),
        attributes: person.attributes(),
    };
    let response = pair.provider.respond(request, subject, now);
    Ok(render(&ContinuePage {
        page: visitor.page(&text("demo-continue-title")),
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        acs_url: request.acs_url.clone(),
        response: response.map_err(Failure::new)?,
        relay_state: request.relay_state.clone(),
        script: CONTINUE_PATH,
        people_url: MEDIACENTRE_PATH,
    }))
}

/// The request is not one of this demo's Pix Orga.
fn refused(visitor: &Visitor, refusal: &RequestRefusal) -> Response {
    tracing::info!(%refusal, "the demo's médiacentre refused a request");
    refused_page(visitor, StatusCode::FORBIDDEN)
}

async fn metadata(Extension(world): Extension<World>) -> Result<Response, Problem> {
    let pair = world.federation.pair().await?;
    let kind = [(CONTENT_TYPE, operating::SAML_METADATA)];
    Ok((kind, pair.provider.metadata().to_owned()).into_response())
}

/// Ours: elsewhere the configuration gives it, here the keys drawn when somebody first asks.
async fn served(Extension(world): Extension<World>) -> Result<Response, Problem> {
    let pair = world.federation.pair().await?;
    let kind = [(CONTENT_TYPE, operating::SAML_METADATA)];
    Ok((kind, pair.served.clone()).into_response())
}

async fn script() -> impl IntoResponse {
    let kind = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (kind, include_str!("../../assets/continue.js"))
}

impl World {
    /// Who is signed in at the médiacentre, in this browser.
    fn present(&self, visitor: &Visitor, headers: &HeaderMap) -> Option<&Person> {
        let id = cookies::read(headers, COOKIE, visitor.app.settings.secure)?;
        self.mediacentre.find(&id)
    }

    /// `request` is the query of the request that waits, or nothing.
    fn list(&self, visitor: &Visitor, headers: &HeaderMap, request: String) -> Response {
        let mut groups: Vec<Group> = Vec::new();
        for person in self.mediacentre.people() {
            let school = format!(
                "{}, {} · UAI {}",
                person.school.name, person.school.town, person.school.uai
            );
            match groups.last_mut().filter(|group| group.school == school) {
                Some(group) => group.people.push(Entry::of(person)),
                None => groups.push(Group {
                    school,
                    people: vec![Entry::of(person)],
                }),
            }
        }
        let present = self.present(visitor, headers);
        render(&MediacentrePage {
            page: visitor.page(&text("demo-mediacentre-title")),
            groups,
            action: MEDIACENTRE_PATH,
            leave: LEAVE_PATH,
            present: present.map(|one| format!("{} {}", one.first_name, one.last_name)),
            request,
        })
    }
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
