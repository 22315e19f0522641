//! Where an SQLite file is: who owns it, who can read it, how much room is left.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{StatVfs, StatVfsMountFlags, statvfs};

use super::Check;

/// Below this, the next import or backup may not fit: what it writes and the file itself are a few times an export, which
/// has 64 MiB at most.
const FREE_BYTES_LOW: u64 = 512 * MEBIBYTE;
/// Below this, a write may fail at any moment.
const FREE_BYTES_MIN: u64 = 64 * MEBIBYTE;
const MEBIBYTE: u64 = 1024 * 1024;

/// The files that SQLite adds beside a database.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// What there is to say about a database's file; nothing of a server.
pub fn all(file: Option<&Path>) -> Vec<Check> {
    let Some(file) = file else {
        return Vec::new();
    };
    let mut checks: Vec<Check> = owners(file).into_iter().collect();
    checks.extend(readers(file));
    checks.push(match statvfs(file) {
        Ok(found) => room(&Room::of(&found), file),
        Err(cause) => Check::failed(
            "disk",
            format!(
                "La place qui reste pour {} ne peut pas être lue : {cause}.",
                file.display()
            ),
            "Vérifiez que ce disque répond.",
        ),
    });
    checks
}

fn owners(file: &Path) -> Option<Check> {
    let owner = std::fs::metadata(file).ok()?.uid();
    let others: Vec<PathBuf> = BESIDE
        .iter()
        .map(|suffix| PathBuf::from(format!("{}{suffix}", file.display())))
        .filter(|beside| std::fs::metadata(beside).is_ok_and(|found| found.uid() != owner))
        .collect();
    let first = others.first()?.display();
    Some(Check::failed(
        "database_files",
        format!(
            "Le fichier {first} n’est pas à l’utilisateur de la base {}.",
            file.display()
        ),
        format!("chown --reference={} {first}", file.display()),
    ))
}

/// Pupils' names are in it.
fn readers(file: &Path) -> Option<Check> {
    let mode = std::fs::metadata(file).ok()?.mode();
    (mode & 0o007 != 0).then(|| {
        let file = file.display();
        Check::failed(
            "database_files",
            format!("Tout le monde, sur cette machine, peut lire la base {file}."),
            format!("chmod 600 {file}"),
        )
    })
}

/// What is left of a file system, for who is not root.
struct Room {
    free_bytes: u64,
    free_files: Option<u64>,
    is_read_only: bool,
}

impl Room {
    fn of(found: &StatVfs) -> Self {
        Self {
            free_bytes: found.f_bavail.saturating_mul(found.f_frsize),
            // Some file systems count no files.
            free_files: (found.f_files > 0).then_some(found.f_favail),
            is_read_only: found.f_flag.contains(StatVfsMountFlags::RDONLY),
        }
    }
}

fn room(left: &Room, file: &Path) -> Check {
    const NAME: &str = "disk";
    const MEND: &str = "Libérez de la place, ou déplacez la base sur un disque plus grand : plein, plus rien ne s’enregistre.";
    let megabytes = left.free_bytes / MEBIBYTE;
    let file = file.display();
    if left.is_read_only {
        return Check::failed(
            NAME,
            format!("Le disque de {file} est en lecture seule."),
            "Regardez pourquoi (dmesg), puis remontez-le en écriture.",
        );
    }
    if left.free_files == Some(0) {
        return Check::failed(
            NAME,
            format!("Le disque de {file} ne peut plus créer de fichier."),
            MEND,
        );
    }
    let said = format!("Il reste {megabytes} Mio sur le disque de {file}.");
    match left.free_bytes {
        ..FREE_BYTES_MIN => Check::failed(NAME, said, MEND),
        FREE_BYTES_MIN..FREE_BYTES_LOW => Check::warning(NAME, said, MEND),
        _ => Check::ok(NAME, said),
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn state(free_bytes: u64, free_files: Option<u64>, is_read_only: bool) -> State {
        let left = Room {
            free_bytes,
            free_files,
            is_read_only,
        };
        room(&left, Path::new("x.db")).state
    }

    #[test]
    fn a_disk_is_full_nearly_full_or_has_room() {
        for (megabytes, expected) in [
            (0, State::Failed),
            (63, State::Failed),
            (64, State::Warning),
            (511, State::Warning),
            (512, State::Ok),
            (1 << 20, State::Ok),
        ] {
            assert_eq!(
                state(megabytes * MEBIBYTE, Some(1), false),
                expected,
                "{megabytes}"
            );
        }
        let plenty = 1 << 40;
        assert_eq!(state(plenty, Some(0), false), State::Failed);
        assert_eq!(state(plenty, None, false), State::Ok, "some count no files");
        assert_eq!(state(plenty, None, true), State::Failed);
    }

    #[test]
    fn a_database_that_everybody_reads_is_seen() {
        use std::os::unix::fs::PermissionsExt as _;
        let file = tempfile::NamedTempFile::new().unwrap();
        for (mode, seen) in [(0o600, false), (0o640, false), (0o644, true)] {
            std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(readers(file.path()).is_some(), seen);
        }
    }
}
