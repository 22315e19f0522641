//! What an import writes, by the server's own counters.

use std::time::Duration;

use pix_orga_store_postgres::PgStore;
use pix_orga_testkit::build::Build;
use pix_orga_testkit::build::roster::{imported, row, rows};
use pix_orga_testkit::stores::Stores;
use sqlx::{Connection, PgConnection};

use crate::support::Database;

const STUDENTS: u32 = 3_000;

/// Rows of `students` inserted, updated and deleted since the database was made. A connection tells its counts when it
/// is gone: no store must be open.
async fn written(database: &Database) -> [i64; 3] {
    let mut connection = PgConnection::connect(database.url()).await.unwrap();
    let others = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while sqlx::query_scalar::<_, i64>(others)
        .fetch_one(&mut connection)
        .await
        .unwrap()
        > 0
    {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (inserted, updated, deleted): (i64, i64, i64) = sqlx::query_as(
        "SELECT n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables WHERE relname = 'students'",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
    [inserted, updated, deleted]
}

#[tokio::test]
async fn an_import_writes_the_rows_that_changed_and_no_other() {
    let database = Database::migrated().await;
    let build = Build::new();
    let mut school = None;
    let mut file = rows(STUDENTS);
    let students = i64::from(STUDENTS);
    for expected in [
        [students, 0, 0],
        // The same file again.
        [students, 0, 0],
        // One moved to another class, one came.
        [students + 1, 1, 0],
    ] {
        let store = PgStore::open(database.url()).await.unwrap();
        let stores = Stores::of(store.clone());
        let id = match school {
            Some(id) => id,
            None => build.school(&stores).await.id,
        };
        if school.replace(id).is_some() && expected[1] > 0 {
            file[0].division = "3Z".to_owned();
            file.push(row(STUDENTS + 1, "Martin", "Léo", "6B"));
        }
        imported(&build, &stores, id, file.clone()).await;
        store.close().await;
        assert_eq!(written(&database).await, expected);
    }
}
