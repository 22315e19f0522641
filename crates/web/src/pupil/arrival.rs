//! The first time a pupil comes: a word of welcome, once.

use askama::Template;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::campaign::code::CampaignCode;

use super::guest::SignedInPupil;
use crate::cookies;
use crate::page::Page;
use crate::problem::render;
use crate::texts::text;

/// Where they are welcomed.
pub const WELCOME_PATH: &str = "/parcours/bonjour";
/// What the cookie of a first arrival says.
const FIRST: &str = "premiere";

#[derive(Template)]
#[template(path = "pages/pupil/arrival.html")]
struct ArrivalPage {
    page: Page,
    first_name: String,
    on_the_way: bool,
}

/// Sends a pupil who has just come for the first time to their page of welcome.
pub fn to_welcome(secure: bool) -> Response {
    let mut response = Redirect::to(WELCOME_PATH).into_response();
    cookies::set_brief(response.headers_mut(), cookies::ARRIVED, FIRST, secure);
    response
}

/// « Bonjour Zoé, ton compte Pix est prêt », the first time; whoever asks again goes on.
pub async fn welcome(
    SignedInPupil { visitor, pupil }: SignedInPupil,
    headers: HeaderMap,
) -> Response {
    let secure = visitor.app.settings.secure;
    if cookies::read(&headers, cookies::ARRIVED, secure).as_deref() != Some(FIRST) {
        return Redirect::to("/parcours").into_response();
    }
    let code = cookies::read(&headers, cookies::CAMPAIGN, secure);
    let mut response = render(&ArrivalPage {
        page: visitor.page(&text("pupil-arrival-title")),
        first_name: pupil.signed.first_name,
        on_the_way: code.is_some_and(|code| CampaignCode::parse(&code).is_ok()),
    });
    cookies::remove(response.headers_mut(), cookies::ARRIVED, secure);
    response
}

#[cfg(test)]
pub mod samples;
