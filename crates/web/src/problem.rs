//! What a handler answers when it does not do what was asked, and the page it becomes.

use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use axum::response::{Html, IntoResponse, Redirect, Response};
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::session::Subject;
use pix_orga_domain::store::Failure;

use crate::app::App;
use crate::forms::local_path;
use crate::headers;
use crate::page::Page;
use crate::pupil::SIGN_IN_PATH;
use crate::refusals;
use crate::texts::text;
use crate::views::Action;
use crate::visitor::Visitor;

/// Why a page is not what was asked for.
#[derive(Debug)]
pub enum Problem {
    /// No such page, or not theirs: never told apart.
    NotFound,
    /// A rule of the domain said no, by code; the page says what to do next.
    Refused(&'static str),
    /// They must sign in first; `back` is where they wanted to go, or empty.
    SignInFirst {
        /// A path of this site.
        back: String,
    },
    /// They must accept Pix Orga's terms first.
    TermsFirst {
        /// The school they enter.
        organization: OrganizationId,
    },
    /// The same for a form they sent: it is kept in their browser, to be sent once the terms are accepted.
    TermsBeforeForm {
        /// The school they enter.
        organization: OrganizationId,
    },
    /// A pupil asks for a page of adults.
    AdultsOnly,
    /// An adult asks for a page of pupils.
    PupilsOnly,
    /// Nobody is signed in on a page of pupils: they enter by the médiacentre.
    MediacentreFirst,
    /// The form did not come from a page of this browser, or the page is too old.
    FormExpired,
    /// The request is not a form of ours.
    BadRequest,
    /// Others kept writing first.
    Busy,
    /// The store or the server failed.
    Failure(Failure),
}

/// Marks a response that [`dress`] turns into a page.
#[derive(Clone)]
struct Undressed {
    code: &'static str,
    /// What to do next, when it is not to go back to one's space.
    next: Option<Action>,
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl<R: Refusal> From<Denied<R>> for Problem {
    fn from(denied: Denied<R>) -> Self {
        match denied {
            Denied::Refused(refusal) if refusal.code() == "not_found" => Self::NotFound,
            Denied::Refused(refusal) => Self::Refused(refusal.code()),
            Denied::Stale => Self::Busy,
            Denied::Failure(failure) => Self::Failure(failure),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut next = None;
        let code = match self {
            Self::SignInFirst { back } if local_path(&back).is_none() => {
                return Redirect::to("/connexion").into_response();
            }
            Self::SignInFirst { back } => {
                let query = serde_urlencoded::to_string([("next", back)]).unwrap_or_default();
                return Redirect::to(&format!("/connexion?{query}")).into_response();
            }
            Self::TermsFirst { organization } => {
                return Redirect::to(&terms_of(organization)).into_response();
            }
            Self::TermsBeforeForm { organization } => {
                next = Some(Action::new(
                    terms_of(organization),
                    text("problem-action-terms"),
                ));
                "terms_required"
            }
            Self::MediacentreFirst => return Redirect::to("/parcours").into_response(),
            Self::AdultsOnly => "adults_only",
            Self::PupilsOnly => "pupils_only",
            Self::NotFound => "not_found",
            Self::Refused(code) => code,
            Self::FormExpired => "form_expired",
            Self::BadRequest => "bad_request",
            Self::Busy => "busy",
            Self::Failure(failure) => {
                tracing::error!(%failure, "a request failed");
                "unavailable"
            }
        };
        let mut response = refusals::status(code).into_response();
        retry_later(&mut response, code);
        response.extensions_mut().insert(Undressed { code, next });
        response
    }
}

/// Tells programs and proxies when to try again, where the refusal is of the moment.
pub fn retry_later(response: &mut Response, code: &str) {
    if let Some(seconds) = refusals::retry_after_seconds(code) {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
}

fn terms_of(organization: OrganizationId) -> String {
    format!("/espace/{organization}/conditions")
}

#[derive(Template)]
#[template(path = "pages/problem.html")]
struct ProblemPage {
    page: Page,
    heading: String,
    text: String,
    code: String,
    actions: Vec<Action>,
}

#[derive(Template)]
#[template(path = "pages/pupil/problem.html")]
struct PupilProblemPage {
    page: Page,
    heading: String,
    text: String,
    actions: Vec<Action>,
}

/// Turns a bare refusal into a page that says what to do next.
pub fn dress(visitor: &Visitor, response: Response) -> Response {
    let Undressed { code, next } = match response.extensions().get::<Undressed>() {
        Some(undressed) => undressed.clone(),
        None => match bare(&response) {
            Some(code) => Undressed { code, next: None },
            None => return response,
        },
    };
    let or = |url, key| next.unwrap_or_else(|| Action::new(url, text(key)));
    let page = match visitor.session.as_ref().map(|session| session.subject) {
        Some(Subject::Pupil(_)) => pupil_page(visitor, code),
        Some(Subject::Account(_)) => adult_page(visitor, code, or("/espaces", "problem-back")),
        None => adult_page(visitor, code, or("/connexion", "sign-in-title")),
    };
    let mut dressed = (response.status(), page).into_response();
    for (name, value) in response.headers() {
        if *name != CONTENT_TYPE && *name != axum::http::header::CONTENT_LENGTH {
            dressed.headers_mut().append(name, value.clone());
        }
    }
    dressed
}

/// The code of a refusal that the framework answered by itself: without a body, or as a bare text in English.
fn bare(response: &Response) -> Option<&'static str> {
    let kind = response.headers().get(CONTENT_TYPE);
    let bare = kind.is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    match response.status() {
        _ if !bare => None,
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => Some("not_found"),
        StatusCode::PAYLOAD_TOO_LARGE => Some("too_large"),
        status if status.is_client_error() => Some("bad_request"),
        _ => None,
    }
}

fn adult_page(visitor: &Visitor, code: &str, next: Action) -> Response {
    let mut actions = vec![next];
    if code == "pupils_only" {
        actions.push(Action::new(SIGN_IN_PATH, text("pupil-action-enter")));
    }
    let heading = refusals::title(code);
    render(&ProblemPage {
        page: visitor.page(&heading),
        heading,
        text: refusals::text(code),
        code: code.to_owned(),
        actions,
    })
}

fn pupil_page(visitor: &Visitor, code: &str) -> Response {
    let mut actions = vec![Action::new("/parcours", text("pupil-action-back"))];
    if code == "adults_only" {
        actions.push(Action::new("/connexion", text("pupil-action-adult")));
    }
    for_pupil(visitor, code, actions)
}

/// The page of a refusal to somebody who was not recognised, nor let in: it asks nothing of the database.
pub fn bare_page(app: &App, code: &str) -> Response {
    let heading = refusals::title(code);
    let page = Page {
        title: heading.clone(),
        lang: "fr".to_owned(),
        demo: app.settings.demo,
        csrf: String::new(),
        flash: None,
        space: None,
        contacts: app.settings.contacts.clone(),
    };
    let page = render(&ProblemPage {
        page,
        heading,
        text: refusals::text(code),
        code: code.to_owned(),
        actions: Vec::new(),
    });
    let mut response = (refusals::status(code), page).into_response();
    retry_later(&mut response, code);
    headers::dress(app, &mut response);
    response
}

/// A refusal as a pupil reads it, without its status. The reason stands in the log alone.
pub fn for_pupil(visitor: &Visitor, code: &str, actions: Vec<Action>) -> Response {
    let heading = refusals::title_for_pupil(code);
    render(&PupilProblemPage {
        page: visitor.page(&heading),
        heading,
        text: refusals::text_for_pupil(code),
        actions,
    })
}

/// A template as a response.
pub fn render(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
            response
        }
    }
}

#[cfg(test)]
pub mod samples;
