//! The command line: one function a command. 0 done, 1 refused or failed, 2 wrong use.

mod backup;
mod doctor;
mod gar;
mod pupil;
mod retention;
mod roster_check;
mod schools;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};

use crate::config::{self, Config};
use crate::demo::{self, DemoArgs};
use crate::terminal::say;
use crate::{database, serve};

/// What can be asked.
#[derive(Subcommand)]
pub enum Command {
    /// Sert les pages, avec la configuration donnée.
    #[command(after_help = "Exemple : pix-orga serve --config /etc/pix-orga/pix-orga.toml")]
    Serve(ConfigArgs),
    /// Fait vivre tout le parcours ici même : écoles et élèves inventés, aucun message ne part.
    #[command(
        after_help = "Exemple : pix-orga demo --listen 127.0.0.1:8080 --folder pix-orga-demo"
    )]
    Demo(DemoArgs),
    /// Met la base au niveau du programme.
    #[command(after_help = "Exemple : pix-orga migrate --config /etc/pix-orga/pix-orga.toml")]
    Migrate(ConfigArgs),
    /// Copie la base SQLite dans un fichier, pendant qu'elle sert.
    #[command(
        after_help = "Exemple : pix-orga backup /sauvegardes/pix-orga.db --config /etc/pix-orga/pix-orga.toml"
    )]
    Backup(backup::BackupArgs),
    /// Regarde tout ce dont le service a besoin, et dit comment corriger ce qui ne va pas.
    #[command(
        after_help = "Exemple : pix-orga doctor --config /etc/pix-orga/pix-orga.toml --format json"
    )]
    Doctor(doctor::DoctorArgs),
    /// Les établissements : charger, inviter, confirmer une adresse, permettre un import.
    #[command(subcommand)]
    Schools(schools::SchoolsCommand),
    /// La liste des élèves.
    #[command(subcommand)]
    Roster(RosterCommand),
    /// Un élève : tout ce qui est conservé de lui, ou son effacement.
    #[command(subcommand)]
    Pupil(pupil::PupilCommand),
    /// Ce qui n'a plus à être conservé.
    #[command(subcommand)]
    Retention(retention::RetentionCommand),
    /// L'entrée des élèves par le GAR : nos clés, ses métadonnées.
    #[command(subcommand)]
    Gar(gar::GarCommand),
    /// La configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// About rosters.
#[derive(Subcommand)]
pub enum RosterCommand {
    /// Lit un export de SIECLE ou de Fregata comme un import le ferait, et n'écrit rien.
    #[command(
        after_help = "Exemples : pix-orga roster check ExportXML_ElevesSansAdresses.zip --uai 0690132U --format json
           pix-orga roster check fregata_eleves.csv"
    )]
    Check(roster_check::RosterCheckArgs),
}

/// About the configuration.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Montre la configuration telle qu'elle est comprise ; les secrets restent masqués.
    #[command(after_help = "Exemple : pix-orga config show --config pix-orga.toml")]
    Show(ConfigArgs),
}

/// Where the configuration is.
#[derive(Args)]
pub struct ConfigArgs {
    /// Fichier TOML ; sans lui, /etc/pix-orga/pix-orga.toml quand il est là. L'environnement (`PIX_ORGA_…`) passe par-dessus.
    #[arg(long, env = "PIX_ORGA_CONFIG", value_name = "FICHIER")]
    pub config: Option<PathBuf>,
}

/// How a result is written.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// For a program.
    Json,
}

impl ConfigArgs {
    /// Reads the configuration.
    ///
    /// # Errors
    /// When it is unreadable or wrong.
    pub fn load(&self) -> anyhow::Result<Config> {
        let usual = Path::new(config::FILE_BY_DEFAULT);
        let file = config::found(self.config.as_deref(), usual);
        Ok(config::load(file.as_deref(), std::env::vars_os())?)
    }
}

/// Runs a command.
///
/// # Errors
/// Said on the error output, with exit code 1.
pub async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve(args) => serve::serve(&args.load()?)
            .await
            .map(|()| ExitCode::SUCCESS),
        Command::Demo(args) => demo::run(&args).await.map(|()| ExitCode::SUCCESS),
        Command::Migrate(args) => {
            database::open_store(&args.load()?.database_url).await?;
            say("La base est au niveau du programme.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Backup(args) => backup::run(&args).await.map(|()| ExitCode::SUCCESS),
        Command::Doctor(args) => doctor::run(&args).await,
        Command::Schools(command) => schools::run(command).await,
        Command::Roster(RosterCommand::Check(args)) => Ok(roster_check::run(&args)),
        Command::Pupil(command) => pupil::run(command).await,
        Command::Retention(command) => retention::run(&command).await,
        Command::Gar(command) => gar::run(command).await,
        Command::Config(ConfigCommand::Show(args)) => {
            say(toml::to_string(&args.load()?)?.trim_end());
            Ok(ExitCode::SUCCESS)
        }
    }
}
