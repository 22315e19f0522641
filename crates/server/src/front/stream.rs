//! A client's stream, whose movements are noted on its place.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::slots::Slot;

/// What is thrown away at once.
const THROWN_AWAY_BYTES: usize = 8 * 1024;

/// A stream that notes what it does.
pub struct Noted {
    stream: TcpStream,
    slot: Arc<Slot>,
    said_goodbye: bool,
}

impl Noted {
    /// Notes on this place.
    pub const fn new(stream: TcpStream, slot: Arc<Slot>) -> Self {
        Self {
            stream,
            slot,
            said_goodbye: false,
        }
    }

    fn note(&self, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        match &written {
            Poll::Pending => self.slot.write_waits(Instant::now()),
            Poll::Ready(Ok(bytes)) => self.slot.wrote(Instant::now(), *bytes),
            Poll::Ready(Err(_)) => {}
        }
        written
    }
}

impl AsyncRead for Noted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.slot.read(Instant::now());
        }
        read
    }
}

impl AsyncWrite for Noted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.note(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Says that nothing more comes, then throws away what the client still sends, until it closes or its place ends
    /// this. A socket that is closed while bytes wait in it resets the connection, and the client loses the answer.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.said_goodbye {
            ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
            self.said_goodbye = true;
            self.slot.lingers(Instant::now());
        }
        let mut thrown_away = [0; THROWN_AWAY_BYTES];
        loop {
            let mut buffer = ReadBuf::new(&mut thrown_away);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
    }
}
