//! The file itself: where it is, who owns it.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use crate::OpenError;

/// The path in a location, with or without `sqlite:` before it.
pub fn path_of(location: &str) -> &Path {
    let path = location
        .strip_prefix("sqlite://")
        .or_else(|| location.strip_prefix("sqlite:"))
        .unwrap_or(location);
    Path::new(path)
}

/// Creates the file and its folder where missing: it holds pupils' names, for its owner alone to read.
pub fn create_private(path: &Path) -> Result<(), OpenError> {
    if path.exists() {
        return Ok(());
    }
    create(path).map(|_| ()).map_err(|cause| OpenError::File {
        path: path.to_owned(),
        cause,
    })
}

/// Opens a file for writing, and creates it and its folder where missing. What root creates in somebody's folder is
/// theirs, as SQLite does with the files that it adds: a command that root types leaves nothing that the service cannot
/// write.
pub fn create(path: &Path) -> io::Result<File> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::create_dir_all(folder)?;
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path)?;
    #[cfg(unix)]
    give_to_owner_of(folder, &file)?;
    Ok(file)
}

#[cfg(unix)]
fn give_to_owner_of(folder: &Path, file: &File) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let (theirs, own) = (std::fs::metadata(folder)?, file.metadata()?);
    if theirs.uid() != own.uid() {
        // Only root can: what another user creates is their own.
        let _ = std::os::unix::fs::fchown(file, Some(theirs.uid()), Some(theirs.gid()));
    }
    Ok(())
}
