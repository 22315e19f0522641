//! The product, started as an operator starts it.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use jiff::civil::date;
use pix_orga_demo::schools;
use pix_orga_domain::token::RawToken;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::browser::Browser;
use crate::database::Database;
use crate::demo::{binary, run};

/// A month, in microseconds.
const MONTH: i64 = 30 * 24 * 3_600 * 1_000_000;
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const NO_ID: &str = "'00000000-0000-0000-0000-000000000000'";
const LOOKS_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// `pix-orga serve` on a port and a database of its own, where the first fictitious school is loaded. It ends with the
/// test.
pub struct Served {
    // Before its database, so that it ends first.
    _process: Child,
    database: Database,
    folder: TempDir,
    address: String,
}

impl Served {
    /// Starts it, with these lines more in its configuration.
    pub async fn start(more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = free_port();
        let database = Database::fresh(&folder.path().join("pix-orga.db")).await;
        configure(folder.path(), port, &database.url(), more);
        let directory = folder.path().join("annuaire.csv").display().to_string();
        let csv = schools::directory_csv(&schools::all()[..1], date(2026, 9, 1)).unwrap();
        std::fs::write(&directory, csv).unwrap();
        let (code, _, err) = command(folder.path(), &["schools", "load", &directory]).await;
        assert_eq!(code, 0, "{err}");
        let process = Command::new(binary())
            .arg("serve")
            .arg("--config")
            .arg(folder.path().join("pix-orga.toml"))
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        for _ in 0..LOOKS_MAX {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return Self {
                    database,
                    folder,
                    address: format!("http://127.0.0.1:{port}"),
                    _process: process,
                };
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the server did not start in time");
    }

    /// A second process on the same configuration and database, which listens elsewhere. It ends when dropped.
    pub async fn beside(&self) -> Child {
        let port = free_port();
        let process = Command::new(binary())
            .arg("serve")
            .arg("--config")
            .arg(self.folder.path().join("pix-orga.toml"))
            .env("PIX_ORGA_LISTEN", format!("127.0.0.1:{port}"))
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        for _ in 0..LOOKS_MAX {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return process;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the second process did not start in time");
    }

    /// Somebody's browser, without any cookie.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    /// Runs a command of the product on the same configuration: exit code, standard output, error output.
    pub async fn command(&self, arguments: &[&str]) -> (i32, String, String) {
        command(self.folder.path(), arguments).await
    }

    /// Writes in the database beside the product; `?` is the one value. Returns how many rows changed.
    pub async fn write(&self, statement: &str, value: i64) -> u64 {
        self.database.open().await.write(statement, value).await
    }

    /// The link of an invitation to the school, written as if its mail had left: a server without mail sends none.
    pub async fn invitation(&self) -> String {
        let now = jiff::Timestamp::now().as_microsecond();
        let (address, then) = (schools::all()[0].mail(), now + MONTH);
        let hash = RawToken::presented(TOKEN).hash().0;
        let hash = hash.iter().fold(String::new(), |mut hex, byte| {
            write!(hex, "{byte:02x}").unwrap();
            hex
        });
        let insert = |id: &str, hash: &str| {
            format!(
                "INSERT INTO outgoing_mails (id, recipient, notice, queued_at, delivery, settled_at) \
                 VALUES ({id}, '{address}', '{{}}', {now}, 'sent', {now}); \
                 INSERT INTO invitations (id, organization_id, kind, address, address_key, state, created_at, \
                 expires_at, revision) SELECT {id}, id, 'establishment', '{address}', '{address}', 'pending', {now}, \
                 {then}, 1 FROM organizations; \
                 INSERT INTO invitation_links (token_hash, invitation_id, number, sent_at, mail_id) \
                 VALUES ({hash}, {id}, 1, {now}, {id})"
            )
        };
        let in_file = insert("zeroblob(16)", &format!("x'{hash}'"));
        let in_server = insert(NO_ID, &format!("'\\x{hash}'"));
        let mut database = self.database.open().await;
        database.run(&in_file, &in_server).await;
        format!("/invitation/{TOKEN}")
    }
}

fn free_port() -> u16 {
    let any = TcpListener::bind("127.0.0.1:0").unwrap();
    any.local_addr().unwrap().port()
}

async fn command(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let config = folder.join("pix-orga.toml").display().to_string();
    run(&[arguments, &["--config", &config]].concat(), &[]).await
}

fn configure(folder: &Path, port: u16, database: &str, more: &str) {
    let path = |name: &str| folder.join(name).display().to_string();
    std::fs::write(path("conditions.txt"), "# Conditions\n\nUn texte.\n").unwrap();
    std::fs::write(path("key"), "0123456789abcdef".repeat(4)).unwrap();
    let text = format!(
        "public_url = \"http://127.0.0.1:{port}\"\nlisten = \"127.0.0.1:{port}\"\n\
         database_url = \"{database}\"\nsecret_key = {{ file = \"{}\" }}\n\
         [terms.account]\nfile = \"{terms}\"\nversion = \"1\"\n[terms.space]\nfile = \"{terms}\"\nversion = \"1\"\n\
         {more}",
        path("key"),
        terms = path("conditions.txt"),
    );
    std::fs::write(path("pix-orga.toml"), text).unwrap();
}
