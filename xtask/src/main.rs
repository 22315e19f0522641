//! Every command of the project: `cargo xtask --help`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line speaks on its standard output"
)]

mod bench;
mod ci;
mod deny;
mod deps;
mod dist;
mod fuzz;
mod generate;
mod metadata;
mod offline;
mod pictures;
mod postgres;
mod process;
mod provide;
mod simulate;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Every command of the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Build everything and run every test, after finding or installing what they need.
    Test(test::Options),
    /// Everything a change must pass: the checks, then the tests.
    Ci(ci::Options),
    /// Licences, bans, sources and advisories of the whole tree.
    Deny(deny::Options),
    /// Hold the table of who may depend on whom.
    Deps,
    /// Hold the rules of the house that no compiler knows: sizes, names, documents, migrations.
    Tidy,
    /// What the product answers for in speed and memory, as ratios.
    Bench(bench::Options),
    /// The archive that is released: the program, its unit, an example configuration, the licences.
    Dist(dist::Options),
    /// The product as a browser shows it: the README's picture, or every page in a folder.
    Pictures(pictures::Options),
    /// Files as schools would send them, of people who do not exist.
    #[command(subcommand)]
    Generate(generate::File),
    /// Rules judged on pupils who do not exist.
    #[command(subcommand)]
    Simulate(simulate::Subject),
    /// The offline data that checks the SQL queries where no database is at hand.
    #[command(subcommand)]
    Sqlx(offline::Action),
    /// The readers of other people's files, fed with what nobody would write: an hour each, by hand.
    Fuzz(fuzz::Options),
    /// A throwaway PostgreSQL until Ctrl+C, for tests started by hand.
    Postgres(postgres::Options),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().task {
        Task::Test(options) => test::run(&options),
        Task::Ci(options) => ci::run(&options),
        Task::Deny(options) => deny::run(&options),
        Task::Deps => deps::run(),
        Task::Tidy => tidy::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Dist(options) => dist::run(&options),
        Task::Pictures(options) => pictures::run(&options),
        Task::Generate(file) => generate::run(&file),
        Task::Simulate(subject) => simulate::run(&subject),
        Task::Sqlx(action) => offline::run(&action),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Postgres(options) => postgres::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
