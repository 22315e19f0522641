//! `pix-orga serve`: the pages, the workers, and a graceful end.

mod gar;
pub mod hourly;
mod mails;
pub mod worker;

use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use futures_util::future::join_all;
use pix_orga_domain::academy::MailDomains;
use pix_orga_domain::installation::InstallationKind;
use pix_orga_domain::installation::store::InstallationStore;
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::outbox::MailChannel;
use pix_orga_domain::outbox::delivering::pace;
use pix_orga_domain::outbox::store::TokenFate;
use pix_orga_domain::outbox::use_cases::Deliveries;
use pix_orga_domain::terms::{TermsDocument, TermsInForce, TermsKind};
use pix_orga_mail_smtp::SmtpSender;
use pix_orga_web::app::SharedApp;
use pix_orga_web::page::Contacts;
use pix_orga_web::{App, Settings};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::config::{self, Config, ImportPolicyConfig};
use crate::database;
use crate::front::Front;
use crate::front::limits::{Limits, raise_descriptors};
use crate::gar::Gar;
use crate::secrets::{KeyError, ServerKey, SystemClock};
use crate::wiring::{self, Choices, Federation, Wired};

/// What the demo's terms say, and no real ones may.
pub const MODEL_MARK: &str = "MODÈLE DE DÉMONSTRATION";

/// Serves until told to stop.
///
/// # Errors
/// When the configuration is unsafe, or the address or the database cannot be used.
pub async fn serve(config: &Config) -> anyhow::Result<()> {
    start_logs();
    let choices = choices(config)?;
    let _hold = database::hold(&config.database_url)?;
    let wired = wired(config, choices).await?;
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("L'adresse {} ne peut pas être utilisée", config.listen))?;
    let deliveries = deliveries(config, &wired)?;
    if deliveries.is_none() {
        tracing::warn!(
            code = "mail_not_configured",
            "no mail can leave: inviting refuses until it is configured"
        );
    }
    if wired.app.settings.gar.is_none() {
        tracing::warn!(
            code = "gar_not_configured",
            "pupils cannot sign in until the GAR is configured"
        );
    }
    tracing::info!(address = %config.listen, "serving");
    let limits = config.limits.limits(raise_descriptors());
    run(
        listener,
        wired.app,
        wired.hourly,
        Router::new(),
        deliveries,
        limits,
    )
    .await
}

/// What delivers mails, where a server for them is configured.
fn deliveries(config: &Config, wired: &Wired) -> anyhow::Result<Option<Deliveries>> {
    let Some(mail) = &config.mail else {
        return Ok(None);
    };
    let settings = mail.settings(config)?;
    let sender = SmtpSender::new(&settings, wired.vault.clone())
        .map_err(|error| config::mail_unfit(error, mail, &config.source))?;
    Ok(Some(Deliveries {
        store: wired.outbox.clone(),
        sender: Arc::new(sender),
        clock: Arc::new(SystemClock),
        pace: pace(mail.pace_per_second),
        token: TokenFate::Erase,
    }))
}

/// Checks the whole configuration, and only then opens the database, takes it for production and wires.
///
/// # Errors
/// When the configuration is unsafe, then with nothing written, or the database cannot be used.
pub async fn open(config: &Config) -> anyhow::Result<Wired> {
    wired(config, choices(config)?).await
}

async fn wired(config: &Config, choices: Choices) -> anyhow::Result<Wired> {
    let store = database::open_store(&config.database_url).await?;
    claim(store.as_ref(), InstallationKind::Production).await?;
    wiring::wire(&store, choices)
}

/// Refuses what is unsafe or missing: an address in clear, a demo's key, a terms text.
fn choices(config: &Config) -> anyhow::Result<Choices> {
    let secure = config.public_url.starts_with("https://");
    if let Some(mail) = &config.mail {
        mail.settings(config)?;
    }
    let public_url = config.site();
    let gar = config.gar.as_ref();
    let gar = gar.map(|gar| Gar::load(gar, public_url)).transpose();
    let gar = gar.map_err(|error| config.source.wrong("gar", &format!("{error:#}")))?;
    Ok(Choices {
        spool: config::spool_folder(&config.database_url),
        settings: Settings {
            public_url: public_url.to_owned(),
            secure,
            demo: false,
            contacts: Contacts {
                dane_name: config.contacts.dane_name.clone(),
                dane_url: config.contacts.dane_url.clone(),
                support_url: config.contacts.support_url.clone(),
                community_url: config.contacts.community_url.clone(),
            },
            trusted_proxies: config.trusted_proxies.0.clone(),
            metrics_from: config.metrics_from.0.clone(),
            gar: gar.as_ref().map(|gar| gar.settings(public_url)),
        },
        key: key(config)?,
        mail: match &config.mail {
            Some(_) => MailChannel::Open,
            None => MailChannel::NotConfigured,
        },
        federation: gar.map_or(Federation::Absent, |gar| Federation::Gar(Box::new(gar))),
        domains: MailDomains::Official,
        import_policy: match config.imports.policy {
            ImportPolicyConfig::Updatable => ImportPolicy::Updatable,
            ImportPolicyConfig::Once => ImportPolicy::Once { allowed: 0 },
        },
        terms: TermsInForce {
            account: document(TermsKind::Account, config)?,
            space: document(TermsKind::Space, config)?,
        },
    })
}

/// Takes a database for one use, for good.
///
/// # Errors
/// When it is the other's.
pub async fn claim(store: &dyn InstallationStore, kind: InstallationKind) -> anyhow::Result<()> {
    let found = store.claim(kind).await?;
    anyhow::ensure!(
        found == kind,
        match found {
            InstallationKind::Demo =>
                "Cette base est celle d'une démonstration : serve refuse de s'en servir. Donnez une base neuve.",
            InstallationKind::Production =>
                "Cette base n'est pas celle d'une démonstration : demo refuse de s'en servir. Donnez un dossier neuf, ou une base neuve.",
        }
    );
    Ok(())
}

/// The server's key.
///
/// # Errors
/// When it cannot be read, or nobody drew it.
pub fn key(config: &Config) -> anyhow::Result<ServerKey> {
    const KEY: &str = "secret_key";
    let text = config.secret_key.read(&config.source, KEY)?;
    ServerKey::parse(&text).map_err(|error| {
        let said = match error {
            KeyError::Shape => {
                "une clé (masquée) a été lue, qui n’en est pas une ; il faut 64 caractères hexadécimaux. Pour en tirer une : \
                 openssl rand -hex 32"
            }
            KeyError::Demo => "c'est celle d'une démonstration : tirez-en une autre (openssl rand -hex 32).",
            KeyError::Trivial => "elle n'a pas été tirée au sort : tirez-en une autre (openssl rand -hex 32).",
        };
        config.source.wrong(KEY, said)
    })
}

/// The text of terms.
///
/// # Errors
/// When it cannot be read, is empty or the demo's.
pub fn document(kind: TermsKind, config: &Config) -> anyhow::Result<TermsDocument> {
    let (key, document) = match kind {
        TermsKind::Account => ("terms.account.file", &config.terms.account),
        TermsKind::Space => ("terms.space.file", &config.terms.space),
    };
    let text = config.source.text(key, &document.file)?;
    let file = document.file.display();
    if text.trim().is_empty() {
        let said = format!("le texte des conditions ({file}) est vide ; écrivez le vôtre.");
        return Err(config.source.wrong(key, &said));
    }
    if text.contains(MODEL_MARK) {
        let said = format!(
            "le texte des conditions ({file}) est le modèle de la démonstration ; écrivez le vôtre."
        );
        return Err(config.source.wrong(key, &said));
    }
    Ok(TermsDocument {
        kind,
        version: document.version.clone(),
        text,
    })
}

/// Serves an application until SIGINT or SIGTERM, then lets what runs end, within `limits.stop`.
///
/// # Errors
/// When the listener fails.
pub async fn run(
    listener: TcpListener,
    app: Arc<App>,
    hourly: hourly::Hourly,
    more: Router<SharedApp>,
    deliveries: Option<Deliveries>,
    limits: Limits,
) -> anyhow::Result<()> {
    let imports = worker::start_imports(Arc::clone(&app));
    let mails = deliveries.map(mails::start);
    let gar = gar::start(&app);
    let hourly = hourly::start(hourly);
    let router = pix_orga_web::router(Arc::clone(&app), more);
    let (tell, told) = watch::channel(false);
    tokio::spawn(async move {
        told_to_stop().await;
        tell.send_replace(true);
    });
    let closing = Front::new(listener, &app, router, limits)
        .accept(told)
        .await;
    let end = Instant::now() + limits.stop;
    tracing::info!("stopping");
    let workers = [Some(imports), mails, Some(hourly), gar];
    let workers = workers
        .into_iter()
        .flatten()
        .map(|worker| worker.stop_by(end));
    tokio::join!(closing.wait(end), join_all(workers));
    tracing::info!("stopped");
    Ok(())
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = interrupt => {}
        () = terminate => {}
    }
}

/// Logs on the error output, without anything personal: events carry codes and internal ids only.
pub fn start_logs() {
    let level = match std::env::var("PIX_ORGA_LOG").as_deref() {
        Ok("debug") => tracing::Level::DEBUG,
        Ok("warn") => tracing::Level::WARN,
        Ok("error") => tracing::Level::ERROR,
        _ => tracing::Level::INFO,
    };
    let _ = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_target(false)
        .try_init();
}
