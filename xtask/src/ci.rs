//! `cargo xtask ci`: everything a change must pass.

use anyhow::{Result, bail};
use clap::Args;

use crate::process::{cargo, step};
use crate::provide::Install;
use crate::{deny, deps, offline, test, tidy};

/// What `ci` can be told.
#[derive(Args)]
pub struct Options {
    /// Leave the tests out.
    #[arg(long)]
    checks_only: bool,
    /// Install nothing: say what to type instead.
    #[arg(long)]
    no_install: bool,
}

/// Runs every check, even after one failed, then the tests; fails when any did.
pub fn run(options: &Options) -> Result<()> {
    let mut failures: Vec<String> = checks(Install::unless(options.no_install))
        .into_iter()
        .filter_map(|check| check().err())
        .map(|error| {
            eprintln!("{error:#}");
            format!("{error:#}")
        })
        .collect();
    if !options.checks_only
        && let Err(error) = test::run(&test::Options::all(options.no_install))
    {
        failures.push(format!("{error:#}"));
    }
    if failures.is_empty() {
        return Ok(());
    }
    bail!("ci: {} failure(s)\n{}", failures.len(), failures.join("\n"))
}

type Check = Box<dyn Fn() -> Result<()>>;

fn checks(install: Install) -> Vec<Check> {
    vec![
        Box::new(format),
        Box::new(deps::run),
        Box::new(clippy),
        Box::new(move || offline::check(install)),
        Box::new(tidy::run),
        Box::new(docs),
        Box::new(move || deny::licences(install)),
        Box::new(move || deny::advisories(install)),
    ]
}

fn format() -> Result<()> {
    step("format", cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    step(
        "clippy",
        cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]),
    )
}

fn docs() -> Result<()> {
    step(
        "docs",
        cargo()
            .args(["doc", "--workspace", "--no-deps", "--locked"])
            .env("RUSTDOCFLAGS", "-D warnings"),
    )
}
