//! Who asks for a page: their browser, their session, their space.

use std::net::IpAddr;

use axum::extract::{FromRequestParts, OptionalFromRequestParts, Path, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use pix_orga_domain::account::Account;
use pix_orga_domain::account::use_cases::signing_in::Origin;
use pix_orga_domain::ids::{AccountId, OrganizationId};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::session::{Session, Subject};
use pix_orga_domain::team::Member;
use pix_orga_domain::team::use_cases::{Entered, SpaceRefusal};
use pix_orga_domain::token::RawToken;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

use crate::app::{App, SharedApp};
use crate::client::{self, BodyWatch};
use crate::cookies;
use crate::page::{Flash, Page, SpaceChrome};
use crate::problem::{self, Problem};
use crate::texts;

/// A browser that asks for a page.
#[derive(Clone)]
pub struct Visitor {
    /// The use cases.
    pub app: SharedApp,
    /// The session, when it holds.
    pub session: Option<Session>,
    /// The session's cookie.
    pub session_token: Option<RawToken>,
    /// What every form must send back.
    pub csrf: String,
    /// The outcome of the action just done.
    pub flash: Option<Flash>,
    /// The network they ask from, for throttles: one address in IPv4, a /64 in IPv6.
    pub network: String,
    /// The accounts that signed in on this browser before, as its cookie says.
    pub devices: String,
    /// The path and query asked for.
    pub asked: String,
}

/// Recognises the browser, lets the handler answer, then dresses refusals as pages.
pub async fn recognise(State(app): State<SharedApp>, mut request: Request, next: Next) -> Response {
    let secure = app.settings.secure;
    let headers = request.headers();
    let token = cookies::read(headers, cookies::VISITOR, secure).filter(|token| token.len() == 64);
    // A form comes from a page that drew the cookie. One without it comes from another site, and a new cookie would
    // break the forms of this site's pages open in the same browser.
    let fresh = token.is_none() && request.method().is_safe();
    let token = token.unwrap_or_else(|| {
        RawToken::draw(app.sessions.chance.as_ref())
            .expose()
            .to_owned()
    });
    let session_token =
        cookies::read(headers, cookies::SESSION, secure).map(|raw| RawToken::presented(&raw));
    let flash_code = cookies::read(headers, cookies::FLASH, secure);
    let shows_flash = flash_code.is_some() && request.method() == axum::http::Method::GET;
    let session = match &session_token {
        Some(token) => app.sessions.resume(token).await,
        None => Ok(None),
    };
    let watch = request.extensions().get::<BodyWatch>().cloned();
    let mut visitor = Visitor {
        session: None,
        session_token,
        csrf: form_token(&token),
        flash: flash_code
            .filter(|_| shows_flash)
            .and_then(|code| read_flash(&code)),
        network: network(client::address(&request, &app.settings.trusted_proxies)),
        devices: cookies::read(headers, cookies::DEVICES, secure).unwrap_or_default(),
        asked: request
            .uri()
            .path_and_query()
            .map_or_else(String::new, ToString::to_string),
        app,
    };
    let mut response = match session {
        Ok(session) => {
            visitor.session = session;
            request.extensions_mut().insert(visitor.clone());
            next.run(request).await
        }
        Err(failure) => Problem::from(failure).into_response(),
    };
    // Whatever the handler made of a body that broke off.
    if !response.status().is_success() && watch.is_some_and(|watch| watch.gave_up()) {
        response = Problem::Refused("too_slow").into_response();
    }
    response = problem::dress(&visitor, response);
    if fresh {
        cookies::set(response.headers_mut(), cookies::VISITOR, &token, secure);
    }
    if shows_flash && response.status().is_success() {
        cookies::remove(response.headers_mut(), cookies::FLASH, secure);
    }
    response
}

/// Whether a request says that it is somebody's who is signed in, true or not.
pub fn presents_a_session(app: &App, headers: &HeaderMap) -> bool {
    cookies::read(headers, cookies::SESSION, app.settings.secure).is_some()
}

/// Whether a request is somebody's who is signed in. A store that fails knows nobody.
pub async fn is_signed_in(app: SharedApp, headers: &HeaderMap) -> bool {
    let Some(raw) = cookies::read(headers, cookies::SESSION, app.settings.secure) else {
        return false;
    };
    let session = app.sessions.resume(&RawToken::presented(&raw)).await;
    session.is_ok_and(|session| session.is_some())
}

/// What a form sends back, derived from the visitor's cookie: another site cannot read it.
fn form_token(visitor: &str) -> String {
    let digest = Sha256::new()
        .chain_update(b"form:")
        .chain_update(visitor.as_bytes())
        .finalize();
    digest.iter().fold(String::new(), |mut token, byte| {
        let _ = write!(token, "{byte:02x}");
        token
    })
}

/// The network a person asks from: what one household or one school has, and no neighbour of theirs.
fn network(address: Option<IpAddr>) -> String {
    match address {
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        None => "unknown".to_owned(),
    }
}

/// A flash cookie is `kind.code` or `kind.code.count`.
fn read_flash(cookie: &str) -> Option<Flash> {
    let mut parts = cookie.split('.');
    let kind = ["success", "info", "warning", "error"]
        .into_iter()
        .find(|kind| parts.clone().next() == Some(kind));
    let (kind, code) = kind.zip(parts.nth(1))?;
    let count = parts
        .next()
        .and_then(|count| count.parse::<u32>().ok())
        .unwrap_or_default();
    let text = texts::find(&format!("flash-{code}"), &[("count", count.into())])
        .or_else(|| texts::find(&format!("refusal-{code}"), &[]))?;
    Some(Flash { kind, text })
}

impl Visitor {
    /// The frame of a page outside any space.
    pub fn page(&self, title: &str) -> Page {
        Page {
            title: title.to_owned(),
            lang: "fr".to_owned(),
            demo: self.app.settings.demo,
            csrf: self.csrf.clone(),
            flash: self.flash.clone(),
            space: None,
            contacts: self.app.settings.contacts.clone(),
        }
    }

    /// The answer to a form that did what was asked: another page, with a word on what was done
    /// (`flash-CODE` of the texts).
    pub fn done(&self, to: &str, kind: &str, code: &str) -> Response {
        self.done_count(to, kind, code, 0)
    }

    /// The same, with a number in the text.
    pub fn done_count(&self, to: &str, kind: &str, code: &str, count: usize) -> Response {
        let mut response = Redirect::to(to).into_response();
        let flash = format!("{kind}.{code}.{count}");
        cookies::set(
            response.headers_mut(),
            cookies::FLASH,
            &flash,
            self.app.settings.secure,
        );
        response
    }

    /// The answer to an action that a rule refused: the page where it was asked, with the refusal's own text.
    pub fn refused(&self, to: &str, code: &str) -> Response {
        self.done(to, "error", code)
    }

    /// Opens a session in this browser, in place of any other, and goes to a page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_in(&self, subject: Subject, to: &str) -> Result<Response, Problem> {
        if let Some(former) = &self.session_token {
            self.app.sessions.close(former).await?;
        }
        let token = self.app.sessions.open(subject).await?;
        let mut response = Redirect::to(to).into_response();
        let secure = self.app.settings.secure;
        cookies::set(
            response.headers_mut(),
            cookies::SESSION,
            token.expose(),
            secure,
        );
        if let Subject::Account(account) = subject {
            self.remember(response.headers_mut(), account);
        }
        Ok(response)
    }

    /// Notes in this browser that an account has just shown who it is: others' failures then delay it no more here.
    pub fn remember(&self, headers: &mut HeaderMap, account: AccountId) {
        let devices = self.app.accounts.devices_after(&self.devices, account);
        cookies::set_devices(headers, &devices, self.app.settings.secure);
    }

    /// Where a try comes from.
    pub fn origin(&self) -> Origin<'_> {
        Origin {
            network: &self.network,
            devices: &self.devices,
        }
    }

    /// Ends the session of this browser, and goes to a page.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, mut to: Response) -> Result<Response, Problem> {
        if let Some(token) = &self.session_token {
            self.app.sessions.close(token).await?;
        }
        let secure = self.app.settings.secure;
        cookies::remove(to.headers_mut(), cookies::SESSION, secure);
        Ok(to)
    }

    /// The adult signed in, if one is.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn account(&self) -> Result<Option<Account>, Problem> {
        match self.session.as_ref().map(|session| session.subject) {
            Some(Subject::Account(id)) => Ok(self.app.accounts.find(id).await?),
            _ => Ok(None),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(Problem::NotFound)
    }
}

/// An adult who is signed in; anybody else is led to the sign-in page and back.
#[derive(Clone)]
pub struct SignedIn {
    /// Their browser.
    pub visitor: Visitor,
    /// Their account.
    pub account: Account,
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let subject = visitor.session.as_ref().map(|session| session.subject);
        if matches!(subject, Some(Subject::Pupil(_))) {
            return Err(Problem::AdultsOnly);
        }
        let account = visitor.account().await?;
        let back = if parts.method == axum::http::Method::GET {
            visitor.asked.clone()
        } else {
            String::new()
        };
        let account = account.ok_or(Problem::SignInFirst { back })?;
        Ok(Self { visitor, account })
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for SignedIn {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Problem> {
        let visitor = <Visitor as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let account = visitor.account().await?;
        Ok(account.map(|account| Self { visitor, account }))
    }
}

/// A member inside a school's space, its terms accepted. The route's first parameter is the school's id.
#[derive(Clone)]
pub struct Space {
    /// Their browser.
    pub visitor: Visitor,
    /// The proof that use cases ask for.
    pub member: Member,
    /// Whether they are in several schools.
    pub several_schools: bool,
    /// Pupils' requests that wait for a person.
    pub pending_requests: u32,
}

impl Space {
    /// The address of a page of the space, such as `self.at("/equipe")`.
    pub fn at(&self, path: &str) -> String {
        format!("/espace/{}{path}", self.member.organization_id())
    }

    /// Where the school's list of pupils comes from.
    pub fn source(&self) -> RosterSource {
        RosterSource::of(&self.member.organization)
    }

    /// The frame of a page of the space. `current` is the entry of the menu.
    pub fn page(&self, title: &str, current: &'static str) -> Page {
        let school = &self.member.organization;
        let chrome = SpaceChrome {
            school_name: school.facts.name.clone(),
            commune: school.facts.commune.clone(),
            uai: school.uai.to_string(),
            organization_id: school.id.to_string(),
            role_is_admin: self.member.require_administrator(()).is_ok(),
            person_name: self.member.account.full_name(),
            several_schools: self.several_schools,
            current,
            pending_requests: self.pending_requests,
            source: self.source(),
        };
        Page {
            space: Some(chrome),
            ..self.visitor.page(title)
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Space {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let signed_in = <SignedIn as FromRequestParts<S>>::from_request_parts(parts, state).await?;
        let Path(params) =
            <Path<Vec<(String, String)>> as FromRequestParts<S>>::from_request_parts(parts, state)
                .await
                .map_err(|_| Problem::NotFound)?;
        let id = params
            .first()
            .and_then(|(_, id)| OrganizationId::parse(id).ok())
            .ok_or(Problem::NotFound)?;
        let SignedIn { visitor, account } = signed_in;
        match visitor.app.teams.enter(account, id).await {
            Ok(Entered {
                member,
                several_schools,
            }) => Ok(Self {
                pending_requests: visitor.app.linking.count_pending(&member).await?,
                visitor,
                member,
                several_schools,
            }),
            Err(Denied::Refused(SpaceRefusal::TermsRequired)) => {
                let reads = parts.method == axum::http::Method::GET;
                Err(if reads {
                    Problem::TermsFirst { organization: id }
                } else {
                    Problem::TermsBeforeForm { organization: id }
                })
            }
            Err(Denied::Refused(SpaceRefusal::NotFound)) => Err(Problem::NotFound),
            Err(Denied::Stale) => Err(Problem::Busy),
            Err(Denied::Failure(failure)) => Err(failure.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::network;

    #[test]
    fn a_network_is_one_address_or_a_64() {
        let of = |text: &str| network(Some(text.parse().unwrap()));
        assert_eq!(of("203.0.113.9"), "203.0.113.9");
        assert_ne!(of("203.0.113.9"), of("203.0.113.10"));
        let home = of("2001:db8:1:2:aaaa::1");
        assert_eq!(home, of("2001:db8:1:2:ffff:0:0:9"));
        assert_ne!(home, of("2001:db8:1:3:aaaa::1"));
    }
}
