//! `pix-orga demo`: the whole road with nothing outside. Schools and pupils are invented, mails go to a page.

mod downloads;
mod federation;
mod folder;
mod front;
mod mailbox;
mod mediacentre;
mod pupils;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use axum::Router;
use clap::Args;
use jiff::Timestamp;
use pix_orga_demo::mediacentre::Mediacentre;
use pix_orga_demo::schools;
use pix_orga_domain::academy::MailDomains;
use pix_orga_domain::clock::day_in_paris;
use pix_orga_domain::installation::InstallationKind;
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::outbox::MailChannel;
use pix_orga_domain::pupil::contract::{Attribute, Contract};
use pix_orga_domain::pupil::sign_in::BegunSignInStore;
use pix_orga_domain::terms::{TermsDocument, TermsInForce, TermsKind};
use pix_orga_web::page::Contacts;
use pix_orga_web::{App, Settings};
use tokio::net::TcpListener;

use crate::database;
use crate::directory::load_directory;
use crate::front::limits::{LimitsConfig, raise_descriptors};
use crate::secrets::ServerKey;
use crate::serve;
use crate::terminal::say;
use crate::wiring::{self, Choices, Federation, Wired};
use federation::DemoFederation;
use pupils::DemoPupils;

/// Where the demo listens unless told otherwise.
const LISTEN_BY_DEFAULT: ([u8; 4], u16) = ([127, 0, 0, 1], 8080);

/// How the demonstration runs.
#[derive(Args)]
pub struct DemoArgs {
    /// Adresse d'écoute. Sans elle, 127.0.0.1:8080, ou un port libre s'il est pris.
    #[arg(long, value_name = "ADRESSE")]
    pub listen: Option<SocketAddr>,
    /// Dossier de la démonstration.
    #[arg(long, default_value = "pix-orga-demo", value_name = "DOSSIER")]
    pub folder: PathBuf,
    /// Base PostgreSQL de la démonstration, à elle seule (postgres://…), au lieu d'un fichier de son dossier.
    #[arg(
        long,
        value_name = "BASE",
        env = "PIX_ORGA_DEMO_DATABASE_URL",
        hide_env_values = true,
        conflicts_with = "reset"
    )]
    pub database_url: Option<String>,
    /// Recommence avec une base neuve.
    #[arg(long)]
    pub reset: bool,
}

/// Runs it until told to stop.
///
/// # Errors
/// When the folder is not a demo's, or the address cannot be used.
pub async fn run(args: &DemoArgs) -> anyhow::Result<()> {
    serve::start_logs();
    let folder = folder::open(&args.folder, args.reset)?;
    let listener = listen(args.listen).await?;
    let address = listener.local_addr()?;
    anyhow::ensure!(
        address.ip().is_loopback(),
        "La démonstration n'écoute que sur cette machine : 127.0.0.1."
    );
    let database = args
        .database_url
        .clone()
        .unwrap_or_else(|| folder.database_url());
    let store = database::open_store(&database).await?;
    serve::claim(store.as_ref(), InstallationKind::Demo).await?;
    let pupils = Arc::new(DemoPupils::new());
    let mediacentre = Arc::new(Mediacentre::new(&pupils.everybody()));
    let begun: Arc<dyn BegunSignInStore> = store.clone();
    let federation = Arc::new(DemoFederation::new(public_url(address), begun));
    let choices = Choices {
        spool: args.folder.clone(),
        ..choices(address, folder.key()?, Arc::clone(&federation))
    };
    let Wired {
        app,
        hourly,
        outbox,
        vault,
    } = wiring::wire(&store, choices)?;
    seed(&app).await?;
    let deliveries = mailbox::deliveries(outbox.clone());
    let more = Router::new()
        .merge(mailbox::routes(outbox, vault))
        .merge(downloads::routes(pupils))
        .merge(mediacentre::routes(mediacentre, federation))
        .merge(front::routes());
    say(&format!(
        "\n  Pix Orga, en démonstration : http://{address}/demo\n"
    ));
    say("  Écoles et élèves sont inventés, aucun message ne part.");
    say(&match args.database_url {
        None => format!("  La base est dans {}.", args.folder.display()),
        Some(_) => "  La base est celle que vous avez donnée.".to_owned(),
    });
    say("  Ctrl+C pour arrêter.\n");
    let limits = LimitsConfig::default().limits(raise_descriptors());
    serve::run(listener, app, hourly, more, Some(deliveries), limits).await
}

async fn listen(asked: Option<SocketAddr>) -> anyhow::Result<TcpListener> {
    if let Some(address) = asked {
        return TcpListener::bind(address)
            .await
            .with_context(|| format!("L'adresse {address} ne peut pas être utilisée"));
    }
    match TcpListener::bind(SocketAddr::from(LISTEN_BY_DEFAULT)).await {
        Ok(listener) => Ok(listener),
        Err(_) => Ok(TcpListener::bind(SocketAddr::from((LISTEN_BY_DEFAULT.0, 0))).await?),
    }
}

fn public_url(address: SocketAddr) -> String {
    format!("http://{address}")
}

fn choices(address: SocketAddr, key: ServerKey, federation: Arc<DemoFederation>) -> Choices {
    Choices {
        spool: std::env::temp_dir(),
        settings: Settings {
            public_url: public_url(address),
            secure: false,
            demo: true,
            contacts: Contacts {
                dane_name: "la DANE de votre académie".to_owned(),
                dane_url: None,
                support_url: "https://support.pix.fr".to_owned(),
                community_url: "https://communaute.pix.fr".to_owned(),
            },
            trusted_proxies: Vec::new(),
            metrics_from: Vec::new(),
            gar: None,
        },
        key,
        mail: MailChannel::Open,
        // Some of the médiacentre's people have no class.
        federation: Federation::Other(federation, Contract::default().less(Attribute::Div)),
        domains: MailDomains::Fictitious,
        import_policy: ImportPolicy::Updatable,
        terms: TermsInForce {
            account: model(
                TermsKind::Account,
                include_str!("../texts/demo_terms_account.txt"),
            ),
            space: model(
                TermsKind::Space,
                include_str!("../texts/demo_terms_space.txt"),
            ),
        },
    }
}

fn model(kind: TermsKind, text: &str) -> TermsDocument {
    TermsDocument {
        kind,
        version: "démonstration 1".to_owned(),
        text: text.to_owned(),
    }
}

/// Loads the fictitious schools and invites the first. The same again changes nothing.
async fn seed(app: &App) -> anyhow::Result<()> {
    let csv = schools::directory_csv(schools::all(), day_in_paris(Timestamp::now()))?;
    load_directory(app, &csv, false).await?;
    let first = schools::all().first().context("no fictitious school")?;
    let known = app.organizations.all().await?;
    let invited = known
        .iter()
        .any(|(school, facts)| school.uai == first.uai && (facts.invited || facts.joined));
    if !invited {
        app.invitations
            .invite_school(first.uai)
            .await
            .map_err(|error| anyhow::anyhow!("{error}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::serve::MODEL_MARK;

    #[test]
    fn the_demo_s_terms_are_marked_so_that_serve_refuses_them() {
        for text in [
            include_str!("../texts/demo_terms_account.txt"),
            include_str!("../texts/demo_terms_space.txt"),
        ] {
            assert!(text.contains(MODEL_MARK));
        }
    }
}
