//! The demo's own folder: its database and its key, under a mark that says what it is.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::secrets::ServerKey;

/// The file that says that a folder is a demo's.
const MARK: &str = "demonstration.txt";
/// The demo's key.
const KEY: &str = "key.txt";
/// The demo's database.
const DATABASE: &str = "demo.db";

/// A demo's folder.
pub struct DemoFolder {
    path: PathBuf,
}

/// Opens a folder, or makes it. With `reset`, what the demo had written in it is removed first.
///
/// # Errors
/// When the folder holds something else than a demo, or cannot be written.
pub fn open(path: &Path, reset: bool) -> anyhow::Result<DemoFolder> {
    fs::create_dir_all(path)
        .with_context(|| format!("Le dossier {} ne peut pas être créé", path.display()))?;
    let path = path.canonicalize()?;
    let marked = path.join(MARK).is_file();
    let empty = fs::read_dir(&path)?.next().is_none();
    anyhow::ensure!(
        marked || empty,
        "Le dossier {} n'est pas celui d'une démonstration. Donnez-en un autre avec --folder.",
        path.display()
    );
    if reset {
        for name in [DATABASE, "demo.db-wal", "demo.db-shm", KEY] {
            match fs::remove_file(path.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
    }
    fs::write(
        path.join(MARK),
        "Dossier d'une démonstration de Pix Orga : écoles et élèves inventés. Il peut être effacé.\n",
    )?;
    Ok(DemoFolder { path })
}

impl DemoFolder {
    /// The address of its database.
    pub fn database_url(&self) -> String {
        format!("sqlite://{}", self.path.join(DATABASE).display())
    }

    /// Its key, drawn the first time.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn key(&self) -> anyhow::Result<ServerKey> {
        let file = self.path.join(KEY);
        if !file.exists() {
            fs::write(&file, ServerKey::draw_demo())?;
        }
        let text = fs::read_to_string(&file)?;
        ServerKey::parse_demo(&text).map_err(|_| {
            anyhow::anyhow!("La clé de la démonstration est abîmée : relancez avec --reset.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("thèse.txt"), "trois ans de travail").unwrap();
        assert!(open(folder.path(), true).is_err());
        assert!(folder.path().join("thèse.txt").exists());
    }

    #[test]
    fn a_demo_finds_its_key_again_and_reset_draws_another() {
        let folder = tempfile::tempdir().unwrap();
        let read = || fs::read_to_string(folder.path().join(KEY)).unwrap();
        open(folder.path(), false).unwrap().key().unwrap();
        let first = read();
        open(folder.path(), false).unwrap().key().unwrap();
        assert_eq!(read(), first);
        open(folder.path(), true).unwrap().key().unwrap();
        assert_ne!(read(), first);
    }
}
