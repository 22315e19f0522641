//! A Chromium for the browser tests.

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use super::{Install, debian, in_path, path_folders};

/// Names a Chromium of one's own; the tests read the same variable.
pub const VARIABLE: &str = "PIX_ORGA_CHROMIUM";

const PROGRAMS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// The path of a Chromium: the one [`VARIABLE`] names, else one in `PATH`, else Debian's, installed.
pub fn provide(install: Install) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        let named = PathBuf::from(named);
        ensure!(
            named.is_file(),
            "{VARIABLE} names {}, which is not a file",
            named.display()
        );
        return Ok(named);
    }
    if let Some(found) = in_path(PROGRAMS, &path_folders()) {
        return Ok(found);
    }
    debian("Chromium", &["chromium"], install)?;
    in_path(PROGRAMS, &path_folders()).context("Chromium was installed, and PATH has none")
}
