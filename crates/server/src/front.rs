//! The front: accepts connections, holds each to its limits, and hands requests to the pages.
//!
//! Each request runs in a task of its own, which nobody cancels: a client that leaves ends its connection and nothing
//! else. Nothing that a client does or fails to do may hold a connection, a request or the end of the process beyond a
//! named limit of [`limits`].

mod bodies;
mod connection;
pub mod limits;
mod pace;
mod requests;
mod slots;
mod stream;
mod tally;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use pix_orga_web::App;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout_at};

use limits::Limits;
use requests::Requests;
use slots::Slots;
use tally::{Limit, Tally};

/// After a descriptor could not be had: connections that give way free some meanwhile.
const REST_WITHOUT_DESCRIPTOR: Duration = Duration::from_millis(20);

/// What accepts connections.
pub struct Front {
    listener: TcpListener,
    shared: Arc<Shared>,
    connections: JoinSet<()>,
}

/// What its connections share.
struct Shared {
    limits: Limits,
    slots: Slots,
    requests: Requests,
    tally: Arc<Tally>,
}

impl Front {
    /// A front that serves a router on a listener.
    pub fn new(listener: TcpListener, app: &Arc<App>, router: Router, limits: Limits) -> Self {
        let tally = Arc::new(Tally::new(Arc::clone(app)));
        app.metrics.connections_at_most(limits.connections_max);
        let requests = Requests::new(Arc::clone(app), router, limits, Arc::clone(&tally));
        Self {
            listener,
            shared: Arc::new(Shared {
                limits,
                slots: Slots::new(limits.connections_max, Arc::clone(app)),
                requests,
                tally,
            }),
            connections: JoinSet::new(),
        }
    }

    /// Accepts connections until told to stop. The listener is closed when this ends; connections go on until
    /// [`Closing::wait`].
    pub async fn accept(self, mut stop: watch::Receiver<bool>) -> Closing {
        let Self {
            listener,
            shared,
            mut connections,
        } = self;
        let told = stop.clone();
        while !*stop.borrow() {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok((stream, peer)) => {
                        shared.enter(stream, peer, &mut connections, told.clone());
                    }
                    Err(error) => shared.could_not_accept(&error).await,
                },
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
                _ = stop.changed() => {}
            }
        }
        Closing {
            shared,
            connections,
        }
    }
}

impl Shared {
    fn enter(
        self: &Arc<Self>,
        stream: TcpStream,
        peer: SocketAddr,
        connections: &mut JoinSet<()>,
        stop: watch::Receiver<bool>,
    ) {
        let now = Instant::now();
        if self.slots.are_full() {
            self.tally.bites(Limit::Connections);
            if !self.slots.make_room() {
                return;
            }
        }
        let slot = self.slots.enter(now);
        let shared = Arc::clone(self);
        connections.spawn(async move { connection::serve(shared, slot, stream, peer, stop).await });
    }

    /// No descriptor is left, or the client was gone before it was met.
    async fn could_not_accept(&self, error: &io::Error) {
        let client_gone = matches!(
            error.kind(),
            io::ErrorKind::ConnectionAborted
                | io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionRefused
        );
        if !client_gone {
            self.tally.bites(Limit::Descriptors);
            self.slots.make_room();
            sleep(REST_WITHOUT_DESCRIPTOR).await;
        }
    }
}

/// What goes on once no more connections are accepted.
pub struct Closing {
    shared: Arc<Shared>,
    connections: JoinSet<()>,
}

impl Closing {
    /// Lets connections and requests end until `end`, then cuts what is left.
    pub async fn wait(mut self, end: Instant) {
        let requests = &self.shared.requests;
        let all = async {
            while self.connections.join_next().await.is_some() {}
            // Those whose client left; dropped, it cancels them.
            requests.over().await;
        };
        if timeout_at(end, all).await.is_err() {
            self.shared.tally.bites(Limit::Stop);
            self.connections.shutdown().await;
            let _ = timeout_at(end, self.shared.requests.over()).await;
        }
    }
}
