//! `pix-orga gar …`: our keys, and the GAR's metadata.

mod refresh;

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use jiff::Timestamp;
use pix_orga_gar::keys::SigningKey;

use crate::gar::words::day;
use crate::terminal::say;

/// What can be asked.
#[derive(Subcommand)]
pub enum GarCommand {
    /// Nos clés de signature, par lesquelles le GAR nous reconnaît.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Les métadonnées du GAR, par lesquelles nous le reconnaissons.
    #[command(subcommand)]
    Metadata(MetadataCommand),
}

/// About our keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Tire une clé de 3 072 bits et son certificat, et dit quoi en faire. Aucun fichier n'est remplacé.
    #[command(after_help = "Exemple : pix-orga gar keys new /etc/pix-orga/gar-2026.pem")]
    New(NewArgs),
}

/// About the GAR's metadata.
#[derive(Subcommand)]
pub enum MetadataCommand {
    /// Reprend les métadonnées à leur adresse, montre ce qui change, et demande avant d'écrire.
    #[command(
        after_help = "Exemple : pix-orga gar metadata refresh --config /etc/pix-orga/pix-orga.toml"
    )]
    Refresh(refresh::RefreshArgs),
}

/// Where a new key goes.
#[derive(Args)]
pub struct NewArgs {
    /// Fichier à écrire, lisible de son propriétaire seul.
    #[arg(value_name = "FICHIER")]
    file: PathBuf,
}

/// Runs one.
///
/// # Errors
/// When a file cannot be read or written, or the GAR does not answer.
pub async fn run(command: GarCommand) -> anyhow::Result<ExitCode> {
    match command {
        GarCommand::Keys(KeysCommand::New(args)) => new_key(&args).map(|()| ExitCode::SUCCESS),
        GarCommand::Metadata(MetadataCommand::Refresh(args)) => refresh::run(&args).await,
    }
}

fn new_key(args: &NewArgs) -> anyhow::Result<()> {
    let file = args.file.display();
    // First what can fail: a file is made for a key alone.
    let text = SigningKey::draw(Timestamp::now())?;
    let key = SigningKey::parse(&text)?;
    let mut written = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&args.file)
        .with_context(|| format!("Le fichier {file} ne peut pas être créé"))?;
    written
        .write_all(text.as_bytes())
        .and_then(|()| written.sync_all())
        .with_context(|| format!("Le fichier {file} ne peut pas être écrit"))?;
    say(&format!(
        "Clé écrite dans {file}, lisible de son propriétaire seul. Son certificat finit le {}.",
        day(key.certificate().not_after())
    ));
    say(&format!("  SHA-256 {}", key.certificate().fingerprint()));
    say(NEXT);
    Ok(())
}

const NEXT: &str = "
Donnez ce fichier à l'utilisateur du service (chown), puis :

Si c'est votre première clé
  1. Nommez-la dans la configuration : section [gar], keys = [\"…\"].
  2. Redémarrez le service.
  3. Déclarez au GAR l'adresse de nos métadonnées : votre public_url, suivie de /gar/metadata.

Si elle en remplace une
  1. Nommez-la en second : keys = [\"l'ancienne\", \"la nouvelle\"]. Redémarrez.
  2. Attendez que le GAR ait repris nos métadonnées et vous l'ait dit.
  3. Mettez-la en premier : keys = [\"la nouvelle\", \"l'ancienne\"]. Redémarrez : c'est elle qui signe.
  4. Quelques jours après, retirez l'ancienne, et redémarrez.";
