//! `pix-orga retention …`: what is past its time, forgotten by hand.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use pix_orga_domain::retention::doubt::Doubt;
use pix_orga_domain::retention::use_cases::{Count, Run};
use pix_orga_web::views::long_instant;

use super::{ConfigArgs, Format};
use crate::serve;
use crate::terminal::{say, say_error};

/// What can be asked.
#[derive(Subcommand)]
pub enum RetentionCommand {
    /// Efface ou rend anonyme maintenant ce qui a passé son temps. « serve » le fait aussi, chaque nuit.
    #[command(
        after_help = "Exemples : pix-orga retention run --dry-run\n           pix-orga retention run --format json"
    )]
    Run(RunArgs),
}

/// How.
#[derive(Args)]
pub struct RunArgs {
    /// Compte seulement, n'efface rien.
    #[arg(long)]
    dry_run: bool,
    /// L'heure de cette machine est la bonne : efface, bien que le dernier passage soit trop ancien, à venir, ou que la
    /// base ait une autre heure. Regardez d'abord « date » sur les deux machines.
    #[arg(long)]
    confirm_clock: bool,
    /// Forme du résultat.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Runs it.
///
/// # Errors
/// When the configuration or the database fails.
pub async fn run(command: &RetentionCommand) -> anyhow::Result<ExitCode> {
    let RetentionCommand::Run(args) = command;
    let wired = serve::open(&args.config.load()?).await?;
    let retention = wired.hourly.retention;
    let counts = if args.dry_run {
        retention.preview().await?
    } else {
        match retention.run(args.confirm_clock).await? {
            Run::Done(counts) => counts,
            Run::Doubted(doubt) => {
                say_error(&doubted(doubt));
                return Ok(ExitCode::FAILURE);
            }
        }
    };
    match args.format {
        Format::Json => say(&json(&counts, args.dry_run)?),
        Format::Text => {
            say(if args.dry_run {
                "À blanc, rien ne change. Serait sorti de la liste, effacé ou rendu anonyme :"
            } else {
                "Sorti de la liste, effacé ou rendu anonyme :"
            });
            for Count { what, count } in counts {
                say(&format!("  {:<55} {count:>8}", label(what)));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Why nothing is forgotten, and what to do.
pub fn doubted(doubt: Doubt) -> String {
    let why = match doubt {
        Doubt::LastTurnLongAgo { last } => format!(
            "le dernier passage date du {} : plus de 31 jours",
            long_instant(last)
        ),
        Doubt::LastTurnToCome { last } => {
            format!("le dernier passage est à venir, le {}", long_instant(last))
        }
        Doubt::ClocksApart { database } => format!(
            "l'horloge de la base dit {}, celle de cette machine {}",
            long_instant(database),
            long_instant(Timestamp::now())
        ),
    };
    format!(
        "Rien n'est effacé, l'heure est douteuse : {why}. Vérifiez les horloges. Si l'heure de cette machine est la \
         bonne : pix-orga retention run --confirm-clock"
    )
}

fn json(counts: &[Count], dry_run: bool) -> anyhow::Result<String> {
    let mut object = serde_json::Map::new();
    object.insert("dry_run".to_owned(), dry_run.into());
    for Count { what, count } in counts {
        object.insert((*what).to_owned(), (*count).into());
    }
    Ok(serde_json::to_string_pretty(&object)?)
}

/// What a code counts, for a person.
fn label(what: &str) -> &str {
    match what {
        "imports_ended" => "imports restés ouverts, clos",
        "leaves_due" => "élèves dont la date de sortie est passée, sortis",
        "students" => "élèves partis, rendus anonymes",
        "staged_files" => "fichiers importés",
        "import_inverses" => "annulations d'import devenues impossibles",
        "import_reports" => "remarques d'imports",
        "invitations" => "invitations acceptées, annulées ou expirées",
        "pupil_accounts" => "comptes d'élèves qu'aucune liste ne connaît",
        "sessions" => "sessions finies",
        "account_links" => "liens de mot de passe ou de confirmation expirés",
        "tries" => "essais comptés",
        "spent_proofs" => "preuves de connexion déjà servies",
        "mails" => "messages partis ou en échec",
        "audit_entries" => "lignes du journal",
        other => other,
    }
}
