//! « Documentation »: the guide of the four steps.

use askama::Template;
use axum::response::Response;

use crate::page::Page;
use crate::problem::render;
use crate::texts::text;
use crate::visitor::Space;

#[derive(Template)]
#[template(path = "pages/documentation.html")]
struct DocumentationPage {
    page: Page,
}

/// The guide.
pub async fn guide(space: Space) -> Response {
    render(&DocumentationPage {
        page: space.page(&text("doc-title"), "documentation"),
    })
}

#[cfg(test)]
pub mod samples;
