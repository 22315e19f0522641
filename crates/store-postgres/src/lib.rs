//! The stores on PostgreSQL 15 and later: several processes on one database.
//!
//! [`PgStore`] implements every port of the domain, one file for each subject. It writes, it does not decide: a write
//! begins with its guard, and a guard that changes no row is `Stale`.
//!
//! # How a port method is written
//!
//! - Reads run on `self.pool()`, or on `self.snapshot()` when several statements must agree.
//! - Both are of `pix_orga_store_pool`: each statement has a limit, and a connection whose state is not known is closed.
//! - Writes take `self.begin()` (READ COMMITTED), make the guard their first statement, and end with `commit`. A
//!   transaction that is dropped is rolled back.
//! - The guard is an `UPDATE … WHERE revision = $n`: the second of two writes waits for the first on that row, sees the
//!   new revision, changes no row and is `Stale`. No write runs at an isolation that the server could refuse to
//!   serialize. Writes that take several rows take them in one order (the roster, then requests and links; the
//!   invitation, then the school), so that none waits in a circle; one that the server broke off all the same, or that
//!   waited too long, left nothing and is a [`Failure`]: the person is told to try again.
//! - Audit entries and outgoing mails are written by `audit::insert` and `outbox::insert`, inside that transaction.
//! - `sqlx::Error` becomes [`Failure`] by `.or_failure()`; a broken *named* unique constraint is recognised by
//!   `constraint::Unique::broken_by`.
//! - Identifiers are `UUID`, instants `BIGINT` microseconds of UTC, civil dates `DATE` that travel as `YYYY-MM-DD`,
//!   structured values JSON in `TEXT`; `pix_orga_store_rows` turns them into the domain's values and back.
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
mod failover;
pub mod hosts;
mod pooler;
mod settings;

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

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use pix_orga_domain::store::Failure;
use pix_orga_domain::vitals::Level;
use pix_orga_store_pool::{CLOSE_WAIT_MAX, PING_WAIT_MAX, StorePool, checked};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{Executor as _, Row as _};
use tokio::time::timeout;

use backend::Backend;
use convert::OrFailure;
use failover::{Following, Hosts};
use pooler::Way;

/// Connections of which each statement has a limit.
type Pool = StorePool<Backend>;
type Connection = pix_orga_store_pool::Connection<Backend>;
type Transaction = pix_orga_store_pool::Transaction<Backend>;

/// Whether this build speaks TLS to a server.
pub const TLS: bool = cfg!(feature = "tls");
/// Connections of one process: six processes fit in a server's usual hundred.
pub const CONNECTIONS_MAX: u32 = 16;
/// How long a request waits for a connection, the server restarting included, before it is told to come back.
pub const ACQUIRE_WAIT_MAX: Duration = Duration::from_secs(5);
/// How long one statement runs: past it, nobody waits for its answer any more. Migrations have no limit.
pub const STATEMENT_MS_MAX: u32 = 30_000;
/// The same on our side, for a server that says nothing any more: its own limit comes first.
pub const STATEMENT_WAIT_MAX: Duration = Duration::from_secs(35);
/// How long all migrations together take.
const MIGRATION_WAIT_MAX: Duration = Duration::from_hours(6);
/// How long a statement waits for a row that another write holds.
pub const LOCK_WAIT_MS_MAX: u32 = 10_000;
/// How long the server keeps a transaction whose process says nothing more: its locks hold others.
pub const IDLE_WRITE_MS_MAX: u32 = 60_000;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// The migrations, for a database where a newer program may have run its own.
fn migrator() -> Migrator {
    Migrator {
        migrations: MIGRATIONS.migrations.clone(),
        ignore_missing: true,
        ..Migrator::DEFAULT
    }
}

/// Every store, in one PostgreSQL database. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct PgStore {
    pool: Pool,
    /// Whether the last server that was connected to only reads.
    read_only: Arc<AtomicBool>,
    hosts: Arc<Hosts>,
    following: Option<Arc<Following>>,
}

/// Why a database was not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The address is not one of PostgreSQL. It is not told: it may hold a password.
    #[error("the address is not one of PostgreSQL")]
    Address(#[source] sqlx::Error),
    /// It names several servers, and not as it should.
    #[error("the servers of the address cannot be told apart")]
    Hosts(#[from] hosts::HostsFault),
    /// No server answers there, or it refuses.
    #[error("PostgreSQL cannot be reached")]
    Database(#[source] sqlx::Error),
    /// The encrypted connection that the address asks for cannot be had: another name or authority in the certificate, a
    /// server without TLS, a program built without it.
    #[error("no trusted TLS connection to PostgreSQL")]
    Tls(#[source] sqlx::Error),
    /// A server answers there, and takes no writes: a standby, or one that an operator made so.
    #[error("the server is read-only: a standby, or set so")]
    ReadOnly,
    /// A pooler lends one server connection to several of ours in turn: it would mix up their statements.
    #[error("a pooler shares the server's connections by transaction or by statement")]
    Shared,
    /// A pooler has too few of the server's connections.
    #[error("a second connection was accepted and never served: a pooler has too few")]
    OneOnly,
    /// A newer program wrote it, and did not say that this one may go on: it would damage it.
    #[error("the database is of version {found}, and this program knows {known} at most")]
    Newer {
        /// The last migration it has.
        found: i64,
        /// The last migration this program has.
        known: i64,
    },
}

impl OpenError {
    fn of(error: sqlx::Error) -> Self {
        let tls = match &error {
            sqlx::Error::Tls(_) => true,
            // What the handshake refuses, the certificate first, comes so.
            sqlx::Error::Io(fault) => fault.kind() == ErrorKind::InvalidData,
            _ => false,
        };
        if tls {
            Self::Tls(error)
        } else {
            Self::Database(error)
        }
    }
}

impl PgStore {
    /// Connects to a database that is there, by an address such as `postgres://user@host/pix_orga`. Nothing works before
    /// [`Self::migrate`].
    ///
    /// # Errors
    /// [`OpenError`].
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let hosts = Arc::new(Hosts::of(url, settings::plain_startup)?);
        hosts.choose().await?;
        let options = hosts.options();
        match pooler::probe(&options).await.map_err(OpenError::of)? {
            Way::Own => {}
            Way::Shared => return Err(OpenError::Shared),
            Way::OneOnly => return Err(OpenError::OneOnly),
        }
        let read_only = Arc::new(AtomicBool::new(false));
        let (found, dialled) = (Arc::clone(&read_only), Arc::clone(&hosts));
        let used = Arc::clone(&hosts);
        let pool = checked(PgPoolOptions::new(), move |age| used.keeps(age))
            .max_connections(CONNECTIONS_MAX)
            .acquire_timeout(ACQUIRE_WAIT_MAX)
            .after_connect(move |connection, _| {
                let (found, dialled) = (Arc::clone(&found), Arc::clone(&dialled));
                Box::pin(async move {
                    settings::serve(connection).await?;
                    dialled.must_be_used(connection).await?;
                    let reads = only_reads(connection).await?;
                    found.store(reads, Ordering::Relaxed);
                    if reads {
                        return Err(sqlx::Error::Protocol("the server is read-only".to_owned()));
                    }
                    Ok(())
                })
            })
            .connect_with(options)
            .await
            .map_err(|error| {
                if read_only.load(Ordering::Relaxed) {
                    OpenError::ReadOnly
                } else {
                    OpenError::of(error)
                }
            })?;
        let pool = Pool::new(pool, STATEMENT_WAIT_MAX);
        let following = hosts.follow(&pool, &read_only);
        let store = Self {
            pool,
            read_only,
            hosts,
            following,
        };
        let (found, level) = level::found(&store.pool)
            .await
            .map_err(OpenError::Database)?;
        let known = known_version();
        if level == Level::Ahead {
            store.close().await;
            return Err(OpenError::Newer { found, known });
        }
        Ok(store)
    }

    /// Brings the schema to this program's, and does nothing when it is there. Processes that start at once wait for
    /// the first: the library takes a lock of the whole database.
    ///
    /// # Errors
    /// When a migration fails: it then left nothing.
    pub async fn migrate(&self) -> Result<(), Failure> {
        // A connection apart, whose statements may last.
        let options = PgConnectOptions::clone(&self.pool.library().connect_options());
        let apart = PgPoolOptions::new()
            .max_connections(1)
            .after_connect(|connection, _| Box::pin(settings::migrate(connection)))
            .connect_lazy_with(options);
        let migrated = timeout(MIGRATION_WAIT_MAX, migrator().run(&apart)).await;
        let _ = timeout(CLOSE_WAIT_MAX, apart.close()).await;
        migrated.map_err(Failure::outage)?.map_err(Failure::new)
    }

    /// The last migration of this program.
    pub fn known_level(&self) -> i64 {
        known_version()
    }

    /// How many migrations [`Self::migrate`] would run.
    ///
    /// # Errors
    /// When PostgreSQL fails.
    pub async fn pending_migrations(&self) -> Result<usize, Failure> {
        let (version, _) = level::found(&self.pool).await.or_failure()?;
        Ok(MIGRATIONS.iter().filter(|m| m.version > version).count())
    }

    /// The migrations that the database has otherwise than this program, or that failed half-way: the schema is not the
    /// one that the program knows. Those of a newer program are not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changed_migrations(&self) -> Result<Vec<i64>, Failure> {
        if level::found(&self.pool).await.or_failure()?.0 == 0 {
            return Ok(Vec::new());
        }
        let done: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as(
            "SELECT version, checksum, success FROM _sqlx_migrations ORDER BY version",
        )
        .fetch_all(&self.pool)
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

    /// Ends every connection once its work is done.
    pub async fn close(&self) {
        if let Some(following) = &self.following {
            following.end();
        }
        self.pool.close().await;
    }

    /// The place of the server in use among those of the address, from 1, and how many there are.
    pub fn host(&self) -> (usize, usize) {
        self.hosts.place()
    }

    /// Whether the last server that was connected to only reads.
    fn met_read_only(&self) -> bool {
        self.read_only.load(Ordering::Relaxed)
    }

    /// Connections for what is one statement.
    fn pool(&self) -> &Pool {
        &self.pool
    }

    /// A read of several statements that see the same state.
    async fn snapshot(&self) -> Result<Transaction, Failure> {
        self.pool
            .begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            .await
            .or_failure()
    }

    /// A write. Its first statement is its guard.
    async fn begin(&self) -> Result<Transaction, Failure> {
        self.pool
            .begin("BEGIN ISOLATION LEVEL READ COMMITTED")
            .await
            .or_failure()
    }
}

/// Whether the server takes no writes. A connection to such a one serves nobody, and would be kept for long after another
/// server was promoted.
async fn only_reads(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    Ok(shown(connection, "SHOW transaction_read_only").await? == "on")
}

/// What the server shows of a setting.
async fn shown(connection: &mut PgConnection, show: &'static str) -> Result<String, sqlx::Error> {
    // A plain query, without a named statement: a pooler may stand in between.
    match timeout(PING_WAIT_MAX, connection.fetch_one(show)).await {
        Ok(answered) => answered?.try_get(0),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

/// The last migration of this program.
fn known_version() -> i64 {
    MIGRATIONS.iter().map(|m| m.version).max().unwrap_or(0)
}
