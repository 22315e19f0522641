//! `cargo xtask deny`: what the whole tree is made of, by cargo-deny and `deny.toml`.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;
use clap::Args;

use crate::process::{root, step};
use crate::provide::{Install, cargo_tools};

/// What `deny` can be told.
#[derive(Args)]
pub struct Options {
    /// Install nothing: say what to type instead.
    #[arg(long)]
    no_install: bool,
}

/// Licences, bans and sources; then advisories, where their database can be reached.
pub fn run(options: &Options) -> Result<()> {
    let install = Install::unless(options.no_install);
    licences(install)?;
    advisories(install)
}

/// Licences, bans and sources of the whole tree.
pub fn licences(install: Install) -> Result<()> {
    let deny = cargo_tools::provide(&cargo_tools::DENY, install)?;
    let mut check = deny_in_the_workspace(&deny);
    step(
        "licences",
        check.args(["check", "licenses", "bans", "sources"]),
    )
}

/// Known faults of the whole tree, where their database can be reached.
pub fn advisories(install: Install) -> Result<()> {
    let deny = cargo_tools::provide(&cargo_tools::DENY, install)?;
    let mut fetch = deny_in_the_workspace(&deny);
    fetch.args(["fetch", "db"]).stderr(Stdio::null());
    if !fetch.status().is_ok_and(|status| status.success()) {
        println!(
            "\n── advisories: left out, their database cannot be reached (https://github.com/RustSec/advisory-db)"
        );
        return Ok(());
    }
    let mut check = deny_in_the_workspace(&deny);
    check.args(["check", "--disable-fetch", "advisories"]);
    step("advisories", &mut check)
}

fn deny_in_the_workspace(deny: &Path) -> Command {
    let mut command = Command::new(deny);
    command.current_dir(root());
    command
}
