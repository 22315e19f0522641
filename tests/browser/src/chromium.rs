//! A Chromium of one's own, and people who each have their cookies in it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::pipe::{Event, Pipe};
use crate::tab::Tab;

/// Names a Chromium; `cargo xtask test` finds or installs one.
const VARIABLE: &str = "PIX_ORGA_CHROMIUM";

/// Nothing of the machine, nothing from outside, and the same picture everywhere.
const OPTIONS: &[&str] = &[
    "--headless",
    "--remote-debugging-pipe",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-default-browser-check",
    "--no-first-run",
    "--lang=fr-FR",
];

/// Chromium speaks on its descriptors 3 and 4, that no safe function of the standard library can give.
const WITH_PIPE: &str = r#"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null"#;

/// How long its processes may take to go.
const END_MAX: Duration = Duration::from_secs(5);

/// A Chromium without a window. It ends with the test.
pub struct Chromium {
    process: Child,
    pipe: Arc<Pipe>,
    folder: TempDir,
}

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// As most browsers.
    On,
    /// As a school's browser may be.
    Off,
}

/// Somebody with cookies of their own.
pub struct Person<'a> {
    chromium: &'a Chromium,
    context: String,
    downloads: PathBuf,
}

impl Chromium {
    /// Starts it, on an empty profile.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            .args(["-c", WITH_PIPE])
            .arg(program())
            .args(OPTIONS)
            .arg(format!(
                "--user-data-dir={}",
                folder.path().join("profile").display()
            ))
            .arg("about:blank")
            .env("LANGUAGE", "fr")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let (commands, answers) = (
            process.stdin.take().unwrap(),
            process.stdout.take().unwrap(),
        );
        let pipe = Arc::new(Pipe::new(commands, answers));
        let chromium = Self {
            process,
            pipe,
            folder,
        };
        chromium.ask("Browser.getVersion", json!({})).await;
        chromium
    }

    /// Somebody new, without any cookie: an incognito window.
    pub async fn person(&self) -> Person<'_> {
        let made = self.ask("Target.createBrowserContext", json!({})).await;
        let context = made["browserContextId"].as_str().unwrap().to_owned();
        let downloads = self.folder.path().join(&context);
        std::fs::create_dir(&downloads).unwrap();
        let behavior = json!({
            "behavior": "allow",
            "browserContextId": context,
            "downloadPath": downloads,
            "eventsEnabled": true,
        });
        self.ask("Browser.setDownloadBehavior", behavior).await;
        Person {
            chromium: self,
            context,
            downloads,
        }
    }

    async fn ask(&self, method: &str, params: Value) -> Value {
        let answer = self.pipe.ask("", method, params).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // The profile can only be removed once nobody writes in it.
        let _ = self.process.start_kill();
        let pause = Duration::from_millis(20);
        let mut waited = Duration::ZERO;
        while waited < END_MAX && matches!(self.process.try_wait(), Ok(None)) {
            std::thread::sleep(pause);
            waited += pause;
        }
    }
}

impl Person<'_> {
    /// A new tab, so many pixels wide.
    pub async fn tab(&self, width: u32, scripts: Scripts) -> Tab {
        let target = json!({ "url": "about:blank", "browserContextId": self.context });
        let made = self.chromium.ask("Target.createTarget", target).await;
        let attach = json!({ "targetId": made["targetId"], "flatten": true });
        let attached = self.chromium.ask("Target.attachToTarget", attach).await;
        let session = attached["sessionId"].as_str().unwrap().to_owned();
        Tab::prepare(Arc::clone(&self.chromium.pipe), session, width, scripts).await
    }

    /// Presses a link that gives a file, and waits for all of it.
    pub async fn download(&self, tab: &Tab, link: &str) -> PathBuf {
        let already = self.downloaded();
        let completed = |events: &[Event]| {
            let done = |event: &&Event| {
                event.method == "Browser.downloadProgress" && event.params["state"] == "completed"
            };
            events.iter().filter(done).count()
        };
        let before = completed(&self.chromium.pipe.events(""));
        tab.press(link).await;
        let downloaded = self
            .chromium
            .pipe
            .until(link, |events| (completed(events) > before).then_some(()));
        downloaded.await;
        let now = self.downloaded();
        let new = now.into_iter().find(|file| !already.contains(file));
        new.expect("a download that left no file")
    }

    fn downloaded(&self) -> Vec<PathBuf> {
        let files = std::fs::read_dir(&self.downloads).unwrap();
        files.map(|file| file.unwrap().path()).collect()
    }
}

/// The Chromium that was named, else one of the machine.
fn program() -> PathBuf {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return named.into();
    }
    let names = ["chromium", "chromium-browser", "google-chrome"];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| {
        let at = |folder: &PathBuf| Path::new(folder).join(name);
        folders.iter().map(at).collect::<Vec<_>>()
    });
    let found = candidates.into_iter().find(|candidate| candidate.is_file());
    found.expect("no Chromium: `cargo xtask test -p browser` finds or installs one")
}
