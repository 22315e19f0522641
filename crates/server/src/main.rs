//! `pix-orga`: brings a school into its Pix Orga space.

mod commands;
mod config;
mod database;
mod demo;
mod directory;
mod files;
mod front;
mod gar;
mod reading;
mod secrets;
mod serve;
mod terminal;
mod texts;
mod wiring;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use commands::Command;
/// As the templates of pages call it.
use pix_orga_web::t;

/// How long threads at work are waited for, once a command is over.
const THREADS_END_MAX: Duration = Duration::from_secs(2);

/// The machine's own allocator keeps what each thread took; this one gives it back.
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

/// Amène un établissement dans son espace Pix Orga : invitation, compte, liste des élèves, équipe.
#[derive(Parser)]
#[command(
    name = "pix-orga",
    version,
    about,
    after_help = "Pour essayer, sans rien installer : pix-orga demo\n\
                  Codes de sortie : 0 fait, 1 refusé ou en échec, 2 commande mal écrite."
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = match runtime {
        Ok(runtime) => {
            let outcome = runtime.block_on(async {
                let outcome = commands::run(cli.command).await;
                database::close_all().await;
                outcome
            });
            // A file that is read and a password that is hashed cannot be interrupted, and are waited for no longer.
            runtime.shutdown_timeout(THREADS_END_MAX);
            outcome
        }
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            terminal::say_error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
