//! The debugging protocol, through Chromium's pipe: JSON texts ended by a zero byte, on its descriptors 3 and 4.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::{Notify, oneshot};

/// An answer takes milliseconds; a machine that builds at the same time may need far more.
pub const ANSWER_MAX: Duration = Duration::from_mins(2);

/// Something Chromium said of itself.
#[derive(Debug, Clone)]
pub struct Event {
    /// The tab it speaks of; empty for the browser.
    pub session: String,
    /// Such as `Network.requestWillBeSent`.
    pub method: String,
    /// What it says.
    pub params: Value,
}

#[derive(Default)]
struct State {
    last: u64,
    waiting: HashMap<u64, oneshot::Sender<Value>>,
    events: Vec<Event>,
    ended: bool,
}

/// Both ends of the pipe.
pub struct Pipe {
    state: Arc<Mutex<State>>,
    heard: Arc<Notify>,
    commands: tokio::sync::Mutex<ChildStdin>,
}

impl Pipe {
    /// Listens from now on.
    pub fn new(commands: ChildStdin, answers: ChildStdout) -> Self {
        let state = Arc::<Mutex<State>>::default();
        let heard = Arc::new(Notify::new());
        tokio::spawn(listen(answers, Arc::clone(&state), Arc::clone(&heard)));
        Self {
            state,
            heard,
            commands: tokio::sync::Mutex::new(commands),
        }
    }

    /// Sends a command and waits for its answer; the error is what Chromium says.
    pub async fn ask(&self, session: &str, method: &str, params: Value) -> Result<Value, String> {
        let (sender, receiver) = oneshot::channel();
        let id = {
            let mut state = self.state.lock().unwrap();
            assert!(!state.ended, "Chromium ended before {method}");
            state.last += 1;
            let id = state.last;
            state.waiting.insert(id, sender);
            id
        };
        let mut command = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            command["sessionId"] = session.into();
        }
        let mut bytes = command.to_string().into_bytes();
        bytes.push(0);
        let mut commands = self.commands.lock().await;
        commands.write_all(&bytes).await.unwrap();
        commands.flush().await.unwrap();
        drop(commands);
        let mut answer = tokio::time::timeout(ANSWER_MAX, receiver)
            .await
            .unwrap_or_else(|_| panic!("Chromium does not answer {method}"))
            .unwrap_or_else(|_| panic!("Chromium ended during {method}"));
        match answer.get("error") {
            Some(error) => Err(error.to_string()),
            None => Ok(answer["result"].take()),
        }
    }

    /// All that was said of a tab so far; an empty session gives what was said of every one.
    pub fn events(&self, session: &str) -> Vec<Event> {
        let state = self.state.lock().unwrap();
        let about = |event: &&Event| session.is_empty() || event.session == session;
        state.events.iter().filter(about).cloned().collect()
    }

    /// Waits until what was said satisfies a question, and returns its answer.
    pub async fn until<T>(&self, what: &str, question: impl FnMut(&[Event]) -> Option<T>) -> T {
        self.within(ANSWER_MAX, question)
            .await
            .unwrap_or_else(|| panic!("waited in vain for {what}"))
    }

    /// The same, for as long as this; nothing when it does not come.
    pub async fn within<T>(
        &self,
        time: Duration,
        mut question: impl FnMut(&[Event]) -> Option<T>,
    ) -> Option<T> {
        let wait = async {
            loop {
                let heard = self.heard.notified();
                tokio::pin!(heard);
                heard.as_mut().enable();
                if let Some(answer) = question(&self.state.lock().unwrap().events) {
                    return answer;
                }
                heard.await;
            }
        };
        tokio::time::timeout(time, wait).await.ok()
    }
}

async fn listen(answers: ChildStdout, state: Arc<Mutex<State>>, heard: Arc<Notify>) {
    let mut answers = BufReader::new(answers);
    let mut text = Vec::new();
    while answers.read_until(0, &mut text).await.is_ok_and(|n| n > 0) {
        if text.last() == Some(&0) {
            text.pop();
        }
        let mut message: Value = serde_json::from_slice(&text).unwrap();
        text.clear();
        let mut state = state.lock().unwrap();
        if let Some(id) = message["id"].as_u64() {
            if let Some(waiting) = state.waiting.remove(&id) {
                // Whoever gave up waiting has said so already.
                let _ = waiting.send(message);
            }
            continue;
        }
        let text_of = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
        let (session, method) = (text_of("sessionId"), text_of("method"));
        state.events.push(Event {
            session,
            method,
            params: message["params"].take(),
        });
        drop(state);
        heard.notify_waiters();
    }
    let mut state = state.lock().unwrap();
    state.ended = true;
    state.waiting.clear();
}
