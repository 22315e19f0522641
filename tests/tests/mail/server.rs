//! A mail server in the test's own process. It has no way to stop: its threads end with the process.

use std::collections::HashMap;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use mailin_embedded::response::OK;
use mailin_embedded::{Handler, Response, Server};

use crate::{LOOK_EVERY, LOOKS_MAX};

#[derive(Default)]
struct State {
    /// To whom, and the whole message.
    taken: Vec<(String, String)>,
    refusals: HashMap<String, (u16, &'static str)>,
}

/// A running server.
pub struct MailServer {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    pub fn start() -> Self {
        Self::start_at(SocketAddr::from(([127, 0, 0, 1], 0)))
    }

    /// One at an address, where none was until now.
    pub fn start_at(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let session = Session {
            state: Arc::clone(&state),
            to: String::new(),
            bytes: Vec::new(),
        };
        let mut server = Server::new(session);
        server.with_num_threads(32).with_tcp_listener(listener);
        std::thread::spawn(move || server.serve().unwrap());
        Self { address, state }
    }

    /// The lines of the configuration that send by it.
    pub fn section(&self) -> String {
        section(self.address)
    }

    /// Those that send by a server that is not there.
    pub fn nowhere() -> String {
        Self::nowhere_at().0
    }

    /// The same, and where it is not.
    pub fn nowhere_at() -> (String, SocketAddr) {
        let closed = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = closed.local_addr().unwrap();
        (section(address), address)
    }

    /// What it says from now on to mails to somebody.
    pub fn will_answer(&self, to: &str, code: u16, words: &'static str) {
        let mut state = self.state.lock().unwrap();
        state.refusals.insert(to.to_owned(), (code, words));
    }

    /// The first message to somebody, once it is there, its soft line breaks undone.
    pub async fn wait_for(&self, to: &str) -> String {
        for _ in 0..LOOKS_MAX {
            let taken = self.state.lock().unwrap().taken.clone();
            if let Some((_, message)) = taken.into_iter().find(|(other, _)| other == to) {
                return message.replace("=\r\n", "");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("no mail to {to} in time");
    }

    /// The Message-ID of every message taken so far, and to whom it went.
    pub fn ids(&self) -> Vec<(String, String)> {
        let state = self.state.lock().unwrap();
        let id = |message: &str| {
            let mut lines = message.lines();
            let found = lines.find_map(|line| line.strip_prefix("Message-ID: "));
            found.unwrap().to_owned()
        };
        let taken = state.taken.iter();
        taken
            .map(|(to, message)| (to.clone(), id(message)))
            .collect()
    }

    pub fn taken(&self) -> usize {
        self.state.lock().unwrap().taken.len()
    }

    pub fn taken_by(&self, to: &str) -> usize {
        let state = self.state.lock().unwrap();
        state.taken.iter().filter(|(other, _)| other == to).count()
    }
}

fn section(server: SocketAddr) -> String {
    format!(
        "[mail]\nserver = \"{}\"\nport = {}\nencryption = \"none\"\n\
         from = \"Pix Orga <ne-pas-repondre@orga.invalid>\"\npace_per_second = 50\n",
        server.ip(),
        server.port()
    )
}

/// The path of the link that a message carries.
pub fn link_in(message: &str) -> String {
    let from = message.find("/invitation/").unwrap();
    let path = message[from..].chars();
    path.take_while(|c| c.is_ascii_alphanumeric() || *c == '/')
        .collect()
}

#[derive(Clone)]
struct Session {
    state: Arc<Mutex<State>>,
    to: String,
    bytes: Vec<u8>,
}

impl Handler for Session {
    fn rcpt(&mut self, to: &str) -> Response {
        if let Some((code, words)) = self.state.lock().unwrap().refusals.get(to) {
            return Response::custom(*code, (*words).to_owned());
        }
        to.clone_into(&mut self.to);
        OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let message = String::from_utf8(std::mem::take(&mut self.bytes)).unwrap();
        let taken = (self.to.clone(), message);
        self.state.lock().unwrap().taken.push(taken);
        OK
    }
}
