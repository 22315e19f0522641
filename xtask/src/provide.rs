//! What the tests need and a machine may lack: found, else installed, else asked for.

pub mod cargo_tools;
pub mod chromium;
pub mod exim;
pub mod foreign;
pub mod nginx;
pub mod pgbouncer;
pub mod postgres;
pub mod tools;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use xtask_cluster::cluster::is_root;

use crate::process::step;

/// Whether something may be installed on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Install {
    /// As root, with Debian's packages.
    Allowed,
    /// The person is told what to type.
    Forbidden,
}

impl Install {
    /// What `--no-install` says.
    pub fn unless(no_install: bool) -> Self {
        if no_install {
            Self::Forbidden
        } else {
            Self::Allowed
        }
    }
}

/// The first of these programs that a folder of `PATH` holds.
fn in_path(programs: &[&str], folders: &[PathBuf]) -> Option<PathBuf> {
    programs
        .iter()
        .flat_map(|program| folders.iter().map(move |folder| folder.join(program)))
        .find(|candidate| candidate.is_file())
}

fn path_folders() -> Vec<PathBuf> {
    std::env::var_os("PATH").map_or_else(Vec::new, |path| std::env::split_paths(&path).collect())
}

/// Installs Debian packages as root, saying so. Otherwise fails with the one command to type: never `sudo` on our own.
fn debian(what: &str, packages: &[&str], install: Install) -> Result<()> {
    let list = packages.join(" ");
    let by_hand = format!("apt-get update && apt-get install -y --no-install-recommends {list}");
    if install == Install::Forbidden {
        bail!("{what} is missing, and nothing may be installed. As root, type:\n  {by_hand}");
    }
    if !can_install() {
        bail!("{what} is missing. On Debian, as root, type:\n  {by_hand}");
    }
    println!("\n{what} is missing: installing Debian's {list} (`--no-install` forbids it)");
    step("apt-get update", Command::new("apt-get").arg("update"))?;
    step(
        "apt-get install",
        Command::new("apt-get")
            .args(["install", "-y", "--no-install-recommends"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"),
    )
}

/// Whether Debian's packages can be installed here.
fn can_install() -> bool {
    is_root() && in_path(&["apt-get"], &path_folders()).is_some()
}

#[cfg(test)]
mod tests {
    use super::{Install, debian, in_path};

    #[test]
    fn the_first_program_named_is_preferred_wherever_it_is() {
        let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let paths = folders.each_ref().map(|folder| folder.path().to_path_buf());
        std::fs::write(paths[0].join("second"), "").unwrap();
        std::fs::write(paths[1].join("first"), "").unwrap();
        assert_eq!(
            in_path(&["first", "second"], &paths),
            Some(paths[1].join("first"))
        );
        assert_eq!(in_path(&["third"], &paths), None);
    }

    #[test]
    fn a_forbidden_installation_says_what_to_type() {
        let said = debian("Thing", &["thing"], Install::Forbidden)
            .unwrap_err()
            .to_string();
        assert!(
            said.contains("apt-get update && apt-get install -y --no-install-recommends thing")
        );
        assert!(!said.contains("sudo"));
    }
}
