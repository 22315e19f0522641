//! A primary of PostgreSQL and its standby, which follows it until it is promoted.

use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Connection as _};
use xtask_cluster::{Binaries, Cluster, database_url};

const NAME: &str = "pix_orga_test_pair";
/// Far more than a standby takes to follow.
const FOLLOW_MAX: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Both servers, with one empty database. They end with the test.
pub struct Pair {
    /// What is written to.
    pub primary: Cluster,
    /// What follows.
    pub standby: Cluster,
}

impl Pair {
    /// Starts both, and waits until the second follows the first.
    pub async fn start() -> Self {
        let (primary, standby) = tokio::task::spawn_blocking(|| {
            let binaries = Binaries::found().expect("there is no PostgreSQL here");
            let primary = Cluster::start(&binaries).unwrap();
            let standby = primary.standby().unwrap();
            (primary, standby)
        })
        .await
        .unwrap();
        let pair = Self { primary, standby };
        ask(&pair.primary.url(), &format!("create database {NAME}")).await;
        pair.must_follow().await;
        pair
    }

    /// The database's address with both servers by their sockets, these two in this order.
    pub fn address(first: &Cluster, second: &Cluster) -> String {
        let (first, second) = (first.socket(), second.socket());
        format!(
            "postgres://postgres@/{NAME}?host={},{}",
            first.display(),
            second.display()
        )
    }

    /// The database's address with the servers that listen there, such as `127.0.0.1:40321,127.0.0.1:40322`.
    pub fn address_at(places: &str) -> String {
        format!("postgres://postgres:motsecret@{places}/{NAME}?sslmode=disable")
    }

    /// The database's address on one of the servers.
    pub fn address_on(server: &Cluster) -> String {
        database_url(&server.url(), NAME).unwrap()
    }

    /// Waits until the standby has all that the primary wrote until now.
    ///
    /// # Panics
    /// When it never does.
    pub async fn must_follow(&self) {
        let written = ask(&self.primary.url(), "select pg_current_wal_lsn()::text").await;
        let written = written.expect("a place in the log");
        let follows = format!("select (pg_last_wal_replay_lsn() >= '{written}')::text");
        let end = Instant::now() + FOLLOW_MAX;
        while ask(&self.standby.url(), &follows).await.as_deref() != Some("true") {
            assert!(Instant::now() < end, "the standby does not follow");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Makes new connections to the database on the primary read-only, and cuts one of the product's. The others write on.
    pub async fn turn_away_from_the_primary(&self) {
        let server = Self::address_on(&self.primary);
        let only_reads = format!("alter database {NAME} set default_transaction_read_only to on");
        ask(&server, &only_reads).await;
        let cut = "select pg_terminate_backend(pid)::text from pg_stat_activity \
                   where datname = current_database() and application_name like 'pix-orga%' limit 1";
        assert_eq!(ask(&server, cut).await.as_deref(), Some("true"));
    }

    /// How many connections of the product a server has to the database.
    pub async fn connections(server: &Cluster) -> usize {
        let count = format!(
            "select count(*)::text from pg_stat_activity \
             where datname = '{NAME}' and application_name like 'pix-orga%'"
        );
        let count = ask(&server.url(), &count).await;
        count.and_then(|count| count.parse().ok()).expect("a count")
    }
}

/// The text that a statement gives, if any.
async fn ask(server: &str, statement: &str) -> Option<String> {
    let options: PgConnectOptions = server.parse().unwrap();
    let mut connection = PgConnection::connect_with(&options).await.unwrap();
    let asked = sqlx::query_scalar(AssertSqlSafe(statement.to_owned()));
    let said = asked.fetch_optional(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    said
}
