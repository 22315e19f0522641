//! The demo's mailbox: the mails that would have left, and their links.

use std::sync::Arc;

use askama::Template;
use async_trait::async_trait;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use axum::{Extension, Router};
use jiff::SignedDuration;
use pix_orga_domain::ids::MailId;
use pix_orga_domain::outbox::delivering::SendOutcome;
use pix_orga_domain::outbox::sender::MailSender;
use pix_orga_domain::outbox::store::{OutboxStore, TokenFate};
use pix_orga_domain::outbox::use_cases::Deliveries;
use pix_orga_domain::outbox::{Delivery, OutgoingMail};
use pix_orga_domain::store::Failure;
use pix_orga_domain::token::Vault;
use pix_orga_mail::{Rendered, Sender, render};
use pix_orga_web::app::SharedApp;
use pix_orga_web::page::Page;
use pix_orga_web::problem::{self, Problem};
use pix_orga_web::texts::text;
use pix_orga_web::views::{Action, long_instant};
use pix_orga_web::visitor::Visitor;

use crate::secrets::{ServerVault, SystemClock};

/// Mails on the page.
const SHOWN_MAX: u32 = 200;

/// What the pages read.
#[derive(Clone)]
struct Mailbox {
    outbox: Arc<dyn OutboxStore>,
    vault: Arc<ServerVault>,
}

/// Where the mails that would have left are shown.
pub const MAILBOX_PATH: &str = "/demo/boite-aux-lettres";

#[derive(Template)]
#[template(path = "pages/demo/mailbox.html")]
struct MailboxPage {
    page: Page,
    mails: Vec<Entry>,
}

struct Entry {
    url: String,
    to: String,
    subject: String,
    sent_at: String,
    delivery_kind: &'static str,
    delivery: String,
}

#[derive(Template)]
#[template(path = "pages/demo/mail.html")]
struct MailPage {
    page: Page,
    mail: Shown,
}

struct Shown {
    to: String,
    from: String,
    subject: String,
    sent_at: String,
    paragraphs: Vec<String>,
    link: Option<Action>,
}

/// Their addresses.
pub fn routes(outbox: Arc<dyn OutboxStore>, vault: Arc<ServerVault>) -> Router<SharedApp> {
    Router::new()
        .route(MAILBOX_PATH, get(list))
        .route(&format!("{MAILBOX_PATH}/{{mail}}"), get(one))
        .layer(Extension(Mailbox { outbox, vault }))
}

/// « Delivers » to the page: each mail is taken at once, and its link is kept.
pub fn deliveries(outbox: Arc<dyn OutboxStore>) -> Deliveries {
    Deliveries {
        store: outbox,
        sender: Arc::new(ToThePage),
        clock: Arc::new(SystemClock),
        pace: SignedDuration::ZERO,
        token: TokenFate::Keep,
    }
}

/// Sends nothing: the page reads the outbox.
struct ToThePage;

#[async_trait]
impl MailSender for ToThePage {
    async fn send(&self, _: &OutgoingMail) -> SendOutcome {
        SendOutcome::Sent
    }
}

async fn list(
    visitor: Visitor,
    Extension(mailbox): Extension<Mailbox>,
) -> Result<Response, Problem> {
    let mut mails = Vec::new();
    for (mail, delivery) in mailbox.outbox.latest(SHOWN_MAX).await? {
        let (delivery_kind, delivery) = match delivery {
            Delivery::Queued => ("warning", text("team-delivery-queued")),
            Delivery::Delayed { .. } => ("warning", text("team-delivery-delayed")),
            Delivery::Sent { .. } => ("success", text("team-delivery-sent")),
            Delivery::Failed { .. } => ("error", text("team-delivery-failed")),
        };
        mails.push(Entry {
            url: format!("{MAILBOX_PATH}/{}", mail.id),
            to: mail.to.as_str().to_owned(),
            subject: mailbox.rendered(&mail, &visitor)?.subject,
            sent_at: long_instant(mail.queued_at),
            delivery_kind,
            delivery,
        });
    }
    Ok(problem::render(&MailboxPage {
        page: visitor.page(&text("demo-mailbox-title")),
        mails,
    }))
}

async fn one(
    State(app): State<SharedApp>,
    visitor: Visitor,
    Extension(mailbox): Extension<Mailbox>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = MailId::parse(&id).map_err(|_| Problem::NotFound)?;
    let mails = mailbox.outbox.latest(SHOWN_MAX).await?;
    let (mail, _) = mails
        .into_iter()
        .find(|(mail, _)| mail.id == id)
        .ok_or(Problem::NotFound)?;
    let rendered = mailbox.rendered(&mail, &visitor)?;
    let shown = Shown {
        to: mail.to.as_str().to_owned(),
        from: sender(&app.settings.public_url).from,
        subject: rendered.subject.clone(),
        sent_at: long_instant(mail.queued_at),
        paragraphs: rendered.paragraphs,
        link: rendered.link.map(|link| Action::new(link.url, link.label)),
    };
    Ok(problem::render(&MailPage {
        page: visitor.page(&rendered.subject),
        mail: shown,
    }))
}

impl Mailbox {
    fn rendered(&self, mail: &OutgoingMail, visitor: &Visitor) -> Result<Rendered, Problem> {
        let token = mail
            .token
            .as_ref()
            .and_then(|sealed| self.vault.open(sealed));
        let sender = sender(&visitor.app.settings.public_url);
        render(mail, token.as_ref(), &sender).map_err(|error| Failure::new(error).into())
    }
}

fn sender(public_url: &str) -> Sender {
    Sender {
        public_url: public_url.to_owned(),
        from: "Pix Orga <ne-pas-repondre@pix-orga.invalid>".to_owned(),
        support_url: "https://support.pix.fr".to_owned(),
    }
}
