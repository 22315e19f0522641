//! The pooler that the tests put before their server.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xtask_cluster::pooler::DEBIAN;

use super::{Install, debian, in_path, path_folders};

pub use xtask_cluster::pooler::VARIABLE;

/// The machine's `PgBouncer`, else Debian's, installed. The tests start it on a configuration of their own.
pub fn provide(install: Install) -> Result<PathBuf> {
    if let Some(found) = found() {
        return Ok(found);
    }
    debian("PgBouncer", &["pgbouncer"], install)?;
    found().context("PgBouncer was installed, and is not found")
}

fn found() -> Option<PathBuf> {
    let mut folders = path_folders();
    folders.extend(Path::new(DEBIAN).parent().map(Path::to_path_buf));
    in_path(&["pgbouncer"], &folders)
}
