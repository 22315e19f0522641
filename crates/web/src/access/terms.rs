//! Pix Orga's terms, before the first use of a space.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::Organization;
use pix_orga_domain::terms::TermsKind;
use serde::Deserialize;

use crate::app::SharedApp;
use crate::extract::Path;
use crate::forms::Checked;
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::texts::text;
use crate::views::{FormErrors, SchoolCard, TermsText};
use crate::visitor::SignedIn;

#[derive(Template)]
#[template(path = "pages/terms.html")]
struct TermsPage {
    page: Page,
    errors: FormErrors,
    school: SchoolCard,
    document: TermsText,
    renewed: bool,
    action: String,
}

/// The box ticked, or not.
#[derive(Deserialize)]
pub struct AcceptForm {
    #[serde(default)]
    accept: String,
}

/// The text and the box.
pub async fn form(
    signed_in: SignedIn,
    Path(organization): Path<String>,
) -> Result<Response, Problem> {
    let school = own_school(&signed_in, &organization).await?;
    let account = &signed_in.account;
    if signed_in
        .visitor
        .app
        .terms
        .accepted(account, TermsKind::Space)
        .await?
    {
        return Ok(Redirect::to(&format!("/espace/{}", school.id)).into_response());
    }
    Ok(render(
        &terms_page(&signed_in, &school, FormErrors::default()).await?,
    ))
}

/// Accepts.
pub async fn accept(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(organization): Path<String>,
    Checked(form): Checked<AcceptForm>,
) -> Result<Response, Problem> {
    let school = own_school(&signed_in, &organization).await?;
    if form.accept != "yes" {
        let view = terms_page(
            &signed_in,
            &school,
            FormErrors::refused("accept", "terms_unaccepted"),
        )
        .await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&view)).into_response());
    }
    app.terms
        .accept(&signed_in.account, TermsKind::Space)
        .await?;
    Ok(signed_in.visitor.done(
        &format!("/espace/{}", school.id),
        "success",
        "terms-accepted",
    ))
}

async fn own_school(signed_in: &SignedIn, organization: &str) -> Result<Organization, Problem> {
    let id = OrganizationId::parse(organization).map_err(|_| Problem::NotFound)?;
    let spaces = signed_in
        .visitor
        .app
        .teams
        .spaces_of(signed_in.account.id)
        .await?;
    let own = spaces.into_iter().find(|(school, _)| school.id == id);
    own.map(|(school, _)| school).ok_or(Problem::NotFound)
}

async fn terms_page(
    signed_in: &SignedIn,
    school: &Organization,
    errors: FormErrors,
) -> Result<TermsPage, Problem> {
    let terms = &signed_in.visitor.app.terms;
    let former = terms.store.accepted(signed_in.account.id).await?;
    Ok(TermsPage {
        page: signed_in.visitor.page(&text("conditions-title")),
        errors,
        school: SchoolCard::of(school),
        document: TermsText::of(&terms.in_force.space),
        renewed: former
            .iter()
            .any(|acceptance| acceptance.kind == TermsKind::Space),
        action: format!("/espace/{}/conditions", school.id),
    })
}

#[cfg(test)]
pub mod samples;
