//! The daily job, and the same thing by an operator's hand.

use std::sync::Arc;

use super::doubt::Doubt;
use super::store::{RetentionStore, Turn};
use super::{BATCH_ROWS, Deadlines, Expired, RUN_LEASE, due_since};
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::roster::due::DueLeaves;
use crate::roster::forgetting::{Forgetting, Trace, without};
use crate::roster::import::ImportFailure;
use crate::roster::store::{ImportStore, RosterStore};
use crate::store::{Failure, RecordError, deciding_again};
use crate::vitals::store::VitalsStore;

/// What a run did, or would do: counts only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The stable code of what is counted.
    pub what: &'static str,
    /// How many.
    pub count: u64,
}

/// The code of open imports ended because their file is past its time.
pub const IMPORTS_ENDED: &str = "imports_ended";
/// The code of pupils whose leave came due.
pub const LEAVES_DUE: &str = "leaves_due";
/// The code of pupils made anonymous.
pub const STUDENTS_ANONYMISED: &str = "students";

/// What came of a look at the daily job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Daily {
    /// It was done since it was due, or another process has it in hand.
    NotDue,
    /// What was forgotten, by kind.
    Done(Vec<Count>),
    /// Nothing was forgotten: the time is not believed.
    Doubted(Doubt),
}

/// What came of a run by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// What was forgotten, by kind.
    Done(Vec<Count>),
    /// Nothing was forgotten: the time is not believed, and nobody vouched for it.
    Doubted(Doubt),
}

/// Forgets what is past its time.
pub struct Retention {
    /// Deletes.
    pub store: Arc<dyn RetentionStore>,
    /// Tells the database's time.
    pub vitals: Arc<dyn VitalsStore>,
    /// Where pupils are made anonymous.
    pub rosters: Arc<dyn RosterStore>,
    /// Where open imports are ended, and remarks name pupils.
    pub imports: Arc<dyn ImportStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl Retention {
    /// Does the day's job unless a process did it, or has it in hand, or the time is in doubt.
    ///
    /// # Errors
    /// When the store fails; the job is taken up again once the lease is over.
    pub async fn run_daily(&self) -> Result<Daily, Failure> {
        if let Some(doubt) = self.doubt().await? {
            return Ok(Daily::Doubted(doubt));
        }
        let now = self.clock.now();
        let lease = now + RUN_LEASE;
        let Some(turn) = self.store.claim(now, lease, due_since(now)).await? else {
            return Ok(Daily::NotDue);
        };
        let Some(counts) = self.forget(Some(turn)).await? else {
            return Ok(Daily::NotDue);
        };
        self.store.finish(turn, self.clock.now()).await?;
        Ok(Daily::Done(counts))
    }

    /// Forgets now what is past its time, whatever the daily job does. An operator who looked at the clock may vouch for
    /// it: it is then believed, and the daily job goes on from now.
    ///
    /// # Errors
    /// When the store fails; what was forgotten stays so.
    pub async fn run(&self, vouched: bool) -> Result<Run, Failure> {
        match self.doubt().await? {
            Some(doubt) if !vouched => return Ok(Run::Doubted(doubt)),
            Some(_) => self.store.vouch(self.clock.now()).await?,
            None => {}
        }
        let counts = self.forget(None).await?;
        Ok(Run::Done(counts.unwrap_or_default()))
    }

    /// Whether the time is in doubt, so that nothing is forgotten.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn doubt(&self) -> Result<Option<Doubt>, Failure> {
        let last = self.store.last_done().await?;
        let database = self.vitals.now().await?;
        Ok(Doubt::about(self.clock.now(), database, last))
    }

    /// What [`Self::run`] would do now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn preview(&self) -> Result<Vec<Count>, Failure> {
        let deadlines = Deadlines::at(self.clock.now());
        let before = deadlines.imports_received_before;
        let open = self.imports.open_since_before(before).await?.len() as u64;
        let due = deadlines.leaves_due_before;
        let due = self.store.count_due_to_leave(due).await?;
        let departed = self.store.count_departed(deadlines.departed_on).await?;
        let mut counts = vec![
            counted(IMPORTS_ENDED, open),
            counted(LEAVES_DUE, due),
            counted(STUDENTS_ANONYMISED, departed),
        ];
        for expired in deadlines.expired {
            counts.push(counted(expired.code(), self.store.count(expired).await?));
        }
        Ok(counts)
    }

    /// Hourly: ends imports that waited too long, and deletes files, inverses and reports past their time. Nothing while
    /// the time is in doubt.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep_imports(&self) -> Result<(), Failure> {
        if self.doubt().await?.is_some() {
            return Ok(());
        }
        let deadlines = Deadlines::at(self.clock.now());
        self.end_imports(&deadlines).await?;
        for expired in deadlines.expired {
            let of_imports = matches!(
                expired,
                Expired::StagedFiles { .. } | Expired::Inverses { .. } | Expired::Reports { .. }
            );
            if of_imports {
                self.delete_all(expired, None).await?;
            }
        }
        Ok(())
    }

    /// Nothing when another process took the job meanwhile: it does the rest.
    async fn forget(&self, turn: Option<Turn>) -> Result<Option<Vec<Count>>, Failure> {
        let deadlines = Deadlines::at(self.clock.now());
        let ended = self.end_imports(&deadlines).await?;
        let mut counts = vec![counted(IMPORTS_ENDED, ended)];
        // Before the departed are looked for: retention starts on the day they left.
        let Some(left) = self.leave_all(&deadlines, turn).await? else {
            return Ok(None);
        };
        counts.push(counted(LEAVES_DUE, left));
        let Some(anonymised) = self.anonymise_all(&deadlines, turn).await? else {
            return Ok(None);
        };
        counts.push(counted(STUDENTS_ANONYMISED, anonymised));
        for expired in deadlines.expired {
            let Some(deleted) = self.delete_all(expired, turn).await? else {
                return Ok(None);
            };
            counts.push(counted(expired.code(), deleted));
        }
        Ok(Some(counts))
    }

    async fn end_imports(&self, deadlines: &Deadlines) -> Result<u64, Failure> {
        let now = self.clock.now();
        let before = deadlines.imports_received_before;
        let mut ended = 0;
        for import in self.imports.open_since_before(before).await? {
            let step = if import.state.is_running() {
                import.failed(ImportFailure::FileGone, now)
            } else {
                import.abandoned(None, now)
            };
            match self.imports.record_step(&step).await {
                Ok(()) => ended += 1,
                Err(RecordError::Stale) => {}
                Err(RecordError::Failure(failure)) => return Err(failure),
            }
        }
        Ok(ended)
    }

    async fn leave_all(
        &self,
        deadlines: &Deadlines,
        turn: Option<Turn>,
    ) -> Result<Option<u64>, Failure> {
        self.in_batches(turn, || self.leave_some(deadlines)).await
    }

    /// Some pupils of one school; 0 when there are none left.
    async fn leave_some(&self, deadlines: &Deadlines) -> Result<u64, RecordError> {
        let day = deadlines.leaves_due_before;
        let Some(due) = self.store.due_to_leave(day, BATCH_ROWS).await? else {
            return Ok(0);
        };
        let leaves = DueLeaves::decide(due, self.chance.as_ref(), self.clock.now());
        self.rosters.record_due_leaves(&leaves).await?;
        Ok(leaves.students.len() as u64)
    }

    async fn anonymise_all(
        &self,
        deadlines: &Deadlines,
        turn: Option<Turn>,
    ) -> Result<Option<u64>, Failure> {
        self.in_batches(turn, || self.anonymise_some(deadlines))
            .await
    }

    /// Writes some after some until nothing is left; nothing when another process took the job.
    async fn in_batches<F>(
        &self,
        turn: Option<Turn>,
        some: impl Fn() -> F + Send + Sync,
    ) -> Result<Option<u64>, Failure>
    where
        F: Future<Output = Result<u64, RecordError>> + Send,
    {
        let mut done = 0;
        loop {
            if !self.holds(turn).await? {
                return Ok(None);
            }
            match deciding_again(&some).await {
                Ok(0) => return Ok(Some(done)),
                Ok(written) => done += written,
                Err(RecordError::Failure(failure)) => return Err(failure),
                Err(RecordError::Stale) => {
                    return Err(Failure::new("a roster kept moving: the next run goes on"));
                }
            }
        }
    }

    /// Some pupils of one school; 0 when there are none left.
    async fn anonymise_some(&self, deadlines: &Deadlines) -> Result<u64, RecordError> {
        let departed = self
            .store
            .departed(deadlines.departed_on, BATCH_ROWS)
            .await?;
        let Some(departed) = departed else {
            return Ok(0);
        };
        let reports = self.imports.reports(departed.organization_id).await?;
        let count = departed.students.len();
        let audit = AuditEntry::new(
            departed.organization_id,
            Actor::System,
            Action::StudentsAnonymised {
                count: u32::try_from(count).unwrap_or(u32::MAX),
            },
            self.chance.as_ref(),
            self.clock.now(),
        );
        let forgetting = Forgetting {
            organization_id: departed.organization_id,
            expected: departed.roster,
            students: departed.students.iter().map(|student| student.id).collect(),
            trace: Trace::Anonymous,
            reports: without(reports, &departed.students),
            audit,
        };
        self.rosters.record_forgetting(&forgetting).await?;
        Ok(count as u64)
    }

    async fn delete_all(
        &self,
        expired: Expired,
        turn: Option<Turn>,
    ) -> Result<Option<u64>, Failure> {
        let mut deleted = 0;
        loop {
            if !self.holds(turn).await? {
                return Ok(None);
            }
            let some = self.store.delete(expired, BATCH_ROWS).await?;
            deleted += some;
            if some < u64::from(BATCH_ROWS) {
                return Ok(Some(deleted));
            }
        }
    }

    async fn holds(&self, turn: Option<Turn>) -> Result<bool, Failure> {
        match turn {
            None => Ok(true),
            Some(turn) => self.store.hold(turn, self.clock.now() + RUN_LEASE).await,
        }
    }
}

const fn counted(what: &'static str, count: u64) -> Count {
    Count { what, count }
}
