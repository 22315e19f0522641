//! Handing out all that is kept of a pupil, and erasing it: by an administrator of the school, or by an operator.

use std::sync::Arc;

use super::store::DossierStore;
use super::{Dossier, DossierRefusal, Whom};
use crate::audit::{Action, Actor, AuditEntry};
use crate::chance::Chance;
use crate::clock::{Clock, day_in_paris};
use crate::ids::StudentId;
use crate::organization::Organization;
use crate::organization::store::OrganizationStore;
use crate::refusal::Denied;
use crate::roster::forgetting::{Forgetting, Trace, without};
use crate::roster::store::{ImportStore, RosterStore};
use crate::store::deciding_again;
use crate::team::Member;
use crate::uai::Uai;

type Outcome<T> = Result<T, Denied<DossierRefusal>>;

/// What is kept of one pupil.
pub struct Dossiers {
    /// Where it is read.
    pub store: Arc<dyn DossierStore>,
    /// Where pupils are erased.
    pub rosters: Arc<dyn RosterStore>,
    /// Where remarks name pupils.
    pub imports: Arc<dyn ImportStore>,
    /// Where operators name schools.
    pub organizations: Arc<dyn OrganizationStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

impl Dossiers {
    /// All that is kept of a pupil of the school. The trail says that it was handed out.
    ///
    /// # Errors
    /// `role_insufficient`; `not_found`, for another school's alike.
    pub async fn export(&self, by: &Member, student: StudentId) -> Outcome<Dossier> {
        by.require_administrator(DossierRefusal::RoleInsufficient)?;
        let actor = Actor::Account(by.account.id);
        self.hand_out(&by.organization, student, actor).await
    }

    /// The same, by an operator.
    ///
    /// # Errors
    /// `not_found`: the school or the pupil.
    pub async fn export_by_operator(&self, school: Uai, whom: &Whom) -> Outcome<Dossier> {
        let (school, student) = self.named(school, whom).await?;
        self.hand_out(&school, student, Actor::Operator).await
    }

    /// Erases a pupil of the school with all that hangs on them. SIECLE may name them again at the next import.
    ///
    /// # Errors
    /// `role_insufficient`; `not_found`; `import_open` while an import is open: its file may name them.
    pub async fn erase(&self, by: &Member, student: StudentId) -> Outcome<()> {
        by.require_administrator(DossierRefusal::RoleInsufficient)?;
        let actor = Actor::Account(by.account.id);
        self.forget(&by.organization, student, actor).await
    }

    /// The same, by an operator.
    ///
    /// # Errors
    /// `not_found`, `import_open`.
    pub async fn erase_by_operator(&self, school: Uai, whom: &Whom) -> Outcome<()> {
        let (school, student) = self.named(school, whom).await?;
        self.forget(&school, student, Actor::Operator).await
    }

    async fn named(&self, school: Uai, whom: &Whom) -> Outcome<(Organization, StudentId)> {
        let school = self.organizations.find_by_uai(school).await?;
        let school = school.ok_or(DossierRefusal::NotFound)?;
        let student = match whom {
            Whom::Id(student) => *student,
            Whom::Number(number) => self
                .store
                .by_number(school.id, number)
                .await?
                .ok_or(DossierRefusal::NotFound)?,
        };
        Ok((school, student))
    }

    async fn hand_out(
        &self,
        school: &Organization,
        student: StudentId,
        actor: Actor,
    ) -> Outcome<Dossier> {
        let kept = self.store.kept(school.id, student).await?;
        let kept = kept.ok_or(DossierRefusal::NotFound)?;
        let reports = self.imports.reports(school.id).await?;
        let dossier = Dossier::of(school, kept, &reports, self.clock.now());
        let action = Action::StudentExported { student };
        let audit = self.audit(school, actor, action);
        self.store.record_export(&audit).await?;
        Ok(dossier)
    }

    async fn forget(&self, school: &Organization, student: StudentId, actor: Actor) -> Outcome<()> {
        deciding_again(|| async {
            // The revision first: who is read after it is no older.
            let today = day_in_paris(self.clock.now());
            let expected = self.rosters.summary(school.id, today).await?.revision;
            let line = self.rosters.student(school.id, student).await?;
            let line = line.ok_or(DossierRefusal::NotFound)?;
            if self.imports.open(school.id).await?.is_some() {
                return Err(DossierRefusal::ImportOpen.into());
            }
            let reports = self.imports.reports(school.id).await?;
            let forgetting = Forgetting {
                organization_id: school.id,
                expected,
                students: vec![student],
                trace: Trace::Nothing,
                reports: without(reports, &[line.student]),
                audit: self.audit(school, actor, Action::StudentErased { student }),
            };
            Ok(self.rosters.record_forgetting(&forgetting).await?)
        })
        .await
    }

    fn audit(&self, school: &Organization, actor: Actor, action: Action) -> AuditEntry {
        AuditEntry::new(
            school.id,
            actor,
            action,
            self.chance.as_ref(),
            self.clock.now(),
        )
    }
}
