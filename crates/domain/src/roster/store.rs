//! The ports of rosters and of their imports.
//!
//! Two invariants are the store's: a school has at most one open import (running or waiting, constraint
//! `imports_one_open`), and a roster bears an `ELEVE_ID` or an INE once (constraints `students_eleve_id` and
//! `students_ine`; planning never breaks them).
//!
//! Who is present is asked on a day, which the caller takes from its clock: a store never reads its own. See [`super::due`].
//!
//! Who writes links and requests: the first statement of a write that links, unlinks or settles clears the school's
//! `rosters.undoable_import_id`, which ends the possibility of undoing. Who deletes or blanks a student: the same, and
//! the roster's revision moves on. What points to a student goes with them: an import that is undone deletes the
//! students it added.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;

use super::applying::{AppliedImport, Inverse, Undo};
use super::due::DueLeaves;
use super::forgetting::Forgetting;
use super::import::{Import, ImportStep, Report, Staged};
use super::listing::{ClassCount, Line, Lines, ListQuery, Overview};
use super::{Roster, RosterSummary};
use crate::ids::{ImportId, OrganizationId, StudentId};
use crate::store::{Failure, MaybeStale, RecordError};

/// Keeps rosters.
#[async_trait]
pub trait RosterStore: Send + Sync {
    /// The whole roster, in no particular order; the empty one for a school that never imported.
    async fn load(&self, organization: OrganizationId) -> Result<Roster, Failure>;
    /// The roster without its pupils, on a day.
    async fn summary(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<RosterSummary, Failure>;
    /// Present pupils, filtered, sorted and cut as asked.
    async fn list(&self, query: &ListQuery) -> Result<Lines, Failure>;
    /// The same, with the roster's summary and its classes, all of one instant.
    async fn overview(&self, query: &ListQuery) -> Result<Overview, Failure>;
    /// The classes that have present pupils on a day, by their code.
    async fn classes(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<Vec<ClassCount>, Failure>;
    /// One pupil of the school, present or gone, as they are written.
    async fn student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Line>, Failure>;
    /// Writes an import, or nothing. Stale when the roster or the import moved.
    async fn record_import(&self, applied: &AppliedImport) -> Result<(), RecordError>;
    /// Puts the roster back, or nothing. Stale when the roster or the import moved, or the import is no longer undoable.
    async fn record_undo(&self, undo: &Undo) -> Result<(), RecordError>;
    /// Writes leaves that came due, or nothing. Stale when the roster moved.
    async fn record_due_leaves(&self, leaves: &DueLeaves) -> Result<(), RecordError>;
    /// Forgets pupils with what hangs on them, or nothing. Stale when the roster moved. A pupil who is no longer there
    /// is no error.
    async fn record_forgetting(&self, forgetting: &Forgetting) -> Result<(), RecordError>;
}

/// An upload to store, decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staging {
    /// The import.
    pub import: Import,
    /// The file.
    pub bytes: Vec<u8>,
    /// The waiting plan that it replaces: its last step.
    pub replaces: Option<ImportStep>,
}

/// Why an upload was not stored.
#[derive(Debug, thiserror::Error)]
pub enum StagingError {
    /// The plan to replace moved.
    #[error("stale")]
    Stale,
    /// The school has an open import already (constraint `imports_one_open`): look again.
    #[error("another import is open")]
    AnotherOpen,
    /// The store failed.
    #[error(transparent)]
    Failure(#[from] Failure),
}

impl MaybeStale for StagingError {
    fn is_stale(&self) -> bool {
        matches!(self, Self::Stale | Self::AnotherOpen)
    }
}

/// Keeps imports and their files. Imports are jobs: a worker claims one for a while, and says that it is alive.
#[async_trait]
pub trait ImportStore: Send + Sync {
    /// Stores an upload, or nothing.
    async fn stage(&self, staging: &Staging) -> Result<(), StagingError>;
    /// An import of the school.
    async fn find(
        &self,
        organization: OrganizationId,
        import: ImportId,
    ) -> Result<Option<Import>, Failure>;
    /// The school's running or waiting import.
    async fn open(&self, organization: OrganizationId) -> Result<Option<Import>, Failure>;
    /// The school's last imports, newest first, `limit` at most.
    async fn history(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<Import>, Failure>;
    /// Takes up the oldest running import that nobody holds at `now`, until `lease`: its attempts grow by one and its
    /// revision moves on, so that whoever held it before can write no more. Two workers never get the same one.
    async fn claim(&self, now: Timestamp, lease: Timestamp) -> Result<Option<Import>, Failure>;
    /// Holds on until `lease` an import that runs and was taken up that many times. False: it is no longer held.
    async fn heartbeat(
        &self,
        import: ImportId,
        attempts: u32,
        lease: Timestamp,
    ) -> Result<bool, Failure>;
    /// Says that the database cut short the attempt of that number: it is excused, whoever holds the import now. While
    /// nobody took it up since, nobody does before `again_at`, so that others go first. An import that is over stays so.
    async fn give_back(
        &self,
        import: ImportId,
        attempts: u32,
        again_at: Timestamp,
    ) -> Result<(), Failure>;
    /// The file of an import.
    async fn staged(&self, import: ImportId) -> Result<Option<Staged>, Failure>;
    /// Writes a step, or nothing. Stale when the import moved.
    async fn record_step(&self, step: &ImportStep) -> Result<(), RecordError>;
    /// The remarks of an import of the school.
    async fn report(
        &self,
        organization: OrganizationId,
        import: ImportId,
    ) -> Result<Option<Report>, Failure>;
    /// The remarks of every import of a school that are still kept.
    async fn reports(
        &self,
        organization: OrganizationId,
    ) -> Result<Vec<(ImportId, Report)>, Failure>;
    /// What would undo an import.
    async fn inverse(&self, import: ImportId) -> Result<Option<Inverse>, Failure>;
    /// How many running imports, of all schools, come before this one: received earlier, or at once with a lower id.
    async fn ahead_of(&self, import: &Import) -> Result<u64, Failure>;
    /// Imports received before an instant that still are open.
    async fn open_since_before(&self, before: Timestamp) -> Result<Vec<Import>, Failure>;
}
