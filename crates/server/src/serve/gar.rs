//! Each day, what is about to end of the GAR sign-in is said in the log.

use std::sync::Arc;
use std::time::Duration;

use pix_orga_domain::clock::Clock as _;
use pix_orga_web::App;

use super::worker::Worker;
use crate::gar::outlook;
use crate::secrets::SystemClock;

/// Between two looks.
const LOOK_EVERY: Duration = Duration::from_hours(24);

/// Looks at once, then each day. Nothing to look at where the GAR is not configured.
pub fn start(app: &Arc<App>) -> Option<Worker> {
    let gar = app.settings.gar.clone()?;
    Some(Worker::start(|mut stopped| async move {
        while !*stopped.borrow() {
            outlook::log(&gar, SystemClock.now());
            tokio::select! {
                () = tokio::time::sleep(LOOK_EVERY) => {}
                _ = stopped.changed() => {}
            }
        }
    }))
}
