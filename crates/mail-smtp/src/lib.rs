//! Mails by SMTP: the outbox's [`MailSender`], on lettre and rustls.
//!
//! A mail is one message with a text and an HTML part. Its Message-ID is made from the mail's id and the product's own
//! host, so that a second copy, should there be one, is known for what it is.

mod message;
mod settings;
mod trouble;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use pix_orga_domain::outbox::OutgoingMail;
use pix_orga_domain::outbox::delivering::{SendOutcome, ServerWords};
use pix_orga_domain::outbox::sender::MailSender;
use pix_orga_domain::token::Vault;
use pix_orga_mail::render;

use message::Letterhead;
pub use settings::{Authentication, Encryption, SettingsError, SmtpSettings};
pub use trouble::{Trouble, TroubleKind};

/// One attempt, from the connection to the server's answer.
pub const SEND_MAX: Duration = Duration::from_mins(1);
/// Connections kept open for the next mails.
pub const IDLE_CONNECTIONS_MAX: u32 = 8;
/// How long one is kept without work: servers close theirs after some minutes.
pub const IDLE_MAX: Duration = Duration::from_secs(30);
/// How long a server may take to accept a connection.
const CONNECT_MAX: Duration = Duration::from_secs(20);

/// Sends mails by one server.
pub struct SmtpSender {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    letterhead: Letterhead,
    vault: Arc<dyn Vault>,
    send_max: Duration,
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
        let pool = PoolConfig::new()
            .max_size(IDLE_CONNECTIONS_MAX)
            .idle_timeout(IDLE_MAX);
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&settings.server)
            .port(settings.port)
            .timeout(Some(CONNECT_MAX))
            .hello_name(hello_name(&letterhead.host))
            .tls(tls(settings)?)
            .pool_config(pool);
        if let Some(Authentication { user, password }) = &settings.authentication {
            builder = builder.credentials(Credentials::new(user.clone(), password.clone()));
        }
        Ok(Self {
            transport: builder.build(),
            letterhead,
            vault,
            send_max: SEND_MAX,
        })
    }

    /// The same, giving up an attempt sooner: for tests, and for checks that somebody waits for.
    #[must_use]
    pub fn within(self, send_max: Duration) -> Self {
        Self { send_max, ..self }
    }

    /// Connects and authenticates, and sends nothing.
    ///
    /// # Errors
    /// [`Trouble`]: what is wrong, and what the server said.
    pub async fn check(&self) -> Result<(), Trouble> {
        let tried = tokio::time::timeout(self.send_max, self.transport.test_connection());
        match tried.await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(Trouble::closed()),
            Ok(Err(error)) => Err(Trouble::of(&error)),
            Err(_) => Err(Trouble::slow()),
        }
    }

    /// Ends the connections that are kept.
    pub async fn close(&self) {
        self.transport.shutdown().await;
    }
}

/// As a server wants to be greeted (RFC 5321, 4.1.1.1): an address in brackets, or a name.
fn hello_name(host: &str) -> ClientId {
    match host.parse() {
        Ok(address) => ClientId::Ipv4(address),
        Err(_) => ClientId::Domain(host.to_owned()),
    }
}

fn tls(settings: &SmtpSettings) -> Result<Tls, SettingsError> {
    if settings.encryption == Encryption::None {
        return Ok(Tls::None);
    }
    let mut parameters = TlsParameters::builder(settings.server.clone());
    if let Some(pem) = &settings.authority {
        let authority = Certificate::from_pem(pem).map_err(|_| SettingsError::Authority)?;
        parameters = parameters.add_root_certificate(authority);
    }
    let parameters = parameters
        .build_rustls()
        .map_err(|_| SettingsError::Authority)?;
    Ok(match settings.encryption {
        Encryption::Tls => Tls::Wrapper(parameters),
        Encryption::StartTls | Encryption::None => Tls::Required(parameters),
    })
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
        match tokio::time::timeout(self.send_max, self.transport.send(message)).await {
            Ok(Ok(_)) => SendOutcome::Sent,
            Ok(Err(error)) => trouble::outcome(&error, &mail.to),
            Err(_) => SendOutcome::Delayed(Trouble::slow().words),
        }
    }
}
