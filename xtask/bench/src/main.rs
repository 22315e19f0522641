//! What the product answers for in speed and memory: `cargo xtask bench`.
//!
//! A bench is a module with `run`, listed in [`Bench`]. It prints ratios, to another reading of the same thing or to
//! what was promised: a time alone says more of the machine than of the product.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench speaks on its standard output"
)]

mod chance;
mod gar;
mod import;
mod measure;
mod plan;
mod process;
mod program;
mod reconciliation;
mod roster;
mod siecle;
mod start;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand, ValueEnum};

/// Measures the product, and prints ratios.
#[derive(Parser)]
#[command(name = "cargo xtask bench", bin_name = "cargo xtask bench")]
struct Cli {
    /// What to measure; everything by default.
    benches: Vec<Bench>,
    /// For `reconciliation`: how many students are stored.
    #[arg(long, default_value_t = reconciliation::STUDENTS)]
    students: u64,
    /// For `reconciliation`: the students of the whole country, 6.5 million.
    #[arg(long, conflicts_with = "students")]
    large: bool,
    /// For `plan`: this program as another version builds it, to be measured turn by turn.
    #[arg(long)]
    beside: Option<PathBuf>,
    #[command(subcommand)]
    inside: Option<Inside>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Bench {
    /// Reading a SIECLE export, beside bare roxmltree.
    Siecle,
    /// Comparing a list with a roster and planning, also beside another version.
    Plan,
    /// Importing a list over HTTP, and the same again.
    Import,
    /// The page that lists pupils.
    Roster,
    /// A pupil types a birth date, among a million students.
    Reconciliation,
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
    #[command(hide = true)]
    Planning(plan::Planning),
}

impl Bench {
    fn run(self, students: u64, beside: Option<&Path>) -> Result<()> {
        match self {
            Self::Siecle => siecle::run(),
            Self::Plan => plan::run(beside),
            Self::Import => import::run(),
            Self::Roster => roster::run(),
            Self::Reconciliation => reconciliation::run(students),
            Self::Start => start::run(),
            Self::Gar => gar::run(),
        }
    }
}

fn run(cli: &Cli) -> Result<()> {
    match &cli.inside {
        Some(Inside::Peak(peak)) => return siecle::peak(peak),
        Some(Inside::Planning(planning)) => return plan::planning(planning),
        None => {}
    }
    let all = Bench::value_variants();
    let chosen = if cli.benches.is_empty() {
        all
    } else {
        &cli.benches
    };
    let students = if cli.large {
        reconciliation::STUDENTS_LARGE
    } else {
        cli.students
    };
    chosen
        .iter()
        .try_for_each(|bench| bench.run(students, cli.beside.as_deref()))
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
