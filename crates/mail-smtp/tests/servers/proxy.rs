//! Between us and a server: passes, refuses, delays, cuts, or adds TLS from the first byte.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::certificate::Certificate;

/// What it does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Lets everything through.
    Pass,
    /// Closes it at once.
    Refuse,
    /// Lets a byte through only after so long.
    Delay(Duration),
    /// Lets nothing more through once the client says this.
    CutAt(&'static str),
    /// Lets the message through, and closes before the server's answer to it.
    CutTheAnswer,
}

/// A running proxy.
pub struct Proxy {
    pub address: SocketAddr,
    mode: Arc<Mutex<Mode>>,
    connections: Arc<AtomicU32>,
}

impl Proxy {
    /// In front of a server.
    pub async fn before(server: SocketAddr) -> Self {
        Self::start(server, None).await
    }

    /// The same, speaking TLS from the first byte.
    pub async fn with_tls(server: SocketAddr, certificate: &Certificate) -> Self {
        let chain = vec![certificate.der.clone().into()];
        let key = PrivateKeyDer::try_from(certificate.key_der.clone()).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        Self::start(server, Some(TlsAcceptor::from(Arc::new(config)))).await
    }

    async fn start(server: SocketAddr, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mode = Arc::new(Mutex::new(Mode::Pass));
        let connections = Arc::new(AtomicU32::new(0));
        let (set, count) = (Arc::clone(&mode), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let mode = *set.lock().unwrap();
                let tls = tls.clone();
                tokio::spawn(async move {
                    // A client that goes away is no fault of the proxy.
                    let _ = match tls {
                        None => carry(client, server, mode).await,
                        Some(tls) => match tls.accept(client).await {
                            Ok(client) => carry(client, server, mode).await,
                            Err(error) => Err(error),
                        },
                    };
                });
            }
        });
        Self {
            address,
            mode,
            connections,
        }
    }

    /// For the connections to come.
    pub fn set(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
    }

    /// Connections made so far.
    pub fn connections(&self) -> u32 {
        self.connections.load(Ordering::SeqCst)
    }
}

async fn carry<C>(client: C, server: SocketAddr, mode: Mode) -> std::io::Result<()>
where
    C: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    if mode == Mode::Refuse {
        return Ok(());
    }
    if let Mode::Delay(delay) = mode {
        tokio::time::sleep(delay).await;
    }
    let (mut from_client, mut to_client) = tokio::io::split(client);
    let (mut from_server, mut to_server) = TcpStream::connect(server).await?.into_split();
    let answers = async {
        tokio::io::copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await
    };
    let commands = async {
        let mut said = Vec::new();
        let mut bytes = [0; 4096];
        loop {
            let read = from_client.read(&mut bytes).await?;
            if read == 0 {
                return Ok(Stop::Ended);
            }
            said.extend_from_slice(&bytes[..read]);
            if let Mode::CutAt(words) = mode
                && String::from_utf8_lossy(&said).contains(words)
            {
                return Ok(Stop::Cut);
            }
            if mode == Mode::CutTheAnswer && said.ends_with(b"\r\n.\r\n") {
                return Ok(Stop::LastBytes(bytes[..read].to_vec()));
            }
            to_server.write_all(&bytes[..read]).await?;
        }
    };
    let stop = tokio::select! {
        ended = answers => ended.map(|()| Stop::Cut),
        ended = commands => ended,
    };
    match stop? {
        Stop::Cut => Ok(()),
        Stop::Ended => {
            to_server.shutdown().await?;
            tokio::io::copy(&mut from_server, &mut to_client)
                .await
                .map(|_| ())
        }
        // Nothing goes to the client any more: the server gets the end, and answers nobody.
        Stop::LastBytes(bytes) => {
            to_server.write_all(&bytes).await?;
            from_server.read_u8().await.map(|_| ())
        }
    }
}

/// Why commands go no further.
enum Stop {
    Ended,
    Cut,
    LastBytes(Vec<u8>),
}
