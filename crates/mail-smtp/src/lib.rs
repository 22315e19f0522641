//! Mails by SMTP: the outbox's [`MailSender`], on lettre and rustls.
//!
//! A mail is one message with a text and an HTML part. Its Message-ID is made from the mail's id and the product's own
//! host, so that a second copy, should there be one, is known for what it is.

mod connections;
mod message;
mod settings;
mod trouble;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use pix_orga_domain::outbox::OutgoingMail;
use pix_orga_domain::outbox::delivering::{SendOutcome, ServerWords};
use pix_orga_domain::outbox::sender::MailSender;
use pix_orga_domain::token::Vault;
use pix_orga_mail::render;

use connections::{Connections, Reach, Stopped};
pub use connections::{IDLE_CONNECTIONS_MAX, IDLE_MAX, Limits};
use message::Letterhead;
pub use settings::{Authentication, Encryption, SettingsError, SmtpSettings};
pub use trouble::{Trouble, TroubleKind};

/// How long a server may take to greet us and know us, and to answer a command.
pub const COMMAND_MAX: Duration = Duration::from_mins(1);
/// How long it may take from the message's first byte to its answer (RFC 5321, 4.5.3.2.6): giving up sooner, we would send
/// again what it has taken.
pub const MESSAGE_MAX: Duration = Duration::from_mins(10);

/// Sends mails by one server.
pub struct SmtpSender {
    connections: Arc<Connections>,
    letterhead: Letterhead,
    vault: Arc<dyn Vault>,
    limits: Limits,
}

impl fmt::Debug for SmtpSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SmtpSender(…)")
    }
}

impl SmtpSender {
    /// Makes ready to send; connects to nothing yet. To be called inside a runtime: idle connections are swept there.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn new(settings: &SmtpSettings, vault: Arc<dyn Vault>) -> Result<Self, SettingsError> {
        settings.check()?;
        let letterhead = Letterhead::of(settings)?;
        let authentication = settings.authentication.as_ref();
        let connections = Connections::to(Reach {
            server: settings.server.clone(),
            port: settings.port,
            encryption: settings.encryption,
            tls: tls(settings)?,
            credentials: authentication.map(|Authentication { user, password }| {
                Credentials::new(user.clone(), password.clone())
            }),
            hello: hello_name(&letterhead.host),
        });
        Ok(Self {
            connections,
            letterhead,
            vault,
            limits: Limits {
                greeting: COMMAND_MAX,
                command: COMMAND_MAX,
                message: MESSAGE_MAX,
            },
        })
    }

    /// The same, giving up each step sooner: for checks that somebody waits for, and tests.
    #[must_use]
    pub fn within(self, step_max: Duration) -> Self {
        self.limited(Limits {
            greeting: step_max,
            command: step_max,
            message: step_max,
        })
    }

    /// The same within these limits.
    #[must_use]
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Connects and authenticates, and sends nothing.
    ///
    /// # Errors
    /// [`Trouble`]: what is wrong, and what the server said.
    pub async fn check(&self) -> Result<(), Trouble> {
        match self.connections.check(self.limits).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Trouble::closed()),
            Err(Stopped::Smtp(error)) => Err(Trouble::of(&error)),
            Err(Stopped::Slow | Stopped::NotCarried) => Err(Trouble::slow()),
        }
    }

    /// Ends the connections that are kept.
    pub async fn close(&self) {
        self.connections.close().await;
    }
}

/// As a server wants to be greeted (RFC 5321, 4.1.1.1): an address in brackets, or a name.
fn hello_name(host: &str) -> ClientId {
    match host.parse() {
        Ok(address) => ClientId::Ipv4(address),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

fn tls(settings: &SmtpSettings) -> Result<Option<TlsParameters>, SettingsError> {
    if settings.encryption == Encryption::None {
        return Ok(None);
    }
    let mut parameters = TlsParameters::builder(settings.server.clone());
    if let Some(pem) = &settings.authority {
        let authority = Certificate::from_pem(pem).map_err(|_| SettingsError::Authority)?;
        parameters = parameters.add_root_certificate(authority);
    }
    let parameters = parameters.build_rustls();
    parameters.map(Some).map_err(|_| SettingsError::Authority)
}

#[async_trait]
impl MailSender for SmtpSender {
    async fn send(&self, mail: &OutgoingMail) -> SendOutcome {
        let token = mail
            .token
            .as_ref()
            .and_then(|sealed| self.vault.open(sealed));
        let Ok(rendered) = render(mail, token.as_ref(), &self.letterhead.sender) else {
            return SendOutcome::Refused(ServerWords::new(trouble::UNREADABLE));
        };
        if rendered.link.is_none() {
            return SendOutcome::Refused(ServerWords::new(trouble::NO_LINK));
        }
        let Some(message) = self.letterhead.message(mail, rendered) else {
            return SendOutcome::Refused(ServerWords::new(trouble::ADDRESS));
        };
        let (envelope, bytes) = (message.envelope(), message.formatted());
        match self.connections.send(envelope, &bytes, self.limits).await {
            Ok(()) => SendOutcome::Sent,
            Err(Stopped::Smtp(error)) => trouble::outcome(&error, &mail.to),
            Err(Stopped::NotCarried) => trouble::not_carried(),
            Err(Stopped::Slow) => SendOutcome::Unreached(Trouble::slow().words),
        }
    }
}
