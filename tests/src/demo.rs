//! The product, started as a newcomer starts it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::browser::Browser;

/// A start takes far less; a noisy machine may need more.
const START_MAX: Duration = Duration::from_mins(1);

/// `pix-orga demo` on a port of its own and in a folder of its own. It ends with the test.
pub struct Demo {
    process: Child,
    address: String,
    folder: TempDir,
}

impl Demo {
    /// Starts it and waits for its address.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (process, address) = launch(folder.path()).await;
        Self {
            process,
            address,
            folder,
        }
    }

    /// Kills it as a power cut would, and starts it again on the same folder.
    pub async fn kill_and_restart(&mut self) {
        self.process.kill().await.unwrap();
        (self.process, self.address) = launch(self.folder.path()).await;
    }

    /// The address, such as `http://127.0.0.1:40321`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The number of its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes in its database behind its back, as only time or another server would: so many microseconds go by for
    /// a link, a session, a try. Returns how many rows changed.
    pub async fn write(&self, statement: &'static str, value: i64) -> u64 {
        let mut database = self.database().await;
        let done = sqlx::query(statement).bind(value).execute(&mut database);
        let changed = done.await.unwrap().rows_affected();
        database.close().await.unwrap();
        changed
    }

    /// Its database, beside it: to hold it, or to make it unusable.
    pub async fn database(&self) -> SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("demo.db"));
        SqliteConnection::connect_with(&options).await.unwrap()
    }

    /// Somebody's browser, without any cookie.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }
}

async fn launch(folder: &Path) -> (Child, String) {
    let mut process = Command::new(binary())
        .args(["demo", "--listen", "127.0.0.1:0", "--folder"])
        .arg(folder)
        .env("PIX_ORGA_LOG", "warn")
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    let found = tokio::time::timeout(START_MAX, async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(start) = line.find("http://") {
                return line[start..].trim().trim_end_matches("/demo").to_owned();
            }
        }
        panic!("the demo ended before it said its address");
    });
    (
        process,
        found.await.expect("the demo did not start in time"),
    )
}

/// The binary under test: `PIX_ORGA_TEST_BINARY`, or the one beside this test, built when it is missing.
pub fn binary() -> PathBuf {
    if let Some(given) = std::env::var_os("PIX_ORGA_TEST_BINARY") {
        return given.into();
    }
    let mut folder = std::env::current_exe().unwrap();
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let binary = folder.join("pix-orga");
    if !binary.exists() {
        let built = std::process::Command::new(env!("CARGO"))
            .args(["build", "-p", "pix-orga"])
            .status();
        assert!(built.unwrap().success(), "pix-orga does not build");
    }
    binary
}

/// Runs a command of the product to its end: exit code, standard output, error output.
pub async fn run(arguments: &[&str], env: &[(&str, &str)]) -> (i32, String, String) {
    let output = Command::new(binary())
        .args(arguments)
        .envs(env.iter().copied())
        .output()
        .await
        .unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}
