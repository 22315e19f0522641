//! « Mon compte »: outside any school's space.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use pix_orga_domain::account::password::Password;
use pix_orga_domain::account::use_cases::AccountRefusal;
use pix_orga_domain::account::use_cases::signing_in::PasswordDenial;
use pix_orga_domain::refusal::{Denied, Refusal};
use serde::Deserialize;

use crate::app::SharedApp;
use crate::cookies;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::{FormErrors, SpaceChoice};
use crate::visitor::{SignedIn, Visitor};
use crate::wait::Wait;

/// Its addresses.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/compte", get(account))
        .route("/compte/confirmer", post(ask_confirmation))
        .route("/compte/mot-de-passe", post(change_password))
}

#[derive(Template)]
#[template(path = "pages/account/account.html")]
struct AccountPage {
    page: Page,
    errors: FormErrors,
    name: String,
    email: String,
    email_confirmed: bool,
    schools: Vec<SpaceChoice>,
}

/// A change of password as typed.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    current: String,
    #[serde(default)]
    password: String,
}

/// The page.
async fn account(signed_in: SignedIn) -> Result<Response, Problem> {
    let view = account_page(&signed_in, FormErrors::default()).await?;
    Ok(render(&view))
}

/// Mails another link that proves the address.
async fn ask_confirmation(
    State(app): State<SharedApp>,
    SignedIn { visitor, account }: SignedIn,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    if account.email_confirmed_at.is_some() {
        return Ok(visitor.done("/compte", "info", "email-already-confirmed"));
    }
    match app.accounts.ask_confirmation(&account).await {
        Ok(()) => Ok(visitor.done("/compte", "success", "confirmation-sent")),
        Err(Denied::Refused(AccountRefusal::TooManyAttempts)) => {
            Ok(visitor.done("/compte", "warning", "confirmation-too-many"))
        }
        Err(other) => Err(other.into()),
    }
}

/// Chooses a new password: every session of the account ends, this one too.
async fn change_password(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Checked(form): Checked<PasswordForm>,
) -> Result<Response, Problem> {
    let SignedIn { visitor, account } = &signed_in;
    let present = Password::presented(&form.current);
    let session = visitor.session.as_ref().map(|session| session.id);
    let session = session.ok_or_else(|| Problem::SignInFirst {
        back: String::new(),
    })?;
    let outcome = app
        .accounts
        .change_password(account, session, &present, &form.password)
        .await;
    match outcome {
        Ok(()) => {
            let mut response = visitor.done("/connexion", "success", "password-changed");
            let secure = app.settings.secure;
            cookies::remove(response.headers_mut(), cookies::SESSION, secure);
            Ok(response)
        }
        Err(Denied::Refused(denial)) => {
            let view = account_page(&signed_in, password_errors(visitor, denial)).await?;
            // Not 401: they are signed in, and the form comes back.
            let status = match denial.refusal {
                AccountRefusal::CredentialsRefused => axum::http::StatusCode::UNPROCESSABLE_ENTITY,
                refusal => refusals::status(refusal.code()),
            };
            Ok(Wait::of(visitor, denial).answer(status, render(&view)))
        }
        Err(other) => Err(other.into()),
    }
}

/// The refusal beside its field.
fn password_errors(visitor: &Visitor, denial: PasswordDenial) -> FormErrors {
    let refusal = denial.refusal;
    match refusal {
        AccountRefusal::CredentialsRefused => {
            let mut errors = FormErrors::default();
            errors.add("current", text("account-current-wrong"));
            errors
        }
        AccountRefusal::TooManyAttempts => {
            Wait::of(visitor, denial).beside("current", refusal.code())
        }
        _ => FormErrors::refused("password", refusal.code()),
    }
}

async fn account_page(signed_in: &SignedIn, errors: FormErrors) -> Result<AccountPage, Problem> {
    let SignedIn { visitor, account } = signed_in;
    let spaces = visitor.app.teams.spaces_of(account.id).await?;
    Ok(AccountPage {
        page: visitor.page(&text("account-title")),
        errors,
        name: account.full_name(),
        email: account.email.as_str().to_owned(),
        email_confirmed: account.email_confirmed_at.is_some(),
        schools: spaces
            .into_iter()
            .map(|(school, role)| SpaceChoice::new(&school, role))
            .collect(),
    })
}

#[cfg(test)]
pub mod samples;
