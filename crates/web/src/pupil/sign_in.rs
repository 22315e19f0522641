//! Coming by the médiacentre, and leaving.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::campaign::code::CampaignCode;
use pix_orga_domain::pupil::PupilRefusal;
use pix_orga_domain::pupil::sign_in::{Answer, Leaving};
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::token::RawToken;
use serde::Deserialize;

use super::SIGN_IN_PATH;
use super::guest::remember;
use crate::cookies;
use crate::forms::{Checked, Nothing};
use crate::problem::{self, Problem};
use crate::refusals;
use crate::texts::text;
use crate::views::Action;
use crate::visitor::Visitor;

/// The largest answer of a federation, in bytes: 256 KiB once decoded.
pub const ANSWER_BYTES_MAX: usize = 512 * 1024;

/// What the federation posts through the browser. It comes from another site: what it says is verified, and not the
/// form's token.
#[derive(Deserialize)]
pub struct Posted {
    #[serde(default, rename = "SAMLResponse")]
    proof: String,
}

/// Sends the browser where pupils sign in.
pub async fn depart(visitor: Visitor, headers: HeaderMap) -> Result<Response, Problem> {
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
            Ok(response)
        }
        Err(denied) => refused(&visitor, denied),
    }
}

/// The cookie that a departure gave to this browser.
fn departure_cookie(visitor: &Visitor, headers: &HeaderMap) -> Option<RawToken> {
    let secret = cookies::read(headers, cookies::DEPARTURE, visitor.app.settings.secure)?;
    Some(RawToken::presented(&secret))
}

/// Takes what the federation answered.
pub async fn come_back(
    visitor: Visitor,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let posted: Posted = serde_urlencoded::from_bytes(&body).map_err(|_| Problem::BadRequest)?;
    let answer = Answer {
        proof: posted.proof,
        browser: departure_cookie(&visitor, &headers),
    };
    arrive(&visitor, &answer).await
}

/// Signs in the pupil who brings an answer of the federation, in place of whoever was signed in in this browser.
///
/// # Errors
/// `not_a_pupil`; when the store fails. Other refusals are a page for the pupil.
pub async fn arrive(visitor: &Visitor, answer: &Answer) -> Result<Response, Problem> {
    let former = visitor.session_token.as_ref();
    match visitor.app.pupils.sign_in(answer, former).await {
        Ok(arrival) => {
            visitor.app.metrics.came_back("signed_in");
            let mut response = Redirect::to("/parcours").into_response();
            let (headers, secure) = (response.headers_mut(), visitor.app.settings.secure);
            cookies::set(headers, cookies::SESSION, arrival.cookie.expose(), secure);
            cookies::remove(headers, cookies::DEPARTURE, secure);
            Ok(response)
        }
        Err(denied) => {
            visitor.app.metrics.came_back(outcome(&denied));
            refused(visitor, denied)
        }
    }
}

/// What figures call it.
fn outcome(denied: &Denied<PupilRefusal>) -> &'static str {
    match denied {
        Denied::Refused(refusal) => refusal.code(),
        Denied::Stale => "stale",
        Denied::Failure(_) => "failure",
    }
}

/// One plain page, with a way back. Only the log has the reason.
fn refused(visitor: &Visitor, denied: Denied<PupilRefusal>) -> Result<Response, Problem> {
    let Denied::Refused(refusal) = denied else {
        return Err(denied.into());
    };
    tracing::info!(code = refusal.code(), "a pupil's sign-in was refused");
    let action = match refusal {
        PupilRefusal::NotAPupil => return Err(denied.into()),
        PupilRefusal::GarNotConfigured => Action::new("/connexion", text("pupil-action-adult")),
        PupilRefusal::SignInRefused => Action::new(SIGN_IN_PATH, text("pupil-action-mediacentre")),
    };
    let page = problem::for_pupil(visitor, refusal.code(), vec![action]);
    Ok((refusals::status(refusal.code()), page).into_response())
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
