//! Signing in and out, and choosing a space.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use pix_orga_domain::account::password::Password;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::session::Subject;
use serde::Deserialize;

use crate::app::SharedApp;
use crate::extract::Query;
use crate::forms::{Checked, Nothing, local_path};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::pupil::sign_in::GOODBYE_PATH;
use crate::refusals;
use crate::texts::text;
use crate::views::{FormErrors, SpaceChoice};
use crate::visitor::{SignedIn, Visitor};
use crate::wait::Wait;

#[derive(Template)]
#[template(path = "pages/sign_in.html")]
struct SignInPage {
    page: Page,
    errors: FormErrors,
    email: String,
    next: String,
}

#[derive(Template)]
#[template(path = "pages/account/schools.html")]
struct SpacesPage {
    page: Page,
    schools: Vec<SpaceChoice>,
}

/// Where to go on.
#[derive(Deserialize)]
pub struct Next {
    #[serde(default)]
    next: String,
}

/// A sign-in as typed.
#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

/// `/`: the space of who is signed in, or the sign-in page.
pub async fn front(visitor: Visitor) -> Redirect {
    match visitor.session.map(|session| session.subject) {
        Some(Subject::Account(_)) => Redirect::to("/espaces"),
        Some(Subject::Pupil(_)) => Redirect::to("/parcours"),
        None => Redirect::to("/connexion"),
    }
}

/// The form.
pub async fn form(visitor: Visitor, Query(next): Query<Next>) -> Response {
    let page = visitor.page(&text("sign-in-title"));
    render(&SignInPage {
        page,
        errors: FormErrors::default(),
        email: String::new(),
        next: next.next,
    })
}

/// Checks and opens a session.
pub async fn submit(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Checked(form): Checked<SignInForm>,
) -> Result<Response, Problem> {
    let password = Password::presented(&form.password);
    match app
        .accounts
        .sign_in(&form.email, &password, visitor.origin())
        .await
    {
        Ok(account) => {
            let to = local_path(&form.next).unwrap_or("/espaces");
            visitor.sign_in(Subject::Account(account.id), to).await
        }
        Err(Denied::Refused(denial)) => {
            let wait = Wait::of(&visitor, denial);
            let page = visitor.page(&text("sign-in-title"));
            let view = SignInPage {
                page,
                errors: wait.beside("email", denial.code()),
                email: form.email,
                next: form.next,
            };
            Ok(wait.answer(refusals::status(denial.code()), render(&view)))
        }
        Err(other) => Err(other.into()),
    }
}

/// Ends the session.
pub async fn sign_out(visitor: Visitor, Checked(_): Checked<Nothing>) -> Result<Response, Problem> {
    let was_pupil = matches!(
        visitor.session.as_ref().map(|session| session.subject),
        Some(Subject::Pupil(_))
    );
    let next = if was_pupil {
        Redirect::to(GOODBYE_PATH).into_response()
    } else {
        visitor.done("/connexion", "info", "signed-out")
    };
    visitor.sign_out(next).await
}

/// The schools of the person: straight in when there is one.
pub async fn spaces(SignedIn { visitor, account }: SignedIn) -> Result<Response, Problem> {
    let spaces = visitor.app.teams.spaces_of(account.id).await?;
    if let [(only, _)] = spaces.as_slice() {
        return Ok(Redirect::to(&format!("/espace/{}", only.id)).into_response());
    }
    let schools = spaces
        .into_iter()
        .map(|(school, role)| SpaceChoice::new(&school, role))
        .collect();
    Ok(render(&SpacesPage {
        page: visitor.page(&text("session-schools")),
        schools,
    }))
}

#[cfg(test)]
pub mod samples;
