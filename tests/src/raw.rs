//! A client that says exactly what it is told to, byte by byte, and may fall silent at any of them.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::page::Page;

/// Far beyond every limit that journeys set: a server that lets a client wait so long has none.
const PATIENCE: Duration = Duration::from_mins(1);
/// What a client that does not read lets wait in its own buffer, in bytes.
const BUFFER_BYTES: u32 = 4 * 1024;

/// A connection to a server, without anything between.
pub struct RawClient {
    stream: TcpStream,
}

impl RawClient {
    /// Connects to an address such as `http://127.0.0.1:40321`.
    pub async fn connect(address: &str) -> Self {
        let address = address.trim_start_matches("http://").parse().unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(BUFFER_BYTES).unwrap();
        Self {
            stream: socket.connect(address).await.unwrap(),
        }
    }

    /// Says something. A server that closed the connection before does not hear it.
    pub async fn say(&mut self, bytes: &str) {
        let _ = self.stream.write_all(bytes.as_bytes()).await;
    }

    /// Says something again and again, and never listens, until the server closes the connection.
    ///
    /// # Panics
    /// When it never does.
    pub async fn say_without_end(&mut self, bytes: &str) {
        let saying = async { while self.stream.write_all(bytes.as_bytes()).await.is_ok() {} };
        let said = tokio::time::timeout(PATIENCE, saying).await;
        said.expect("the server listens for ever");
    }

    /// What the server says until it closes the connection.
    ///
    /// # Panics
    /// When it never does.
    pub async fn heard(mut self) -> String {
        let mut heard = Vec::new();
        let hearing = async {
            let mut piece = [0; 4_096];
            while let Ok(bytes @ 1..) = self.stream.read(&mut piece).await {
                heard.extend_from_slice(&piece[..bytes]);
            }
        };
        let closed = tokio::time::timeout(PATIENCE, hearing).await;
        closed.expect("the server keeps the connection for ever");
        String::from_utf8_lossy(&heard).into_owned()
    }

    /// Listens until the server has said this, and gives all that was heard meanwhile.
    ///
    /// # Panics
    /// When it never does.
    pub async fn hears(&mut self, what: &str) -> String {
        let mut heard = Vec::new();
        let hearing = async {
            let mut piece = [0; 4_096];
            while !String::from_utf8_lossy(&heard).contains(what) {
                let bytes = self.stream.read(&mut piece).await.unwrap();
                assert!(bytes > 0, "closed before « {what} »");
                heard.extend_from_slice(&piece[..bytes]);
            }
        };
        let said = tokio::time::timeout(PATIENCE, hearing).await;
        said.expect("the server never says it");
        String::from_utf8_lossy(&heard).into_owned()
    }
}

/// An answer as it came, headers and all, as a page.
///
/// # Panics
/// When it is no answer.
pub fn page(answer: &str) -> Page {
    let (head, html) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let status = status.unwrap_or_else(|| panic!("no answer: {answer:?}"));
    let headers = lines.filter_map(|line| line.split_once(": "));
    Page {
        status: status.parse().unwrap(),
        path: String::new(),
        headers: headers
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        html: html.to_owned(),
    }
}
