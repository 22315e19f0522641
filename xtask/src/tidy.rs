//! `cargo xtask tidy`: the rules of the house that no compiler knows.

mod documents;
mod manifests;
mod migrations;
mod program;
mod sources;
mod text;
mod threats;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{output, root};

/// The files git knows, as they are on the disk.
pub struct Tree {
    files: Vec<File>,
    folders: BTreeSet<String>,
    /// Text that belongs to one machine, found nowhere else.
    machine: Vec<String>,
}

/// One file of the tree.
pub struct File {
    /// From the workspace's folder, with `/`.
    path: String,
    /// `None` when it is not text.
    text: Option<String>,
}

impl Tree {
    /// Reads what git tracks under a folder.
    pub fn read(root: &Path) -> Result<Self> {
        let listed = output(
            Command::new("git")
                .args(["ls-files", "-z"])
                .current_dir(root),
        )?;
        let listed = String::from_utf8(listed).context("a file's name is not UTF-8")?;
        let files = listed
            .split('\0')
            .filter(|path| !path.is_empty() && root.join(path).is_file())
            .map(|path| {
                let bytes =
                    fs::read(root.join(path)).with_context(|| format!("cannot read {path}"))?;
                let text = String::from_utf8(bytes)
                    .ok()
                    .filter(|text| !text.contains('\0'));
                Ok(File {
                    path: path.to_owned(),
                    text,
                })
            })
            .collect::<Result<Vec<File>>>()?;
        let home = std::env::var("HOME").ok().filter(|home| home.len() > 1);
        let machine = home
            .into_iter()
            .chain([root.display().to_string()])
            .map(|folder| format!("{folder}/"))
            .collect();
        Ok(Self::new(files, machine))
    }

    fn new(files: Vec<File>, machine: Vec<String>) -> Self {
        let folders = files
            .iter()
            .flat_map(|file| {
                file.path
                    .match_indices('/')
                    .map(|(at, _)| file.path[..at].to_owned())
            })
            .collect();
        Self {
            files,
            folders,
            machine,
        }
    }

    /// The text files whose name ends so.
    fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts().filter(move |(path, _)| path.ends_with(end))
    }

    /// Every text file: path and text.
    fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter_map(|file| Some((file.path.as_str(), file.text.as_deref()?)))
    }

    /// Whether this is a file or a folder of the tree.
    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        path.is_empty()
            || self.folders.contains(path)
            || self.files.iter().any(|file| file.path == path)
    }

    #[cfg(test)]
    fn of(files: &[(&str, &str)]) -> Self {
        let files = files
            .iter()
            .map(|(path, text)| File {
                path: (*path).to_owned(),
                text: Some((*text).to_owned()),
            })
            .collect();
        Self::new(files, vec!["/folder/of/one/machine/".to_owned()])
    }
}

/// Fails naming every fault. The commands the README gives are tried on the program itself.
pub fn run() -> Result<()> {
    let tree = Tree::read(&root())?;
    let mut faults = faults(&tree);
    faults.extend(program::faults(&tree)?);
    if faults.is_empty() {
        println!("tidy: {} files, nothing to say", tree.files.len());
        return Ok(());
    }
    bail!("tidy: {} fault(s)\n  {}", faults.len(), faults.join("\n  "))
}

/// One sentence for each fault of the files.
fn faults(tree: &Tree) -> Vec<String> {
    let checks: [fn(&Tree) -> Vec<String>; 6] = [
        sources::faults,
        manifests::faults,
        migrations::faults,
        documents::faults,
        text::faults,
        threats::faults,
    ];
    checks.iter().flat_map(|check| check(tree)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Tree, faults};
    use crate::process::root;

    #[test]
    fn the_house_is_tidy() {
        let found = faults(&Tree::read(&root()).unwrap());
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn files_and_their_folders_are_known() {
        let tree = Tree::of(&[("a/b/c.rs", "")]);
        for path in ["a", "a/", "a/b", "a/b/c.rs"] {
            assert!(tree.has(path), "{path}");
        }
        for path in ["b", "a/b/c", "a/b/d.rs"] {
            assert!(!tree.has(path), "{path}");
        }
    }
}
