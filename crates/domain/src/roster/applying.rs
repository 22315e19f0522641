//! Writing a plan, and putting the roster back: two decided values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::import::{Import, ImportState, ImportStep, StagedFate, UNDO_MAX, mark};
use super::plan::Plan;
use super::refusal::RosterRefusal;
use super::{LastImport, Presence, Roster, RosterSummary, Student};
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::{Chance, new_id};
use crate::ids::{AccountId, ImportId, OrganizationId, StudentId};
use crate::organization::ImportPolicy;
use crate::store::Revision;

/// What an import does to the school's allowance of imports (policy `once`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Allowance {
    /// Nothing.
    Kept,
    /// One of those an operator allowed is used up.
    Used,
}

impl Allowance {
    /// Whether a policy lets another import be made, and at what cost. A first import is always free.
    ///
    /// # Errors
    /// `roster_already_imported`.
    pub fn under(policy: ImportPolicy, last: Option<LastImport>) -> Result<Self, RosterRefusal> {
        match policy {
            _ if last.is_none() => Ok(Self::Kept),
            ImportPolicy::Updatable => Ok(Self::Kept),
            ImportPolicy::Once { allowed: 0 } => Err(RosterRefusal::RosterAlreadyImported),
            ImportPolicy::Once { .. } => Ok(Self::Used),
        }
    }
}

/// A plan to write: the exact records, under the revision of the roster it was computed on.
///
/// The store moves the roster to the next revision, sets its last import and makes this one undoable; with
/// [`Allowance::Used`] it takes one from the school's allowance. Every record, the step, the inverse and the audit
/// entry are one write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedImport {
    /// The school.
    pub organization_id: OrganizationId,
    /// The revision of the roster it was decided on.
    pub expected: Revision,
    /// Records to insert.
    pub inserted: Vec<Student>,
    /// Records to write over: updated, returning and leaving pupils.
    pub rewritten: Vec<Student>,
    /// What the roster then stands on.
    pub last_import: LastImport,
    /// What it does to the school's allowance.
    pub allowance: Allowance,
    /// What would put everything back.
    pub inverse: Inverse,
    /// The import's own step. Its audit entry is the import's.
    pub step: ImportStep,
}

/// What puts the roster back as it was before an import. It names pupils: kept as long as the undoing is possible,
/// [`UNDO_MAX`] at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inverse {
    /// Records to delete.
    pub inserted: Vec<StudentId>,
    /// Records as they were.
    pub before: Vec<Student>,
    /// Those among `before` whose INE or `ELEVE_ID` changes. Each number is borne once, and two records can exchange
    /// theirs: the store takes the numbers of these away before it writes any record, at the import and at its undoing.
    #[serde(default)]
    pub renumbered: Vec<StudentId>,
    /// What the roster stood on.
    pub last_import: Option<LastImport>,
    /// What the import did to the school's allowance.
    pub allowance: Allowance,
}

/// Whose hand applies a plan, when, and with whose randomness.
#[derive(Clone, Copy)]
pub struct Applying<'a> {
    /// Who confirmed; none when it goes straight.
    pub confirmed_by: Option<AccountId>,
    /// The school's policy.
    pub policy: ImportPolicy,
    /// Randomness, for the ids of new pupils.
    pub chance: &'a dyn Chance,
    /// Now.
    pub now: Timestamp,
}

impl AppliedImport {
    /// Decides to write a plan.
    ///
    /// # Errors
    /// `roster_already_imported`; `plan_stale` when the plan was computed on another revision.
    pub fn decide(
        roster: &Roster,
        import: &Import,
        plan: &Plan,
        by: Applying<'_>,
    ) -> Result<Self, RosterRefusal> {
        if plan.on != roster.revision {
            return Err(RosterRefusal::PlanStale);
        }
        let allowance = Allowance::under(by.policy, roster.last_import)?;
        let organization_id = roster.organization_id;
        let enrolled = |row| {
            let id = StudentId(new_id(by.chance, by.now));
            Student::enrolled(id, organization_id, row)
        };
        let inserted: Vec<Student> = plan.added.iter().map(enrolled).collect();
        let rewrites = plan.updated.iter().chain(&plan.returning);
        let mut before: Vec<Student> = rewrites.clone().map(|one| one.before.clone()).collect();
        let mut rewritten: Vec<Student> = rewrites
            .map(|one| one.before.rewritten(&one.row, one.lost))
            .collect();
        for leaving in &plan.leaving {
            before.push(leaving.student.clone());
            rewritten.push(Student {
                presence: Presence::Left { on: leaving.on },
                ..leaving.student.without(leaving.lost)
            });
        }
        for renumbered in &plan.renumbered {
            before.push(renumbered.student.clone());
            rewritten.push(renumbered.student.without(renumbered.lost));
        }
        Ok(Self {
            organization_id,
            expected: roster.revision,
            inverse: Inverse {
                inserted: inserted.iter().map(|student| student.id).collect(),
                renumbered: renumbered(&before, &rewritten),
                before,
                last_import: roster.last_import,
                allowance,
            },
            last_import: LastImport {
                import_id: import.id,
                school_year: plan.file.school_year,
                exported_on: plan.file.exported_on,
                at: by.now,
            },
            step: written(import, plan, by),
            inserted,
            rewritten,
            allowance,
        })
    }
}

/// Those whose numbers differ, of the same records in the same order.
fn renumbered(before: &[Student], after: &[Student]) -> Vec<StudentId> {
    before
        .iter()
        .zip(after)
        .filter(|(before, after)| before.ine != after.ine || before.eleve_id != after.eleve_id)
        .map(|(before, _)| before.id)
        .collect()
}

fn written(import: &Import, plan: &Plan, by: Applying<'_>) -> ImportStep {
    let state = ImportState::Written {
        at: by.now,
        confirmed_by: by.confirmed_by,
    };
    let records = u64::from(plan.changes());
    let mut step = import.step(state, StagedFate::Discard);
    step.import.counts = Some(plan.counts());
    step.import
        .phases
        .compared
        .get_or_insert(mark(by.now, records));
    step.import.phases.written = Some(mark(by.now, records));
    step.report = Some(super::import::Report::of(plan));
    step.audit = Some(AuditEntry::new(
        import.organization_id,
        Actor::Account(by.confirmed_by.unwrap_or(import.by)),
        Action::RosterImported { import: import.id },
        by.chance,
        by.now,
    ));
    step
}

/// The undoing of the last import: the roster is put back as it was, and nothing is undoable any more.
///
/// The store moves the roster to the next revision, sets its last import, gives back the allowance used, deletes and
/// rewrites records, and writes the step: one write, under the revision *and* under `undoable` still naming this
/// import, as a link made in between clears it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The school.
    pub organization_id: OrganizationId,
    /// The import, which the roster must still name as undoable.
    pub import_id: ImportId,
    /// The revision of the roster it was decided on.
    pub expected: Revision,
    /// What to put back.
    pub inverse: Inverse,
    /// The import's own step.
    pub step: ImportStep,
}

impl Undo {
    /// Decides to undo.
    ///
    /// # Errors
    /// `undo_expired` when it is not the last import, when the roster, a link or a request changed since, or after
    /// [`UNDO_MAX`].
    pub fn decide(
        roster: &RosterSummary,
        import: &Import,
        inverse: Inverse,
        by: AccountId,
        chance: &dyn Chance,
        now: Timestamp,
    ) -> Result<Self, RosterRefusal> {
        let ImportState::Written { at: written_at, .. } = import.state else {
            return Err(RosterRefusal::UndoExpired);
        };
        if !undoable(roster, import, now) {
            return Err(RosterRefusal::UndoExpired);
        }
        let state = ImportState::Undone {
            written_at,
            at: now,
            by,
        };
        let mut step = import.step(state, StagedFate::Discard);
        step.audit = Some(AuditEntry::new(
            import.organization_id,
            Actor::Account(by),
            Action::ImportUndone { import: import.id },
            chance,
            now,
        ));
        Ok(Self {
            organization_id: import.organization_id,
            import_id: import.id,
            expected: roster.revision,
            inverse,
            step,
        })
    }
}

/// Whether an import can be undone now.
pub fn undoable(roster: &RosterSummary, import: &Import, now: Timestamp) -> bool {
    match import.state {
        ImportState::Written { at, .. } => {
            roster.undoable == Some(import.id) && now.duration_since(at) <= UNDO_MAX
        }
        _ => false,
    }
}
