//! The database that the configuration names: opened, kept for one process where it is a file, closed at the end.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use pix_orga_domain::account::store::AccountStore;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::campaign::store::CampaignStore;
use pix_orga_domain::dossier::store::DossierStore;
use pix_orga_domain::installation::store::InstallationStore;
use pix_orga_domain::invitation::store::InvitationStore;
use pix_orga_domain::organization::store::OrganizationStore;
use pix_orga_domain::outbox::store::OutboxStore;
use pix_orga_domain::pupil::sign_in::BegunSignInStore;
use pix_orga_domain::pupil::store::PupilStore;
use pix_orga_domain::reconciliation::store::{LinkingRequestStore, LinkingStore};
use pix_orga_domain::retention::store::RetentionStore;
use pix_orga_domain::roster::store::{ImportStore, RosterStore};
use pix_orga_domain::session::store::SessionStore;
use pix_orga_domain::store::Failure;
use pix_orga_domain::team::store::TeamStore;
use pix_orga_domain::terms::store::TermsStore;
use pix_orga_domain::throttle::store::ThrottleStore;
use pix_orga_domain::vitals::store::VitalsStore;
use pix_orga_store_postgres::PgStore;
use pix_orga_store_postgres::hosts::HostsFault;
use pix_orga_store_sqlite::{Hold, HoldError, SqliteStore};

use crate::config::authority;

const OPENING: &str = "La base ne peut pas être ouverte";
const READ_ONLY: &str = "Le serveur PostgreSQL répond, mais il n’accepte pas d’écritures : c’est un serveur de secours, \
     ou il a été mis en lecture seule. Donnez l’adresse du serveur principal.";
const SHARED: &str = "Un répartiteur de connexions (PgBouncer ou un autre) prête la même connexion de PostgreSQL à plusieurs demandes : \
     les réponses pourraient se mélanger. Réglez-le sur « pool_mode = session » pour cette base, ou donnez l’adresse de \
     PostgreSQL lui-même.";
const ONE_ONLY: &str = "Une première connexion à PostgreSQL a répondu, une seconde est restée sans réponse. S’il y a un répartiteur de \
     connexions (PgBouncer ou un autre), il en garde trop peu : donnez-lui « default_pool_size = 20 » au moins pour \
     chaque processus, ou donnez l’adresse de PostgreSQL lui-même.";
const TLS: &str = "La connexion chiffrée (TLS) que database_url demande n’a pas pu s’établir : rien n’a été envoyé. Vérifiez que le \
     certificat de PostgreSQL porte le nom de machine écrit dans l’adresse, que « sslrootcert » nomme l’autorité qui l’a \
     signé, et que PostgreSQL accepte TLS (« ssl = on »)";
const NO_TLS: &str = "database_url demande une connexion chiffrée (TLS), et ce programme a été construit sans elle : prenez le programme \
     publié, ou construisez-le avec « --features postgres-tls »";
const ADDRESS: &str = "database_url doit commencer par « sqlite: » ou « postgres: », par exemple \
     sqlite:///var/lib/pix-orga/pix-orga.db ou postgres://pix_orga@localhost/pix_orga.";
/// How long the end waits for connections that something still holds.
const CLOSE_MAX: Duration = Duration::from_secs(10);

/// What this process opened, for [`close_all`].
static OPENED: Mutex<Vec<Arc<dyn Store>>> = Mutex::new(Vec::new());

fn opened(store: impl Store + 'static) -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(store);
    let mut all = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    all.push(store.clone());
    store
}

/// Closes every database that this process opened, whatever the command and however it ended: a file of SQLite is then
/// whole by itself.
pub async fn close_all() {
    let all = std::mem::take(&mut *OPENED.lock().unwrap_or_else(PoisonError::into_inner));
    for store in all {
        if tokio::time::timeout(CLOSE_MAX, store.end()).await.is_err() {
            tracing::warn!("the database was not closed in time");
        }
    }
}

/// Opens the database of an address, `postgres://…` or `sqlite://…`, and brings it to the program's level.
///
/// # Errors
/// When the address is of no known database, or the database cannot be opened or is newer than the program.
pub async fn open_store(url: &str) -> anyhow::Result<Arc<dyn Store>> {
    const MIGRATING: &str = "La base ne peut pas être mise au niveau du programme";
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => {
            let store = postgres(url).await?;
            changed(&store.changed_migrations().await?)?;
            store.migrate().await.context(MIGRATING)?;
            still_serves(&store).await?;
            Ok(opened(store))
        }
        Some(("sqlite", _)) => {
            let store = sqlite(url).await?;
            changed(&store.changed_migrations().await?)?;
            store.migrate().await.context(MIGRATING)?;
            still_serves(&store).await?;
            Ok(opened(store))
        }
        _ => anyhow::bail!(ADDRESS),
    }
}

/// Opens a database that is there, and changes nothing of it.
///
/// # Errors
/// When there is none, or it cannot be opened, or it is newer than the program.
pub async fn connect(url: &str) -> anyhow::Result<Arc<dyn Store>> {
    match url.split_once(':') {
        Some(("postgres" | "postgresql", _)) => Ok(opened(postgres(url).await?)),
        Some(("sqlite", path)) => {
            let path = path.strip_prefix("//").unwrap_or(path);
            anyhow::ensure!(
                std::path::Path::new(path).exists(),
                "Il n'y a pas encore de base à cet endroit : {path}. pix-orga migrate la crée"
            );
            Ok(opened(sqlite(url).await?))
        }
        _ => anyhow::bail!(ADDRESS),
    }
}

/// Refuses a file of authorities that cannot be read or names none: what the library says of it names no file.
fn readable_authority(url: &str) -> anyhow::Result<()> {
    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
    let Some(file) = authority(url) else {
        return Ok(());
    };
    let text = std::fs::read(&file).with_context(|| {
        format!(
            "« sslrootcert », dans database_url : le fichier {} ne peut pas être lu",
            file.display()
        )
    })?;
    anyhow::ensure!(
        String::from_utf8_lossy(&text).contains(CERTIFICATE),
        "« sslrootcert », dans database_url : le fichier {} ne contient aucun certificat. Il faut celui de l’autorité qui a \
         signé le certificat de PostgreSQL, en PEM ({CERTIFICATE}).",
        file.display()
    );
    Ok(())
}

async fn postgres(url: &str) -> anyhow::Result<PgStore> {
    readable_authority(url)?;
    PgStore::open(url).await.map_err(|error| match error {
        pix_orga_store_postgres::OpenError::Newer { found, known } => newer(found, known),
        pix_orga_store_postgres::OpenError::ReadOnly => anyhow::anyhow!(READ_ONLY),
        pix_orga_store_postgres::OpenError::Shared => anyhow::anyhow!(SHARED),
        pix_orga_store_postgres::OpenError::OneOnly => anyhow::anyhow!(ONE_ONLY),
        pix_orga_store_postgres::OpenError::Tls(cause) => {
            let said = if pix_orga_store_postgres::TLS {
                TLS
            } else {
                NO_TLS
            };
            anyhow::Error::new(cause).context(said)
        }
        pix_orga_store_postgres::OpenError::Hosts(fault) => {
            anyhow::anyhow!(
                "{OPENING} : dans son adresse, il faut {}.",
                hosts_wanted(fault)
            )
        }
        other => anyhow::Error::new(other).context(OPENING),
    })
}

/// What to write instead of servers that cannot be told apart, as the end of « il faut … ».
pub const fn hosts_wanted(fault: HostsFault) -> &'static str {
    match fault {
        HostsFault::NoName => {
            "le nom de chaque serveur entre les virgules, par exemple postgres://pix_orga@pg1:5432,pg2:5432/pix_orga"
        }
        HostsFault::Name => {
            "des noms de serveurs, des adresses (celles d’IPv6 entre crochets) ou des dossiers, séparés par des virgules sans \
             espace, par exemple postgres://pix_orga@pg1:5432,[fd00::2]:5432/pix_orga"
        }
        HostsFault::Port => {
            "un port de 1 à 65535 après chaque nom qui en a un, par exemple pg1:5432,pg2:5433"
        }
        HostsFault::Ports => {
            "un port pour tous les serveurs, ou un pour chacun, par exemple host=pg1,pg2&port=5432,5433"
        }
        HostsFault::TooMany => "8 serveurs au plus",
        HostsFault::HostAddress => {
            "plusieurs serveurs sans hostaddr : écrivez leurs adresses à la place de leurs noms"
        }
        HostsFault::Session => {
            "« target_session_attrs=read-write », ou rien : seul un serveur qui accepte les écritures peut servir"
        }
    }
}

async fn sqlite(url: &str) -> anyhow::Result<SqliteStore> {
    SqliteStore::open(url).await.map_err(|error| match error {
        pix_orga_store_sqlite::OpenError::Newer { found, known } => newer(found, known),
        other => anyhow::Error::new(other).context(OPENING),
    })
}

fn newer(found: i64, known: i64) -> anyhow::Error {
    anyhow::anyhow!(
        "La base est à la version {found}, plus récente que ce programme, qui connaît la {known} : rien n'a changé. \
         Lancez le programme qui l'a mise à ce niveau, ou un plus récent."
    )
}

/// Refuses a database that a newer program took further in the meantime.
async fn still_serves(store: &dyn VitalsStore) -> anyhow::Result<()> {
    anyhow::ensure!(
        store.level().await?.serves(),
        "Un programme plus récent vient de mettre la base à son niveau, et celui-ci ne peut plus s’en servir. Lancez le plus \
         récent."
    );
    Ok(())
}

/// Refuses a database whose schema was made by other migrations than this program's.
fn changed(versions: &[i64]) -> anyhow::Result<()> {
    anyhow::ensure!(
        versions.is_empty(),
        "La base n’a pas été mise à son niveau par les mêmes migrations que celles de ce programme ({}) : rien n’a changé. \
         Lancez le programme qui l’a fait, ou restaurez une sauvegarde.",
        numbers(versions)
    );
    Ok(())
}

/// Migrations by their numbers, as their files have them.
pub fn numbers(versions: &[i64]) -> String {
    let numbers: Vec<String> = versions
        .iter()
        .map(|version| format!("{version:04}"))
        .collect();
    numbers.join(", ")
}

/// Every port of the domain, on one database, and its end.
#[async_trait]
pub trait Store:
    AccountStore
    + AuditStore
    + BegunSignInStore
    + CampaignStore
    + DossierStore
    + ImportStore
    + InstallationStore
    + InvitationStore
    + LinkingRequestStore
    + LinkingStore
    + OrganizationStore
    + OutboxStore
    + PupilStore
    + RetentionStore
    + RosterStore
    + SessionStore
    + TeamStore
    + TermsStore
    + ThrottleStore
    + VitalsStore
{
    /// Ends every connection once its work is done.
    async fn end(&self);
    /// The migrations that the database has otherwise than this program, or that failed half-way.
    async fn changed_migrations(&self) -> Result<Vec<i64>, Failure>;
    /// The place of the server in use among those of the address, from 1, and how many there are.
    fn host(&self) -> (usize, usize);
}

#[async_trait]
impl Store for PgStore {
    async fn end(&self) {
        Self::close(self).await;
    }

    async fn changed_migrations(&self) -> Result<Vec<i64>, Failure> {
        Self::changed_migrations(self).await
    }

    fn host(&self) -> (usize, usize) {
        Self::host(self)
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn end(&self) {
        Self::close(self).await;
    }

    async fn changed_migrations(&self) -> Result<Vec<i64>, Failure> {
        Self::changed_migrations(self).await
    }

    fn host(&self) -> (usize, usize) {
        (1, 1)
    }
}

/// Keeps an SQLite file for this process as long as it lives; other databases are for several.
///
/// # Errors
/// When another process serves it, or its folder cannot be written.
pub fn hold(url: &str) -> anyhow::Result<Option<Hold>> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    match Hold::take(url) {
        Ok(hold) => Ok(Some(hold)),
        Err(HoldError::Taken { path }) => anyhow::bail!(
            "La base {} est déjà servie par un autre processus : arrêtez-le d’abord. SQLite est pour un seul ; pour \
             plusieurs, prenez PostgreSQL.",
            path.display()
        ),
        Err(HoldError::File { path, cause }) => anyhow::bail!(
            "Le fichier {} ne peut pas être créé ou verrouillé : {cause}. Vérifiez que l’utilisateur du service peut écrire \
             dans ce dossier.",
            path.display()
        ),
    }
}
