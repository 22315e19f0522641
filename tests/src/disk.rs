//! A disk that is full, then is not.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Room for a database with some schools, and not for much more.
const DISK: &str = "size=24m";
/// Written in pieces until there is no room.
const PIECE: [u8; 4_096] = [b'x'; 4_096];
/// What SQLite may still write in the files it has when its quota is reached: nothing.
const QUOTA: &str = "1";
const UNLIMITED: &str = "unlimited";

/// Somewhere with little room.
pub enum Disk {
    /// A file system of its own, in memory, that a file fills.
    System(Mounted),
    /// A quota on the files that a process may write, for whoever may not mount.
    Quota(TempDir),
}

/// A file system that is unmounted when dropped.
pub struct Mounted(TempDir);

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

impl Disk {
    /// A small file system, where the machine lets us mount one.
    pub fn system() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", DISK, "tmpfs"])
            .arg(folder.path())
            .output();
        let mounted = mounted.is_ok_and(|done| done.status.success());
        mounted.then(|| Self::System(Mounted(folder)))
    }

    /// A quota.
    pub fn quota() -> Self {
        Self::Quota(tempfile::tempdir().unwrap())
    }

    /// Where to write.
    pub fn path(&self) -> &Path {
        match self {
            Self::System(mounted) => mounted.0.path(),
            Self::Quota(folder) => folder.path(),
        }
    }

    /// No room any more, for this process at least.
    pub fn fill(&self, process: u32) {
        match self {
            Self::System(_) => {
                use std::io::Write as _;
                let mut filler = std::fs::File::create(self.filler()).unwrap();
                while filler.write_all(&PIECE).is_ok() {}
            }
            Self::Quota(_) => limit(process, QUOTA),
        }
    }

    /// Room again.
    pub fn make_room(&self, process: u32) {
        match self {
            Self::System(_) => std::fs::remove_file(self.filler()).unwrap(),
            Self::Quota(_) => limit(process, UNLIMITED),
        }
    }

    fn filler(&self) -> PathBuf {
        self.path().join("filler")
    }
}

/// Sets the size of the files that a process may write, above which a write fails.
fn limit(process: u32, bytes: &str) {
    let set = Command::new("prlimit")
        .arg("--pid")
        .arg(process.to_string())
        .arg(format!("--fsize={bytes}:{UNLIMITED}"))
        .status();
    assert!(set.unwrap().success());
}
