//! The worker's side of imports: what is uploaded is read, compared and, when nobody has to be asked, written.
//!
//! Each step is a guarded write, so that a process killed anywhere leaves an import that another takes up where it
//! was, and a worker that was thought dead can write no more.

use jiff::Timestamp;

use super::super::applying::{AppliedImport, Applying};
use super::super::import::{
    GIVEN_BACK_REST, Import, ImportFailure, ImportState, ImportStep, LEASE, Staged,
};
use super::super::plan::Plan;
use super::super::reader::ReadFor;
use super::super::reading::{FileRefusal, Reading};
use super::imports::Imports;
use crate::chance::new_id;
use crate::clock::day_in_paris;
use crate::ids::MailId;
use crate::organization::Organization;
use crate::organization::replacement::StrangeNumber;
use crate::outbox::{MailChannel, Notice, OutgoingMail};
use crate::store::{Failure, RecordError};
use crate::uai::Uai;

impl Imports {
    /// Takes up an import that waits for a worker. Then [`Imports::run`] it, with a [`Imports::heartbeat`] every
    /// [`super::super::import::HEARTBEAT`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim(&self) -> Result<Option<Import>, Failure> {
        let now = self.clock.now();
        self.store.claim(now, now + LEASE).await
    }

    /// Says that the worker is alive. False: the import is over, or another worker's.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn heartbeat(&self, claimed: &Import) -> Result<bool, Failure> {
        let lease = self.clock.now() + LEASE;
        self.store
            .heartbeat(claimed.id, claimed.attempts, lease)
            .await
    }

    /// Says that the database cut the work on a claimed import short: the attempt does not count, and another takes it up
    /// after [`GIVEN_BACK_REST`].
    ///
    /// # Errors
    /// When the store still fails: to be said again.
    pub async fn give_back(&self, claimed: &Import) -> Result<(), Failure> {
        let again_at = self.clock.now() + GIVEN_BACK_REST;
        self.store
            .give_back(claimed.id, claimed.attempts, again_at)
            .await
    }

    /// Takes up an import and runs it. False: there is nothing to do.
    ///
    /// # Errors
    /// When the store fails; the import is taken up again later.
    pub async fn run_next(&self) -> Result<bool, Failure> {
        match self.claim().await? {
            Some(claimed) => self.run(claimed).await.map(|()| true),
            None => Ok(false),
        }
    }

    /// Runs a claimed import to its end, or to the plan that a person must confirm. When somebody else took it, this
    /// stops and writes nothing.
    ///
    /// # Errors
    /// When the store fails; the import is taken up again later.
    pub async fn run(&self, claimed: Import) -> Result<(), Failure> {
        let mut import = claimed;
        while import.state.is_running() {
            match self.advance(&import).await {
                Ok(next) => import = next,
                Err(RecordError::Stale) => return Ok(()),
                Err(RecordError::Failure(failure)) => return Err(failure),
            }
        }
        Ok(())
    }

    /// The next step of a running import, decided and written.
    async fn advance(&self, import: &Import) -> Result<Import, RecordError> {
        let now = self.clock.now();
        if import.is_worn_out() {
            let step = import.failed(ImportFailure::TooManyAttempts, now);
            return self.write(step).await;
        }
        let organization = self.organizations.find(import.organization_id).await?;
        let (Some(organization), Some(staged)) =
            (organization, self.store.staged(import.id).await?)
        else {
            return self
                .write(import.failed(ImportFailure::FileGone, now))
                .await;
        };
        match staged {
            Staged::Bytes(bytes) => {
                let step = self.read(import, &organization, bytes, now).await;
                self.write(step).await
            }
            Staged::Reading(reading) => self.compare(import, &organization, &reading, now).await,
        }
    }

    async fn read(
        &self,
        import: &Import,
        organization: &Organization,
        bytes: Vec<u8>,
        now: Timestamp,
    ) -> ImportStep {
        let on = day_in_paris(now);
        let read = self
            .room
            .read(bytes, ReadFor::school(organization), on)
            .await;
        let now = self.clock.now();
        match read {
            Ok(Ok(reading)) => import.checked(reading, now),
            Ok(Err(refusal)) => import.refused(self.explained(refusal, organization).await, now),
            Err(_) => import.failed(ImportFailure::ReadingFailed, now),
        }
    }

    /// A file may bear a number that this school had, or that it is about to have: the person is told. When the store
    /// fails, they read that the file is another school's, which is true.
    async fn explained(&self, refusal: FileRefusal, school: &Organization) -> FileRefusal {
        let Some(found) = refusal.stranger() else {
            return refusal;
        };
        match self.strange_number(found, school).await {
            Ok(Some(number)) => refusal.of_number(number),
            Ok(None) | Err(_) => refusal,
        }
    }

    async fn strange_number(
        &self,
        found: Uai,
        school: &Organization,
    ) -> Result<Option<StrangeNumber>, Failure> {
        if school.former_uais.contains(&found) {
            return Ok(Some(StrangeNumber::Former));
        }
        let Some(holder) = self.organizations.find_by_uai(found).await? else {
            return Ok(None);
        };
        let perhaps_new = school.is_like(&holder) && self.organizations.is_blank(holder.id).await?;
        Ok(perhaps_new.then_some(StrangeNumber::PerhapsNew))
    }

    /// Computes the plan; once it is known to go straight to the roster, writes it.
    async fn compare(
        &self,
        import: &Import,
        organization: &Organization,
        reading: &Reading,
        now: Timestamp,
    ) -> Result<Import, RecordError> {
        let roster = self.rosters.load(import.organization_id).await?;
        let plan = Plan::compute(&roster, reading, day_in_paris(now));
        let mut compared = import.compared(&plan, self.clock.now());
        if matches!(compared.import.state, ImportState::NothingToDo { .. }) {
            compared.mail = self.news(&compared.import, organization).await?;
        }
        if import.state != ImportState::Compared || compared.import.state != ImportState::Compared {
            return self.write(compared).await;
        }
        let applying = Applying {
            confirmed_by: None,
            policy: organization.import_policy,
            chance: self.chance.as_ref(),
            now: self.clock.now(),
        };
        match AppliedImport::decide(&roster, import, &plan, applying) {
            Ok(mut applied) => {
                applied.step.mail = self.news(&applied.step.import, organization).await?;
                self.rosters.record_import(&applied).await?;
                self.judge_again(&applied.step.import).await;
                Ok(applied.step.import)
            }
            Err(_) => Err(RecordError::Stale),
        }
    }

    /// The mail that tells the importer that it ended, when they may be away.
    async fn news(
        &self,
        import: &Import,
        organization: &Organization,
    ) -> Result<Option<OutgoingMail>, Failure> {
        let now = self.clock.now();
        if self.mail == MailChannel::NotConfigured || !import.outlasts_attention(now) {
            return Ok(None);
        }
        let importer = self.accounts.find(import.by).await?;
        Ok(importer.map(|importer| OutgoingMail {
            id: MailId(new_id(self.chance.as_ref(), now)),
            to: importer.email,
            notice: Notice::ImportFinished {
                school: organization.name_in_full(),
                students: import.counts.map_or(0, |counts| counts.present()),
            },
            token: None,
            organization_id: Some(organization.id),
            invitation_id: None,
            queued_at: now,
        }))
    }

    async fn write(&self, step: ImportStep) -> Result<Import, RecordError> {
        self.store.record_step(&step).await?;
        Ok(step.import)
    }
}
