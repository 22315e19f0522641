//! The stores on SQLite: the embedded default.
//!
//! [`SqliteStore`] implements every port of the domain, one file for each subject. It writes, it does not decide: a
//! write begins with its guard, and a guard that changes no row is `Stale`.
//!
//! # How a port method is written
//!
//! - Reads run on `self.readers()`, or on `self.snapshot()` when several statements must agree.
//! - Both are of `pix_orga_store_pool`: each statement has a limit, and a connection whose state is not known is closed.
//! - Writes take `self.begin()` (`BEGIN IMMEDIATE`: a deferred transaction that reads then writes fails at once when
//!   another committed in between), make the guard their first statement, and end with `commit`. A transaction that
//!   is dropped is rolled back.
//! - Audit entries and outgoing mails are written by `audit::insert` and `outbox::insert`, inside that transaction.
//! - `sqlx::Error` becomes [`Failure`] by `.or_failure()`; a broken *named* unique constraint is recognised by
//!   `constraint::Unique::broken_by`, which the test of that module holds against the schema.
//! - Identifiers are `BLOB` of 16 bytes (`id as "id: Uuid"`, bound as `id.0`), instants `INTEGER` microseconds of UTC,
//!   civil dates `TEXT` as `YYYY-MM-DD`, structured values JSON in `TEXT`; `pix_orga_store_rows` turns them into the
//!   domain's values and back. Tables are `STRICT`.
//! - Migrations are in `migrations/NNNN_subject.sql`, embedded, and never edited once landed.
//!
//! # Queries are checked at build
//!
//! `query!` reads the descriptions committed in `.sqlx`, so that a build needs no database. After changing a query or a
//! migration, `cargo xtask sqlx prepare` renews them.
//!
//! A conflict between two branches in `.sqlx` is settled by running this again.

mod backend;
mod constraint;
mod convert;
mod file;
mod hold;

mod audit;
mod installation;
mod outbox;

mod organization;

mod account;
mod invitation;
mod session;
mod team;
mod terms;
mod throttle;

mod campaign;
mod linking;
mod pupil;
mod sign_in;

mod roster;

mod dossier;
mod retention;

mod level;
mod vitals;

use std::path::{Path, PathBuf};
use std::time::Duration;

use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::Level;
use pix_orga_store_pool::{StorePool, checked};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use tokio::time::timeout;

use backend::Backend;
use convert::OrFailure;
pub use hold::{Hold, HoldError};

/// Connections of which each statement has a limit.
type Pool = StorePool<Backend>;
type Connection = pix_orga_store_pool::Connection<Backend>;
type Transaction = pix_orga_store_pool::Transaction<Backend>;

/// Connections that read. One more writes: SQLite has one writer at a time, and a queue beats busy waiting.
const READERS_MAX: u32 = 8;
/// How long a statement waits for another process's write.
const BUSY_WAIT_MAX: Duration = Duration::from_secs(10);
/// How long one statement runs, a file system that does not answer included.
const STATEMENT_WAIT_MAX: Duration = Duration::from_mins(1);
/// How long all migrations together, or a copy, take: they read or write the whole file.
const WHOLE_FILE_WAIT_MAX: Duration = Duration::from_hours(6);
/// The write-ahead log is cut back to this many bytes once its content is in the database.
const LOG_BYTES_MAX: &str = "67108864";

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The migrations, for a database where a newer program may have run its own.
fn migrator() -> Migrator {
    Migrator {
        migrations: MIGRATIONS.migrations.clone(),
        ignore_missing: true,
        ..Migrator::DEFAULT
    }
}

/// Every store, in one SQLite file. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct SqliteStore {
    readers: Pool,
    writer: Pool,
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its folder cannot be created or read.
    #[error("cannot create or read {path}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// SQLite cannot open it: not a database, damaged, locked.
    #[error("SQLite cannot open {path}")]
    Database {
        /// Which.
        path: PathBuf,
        /// What SQLite said.
        #[source]
        cause: sqlx::Error,
    },
    /// A newer program wrote it, and did not say that this one may go on: it would damage it.
    #[error("the database is of version {found}, and this program knows {known} at most")]
    Newer {
        /// The last migration it has.
        found: i64,
        /// The last migration this program has.
        known: i64,
    },
}

impl SqliteStore {
    /// Opens a database, and creates it empty when it is missing, readable by its owner alone. `location` is a path,
    /// with or without `sqlite:` before it. Nothing works before [`Self::migrate`].
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(location: &str) -> Result<Self, OpenError> {
        let path = file::path_of(location);
        file::create_private(path)?;
        let database = |cause| OpenError::Database {
            path: path.to_owned(),
            cause,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .foreign_keys(true)
            .busy_timeout(BUSY_WAIT_MAX);
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("journal_size_limit", LOG_BYTES_MAX)
            .pragma("secure_delete", "ON");
        let writer = checked(SqlitePoolOptions::new().max_connections(1), |_| true)
            .connect_with(writing)
            .await
            .map_err(database)?;
        let readers = checked(
            SqlitePoolOptions::new().max_connections(READERS_MAX),
            |_| true,
        )
        .connect_lazy_with(options.pragma("query_only", "ON"));
        let store = Self {
            readers: Pool::new(readers, STATEMENT_WAIT_MAX),
            writer: Pool::new(writer, STATEMENT_WAIT_MAX),
        };
        let (found, level) = level::found(&store.writer).await.map_err(database)?;
        let known = known_version();
        if level == Level::Ahead {
            store.close().await;
            return Err(OpenError::Newer { found, known });
        }
        Ok(store)
    }

    /// Brings the schema to this program's, and does nothing when it is there.
    ///
    /// # Errors
    /// When a migration fails: it then left nothing.
    pub async fn migrate(&self) -> Result<(), Failure> {
        let mut writer = self.writer.library().acquire().await.or_failure()?;
        // Its state is the library's affair: it is not lent again.
        writer.close_on_drop();
        timeout(WHOLE_FILE_WAIT_MAX, migrator().run(&mut *writer))
            .await
            .map_err(Failure::outage)?
            .map_err(Failure::new)
    }

    /// The last migration of this program.
    pub fn known_level(&self) -> i64 {
        known_version()
    }

    /// How many migrations [`Self::migrate`] would run.
    ///
    /// # Errors
    /// When SQLite fails.
    pub async fn pending_migrations(&self) -> Result<usize, Failure> {
        let (version, _) = level::found(&self.writer).await.or_failure()?;
        Ok(MIGRATIONS.iter().filter(|m| m.version > version).count())
    }

    /// Copies the database as it is at one instant into a new file, readable by its owner alone, while others write.
    ///
    /// # Errors
    /// When the file exists, or SQLite cannot write it: it then leaves none.
    pub async fn copy(&self, to: &Path) -> Result<(), Failure> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(to).map_err(Failure::new)?;
        let path = to.to_string_lossy();
        let copying = sqlx::query("VACUUM INTO ?").bind(path.as_ref());
        let copying = copying.execute(self.writer.library());
        let copied = match timeout(WHOLE_FILE_WAIT_MAX, copying).await {
            Ok(copied) => copied.map(|_| ()).or_failure(),
            Err(late) => Err(Failure::outage(late)),
        };
        if copied.is_err() {
            let _ = std::fs::remove_file(to);
        }
        copied
    }

    /// The migrations that the database has otherwise than this program, or that failed half-way: the schema is not the
    /// one that the program knows. Those of a newer program are not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changed_migrations(&self) -> Result<Vec<i64>, Failure> {
        if level::found(&self.writer).await.or_failure()?.0 == 0 {
            return Ok(Vec::new());
        }
        let done: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as(
            "SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version",
        )
        .fetch_all(&self.writer)
        .await
        .or_failure()?;
        let same = |version: i64, checksum: &[u8]| {
            let known = MIGRATIONS.iter().find(|known| known.version == version);
            known.is_some_and(|known| known.checksum.as_ref() == checksum)
        };
        let known = known_version();
        let changed = done.into_iter().filter(|(version, checksum, success)| {
            *version <= known && !(*success && same(*version, checksum))
        });
        Ok(changed.map(|(version, ..)| version).collect())
    }

    /// Ends every connection once its work is done, and leaves the file whole by itself, unless another program still
    /// has it open.
    pub async fn close(&self) {
        self.readers.close().await;
        // The last connection does it again as it closes; what fails here is in the log file still, and not lost.
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
            .execute(&self.writer)
            .await;
        self.writer.close().await;
    }

    /// Puts the write-ahead log into the database and empties it: pages that hold what was just removed stay in it
    /// otherwise. Where somebody reads for longer than [`BUSY_WAIT_MAX`], the next time does it: nightly at the latest.
    async fn empty_log(&self) {
        let emptied = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
        let _ = emptied.execute(&self.writer).await;
    }

    /// Connections for reads of one statement.
    fn readers(&self) -> &Pool {
        &self.readers
    }

    /// A read of several statements that see the same state.
    async fn snapshot(&self) -> Result<Transaction, Failure> {
        self.readers.begin("BEGIN").await.or_failure()
    }

    /// A write. Its first statement is its guard.
    async fn begin(&self) -> Result<Transaction, Failure> {
        self.writer.begin("BEGIN IMMEDIATE").await.or_failure()
    }
}

/// The last migration of this program.
fn known_version() -> i64 {
    MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0)
}
