//! One connection, from its first byte to its end.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use super::Shared;
use super::slots::Entered;
use super::stream::Noted;
use super::tally::Limit;

/// A head, and what waits to be written, in bytes.
const BUFFER_BYTES_MAX: usize = 32 * 1024;

/// Why a connection is over.
enum End {
    /// It was closed, by either side.
    Closed,
    /// Another needed its place.
    GaveWay,
    /// A limit.
    Limit(Limit),
}

/// Serves one connection to its end.
pub async fn serve(
    shared: Arc<Shared>,
    slot: Entered,
    stream: TcpStream,
    peer: SocketAddr,
    mut stop: watch::Receiver<bool>,
) {
    // Answers are written whole: waiting to fill a packet would only delay them.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Noted::new(stream, Arc::clone(&slot)));
    let service = service_fn(|request| {
        let (shared, slot) = (Arc::clone(&shared), Arc::clone(&slot));
        async move { shared.requests.answer(request, peer, &slot).await }
    });
    let mut http = http1::Builder::new();
    // Heads are timed here, with the rest.
    http.header_read_timeout(None)
        .max_buf_size(BUFFER_BYTES_MAX);
    let mut connection = pin!(http.serve_connection(io, service));
    let mut told = pin!(stop.wait_for(|stop| *stop));
    let mut leave = pin!(slot.must_leave());
    let mut alarm = pin!(sleep_until(Instant::now()));
    let mut stopped = None;
    let end = poll_fn(|context| {
        if leave.as_mut().poll(context).is_ready() {
            return Poll::Ready(End::GaveWay);
        }
        if stopped.is_none() && told.as_mut().poll(context).is_ready() {
            stopped = Some(Instant::now());
            connection.as_mut().graceful_shutdown();
        }
        if connection.as_mut().poll(context).is_ready() {
            return Poll::Ready(End::Closed);
        }
        // What the connection just did may have changed what it must do next.
        if let Some((due, limit)) = slot.due(&shared.limits, stopped) {
            if alarm.deadline() != due {
                alarm.as_mut().reset(due);
            }
            match alarm.as_mut().poll(context) {
                Poll::Pending => {}
                Poll::Ready(()) => return Poll::Ready(End::Limit(limit)),
            }
        }
        Poll::Pending
    });
    match end.await {
        // What the process's own end cuts short is no fault of the client's.
        End::Closed | End::GaveWay | End::Limit(Limit::Stop) => {}
        End::Limit(limit) => shared.tally.bites(limit),
    }
}
