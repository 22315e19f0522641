//! `cargo xtask pictures`: the product as a browser shows it, to look at.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;

use crate::metadata::Metadata;
use crate::process::{cargo, step};
use crate::provide::{Install, chromium};
use crate::test::{BINARY, BINARY_VARIABLE};

/// What `pictures` can be told.
#[derive(Args)]
pub struct Options {
    /// Where to put a picture of every page at every width. Without it: the README's picture is taken again.
    folder: Option<PathBuf>,
}

/// Builds the program, finds a Chromium, and takes the pictures.
pub fn run(options: &Options) -> Result<()> {
    let chromium = chromium::provide(Install::Allowed)?;
    step(
        "the program",
        cargo().args(["build", "--quiet", "--locked", "-p", BINARY]),
    )?;
    let program = Metadata::read()?
        .target_directory
        .join("debug")
        .join(BINARY);
    step(
        "pictures",
        cargo()
            .args(["run", "--quiet", "--locked", "-p", "browser", "--"])
            .args(options.folder.as_deref().map(Path::as_os_str))
            .env(BINARY_VARIABLE, program)
            .env(chromium::VARIABLE, chromium),
    )
}
