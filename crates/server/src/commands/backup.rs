//! `pix-orga backup`: a copy of the SQLite database, whole, while it serves.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use pix_orga_store_sqlite::SqliteStore;

use super::ConfigArgs;
use crate::terminal::say;

/// Where the copy goes.
#[derive(Args)]
pub struct BackupArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Fichier de la copie. Il ne doit pas exister.
    #[arg(value_name = "FICHIER")]
    to: PathBuf,
}

/// Copies.
///
/// # Errors
/// When the database is not SQLite or cannot be read, or the copy exists or cannot be written.
pub async fn run(args: &BackupArgs) -> anyhow::Result<()> {
    let url = args.config.load()?.database_url;
    let path = url.strip_prefix("sqlite:").context(
        "La base est sur PostgreSQL : sauvegardez-la avec pg_dump, comme le dit le guide « operate ».",
    )?;
    let path = path.strip_prefix("//").unwrap_or(path);
    anyhow::ensure!(
        std::path::Path::new(path).exists(),
        "Il n'y a pas encore de base à cet endroit : {path}."
    );
    let to = args.to.display();
    anyhow::ensure!(
        !args.to.exists(),
        "Le fichier {to} existe : donnez un autre nom, une sauvegarde n'en remplace jamais une autre."
    );
    let store = SqliteStore::open(&url)
        .await
        .context("La base ne peut pas être ouverte")?;
    let copied = store.copy(&args.to).await;
    store.close().await;
    copied.with_context(|| format!("La copie {to} ne peut pas être écrite"))?;
    say(&format!("La base est copiée dans {to}."));
    Ok(())
}
