//! `pix-orga schools …`: bringing schools in.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use pix_orga_domain::invitation::use_cases::Sent;
use pix_orga_domain::organization::onboarding::OnboardingState;
use pix_orga_domain::organization::replacement::Namesakes;
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::uai::Uai;
use pix_orga_web::{App, refusals};

use super::{ConfigArgs, Format};
use crate::directory::{load_directory, words};
use crate::serve;
use crate::terminal::{say, say_error};

/// What can be done with schools.
#[derive(Subcommand)]
pub enum SchoolsCommand {
    /// Charge l'annuaire officiel (CSV) : crée, met à jour, ne retire rien.
    #[command(
        after_help = "Exemples : pix-orga schools load fr-en-annuaire-education.csv --config pix-orga.toml\n           pix-orga schools load fr-en-annuaire-education.csv --verbose\n\nLe fichier se lit tel que le ministère le publie, ou enregistré de nouveau par un tableur : noms ou libellés\ndes colonnes, « ; » ou « , », UTF-8, UTF-16 ou windows-1252."
    )]
    Load(LoadArgs),
    /// Envoie l'invitation à l'adresse officielle.
    #[command(
        after_help = "Exemples : pix-orga schools invite --uai 0690132U\n           pix-orga schools invite --all\n           pix-orga schools invite --failed"
    )]
    Invite(InviteArgs),
    /// Se porte garant de l'adresse que donne l'annuaire.
    #[command(after_help = "Exemple : pix-orga schools confirm-address 0690132U")]
    ConfirmAddress(OneSchoolArgs),
    /// Permet un import de plus à un établissement limité à un seul.
    #[command(after_help = "Exemple : pix-orga schools allow-import 0690132U")]
    AllowImport(OneSchoolArgs),
    /// Remplace l'UAI d'un établissement par un autre (fusion, nouveau numéro) : son espace le suit.
    #[command(
        name = "replace-uai",
        after_help = "Exemple : pix-orga schools replace-uai 0059900J 0059902L\n\nLes élèves, les rattachements, l'équipe, les invitations et le journal restent. L'ancien UAI répond à la place\ndu nouveau. Pour revenir en arrière : la même commande, dans l'autre sens."
    )]
    ReplaceUai(ReplaceArgs),
}

/// Which file.
#[derive(Args)]
pub struct LoadArgs {
    /// Fichier CSV, aux colonnes de l'annuaire officiel.
    file: PathBuf,
    /// Forme du résultat.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Montre aussi les lignes que le résultat ne fait que compter.
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Which schools.
#[derive(Args)]
pub struct InviteArgs {
    /// Un établissement.
    #[arg(long, required_unless_present_any = ["all", "failed"], conflicts_with_all = ["all", "failed"], value_parser = parse_uai)]
    uai: Option<Uai>,
    /// Tous ceux qui ont une adresse sûre et n'ont jamais été invités ; ni ceux qui ouvrent ou ferment bientôt, ni les
    /// SEGPA, ni l'étranger.
    #[arg(long, conflicts_with = "failed")]
    all: bool,
    /// Ceux dont l'invitation n'est jamais partie : aucun serveur n'a pu être joint, ou aucun ne l'a prise à temps. Pas
    /// ceux dont un serveur a refusé l'adresse pour de bon.
    #[arg(long)]
    failed: bool,
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

/// Which number replaces which.
#[derive(Args)]
pub struct ReplaceArgs {
    /// L'UAI de l'établissement, jusqu'ici.
    #[arg(value_name = "ANCIEN", value_parser = parse_uai)]
    old: Uai,
    /// Celui qui le remplace.
    #[arg(value_name = "NOUVEAU", value_parser = parse_uai)]
    new: Uai,
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
            let outcome = app.organizations.confirm_address(args.uai).await;
            told(outcome, |()| "Adresse confirmée.".to_owned())
        }
        SchoolsCommand::AllowImport(args) => {
            let app = open(&args.config).await?;
            let outcome = app.organizations.allow_import(args.uai).await;
            told(outcome, |()| "Un import de plus est permis.".to_owned())
        }
        SchoolsCommand::ReplaceUai(args) => {
            let app = open(&args.config).await?;
            let replaced = app.organizations.replace_uai(args.old, args.new).await;
            let outcome = replaced.map(|replaced| words::replaced(args.new, replaced));
            told(outcome, |lines| lines.join("\n"))
        }
    }
}

async fn open(config: &ConfigArgs) -> anyhow::Result<std::sync::Arc<App>> {
    Ok(serve::open(&config.load()?).await?.app)
}

fn told<T, R: Refusal>(
    outcome: Result<T, Denied<R>>,
    done: impl FnOnce(T) -> String,
) -> anyhow::Result<ExitCode> {
    match outcome {
        Ok(outcome) => {
            say(&done(outcome));
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
    let report = load_directory(&app, &bytes, args.verbose).await?;
    match (args.format, &report.refusal) {
        (Format::Json, _) => say(&serde_json::to_string_pretty(&report)?),
        (Format::Text, Some(refusal)) => say_error(&refusal.message),
        (Format::Text, None) => {
            for line in words::lines(&report, args.verbose) {
                say(&line);
            }
        }
    }
    Ok(match report.refusal {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::FAILURE,
    })
}

/// Those whose last invitation failed, save where a server refused it for good.
async fn invite_failed(app: &App) -> anyhow::Result<ExitCode> {
    let (mut sent, mut for_good) = (0_u32, 0_u32);
    for (school, facts) in app.organizations.all().await? {
        if facts.furthest() != OnboardingState::InvitationFailed {
            continue;
        }
        match app.invitations.invite_failed_school(&school).await {
            Ok(Some(_)) => sent += 1,
            Ok(None) => for_good += 1,
            Err(Denied::Refused(refusal)) => say_error(&format!(
                "{} : {}",
                school.uai,
                operator_text(refusal.code())
            )),
            Err(other) => return Err(anyhow::anyhow!("{} : {other}", school.uai)),
        }
    }
    for line in words::invited_again(sent, for_good) {
        say(&line);
    }
    Ok(ExitCode::SUCCESS)
}

async fn invite(args: &InviteArgs) -> anyhow::Result<ExitCode> {
    let app = open(&args.config).await?;
    if let Some(uai) = args.uai {
        let outcome = app.invitations.invite_school(uai).await;
        return told(outcome, |_: Sent| "Invitation en route.".to_owned());
    }
    if args.failed {
        return invite_failed(&app).await;
    }
    let (mut sent, mut refused, mut held_back) = (0_u32, 0_u32, 0_u32);
    let all = app.organizations.all().await?;
    let namesakes = Namesakes::of(&all);
    for known in &all {
        let (school, facts) = known;
        let waits = facts.furthest() == OnboardingState::Provisioned;
        if !waits || school.invitable_address().is_none() {
            continue;
        }
        if !school.is_invited_with_all() {
            held_back += 1;
            continue;
        }
        if let Some(old) = namesakes.at_work_before(known) {
            say_error(&words::may_replace(school.uai, old.uai));
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
    for line in words::invited(sent, refused, held_back) {
        say(&line);
    }
    Ok(ExitCode::SUCCESS)
}
