//! `pix-orga pupil …`: all that is kept of one pupil, handed out or erased.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use pix_orga_domain::dossier::{Dossier, DossierRefusal, Whom};
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::refusal::{Denied, Refusal as _};
use pix_orga_domain::uai::Uai;
use pix_orga_remarks::kept_sentence;
use pix_orga_web::refusals;

use super::ConfigArgs;
use super::schools::parse_uai;
use crate::serve;
use crate::terminal::{say, say_error};

/// What can be asked.
#[derive(Subcommand)]
pub enum PupilCommand {
    /// Donne, en JSON, tout ce qui est conservé d'un élève d'un établissement.
    #[command(
        after_help = "Exemple : pix-orga pupil export --uai 0690132U --siecle-number 1042 --output eleve.json"
    )]
    Export(ExportArgs),
    /// Efface un élève d'un établissement, et tout ce qui tient à lui. Sans retour possible.
    #[command(
        after_help = "Exemple : pix-orga pupil erase --uai 0690132U --student 0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a --yes"
    )]
    Erase(EraseArgs),
}

/// Which pupil.
#[derive(Args)]
pub struct WhomArgs {
    /// UAI de l'établissement.
    #[arg(long, value_parser = parse_uai)]
    uai: Uai,
    /// Identifiant de l'élève, tel qu'il est dans l'adresse de sa page.
    #[arg(long, value_name = "ID", required_unless_present = "siecle_number", conflicts_with = "siecle_number", value_parser = StudentId::parse)]
    student: Option<StudentId>,
    /// Numéro de l'élève dans SIECLE (`ELEVE_ID`).
    #[arg(long, value_name = "NUMÉRO")]
    siecle_number: Option<String>,
    #[command(flatten)]
    config: ConfigArgs,
}

/// How to hand out.
#[derive(Args)]
pub struct ExportArgs {
    #[command(flatten)]
    whom: WhomArgs,
    /// Fichier à écrire, lisible de son propriétaire seul ; sinon la sortie standard.
    #[arg(long, value_name = "FICHIER")]
    output: Option<PathBuf>,
}

/// How to erase.
#[derive(Args)]
pub struct EraseArgs {
    #[command(flatten)]
    whom: WhomArgs,
    /// Confirme l'effacement.
    #[arg(long)]
    yes: bool,
}

/// Runs one.
///
/// # Errors
/// When the configuration, the file or the database fails.
pub async fn run(command: PupilCommand) -> anyhow::Result<ExitCode> {
    match command {
        PupilCommand::Export(args) => export(&args).await,
        PupilCommand::Erase(args) => erase(&args).await,
    }
}

impl WhomArgs {
    fn whom(&self) -> Whom {
        let number = || Whom::Number(self.siecle_number.clone().unwrap_or_default());
        self.student.map_or_else(number, Whom::Id)
    }

    async fn open(&self) -> anyhow::Result<std::sync::Arc<pix_orga_web::App>> {
        Ok(serve::open(&self.config.load()?).await?.app)
    }
}

async fn export(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let app = args.whom.open().await?;
    let (uai, whom) = (args.whom.uai, args.whom.whom());
    let dossier = match app.dossiers.export_by_operator(uai, &whom).await {
        Ok(dossier) => dossier.worded(kept_sentence),
        Err(denied) => return refused(denied),
    };
    match &args.output {
        None => say(&serde_json::to_string_pretty(&dossier)?),
        Some(path) => {
            write_private(path, &dossier)?;
            say(&format!("Écrit dans {}.", path.display()));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn write_private(path: &Path, dossier: &Dossier) -> anyhow::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options
        .open(path)
        .with_context(|| format!("Le fichier {} ne peut pas être créé", path.display()))?;
    serde_json::to_writer_pretty(file, dossier)?;
    Ok(())
}

async fn erase(args: &EraseArgs) -> anyhow::Result<ExitCode> {
    if !args.yes {
        say_error(
            "L'élève, ses rattachements, ses parcours, ses demandes et son compte du Médiacentre seraient effacés, sans \
             retour possible. Ajoutez --yes pour le faire.",
        );
        return Ok(ExitCode::FAILURE);
    }
    let app = args.whom.open().await?;
    let (uai, whom) = (args.whom.uai, args.whom.whom());
    match app.dossiers.erase_by_operator(uai, &whom).await {
        Ok(()) => {
            say("Élève effacé.");
            Ok(ExitCode::SUCCESS)
        }
        Err(denied) => refused(denied),
    }
}

fn refused(denied: Denied<DossierRefusal>) -> anyhow::Result<ExitCode> {
    match denied {
        Denied::Refused(DossierRefusal::NotFound) => {
            say_error("Aucun élève ne répond à cela dans cet établissement.");
            Ok(ExitCode::FAILURE)
        }
        Denied::Refused(refusal) => {
            say_error(&refusals::text(refusal.code()));
            Ok(ExitCode::FAILURE)
        }
        Denied::Stale => anyhow::bail!("{}", refusals::text("busy")),
        Denied::Failure(failure) => Err(failure.into()),
    }
}
