//! `cargo xtask bench`: the benchmarks, in a package of their own so that this one stays quick to build.

use anyhow::Result;
use clap::Args;

use crate::metadata::Metadata;
use crate::process::{cargo, step};
use crate::provide::{Install, postgres};
use crate::test::{BINARY, BINARY_VARIABLE};

/// What `bench` can be told.
#[derive(Args)]
pub struct Options {
    /// Passed to the benchmarks as it is, such as the name of one.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds the program and the benchmarks as what is released, and runs them.
pub fn run(options: &Options) -> Result<()> {
    postgres::provide(Install::unless(false))?;
    // By itself: what is measured has the features that are released, not those that the benchmarks add.
    step(
        "the program, in release",
        cargo().args(["build", "--release", "--quiet", "--locked", "-p", BINARY]),
    )?;
    let program = Metadata::read()?
        .target_directory
        .join("release")
        .join(BINARY);
    step(
        "benchmarks, in release",
        cargo()
            .args([
                "run",
                "--release",
                "--quiet",
                "--locked",
                "-p",
                "pix-orga-bench",
                "--",
            ])
            .args(&options.args)
            .env(BINARY_VARIABLE, program),
    )
}
