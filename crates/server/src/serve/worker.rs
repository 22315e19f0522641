//! Workers, and that of imports: takes up what waits, says that it is alive, and ends with the server.

use std::sync::Arc;
use std::time::Duration;

use pix_orga_domain::roster::import::HEARTBEAT;
use pix_orga_domain::roster::use_cases::imports::Imports;
use pix_orga_domain::store::Failure;
use pix_orga_web::App;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// Between two looks at the queue.
const LOOK_EVERY: Duration = Duration::from_millis(100);
/// After a failure of the store.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(2);

/// A worker that runs.
pub struct Worker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Worker {
    /// Starts what runs until it is told to stop.
    pub fn start<W>(work: impl FnOnce(watch::Receiver<bool>) -> W) -> Self
    where
        W: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(work(stopped));
        Self { stop, task }
    }

    /// Lets the step under way end until `end`, then cuts it short: another process takes up what it held.
    pub async fn stop_by(mut self, end: Instant) {
        let _ = self.stop.send(true);
        match timeout_at(end, &mut self.task).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "a worker ended badly"),
            Err(_) => {
                tracing::warn!("a worker was cut short");
                self.task.abort();
            }
        }
    }
}

/// Starts the worker of imports.
pub fn start_imports(app: Arc<App>) -> Worker {
    Worker::start(|mut stopped| async move {
        loop {
            if *stopped.borrow() {
                break;
            }
            let rest = match run_next(&app.imports).await {
                Ok(true) => Duration::ZERO,
                Ok(false) => LOOK_EVERY,
                Err(failure) => {
                    tracing::error!(%failure, "an import could not go on; it is taken up again");
                    REST_AFTER_FAILURE
                }
            };
            tokio::select! {
                () = tokio::time::sleep(rest) => {}
                _ = stopped.changed() => {}
            }
        }
    })
}

/// Runs one import, saying meanwhile that it is alive.
async fn run_next(imports: &Imports) -> Result<bool, Failure> {
    let Some(claimed) = imports.claim().await? else {
        return Ok(false);
    };
    let every = Duration::try_from(HEARTBEAT).unwrap_or(LOOK_EVERY);
    let alive = async {
        loop {
            tokio::time::sleep(every).await;
            if !matches!(imports.heartbeat(&claimed).await, Ok(true)) {
                std::future::pending::<()>().await;
            }
        }
    };
    tokio::select! {
        outcome = imports.run(claimed.clone()) => outcome.map(|()| true),
        () = alive => Ok(true),
    }
}
