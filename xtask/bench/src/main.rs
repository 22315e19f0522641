//! What the product answers for in speed and memory: `cargo xtask bench`.
//!
//! A bench is a module with `run`, listed in [`Bench`]. It prints ratios, to another reading of the same thing or to
//! what was promised: a time alone says more of the machine than of the product.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks on its standard output"
)]

mod gar;
mod import;
mod measure;
mod process;
mod program;
mod roster;
mod siecle;
mod start;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

/// Measures the product, and prints ratios.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Cli {
    /// What to measure; everything by default.
    benches: Vec<Bench>,
    #[command(subcommand)]
    inside: Option<Inside>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// Reading a SIECLE export, beside bare roxmltree.
    Siecle,
    /// Importing a list over HTTP, and the same again.
    Import,
    /// The page that lists pupils.
    Roster,
    /// The program itself: its size, its start, its memory at rest.
    Start,
    /// A sign-in by the GAR: the processor it takes.
    Gar,
}

/// What a bench asks of a process of its own, because a peak of memory is the whole process's.
#[derive(Subcommand)]
enum Inside {
    #[command(hide = true)]
    Peak(siecle::Peak),
}

impl Bench {
    fn run(self) -> Result<()> {
        match self {
            Self::Siecle => siecle::run(),
            Self::Import => import::run(),
            Self::Roster => roster::run(),
            Self::Start => start::run(),
            Self::Gar => gar::run(),
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    if let Some(Inside::Peak(peak)) = &cli.inside {
        return siecle::peak(peak);
    }
    let all = Bench::value_variants();
    let chosen = if cli.benches.is_empty() {
        all
    } else {
        &cli.benches
    };
    chosen.iter().try_for_each(|bench| bench.run())
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
