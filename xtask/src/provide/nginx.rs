//! The proxy of the guide, for the journey that follows its recipe.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::{Install, debian, in_path, path_folders};

/// Names an nginx to the tests.
pub const VARIABLE: &str = "PIX_ORGA_TEST_NGINX";

/// Where Debian puts it, for who has no such folder in `PATH`.
const FOLDER: &str = "/usr/sbin";

/// The machine's nginx, else Debian's, installed. The tests start it on a configuration of their own.
pub fn provide(install: Install) -> Result<PathBuf> {
    if let Some(found) = found() {
        return Ok(found);
    }
    debian("nginx", &["nginx-light"], install)?;
    found().context("nginx was installed, and is not found")
}

fn found() -> Option<PathBuf> {
    let mut folders = path_folders();
    folders.push(PathBuf::from(FOLDER));
    in_path(&["nginx"], &folders)
}
