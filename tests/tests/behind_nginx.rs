//! The guide's recipe for a proxy, followed to the letter save for the addresses and the certificate.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use journeys::configured::free_port;
use journeys::people::Head;
use journeys::raw::{self, RawClient};
use journeys::served::Served;
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, SchoolSpec};
use pix_orga_domain::clock::{day_in_paris, school_year};
use tempfile::TempDir;
use tokio::net::TcpStream;

/// Names an nginx of one's own.
const VARIABLE: &str = "PIX_ORGA_TEST_NGINX";
const DEBIAN: &str = "/usr/sbin/nginx";
const LOOKS_MAX: u32 = 200;
const LOOK_EVERY: Duration = Duration::from_millis(50);
const GUIDE: &str = include_str!("../../docs/guide/operate.md");
/// Far more than the server before which nginx stands can hold.
const SLOW: usize = 100;

/// An nginx before a server. It ends with the test.
struct Nginx {
    process: Child,
    address: String,
    _folder: TempDir,
}

impl Nginx {
    async fn before(served: &Served) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let recipe = GUIDE
            .split_once("```nginx\n")
            .expect("the guide has a recipe")
            .1;
        let recipe = recipe.split_once("\n```").expect("the recipe ends").0;
        let listens = format!("listen 127.0.0.1:{port};");
        let behind = served.address();
        let recipe = recipe
            .replace("listen 443 ssl;", &listens)
            .replace("127.0.0.1:8080", behind.trim_start_matches("http://"));
        assert!(recipe.contains(&listens), "{recipe}");
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("{what}_temp_path {what};\n"))
            .concat();
        let text = format!(
            "daemon off;\nuser root;\npid nginx.pid;\nworker_processes 1;\nerror_log stderr;\n\
             events {{ worker_connections 1024; }}\nhttp {{\naccess_log off;\n{places}{recipe}\n}}\n"
        );
        let file = folder.path().join("nginx.conf");
        std::fs::write(&file, text).expect("its configuration");
        let nginx = std::env::var_os(VARIABLE).map_or_else(|| DEBIAN.into(), PathBuf::from);
        let process = Command::new(&nginx)
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&file)
            .stderr(Stdio::null())
            .spawn();
        let process = process.unwrap_or_else(|error| {
            panic!(
                "{}: {error}; `cargo xtask test -p journeys` provides it",
                nginx.display()
            )
        });
        let nginx = Self {
            process,
            address: format!("http://127.0.0.1:{port}"),
            _folder: folder,
        };
        for _ in 0..LOOKS_MAX {
            if TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
                return nginx;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("nginx did not start in time");
    }
}

impl Drop for Nginx {
    /// By SIGTERM: its master ends its workers.
    fn drop(&mut self) {
        let number = self.process.id().to_string();
        let _ = Command::new("kill").args(["-s", "TERM", &number]).status();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn slow_forms_wait_in_the_proxy_and_imports_go_through() {
    let served = Served::start("[limits]\nconnections_max = 16\n").await;
    let nginx = Nginx::before(&served).await;
    let link = served.invitation().await;
    let browser = served.browser().at(&nginx.address);
    let head = Head::follows(browser, &link, &schools::all()[0].mail()).await;
    let form = "content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\nemail=camille";
    let half = |path: &str| format!("POST {path} HTTP/1.1\r\nhost: a\r\n{form}");
    let mut slow = Vec::new();
    for _ in 0..SLOW {
        let mut client = RawClient::connect(&nginx.address).await;
        client.say(&half("/connexion")).await;
        slow.push(client);
    }
    let anonymous = served.browser().at(&nginx.address);
    for _ in 0..10 {
        anonymous.get("/connexion").await.must_be(200);
    }
    let refused = "pix_orga_http_limits_total{limit=\"anonymous\"}";
    assert_eq!(served.figure(refused).await, Some(0));
    // An import is not kept back: what refuses it answers before it is whole.
    let mut client = RawClient::connect(&nginx.address).await;
    let import = format!("{}/eleves/importer", head.space);
    client
        .say(&half(&import).replace("HTTP/1.1\r\n", "HTTP/1.1\r\nconnection: close\r\n"))
        .await;
    let answer = raw::page(&client.heard().await);
    assert_eq!(answer.status, 303, "{}", answer.html);
    let spec = SchoolSpec::of(&schools::all()[0]);
    let today = day_in_paris(jiff::Timestamp::now());
    let school = Generator::new(9).generate(&spec, 40, school_year(today), today);
    let export = school.to_xml_bytes();
    head.import("ElevesSansAdresses.xml", export)
        .await
        .must_be(200);
    head.at("/eleves").await.must_say("40 élèves");
    anonymous.get("/metrics").await.must_be(404);
}
