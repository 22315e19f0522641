//! A pooler before a server: the real `PgBouncer`, for the length of a test.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tempfile::TempDir;
use url::Url;

use crate::cluster::ServerUser;
use crate::databases;

/// Names a `PgBouncer` to the tests.
pub const VARIABLE: &str = "PIX_ORGA_TEST_PGBOUNCER";
/// Where Debian puts it, for who has no such folder in `PATH`.
pub const DEBIAN: &str = "/usr/sbin/pgbouncer";

/// Short, as for the server: a socket's path has 107 bytes at most.
const FOLDERS: &str = "/tmp";
const FOLDER_PREFIX: &str = "pix-orga-pooler-";
/// What belongs to the user who runs it.
const OWN: &str = "own";
/// Part of the socket's name; nothing listens on the network.
const PORT: u16 = 6432;
const POSTGRES_PORT: u16 = 5432;
const LOOKS_MAX: u32 = 200;
const LOOK_EVERY: Duration = Duration::from_millis(25);

/// For how long one of its clients has a connection of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// As long as the client is there.
    Session,
    /// A transaction.
    Transaction,
    /// A statement.
    Statement,
}

impl Mode {
    fn name(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Transaction => "transaction",
            Self::Statement => "statement",
        }
    }
}

/// A `PgBouncer` on a private socket. Dropped, it ends.
pub struct Pooler {
    process: Child,
    folder: TempDir,
}

impl Pooler {
    /// Starts one before a server. Whoever comes is let in, as the server's address says. `settings`: more of
    /// them, such as `default_pool_size = 1`.
    ///
    /// # Errors
    /// When there is no such program, or it does not start; its log is said.
    pub fn start(mode: Mode, server: &str, settings: &str) -> Result<Self> {
        let user = ServerUser::choose()?;
        let folder = tempfile::Builder::new()
            .prefix(FOLDER_PREFIX)
            .tempdir_in(FOLDERS)
            .context("no folder for PgBouncer")?;
        let own = folder.path().join(OWN);
        fs::create_dir(&own)?;
        let configuration = own.join("pgbouncer.ini");
        let (server, log) = (behind(&databases::parse(server)?), own.join("log"));
        let text = format!(
            "[databases]\n* = {server}\n[pgbouncer]\nlisten_addr =\nlisten_port = {PORT}\nunix_socket_dir = {}\n\
             auth_type = any\npool_mode = {}\n{settings}\n",
            own.display(),
            mode.name()
        );
        fs::write(&configuration, text)?;
        user.give(folder.path(), &own)?;
        let program =
            std::env::var_os(VARIABLE).map_or_else(|| PathBuf::from(DEBIAN), PathBuf::from);
        let mut command = Command::new(&program);
        command
            .arg(&configuration)
            .current_dir("/")
            .stdout(Stdio::null())
            .stderr(fs::File::create(&log)?);
        let process = user.run(&mut command).spawn().with_context(|| {
            format!(
                "{} cannot be started; `cargo xtask test` provides it",
                program.display()
            )
        })?;
        let pooler = Self { process, folder };
        pooler.wait(&log)?;
        Ok(pooler)
    }

    /// Its address, as a server's: the database to name is one of the server behind.
    pub fn url(&self) -> String {
        let own = self.folder.path().join(OWN);
        format!(
            "postgres://tests@localhost/postgres?host={}&port={PORT}",
            own.display()
        )
    }

    fn wait(&self, log: &Path) -> Result<()> {
        let socket = self.folder.path().join(OWN);
        let socket = socket.join(format!(".s.PGSQL.{PORT}"));
        for _ in 0..LOOKS_MAX {
            if UnixStream::connect(&socket).is_ok() {
                return Ok(());
            }
            std::thread::sleep(LOOK_EVERY);
        }
        bail!(
            "PgBouncer did not start\n{}",
            fs::read_to_string(log).unwrap_or_default()
        )
    }
}

impl Drop for Pooler {
    /// At once, whoever is connected.
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A server as `PgBouncer`'s configuration names it.
fn behind(server: &Url) -> String {
    let said = |name: &str| {
        let mut pairs = server.query_pairs();
        let found = pairs.find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    };
    let host = said("host").or_else(|| server.host_str().map(str::to_owned));
    let port = said("port").and_then(|port| port.parse().ok());
    let port = port.or(server.port()).unwrap_or(POSTGRES_PORT);
    let user = Some(server.username()).filter(|user| !user.is_empty());
    let mut text = format!(
        "host={} port={port} user={}",
        host.as_deref().unwrap_or("localhost"),
        user.unwrap_or("postgres")
    );
    if let Some(password) = server.password() {
        text.push_str(" password=");
        text.push_str(password);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{behind, databases};

    #[test]
    fn a_server_is_named_as_its_address_says() {
        for (address, said) in [
            (
                "postgres://postgres@localhost/postgres?host=/tmp/x/own",
                "host=/tmp/x/own port=5432 user=postgres",
            ),
            (
                "postgres://me:secret@db.invalid:5433/mine",
                "host=db.invalid port=5433 user=me password=secret",
            ),
            (
                "postgres://localhost?port=5434",
                "host=localhost port=5434 user=postgres",
            ),
        ] {
            assert_eq!(behind(&databases::parse(address).unwrap()), said);
        }
    }
}
