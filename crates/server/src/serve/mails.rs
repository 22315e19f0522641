//! The worker of mails: claims what is due, sends a few at once, records what became of each, and ends with the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use pix_orga_domain::outbox::delivering::HEARTBEAT;
use pix_orga_domain::outbox::store::ClaimedMail;
use pix_orga_domain::outbox::use_cases::{Deliveries, Look};
use pix_orga_domain::store::Failure;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::worker::Worker;

/// Mails that one process sends at once.
const SENDINGS_MAX: usize = 8;
/// Between two looks at the outbox, at most: another process may write a mail at any time.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Between two looks for mails that a clock set back since put too far.
const CLOCK_LOOK_EVERY: Duration = Duration::from_mins(1);
/// How long the sendings under way may take to end once the server is told to stop.
const STOP_MAX: Duration = Duration::from_secs(20);
/// After a failure of the store.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(1);
/// Times an outcome that the store would not take is written again: five minutes.
const RECORD_TRIES_MAX: u32 = 300;

/// Starts the worker of mails.
pub fn start(deliveries: Deliveries) -> Worker {
    Worker::start(|stopped| work(Arc::new(deliveries), stopped))
}

async fn work(deliveries: Arc<Deliveries>, mut stopped: watch::Receiver<bool>) {
    let mut sendings = JoinSet::new();
    let mut looked_at_clock: Option<Instant> = None;
    while !*stopped.borrow() {
        if looked_at_clock.is_none_or(|at| at.elapsed() >= CLOCK_LOOK_EVERY) {
            looked_at_clock = Some(Instant::now());
            bring_forward(&deliveries).await;
        }
        let rest = match take_up(&deliveries, &mut sendings).await {
            Ok(rest) => rest,
            Err(failure) => {
                tracing::error!(%failure, "the outbox could not be looked at");
                REST_AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            Some(ended) = sendings.join_next(), if !sendings.is_empty() => say_if_broken(ended),
            _ = stopped.changed() => {}
        }
    }
    // A server may think over a message for minutes. What is left goes to another process once its lease is over.
    let end = tokio::time::timeout(STOP_MAX, async {
        while let Some(ended) = sendings.join_next().await {
            say_if_broken(ended);
        }
    });
    if end.await.is_err() {
        tracing::warn!(
            count = sendings.len(),
            "mails are left in the middle of their sending"
        );
    }
}

async fn bring_forward(deliveries: &Deliveries) {
    match deliveries.bring_forward().await {
        Ok(0) => {}
        Ok(count) => tracing::warn!(count, "mails wait no more for a clock that was set back"),
        Err(failure) => tracing::error!(%failure, "the outbox could not be looked at"),
    }
}

/// Starts as many sendings as may be, and tells how long to rest then.
async fn take_up(
    deliveries: &Arc<Deliveries>,
    sendings: &mut JoinSet<()>,
) -> Result<Duration, Failure> {
    while sendings.len() < SENDINGS_MAX {
        match deliveries.look().await? {
            Look::Claimed(claimed) => {
                sendings.spawn(deliver(Arc::clone(deliveries), *claimed));
            }
            Look::Nothing { until } => return Ok(rest_until(until, deliveries.clock.now())),
        }
    }
    Ok(LOOK_EVERY)
}

fn rest_until(until: Option<Timestamp>, now: Timestamp) -> Duration {
    let wait = until.map(|until| until.duration_since(now));
    let wait = wait.and_then(|wait| Duration::try_from(wait).ok());
    wait.unwrap_or(LOOK_EVERY)
        .clamp(Duration::from_millis(1), LOOK_EVERY)
}

/// Sends one mail, saying meanwhile that its holder is alive, and records what became of it.
async fn deliver(deliveries: Arc<Deliveries>, claimed: ClaimedMail) {
    let step = tokio::select! {
        step = deliveries.attempt(&claimed) => step,
        () = until_lost(&deliveries, &claimed) => {
            tracing::warn!(mail = %claimed.mail.id, "another process took a mail over");
            return;
        }
    };
    for _ in 0..RECORD_TRIES_MAX {
        match deliveries.record(&claimed, &step).await {
            Ok(()) => {
                let (mail, attempts) = (claimed.mail.id, claimed.attempts);
                tracing::info!(%mail, attempts, outcome = step.code(), "mail");
                return;
            }
            Err(failure) => {
                tracing::error!(mail = %claimed.mail.id, %failure, "what became of a mail could not be recorded");
                tokio::time::sleep(REST_AFTER_FAILURE).await;
            }
        }
    }
}

async fn until_lost(deliveries: &Deliveries, claimed: &ClaimedMail) {
    let every = Duration::try_from(HEARTBEAT).unwrap_or(LOOK_EVERY);
    loop {
        tokio::time::sleep(every).await;
        match timeout(every, deliveries.heartbeat(claimed)).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => return,
            // What is being sent goes on: a mail cut in the middle would leave twice.
            Ok(Err(failure)) => {
                tracing::warn!(mail = %claimed.mail.id, %failure, "the lease of a mail could not be renewed");
            }
            Err(_) => {
                tracing::warn!(mail = %claimed.mail.id, "the lease of a mail could not be renewed in time");
            }
        }
    }
}

fn say_if_broken(ended: Result<(), tokio::task::JoinError>) {
    if let Err(error) = ended {
        tracing::error!(%error, "a sending ended badly");
    }
}
