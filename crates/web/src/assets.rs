//! The site's own files, compiled in.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

const FILES: &[(&str, &str, &[u8])] = &[
    (
        "pix-orga.css",
        "text/css; charset=utf-8",
        include_bytes!("../assets/pix-orga.css"),
    ),
    (
        "pix-orga.js",
        "text/javascript; charset=utf-8",
        include_bytes!("../assets/pix-orga.js"),
    ),
    (
        "favicon.svg",
        "image/svg+xml",
        include_bytes!("../assets/favicon.svg"),
    ),
    (
        "chevron.svg",
        "image/svg+xml",
        include_bytes!("../assets/chevron.svg"),
    ),
    (
        "fonts/nunito-latin-600-normal.woff2",
        "font/woff2",
        include_bytes!("../assets/fonts/nunito-latin-600-normal.woff2"),
    ),
    (
        "fonts/nunito-latin-800-normal.woff2",
        "font/woff2",
        include_bytes!("../assets/fonts/nunito-latin-800-normal.woff2"),
    ),
    (
        "fonts/roboto-latin-400-normal.woff2",
        "font/woff2",
        include_bytes!("../assets/fonts/roboto-latin-400-normal.woff2"),
    ),
    (
        "fonts/roboto-latin-700-normal.woff2",
        "font/woff2",
        include_bytes!("../assets/fonts/roboto-latin-700-normal.woff2"),
    ),
];

/// `/static/{file}`.
pub async fn file(name: Result<Path<String>, PathRejection>) -> Response {
    // A name that is no text names no file.
    let name = name.map_or_else(|_| String::new(), |Path(name)| name);
    match FILES.iter().find(|(known, _, _)| *known == name) {
        Some((_, kind, bytes)) => (
            [
                (CONTENT_TYPE, *kind),
                (CACHE_CONTROL, "public, max-age=3600"),
            ],
            *bytes,
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
