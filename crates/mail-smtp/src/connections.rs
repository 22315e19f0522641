//! Connections to the server, kept a while for the next mails. Each step of a sending has its own time.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use lettre::address::Envelope;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};

use crate::settings::Encryption;

/// Connections kept open for the next mails.
pub const IDLE_CONNECTIONS_MAX: usize = 8;
/// How long one is kept without work: servers close theirs after some minutes.
pub const IDLE_MAX: Duration = Duration::from_secs(30);
/// How long a server may take to accept a connection.
const CONNECT_MAX: Duration = Duration::from_secs(20);
/// How long a connection may take to say goodbye.
const GOODBYE_MAX: Duration = Duration::from_secs(2);

/// How long each step may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// To be connected, greeted and authenticated.
    pub greeting: Duration,
    /// Each command, until its answer.
    pub command: Duration,
    /// The message, until the answer to its end.
    pub message: Duration,
}

/// How a server is reached.
pub struct Reach {
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    pub tls: Option<TlsParameters>,
    pub credentials: Option<Credentials>,
    pub hello: ClientId,
}

/// Why a sending stopped.
pub enum Stopped {
    /// The server said no, or the connection broke.
    Smtp(Error),
    /// A step took longer than it may.
    Slow,
    /// The server does not carry the characters of an address, or of the message.
    NotCarried,
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Smtp(error)
    }
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
}

/// The connections to one server.
pub struct Connections {
    reach: Reach,
    idle: Mutex<Vec<Idle>>,
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Connections(…)")
    }
}

impl Connections {
    /// None is open yet.
    pub fn to(reach: Reach) -> Arc<Self> {
        Arc::new(Self {
            reach,
            idle: Mutex::new(Vec::new()),
        })
    }

    /// Sends one message, on a connection that is kept or on a new one.
    ///
    /// # Errors
    /// [`Stopped`]; the connection is then closed.
    pub async fn send(
        self: &Arc<Self>,
        envelope: &Envelope,
        message: &[u8],
        limits: Limits,
    ) -> Result<(), Stopped> {
        let mut connection = self.take(limits).await?;
        match speak(&mut connection, envelope, message, limits).await {
            Ok(()) => {
                self.keep(connection);
                Ok(())
            }
            Err(stopped) => {
                let _ = tokio::time::timeout(GOODBYE_MAX, connection.abort()).await;
                Err(stopped)
            }
        }
    }

    /// Connects and authenticates, then leaves.
    ///
    /// # Errors
    /// [`Stopped`].
    pub async fn check(&self, limits: Limits) -> Result<bool, Stopped> {
        let mut connection = self.connect(limits).await?;
        let alive = within(limits.command, async {
            Ok(connection.test_connected().await)
        })
        .await;
        let _ = tokio::time::timeout(GOODBYE_MAX, connection.quit()).await;
        alive
    }

    /// Ends the connections that are kept.
    pub async fn close(&self) {
        for mut idle in self.idle(std::mem::take) {
            let _ = tokio::time::timeout(GOODBYE_MAX, idle.connection.quit()).await;
        }
    }

    /// The last one that was kept and still answers, else a new one.
    async fn take(&self, limits: Limits) -> Result<AsyncSmtpConnection, Stopped> {
        while let Some(mut kept) = self.idle(Vec::pop) {
            if kept.since.elapsed() >= IDLE_MAX {
                continue;
            }
            let alive = tokio::time::timeout(limits.command, kept.connection.test_connected());
            if alive.await.unwrap_or(false) {
                return Ok(kept.connection);
            }
        }
        self.connect(limits).await
    }

    fn keep(self: &Arc<Self>, connection: AsyncSmtpConnection) {
        let since = Instant::now();
        self.idle(|idle| {
            if idle.len() < IDLE_CONNECTIONS_MAX {
                idle.push(Idle { connection, since });
            }
        });
        let kept = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE_MAX).await;
            if let Some(kept) = kept.upgrade() {
                kept.idle(|idle| idle.retain(|one| one.since.elapsed() < IDLE_MAX));
            }
        });
    }

    fn idle<T>(&self, work: impl FnOnce(&mut Vec<Idle>) -> T) -> T {
        // Nothing between two writes can be half-done: what a panic left is whole.
        work(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn connect(&self, limits: Limits) -> Result<AsyncSmtpConnection, Stopped> {
        let Reach {
            server,
            port,
            encryption,
            tls,
            credentials,
            hello,
        } = &self.reach;
        within(limits.greeting, async {
            let at_once = tls.clone().filter(|_| *encryption == Encryption::Tls);
            let address = (server.trim_matches(['[', ']']), *port);
            let mut connection = AsyncSmtpConnection::connect_tokio1(
                address,
                Some(CONNECT_MAX),
                hello,
                at_once,
                None,
            )
            .await?;
            if let (Encryption::StartTls, Some(tls)) = (encryption, tls) {
                connection.starttls(tls.clone(), hello).await?;
            }
            if let Some(credentials) = credentials {
                connection.auth(DEFAULT_MECHANISMS, credentials).await?;
            }
            Ok(connection)
        })
        .await
    }
}

/// RFC 5321, 3.3. Lettre's own `send` does the same within one time for all.
async fn speak(
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    message: &[u8],
    limits: Limits,
) -> Result<(), Stopped> {
    let mut parameters = Vec::new();
    let server = connection.server_info();
    let mut addresses = envelope.from().into_iter().chain(envelope.to());
    if addresses.any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
        if !server.supports_feature(Extension::SmtpUtfEight) {
            return Err(Stopped::NotCarried);
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    if !message.is_ascii() {
        if !server.supports_feature(Extension::EightBitMime) {
            return Err(Stopped::NotCarried);
        }
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let from = Mail::new(envelope.from().cloned(), parameters);
    step(limits.command, connection.command(from)).await?;
    for to in envelope.to() {
        let to = Rcpt::new(to.clone(), Vec::new());
        step(limits.command, connection.command(to)).await?;
    }
    step(limits.command, connection.command(Data)).await?;
    step(limits.message, connection.message(message)).await?;
    Ok(())
}

async fn step<T>(
    limit: Duration,
    step: impl Future<Output = Result<T, Error>>,
) -> Result<T, Stopped> {
    within(limit, async { Ok(step.await?) }).await
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, Stopped>>,
) -> Result<T, Stopped> {
    tokio::time::timeout(limit, work)
        .await
        .unwrap_or(Err(Stopped::Slow))
}
