//! Whose work the program is made of, under which licences: read from the sources that cargo has.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::FEATURES;
use crate::process::{cargo, output};
use crate::test::BINARY;

/// What the names of licence files begin with, in lower case.
const NAMES: [&str; 5] = ["licen", "copying", "copyright", "notice", "unlicense"];

#[derive(Deserialize)]
struct Tree {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    source: Option<String>,
    license: Option<String>,
    repository: Option<String>,
    manifest_path: PathBuf,
}

/// Each library of the program: name, version, licence, where it lives; then each text once, with who bears it.
pub fn text() -> Result<String> {
    let linked = linked()?;
    let mut metadata = cargo();
    metadata.args(["metadata", "--format-version", "1", "--locked"]);
    metadata.args(FEATURES);
    let tree: Tree = serde_json::from_slice(&output(&mut metadata)?)?;
    let mut libraries: Vec<Package> = tree
        .packages
        .into_iter()
        .filter(|package| package.source.is_some())
        .filter(|package| linked.contains(&format!("{} v{}", package.name, package.version)))
        .collect();
    libraries.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    write(&libraries)
}

/// What is linked in the program, as `name v1.2.3`: neither tests nor what only builds.
fn linked() -> Result<BTreeSet<String>> {
    let mut tree = cargo();
    tree.args(["tree", "--locked", "-p", BINARY, "--edges", "normal"]);
    tree.args(FEATURES);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    let said = String::from_utf8(output(&mut tree)?)?;
    let names = said.lines().filter_map(|line| {
        let mut words = line.split(' ');
        Some(format!("{} {}", words.next()?, words.next()?))
    });
    Ok(names.collect())
}

fn write(libraries: &[Package]) -> Result<String> {
    let mut text = String::from("Pix Orga is made with these libraries.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for library in libraries {
        let name = format!("{} {}", library.name, library.version);
        let licence = library.license.as_deref();
        let licence = licence.with_context(|| format!("{name} has no licence"))?;
        let home = library.repository.as_deref().unwrap_or("-");
        writeln!(text, "{name}: {licence}, {home}")?;
        let folder = library.manifest_path.parent();
        for found in licences(folder.context("a manifest without a folder")?)? {
            texts.entry(found).or_default().push(name.clone());
        }
    }
    ensure!(!texts.is_empty(), "no library has a licence's text");
    for (licence, bearers) in &texts {
        writeln!(
            text,
            "\n{}\n{}\n\n{licence}",
            "=".repeat(80),
            bearers.join(", ")
        )?;
    }
    Ok(text)
}

fn licences(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_lowercase();
        if path.is_file() && NAMES.iter().any(|start| name.starts_with(start)) {
            texts.push(String::from_utf8_lossy(&fs::read(&path)?).trim().to_owned());
        }
    }
    texts.sort();
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_linked_is_named_with_its_licence_and_what_only_tests_is_not() {
        let text = text().unwrap();
        for library in ["axum ", "sqlx ", "roxmltree ", "tokio "] {
            assert!(
                text.lines().any(|line| line.starts_with(library)),
                "{library}"
            );
        }
        for absent in ["proptest ", "mockall ", "pix-orga"] {
            assert!(
                !text.lines().any(|line| line.starts_with(absent)),
                "{absent}"
            );
        }
        assert!(text.contains("Permission is hereby granted"));
    }
}
