//! A full mail server for the tests of mails.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{Install, debian, in_path, path_folders};

/// Names an Exim to the tests.
pub const VARIABLE: &str = "PIX_ORGA_TEST_EXIM";

/// Where Debian puts it, for who has no such folder in `PATH`.
const FOLDER: &str = "/usr/sbin";

/// The machine's Exim, else Debian's, installed. The tests start it on a configuration of their own.
pub fn provide(install: Install) -> Result<PathBuf> {
    if let Some(found) = found() {
        return Ok(found);
    }
    debian("Exim", &["exim4-daemon-light"], install)?;
    found().context("Exim was installed, and is not found")
}

fn found() -> Option<PathBuf> {
    let mut folders = path_folders();
    folders.push(PathBuf::from(FOLDER));
    in_path(&["exim4", "exim"], &folders)
}
