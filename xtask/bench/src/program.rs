//! The real program, served as a demo, with a head of school in their space; and a second look at its database.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use journeys::people::Head;
use journeys::{Database, Demo};
use pix_orga_demo::siecle::{Generator, School, ZIP_NAME};
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::pupil::store::PupilStore;
use pix_orga_domain::reconciliation::store::LinkingStore;
use pix_orga_domain::roster::import::Import;
use pix_orga_domain::roster::store::{ImportStore, RosterStore};
use pix_orga_store_postgres::PgStore;
use pix_orga_store_sqlite::SqliteStore;
use xtask_cluster::{Binaries, Cluster};

use crate::process::Process;
use crate::siecle::{EXPORTED_ON, SCHOOL_YEAR, SEED, spec};

/// Between two looks at the database: how finely the end of an import is known.
const LOOK_EVERY: Duration = Duration::from_millis(1);
/// Beyond, something is broken.
const IMPORT_MAX: Duration = Duration::from_mins(2);

/// What a program runs on.
pub enum On {
    /// A file of its own.
    Sqlite,
    /// A database of its own on a server of ours, as durable as PostgreSQL is by itself.
    Postgres(Cluster),
}

impl On {
    /// Both, in turn.
    pub fn both() -> Result<[Self; 2]> {
        let binaries = Binaries::found().context("no PostgreSQL on this machine")?;
        Ok([
            Self::Sqlite,
            Self::Postgres(Cluster::start_durable(&binaries)?),
        ])
    }

    /// As people say it.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }
}

/// What benches ask of a database from outside.
pub trait Kept: ImportStore + RosterStore + PupilStore + LinkingStore {}

impl Kept for SqliteStore {}
impl Kept for PgStore {}

/// A demo that runs, and whoever is in the space of its school.
pub struct Program {
    /// It ends with this value.
    pub demo: Demo,
    /// The school's head.
    pub head: Head,
    /// The database, looked at from outside.
    pub store: Arc<dyn Kept>,
    /// The school.
    pub school: OrganizationId,
}

/// An import that ended.
pub struct Imported {
    /// The import, with the time of each phase.
    pub import: Import,
    /// From before its upload to when its end was seen in the database, hence committed.
    pub took: Duration,
    /// When the upload began.
    pub began: Timestamp,
    /// The processor time that the program took meanwhile.
    pub processor: Duration,
}

impl Program {
    /// Starts it on a fresh database and walks the first two steps.
    pub async fn start(on: &On) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let database = match on {
            On::Sqlite => Database::Sqlite {
                path: folder.path().join("demo.db"),
            },
            On::Postgres(cluster) => Database::on(cluster.url()).await,
        };
        let demo = Demo::start_on(database, folder).await;
        let head = Head::arrives(&demo).await;
        let school = head.space.rsplit('/').next().unwrap_or_default();
        let school = OrganizationId::parse(school).context("the space's address has no id")?;
        let url = demo.database().url();
        let store: Arc<dyn Kept> = match on {
            On::Sqlite => Arc::new(SqliteStore::open(&url).await?),
            On::Postgres(_) => Arc::new(PgStore::open(&url).await?),
        };
        Ok(Self {
            demo,
            head,
            store,
            school,
        })
    }

    /// The server's process.
    pub fn process(&self) -> Result<Process> {
        self.demo
            .process_id()
            .map(Process)
            .context("the program ended")
    }

    /// Does what PostgreSQL does by itself within a minute of so many new rows (autovacuum): until then it takes every
    /// table for an empty one. SQLite has nothing of the kind.
    pub async fn settle(&self) {
        let mut link = self.demo.database().open().await;
        link.run("", "vacuum analyze").await;
    }

    /// Chooses a file and sends it as a person does, and waits for its end, in the database.
    pub async fn import(&self, zip: Vec<u8>) -> Result<Imported> {
        let process = self.process()?;
        let known = self
            .store
            .history(self.school, 1)
            .await?
            .first()
            .map(|import| import.id);
        let choose = self.head.at("/eleves/importer").await;
        let worked = process.processor_time()?;
        let (began, start) = (Timestamp::now(), Instant::now());
        let browser = &self.head.browser;
        let sent = browser.upload(&choose, "Importer (.xml ou .zip)", "fichier", ZIP_NAME, zip);
        let end = async {
            while start.elapsed() < IMPORT_MAX {
                let last = self.store.history(self.school, 1).await?.into_iter().next();
                match last {
                    Some(import) if known != Some(import.id) && !import.state.is_running() => {
                        return Ok((import, start.elapsed()));
                    }
                    _ => tokio::time::sleep(LOOK_EVERY).await,
                }
            }
            bail!("the import does not end")
        };
        let (page, end) = tokio::join!(sent, end);
        ensure!(
            page.status == 200,
            "the upload was answered {}: {}",
            page.status,
            page.text()
        );
        let (import, took) = end?;
        let processor = process.processor_time_since(worked)?;
        Ok(Imported {
            import,
            took,
            began,
            processor,
        })
    }
}

/// What the demo's school would export with that many pupils in the file.
pub fn export(pupils: usize) -> School {
    Generator::new(SEED).generate(&spec(), pupils, SCHOOL_YEAR, EXPORTED_ON)
}

/// Runs what waits on sockets.
pub fn wait_for<T>(what: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(what)
}
