//! What a killed process left behind.

use std::fs::{self, File};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::time::Duration;

use super::user::{ServerUser, own_user};
use super::{FOLDER_PREFIX, LOCK, Place};
use crate::binaries::Binaries;

/// A folder without a lock is younger than this only while its process is making it.
const MAKING_MAX: Duration = Duration::from_mins(1);

/// Stops and removes the servers of ours whose process is gone.
pub fn stale(folders: &Path, binaries: &Binaries) {
    let Ok(user) = ServerUser::choose() else {
        return;
    };
    for entry in fs::read_dir(folders).into_iter().flatten().flatten() {
        let ours = entry
            .file_name()
            .to_string_lossy()
            .starts_with(FOLDER_PREFIX);
        if ours && is_stale(&entry.path()) {
            let place = Place {
                folder: entry.path(),
                binaries: binaries.clone(),
                user,
            };
            place.remove();
        }
    }
}

/// Whether this user made the folder, and no process holds it.
fn is_stale(folder: &Path) -> bool {
    // Not followed when a link, and made by us: in a folder open to all, another could have made it for us to remove.
    let Ok(metadata) = fs::symlink_metadata(folder) else {
        return false;
    };
    if !metadata.is_dir() || Some(metadata.uid()) != own_user() {
        return false;
    }
    match File::open(folder.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(_) => metadata
            .modified()
            .is_ok_and(|made| made.elapsed().is_ok_and(|age| age > MAKING_MAX)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::time::{Duration, SystemTime};

    use super::{LOCK, is_stale};

    #[test]
    fn a_folder_is_stale_once_its_process_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let lock = File::create(folder.path().join(LOCK)).unwrap();
        lock.lock().unwrap();
        assert!(!is_stale(folder.path()));
        drop(lock);
        assert!(is_stale(folder.path()));
    }

    #[test]
    fn a_folder_that_is_being_made_is_left_its_time() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_stale(folder.path()));
        let long_ago = SystemTime::now() - Duration::from_hours(1);
        File::open(folder.path())
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
        assert!(is_stale(folder.path()));
    }

    #[test]
    fn a_link_is_never_followed() {
        let folder = tempfile::tempdir().unwrap();
        let inside = folder.path().join("pix");
        fs::create_dir(&inside).unwrap();
        File::create(inside.join(LOCK)).unwrap();
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&inside, &link).unwrap();
        assert!(is_stale(&inside));
        assert!(!is_stale(&link));
    }
}
