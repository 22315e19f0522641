//! A mail server in the tests' own process. It has no way to stop: its threads end with the process.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mailin_embedded::response::{AUTH_OK, INVALID_CREDENTIALS, OK};
use mailin_embedded::{AuthMechanism, Handler, Response, Server, SslConfig};

use crate::certificate::Certificate;

/// Sessions at once.
const SESSIONS_MAX: u32 = 32;
/// Who may send, where the server asks.
pub const USER: &str = "pix-orga";
/// The password of that user.
pub const PASSWORD: &str = "mot de passe à deviner";

/// A message that a server took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub text: String,
}

impl Received {
    /// A header's value, on one line.
    pub fn header(&self, name: &str) -> String {
        let head = self.text.split("\r\n\r\n").next().unwrap();
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let value = unfolded.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found
                .eq_ignore_ascii_case(name)
                .then(|| value.trim().to_owned())
        });
        value.unwrap_or_default()
    }
}

#[derive(Default)]
struct State {
    received: Vec<Received>,
    answers: HashMap<String, VecDeque<(u16, &'static str)>>,
    authenticated: u32,
    /// How long it thinks before it answers to a message.
    thinks: Duration,
}

/// A running server.
#[derive(Clone)]
pub struct MailServer {
    pub address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl MailServer {
    /// One that takes everything from everybody, in the clear.
    pub fn start() -> Self {
        Self::serve(None)
    }

    /// One that offers STARTTLS, and takes nothing before a password.
    pub fn start_encrypted(certificate: &Certificate) -> Self {
        Self::serve(Some(certificate))
    }

    fn serve(certificate: Option<&Certificate>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(Mutex::new(State::default()));
        let session = Session {
            state: Arc::clone(&state),
            current: Received::default(),
            bytes: Vec::new(),
        };
        let mut server = Server::new(session);
        server
            .with_name("serveur.invalid")
            .with_num_threads(SESSIONS_MAX)
            .with_tcp_listener(listener);
        if let Some(certificate) = certificate {
            server.with_auth(AuthMechanism::Plain);
            let ssl = SslConfig::SelfSigned {
                cert_path: certificate.path("certificate.pem"),
                key_path: certificate.path("key.pem"),
            };
            server.with_ssl(ssl).unwrap();
        }
        std::thread::spawn(move || server.serve().unwrap());
        Self { address, state }
    }

    /// What it answers to the next mails to a recipient, one after the other; it takes those that follow.
    pub fn will_answer(&self, to: &str, answers: &[(u16, &'static str)]) {
        let answers = answers.iter().copied().collect();
        self.lock().answers.insert(to.to_owned(), answers);
    }

    /// Answers to the messages that follow only after so long.
    pub fn will_think(&self, thinks: Duration) {
        self.lock().thinks = thinks;
    }

    /// What it took, oldest first.
    pub fn received(&self) -> Vec<Received> {
        self.lock().received.clone()
    }

    /// How many times somebody gave the right password.
    pub fn authenticated(&self) -> u32 {
        self.lock().authenticated
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Clone)]
struct Session {
    state: Arc<Mutex<State>>,
    current: Received,
    bytes: Vec<u8>,
}

impl Session {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handler for Session {
    fn mail(&mut self, _: IpAddr, _: &str, from: &str) -> Response {
        from.clone_into(&mut self.current.from);
        self.current.to.clear();
        OK
    }

    fn rcpt(&mut self, to: &str) -> Response {
        let answer = self
            .lock()
            .answers
            .get_mut(to)
            .and_then(VecDeque::pop_front);
        if let Some((code, words)) = answer {
            return Response::custom(code, words.to_owned());
        }
        self.current.to.push(to.to_owned());
        OK
    }

    fn data(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    fn data_end(&mut self) -> Response {
        let thinks = self
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .thinks;
        std::thread::sleep(thinks);
        let bytes = std::mem::take(&mut self.bytes);
        self.current.text = String::from_utf8(bytes).unwrap();
        let current = std::mem::take(&mut self.current);
        self.lock().received.push(current);
        OK
    }

    fn auth_plain(&mut self, _: &str, user: &str, password: &str) -> Response {
        if (user, password) == (USER, PASSWORD) {
            self.lock().authenticated += 1;
            AUTH_OK
        } else {
            INVALID_CREDENTIALS
        }
    }
}
