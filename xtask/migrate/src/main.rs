//! What the project's commands ask of databases:
//!
//! - `xtask-migrate migrate URL FOLDER` applies a folder of migrations, read as it runs, to a throwaway database;
//! - `xtask-migrate drop PREFIX` drops the databases of a run of tests, on the server that the environment names.
//!
//! A package of its own, so that `xtask` builds in seconds, and so that it builds when a store does not.

use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use sqlx::migrate::{MigrateDatabase as _, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, Postgres};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection, SqliteConnection};
use xtask_cluster::databases::{PREFIX, URL_VARIABLE, is_of_tests, parse};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    match *args.as_slice() {
        ["migrate", url, folder] => runtime.block_on(migrate(url, Path::new(folder))),
        ["drop", prefix] => runtime.block_on(drop_databases(prefix)),
        _ => bail!("what is asked is `migrate URL FOLDER` or `drop PREFIX`"),
    }
}

async fn migrate(url: &str, folder: &Path) -> Result<()> {
    let migrator = Migrator::new(folder).await?;
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await?;
        migrator.run(&mut connection).await?;
        connection.close().await?;
    } else {
        let named = parse(url)?;
        let database = named.path().trim_start_matches('/');
        ensure!(
            is_of_tests(database),
            "{database} is not called {PREFIX}…: it is left alone"
        );
        Postgres::create_database(url).await?;
        let mut connection = PgConnection::connect(url).await?;
        migrator.run(&mut connection).await?;
        connection.close().await?;
    }
    Ok(())
}

async fn drop_databases(prefix: &str) -> Result<()> {
    let server = std::env::var(URL_VARIABLE).with_context(|| format!("no {URL_VARIABLE}"))?;
    let options: PgConnectOptions = server.parse()?;
    let mut connection = options.connect().await?;
    let all: Vec<String> = sqlx::query_scalar("select datname::text from pg_database")
        .fetch_all(&mut connection)
        .await?;
    for database in to_drop(&all, prefix) {
        let statement = format!("drop database if exists \"{database}\" with (force)");
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await?;
    }
    connection.close().await?;
    Ok(())
}

/// The databases of a run: of tests, whatever the prefix that is asked.
fn to_drop<'a>(all: &'a [String], prefix: &str) -> Vec<&'a str> {
    all.iter()
        .map(String::as_str)
        .filter(|name| is_of_tests(name) && is_of_tests(prefix) && name.starts_with(prefix))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::to_drop;

    #[test]
    fn only_the_databases_of_the_run_are_dropped() {
        let all = [
            "postgres",
            "pix_orga",
            "pix_orga_test_a1_one",
            "pix_orga_test_a1_two",
            "pix_orga_test_a12_one",
            "pix_orga_test_a1_Three",
        ]
        .map(str::to_owned);
        assert_eq!(
            to_drop(&all, "pix_orga_test_a1_"),
            ["pix_orga_test_a1_one", "pix_orga_test_a1_two"]
        );
        for wrong in ["", "p", "pix_orga", "postgres", "pix_orga_test_"] {
            assert!(to_drop(&all, wrong).is_empty(), "{wrong}");
        }
    }
}
