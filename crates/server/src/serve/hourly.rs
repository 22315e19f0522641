//! What is looked at every hour. The daily job of retention: every process looks, the database says which one does it.
//! Requests that wait for a person: whoever looks first judges those of a roster that moved.

use std::sync::Arc;
use std::time::Duration;

use pix_orga_domain::reconciliation::judge::Judge;
use pix_orga_domain::retention::use_cases::{Count, Daily, Retention};
use pix_orga_web::App;

use super::worker::Worker;

/// Between two looks: hourly, files and inverses past their time go too.
const LOOK_EVERY: Duration = Duration::from_hours(1);
/// After a failure of the store, or while another process has the job in hand.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// What is looked at.
pub struct Hourly {
    /// What is past its time.
    pub retention: Arc<Retention>,
    /// Waiting requests.
    pub judge: Arc<Judge>,
    /// Counts what is said to operators.
    pub app: Arc<App>,
}

/// Starts looking.
pub fn start(hourly: Hourly) -> Worker {
    Worker::start(|mut stopped| async move {
        while !*stopped.borrow() {
            let judged = judge(&hourly.judge).await;
            let rest = if look(&hourly).await && judged {
                LOOK_EVERY
            } else {
                LOOK_AGAIN
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                _ = stopped.changed() => {}
            }
        }
    })
}

/// False when the store failed.
async fn judge(judge: &Judge) -> bool {
    let judged = judge.catch_up().await;
    if let Err(failure) = &judged {
        tracing::error!(%failure, "waiting requests could not all be judged again");
    }
    judged.is_ok()
}

/// False when the store failed.
async fn look(hourly: &Hourly) -> bool {
    let retention = &hourly.retention;
    let swept = retention.sweep_imports().await;
    let done = match swept {
        Ok(()) => retention.run_daily().await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(Daily::NotDue) => true,
        Ok(Daily::Doubted(doubt)) => {
            tracing::error!(
                doubt = doubt.code(),
                "nothing is forgotten: the time is in doubt; look at the clocks, then pix-orga retention run --confirm-clock"
            );
            hourly.app.metrics.time_doubted(doubt.code());
            true
        }
        Ok(Daily::Done(counts)) => {
            for Count { what, count } in counts.iter().filter(|done| done.count > 0) {
                tracing::info!(what, count, "done, past its time");
            }
            true
        }
        Err(failure) => {
            tracing::error!(%failure, "what is past its time could not all be forgotten");
            false
        }
    }
}
