//! The port of retention: bounded deletions, and the daily turn.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::Expired;
#[cfg(doc)]
use super::doubt::LAST_TURN_AHEAD_MAX;
use crate::ids::OrganizationId;
use crate::roster::Student;
use crate::roster::due::DueToLeave;
use crate::store::{Failure, Revision};

/// A turn of the daily job: whoever held an earlier one holds nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn(pub i64);

/// Pupils of a school who left and whose names are still kept, and the roster's revision they were read on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Departed {
    /// The school.
    pub organization_id: OrganizationId,
    /// Read no later than the students.
    pub roster: Revision,
    /// Some of them, never none.
    pub students: Vec<Student>,
}

/// Deletes what is past its time. Making pupils anonymous is a write of the roster: see
/// [`crate::roster::store::RosterStore::record_forgetting`].
#[async_trait]
pub trait RetentionStore: Send + Sync {
    /// Takes the daily job until `lease` when nobody holds it at `now` and it was not done since `due`. Of two
    /// processes at once, one takes it. A hold that would outlast `lease` by more than
    /// [`LAST_TURN_AHEAD_MAX`] was taken by a clock that was set back since: it is none.
    async fn claim(
        &self,
        now: Timestamp,
        lease: Timestamp,
        due: Timestamp,
    ) -> Result<Option<Turn>, Failure>;
    /// When the job was last done; none before the first time.
    async fn last_done(&self) -> Result<Option<Timestamp>, Failure>;
    /// Says that the job was done at an instant, whoever holds it: an operator vouches for the time.
    async fn vouch(&self, at: Timestamp) -> Result<(), Failure>;
    /// Holds on until `lease`. False: another process has the job.
    async fn hold(&self, turn: Turn, lease: Timestamp) -> Result<bool, Failure>;
    /// Says that the job is done for the day. A turn that is no longer held changes nothing.
    async fn finish(&self, turn: Turn, at: Timestamp) -> Result<(), Failure>;
    /// How many rows are past their time.
    async fn count(&self, expired: Expired) -> Result<u64, Failure>;
    /// Deletes `limit` rows at most that are past their time, with what hangs on them, and says how many.
    async fn delete(&self, expired: Expired, limit: u32) -> Result<u64, Failure>;
    /// How many pupils written as present have a leave date before a day.
    async fn count_due_to_leave(&self, day: Date) -> Result<u64, Failure>;
    /// `limit` of them at most, of one school.
    async fn due_to_leave(&self, day: Date, limit: u32) -> Result<Option<DueToLeave>, Failure>;
    /// How many pupils who left on a day or before, or were to, are not anonymous.
    async fn count_departed(&self, on: Date) -> Result<u64, Failure>;
    /// `limit` at most of those who left, of one school.
    async fn departed(&self, on: Date, limit: u32) -> Result<Option<Departed>, Failure>;
}
