//! A configuration as an operator writes it, in a folder and with a database of its own.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::database::Database;
use crate::demo::run;

/// A configuration that `pix-orga serve` takes. What it names goes with it.
pub struct Configured {
    /// Where its files are: `compte.txt`, `espace.txt`, `key`.
    pub folder: TempDir,
    /// The configuration itself.
    pub file: PathBuf,
    /// Where the server will listen.
    pub port: u16,
    /// Empty until a command opens it.
    pub database: Database,
}

impl Configured {
    /// One with a fresh database of this run's kind, and these lines more.
    pub async fn new(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::fresh(&folder.path().join("pix-orga.db")).await;
        Self::on(folder, database, more)
    }

    /// The same on PostgreSQL, whatever this run is on.
    pub async fn on_postgres(more: &str) -> Self {
        Self::on(
            tempfile::tempdir().unwrap(),
            Database::postgres().await,
            more,
        )
    }

    /// The same on a file of SQLite, whatever this run is on.
    pub fn on_sqlite(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pix-orga.db");
        Self::on(folder, Database::Sqlite { path }, more)
    }

    /// One in a folder, on a database.
    pub fn on(folder: TempDir, database: Database, more: &str) -> Self {
        let port = free_port();
        let file = write(folder.path(), port, &database.url(), more);
        Self {
            folder,
            file,
            port,
            database,
        }
    }

    /// A file of its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command of the product on it: exit code, standard output, error output.
    pub async fn run(&self, command: &[&str]) -> (i32, String, String) {
        self.run_with(command, &[]).await
    }

    /// The same, with these variables over it.
    pub async fn run_with(&self, command: &[&str], env: &[(&str, &str)]) -> (i32, String, String) {
        let file = self.file.display().to_string();
        run(&[command, &["--config", &file]].concat(), env).await
    }
}

/// Writes a configuration and what it names in a folder, and gives its path.
pub fn write(folder: &Path, port: u16, database: &str, more: &str) -> PathBuf {
    let at = |name: &str| folder.join(name).display().to_string();
    std::fs::write(at("compte.txt"), "# Conditions du compte\n\nUn texte.\n").unwrap();
    std::fs::write(at("espace.txt"), "# Conditions de l'espace\n\nUn texte.\n").unwrap();
    std::fs::write(at("key"), "0123456789abcdef".repeat(4)).unwrap();
    let text = format!(
        "public_url = \"http://127.0.0.1:{port}\"\nlisten = \"127.0.0.1:{port}\"\n\
         database_url = \"{database}\"\nsecret_key = {{ file = \"{}\" }}\n\
         [terms.account]\nfile = \"{}\"\nversion = \"1\"\n[terms.space]\nfile = \"{}\"\nversion = \"1\"\n\
         {more}",
        at("key"),
        at("compte.txt"),
        at("espace.txt"),
    );
    let file = folder.join("pix-orga.toml");
    std::fs::write(&file, text).unwrap();
    file
}

/// A port of this machine that nobody listens on now.
pub fn free_port() -> u16 {
    let any = TcpListener::bind("127.0.0.1:0").unwrap();
    any.local_addr().unwrap().port()
}
