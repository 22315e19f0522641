//! A proxy of our own between the product and its PostgreSQL, that can be slow, or fall silent without closing.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::database::Database;

const PIECE_BYTES: usize = 16 * 1024;

/// What it does to what goes through.
#[derive(Debug, Clone, Copy, Default)]
struct Manner {
    /// Nothing goes through, and nothing is closed.
    silent: bool,
    /// How long a `BEGIN` is held on its way.
    begin_held: Duration,
}

/// The proxy. It ends with the test.
pub struct Proxy {
    port: u16,
    manner: watch::Sender<Manner>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Stands before the server of a database of PostgreSQL.
    pub async fn before(database: &Database) -> Self {
        let Database::Postgres { server, .. } = database else {
            panic!("a proxy stands before PostgreSQL");
        };
        Self::before_server(server).await
    }

    /// Stands before a server, by its address.
    pub async fn before_server(server: &str) -> Self {
        let server: PgConnectOptions = server.parse().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (manner, told) = watch::channel(Manner::default());
        let accepting = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), told.clone()));
            }
        });
        Self {
            port,
            manner,
            accepting,
        }
    }

    /// Where it listens, such as `127.0.0.1:40321`.
    pub fn place(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of a database through it.
    pub fn address_of(&self, database: &Database) -> String {
        let Database::Postgres { name, server, .. } = database else {
            panic!("a proxy stands before PostgreSQL");
        };
        let user = server.parse::<PgConnectOptions>().unwrap();
        let (user, port) = (user.get_username(), self.port);
        format!("postgres://{user}@127.0.0.1:{port}/{name}?sslmode=disable")
    }

    /// Each `BEGIN` takes so long to arrive from now on.
    pub fn hold_begin(&self, held: Duration) {
        self.manner.send_modify(|manner| manner.begin_held = held);
    }

    /// Nothing goes through any more, in any direction; nothing is closed, and connections are still accepted.
    pub fn fall_silent(&self) {
        self.manner.send_modify(|manner| manner.silent = true);
    }

    /// Lets through what waited and what comes.
    pub fn speak(&self) {
        self.manner.send_modify(|manner| manner.silent = false);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn carry(client: TcpStream, server: PgConnectOptions, manner: watch::Receiver<Manner>) {
    let (from_client, to_client) = client.into_split();
    if let Some(folder) = server.get_socket() {
        let socket = folder.join(format!(".s.PGSQL.{}", server.get_port()));
        let Ok(server) = UnixStream::connect(socket).await else {
            return;
        };
        let (from_server, to_server) = server.into_split();
        both(from_client, to_server, from_server, to_client, manner).await;
    } else {
        let address = (server.get_host(), server.get_port());
        let Ok(server) = TcpStream::connect(address).await else {
            return;
        };
        let (from_server, to_server) = server.into_split();
        both(from_client, to_server, from_server, to_client, manner).await;
    }
}

/// Both ways, until one ends.
async fn both(
    from_client: impl AsyncRead + Unpin,
    to_server: impl AsyncWrite + Unpin,
    from_server: impl AsyncRead + Unpin,
    to_client: impl AsyncWrite + Unpin,
    manner: watch::Receiver<Manner>,
) {
    tokio::select! {
        () = pour(from_client, to_server, manner.clone()) => {}
        () = pour(from_server, to_client, manner) => {}
    }
}

async fn pour(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut manner: watch::Receiver<Manner>,
) {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let read = from.read(&mut piece).await.unwrap_or_default();
        if read == 0 {
            // An end is a word too.
            let _ = manner.wait_for(|manner| !manner.silent).await;
            return;
        }
        let piece = &piece[..read];
        let held = manner.borrow().begin_held;
        if !held.is_zero() && piece.windows(5).any(|word| word == b"BEGIN") {
            tokio::time::sleep(held).await;
        }
        if manner.wait_for(|manner| !manner.silent).await.is_err()
            || to.write_all(piece).await.is_err()
        {
            return;
        }
    }
}
