//! One server for one file: a lock of the system, which ends with the process however it ends.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::file;

/// What the lock's file ends with, beside the database's. It is apart, because closing a second descriptor of the
/// database's own file would drop the locks that SQLite has on it.
const SUFFIX: &str = ".lock";
/// Between opening the file and locking it, the one who had it may remove it: tried again so many times.
const TRIES_MAX: usize = 16;

/// A file kept for one server, until this is dropped or the process ends. Commands beside it need none.
#[derive(Debug)]
pub struct Hold {
    path: PathBuf,
    _locked: File,
}

/// Why a file is not kept.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// Another server has it.
    #[error("another process serves {path}")]
    Taken {
        /// The database.
        path: PathBuf,
    },
    /// The lock's file cannot be created or locked.
    #[error("cannot create or lock {path}")]
    File {
        /// The lock's file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
}

impl Hold {
    /// Keeps the file of a location, as [`crate::SqliteStore::open`] takes it; whichever way leads to it, there is one
    /// lock.
    ///
    /// # Errors
    /// [`HoldError`].
    pub fn take(location: &str) -> Result<Self, HoldError> {
        let database = file::path_of(location);
        let (database, path) = places(database).map_err(|cause| HoldError::File {
            path: database.to_owned(),
            cause,
        })?;
        let failed = |cause| HoldError::File {
            path: path.clone(),
            cause,
        };
        for _ in 0..TRIES_MAX {
            let locked = file::create(&path).map_err(failed)?;
            match locked.try_lock() {
                Ok(()) if is_there(&path, &locked).map_err(failed)? => {
                    return Ok(Self {
                        path,
                        _locked: locked,
                    });
                }
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(HoldError::Taken { path: database }),
                Err(TryLockError::Error(cause)) => return Err(failed(cause)),
            }
        }
        Err(HoldError::Taken { path: database })
    }
}

impl Drop for Hold {
    /// Removed while it is locked: nobody locks a file that is no longer there.
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// The database's own path, links followed, and the lock's.
fn places(database: &Path) -> io::Result<(PathBuf, PathBuf)> {
    let real = if database.exists() {
        database.canonicalize()?
    } else {
        let absolute = std::path::absolute(database)?;
        let named = absolute.parent().zip(absolute.file_name());
        let (folder, name) = named.ok_or(io::ErrorKind::InvalidFilename)?;
        std::fs::create_dir_all(folder)?;
        folder.canonicalize()?.join(name)
    };
    let mut lock = real.clone().into_os_string();
    lock.push(SUFFIX);
    Ok((real, lock.into()))
}

/// Whether what was locked is what the path leads to.
fn is_there(path: &Path, locked: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let own = locked.metadata()?;
    match std::fs::metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (own.dev(), own.ino())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(cause) => Err(cause),
    }
}
