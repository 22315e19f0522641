//! Forms as browsers post them, checked to come from a page of this browser.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::problem::Problem;
use crate::visitor::Visitor;

/// The largest form, in bytes: 200 pasted addresses with their names fit.
pub const FORM_BYTES_MAX: usize = 64 * 1024;

/// A form whose token was checked.
pub struct Checked<T>(pub T);

/// A form without fields.
#[derive(Debug, Deserialize)]
pub struct Nothing {}

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

/// Whether a form comes from a page of this browser: its token is the visitor's, and the browser does not say that
/// another site sent it.
///
/// # Errors
/// [`Problem::FormExpired`].
pub fn check(visitor: &Visitor, headers: &HeaderMap, token: &str) -> Result<(), Problem> {
    let cross_site = headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site");
    if cross_site || token != visitor.csrf {
        Err(Problem::FormExpired)
    } else {
        Ok(())
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Checked<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let visitor = request
            .extensions()
            .get::<Visitor>()
            .cloned()
            .ok_or(Problem::NotFound)?;
        let headers = request.headers().clone();
        let body = Bytes::from_request(request, state).await.map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::Refused("too_large")
            } else {
                Problem::BadRequest
            }
        })?;
        if body.len() > FORM_BYTES_MAX {
            return Err(Problem::Refused("too_large"));
        }
        let token: Token = serde_urlencoded::from_bytes(&body).map_err(|_| Problem::BadRequest)?;
        check(&visitor, &headers, &token.csrf)?;
        serde_urlencoded::from_bytes(&body)
            .map(Self)
            .map_err(|_| Problem::BadRequest)
    }
}

/// Where to go on after signing in: a path of this site, never another's.
pub fn local_path(next: &str) -> Option<&str> {
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t']);
    local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::local_path;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        assert_eq!(local_path("/espace/1"), Some("/espace/1"));
        for foreign in [
            "//evil.invalid",
            "https://evil.invalid",
            "/\\evil.invalid",
            "",
            "/a\r\nb",
            "/\t/evil",
        ] {
            assert_eq!(local_path(foreign), None, "{foreign:?}");
        }
    }
}
