//! A file that refuses what is written, for a while.

use pix_orga_store_sqlite::SqliteStore;
use pix_orga_testkit::contract::leaving::survive_commits_that_fail;
use pix_orga_testkit::stores::Stores;
use sqlx::{Connection, SqliteConnection};

/// Each school refers to what is not there, which SQLite sees when it commits: the transaction stays open.
const REFUSE: &str = "
    CREATE TABLE nowhere (id INTEGER PRIMARY KEY);
    CREATE TABLE dangling (id INTEGER REFERENCES nowhere (id) DEFERRABLE INITIALLY DEFERRED);
    CREATE TRIGGER refuse AFTER INSERT ON organizations BEGIN INSERT INTO dangling VALUES (1); END";
const MEND: &str = "DROP TRIGGER refuse; DROP TABLE dangling; DROP TABLE nowhere";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_that_fails_takes_its_connection_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pix-orga.db");
    let path = path.to_str().unwrap();
    let store = SqliteStore::open(path).await.unwrap();
    store.migrate().await.unwrap();
    let run = async |statements: &'static str| {
        let mut beside = SqliteConnection::connect(path).await.unwrap();
        sqlx::raw_sql(statements)
            .execute(&mut beside)
            .await
            .unwrap();
    };
    let stores = Stores::of(store);
    survive_commits_that_fail(
        &stores,
        async || run(REFUSE).await,
        async || run(MEND).await,
    )
    .await;
}
