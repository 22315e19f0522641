//! A full mail server from the distribution, on a configuration of its own.

use std::fs;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use pix_orga_domain::outbox::Delivery;
use tempfile::TempDir;

use crate::house::{HEAD, House, settings};

/// Names an Exim of one's own.
const VARIABLE: &str = "PIX_ORGA_TEST_EXIM";
/// Where Debian puts its own.
const DEBIAN: &str = "/usr/sbin/exim4";
/// Who Exim is, on Debian, once it is no longer root.
const DEBIAN_USER: &str = "Debian-exim";
const LOOKS_MAX: u32 = 200;
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A running Exim, ended with the test.
struct Exim {
    process: Child,
    folder: TempDir,
    address: SocketAddr,
}

impl Exim {
    fn start() -> Self {
        let program =
            std::env::var_os(VARIABLE).map_or_else(|| PathBuf::from(DEBIAN), PathBuf::from);
        assert!(
            program.is_file(),
            "no Exim in {}: `cargo xtask test` provides it, or {VARIABLE} names one",
            program.display()
        );
        let folder = tempfile::tempdir().unwrap();
        let any = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = any.local_addr().unwrap();
        drop(any);
        let config = configure(folder.path());
        let process = Command::new(program)
            .arg("-bdf")
            .arg("-C")
            .arg(config)
            .arg("-oX")
            .arg(format!("127.0.0.1.{}", address.port()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let exim = Self {
            process,
            folder,
            address,
        };
        for _ in 0..LOOKS_MAX {
            if TcpStream::connect(address).is_ok() {
                return exim;
            }
            std::thread::sleep(LOOK_EVERY);
        }
        panic!("Exim does not listen: {}", exim.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log/main")).unwrap_or_default()
    }

    /// What it delivered, once a text is in it.
    async fn inbox_with(&self, text: &str) -> String {
        for _ in 0..LOOKS_MAX {
            let inbox = fs::read_to_string(self.folder.path().join("mail/inbox"));
            let inbox = inbox.unwrap_or_default();
            if inbox.contains(text) {
                return inbox;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("{text} never arrives: {}", self.log());
    }
}

impl Drop for Exim {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Who the test runs as.
fn me() -> String {
    let said = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

fn configure(folder: &Path) -> PathBuf {
    let user = match me() {
        root if root == "root" => DEBIAN_USER.to_owned(),
        other => other,
    };
    for name in ["spool", "log", "mail"] {
        fs::create_dir(folder.join(name)).unwrap();
    }
    let owned = Command::new("chown")
        .arg("-R")
        .arg(&user)
        .arg(folder)
        .status();
    assert!(owned.unwrap().success());
    let folder = folder.display();
    let text = format!(
        "primary_hostname = exim.invalid\n\
         exim_user = {user}\nspool_directory = {folder}/spool\nlog_file_path = {folder}/log/%s\npid_file_path =\n\
         acl_smtp_rcpt = recipient\nhost_lookup =\n\
         begin acl\n\
         recipient:\n  deny message = 5.1.1 boite inconnue\n       local_parts = partie\n\
         \x20 defer message = 4.7.1 liste grise\n        local_parts = grise\n  accept\n\
         begin routers\nall:\n  driver = accept\n  transport = inbox\n\
         begin transports\ninbox:\n  driver = appendfile\n  file = {folder}/mail/inbox\n  user = {user}\n"
    );
    let config = std::path::PathBuf::from(format!("{folder}/exim.conf"));
    fs::write(&config, text).unwrap();
    config
}

#[tokio::test]
async fn a_full_mail_server_takes_refuses_and_puts_off() {
    let exim = Exim::start();
    let house = House::sending(&settings(exim.address)).await;
    let taken = house.invite(HEAD).await;
    let refused = house.invite("partie@college.invalid").await;
    let put_off = house.invite("grise@college.invalid").await;
    house.deliver_all().await;

    let id = format!("<{}@orga.invalid>", taken.id);
    let inbox = exim.inbox_with(&id).await;
    assert!(inbox.contains("Auto-Submitted: auto-generated"), "{inbox}");
    assert!(inbox.contains("multipart/alternative"), "{inbox}");
    assert!(matches!(
        house.delivery(&taken).await,
        Delivery::Sent { .. }
    ));
    let Delivery::Failed { reason, .. } = house.delivery(&refused).await else {
        panic!("refused: {}", exim.log())
    };
    assert_eq!(reason, "550 5.1.1 boite inconnue");
    let Delivery::Delayed { reason, .. } = house.delivery(&put_off).await else {
        panic!("put off: {}", exim.log())
    };
    assert_eq!(reason, "451 4.7.1 liste grise");
}
