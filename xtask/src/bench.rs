//! `cargo xtask bench`: the benchmarks, in a package of their own so that this one stays quick to build.

use anyhow::Result;
use clap::Args;

use crate::process::{cargo, step};

/// What `bench` can be told.
#[derive(Args)]
pub struct Options {
    /// Passed to the benchmarks as it is, such as the name of one.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

/// Builds the benchmarks as what is released, and runs them.
pub fn run(options: &Options) -> Result<()> {
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
            .args(&options.args),
    )
}
