//! A fresh database for each journey, on SQLite or on PostgreSQL.

use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use xtask_cluster::{database_url, databases};

/// Says on what the journeys run: `sqlite`, which is the default, or `postgres`.
const VARIABLE: &str = "PIX_ORGA_TEST_DATABASE";

/// Somewhere that a product keeps everything. A database of PostgreSQL is dropped with this.
pub enum Database {
    /// A file.
    Sqlite {
        /// Its path.
        path: PathBuf,
    },
    /// A database of the tests' server.
    Postgres {
        /// Its name, `pix_orga_test_…`.
        name: String,
        /// Its address.
        url: String,
        /// The address of the server it was made on.
        server: String,
    },
    /// A database that goes with its servers.
    Elsewhere {
        /// Its address, as the product is configured.
        url: String,
    },
}

impl Database {
    /// An empty one, on what this run of journeys is told; a file's place is free to choose.
    pub async fn fresh(file: &Path) -> Self {
        match std::env::var(VARIABLE).as_deref() {
            Err(_) | Ok("sqlite") => Self::Sqlite {
                path: file.to_owned(),
            },
            Ok("postgres") => Self::postgres().await,
            Ok(other) => panic!("{VARIABLE} is sqlite or postgres, not {other}"),
        }
    }

    /// An empty one on PostgreSQL, for what several processes share.
    pub async fn postgres() -> Self {
        Self::on(databases::server().unwrap()).await
    }

    /// An empty one on a server.
    pub async fn on(server: String) -> Self {
        let own = RandomState::new().hash_one(std::process::id());
        let name = databases::of_run(&format!("{own:016x}")).unwrap();
        let url = database_url(&server, &name).unwrap();
        execute(&server, &format!("create database {name}")).await;
        Self::Postgres { name, url, server }
    }

    /// Its address, as the product is configured.
    pub fn url(&self) -> String {
        match self {
            Self::Sqlite { path } => format!("sqlite://{}", path.display()),
            Self::Postgres { url, .. } | Self::Elsewhere { url } => url.clone(),
        }
    }

    /// A connection beside the product's: to look, to hold, to make it unusable.
    pub async fn open(&self) -> Link {
        match self {
            Self::Sqlite { path } => {
                let options = SqliteConnectOptions::new().filename(path);
                Link::Sqlite(SqliteConnection::connect_with(&options).await.unwrap())
            }
            Self::Postgres { url, .. } | Self::Elsewhere { url } => {
                let options: PgConnectOptions = url.parse().unwrap();
                Link::Postgres(PgConnection::connect_with(&options).await.unwrap())
            }
        }
    }

    /// Whether nothing was ever written in it.
    pub async fn is_untouched(&self) -> bool {
        match self {
            Self::Sqlite { path } => !path.exists(),
            Self::Postgres { .. } | Self::Elsewhere { .. } => {
                let tables = "select tablename::text from pg_tables where schemaname = 'public'";
                self.open().await.rows("", tables).await.is_empty()
            }
        }
    }
}

/// A connection beside the product's.
pub enum Link {
    /// To a file.
    Sqlite(SqliteConnection),
    /// To a server.
    Postgres(PgConnection),
}

impl Link {
    /// Runs statements, said for each database.
    pub async fn run(&mut self, sqlite: &str, postgres: &str) {
        match self {
            Self::Sqlite(file) => {
                let done = sqlx::raw_sql(AssertSqlSafe(sqlite.to_owned()));
                done.execute(file).await.unwrap();
            }
            Self::Postgres(server) => {
                let done = sqlx::raw_sql(AssertSqlSafe(postgres.to_owned()));
                done.execute(server).await.unwrap();
            }
        }
    }

    /// The texts of the one column that a query gives, said for each database.
    pub async fn rows(&mut self, sqlite: &str, postgres: &str) -> Vec<String> {
        match self {
            Self::Sqlite(file) => {
                let rows = sqlx::query_scalar(AssertSqlSafe(sqlite.to_owned()));
                rows.fetch_all(file).await.unwrap()
            }
            Self::Postgres(server) => {
                let rows = sqlx::query_scalar(AssertSqlSafe(postgres.to_owned()));
                rows.fetch_all(server).await.unwrap()
            }
        }
    }

    /// Writes; `?` is the one value. Returns how many rows changed.
    pub async fn write(&mut self, statement: &str, value: i64) -> u64 {
        match self {
            Self::Sqlite(file) => {
                let done = sqlx::query(AssertSqlSafe(statement.to_owned())).bind(value);
                done.execute(file).await.unwrap().rows_affected()
            }
            Self::Postgres(server) => {
                let done = sqlx::query(AssertSqlSafe(statement.replace('?', "$1"))).bind(value);
                done.execute(server).await.unwrap().rows_affected()
            }
        }
    }
}

impl Drop for Database {
    /// On a thread apart, because dropping waits and the test's own runtime cannot.
    fn drop(&mut self) {
        let Self::Postgres { name, server, .. } = self else {
            return;
        };
        let statement = format!("drop database if exists {name} with (force)");
        let server = server.clone();
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(execute(&server, &statement));
        });
        assert!(
            dropping.join().is_ok() || std::thread::panicking(),
            "{name} is left behind"
        );
    }
}

async fn execute(server: &str, statement: &str) {
    let options: PgConnectOptions = server.parse().unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let query = sqlx::query(AssertSqlSafe(statement.to_owned()));
    query.execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
