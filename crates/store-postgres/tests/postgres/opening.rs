//! Opening a database, and bringing it to the program's schema.

use std::time::Instant;

use pix_orga_domain::vitals::Level;
use pix_orga_store_postgres::{ACQUIRE_WAIT_MAX, OpenError, PgStore};
use pix_orga_testkit::build::Build;
use pix_orga_testkit::contract::at_once;
use pix_orga_testkit::stores::Stores;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::support::Database;

#[tokio::test]
async fn what_was_written_is_there_after_opening_again() {
    let database = Database::empty().await;
    let store = PgStore::open(database.url()).await.unwrap();
    store.migrate().await.unwrap();
    let school = Build::new().school(&Stores::of(store.clone())).await;
    store.close().await;
    let store = PgStore::open(database.url()).await.unwrap();
    assert_eq!(store.pending_migrations().await.unwrap(), 0);
    let found = Stores::of(store).organizations.find(school.id).await;
    assert_eq!(found.unwrap(), Some(school));
}

#[tokio::test]
async fn migrating_again_changes_nothing() {
    let database = Database::empty().await;
    let store = PgStore::open(database.url()).await.unwrap();
    assert!(store.pending_migrations().await.unwrap() > 0);
    for _ in 0..2 {
        store.migrate().await.unwrap();
        assert_eq!(store.pending_migrations().await.unwrap(), 0);
    }
}

/// Several processes start at once on a new database: one migrates, the others wait for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_programs_migrate_a_new_database_at_once() {
    const PROGRAMS: usize = 6;
    let database = Database::empty().await;
    let programs: Vec<_> = (0..PROGRAMS)
        .map(|_| {
            let url = database.url().to_owned();
            tokio::spawn(async move {
                let store = PgStore::open(&url).await.unwrap();
                store.migrate().await.unwrap();
                store.pending_migrations().await.unwrap()
            })
        })
        .collect();
    for program in programs {
        assert_eq!(program.await.unwrap(), 0);
    }
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let (rows, versions): (i64, i64) = sqlx::query_as(
        "SELECT COUNT(*), COUNT(DISTINCT version) FROM _sqlx_migrations WHERE success",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    assert!(rows > 0);
    assert_eq!(rows, versions);
}

#[tokio::test]
async fn a_database_newer_than_the_program_is_refused_and_left_alone() {
    let database = Database::migrated().await;
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'later', TRUE, ''::bytea, 0)",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    let refused = PgStore::open(database.url()).await;
    assert!(matches!(
        refused,
        Err(OpenError::Newer { found: 9999, known }) if known < 9999
    ));
}

#[tokio::test]
async fn a_database_that_is_not_there_is_told_and_not_created() {
    let database = Database::empty().await;
    let gone = database
        .url()
        .replace("pix_orga_test_", "pix_orga_test_none_");
    for _ in 0..2 {
        let refused = PgStore::open(&gone).await;
        assert!(matches!(refused, Err(OpenError::Database(_))));
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_is_told_in_bounded_time() {
    let folder = std::env::temp_dir();
    let url = format!(
        "postgres://nobody@localhost/none?port=1&host={}",
        folder.display()
    );
    let began = Instant::now();
    let refused = PgStore::open(&url).await;
    assert!(matches!(refused, Err(OpenError::Database(_))));
    assert!(began.elapsed() < 2 * ACQUIRE_WAIT_MAX);
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_without_being_repeated() {
    let refused = PgStore::open("postgres://user:motdepasse@host:port/base").await;
    let Err(OpenError::Address(_)) = &refused else {
        panic!("an address with such a port was read");
    };
    let said = format!("{refused:?} {}", refused.as_ref().unwrap_err());
    assert!(!said.contains("motdepasse"));
}

/// Every connection cut, as when the server restarts: what was under way fails, and the next is served.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_whose_connections_are_cut_recovers_by_itself() {
    let database = Database::migrated().await;
    let store = PgStore::open(database.url()).await.unwrap();
    let stores = Stores::of(store);
    let school = Build::new().school(&stores).await;
    let mut server = PgConnection::connect(database.url()).await.unwrap();
    for _ in 0..3 {
        sqlx::query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .execute(&mut server)
        .await
        .unwrap();
        let found = stores.organizations.find(school.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&school));
    }
}

/// A command line beside a server.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_programs_write_the_same_database() {
    const WRITES: usize = 100;
    let database = Database::migrated().await;
    let open = async || Stores::of(PgStore::open(database.url()).await.unwrap());
    let stores = [open().await, open().await];
    let build = Build::new();
    let creations: Vec<_> = (0..2 * WRITES).map(|_| build.creation()).collect();
    let write = |stores: &Stores, creations: &[_]| {
        let (organizations, creations) = (stores.organizations.clone(), creations.to_vec());
        async move {
            for creation in &creations {
                organizations.record(creation).await.unwrap();
            }
        }
    };
    at_once(
        write(&stores[0], &creations[..WRITES]),
        write(&stores[1], &creations[WRITES..]),
    )
    .await;
    let all = stores[0].organizations.all().await.unwrap();
    assert_eq!(all.len(), 2 * WRITES);
}

/// A schema ahead of the program, by migrations that say which older programs may go on, or say nothing.
#[tokio::test]
async fn a_newer_schema_is_lived_with_when_each_of_its_migrations_says_so() {
    let database = Database::migrated().await;
    let url = database.url().to_owned();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let known = PgStore::open(&url).await.unwrap().known_level();
    let build = Build::new();
    for (migration, lowest, refused) in [
        (9001, Some(known), false),
        (9002, Some(known - 1), false),
        (9003, None, true),
        (9003, Some(known + 1), true),
        (9003, Some(known), false),
        (9004, Some(9004), true),
    ] {
        let rows = format!(
            "DELETE FROM _sqlx_migrations WHERE version = {migration};
             DELETE FROM program_levels WHERE migration = {migration};
             INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES ({migration}, 'later', TRUE, ''::bytea, 0);"
        );
        let says = lowest.map(|lowest| {
            format!("INSERT INTO program_levels (migration, lowest) VALUES ({migration}, {lowest})")
        });
        let rows = AssertSqlSafe(rows + &says.unwrap_or_default());
        sqlx::raw_sql(rows).execute(&mut connection).await.unwrap();
        let opened = PgStore::open(&url).await;
        if refused {
            let said =
                matches!(&opened, Err(OpenError::Newer { found, .. }) if *found == migration);
            assert!(said, "{migration} {lowest:?}: {opened:?}");
            continue;
        }
        let store = opened.unwrap();
        store.migrate().await.unwrap();
        let stores = Stores::of(store.clone());
        assert_eq!(stores.vitals.level().await.unwrap(), Level::Beside);
        build.school(&stores).await;
        assert_eq!(store.changed_migrations().await.unwrap(), [0; 0]);
        store.close().await;
    }
}
