//! A database for each test, on the server of `PIX_ORGA_TEST_POSTGRES_URL`: only databases called `pix_orga_test_…` are
//! made there, and dropped.

use std::hash::{BuildHasher, RandomState};
use std::str::FromStr;

use sqlx::migrate::Migrator;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use xtask_cluster::{database_url, databases};

/// Held while the template is made: "pix-orga" as a number.
const TEMPLATE_LOCK: i64 = 0x7069_782d_6f72_6761;

static MIGRATIONS: Migrator = sqlx::migrate!();

/// A database of one test, dropped with it.
pub struct Database {
    name: String,
    url: String,
}

impl Database {
    /// An empty one.
    pub async fn empty() -> Self {
        Self::create("template0").await
    }

    /// One at the program's level.
    pub async fn migrated() -> Self {
        Self::create(&template().await).await
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn create(template: &str) -> Self {
        let own = RandomState::new().hash_one(0);
        let name = databases::of_run(&format!("{own:016x}")).unwrap();
        let mut server = server().await;
        run(
            &mut server,
            &format!("CREATE DATABASE {name} TEMPLATE {template}"),
        )
        .await;
        server.close().await.unwrap();
        let url = database_url(&server_url(), &name).unwrap();
        Self { name, url }
    }
}

impl Drop for Database {
    /// On a thread apart: dropping waits, and the test's runtime cannot. The stores' connections are cut.
    fn drop(&mut self) {
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let mut server = server().await;
                run(&mut server, &statement).await;
                server.close().await.unwrap();
            });
        });
        assert!(
            dropping.join().is_ok() || std::thread::panicking(),
            "{} is left behind",
            self.name
        );
    }
}

fn server_url() -> String {
    databases::server().unwrap()
}

async fn server() -> PgConnection {
    let options = PgConnectOptions::from_str(&server_url()).unwrap();
    PgConnection::connect_with(&options).await.unwrap()
}

async fn run(connection: &mut PgConnection, statement: &str) {
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned()))
        .execute(connection)
        .await
        .unwrap();
}

/// The name of the database that others are copied from, made once for these migrations.
async fn template() -> String {
    let mut server = server().await;
    let version = fingerprint(MIGRATIONS.iter().flat_map(|m| m.checksum.iter().copied()));
    let name = databases::of_run(&format!("template_{version:016x}")).unwrap();
    sqlx::query("SELECT pg_advisory_lock($1)")
        .bind(TEMPLATE_LOCK)
        .execute(&mut server)
        .await
        .unwrap();
    let found: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)")
            .bind(&name)
            .fetch_one(&mut server)
            .await
            .unwrap();
    if !found {
        // Under another name until it is whole.
        let draft = format!("{name}_draft");
        run(&mut server, &format!("DROP DATABASE IF EXISTS {draft}")).await;
        run(
            &mut server,
            &format!("CREATE DATABASE {draft} TEMPLATE template0"),
        )
        .await;
        let options = PgConnectOptions::from_str(&server_url())
            .unwrap()
            .database(&draft);
        let mut database = PgConnection::connect_with(&options).await.unwrap();
        MIGRATIONS.run(&mut database).await.unwrap();
        database.close().await.unwrap();
        run(
            &mut server,
            &format!("ALTER DATABASE {draft} RENAME TO {name}"),
        )
        .await;
    }
    // Closing ends the lock.
    server.close().await.unwrap();
    name
}

/// A number that these bytes give, the same in every process (FNV-1a).
fn fingerprint(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
