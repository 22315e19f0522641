//! `cargo xtask fuzz`: the readers of other people's files, fed with what nobody would write.
//!
//! The engine, libFuzzer, needs flags of the compiler that stable refuses. `RUSTC_BOOTSTRAP` makes the installed compiler
//! accept them, for these builds alone, so that no other toolchain has to be there.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use clap::Args;
use pix_orga_demo::fregata;
use pix_orga_demo::schools::{self, SchoolKind};

use crate::generate;
use crate::process::{root, step};
use crate::provide::{Install, cargo_tools};

/// The targets of `fuzz/fuzz_targets`.
const TARGETS: [&str; 4] = ["siecle", "fregata", "directory", "saml"];
/// Pupils of a file to start from: small files are changed more often where it matters.
const SEED_PUPILS: usize = 4;
/// Schools of a directory to start from.
const SEED_SCHOOLS: usize = 6;
/// Bytes of an input, at most: an answer of the GAR has a few thousand, four pupils too.
const INPUT_BYTES_MAX: u32 = 64 * 1024;
/// Seconds of one input, at most: what takes longer is reported as a hang.
const INPUT_SECONDS_MAX: u32 = 10;
/// Memory of the whole, at most, in MiB.
const MEMORY_MIB_MAX: u32 = 2_048;

/// What is fed, and for how long.
#[derive(Args)]
pub struct Options {
    /// One target: siecle, fregata, directory or saml. All of them by default.
    target: Option<String>,
    /// Minutes for each target.
    #[arg(long, default_value_t = 60)]
    minutes: u32,
    /// Build the targets, and feed nothing.
    #[arg(long)]
    build_only: bool,
    /// Install nothing: say what to type instead.
    #[arg(long)]
    no_install: bool,
}

/// Feeds each target in its turn, from seeds and from what earlier runs found, and fails at the first fault. The input
/// that shows it is in `fuzz/artifacts`.
pub fn run(options: &Options) -> Result<()> {
    let targets: Vec<&str> = match &options.target {
        Some(one) => {
            let known = TARGETS.iter().find(|target| *target == one);
            vec![known.with_context(|| format!("{one} is none of {TARGETS:?}"))?]
        }
        None => TARGETS.to_vec(),
    };
    let install = Install::unless(options.no_install);
    let fuzz = cargo_tools::provide(&cargo_tools::FUZZ, install)?;
    for target in targets {
        let mut command = Command::new(&fuzz);
        command
            .current_dir(root())
            .env("RUSTC_BOOTSTRAP", "1")
            .env_remove("CARGO");
        if options.build_only {
            step(target, command.args(["build", target]))?;
            continue;
        }
        let corpus = seeded(target)?;
        let kept = kept(target).into_iter().filter(|folder| folder.exists());
        let engine = [
            format!("-max_total_time={}", options.minutes * 60),
            format!("-max_len={INPUT_BYTES_MAX}"),
            format!("-timeout={INPUT_SECONDS_MAX}"),
            format!("-rss_limit_mb={MEMORY_MIB_MAX}"),
            "-print_final_stats=1".to_owned(),
        ];
        command.args(["run", target]).arg(corpus).args(kept);
        command.arg("--").args(engine);
        step(target, &mut command)?;
    }
    Ok(())
}

/// What ordinary tests replay, to start from.
fn kept(target: &str) -> Vec<PathBuf> {
    let folders: &[&str] = match target {
        "saml" => &[
            "crates/gar/tests/corpus/fixtures/honest",
            "crates/gar/tests/fuzzed",
        ],
        "directory" => &["crates/server/tests/fuzzed/directory"],
        "siecle" => &["crates/siecle/tests/fuzzed"],
        _ => &["crates/fregata/tests/fuzzed"],
    };
    folders.iter().map(|folder| root().join(folder)).collect()
}

/// The folder where the engine keeps what it finds, with files of people who do not exist to start from.
fn seeded(target: &str) -> Result<PathBuf> {
    let folder = root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&folder)?;
    match target {
        "siecle" => {
            let school = generate::drawn(SchoolKind::College, SEED_PUPILS)?;
            fs::write(folder.join("seed.xml"), school.to_xml_bytes())?;
            fs::write(folder.join("seed.zip"), school.to_zip_bytes()?)?;
        }
        "fregata" => {
            let csv = fregata::csv(&generate::drawn(SchoolKind::LyceeAgricole, SEED_PUPILS)?)?;
            fs::write(folder.join("seed.csv"), csv)?;
        }
        "directory" => {
            let all = schools::all();
            ensure!(all.len() >= SEED_SCHOOLS, "too few fictitious schools");
            let day = jiff::civil::date(2026, 9, 1);
            let csv = schools::directory_csv(&all[..SEED_SCHOOLS], day)?;
            fs::write(folder.join("seed.csv"), csv)?;
        }
        _ => {}
    }
    Ok(folder)
}
