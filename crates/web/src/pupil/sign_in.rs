//! Coming by the médiacentre, and leaving.

use askama::Template;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::ids::PupilId;
use pix_orga_domain::pupil::PupilRefusal;
use pix_orga_domain::pupil::contract::Attribute;
use pix_orga_domain::pupil::sign_in::{Answer, Leaving};
use pix_orga_domain::pupil::use_cases::NotIn;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::session::Subject;
use pix_orga_domain::token::RawToken;
use serde::Deserialize;

use super::MINE_PATH;
use super::guest::remember;
use super::{SIGN_IN_PATH, arrival};
use crate::cookies;
use crate::extract::Path;
use crate::forms::{self, Checked, Nothing};
use crate::page::Page;
use crate::problem::{self, Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::Action;
use crate::visitor::Visitor;

/// The largest answer of a federation, in bytes: 256 KiB once decoded.
const ANSWER_BYTES_MAX: usize = 512 * 1024;

/// Where it is seen whether who brings an answer again is signed in: a form of another site does not bring the cookie.
pub const CAME_AGAIN_PATH: &str = "/gar/retour";
/// What figures call somebody who comes back with their own answer, and is in already.
const CAME_AGAIN: &str = "came_again";

/// Where a pupil who signed out is led.
pub const GOODBYE_PATH: &str = "/parcours/au-revoir";

#[derive(Template)]
#[template(path = "pages/pupil/sign_in_refused.html")]
struct RefusedPage {
    page: Page,
    heading: String,
    text: String,
    actions: Vec<Action>,
}

#[derive(Template)]
#[template(path = "pages/pupil/not_a_pupil.html")]
struct NotAPupilPage {
    page: Page,
    heading: String,
    text: String,
}

#[derive(Template)]
#[template(path = "pages/pupil/goodbye.html")]
struct GoodbyePage {
    page: Page,
}

/// What the federation posts through the browser. It comes from another site: what it says is verified, and not the
/// form's token.
#[derive(Deserialize)]
pub struct Posted {
    #[serde(default, rename = "SAMLResponse")]
    proof: String,
}

/// Sends the browser where pupils sign in.
pub async fn depart(visitor: Visitor, headers: HeaderMap) -> Response {
    let leaving = Leaving {
        browser: departure_cookie(&visitor, &headers),
        session: visitor.session_token.as_ref().map(RawToken::hash),
    };
    match visitor.app.pupils.depart(&leaving).await {
        Ok(departure) => {
            let mut response = Redirect::to(&departure.location).into_response();
            if let Some(secret) = &departure.browser {
                cookies::set_brief_across_sites(
                    response.headers_mut(),
                    cookies::DEPARTURE,
                    secret.expose(),
                    visitor.app.settings.secure,
                );
            }
            response
        }
        Err(denied) => refused(&visitor, denied),
    }
}

/// The cookie that a departure gave to this browser.
fn departure_cookie(visitor: &Visitor, headers: &HeaderMap) -> Option<RawToken> {
    let secret = cookies::read(headers, cookies::DEPARTURE, visitor.app.settings.secure)?;
    Some(RawToken::presented(&secret))
}

/// Takes what the federation answered. An answer that cannot be read is refused as one that does not hold: what else
/// the form says, an address to go to above all, is not read.
pub async fn come_back(visitor: Visitor, headers: HeaderMap, body: Body) -> Response {
    let posted = match forms::read(body, ANSWER_BYTES_MAX).await {
        Ok(body) => serde_urlencoded::from_bytes::<Posted>(&body).ok(),
        Err(Problem::Refused(code)) => {
            tracing::info!(code, "an answer was not read");
            visitor.app.metrics.came_back(code);
            return refused_page(&visitor, refusals::status(code));
        }
        Err(_) => None,
    };
    let answer = Answer {
        proof: posted.map(|posted| posted.proof).unwrap_or_default(),
        browser: departure_cookie(&visitor, &headers),
    };
    arrive(&visitor, &answer).await
}

/// Signs in the pupil who brings an answer of the federation, in place of whoever was signed in in this browser. The
/// departure's cookie stays for its time: another tab may have left with it.
async fn arrive(visitor: &Visitor, answer: &Answer) -> Response {
    let former = visitor.session_token.as_ref();
    match visitor.app.pupils.sign_in(answer, former).await {
        Ok(arrival) => {
            visitor.app.metrics.came_back("signed_in");
            let secure = visitor.app.settings.secure;
            let mut response = if arrival.first {
                arrival::to_welcome(secure)
            } else {
                Redirect::to("/parcours").into_response()
            };
            let session = arrival.cookie.expose();
            cookies::set(response.headers_mut(), cookies::SESSION, session, secure);
            response
        }
        Err(NotIn::CameAgain(pupil)) => came_again(visitor, pupil),
        Err(NotIn::Lacks(attributes)) => lacks(visitor, &attributes),
        Err(NotIn::Denied(denied)) => {
            visitor.app.metrics.came_back(outcome(&denied));
            refused(visitor, denied)
        }
    }
}

/// An answer that signs nobody in any more came, and speaks of this account: « Retour » in the browser posts it again.
/// Over https, the session's cookie does not come with another site's form: we ask for it by a page of ours.
fn came_again(visitor: &Visitor, pupil: PupilId) -> Response {
    let secure = visitor.app.settings.secure;
    if secure && visitor.session_token.is_none() {
        let mut response = Redirect::to(CAME_AGAIN_PATH).into_response();
        let pupil = pupil.to_string();
        cookies::set_brief(response.headers_mut(), cookies::CAME_AGAIN, &pupil, secure);
        return response;
    }
    on_or_refused(visitor, pupil)
}

/// Looks at whose session this is, now that its cookie comes.
pub async fn came_again_here(visitor: Visitor, headers: HeaderMap) -> Response {
    let secure = visitor.app.settings.secure;
    let pupil = cookies::read(&headers, cookies::CAME_AGAIN, secure);
    let Some(pupil) = pupil.and_then(|text| PupilId::parse(&text).ok()) else {
        return asked_again(visitor).await;
    };
    let mut response = on_or_refused(&visitor, pupil);
    cookies::remove(response.headers_mut(), cookies::CAME_AGAIN, secure);
    response
}

/// On to « Mes parcours » for who is signed in as this very pupil; the refusal for anybody else.
fn on_or_refused(visitor: &Visitor, pupil: PupilId) -> Response {
    if signed_in(visitor) == Some(pupil) {
        visitor.app.metrics.came_back(CAME_AGAIN);
        return Redirect::to(MINE_PATH).into_response();
    }
    let refusal = PupilRefusal::SignInRefused;
    visitor.app.metrics.came_back(refusal.code());
    refused(visitor, refusal.into())
}

fn signed_in(visitor: &Visitor) -> Option<PupilId> {
    match visitor.session.as_ref()?.subject {
        Subject::Pupil(id) => Some(id),
        Subject::Account(_) => None,
    }
}

/// The address where answers come, asked for by itself: of a page that was refused there, most often.
pub async fn asked_again(visitor: Visitor) -> Response {
    match signed_in(&visitor) {
        Some(_) => Redirect::to(MINE_PATH).into_response(),
        None => Problem::MediacentreFirst.into_response(),
    }
}

/// The answer lacks attributes that the contract promises: only who operates can do something, and is told which.
fn lacks(visitor: &Visitor, attributes: &[Attribute]) -> Response {
    let code = PupilRefusal::AttributeMissing.code();
    for attribute in attributes {
        let attribute = attribute.name();
        tracing::warn!(
            code,
            attribute,
            "an answer lacks an attribute of the contract"
        );
        visitor.app.metrics.attribute_missing(attribute);
    }
    visitor.app.metrics.came_back(code);
    refused_page_of(visitor, code)
}

/// What figures call it.
fn outcome(denied: &Denied<PupilRefusal>) -> &'static str {
    match denied {
        Denied::Refused(refusal) => refusal.code(),
        Denied::Stale => "stale",
        Denied::Failure(_) => "failure",
    }
}

/// A page for whoever came, with a way on. Only the log has the reason.
fn refused(visitor: &Visitor, denied: Denied<PupilRefusal>) -> Response {
    let refusal = match denied {
        Denied::Refused(refusal) => refusal,
        Denied::Stale => return refused_page_of(visitor, "busy"),
        Denied::Failure(failure) => {
            tracing::error!(%failure, "a pupil's sign-in failed");
            return refused_page_of(visitor, "unavailable");
        }
    };
    let code = refusal.code();
    tracing::info!(code, "a pupil's sign-in was refused");
    let status = refusals::status(code);
    match refusal {
        PupilRefusal::NotAPupil => (status, not_a_pupil(visitor)).into_response(),
        PupilRefusal::GarNotConfigured => {
            let action = Action::new("/connexion", text("pupil-action-adult"));
            let page = problem::for_pupil(visitor, code, vec![action]);
            (status, page).into_response()
        }
        PupilRefusal::AttributeMissing => refused_page_of(visitor, code),
        PupilRefusal::SignInRefused => refused_page(visitor, status),
    }
}

/// A refusal with a way back to the médiacentre.
fn refused_page_of(visitor: &Visitor, code: &str) -> Response {
    let action = Action::new(SIGN_IN_PATH, text("pupil-action-mediacentre"));
    let page = problem::for_pupil(visitor, code, vec![action]);
    (refusals::status(code), page).into_response()
}

/// The page of an answer that does not hold: what to do, and what to do if it happens again.
pub fn refused_page(visitor: &Visitor, status: StatusCode) -> Response {
    let code = PupilRefusal::SignInRefused.code();
    let heading = refusals::title_for_pupil(code);
    let page = render(&RefusedPage {
        page: visitor.page(&heading),
        heading,
        text: refusals::text_for_pupil(code),
        actions: vec![Action::new(SIGN_IN_PATH, text("pupil-action-mediacentre"))],
    });
    (status, page).into_response()
}

fn not_a_pupil(visitor: &Visitor) -> Response {
    let code = PupilRefusal::NotAPupil.code();
    let heading = refusals::title(code);
    render(&NotAPupilPage {
        page: visitor.page(&heading),
        heading,
        text: refusals::text(code),
    })
}

/// What a pupil who signed out does next.
pub async fn goodbye(visitor: Visitor) -> Response {
    render(&GoodbyePage {
        page: visitor.page(&text("pupil-goodbye-title")),
    })
}

/// « Ce n'est pas moi »: ends the session. Whoever comes next finds the campaign again.
pub async fn not_me(
    visitor: Visitor,
    Path(code): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let response = visitor
        .sign_out(Redirect::to("/parcours/pas-moi").into_response())
        .await?;
    Ok(match CampaignCode::parse(&code) {
        Ok(code) => remember(&visitor, code, response),
        Err(_) => response,
    })
}

/// What to do then.
pub async fn not_me_page(visitor: Visitor) -> Response {
    let actions = vec![Action::new("/parcours", text("pupil-action-ready"))];
    problem::for_pupil(&visitor, "not_me", actions)
}

#[cfg(test)]
pub mod samples;
