//! Requests: who is let in, a task for each, and an answer in any case.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Request, Response};
use hyper::body::Incoming;
use pix_orga_web::client::BodyWatch;
use pix_orga_web::{App, problem, visitor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant, timeout};
use tower::ServiceExt as _;

use super::bodies::{Held, Paced};
use super::limits::{Limits, RECOGNISE_MAX, REQUEST_SLACK, WATCHES_MAX};
use super::slots::Slot;
use super::tally::{Limit, Tally};

/// What whoever operates the program asks.
const WATCHES: [&str; 3] = ["/healthz", "/readyz", "/metrics"];
/// Of four requests at once, one is kept for people who are signed in.
const KEPT_OF: usize = 4;

/// A request's place, given back when its task and its answer are over.
pub type Place = OwnedSemaphorePermit;

/// Requests under way.
pub struct Requests {
    app: Arc<App>,
    router: Router,
    limits: Limits,
    tally: Arc<Tally>,
    /// For everybody.
    common: Arc<Semaphore>,
    /// For people who are signed in, once the common room is full.
    kept: Arc<Semaphore>,
    watches: Arc<Semaphore>,
    tasks: Mutex<JoinSet<()>>,
}

impl Requests {
    /// As many requests as connections.
    pub fn new(app: Arc<App>, router: Router, limits: Limits, tally: Arc<Tally>) -> Self {
        let kept = limits.connections_max / KEPT_OF;
        Self {
            app,
            router,
            limits,
            tally,
            common: Arc::new(Semaphore::new(limits.connections_max - kept)),
            kept: Arc::new(Semaphore::new(kept)),
            watches: Arc::new(Semaphore::new(WATCHES_MAX)),
            tasks: Mutex::default(),
        }
    }

    /// Answers one request of a connection.
    pub async fn answer(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        slot: &Arc<Slot>,
    ) -> Result<Response<Held>, Infallible> {
        slot.request_begins(Instant::now());
        let (response, place) = match self.admit(&request).await {
            Ok(place) => {
                let place = Arc::new(place);
                let response = self.run(request, peer, Arc::clone(&place)).await;
                (response, Some(place))
            }
            Err(limit) => {
                self.tally.bites(limit);
                (self.refuse("overloaded"), None)
            }
        };
        Ok(response.map(|body| Held::new(body, Arc::clone(slot), place)))
    }

    /// A place for a request, or the limit that refuses it.
    async fn admit(&self, request: &Request<Incoming>) -> Result<Place, Limit> {
        if WATCHES.contains(&request.uri().path()) {
            return take(&self.watches).ok_or(Limit::Watches);
        }
        if let Some(place) = take(&self.common) {
            return Ok(place);
        }
        if !visitor::presents_a_session(&self.app, request.headers()) {
            return Err(Limit::Anonymous);
        }
        // Taken before the session is looked up, so that cookies that were made up are looked up a few at once.
        let place = take(&self.kept).ok_or(Limit::Requests)?;
        let known = timeout(
            RECOGNISE_MAX,
            visitor::is_signed_in(Arc::clone(&self.app), request.headers()),
        );
        match known.await {
            Ok(true) => Ok(place),
            Ok(false) | Err(_) => Err(Limit::Anonymous),
        }
    }

    /// Runs a request in a task of its own: a client that leaves stops waiting, and nothing else.
    async fn run(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
        place: Arc<Place>,
    ) -> Response<Body> {
        let watch = BodyWatch::default();
        let end = Instant::now() + self.limits.request;
        let mut request =
            request.map(|body| Body::new(Paced::new(body, self.limits.body, end, watch.clone())));
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(watch.clone());
        let router = self.router.clone();
        let (send, answered) = oneshot::channel();
        self.spawn(async move {
            let Ok(response) = router.oneshot(request).await;
            drop(place);
            // Nobody waits any more: the answer goes with its connection.
            let _ = send.send(response);
        });
        let answered = timeout(self.limits.request + REQUEST_SLACK, answered).await;
        let mut response = match answered {
            Ok(Ok(response)) => response,
            // The task panicked, and the runtime said so.
            Ok(Err(_)) => self.refuse("unavailable"),
            Err(_) => {
                self.tally.bites(Limit::Request);
                self.refuse("unavailable")
            }
        };
        if watch.gave_up() {
            self.tally.bites(Limit::Body);
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        response
    }

    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        while let Some(ended) = tasks.try_join_next() {
            say_if_broken(ended);
        }
        tasks.spawn(work);
    }

    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The page of a refusal, which ends the connection.
    fn refuse(&self, code: &'static str) -> Response<Body> {
        let mut response = problem::bare_page(&self.app, code);
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
        response
    }

    /// Waits until every request is over, also those whose client left. No more may begin.
    pub async fn over(&self) {
        let mut tasks = std::mem::take(&mut *self.tasks());
        while let Some(ended) = tasks.join_next().await {
            say_if_broken(ended);
        }
    }
}

fn say_if_broken(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!(%error, "a request ended badly");
    }
}

fn take(places: &Arc<Semaphore>) -> Option<Place> {
    Arc::clone(places).try_acquire_owned().ok()
}
