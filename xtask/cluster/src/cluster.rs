//! One throwaway server.

mod sweep;
mod user;

use std::fs::{self, File};
use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};

use crate::binaries::Binaries;
pub(crate) use user::ServerUser;
pub use user::is_root;

/// Short, because a socket's path has 107 bytes at most; and open to another user than root, as `TMPDIR` may not be.
const FOLDERS: &str = "/tmp";
const FOLDER_PREFIX: &str = "pix-orga-pg-";

/// Held by the process that started the server: when it can be taken, that process is gone.
const LOCK: &str = "lock";
/// What belongs to the user who runs the server: its socket, its log, its data.
const OWN: &str = "own";

/// Tests run together, each with several processes and their pools.
const CONNECTIONS_MAX: u16 = 300;

/// Tests read what they wrote within a minute: the disk need not know it.
const HASTE: &str = "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n";

const LOOPBACK: &str = "127.0.0.1";
/// Files of its data.
const CERTIFICATE: &str = "server.crt";
const KEY: &str = "server.key";
const HBA_OVER_TLS: &str = "local all all trust\nhostssl all all 127.0.0.1/32 trust\n";

/// Lines of the server's log shown when it does not start.
const LOG_LINES_SHOWN: usize = 15;

/// Every server of this process, so that a signal can remove them.
static RUNNING: Mutex<Vec<Place>> = Mutex::new(Vec::new());

/// A server on a private socket, in a folder of its own. Dropped, it is removed with its data.
pub struct Cluster {
    place: Place,
    /// Where it listens on the loopback, when it does.
    port: Option<u16>,
    // Only held: the next start's sweep tries to take it.
    _lock: File,
}

impl Cluster {
    /// Makes one and starts it, after removing those whose process was killed. What it commits would not survive the
    /// machine: nothing waits for the disk.
    ///
    /// # Errors
    /// When the server cannot be made or started; the end of its log is said.
    pub fn start(binaries: &Binaries) -> Result<Self> {
        Self::start_with(binaries, HASTE)
    }

    /// The same, as durable as PostgreSQL is by itself: what is measured waits for the disk.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_durable(binaries: &Binaries) -> Result<Self> {
        Self::start_with(binaries, "")
    }

    /// The same, and on the loopback over TLS alone, with a certificate and its key in PEM.
    ///
    /// # Errors
    /// As [`Cluster::start`].
    pub fn start_over_tls(binaries: &Binaries, certificate: &str, key: &str) -> Result<Self> {
        let tls = Tls {
            // Free now: it may be taken by the time the server listens, which then says so.
            port: TcpListener::bind((LOOPBACK, 0))?.local_addr()?.port(),
            certificate,
            key,
        };
        let settings = format!(
            "{HASTE}listen_addresses = '{LOOPBACK}'\nport = {}\nssl = on\n\
             ssl_cert_file = '{CERTIFICATE}'\nssl_key_file = '{KEY}'\n",
            tls.port
        );
        Self::start_as(binaries, &settings, Some(&tls))
    }

    fn start_with(binaries: &Binaries, settings: &str) -> Result<Self> {
        Self::start_as(binaries, settings, None)
    }

    fn start_as(binaries: &Binaries, settings: &str, tls: Option<&Tls>) -> Result<Self> {
        let mut cluster = Self::placed(binaries)?;
        cluster.port = tls.map(|tls| tls.port);
        cluster.place.make(settings)?;
        if let Some(tls) = tls {
            cluster.place.secure(tls)?;
        }
        cluster.place.start()?;
        Ok(cluster)
    }

    /// A standby of this one, in a folder of its own: it follows what this one writes, and takes no writes until
    /// [`Cluster::promote`].
    ///
    /// # Errors
    /// When it cannot be copied or started.
    pub fn standby(&self) -> Result<Self> {
        let standby = Self::placed(&self.place.binaries)?;
        standby.place.copy(&self.place)?;
        standby.place.start()?;
        Ok(standby)
    }

    /// Makes a primary of a standby, and waits until it takes writes.
    ///
    /// # Errors
    /// When it is no standby, or is not one that runs.
    pub fn promote(&self) -> Result<()> {
        self.place.run("pg_ctl", &["promote", "-w", "-s", "-D"])
    }

    /// One that has a folder, and nothing in it.
    fn placed(binaries: &Binaries) -> Result<Self> {
        sweep::stale(Path::new(FOLDERS), binaries);
        let user = ServerUser::choose()?;
        let folder = tempfile::Builder::new()
            .prefix(FOLDER_PREFIX)
            .tempdir_in(FOLDERS)
            .context("no folder for PostgreSQL")?
            .keep();
        let place = Place {
            folder,
            binaries: binaries.clone(),
            user,
        };
        running().push(place.clone());
        let lock = File::create(place.folder.join(LOCK))?;
        lock.lock()?;
        Ok(Self {
            place,
            port: None,
            _lock: lock,
        })
    }

    /// The address of its first database, from which others are made.
    pub fn url(&self) -> String {
        format!(
            "postgres://postgres@localhost/postgres?host={}",
            self.place.own().display()
        )
    }

    /// The address of its first database by the network, with a name for this machine; none when it does not listen there.
    pub fn network_url(&self, host: &str) -> Option<String> {
        let port = self.port?;
        Some(format!("postgres://postgres@{host}:{port}/postgres"))
    }

    /// The folder of its socket.
    pub fn socket(&self) -> PathBuf {
        self.place.own()
    }

    /// Its programs.
    pub fn binaries(&self) -> &Binaries {
        &self.place.binaries
    }

    /// Stops it at once, as a machine that is restarted does; connections are cut. [`Cluster::resume`] starts it again.
    ///
    /// # Errors
    /// When it was not running.
    pub fn stop(&self) -> Result<()> {
        self.place.stop()
    }

    /// Starts it again on the same data and address.
    ///
    /// # Errors
    /// When it does not start.
    pub fn resume(&self) -> Result<()> {
        self.place.start()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.place.remove();
        running().retain(|place| place.folder != self.place.folder);
    }
}

/// Removes every server that this process started. For a signal's handler: nothing runs on them any more.
pub fn remove_all() {
    for place in running().drain(..) {
        place.remove();
    }
}

fn running() -> std::sync::MutexGuard<'static, Vec<Place>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a server that listens on the loopback is given.
struct Tls<'a> {
    port: u16,
    certificate: &'a str,
    key: &'a str,
}

/// Where a server is, and who runs it.
#[derive(Clone)]
struct Place {
    folder: PathBuf,
    binaries: Binaries,
    user: ServerUser,
}

impl Place {
    fn own(&self) -> PathBuf {
        self.folder.join(OWN)
    }

    fn data(&self) -> PathBuf {
        self.own().join("data")
    }

    fn log(&self) -> PathBuf {
        self.own().join("log")
    }

    fn make(&self, more: &str) -> Result<()> {
        let own = self.own();
        fs::create_dir(&own)?;
        self.user.give(&self.folder, &own)?;
        self.run(
            "initdb",
            &[
                "-A",
                "trust",
                "-U",
                "postgres",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
                "-D",
            ],
        )?;
        self.set(more)
    }

    /// Copies a running one, to follow it.
    fn copy(&self, primary: &Self) -> Result<()> {
        let own = self.own();
        fs::create_dir(&own)?;
        self.user.give(&self.folder, &own)?;
        let host = primary.own().to_string_lossy().into_owned();
        let quickly = ["--checkpoint=fast", "--no-sync", "--wal-method=stream"];
        let from = ["-h", &host, "-U", "postgres", "--write-recovery-conf"];
        self.run("pg_basebackup", &[&quickly[..], &from, &["-D"]].concat())?;
        // Over what was copied: the last line counts.
        self.set("")
    }

    fn set(&self, more: &str) -> Result<()> {
        let mut settings = File::options()
            .append(true)
            .open(self.data().join("postgresql.conf"))?;
        settings.write_all(settings_of(&self.own()).as_bytes())?;
        settings.write_all(more.as_bytes())?;
        Ok(())
    }

    /// Lays down what TLS needs, and lets nobody in by the network without it.
    fn secure(&self, tls: &Tls) -> Result<()> {
        for (name, text) in [
            (CERTIFICATE, tls.certificate),
            (KEY, tls.key),
            ("pg_hba.conf", HBA_OVER_TLS),
        ] {
            let file = self.data().join(name);
            fs::write(&file, text)?;
            self.user.give_file(&file)?;
        }
        Ok(())
    }

    fn start(&self) -> Result<()> {
        let log = self.log();
        // `pg_ctl` waits until it answers, and gives it a session of its own: Ctrl+C is for us alone.
        let started = self.run(
            "pg_ctl",
            &["start", "-w", "-s", "-l", &log.to_string_lossy(), "-D"],
        );
        started.with_context(|| format!("PostgreSQL did not start\n{}", end_of(&log)))
    }

    fn stop(&self) -> Result<()> {
        self.run("pg_ctl", &["stop", "-w", "-s", "-m", "immediate", "-D"])
    }

    /// What cannot be removed is left to the system: there is nobody to tell.
    fn remove(&self) {
        let _ = self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(self.binaries.program(program));
        command.args(arguments).arg(self.data()).current_dir("/");
        // What a person set for their own server is not for this one.
        command
            .env_remove("PGDATA")
            .env_remove("PGPORT")
            .env_remove("PGHOST");
        let out = self
            .user
            .run(&mut command)
            .output()
            .with_context(|| format!("cannot start {program}"))?;
        if !out.status.success() {
            bail!(
                "{program} failed ({}): {}",
                out.status,
                String::from_utf8_lossy(&out.stderr).trim()
            );
        }
        Ok(())
    }
}

fn settings_of(socket: &Path) -> String {
    format!(
        "listen_addresses = ''\n\
         unix_socket_directories = '{}'\n\
         max_connections = {CONNECTIONS_MAX}\n",
        socket.display()
    )
}

fn end_of(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
}
