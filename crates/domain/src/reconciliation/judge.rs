//! Judging waiting requests again when the roster moved: which students they name, for the list of pupils.

use std::sync::Arc;

use super::judging::{Judging, days_to_read};
use super::requests::RequestRecord;
use super::store::{Among, LinkingRequestStore, LinkingStore};
use crate::clock::{Clock, day_in_paris};
use crate::ids::OrganizationId;
use crate::store::{Failure, RecordError, deciding_again};

/// Requests judged by one write.
pub const JUDGED_REQUESTS_MAX: u32 = 500;
/// Writes for one school in a row. Beyond, the next look goes on.
pub const JUDGING_WRITES_MAX: u32 = 40;
/// Schools read at once.
const SCHOOLS_READ_MAX: u32 = 100;

/// Judges requests again.
pub struct Judge {
    /// Where students are read.
    pub links: Arc<dyn LinkingStore>,
    /// Where requests live.
    pub requests: Arc<dyn LinkingRequestStore>,
    /// The time: it says who has left.
    pub clock: Arc<dyn Clock>,
}

impl Judge {
    /// Judges the waiting requests of a school that were judged on another roster: after an import, or its undoing.
    ///
    /// # Errors
    /// When the store fails; [`Self::catch_up`] goes on later.
    pub async fn judge(&self, school: OrganizationId) -> Result<(), Failure> {
        for _ in 0..JUDGING_WRITES_MAX {
            match deciding_again(|| self.judge_some(school)).await {
                Ok(true) => {}
                // The roster keeps moving: whoever moves it judges again.
                Ok(false) | Err(RecordError::Stale) => break,
                Err(RecordError::Failure(failure)) => return Err(failure),
            }
        }
        Ok(())
    }

    /// Does the same for every school where it was not done: a process may have ended in between.
    ///
    /// # Errors
    /// When the store fails; what was judged stays so.
    pub async fn catch_up(&self) -> Result<(), Failure> {
        let mut last = None;
        loop {
            let schools = self
                .requests
                .schools_to_judge(last, SCHOOLS_READ_MAX)
                .await?;
            let Some(end) = schools.last() else {
                return Ok(());
            };
            last = Some(*end);
            for school in schools {
                self.judge(school).await?;
            }
        }
    }

    /// Whether there was something to judge.
    async fn judge_some(&self, school: OrganizationId) -> Result<bool, RecordError> {
        let requests = self.requests.to_judge(school, JUDGED_REQUESTS_MAX).await?;
        if requests.is_empty() {
            return Ok(false);
        }
        let claims: Vec<_> = requests.iter().map(RequestRecord::claim).collect();
        let days = days_to_read(&claims);
        let today = day_in_paris(self.clock.now());
        let among = Among::Born(&days);
        let candidates = self.links.candidates(school, among, today).await?;
        let judging = Judging::decide(school, &requests, &candidates);
        self.requests.record_judging(&judging).await?;
        Ok(true)
    }
}
