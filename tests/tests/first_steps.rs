//! The guides, command by command: what they say to type is what works, from the archive to a server that answers.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Duration;

use journeys::Browser;
use journeys::configured::free_port;
use journeys::demo::{binary, run};
use pix_orga_demo::schools;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

const INSTALL: &str = include_str!("../../docs/guide/install.md");
const OPERATE: &str = include_str!("../../docs/guide/operate.md");
const STOP_MAX: Duration = Duration::from_secs(30);
const LOOKS_MAX: u32 = 600;
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Where the steps write, each mapped into a folder of the test.
const PLACES: [&str; 4] = [
    "/usr/local/bin",
    "/etc/pix-orga",
    "/etc/systemd/system",
    "/var/lib/pix-orga",
];
/// What the archive holds that the steps name, and where it is here; `cargo xtask dist` holds that it does.
const ARCHIVE: [(&str, &str); 4] = [
    ("pix-orga.service", "packaging/pix-orga.service"),
    ("pix-orga.toml", "packaging/pix-orga.toml"),
    (
        "conditions-compte.txt",
        "crates/server/texts/demo_terms_account.txt",
    ),
    (
        "conditions-pix-orga.txt",
        "crates/server/texts/demo_terms_space.txt",
    ),
];

/// The lines of the blocks of one section that are typed, block by block.
fn typed(guide: &str, heading: &str) -> Vec<Vec<String>> {
    let section = guide.split_once(&format!("\n## {heading}\n")).unwrap().1;
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("\n```").skip(1).step_by(2);
    let plain = blocks.filter_map(|block| block.strip_prefix('\n'));
    plain
        .map(|block| block.lines().map(str::to_owned).collect())
        .collect()
}

/// A machine in a folder. As root, the service is another user's, so that what root leaves behind is seen.
struct Machine {
    root: TempDir,
    port: u16,
    service: Option<(&'static str, &'static str)>,
    running: Option<Child>,
}

impl Machine {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        fs::set_permissions(root.path(), Permissions::from_mode(0o755)).unwrap();
        for place in PLACES.iter().filter(|place| !place.ends_with("/pix-orga")) {
            fs::create_dir_all(root.path().join(&place[1..])).unwrap();
        }
        for place in ["/etc", "/var/lib"] {
            fs::create_dir_all(root.path().join(&place[1..])).unwrap();
        }
        let archive = root.path().join("archive");
        fs::create_dir(&archive).unwrap();
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (name, from) in ARCHIVE {
            fs::copy(sources.join(from), archive.join(name)).unwrap();
        }
        fs::copy(binary(), archive.join("pix-orga")).unwrap();
        let csv = schools::directory_csv(&schools::all()[..3], jiff::civil::date(2026, 9, 1));
        fs::write(archive.join("fr-en-annuaire-education.csv"), csv.unwrap()).unwrap();
        let is_root = fs::metadata(root.path()).unwrap().uid() == 0;
        Self {
            root,
            port: free_port(),
            service: is_root.then_some(("nobody", "nogroup")),
            running: None,
        }
    }

    fn at(&self, place: &str) -> PathBuf {
        self.root.path().join(place.trim_start_matches('/'))
    }

    /// A line as this machine understands it.
    fn mapped(&self, line: &str) -> String {
        let mut line = line.to_owned();
        for place in PLACES {
            line = line.replace(place, &self.at(place).display().to_string());
        }
        line = line.replace("127.0.0.1:8080", &format!("127.0.0.1:{}", self.port));
        match self.service {
            Some((user, group)) => line
                .replace("-o pix-orga", &format!("-o {user}"))
                .replace("-g pix-orga", &format!("-g {group}"))
                .replace("chgrp pix-orga", &format!("chgrp {group}"))
                .replace("-u pix-orga", &format!("-u {user}")),
            None => line
                .replace("-o pix-orga ", "")
                .replace("-g pix-orga ", "")
                .replace("chgrp pix-orga", "true")
                .replace("runuser -u pix-orga -- ", ""),
        }
    }

    /// Types a line; a step that the test does not know is refused.
    async fn types(&mut self, line: &str) {
        let first = line.split_whitespace().next().unwrap();
        match first {
            // The user is one that the machine has already, and nobody reads units here.
            "useradd" => assert!(line.ends_with(" pix-orga"), "{line}"),
            "systemctl" if line == "systemctl daemon-reload" => {}
            "systemctl" if line == "systemctl enable --now pix-orga" => self.starts().await,
            "curl" => {
                let address = self.mapped(line.split_whitespace().last().unwrap());
                let (site, path) = address.rsplit_once('/').unwrap();
                Browser::new(site)
                    .get(&format!("/{path}"))
                    .await
                    .must_be(200);
            }
            "install" | "(umask" | "pix-orga" | "runuser" => {
                let done = self.shell(line).await;
                let said = String::from_utf8_lossy(&done.stderr).into_owned();
                let out = String::from_utf8_lossy(&done.stdout);
                assert!(done.status.success(), "{line}: {out}{said}");
            }
            _ => panic!("a step that this journey does not know: {line}"),
        }
    }

    async fn shell(&self, line: &str) -> Output {
        let path = std::env::var("PATH").unwrap();
        Command::new("sh")
            .args(["-e", "-c", &self.mapped(line)])
            .current_dir(self.at("archive"))
            .env(
                "PATH",
                format!("{}:{path}", self.at("/usr/local/bin").display()),
            )
            // In the place of /etc/pix-orga/pix-orga.toml, which a test does not write.
            .env("PIX_ORGA_CONFIG", self.at("/etc/pix-orga/pix-orga.toml"))
            .output()
            .await
            .unwrap()
    }

    /// Starts what the installed unit says, as its user.
    async fn starts(&mut self) {
        let unit = fs::read_to_string(self.at("/etc/systemd/system/pix-orga.service")).unwrap();
        let told = unit
            .lines()
            .find_map(|line| line.strip_prefix("ExecStart="));
        assert!(unit.contains("\nUser=pix-orga\n") && unit.contains("\nStateDirectory=pix-orga\n"));
        let told = self.mapped(told.unwrap());
        let told = match self.service {
            Some((user, _)) => {
                format!("exec setpriv --reuid {user} --regid nogroup --clear-groups {told}")
            }
            None => format!("exec {told}"),
        };
        let process = Command::new("sh")
            .args(["-c", &told])
            .kill_on_drop(true)
            .spawn();
        self.running = Some(process.unwrap());
        for _ in 0..LOOKS_MAX {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the service never listens");
    }

    async fn stops(&mut self) {
        let mut process = self.running.take().unwrap();
        let pid = process.id().unwrap().to_string();
        let told = std::process::Command::new("kill")
            .args(["-TERM", &pid])
            .status();
        assert!(told.unwrap().success());
        let ended = tokio::time::timeout(STOP_MAX, process.wait()).await;
        assert!(ended.unwrap().unwrap().success());
    }
}

#[tokio::test]
async fn the_first_steps_work_to_the_letter() {
    let mut machine = Machine::new();
    let blocks = typed(OPERATE, "As a service");
    let [install, start] = &blocks[..] else {
        panic!("two blocks of steps: {blocks:?}")
    };
    for line in install {
        machine.types(line).await;
    }
    let file = machine.at("/etc/pix-orga/pix-orga.toml");
    let written = fs::read_to_string(&file).unwrap();
    fs::write(&file, machine.mapped(&written)).unwrap();
    // Nothing was forgotten but what only a person can write.
    let refused = machine.shell("pix-orga serve").await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("modèle de la démonstration"), "{said}");
    for terms in ["compte", "pix-orga"] {
        let file = machine.at(&format!("/etc/pix-orga/conditions-{terms}.txt"));
        fs::write(file, "# Conditions\n\nLes nôtres.\n").unwrap();
    }

    for line in start {
        machine.types(line).await;
    }
    let state = machine.at("/var/lib/pix-orga");
    let owner = fs::metadata(&state).unwrap().uid();
    let files = || {
        let entries = fs::read_dir(&state).unwrap().map(Result::unwrap);
        let mut names: Vec<String> = entries
            .map(|entry| {
                assert_eq!(entry.metadata().unwrap().uid(), owner, "{entry:?}");
                assert_eq!(entry.metadata().unwrap().mode() & 0o077, 0, "{entry:?}");
                entry.file_name().into_string().unwrap()
            })
            .collect();
        names.sort_unstable();
        names
    };
    assert!(files().contains(&"pix-orga.db".to_owned()));
    // Beside the service that runs, as root and as the service's user.
    let copy = machine.at("copie.db").display().to_string();
    for line in [
        "pix-orga migrate",
        "pix-orga schools load fr-en-annuaire-education.csv",
        "runuser -u pix-orga -- pix-orga doctor",
        &format!("pix-orga backup {copy}"),
    ] {
        machine.types(line).await;
    }
    machine.stops().await;
    assert_eq!(
        files(),
        ["pix-orga.db"],
        "after a clean stop, the file alone is the database"
    );
    machine.starts().await;
    machine.types(start.last().unwrap()).await;
    machine.stops().await;
}

/// What the guides type beside the product's own commands.
const OTHERS: [&str; 12] = [
    "cargo",
    "useradd",
    "install",
    "(umask",
    "systemctl",
    "curl",
    "runuser",
    "pg_dump",
    "pg_restore",
    "initdb",
    "psql",
    "chown",
];

/// Each command of the product in a guide: in a block, or between backquotes.
fn commands(guide: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (at, block) in guide.split("\n```").enumerate() {
        if at % 2 == 1 {
            let Some(block) = block.strip_prefix('\n') else {
                continue;
            };
            for line in block.lines().filter(|line| !line.is_empty()) {
                let first = line.split_whitespace().next().unwrap();
                let known = first == "pix-orga" || OTHERS.contains(&first);
                assert!(known, "a command that this journey does not know: {line}");
                let own = line
                    .split_once("-- pix-orga ")
                    .map(|(_, own)| format!("pix-orga {own}"));
                found.extend(own.or_else(|| (first == "pix-orga").then(|| line.to_owned())));
            }
        } else {
            let spans = block.split('`').skip(1).step_by(2);
            found.extend(
                spans
                    .filter(|span| span.starts_with("pix-orga "))
                    .map(|span| span.replace('\n', " ")),
            );
        }
    }
    found
}

#[tokio::test]
async fn every_command_of_the_guides_is_one_of_the_product_s() {
    let all = [commands(INSTALL), commands(OPERATE)].concat();
    assert!(all.len() > 20, "{all:?}");
    for line in all {
        let words: Vec<&str> = line.split_whitespace().skip(1).collect();
        let is_name = |word: &&&str| {
            word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-')
        };
        let names: Vec<&str> = words.iter().take_while(is_name).copied().collect();
        let (code, help, err) = run(&[&names[..], &["--help"]].concat(), &[]).await;
        assert_eq!(code, 0, "{line}: {err}");
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.contains(flag), "{line}: no {flag}\n{help}");
        }
    }
}
