//! The product, started as an operator starts it.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::civil::date;
use pix_orga_demo::schools::{self, FictitiousSchool};
use pix_orga_domain::token::RawToken;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::browser::Browser;
use crate::configured::{Configured, free_port};
use crate::database::Database;
use crate::demo::binary;

/// A month, in microseconds.
const MONTH: i64 = 30 * 24 * 3_600 * 1_000_000;
/// An identifier has sixteen bytes.
const ID_DIGITS: usize = 32;
const LOOKS_MAX: u32 = 600;
/// Far beyond every limit that journeys set.
const END_MAX: Duration = Duration::from_mins(1);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// `pix-orga serve` on a port and a database of its own, where the first fictitious school is loaded. It ends with the
/// test.
pub struct Served {
    // Before its place, so that it ends first.
    process: Child,
    place: Configured,
}

impl Served {
    /// Starts it, with these lines more in its configuration.
    pub async fn start(more: &str) -> Self {
        Self::at(Configured::new(more).await).await
    }

    /// The same on PostgreSQL, whatever this run is on: for what several processes share.
    pub async fn start_on_postgres(more: &str) -> Self {
        Self::at(Configured::on_postgres(more).await).await
    }

    async fn at(place: Configured) -> Self {
        load(&place, &schools::all()[..1]).await;
        Self {
            process: serving(&place, place.port).await,
            place,
        }
    }

    /// A second process on the same configuration and database of PostgreSQL, which listens elsewhere. It ends when dropped.
    pub async fn beside(&self) -> Child {
        serving(&self.place, free_port()).await
    }

    /// The same, and somebody's browser on it.
    pub async fn beside_at(&self) -> (Browser, Child) {
        let port = free_port();
        let process = serving(&self.place, port).await;
        (Browser::new(&format!("http://127.0.0.1:{port}")), process)
    }

    /// Loads one more school.
    pub async fn loads(&self, school: &FictitiousSchool) {
        load(&self.place, std::slice::from_ref(school)).await;
    }

    /// Its address, such as `http://127.0.0.1:40321`.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.place.port)
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(log_of(&self.place, self.place.port)).unwrap()
    }

    /// Its figure of a name and labels, such as `pix_orga_http_connections`.
    pub async fn figure(&self, name: &str) -> Option<u64> {
        let figures = self.browser().get("/metrics").await.html;
        let line = figures.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.trim().parse().ok())
    }

    /// Its database.
    pub fn database(&self) -> &Database {
        &self.place.database
    }

    /// The number of its process, while it runs.
    pub fn process_id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Its memory now, in bytes.
    ///
    /// # Panics
    /// When it has ended.
    pub fn memory(&self) -> u64 {
        let number = self.process.id().expect("the process ended");
        let status = std::fs::read_to_string(format!("/proc/{number}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kib.unwrap() * 1024
    }

    /// Tells it to stop, as systemd does, and gives its exit code once it has ended.
    ///
    /// # Panics
    /// When it never ends.
    pub async fn stop(&mut self) -> Option<i32> {
        let number = self.process.id().expect("the process ended").to_string();
        let sent = std::process::Command::new("kill")
            .args(["-s", "TERM", &number])
            .status();
        assert!(sent.unwrap().success());
        let ended = tokio::time::timeout(END_MAX, self.process.wait()).await;
        ended.expect("the process never ends").unwrap().code()
    }

    /// Somebody's browser, without any cookie.
    pub fn browser(&self) -> Browser {
        Browser::new(&self.address())
    }

    /// Runs a command of the product on the same configuration: exit code, standard output, error output.
    pub async fn command(&self, arguments: &[&str]) -> (i32, String, String) {
        self.place.run(arguments).await
    }

    /// Writes in the database beside the product; `?` is the one value. Returns how many rows changed.
    pub async fn write(&self, statement: &str, value: i64) -> u64 {
        self.place
            .database
            .open()
            .await
            .write(statement, value)
            .await
    }

    /// The link of an invitation to the school, written as if its mail had left: a server without mail sends none.
    pub async fn invitation(&self) -> String {
        self.invitation_of(&schools::all()[0]).await
    }

    /// Loads one more school, and gives the link of its invitation.
    pub async fn invitation_of_another(&self, school: &FictitiousSchool) -> String {
        load(&self.place, std::slice::from_ref(school)).await;
        self.invitation_of(school).await
    }

    async fn invitation_of(&self, school: &FictitiousSchool) -> String {
        let now = jiff::Timestamp::now().as_microsecond();
        let (uai, address, then) = (school.uai, school.mail(), now + MONTH);
        // Any text is a token; each school has its own.
        let token = uai.as_str();
        let hash = RawToken::presented(token).hash().0;
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
                 {then}, 1 FROM organizations WHERE uai = '{uai}'; \
                 INSERT INTO invitation_links (token_hash, invitation_id, number, sent_at, mail_id) \
                 VALUES ({hash}, {id}, 1, {now}, {id})"
            )
        };
        let id = &hash[..ID_DIGITS];
        let in_file = insert(&format!("x'{id}'"), &format!("x'{hash}'"));
        let in_server = insert(&format!("'{id}'"), &format!("'\\x{hash}'"));
        let mut database = self.place.database.open().await;
        database.run(&in_file, &in_server).await;
        format!("/invitation/{token}")
    }
}

/// `pix-orga schools load` of a directory of these.
async fn load(place: &Configured, schools: &[FictitiousSchool]) {
    let directory = place.path("annuaire.csv").display().to_string();
    let csv = schools::directory_csv(schools, date(2026, 9, 1)).unwrap();
    std::fs::write(&directory, csv).unwrap();
    let (code, _, err) = place.run(&["schools", "load", &directory]).await;
    assert_eq!(code, 0, "{err}");
}

/// Where a process that listens there logs.
fn log_of(place: &Configured, port: u16) -> std::path::PathBuf {
    place.path(&format!("serve-{port}.log"))
}

/// `pix-orga serve`, once it listens there. It ends when dropped.
pub async fn serving(place: &Configured, port: u16) -> Child {
    let process = Command::new(binary())
        .arg("serve")
        .arg("--config")
        .arg(&place.file)
        .env("PIX_ORGA_LISTEN", format!("127.0.0.1:{port}"))
        .stderr(std::fs::File::create(log_of(place, port)).unwrap())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for _ in 0..LOOKS_MAX {
        if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
            return process;
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    panic!("the server did not start in time");
}
