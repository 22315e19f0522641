//! Workers, and that of imports: takes up what waits, says that it is alive, and ends with the server.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use pix_orga_domain::roster::import::{HEARTBEAT, Import, LEASE};
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
        let mut owed = VecDeque::new();
        while !*stopped.borrow() {
            let rest = match turn(&app.imports, &mut owed).await {
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

/// Gives back the imports that the database cut short, then runs the next. False when there was none.
async fn turn(imports: &Imports, owed: &mut VecDeque<Import>) -> Result<bool, Failure> {
    while let Some(cut_short) = owed.front() {
        imports.give_back(cut_short).await?;
        tracing::info!(import = %cut_short.id, "the database answers: an import is given back");
        owed.pop_front();
    }
    let Some(claimed) = imports.claim().await? else {
        return Ok(false);
    };
    let ran = run(imports, &claimed).await;
    if ran.as_ref().is_err_and(Failure::is_outage) {
        owed.push_back(claimed);
    }
    ran.map(|()| true)
}

/// Runs an import, saying meanwhile that it is alive, and gives it up when nobody hears that.
async fn run(imports: &Imports, claimed: &Import) -> Result<(), Failure> {
    tokio::select! {
        outcome = imports.run(claimed.clone()) => outcome,
        unheard = until_unheard(|| imports.heartbeat(claimed)) => {
            tracing::warn!(
                import = %claimed.id,
                "the lease of an import could not be renewed: it is given up"
            );
            Err(unheard)
        }
    }
}

/// Renews a lease until the database took no word of it for as long as it lasts. Whoever no longer holds it learns that
/// from the guards of its writes.
async fn until_unheard<B>(beat: impl Fn() -> B) -> Failure
where
    B: Future<Output = Result<bool, Failure>>,
{
    let every = Duration::try_from(HEARTBEAT).unwrap_or(LOOK_EVERY);
    let lease = Duration::try_from(LEASE).unwrap_or(LOOK_EVERY);
    let mut heard = Instant::now();
    loop {
        tokio::time::sleep(every).await;
        let said = Instant::now();
        let failure = match timeout_at(heard + lease, beat()).await {
            Ok(Ok(true)) => {
                heard = said;
                continue;
            }
            Ok(Ok(false)) => std::future::pending().await,
            Ok(Err(failure)) => failure,
            Err(late) => Failure::outage(late),
        };
        if heard.elapsed() >= lease {
            return failure;
        }
    }
}
