//! A tab, used as a person does: by what is written on things, with a mouse or a keyboard.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::chromium::Scripts;
use crate::pipe::{ANSWER_MAX, Pipe};
use crate::watch;

/// The height of a window; pages scroll.
const HEIGHT: u32 = 800;

/// What is asked of a page, from a world of its own that the page's policy and its scripts do not reach.
const WORLD: &str = "person";
const HELPERS: &str = include_str!("tab.js");

/// A tab.
pub struct Tab {
    pipe: Arc<Pipe>,
    session: String,
    frame: String,
    scripts: Scripts,
}

impl Tab {
    pub(crate) async fn prepare(
        pipe: Arc<Pipe>,
        session: String,
        width: u32,
        scripts: Scripts,
    ) -> Self {
        let mut tab = Self {
            pipe,
            session,
            frame: String::new(),
            scripts,
        };
        for domain in ["Page", "Network", "Log", "Runtime", "Audits", "DOM"] {
            tab.ask(&format!("{domain}.enable"), json!({})).await;
        }
        let tree = tab.ask("Page.getFrameTree", json!({})).await;
        tab.frame = text(&tree["frameTree"]["frame"]["id"]);
        tab.ask(
            "Page.setInterceptFileChooserDialog",
            json!({ "enabled": true }),
        )
        .await;
        tab.allow(scripts).await;
        tab.resize(width).await;
        tab
    }

    /// Makes the window so many pixels wide.
    pub async fn resize(&self, width: u32) {
        let metrics =
            json!({ "width": width, "height": HEIGHT, "deviceScaleFactor": 1, "mobile": false });
        self.ask("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    async fn allow(&self, scripts: Scripts) {
        let disabled = json!({ "value": scripts == Scripts::Off });
        self.ask("Emulation.setScriptExecutionDisabled", disabled)
            .await;
    }

    /// Types an address.
    pub async fn open(&self, url: &str) {
        let before = self.loads();
        let done = self.ask("Page.navigate", json!({ "url": url })).await;
        assert!(done.get("errorText").is_none(), "{url}: {done}");
        self.loaded(before, url).await;
    }

    /// Presses a link or a button by what it says, and waits for the page it leads to. Chromium drops a click on a page
    /// that it has not drawn yet: where nothing begins, it is pressed again.
    pub async fn follow(&self, label: &str) {
        let before = self.loads();
        for _ in 0..PRESSES_MAX {
            let moves = self.moves();
            self.press(label).await;
            if self.begins_to_move(moves).await {
                break;
            }
        }
        self.loaded(before, label).await;
    }

    /// Presses a link or a button by what it says.
    pub async fn press(&self, label: &str) {
        let place = self.place("button", label).await;
        self.click(&place).await;
    }

    /// Clicks in the field of a label and types.
    pub async fn fill(&self, label: &str, value: &str) {
        let place = self.place("field", label).await;
        self.click(&place).await;
        let all = json!({
            "type": "keyDown", "key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65,
            "modifiers": 2, "commands": ["selectAll"],
        });
        self.ask("Input.dispatchKeyEvent", all).await;
        self.write(value).await;
    }

    /// Ticks the box or the choice of a label.
    pub async fn tick(&self, label: &str) {
        let place = self.place("field", label).await;
        self.click(&place).await;
        let ticked = self
            .evaluate("label => control(label).checked", &json!([label]))
            .await;
        assert_eq!(ticked, true, "« {label} » is not ticked");
    }

    /// Clicks on the file field of a label, and chooses a file in the window that opens.
    pub async fn choose_file(&self, label: &str, file: &Path) {
        let opened = |events: &[crate::pipe::Event]| {
            let mine = events.iter().filter(|event| {
                event.session == self.session && event.method == "Page.fileChooserOpened"
            });
            mine.map(|event| event.params["backendNodeId"].clone())
                .collect::<Vec<_>>()
        };
        let before = opened(&self.pipe.events(&self.session)).len();
        let place = self.place("field", label).await;
        self.click(&place).await;
        let node = self
            .pipe
            .until("the window that chooses a file", |events| {
                opened(events).get(before).cloned()
            })
            .await;
        let chosen = json!({ "files": [file], "backendNodeId": node });
        self.ask("DOM.setFileInputFiles", chosen).await;
    }

    /// Types a text where the focus is, key by key.
    pub async fn write(&self, value: &str) {
        for letter in value.chars() {
            let key = json!({ "type": "char", "text": letter.to_string() });
            self.ask("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Presses the key Tab, and says where the focus is then.
    pub async fn tabulate(&self) -> Focus {
        self.key("Tab", 9, "").await;
        self.focus().await
    }

    /// Presses the key Enter, and waits for the page it leads to.
    pub async fn enter(&self) {
        let before = self.loads();
        self.key("Enter", 13, "\r").await;
        self.loaded(before, "Enter").await;
    }

    /// Presses the key Enter on something that leads to no other page.
    pub async fn enter_here(&self) -> Focus {
        self.key("Enter", 13, "\r").await;
        self.focus().await
    }

    async fn key(&self, name: &str, code: u32, text: &str) {
        for kind in ["keyDown", "keyUp"] {
            let mut key = json!({
                "type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code,
            });
            if kind == "keyDown" && !text.is_empty() {
                key["text"] = text.into();
            }
            self.ask("Input.dispatchKeyEvent", key).await;
        }
    }

    /// Where the focus is.
    pub async fn focus(&self) -> Focus {
        let found = self.evaluate("focus", &json!([])).await;
        Focus {
            on: text(&found["on"]),
            name: text(&found["name"]),
            visible: found["visible"] == true,
        }
    }

    /// Fails unless the page says something, blanks and apostrophes apart. Waits a little: a page may move on by itself.
    pub async fn must_say(&self, what: &str) -> &Self {
        let says = "what => readable(document.body.innerText).includes(readable(what))";
        let pause = Duration::from_millis(100);
        let mut waited = Duration::ZERO;
        while self.evaluate(says, &json!([what])).await != true {
            if waited > ANSWER_MAX / 6 {
                let (path, text) = (self.path().await, self.text().await);
                panic!("« {what} » is not in {path}:\n{text}");
            }
            tokio::time::sleep(pause).await;
            waited += pause;
        }
        self
    }

    /// All that can be read.
    pub async fn text(&self) -> String {
        self.read("() => document.body.innerText").await
    }

    /// The text that a function gives; empty when it gives none.
    pub async fn read(&self, function: &str) -> String {
        text(&self.evaluate(function, &json!([])).await)
    }

    /// The address, without the host.
    pub async fn path(&self) -> String {
        self.read("() => location.pathname + location.search").await
    }

    /// A picture of what the window shows, or of the whole page.
    pub async fn picture(&self, whole: bool) -> Vec<u8> {
        let mut asked = json!({ "format": "png", "captureBeyondViewport": whole });
        if whole {
            let size = self.ask("Page.getLayoutMetrics", json!({})).await;
            let size = &size["cssContentSize"];
            asked["clip"] = json!({
                "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1,
            });
        }
        let taken = self.ask("Page.captureScreenshot", asked).await;
        STANDARD.decode(text(&taken["data"])).unwrap()
    }

    /// Evaluates a function of `tab.js`'s world with these arguments.
    pub async fn evaluate(&self, function: &str, arguments: &Value) -> Value {
        let source = format!("(() => {{ {HELPERS}; return ({function})(...{arguments}); }})()");
        self.run(&source).await
    }

    /// Lets scripts run for a while, in the tests' own world: what axe needs.
    pub(crate) async fn run_with_scripts(&self, sources: &[&str]) -> Value {
        self.allow(Scripts::On).await;
        let mut last = Value::Null;
        for source in sources {
            last = self.run(source).await;
        }
        self.allow(self.scripts).await;
        last
    }

    /// A page that moves on by itself takes its world away: asked again in the next one.
    async fn run(&self, source: &str) -> Value {
        for _ in 0..20 {
            let world = json!({ "frameId": self.frame, "worldName": WORLD });
            let world = self.ask("Page.createIsolatedWorld", world).await;
            let asked = json!({
                "expression": source,
                "contextId": world["executionContextId"],
                "returnByValue": true,
                "awaitPromise": true,
            });
            match self
                .pipe
                .ask(&self.session, "Runtime.evaluate", asked)
                .await
            {
                Ok(answer) => {
                    let thrown = &answer["exceptionDetails"]["exception"]["description"];
                    assert!(thrown.is_null(), "{}", text(thrown));
                    return answer["result"]["value"].clone();
                }
                Err(error) if error.contains("context") => {}
                Err(error) => panic!("Runtime.evaluate: {error}"),
            }
        }
        panic!("the page never stays");
    }

    /// Whatever a page must not do, among all this tab did: see [`watch::faults`].
    pub fn faults(&self, address: &str) -> Vec<String> {
        watch::faults(&self.pipe.events(&self.session), address)
    }

    /// Where to click, in the window that is now in front: Chromium hardly draws the others.
    async fn place(&self, kind: &str, label: &str) -> Value {
        self.ask("Page.bringToFront", json!({})).await;
        self.evaluate("place", &json!([kind, label])).await
    }

    async fn click(&self, place: &Value) {
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let mut event = json!({ "type": kind, "x": place["x"], "y": place["y"] });
            if kind != "mouseMoved" {
                event["button"] = "left".into();
                event["clickCount"] = 1.into();
            }
            self.ask("Input.dispatchMouseEvent", event).await;
        }
    }

    fn loads(&self) -> usize {
        let events = self.pipe.events(&self.session);
        let loads = events.iter().filter(|event| event.method == LOADED);
        loads.count()
    }

    /// How many steps of a journey from page to page this tab has made.
    fn moves(&self) -> usize {
        let events = self.pipe.events(&self.session);
        let moves = events
            .iter()
            .filter(|event| event.method.starts_with(MOVED));
        moves.count()
    }

    async fn begins_to_move(&self, before: usize) -> bool {
        let begun = self.pipe.within(BEGIN_MAX, |events| {
            let mine = |event: &&crate::pipe::Event| {
                event.session == self.session && event.method.starts_with(MOVED)
            };
            (events.iter().filter(mine).count() > before).then_some(())
        });
        begun.await.is_some()
    }

    async fn loaded(&self, before: usize, what: &str) {
        let again = self.pipe.until(what, |events| {
            let mine = |event: &&crate::pipe::Event| {
                event.session == self.session && event.method == LOADED
            };
            (events.iter().filter(mine).count() > before).then_some(())
        });
        again.await;
    }

    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        let answer = self.pipe.ask(&self.session, method, params).await;
        answer.unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

const LOADED: &str = "Page.loadEventFired";
/// `Page.frameRequestedNavigation`, `Page.frameStartedLoading` and the like.
const MOVED: &str = "Page.frame";
/// A click that does nothing for so long was dropped.
const BEGIN_MAX: Duration = Duration::from_secs(5);
const PRESSES_MAX: u32 = 3;

/// Where the focus is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Focus {
    /// The element's place in the page; empty when nothing has it.
    pub on: String,
    /// What the element says.
    pub name: String,
    /// Whether it is seen on the screen, with a mark of focus.
    pub visible: bool,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
