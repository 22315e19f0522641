//! `pix-orga schools …`: bringing schools in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use pix_orga_domain::invitation::use_cases::Sent;
use pix_orga_domain::organization::onboarding::OnboardingState;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::uai::Uai;
use pix_orga_web::{App, refusals};

use super::{ConfigArgs, Format};
use crate::directory::load_directory;
use crate::serve;
use crate::terminal::{say, say_error};

/// What can be done with schools.
#[derive(Subcommand)]
pub enum SchoolsCommand {
    /// Charge l'annuaire officiel (CSV, séparateur « ; ») : crée, met à jour, ne retire rien.
    #[command(
        after_help = "Exemple : pix-orga schools load fr-en-annuaire-education.csv --config pix-orga.toml"
    )]
    Load(LoadArgs),
    /// Envoie l'invitation à l'adresse officielle.
    #[command(
        after_help = "Exemples : pix-orga schools invite --uai 0690132U\n           pix-orga schools invite --all"
    )]
    Invite(InviteArgs),
    /// Se porte garant de l'adresse que donne l'annuaire.
    #[command(after_help = "Exemple : pix-orga schools confirm-address 0690132U")]
    ConfirmAddress(OneSchoolArgs),
    /// Permet un import de plus à un établissement limité à un seul.
    #[command(after_help = "Exemple : pix-orga schools allow-import 0690132U")]
    AllowImport(OneSchoolArgs),
}

/// Which file.
#[derive(Args)]
pub struct LoadArgs {
    /// Fichier CSV, aux colonnes de l'annuaire officiel.
    file: PathBuf,
    /// Forme du résultat.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Which schools.
#[derive(Args)]
pub struct InviteArgs {
    /// Un établissement.
    #[arg(long, required_unless_present = "all", conflicts_with = "all", value_parser = parse_uai)]
    uai: Option<Uai>,
    /// Tous ceux qui ont une adresse sûre et n'ont jamais été invités.
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Which school.
#[derive(Args)]
pub struct OneSchoolArgs {
    /// UAI de l'établissement.
    #[arg(value_parser = parse_uai)]
    uai: Uai,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Reads a UAI as typed.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_uai(raw: &str) -> Result<Uai, String> {
    Uai::parse(raw).map_err(|error| refusals::text(error.code()))
}

/// Runs one.
///
/// # Errors
/// When the configuration, the file or the database fails.
pub async fn run(command: SchoolsCommand) -> anyhow::Result<ExitCode> {
    match command {
        SchoolsCommand::Load(args) => load(&args).await,
        SchoolsCommand::Invite(args) => invite(&args).await,
        SchoolsCommand::ConfirmAddress(args) => {
            let app = open(&args.config).await?;
            told(
                app.organizations.confirm_address(args.uai).await,
                "Adresse confirmée.",
            )
        }
        SchoolsCommand::AllowImport(args) => {
            let app = open(&args.config).await?;
            told(
                app.organizations.allow_import(args.uai).await,
                "Un import de plus est permis.",
            )
        }
    }
}

async fn open(config: &ConfigArgs) -> anyhow::Result<std::sync::Arc<App>> {
    Ok(serve::open(&config.load()?).await?.app)
}

fn told<R: Refusal>(outcome: Result<(), Denied<R>>, done: &str) -> anyhow::Result<ExitCode> {
    match outcome {
        Ok(()) => {
            say(done);
            Ok(ExitCode::SUCCESS)
        }
        Err(Denied::Refused(refusal)) => {
            say_error(&operator_text(refusal.code()));
            Ok(ExitCode::FAILURE)
        }
        Err(Denied::Stale) => anyhow::bail!("{}", refusals::text("busy")),
        Err(Denied::Failure(failure)) => Err(failure.into()),
    }
}

/// On the command line, « introuvable » is a school.
fn operator_text(code: &str) -> String {
    match code {
        "not_found" => "Aucun établissement chargé n'a cet UAI.".to_owned(),
        "address_missing" => "L'annuaire ne donne aucune adresse à cet établissement.".to_owned(),
        _ => refusals::text(code),
    }
}

async fn load(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(&args.file)
        .with_context(|| format!("Le fichier {} ne peut pas être ouvert", args.file.display()))?;
    let app = open(&args.config).await?;
    let report = load_directory(&app, &bytes).await?;
    match args.format {
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
        Format::Text => {
            for row in &report.refused {
                let uai = match row.uai.trim() {
                    "" => String::new(),
                    uai => format!(" ({uai})"),
                };
                let why = refusals::text(&row.code);
                say(&format!("Ligne {}{uai} : {why}", row.line));
            }
            say(&format!(
                "{} créés, {} mis à jour, {} inchangés, {} refusés.",
                report.created,
                report.updated,
                report.unchanged,
                report.refused.len()
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn invite(args: &InviteArgs) -> anyhow::Result<ExitCode> {
    let app = open(&args.config).await?;
    if let Some(uai) = args.uai {
        return told(
            app.invitations.invite_school(uai).await.map(|_: Sent| ()),
            "Invitation en route.",
        );
    }
    let (mut sent, mut refused) = (0, 0);
    for (school, facts) in app.organizations.all().await? {
        let waits = facts.furthest() == OnboardingState::Provisioned;
        if !waits || school.invitable_address().is_none() {
            continue;
        }
        match app.invitations.invite_school(school.uai).await {
            Ok(_) => sent += 1,
            Err(Denied::Refused(refusal)) if refusal.code() == "mail_not_configured" => {
                say_error(&refusals::text(refusal.code()));
                return Ok(ExitCode::FAILURE);
            }
            Err(Denied::Refused(refusal)) => {
                refused += 1;
                say_error(&format!(
                    "{} : {}",
                    school.uai,
                    operator_text(refusal.code())
                ));
            }
            Err(other) => return Err(anyhow::anyhow!("{} : {other}", school.uai)),
        }
    }
    say(&format!("{sent} invitations en route, {refused} refusées."));
    Ok(ExitCode::SUCCESS)
}
