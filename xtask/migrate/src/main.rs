//! `xtask-migrate URL FOLDER`: applies a folder of migrations, read as it runs, to a throwaway database.
//!
//! A package of its own, so that `xtask` builds in seconds, and so that it builds when a store does not.

use std::path::Path;

use anyhow::{Context, Result};
use sqlx::migrate::Migrator;
use sqlx::{Connection, SqliteConnection};

fn main() -> Result<()> {
    let mut args = std::env::args().skip(1);
    let url = args
        .next()
        .context("the first argument is the database's address")?;
    let folder = args
        .next()
        .context("the second argument is the folder of migrations")?;
    tokio::runtime::Builder::new_current_thread()
        .build()?
        .block_on(migrate(&url, Path::new(&folder)))
}

async fn migrate(url: &str, folder: &Path) -> Result<()> {
    let migrator = Migrator::new(folder).await?;
    let mut connection = SqliteConnection::connect(url).await?;
    migrator.run(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
