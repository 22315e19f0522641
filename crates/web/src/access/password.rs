//! Forgotten passwords, and proving an address.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use pix_orga_domain::account::LinkPurpose;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::token::RawToken;
use serde::Deserialize;

use crate::app::SharedApp;
use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::FormErrors;
use crate::visitor::Visitor;

#[derive(Template)]
#[template(path = "pages/password_forgotten.html")]
struct ForgottenPage {
    page: Page,
    errors: FormErrors,
    email: String,
    sent: bool,
}

#[derive(Template)]
#[template(path = "pages/password_reset.html")]
struct ResetPage {
    page: Page,
    errors: FormErrors,
    action: String,
    usable: bool,
}

#[derive(Template)]
#[template(path = "pages/email_confirm.html")]
struct ConfirmPage {
    page: Page,
    action: String,
    usable: bool,
}

/// An address as typed.
#[derive(Deserialize)]
pub struct EmailForm {
    #[serde(default)]
    email: String,
}

/// A new password as typed.
#[derive(Deserialize)]
pub struct PasswordForm {
    #[serde(default)]
    password: String,
}

/// The form.
pub async fn forgotten(visitor: Visitor) -> Response {
    let page = visitor.page(&text("password-forgotten-title"));
    render(&ForgottenPage {
        page,
        errors: FormErrors::default(),
        email: String::new(),
        sent: false,
    })
}

/// Mails a link if the address is an account's; the answer never tells.
pub async fn ask(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Checked(form): Checked<EmailForm>,
) -> Result<Response, Problem> {
    app.accounts
        .ask_reset(&form.email, visitor.origin())
        .await?;
    let page = visitor.page(&text("password-forgotten-sent-title"));
    Ok(render(&ForgottenPage {
        page,
        errors: FormErrors::default(),
        email: form.email,
        sent: true,
    }))
}

/// The page of a link: reading it does not use it up.
pub async fn choose(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let raw = RawToken::presented(&token);
    let refused = match app
        .accounts
        .look_at_link(&raw, LinkPurpose::ResetPassword)
        .await
    {
        Ok(_) => None,
        Err(Denied::Refused(refusal)) => Some(refusal),
        Err(other) => return Err(other.into()),
    };
    let view = reset_page(&visitor, &token, FormErrors::default(), refused.is_none());
    let status = refused.map_or(StatusCode::OK, |refusal| refusals::status(refusal.code()));
    Ok((status, render(&view)).into_response())
}

/// Writes the new password.
pub async fn reset(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(form): Checked<PasswordForm>,
) -> Result<Response, Problem> {
    match app
        .accounts
        .reset(&RawToken::presented(&token), &form.password)
        .await
    {
        Ok(account) => {
            let mut done = visitor.done("/connexion", "success", "password-changed");
            visitor.remember(done.headers_mut(), account);
            Ok(done)
        }
        Err(Denied::Refused(refusal)) => {
            let usable = !refusal.code().starts_with("account_link");
            let view = reset_page(
                &visitor,
                &token,
                FormErrors::refused("password", refusal.code()),
                usable,
            );
            Ok((refusals::status(refusal.code()), render(&view)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

fn reset_page(visitor: &Visitor, token: &str, errors: FormErrors, usable: bool) -> ResetPage {
    let page = visitor.page(&text("password-reset-title"));
    ResetPage {
        page,
        errors,
        action: format!("/mot-de-passe/{token}"),
        usable,
    }
}

/// The page of a confirmation link: reading it does not use it up.
pub async fn confirm_page(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let raw = RawToken::presented(&token);
    let refused = match app
        .accounts
        .look_at_link(&raw, LinkPurpose::ConfirmEmail)
        .await
    {
        Ok(_) => None,
        Err(Denied::Refused(refusal)) => Some(refusal),
        Err(other) => return Err(other.into()),
    };
    let view = ConfirmPage {
        page: visitor.page(&text("email-confirm-title")),
        action: format!("/confirmer/{token}"),
        usable: refused.is_none(),
    };
    let status = refused.map_or(StatusCode::OK, |refusal| refusals::status(refusal.code()));
    Ok((status, render(&view)).into_response())
}

/// Proves the address.
pub async fn confirm(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    app.accounts.confirm(&RawToken::presented(&token)).await?;
    Ok(visitor.done("/espaces", "success", "email-confirmed"))
}

#[cfg(test)]
pub mod samples;
