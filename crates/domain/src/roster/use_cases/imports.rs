//! Importing a roster: upload, look at the plan, confirm or abandon, undo.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::applying::{Allowance, AppliedImport, Applying, Undo, undoable};
use super::super::import::{
    FileName, Import, ImportState, ImportStep, Report, Staged, UPLOAD_BYTES_MAX,
};
use super::super::plan::{Confirmation, Plan};
use super::super::reader::ReadingRoom;
use super::super::refusal::RosterRefusal;
use super::super::store::{ImportStore, RosterStore, Staging, StagingError};
use super::super::{Roster, RosterSummary};
use crate::account::store::AccountStore;
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::{Chance, new_id};
use crate::clock::{Clock, day_in_paris};
use crate::ids::ImportId;
use crate::organization::store::OrganizationStore;
use crate::outbox::MailChannel;
use crate::reconciliation::judge::Judge;
use crate::refusal::Denied;
use crate::store::{Failure, MaybeStale, Revision, deciding_again};
use crate::team::Member;

/// Imports that the history shows.
pub const HISTORY_MAX: u32 = 50;

pub(super) type Outcome<T> = Result<T, Denied<RosterRefusal>>;

/// Imports of rosters: what a person does, and (in [`super::work`]) what a worker does.
pub struct Imports {
    /// Where rosters live.
    pub rosters: Arc<dyn RosterStore>,
    /// Where imports live.
    pub store: Arc<dyn ImportStore>,
    /// Where schools live.
    pub organizations: Arc<dyn OrganizationStore>,
    /// Where importers' addresses are.
    pub accounts: Arc<dyn AccountStore>,
    /// Whether mails can leave.
    pub mail: MailChannel,
    /// Where files are read.
    pub room: Arc<dyn ReadingRoom>,
    /// Judges waiting requests on the new roster.
    pub judge: Arc<Judge>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

/// A person's answer to a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// The revision of the roster that the plan they saw was computed on.
    pub shown: Revision,
    /// The number of leavers they typed, where one is asked.
    pub leavers: Option<u32>,
}

/// An import of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// The import.
    pub import: Import,
    /// Whether it can be undone now.
    pub undoable: bool,
}

impl Imports {
    /// Whether an upload would be stored now: asked before it is received.
    ///
    /// # Errors
    /// `role_insufficient`, `import_in_progress`, `roster_already_imported`.
    pub async fn may_receive(&self, by: &Member) -> Outcome<()> {
        by.require_administrator(RosterRefusal::RoleInsufficient)?;
        self.replaced(by, self.clock.now()).await?;
        Ok(())
    }

    /// Stores an upload, to be read by a worker. It replaces a plan that waits.
    ///
    /// # Errors
    /// `role_insufficient`, `too_large`, `import_in_progress`, `roster_already_imported`.
    pub async fn receive(
        &self,
        by: &Member,
        file_name: FileName,
        bytes: Vec<u8>,
    ) -> Outcome<Import> {
        by.require_administrator(RosterRefusal::RoleInsufficient)?;
        if bytes.len() > UPLOAD_BYTES_MAX {
            return Err(RosterRefusal::TooLarge.into());
        }
        let organization_id = by.organization_id();
        let now = self.clock.now();
        let id = ImportId(new_id(self.chance.as_ref(), now));
        let import = Import::received(
            id,
            organization_id,
            by.account.id,
            file_name,
            bytes.len(),
            now,
        );
        let mut staging = Staging {
            import,
            bytes,
            replaces: None,
        };
        for _ in 0..crate::store::DECISIONS_MAX {
            staging.replaces = self.replaced(by, now).await?;
            match self.store.stage(&staging).await {
                Ok(()) => return Ok(staging.import),
                Err(StagingError::Failure(failure)) => return Err(failure.into()),
                Err(error) => debug_assert!(error.is_stale()),
            }
        }
        Err(RosterRefusal::ImportInProgress.into())
    }

    /// The last step of the plan that a new upload would replace.
    async fn replaced(&self, by: &Member, now: Timestamp) -> Outcome<Option<ImportStep>> {
        let organization = by.organization_id();
        let today = day_in_paris(now);
        let roster = self.rosters.summary(organization, today).await?;
        Allowance::under(by.organization.import_policy, roster.last_import)?;
        match self.store.open(organization).await? {
            Some(open) if open.state.is_running() => Err(RosterRefusal::ImportInProgress.into()),
            open => Ok(open.map(|waiting| self.abandoning(&waiting, by, now))),
        }
    }

    /// The state of an import.
    ///
    /// # Errors
    /// `not_found`, for another school's alike.
    pub async fn status(&self, member: &Member, import: ImportId) -> Outcome<Import> {
        let found = self.store.find(member.organization_id(), import).await?;
        Ok(found.ok_or(RosterRefusal::NotFound)?)
    }

    /// How many imports pass before one that waits for its turn: 0 once a worker has it, or nothing is before it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn ahead_of(&self, import: &Import) -> Result<u64, Failure> {
        if import.is_queued() {
            self.store.ahead_of(import).await
        } else {
            Ok(0)
        }
    }

    /// The running or waiting import of the school.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open(&self, member: &Member) -> Result<Option<Import>, Failure> {
        self.store.open(member.organization_id()).await
    }

    /// The plan of an import that waits, computed on the roster as it is now.
    ///
    /// # Errors
    /// `role_insufficient`, `not_found`, `plan_not_waiting`.
    pub async fn plan(&self, by: &Member, import: ImportId) -> Outcome<Plan> {
        by.require_administrator(RosterRefusal::RoleInsufficient)?;
        let import = self.status(by, import).await?;
        Ok(self.waiting(&import).await?.1)
    }

    /// Applies a plan as it was shown.
    ///
    /// # Errors
    /// `role_insufficient`, `not_found`, `plan_not_waiting`, `roster_already_imported`, `plan_stale`,
    /// `leavers_count_wrong`.
    pub async fn confirm(&self, by: &Member, import: ImportId, answer: Answer) -> Outcome<Import> {
        by.require_administrator(RosterRefusal::RoleInsufficient)?;
        let written: Outcome<Import> = deciding_again(|| async {
            let now = self.clock.now();
            let import = self.status(by, import).await?;
            let (roster, plan) = self.waiting(&import).await?;
            answered(&plan, answer)?;
            let applying = Applying {
                confirmed_by: Some(by.account.id),
                policy: by.organization.import_policy,
                chance: self.chance.as_ref(),
                now,
            };
            let applied = AppliedImport::decide(&roster, &import, &plan, applying)?;
            self.rosters.record_import(&applied).await?;
            Ok(applied.step.import)
        })
        .await;
        let written = written?;
        self.judge_again(&written).await;
        Ok(written)
    }

    /// Gives up a plan that waits; its file is deleted.
    ///
    /// # Errors
    /// `role_insufficient`, `not_found`, `plan_not_waiting`.
    pub async fn abandon(&self, by: &Member, import: ImportId) -> Outcome<Import> {
        by.require_administrator(RosterRefusal::RoleInsufficient)?;
        deciding_again(|| async {
            let import = self.status(by, import).await?;
            require_waiting(&import)?;
            let step = self.abandoning(&import, by, self.clock.now());
            self.store.record_step(&step).await?;
            Ok(step.import)
        })
        .await
    }

    /// Puts the roster back as it was before the last import.
    ///
    /// # Errors
    /// `role_insufficient`, `not_found`, `undo_expired`.
    pub async fn undo(&self, by: &Member, import: ImportId) -> Outcome<Import> {
        by.require_administrator(RosterRefusal::RoleInsufficient)?;
        let undone: Outcome<Import> = deciding_again(|| async {
            let now = self.clock.now();
            let import = self.status(by, import).await?;
            let roster = self.summary(by).await?;
            let inverse = self.store.inverse(import.id).await?;
            let inverse = inverse.ok_or(RosterRefusal::UndoExpired)?;
            let chance = self.chance.as_ref();
            let undo = Undo::decide(&roster, &import, inverse, by.account.id, chance, now)?;
            self.rosters.record_undo(&undo).await?;
            Ok(undo.step.import)
        })
        .await;
        let undone = undone?;
        self.judge_again(&undone).await;
        Ok(undone)
    }

    /// The last imports, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn history(&self, member: &Member) -> Result<Vec<Past>, Failure> {
        let organization = member.organization_id();
        let roster = self.summary(member).await?;
        let imports = self.store.history(organization, HISTORY_MAX).await?;
        Ok(imports
            .into_iter()
            .map(|import| self.seen(import, &roster))
            .collect())
    }

    /// One import of the history, with its remarks while they are kept.
    ///
    /// # Errors
    /// `not_found`, for another school's alike.
    pub async fn report(
        &self,
        member: &Member,
        import: ImportId,
    ) -> Outcome<(Past, Option<Report>)> {
        let past = self.past(member, import).await?;
        let report = self
            .store
            .report(member.organization_id(), past.import.id)
            .await?;
        Ok((past, report))
    }

    /// One import of the history, without its remarks.
    ///
    /// # Errors
    /// `not_found`, for another school's alike.
    pub async fn past(&self, member: &Member, import: ImportId) -> Outcome<Past> {
        let import = self.status(member, import).await?;
        let roster = self.summary(member).await?;
        Ok(self.seen(import, &roster))
    }

    /// Judges the waiting requests of the school on the roster that was just written. It is written, whatever comes of
    /// this: the next look of [`Judge::catch_up`] makes up for a failure.
    pub(super) async fn judge_again(&self, written: &Import) {
        let _ = self.judge.judge(written.organization_id).await;
    }

    async fn summary(&self, member: &Member) -> Result<RosterSummary, Failure> {
        let today = day_in_paris(self.clock.now());
        self.rosters.summary(member.organization_id(), today).await
    }

    fn seen(&self, import: Import, roster: &RosterSummary) -> Past {
        Past {
            undoable: undoable(roster, &import, self.clock.now()),
            import,
        }
    }

    fn abandoning(&self, waiting: &Import, by: &Member, now: Timestamp) -> ImportStep {
        let mut step = waiting.abandoned(Some(by.account.id), now);
        step.audit = Some(AuditEntry::new(
            waiting.organization_id,
            Actor::Account(by.account.id),
            Action::ImportAbandoned { import: waiting.id },
            self.chance.as_ref(),
            now,
        ));
        step
    }

    /// The roster as it is, and the plan that a waiting import makes on it.
    async fn waiting(&self, import: &Import) -> Outcome<(Roster, Plan)> {
        require_waiting(import)?;
        let Some(Staged::Reading(reading)) = self.store.staged(import.id).await? else {
            return Err(RosterRefusal::PlanNotWaiting.into());
        };
        let roster = self.rosters.load(import.organization_id).await?;
        let today = day_in_paris(self.clock.now());
        let plan = Plan::compute(&roster, &reading, today);
        Ok((roster, plan))
    }
}

fn require_waiting(import: &Import) -> Result<(), RosterRefusal> {
    if import.state == ImportState::Waiting {
        Ok(())
    } else {
        Err(RosterRefusal::PlanNotWaiting)
    }
}

/// Whether a person's answer is the one the plan asks for.
fn answered(plan: &Plan, answer: Answer) -> Result<(), RosterRefusal> {
    if plan.on != answer.shown {
        return Err(RosterRefusal::PlanStale);
    }
    match plan.confirmation {
        Confirmation::TypeLeavers(leavers) if answer.leavers != Some(leavers) => {
            Err(RosterRefusal::LeaversCountWrong)
        }
        _ => Ok(()),
    }
}
