//! An invitation in each of its states, and joining by it.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::account::password::Password;
use pix_orga_domain::invitation::InvitationKind;
use pix_orga_domain::invitation::acceptance::AcceptRefusal;
use pix_orga_domain::invitation::joining::{AccountForm, LinkView};
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::session::Subject;
use pix_orga_domain::token::RawToken;
use pix_orga_domain::uai::Uai;
use serde::Deserialize;

use crate::app::SharedApp;
use crate::extract::Path;
use crate::forms::{Checked, Nothing};
use crate::page::Page;
use crate::problem::{Problem, render};
use crate::refusals;
use crate::texts::text;
use crate::views::{FormErrors, SchoolCard, TermsText, long_day_of, role_name};
use crate::visitor::{SignedIn, Visitor};
use crate::wait::Wait;

#[derive(Template)]
#[template(path = "pages/invitation/pending.html")]
struct PendingPage {
    page: Page,
    school: SchoolCard,
    mother: Option<SchoolCard>,
    establishment: bool,
    role: String,
    inviter: String,
    sent_to: String,
    expires_on: String,
    signed_in_as: String,
    action: String,
}

#[derive(Template)]
#[template(path = "pages/invitation/ended.html")]
struct EndedPage {
    page: Page,
    state: String,
    establishment: bool,
    school: Option<SchoolCard>,
    inviter: String,
    resend_action: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/invitation/account.html")]
struct AccountPage {
    page: Page,
    errors: FormErrors,
    first_name: String,
    last_name: String,
    email: String,
    known_email: String,
    school: SchoolCard,
    create_action: String,
    sign_in_action: String,
    terms: TermsText,
    signing_in: bool,
}

#[derive(Template)]
#[template(path = "pages/nothing_received.html")]
struct NothingReceivedPage {
    page: Page,
    errors: FormErrors,
    uai: String,
    sent: bool,
}

/// A new account as typed.
#[derive(Deserialize, Default)]
pub struct NewAccountForm {
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    accept: String,
}

/// A sign-in as typed beside a new account.
#[derive(Deserialize)]
pub struct KnownAccountForm {
    #[serde(default)]
    known_email: String,
    #[serde(default)]
    known_password: String,
}

/// A UAI as typed.
#[derive(Deserialize)]
pub struct UaiForm {
    #[serde(default)]
    uai: String,
}

/// What the link is. Reading consumes nothing.
pub async fn look(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Problem> {
    let view = match open_link(&visitor, &token).await? {
        Ok(view) => view,
        Err(ended) => return Ok(*ended),
    };
    let account = visitor.account().await?;
    let inviter = inviter(&visitor, &view).await?;
    Ok(render(&PendingPage {
        page: visitor.page(&text("invitation-title")),
        school: SchoolCard::of(&view.organization),
        mother: view.mother.as_ref().map(SchoolCard::of),
        establishment: view.invitation.kind == InvitationKind::Establishment,
        role: role_name(view.invitation.kind.role()),
        inviter,
        sent_to: view.invitation.address.as_str().to_owned(),
        expires_on: long_day_of(view.invitation.expires_at),
        signed_in_as: account.map_or_else(String::new, |account| account.email.as_str().to_owned()),
        action: format!("/invitation/{token}"),
    }))
}

/// « Accepter l'invitation »: straight in for who is signed in, otherwise the account page.
pub async fn press(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
    signed_in: Option<SignedIn>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let Some(SignedIn { account, .. }) = signed_in else {
        return Ok(match open_link(&visitor, &token).await? {
            Ok(_) => {
                let token = RawToken::presented(&token);
                Redirect::to(&format!("/invitation/{}/compte", token.expose())).into_response()
            }
            Err(ended) => *ended,
        });
    };
    match app
        .joining
        .accept(&RawToken::presented(&token), account.id)
        .await
    {
        Ok(organization) => {
            Ok(visitor.done(&format!("/espace/{organization}"), "success", "joined"))
        }
        Err(Denied::Refused(refusal)) => ended(&visitor, &token, refusal).await,
        Err(other) => Err(other.into()),
    }
}

/// The account page of an open link.
pub async fn account(visitor: Visitor, Path(token): Path<String>) -> Result<Response, Problem> {
    let view = match open_link(&visitor, &token).await? {
        Ok(view) => view,
        Err(ended) => return Ok(*ended),
    };
    let member = view.invitation.kind != InvitationKind::Establishment;
    let email = if member {
        view.invitation.address.as_str().to_owned()
    } else {
        String::new()
    };
    let form = NewAccountForm {
        email,
        ..NewAccountForm::default()
    };
    let mut page = account_page(&visitor, &token, &view, form, FormErrors::default());
    page.signing_in = view.address_has_account;
    if view.address_has_account {
        page.known_email = std::mem::take(&mut page.email);
    }
    Ok(render(&page))
}

/// Creates the account and joins, in one write.
pub async fn create_account(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(form): Checked<NewAccountForm>,
) -> Result<Response, Problem> {
    let typed = AccountForm {
        first_name: &form.first_name,
        last_name: &form.last_name,
        email: &form.email,
        password: &form.password,
        terms_accepted: form.accept == "yes",
    };
    match app
        .joining
        .create_account(&RawToken::presented(&token), typed)
        .await
    {
        Ok((organization, account)) => {
            visitor
                .sign_in(
                    Subject::Account(account),
                    &format!("/espace/{organization}"),
                )
                .await
        }
        Err(Denied::Refused(refusal)) => {
            let Some(field) = field_of(refusal, &form) else {
                return ended(&visitor, &token, refusal).await;
            };
            let view = match open_link(&visitor, &token).await? {
                Ok(view) => view,
                Err(ended) => return Ok(*ended),
            };
            let errors = FormErrors::refused(field, refusal.code());
            let page = account_page(&visitor, &token, &view, form, errors);
            Ok((refusals::status(refusal.code()), render(&page)).into_response())
        }
        Err(other) => Err(other.into()),
    }
}

/// Signs in with an account that exists, and joins with it.
pub async fn sign_in(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(form): Checked<KnownAccountForm>,
) -> Result<Response, Problem> {
    let password = Password::presented(&form.known_password);
    let account = match app
        .accounts
        .sign_in(&form.known_email, &password, visitor.origin())
        .await
    {
        Ok(account) => account,
        Err(Denied::Refused(denial)) => {
            let view = match open_link(&visitor, &token).await? {
                Ok(view) => view,
                Err(ended) => return Ok(*ended),
            };
            let wait = Wait::of(&visitor, denial);
            let errors = wait.beside("known_email", denial.code());
            let mut page = account_page(&visitor, &token, &view, NewAccountForm::default(), errors);
            page.signing_in = true;
            page.known_email = form.known_email;
            return Ok(wait.answer(refusals::status(denial.code()), render(&page)));
        }
        Err(other) => return Err(other.into()),
    };
    match app
        .joining
        .accept(&RawToken::presented(&token), account.id)
        .await
    {
        Ok(organization) => {
            visitor
                .sign_in(
                    Subject::Account(account.id),
                    &format!("/espace/{organization}"),
                )
                .await
        }
        Err(Denied::Refused(refusal)) => ended(&visitor, &token, refusal).await,
        Err(other) => Err(other.into()),
    }
}

/// From an expired establishment link: a new one to the official address.
pub async fn new_link(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Response, Problem> {
    let view = app.joining.look(&RawToken::presented(&token)).await?;
    app.invitations.ask_again(view.organization.uai).await?;
    Ok(render(&nothing_received_page(
        &visitor,
        FormErrors::default(),
        String::new(),
        true,
    )))
}

/// « Je n'ai rien reçu ».
pub async fn nothing_received(visitor: Visitor) -> Response {
    render(&nothing_received_page(
        &visitor,
        FormErrors::default(),
        String::new(),
        false,
    ))
}

/// The same neutral answer for every school.
pub async fn ask_again(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Checked(form): Checked<UaiForm>,
) -> Result<Response, Problem> {
    match Uai::parse(&form.uai) {
        Ok(uai) => {
            app.invitations.ask_again(uai).await?;
            Ok(render(&nothing_received_page(
                &visitor,
                FormErrors::default(),
                form.uai,
                true,
            )))
        }
        Err(error) => {
            let errors = FormErrors::refused("uai", error.code());
            let view = nothing_received_page(&visitor, errors, form.uai, false);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&view)).into_response())
        }
    }
}

fn nothing_received_page(
    visitor: &Visitor,
    errors: FormErrors,
    uai: String,
    sent: bool,
) -> NothingReceivedPage {
    NothingReceivedPage {
        page: visitor.page(&text("nothing-received-title")),
        errors,
        uai,
        sent,
    }
}

/// The view of an open link, or the page that says why it is not.
async fn open_link(
    visitor: &Visitor,
    token: &str,
) -> Result<Result<LinkView, Box<Response>>, Problem> {
    match visitor.app.joining.look(&RawToken::presented(token)).await {
        Ok(view) => match view.open {
            Ok(()) => Ok(Ok(view)),
            Err(refusal) => ended(visitor, token, refusal)
                .await
                .map(|page| Err(Box::new(page))),
        },
        Err(Denied::Refused(refusal)) => ended(visitor, token, refusal)
            .await
            .map(|page| Err(Box::new(page))),
        Err(other) => Err(other.into()),
    }
}

/// The page of a link that gives no access: each state has its own words.
async fn ended(
    visitor: &Visitor,
    token: &str,
    refusal: AcceptRefusal,
) -> Result<Response, Problem> {
    let view = visitor
        .app
        .joining
        .look(&RawToken::presented(token))
        .await
        .ok();
    let establishment = view
        .as_ref()
        .is_some_and(|view| view.invitation.kind == InvitationKind::Establishment);
    let may_resend = refusal == AcceptRefusal::Expired && establishment;
    let inviter = match &view {
        Some(view) => inviter(visitor, view).await?,
        None => String::new(),
    };
    let page = EndedPage {
        page: visitor.page(&text("invitation-title")),
        state: refusal.code().trim_start_matches("invitation_").to_owned(),
        establishment,
        school: view.map(|view| SchoolCard::of(&view.organization)),
        inviter,
        resend_action: may_resend.then(|| format!("/invitation/{token}/nouveau-lien")),
    };
    Ok((refusals::status(refusal.code()), render(&page)).into_response())
}

async fn inviter(visitor: &Visitor, view: &LinkView) -> Result<String, Problem> {
    let InvitationKind::Member { invited_by, .. } = view.invitation.kind else {
        return Ok(String::new());
    };
    let account = visitor.app.invitations.inviter(invited_by).await?;
    Ok(account.map_or_else(String::new, |account| account.full_name()))
}

/// The field of the form a refusal is about, or nothing when it is about the link.
fn field_of(refusal: AcceptRefusal, form: &NewAccountForm) -> Option<&'static str> {
    match refusal {
        AcceptRefusal::NameInvalid if form.first_name.trim().is_empty() => Some("first_name"),
        AcceptRefusal::NameInvalid => Some("last_name"),
        AcceptRefusal::EmailInvalid
        | AcceptRefusal::EmailTaken
        | AcceptRefusal::TooManyAttempts => Some("email"),
        AcceptRefusal::TermsUnaccepted => Some("accept"),
        AcceptRefusal::PasswordTooShort
        | AcceptRefusal::PasswordTooLong
        | AcceptRefusal::PasswordCommon
        | AcceptRefusal::PasswordIsIdentity => Some("password"),
        AcceptRefusal::NotFound
        | AcceptRefusal::Accepted
        | AcceptRefusal::Cancelled
        | AcceptRefusal::Expired
        | AcceptRefusal::Replaced => None,
    }
}

fn account_page(
    visitor: &Visitor,
    token: &str,
    view: &LinkView,
    form: NewAccountForm,
    errors: FormErrors,
) -> AccountPage {
    AccountPage {
        page: visitor.page(&text("invitation-account-title")),
        errors,
        first_name: form.first_name,
        last_name: form.last_name,
        email: form.email,
        known_email: String::new(),
        school: SchoolCard::of(&view.organization),
        create_action: format!("/invitation/{token}/compte"),
        sign_in_action: format!("/invitation/{token}/connexion"),
        terms: TermsText::of(&visitor.app.terms.in_force.account),
        signing_in: false,
    }
}

#[cfg(test)]
pub mod samples;
