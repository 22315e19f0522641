//! Forms as browsers post them, checked to come from a page of this browser.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::extract::read_urlencoded;
use crate::problem::Problem;
use crate::visitor::Visitor;

/// The largest form, in bytes: 200 pasted addresses with their names fit.
pub const FORM_BYTES_MAX: usize = 64 * 1024;
/// What is read of one that is larger, in bytes.
const DISCARDED_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The largest form of boxes to tick, in bytes: some thousands of ticked ones fit.
pub const BOXES_BYTES_MAX: usize = 256 * 1024;

/// A form of boxes to tick, whose token was checked: the name and the value of each that is ticked.
pub struct Boxes(Vec<(String, String)>);

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

/// What a form with a token holds, `bytes_max` at most.
async fn checked<T: DeserializeOwned>(request: Request, bytes_max: usize) -> Result<T, Problem> {
    let visitor = request
        .extensions()
        .get::<Visitor>()
        .cloned()
        .ok_or(Problem::NotFound)?;
    let headers = request.headers().clone();
    let body = read(request.into_body(), bytes_max).await?;
    let token: Token = read_urlencoded(&body)?;
    check(&visitor, &headers, &token.csrf)?;
    read_urlencoded(&body)
}

/// A form's bytes, `bytes_max` at most. One that is too large is read to its end all the same, within reason: a browser that cannot send
/// everything shows a broken connection instead of the answer.
///
/// # Errors
/// `too_large`; [`Problem::BadRequest`] when the connection breaks.
pub async fn read(body: Body, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut pieces = body.into_data_stream();
    let (mut bytes, mut received) = (Vec::new(), 0_usize);
    while let Some(piece) = pieces.next().await {
        let piece = piece.map_err(|_| Problem::BadRequest)?;
        received = received.saturating_add(piece.len());
        if received <= bytes_max {
            bytes.extend_from_slice(&piece);
        } else if received > DISCARDED_BYTES_MAX {
            break;
        }
    }
    if received > bytes_max {
        return Err(Problem::Refused("too_large"));
    }
    Ok(bytes)
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Checked<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        checked(request, FORM_BYTES_MAX).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequest<S> for Boxes {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        checked(request, BOXES_BYTES_MAX).await.map(Self)
    }
}

impl Boxes {
    /// The values of the boxes of a name, in the order of the page.
    pub fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }
}

/// The longest path that one is led back to, in bytes: proxies refuse longer addresses.
pub const NEXT_BYTES_MAX: usize = 2_000;

/// Where to go on after signing in: a path of this site, never another's, as browsers write it.
pub fn local_path(next: &str) -> Option<&str> {
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && next.len() <= NEXT_BYTES_MAX
        && next
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::{NEXT_BYTES_MAX, local_path};

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
            "/a\0",
            "/\u{7f}",
            "/é",
            "/ /evil",
        ] {
            assert_eq!(local_path(foreign), None, "{foreign:?}");
        }
        let longest = format!("/{}", "a".repeat(NEXT_BYTES_MAX - 1));
        assert!(local_path(&longest).is_some());
        assert_eq!(local_path(&format!("{longest}a")), None);
    }
}
