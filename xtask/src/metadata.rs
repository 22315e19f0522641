//! What `cargo metadata` says of the workspace and of the whole tree of dependencies.

use std::collections::HashSet;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// The workspace and every package it is built from.
#[derive(Debug, Deserialize)]
pub struct Metadata {
    /// Members and third parties alike.
    pub packages: Vec<Package>,
    workspace_members: Vec<String>,
    /// Where builds go.
    pub target_directory: PathBuf,
}

/// One package of the tree.
#[derive(Debug, Deserialize)]
pub struct Package {
    id: String,
    /// Its name.
    pub name: String,
    /// Its version, `1.2.3`.
    pub version: String,
    /// What its manifest asks for.
    pub dependencies: Vec<Dependency>,
    /// What it builds.
    pub targets: Vec<Target>,
}

/// One line of a manifest's dependencies.
#[derive(Debug, Deserialize)]
pub struct Dependency {
    /// The package asked for.
    pub name: String,
    /// Which section it is in.
    pub kind: Option<Kind>,
}

/// The sections of a manifest other than plain `[dependencies]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// `[dev-dependencies]`.
    Dev,
    /// `[build-dependencies]`.
    Build,
}

/// Something a package builds.
#[derive(Debug, Deserialize)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// `lib`, `bin`, `test`…
    pub kind: Vec<String>,
}

/// Name and version of all that is built for any target. What `cargo metadata` lists holds more: the optional
/// dependencies that a feature would only adjust (`ring?/alloc`), and that nothing asks for.
fn built() -> Result<HashSet<(String, String)>> {
    let mut command = process::cargo();
    command.args([
        "tree",
        "--workspace",
        "--all-features",
        "--locked",
        "--target=all",
        "--edges=all",
        "--prefix=none",
        "--format={p}",
    ]);
    let lines = String::from_utf8(process::output(&mut command)?)?;
    let package = |line: &str| {
        let (name, rest) = line.split_once(" v")?;
        let version = rest.split(' ').next()?;
        Some((name.to_owned(), version.to_owned()))
    };
    Ok(lines.lines().filter_map(package).collect())
}

impl Metadata {
    /// Asks cargo. Every feature is on, so that no optional dependency hides.
    pub fn read() -> Result<Self> {
        let mut command = process::cargo();
        command.args([
            "metadata",
            "--format-version",
            "1",
            "--all-features",
            "--locked",
        ]);
        let mut metadata = Self::parse(&process::output(&mut command)?)?;
        let tree = built()?;
        metadata
            .packages
            .retain(|package| tree.contains(&(package.name.clone(), package.version.clone())));
        Ok(metadata)
    }

    /// Reads what cargo wrote.
    pub fn parse(json: &[u8]) -> Result<Self> {
        serde_json::from_slice(json).context("cargo metadata wrote something else than expected")
    }

    /// The workspace's own packages.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages
            .iter()
            .filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Whether the workspace has a package of that name.
    pub fn has_member(&self, name: &str) -> bool {
        self.members().any(|package| package.name == name)
    }
}
