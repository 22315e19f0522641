//! A pooler between the stores and the server: the real `PgBouncer`.

use pix_orga_store_postgres::{OpenError, PgStore};
use pix_orga_testkit::stores::Stores;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, Executor, PgConnection, Row};
use xtask_cluster::pooler::Mode;
use xtask_cluster::{Pooler, database_url, databases};

use crate::support::Database;

fn pooler(mode: Mode, settings: &str) -> Pooler {
    Pooler::start(mode, &databases::server().unwrap(), settings).unwrap()
}

/// The address of a database, by way of a pooler.
fn by(pooler: &Pooler, database: &Database) -> String {
    database_url(&pooler.url(), database.name()).unwrap()
}

async fn fresh() -> Stores {
    let database = Database::migrated().await;
    let pooler = pooler(Mode::Session, "");
    let store = PgStore::open(&by(&pooler, &database)).await.unwrap();
    Stores::of(store).keeping((pooler, database))
}

// Large writes, races, leases, counters that cross, and what `/readyz` asks.
pix_orga_testkit::roster_contract!(fresh);
pix_orga_testkit::import_contract!(fresh);
pix_orga_testkit::throttle_contract!(fresh);
pix_orga_testkit::vitals_contract!(fresh);

#[tokio::test]
async fn a_database_is_migrated_through_a_pooler_of_sessions() {
    let database = Database::empty().await;
    let pooler = pooler(Mode::Session, "");
    let store = PgStore::open(&by(&pooler, &database)).await.unwrap();
    store.migrate().await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), 0);
    store.close().await;
}

/// However it takes its connections, and however many it has.
#[tokio::test]
async fn a_pooler_that_lends_for_less_than_a_session_is_refused_and_left_as_it_was() {
    let database = Database::empty().await;
    for mode in [Mode::Transaction, Mode::Statement] {
        for settings in [
            "",
            "default_pool_size = 1",
            "min_pool_size = 3\nserver_round_robin = 1",
            "default_pool_size = 2\nserver_round_robin = 1",
        ] {
            let pooler = pooler(mode, settings);
            let url = by(&pooler, &database);
            for _ in 0..2 {
                let refused = PgStore::open(&url).await;
                let said = matches!(refused, Err(OpenError::Shared));
                assert!(said, "{mode:?} {settings}: {refused:?}");
            }
            // Nobody else inherits a setting of ours, nor a transaction.
            let options: PgConnectOptions = url.parse().unwrap();
            let options = options.extra_float_digits(None);
            let mut next = PgConnection::connect_with(&options).await.unwrap();
            let row = next.fetch_one("SHOW statement_timeout").await.unwrap();
            assert_eq!(row.get::<String, _>(0), "0");
        }
    }
}

#[tokio::test]
async fn a_pooler_that_has_one_connection_for_everybody_is_told() {
    let database = Database::empty().await;
    let pooler = pooler(Mode::Session, "default_pool_size = 1");
    let refused = PgStore::open(&by(&pooler, &database)).await;
    assert!(matches!(refused, Err(OpenError::OneOnly)), "{refused:?}");
}
