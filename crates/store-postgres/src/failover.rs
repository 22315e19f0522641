//! Which of several servers the connections go to: the first that takes writes. When connections fail, it is looked for
//! again; the pool then opens its connections there, and closes those to the former.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{sleep, timeout};

use crate::{ACQUIRE_WAIT_MAX, OpenError, Pool, hosts, only_reads, shown};

/// How long each server has to say whether it takes writes.
const HOST_WAIT_MAX: Duration = Duration::from_secs(3);
/// Servers are asked again after so long, and no sooner.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// Connections that were just made when another server was taken are counted among the former's.
const SETTLING: Duration = Duration::from_millis(100);

/// The servers of an address, in their order.
#[derive(Debug)]
pub(crate) struct Hosts {
    all: Vec<PgConnectOptions>,
    /// The place of the one that connections go to.
    current: AtomicUsize,
    /// When connections began to go there, once they went elsewhere.
    since: Mutex<Option<Instant>>,
}

/// What a look at every server found.
enum Found {
    /// This one takes writes.
    Writer(usize),
    /// Some answer, and none takes writes.
    Readers,
    /// Nobody answers: what the first said.
    Nobody(sqlx::Error),
}

/// Looks for the server again for as long as it is kept.
#[derive(Debug)]
pub(crate) struct Following(AbortHandle);

impl Following {
    /// Ends it.
    pub(crate) fn end(&self) {
        self.0.abort();
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.end();
    }
}

impl Hosts {
    /// Those of an address, each made ready for this program by `ready`.
    pub(crate) fn of(
        url: &str,
        ready: impl Fn(PgConnectOptions) -> PgConnectOptions,
    ) -> Result<Self, OpenError> {
        let addresses = hosts::each(url)?;
        let several = addresses.len() > 1;
        let one = |(place, address): (usize, &String)| {
            let options: PgConnectOptions = address.parse().map_err(OpenError::Address)?;
            let options = ready(options);
            // What the server shows, and what tells a connection's server afterwards.
            let name = format!("pix-orga-{}", place + 1);
            Ok(if several {
                options.application_name(&name)
            } else {
                options
            })
        };
        let all: Result<_, OpenError> = addresses.iter().enumerate().map(one).collect();
        Ok(Self {
            all: all?,
            current: AtomicUsize::new(0),
            since: Mutex::new(None),
        })
    }

    /// How to reach the one that connections go to.
    pub(crate) fn options(&self) -> PgConnectOptions {
        self.all[self.current()].clone()
    }

    /// Its place in the address, from 1, and how many there are.
    pub(crate) fn place(&self) -> (usize, usize) {
        (self.current() + 1, self.all.len())
    }

    /// Refuses a connection to a server that was left while it was being made: it may have waited for a silent one.
    pub(crate) async fn must_be_used(&self, to: &mut PgConnection) -> Result<(), sqlx::Error> {
        if self.all.len() == 1 {
            return Ok(());
        }
        let name = shown(to, "SHOW application_name").await?;
        if self.options().get_application_name() == Some(name.as_str()) {
            return Ok(());
        }
        let said = "the server is no longer the one in use".to_owned();
        Err(sqlx::Error::Protocol(said))
    }

    /// Whether a connection of this age goes to it, and not to a former one.
    pub(crate) fn keeps(&self, age: Duration) -> bool {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        // Zero until then.
        since.is_none_or(|since| age <= since.elapsed())
    }

    /// Takes the first that takes writes, at the start. A single one is taken as it is.
    pub(crate) async fn choose(&self) -> Result<(), OpenError> {
        if self.all.len() == 1 {
            return Ok(());
        }
        let until = Instant::now() + ACQUIRE_WAIT_MAX;
        loop {
            let refused = match self.look().await {
                Found::Writer(place) => {
                    self.current.store(place, Ordering::Relaxed);
                    let (place, of) = self.place();
                    tracing::info!(
                        place,
                        of,
                        "this server of the address takes writes: it is used"
                    );
                    return Ok(());
                }
                Found::Readers => OpenError::ReadOnly,
                Found::Nobody(error) => OpenError::of(error),
            };
            // Servers that start together are not there at once.
            if Instant::now() >= until {
                return Err(refused);
            }
            sleep(LOOK_PAUSE).await;
        }
    }

    /// Looks again whenever connections fail. A single server is waited for, without a look.
    pub(crate) fn follow(
        self: &Arc<Self>,
        pool: &Pool,
        read_only: &Arc<AtomicBool>,
    ) -> Option<Arc<Following>> {
        if self.all.len() == 1 {
            return None;
        }
        let (hosts, pool, read_only) = (Arc::clone(self), pool.clone(), Arc::clone(read_only));
        let following = tokio::spawn(async move {
            loop {
                pool.health().troubled().await;
                while !hosts.found_again(&pool, &read_only).await {
                    sleep(LOOK_PAUSE).await;
                }
                sleep(LOOK_PAUSE).await;
            }
        });
        Some(Arc::new(Following(following.abort_handle())))
    }

    /// Whether a server takes writes; the pool then goes there.
    async fn found_again(&self, pool: &Pool, read_only: &AtomicBool) -> bool {
        let place = match self.look().await {
            Found::Writer(place) => place,
            none => {
                read_only.store(matches!(none, Found::Readers), Ordering::Relaxed);
                return false;
            }
        };
        if place != self.current() {
            let mut since = self.since.lock().unwrap_or_else(PoisonError::into_inner);
            self.current.store(place, Ordering::Relaxed);
            pool.library().set_connect_options(self.options());
            *since = Some(Instant::now() + SETTLING);
            let (place, of) = self.place();
            tracing::warn!(
                place,
                of,
                "another server of the address takes writes: it is used from now on"
            );
        }
        true
    }

    /// Asks all of them at once. The one in use stays while it takes writes, then the first that does is taken: one that
    /// comes back after a failover may not know that it was replaced.
    async fn look(&self) -> Found {
        let mut asked = JoinSet::new();
        for (place, options) in self.all.iter().enumerate() {
            let options = options.clone();
            asked.spawn(async move { (place, reads(&options).await) });
        }
        let mut answers: Vec<_> = asked.join_all().await;
        answers.sort_by_key(|(place, _)| (*place != self.current(), *place));
        let writes = answers.iter().find(|(_, reads)| matches!(reads, Ok(false)));
        if let Some((place, _)) = writes {
            return Found::Writer(*place);
        }
        if answers.iter().any(|(_, reads)| reads.is_ok()) {
            return Found::Readers;
        }
        let first = answers.into_iter().find_map(|(_, reads)| reads.err());
        Found::Nobody(first.unwrap_or(sqlx::Error::PoolTimedOut))
    }

    fn current(&self) -> usize {
        self.current.load(Ordering::Relaxed)
    }
}

/// Whether a server takes no writes.
async fn reads(options: &PgConnectOptions) -> Result<bool, sqlx::Error> {
    let asked = timeout(HOST_WAIT_MAX, async {
        let mut connection: PgConnection = options.connect().await?;
        let reads = only_reads(&mut connection).await?;
        // Whatever becomes of the farewell, the answer stands.
        let _ = connection.close().await;
        Ok(reads)
    });
    asked.await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}
