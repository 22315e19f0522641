//! A server that refuses what is written, for a while; and what those who leave leave to it.

use std::time::Duration;

use pix_orga_store_postgres::PgStore;
use pix_orga_testkit::build::Build;
use pix_orga_testkit::contract::leaving::survive_commits_that_fail;
use pix_orga_testkit::stores::Stores;
use sqlx::{Connection, PgConnection};

use crate::support::Database;

/// Each school refers to what is not there, which PostgreSQL sees when it commits.
const REFUSE: &str = "
    CREATE TABLE nowhere (id INTEGER PRIMARY KEY);
    CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        'BEGIN INSERT INTO dangling VALUES (1); RETURN NEW; END';
    CREATE TRIGGER refuse AFTER INSERT ON organizations FOR EACH ROW EXECUTE FUNCTION refuse()";
const MEND: &str = "
    DROP TRIGGER refuse ON organizations; DROP FUNCTION refuse; DROP TABLE dangling; DROP TABLE nowhere";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_fails_takes_its_connection_with_it() {
    let database = Database::migrated().await;
    let stores = Stores::of(PgStore::open(database.url()).await.unwrap());
    let run = async |statements: &'static str| {
        let mut beside = PgConnection::connect(database.url()).await.unwrap();
        sqlx::raw_sql(statements)
            .execute(&mut beside)
            .await
            .unwrap();
    };
    survive_commits_that_fail(
        &stores,
        async || run(REFUSE).await,
        async || run(MEND).await,
    )
    .await;
}

/// Transactions that are open on the database, as the server sees them.
async fn open_transactions(beside: &mut PgConnection) -> i64 {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL",
    )
    .fetch_one(beside)
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_leaves_while_a_row_is_held_leaves_no_transaction_open() {
    let database = Database::migrated().await;
    let stores = Stores::of(PgStore::open(database.url()).await.unwrap());
    let build = Build::new();
    let school = build.school(&stores).await;
    let mut beside = PgConnection::connect(database.url()).await.unwrap();
    let mut holder = PgConnection::connect(database.url()).await.unwrap();
    let mut held = holder.begin().await.unwrap();
    sqlx::raw_sql("LOCK TABLE organizations")
        .execute(&mut *held)
        .await
        .unwrap();
    for _ in 0..6 {
        let read = stores.organizations.all();
        let creation = build.creation();
        let written = stores.organizations.record(&creation);
        let left = Duration::from_millis(50);
        assert!(tokio::time::timeout(left, read).await.is_err());
        assert!(tokio::time::timeout(left, written).await.is_err());
    }
    held.rollback().await.unwrap();
    while open_transactions(&mut beside).await > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        stores.organizations.find(school.id).await.unwrap(),
        Some(school)
    );
    assert_eq!(stores.organizations.all().await.unwrap().len(), 1);
}
