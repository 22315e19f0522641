//! Bodies: one that comes is held to its pace, one that leaves holds its request's place until it is sent.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body as Answer, Bytes, HttpBody};
use axum::{BoxError, Error};
use hyper::body::{Frame, Incoming, SizeHint};
use pix_orga_web::client::BodyWatch;
use tokio::time::{Instant, Sleep, sleep_until};

use super::limits::Pacing;
use super::pace::Pace;
use super::requests::Place;
use super::slots::Slot;

/// The body of a request, which comes at a reasonable pace or ends with an error.
pub struct Paced {
    body: Incoming,
    pacing: Pacing,
    /// When the whole request has had its time.
    end: Instant,
    pace: Pace,
    alarm: Option<Pin<Box<Sleep>>>,
    watch: BodyWatch,
}

/// The body came too slowly.
#[derive(Debug, thiserror::Error)]
#[error("the body comes too slowly")]
struct TooSlow;

impl Paced {
    /// Holds a body to its pace, until `end` at most; `watch` says that it gave up.
    pub fn new(body: Incoming, pacing: Pacing, end: Instant, watch: BodyWatch) -> Self {
        Self {
            body,
            pacing,
            end,
            pace: Pace::default(),
            alarm: None,
            watch,
        }
    }

    fn poll_alarm(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let due = self.pace.due(self.pacing);
        let due = due.map_or(self.end, |due| due.min(self.end));
        let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if alarm.deadline() != due {
            alarm.as_mut().reset(due);
        }
        alarm.as_mut().poll(context)
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                let bytes = frame.data_ref().map_or(0, Bytes::len);
                self.pace.moves(Instant::now(), bytes);
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => Poll::Ready(Some(Err(error.into()))),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => {
                self.pace.waits(Instant::now());
                ready!(self.poll_alarm(context));
                self.watch.gives_up();
                Poll::Ready(Some(Err(TooSlow.into())))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer. It holds the request's place until it is sent, or the client is gone.
pub struct Held {
    body: Answer,
    slot: Arc<Slot>,
    _place: Option<Arc<Place>>,
}

impl Held {
    /// Holds a place while this body is sent.
    pub const fn new(body: Answer, slot: Arc<Slot>, place: Option<Arc<Place>>) -> Self {
        Self {
            body,
            slot,
            _place: place,
        }
    }
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.slot.request_ends(Instant::now());
    }
}
