//! One import of a roster, from the upload to what became of it: a record that outlives its file.
//!
//! ```text
//! Received → Checked → Compared → Written → Undone
//!    │          │          └────→ NothingToDo
//!    │          └───────────────→ Waiting (a person confirms) → Written, NothingToDo, Abandoned
//!    └── Refused (the file)       any running phase → Failed
//! ```

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::plan::{Confirmation, Plan};
use super::reading::{
    FileFacts, FileRefusal, Reading, RejectionCode, Remark, SetAsideCode, WarningCode,
};
use super::remarks::PlanRemark;
use crate::audit::AuditEntry;
use crate::ids::{AccountId, ImportId, OrganizationId};
use crate::outbox::OutgoingMail;
use crate::store::Revision;

/// The largest upload, in bytes.
pub const UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Characters of a file's name that are kept.
pub const FILE_NAME_CHARS_MAX: usize = 120;
/// How many times an import is taken up before it fails: a file that kills the process is not read for ever. Attempts
/// that the database cut short are not counted.
pub const ATTEMPTS_MAX: u32 = 3;
/// How long a worker holds an import without a heartbeat.
pub const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How long an import rests when the database cut it short, so that others go first.
pub const GIVEN_BACK_REST: SignedDuration = SignedDuration::from_secs(5);
/// How often a worker says that it is alive.
pub const HEARTBEAT: SignedDuration = SignedDuration::from_secs(5);
/// How long after the upload nobody is supposed to watch any more: an import that ends later is told by mail.
pub const AWAY_AFTER: SignedDuration = SignedDuration::from_secs(30);
/// How long uploaded bytes and what was read of them are kept, at most.
pub const FILE_KEPT_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How long an import can be undone, at most.
pub const UNDO_MAX: SignedDuration = SignedDuration::from_hours(24);
/// How long the remarks, which name pupils, are kept. Counts stay.
pub const REPORT_KEPT_MAX: SignedDuration = SignedDuration::from_hours(30 * 24);

/// One import of a school's roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The school.
    pub organization_id: OrganizationId,
    /// Who uploaded the file.
    pub by: AccountId,
    /// The name of the file, for people to recognise it.
    pub file_name: FileName,
    /// How far it came.
    pub phases: Phases,
    /// What the file says of itself, once read.
    pub file: Option<FileFacts>,
    /// What it does, once compared.
    pub counts: Option<ImportCounts>,
    /// Where it is.
    pub state: ImportState,
    /// How many times a worker took it up.
    pub attempts: u32,
    /// How many of those the database cut short: no fault of the file.
    #[serde(default)]
    pub excused: u32,
    /// Guard of its writes.
    pub revision: Revision,
}

/// The name of an uploaded file: shown, never used as a path. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// What a browser said: the last component, without controls, cut at [`FILE_NAME_CHARS_MAX`]. It may be empty.
    pub fn of(raw: &str) -> Self {
        let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
        let shown = last.trim().chars().filter(|c| !c.is_control());
        Self(shown.take(FILE_NAME_CHARS_MAX).collect())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileName(…)")
    }
}

/// When a phase ended, and on how much.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// Bytes received, pupils checked, changes compared, records written.
    pub count: u64,
}

/// The phases, each with its mark once it is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// The upload is stored.
    pub received: Mark,
    /// The file is read.
    pub checked: Option<Mark>,
    /// The plan is computed.
    pub compared: Option<Mark>,
    /// The roster is written.
    pub written: Option<Mark>,
}

/// What an import does, in pupils.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "each field counts the list of the plan it is named after"
)]
pub struct ImportCounts {
    /// Pupils of the file who are neither set aside nor rejected by the reading.
    pub read: u32,
    pub added: u32,
    pub updated: u32,
    pub returning: u32,
    pub leaving: u32,
    pub unchanged: u32,
    /// Set aside: gone.
    pub left: u32,
    /// Set aside: without a class.
    pub no_division: u32,
    /// Set aside: inactive.
    pub inactive: u32,
    pub rejected: u32,
    pub warnings: u32,
}

/// Where an import is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ImportState {
    /// The bytes wait to be read.
    Received,
    /// The reading waits to be compared with the roster.
    Checked,
    /// The plan goes straight to the roster.
    Compared,
    /// The plan waits for a person.
    Waiting,
    /// The roster is written.
    Written {
        /// When.
        at: Timestamp,
        /// Who confirmed; none when it went straight.
        confirmed_by: Option<AccountId>,
    },
    /// The roster already said the same.
    NothingToDo {
        /// When.
        at: Timestamp,
    },
    /// The file is refused.
    Refused {
        /// When.
        at: Timestamp,
        /// Why. Its `partial` is emptied: the facts and the report have it.
        refusal: FileRefusal,
    },
    /// The product failed; nothing was written.
    Failed {
        /// When.
        at: Timestamp,
        /// How.
        because: ImportFailure,
    },
    /// The plan was abandoned, or replaced by another upload.
    Abandoned {
        /// When.
        at: Timestamp,
        /// Who; none when it waited too long.
        by: Option<AccountId>,
    },
    /// The roster was written, then put back as it was.
    Undone {
        /// When it was written.
        written_at: Timestamp,
        /// When it was undone.
        at: Timestamp,
        /// Who undid it.
        by: AccountId,
    },
}

/// How the product failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportFailure {
    /// The reading was cut short.
    ReadingFailed,
    /// It was taken up too many times without an end.
    TooManyAttempts,
    /// Its file was gone before it was over.
    FileGone,
}

impl ImportFailure {
    /// Its stable code: the key of its French text.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ReadingFailed => "reading_failed",
            Self::TooManyAttempts => "too_many_attempts",
            Self::FileGone => "file_gone",
        }
    }
}

impl ImportState {
    /// Its stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Checked => "checked",
            Self::Compared => "compared",
            Self::Waiting => "waiting",
            Self::Written { .. } => "written",
            Self::NothingToDo { .. } => "nothing_to_do",
            Self::Refused { .. } => "refused",
            Self::Failed { .. } => "failed",
            Self::Abandoned { .. } => "abandoned",
            Self::Undone { .. } => "undone",
        }
    }

    /// Whether a worker has it to do: such an import blocks another.
    pub const fn is_running(&self) -> bool {
        matches!(self, Self::Received | Self::Checked | Self::Compared)
    }

    /// Whether it is running or waits for a person: a school has one such import at most.
    pub const fn is_open(&self) -> bool {
        self.is_running() || matches!(self, Self::Waiting)
    }
}

/// The remarks of an import, kept [`REPORT_KEPT_MAX`] for the person who mends the file. They name pupils.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Pupils who could not be imported.
    pub rejected: Vec<Remark<RejectionCode>>,
    /// Pupils who are normally not imported.
    pub set_aside: Vec<Remark<SetAsideCode>>,
    /// What should be known.
    pub warnings: Vec<Remark<WarningCode>>,
    /// What should be known of the whole.
    pub plan: Vec<PlanRemark>,
}

/// What a store holds of an upload: its bytes, then what was read of them, never both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Staged {
    /// As uploaded.
    Bytes(Vec<u8>),
    /// As read.
    Reading(Box<Reading>),
}

/// What becomes of the staged file in a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StagedFate {
    /// It stays.
    Keep,
    /// The reading takes the place of the bytes.
    Read(Box<Reading>),
    /// It is deleted, and so is what would undo the import.
    Discard,
}

/// One step of an import, decided: written whole, or not at all when the import is no longer at `expected`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportStep {
    /// The revision it was decided on.
    pub expected: Revision,
    /// The import after the step, at the next revision.
    pub import: Import,
    /// What becomes of the file.
    pub staged: StagedFate,
    /// The remarks to keep, in place of any before.
    pub report: Option<Report>,
    /// Written with it.
    pub audit: Option<AuditEntry>,
    /// Tells the importer, who may have left, that it ended.
    pub mail: Option<OutgoingMail>,
}

impl Import {
    /// An upload that is just stored.
    pub fn received(
        id: ImportId,
        organization_id: OrganizationId,
        by: AccountId,
        file_name: FileName,
        bytes: usize,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            organization_id,
            by,
            file_name,
            phases: Phases {
                received: mark(now, bytes as u64),
                checked: None,
                compared: None,
                written: None,
            },
            file: None,
            counts: None,
            state: ImportState::Received,
            attempts: 0,
            excused: 0,
            revision: Revision::default(),
        }
    }

    /// Whether no worker ever took it up.
    pub const fn is_queued(&self) -> bool {
        matches!(self.state, ImportState::Received) && self.attempts == 0
    }

    /// Whether who uploaded the file may no longer be there at `now`: it lasted, or a process died on the way.
    pub fn outlasts_attention(&self, now: Timestamp) -> bool {
        self.attempts > 1 || now.duration_since(self.phases.received.at) >= AWAY_AFTER
    }

    /// Whether it was taken up too often for no reason but itself.
    pub const fn is_worn_out(&self) -> bool {
        self.attempts.saturating_sub(self.excused) > ATTEMPTS_MAX
    }

    /// The step to another state.
    pub(crate) fn step(&self, state: ImportState, staged: StagedFate) -> ImportStep {
        ImportStep {
            expected: self.revision,
            import: Self {
                state,
                revision: self.revision.next(),
                ..self.clone()
            },
            staged,
            report: None,
            audit: None,
            mail: None,
        }
    }

    /// The file is read.
    pub fn checked(&self, reading: Reading, now: Timestamp) -> ImportStep {
        let file = reading.file.clone();
        let students = reading.students.len() as u64;
        let mut step = self.step(ImportState::Checked, StagedFate::Read(Box::new(reading)));
        step.import.file = Some(file);
        step.import.phases.checked = Some(mark(now, students));
        step
    }

    /// The file is refused.
    pub fn refused(&self, mut refusal: FileRefusal, now: Timestamp) -> ImportStep {
        let partial = refusal.partial.take().map(|partial| *partial);
        let state = ImportState::Refused { at: now, refusal };
        let mut step = self.step(state, StagedFate::Discard);
        if let Some(partial) = partial {
            step.import.file = Some(partial.file);
            step.report = Some(Report {
                rejected: partial.rejected,
                set_aside: partial.set_aside,
                warnings: partial.warnings,
                plan: Vec::new(),
            });
        }
        step
    }

    /// The plan is computed: it has nothing to do, goes straight to the roster, or waits for a person.
    pub fn compared(&self, plan: &Plan, now: Timestamp) -> ImportStep {
        let (state, staged) = if plan.is_empty() {
            (ImportState::NothingToDo { at: now }, StagedFate::Discard)
        } else if plan.confirmation == Confirmation::None {
            (ImportState::Compared, StagedFate::Keep)
        } else {
            (ImportState::Waiting, StagedFate::Keep)
        };
        let mut step = self.step(state, staged);
        step.import.counts = Some(plan.counts());
        step.import.phases.compared = Some(mark(now, u64::from(plan.changes())));
        step.report = Some(Report::of(plan));
        step
    }

    /// The product failed.
    pub fn failed(&self, because: ImportFailure, now: Timestamp) -> ImportStep {
        let state = ImportState::Failed { at: now, because };
        self.step(state, StagedFate::Discard)
    }

    /// The plan will not be applied. `by` is none when it waited too long.
    pub fn abandoned(&self, by: Option<AccountId>, now: Timestamp) -> ImportStep {
        self.step(ImportState::Abandoned { at: now, by }, StagedFate::Discard)
    }
}

impl Report {
    /// The remarks of a plan.
    pub fn of(plan: &Plan) -> Self {
        Self {
            rejected: plan.rejected.clone(),
            set_aside: plan.set_aside.clone(),
            warnings: plan.warnings.clone(),
            plan: plan.remarks.clone(),
        }
    }
}

impl ImportCounts {
    /// Pupils of the file who are in the space once it is written.
    pub const fn present(&self) -> u32 {
        self.added + self.updated + self.returning + self.unchanged
    }

    /// Records written.
    pub const fn changes(&self) -> u32 {
        self.added + self.updated + self.returning + self.leaving
    }
}

pub(crate) const fn mark(at: Timestamp, count: u64) -> Mark {
    Mark { at, count }
}
