//! The product, started as a newcomer starts it.

use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tempfile::{NamedTempFile, TempDir};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::browser::Browser;
use crate::database::Database;
use crate::disk::Disk;
use crate::proxy::Proxy;

/// A start takes far less; a noisy machine may need more.
const START_MAX: Duration = Duration::from_mins(1);
/// It ends within its grace, half of this.
const STOP_MAX: Duration = Duration::from_mins(1);

/// `pix-orga demo` on a port of its own, in a folder and on a database of its own. It ends with the test.
pub struct Demo {
    // Before its place, so that it ends first.
    process: Child,
    address: String,
    place: Arc<Place>,
}

/// What is left of a demo when its process ends, and what two can share.
struct Place {
    database: Database,
    /// The address that the product is given, when it is not the database's own.
    through: Option<String>,
    folder: TempDir,
    log: Option<Log>,
}

/// A log that is kept, and from which level.
struct Log {
    file: NamedTempFile,
    level: &'static str,
}

impl Demo {
    /// Starts it on the database of this run of journeys, and waits for its address.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::fresh(&folder.path().join("demo.db")).await;
        Self::start_on(database, folder).await
    }

    /// The same, keeping what it logs from a level, such as `warn`, for [`Demo::log`].
    pub async fn start_keeping_its_log(level: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::fresh(&folder.path().join("demo.db")).await;
        let file = NamedTempFile::new().unwrap();
        Self::launch(Arc::new(Place {
            database,
            through: None,
            folder,
            log: Some(Log { file, level }),
        }))
        .await
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        let log = self.place.log.as_ref().expect("its log is not kept");
        std::fs::read_to_string(&log.file).unwrap()
    }

    /// Starts it on PostgreSQL, whatever this run is on.
    pub async fn start_on_postgres() -> Self {
        Self::start_on(Database::postgres().await, tempfile::tempdir().unwrap()).await
    }

    /// Starts it on a database.
    pub async fn start_on(database: Database, folder: TempDir) -> Self {
        Self::launch(Arc::new(Place {
            database,
            through: None,
            folder,
            log: None,
        }))
        .await
    }

    /// Starts it on PostgreSQL behind a proxy, keeping what it logs from `info`.
    pub async fn start_behind_a_proxy() -> (Self, Proxy) {
        let database = Database::postgres().await;
        let proxy = Proxy::before(&database).await;
        let place = Place {
            through: Some(proxy.address_of(&database)),
            database,
            folder: tempfile::tempdir().unwrap(),
            log: Some(Log {
                file: NamedTempFile::new().unwrap(),
                level: "info",
            }),
        };
        (Self::launch(Arc::new(place)).await, proxy)
    }

    /// Starts it on several servers of PostgreSQL, keeping what it logs from `info`.
    pub async fn start_on_several(url: String) -> Self {
        Self::launch(Arc::new(Place {
            database: Database::Elsewhere { url },
            through: None,
            folder: tempfile::tempdir().unwrap(),
            log: Some(Log {
                file: NamedTempFile::new().unwrap(),
                level: "info",
            }),
        }))
        .await
    }

    /// Starts it on SQLite, in a folder of a disk with little room.
    pub async fn start_on_disk(disk: &Disk) -> Self {
        let folder = tempfile::tempdir_in(disk.path()).unwrap();
        let path = folder.path().join("demo.db");
        Self::start_on(Database::Sqlite { path }, folder).await
    }

    /// Another process on the same database and with the same key, as a second server.
    pub async fn another(&self) -> Self {
        Self::launch(Arc::clone(&self.place)).await
    }

    async fn launch(place: Arc<Place>) -> Self {
        let (process, address) = launch(&place).await;
        Self {
            process,
            address,
            place,
        }
    }

    /// Kills it as a power cut would, and starts it again on the same folder.
    pub async fn kill_and_restart(&mut self) {
        self.kill().await;
        (self.process, self.address) = launch(&self.place).await;
    }

    /// Kills it as a power cut would.
    pub async fn kill(&mut self) {
        self.process.kill().await.unwrap();
    }

    /// Stops it where it is, until [`Demo::wake`].
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Tells it to end, as a service manager does, and waits for that.
    pub async fn stop(&mut self) -> ExitStatus {
        self.signal("TERM");
        let ended = tokio::time::timeout(STOP_MAX, self.process.wait()).await;
        ended.expect("it does not end").unwrap()
    }

    /// Lets it go on.
    pub fn wake(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let number = self.process.id().expect("the process ended").to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", name, &number])
            .status();
        assert!(sent.unwrap().success());
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
        self.place.folder.path()
    }

    /// Its database.
    pub fn database(&self) -> &Database {
        &self.place.database
    }

    /// Writes in its database behind its back, as only time or another server would: so many microseconds go by for
    /// a link, a session, a try. Returns how many rows changed.
    pub async fn write(&self, statement: &str, value: i64) -> u64 {
        self.database().open().await.write(statement, value).await
    }

    /// Somebody's browser, without any cookie.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }
}

async fn launch(place: &Place) -> (Child, String) {
    // A write over the size that a process may write is an error for it, as it is for a service: not a signal.
    let mut command = Command::new("sh");
    command
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(binary())
        .args(["demo", "--listen", "127.0.0.1:0", "--folder"])
        .arg(place.folder.path())
        .env("PIX_ORGA_LOG", "warn")
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    if let Some(Log { file, level }) = &place.log {
        let file = std::fs::OpenOptions::new().append(true).open(file);
        command.env("PIX_ORGA_LOG", level).stderr(file.unwrap());
    }
    if let Some(through) = &place.through {
        command.env("PIX_ORGA_DEMO_DATABASE_URL", through);
    } else if let Database::Postgres { url, .. } | Database::Elsewhere { url } = &place.database {
        command.env("PIX_ORGA_DEMO_DATABASE_URL", url);
    }
    let mut process = command.spawn().unwrap();
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
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}
