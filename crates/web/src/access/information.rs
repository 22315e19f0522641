//! The pages everybody can read.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::app::SharedApp;
use crate::page::Page;
use crate::problem::render;
use crate::texts::text;
use crate::views::TermsText;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/conditions.html")]
struct TermsPage {
    page: Page,
    documents: Vec<TermsText>,
}

#[derive(Template)]
#[template(path = "pages/accessibility.html")]
struct AccessibilityPage {
    page: Page,
}

#[derive(Template)]
#[template(path = "pages/personal_data.html")]
struct PersonalDataPage {
    page: Page,
}

/// Both terms.
pub async fn terms(State(app): State<SharedApp>, visitor: Visitor) -> Response {
    let in_force = &app.terms.in_force;
    let documents = vec![
        TermsText::of(&in_force.space),
        TermsText::of(&in_force.account),
    ];
    render(&TermsPage {
        page: visitor.page(&text("conditions-title")),
        documents,
    })
}

/// The accessibility statement.
pub async fn accessibility(visitor: Visitor) -> Response {
    render(&AccessibilityPage {
        page: visitor.page(&text("accessibility-title")),
    })
}

/// What is done with personal data.
pub async fn personal_data(visitor: Visitor) -> Response {
    render(&PersonalDataPage {
        page: visitor.page(&text("data-title")),
    })
}

#[cfg(test)]
pub mod samples;
