//! The daily job of retention: every process looks, the database says which one does it.

use std::sync::Arc;
use std::time::Duration;

use pix_orga_domain::retention::use_cases::{Count, Retention};

use super::worker::Worker;

/// Between two looks: hourly, files and inverses past their time go too.
const LOOK_EVERY: Duration = Duration::from_hours(1);
/// After a failure of the store, or while another process has the job in hand.
const LOOK_AGAIN: Duration = Duration::from_mins(10);

/// Starts looking after what is past its time.
pub fn start(retention: Arc<Retention>) -> Worker {
    Worker::start(|mut stopped| async move {
        while !*stopped.borrow() {
            let rest = if look(&retention).await {
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
async fn look(retention: &Retention) -> bool {
    let swept = retention.sweep_imports().await;
    let done = match swept {
        Ok(()) => retention.run_daily().await,
        Err(failure) => Err(failure),
    };
    match done {
        Ok(None) => true,
        Ok(Some(counts)) => {
            for Count { what, count } in counts.iter().filter(|done| done.count > 0) {
                tracing::info!(what, count, "forgotten, past its time");
            }
            true
        }
        Err(failure) => {
            tracing::error!(%failure, "what is past its time could not all be forgotten");
            false
        }
    }
}
