//! Rosters.

use async_trait::async_trait;
use jiff::civil::Date;
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::applying::{Allowance, AppliedImport, Undo};
use pix_orga_domain::roster::due::DueLeaves;
use pix_orga_domain::roster::forgetting::Forgetting;
use pix_orga_domain::roster::listing::{ClassCount, Line, Lines, ListQuery, Overview};
use pix_orga_domain::roster::store::RosterStore;
use pix_orga_domain::roster::{LastImport, Roster, RosterSummary};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_store_rows::roster::RosterRecord;
use pix_orga_store_rows::value::{json, micros};

use crate::convert::OrFailure;
use crate::{Connection, PgStore, Transaction, audit};

mod forgetting;
mod imports;
mod list;
mod students;

use imports::write_step;
pub(crate) use pix_orga_store_rows::student::StudentRecord;

#[async_trait]
impl RosterStore for PgStore {
    async fn load(&self, organization: OrganizationId) -> Result<Roster, Failure> {
        // The revision is that of the students read.
        let mut snapshot = self.snapshot().await?;
        let summary = summary_of(&mut snapshot, organization, 0).await?;
        let records = sqlx::query_as!(
            StudentRecord,
            r#"SELECT id, organization_id, eleve_id, ine, last_name, usage_name, first_name, other_first_names,
                birthdate::text AS "birthdate!", sex, division, mef, leaves_on::text, left_on::text
               FROM students WHERE organization_id = $1 AND eleve_id IS NOT NULL"#,
            organization.0
        )
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
        Ok(Roster {
            organization_id: organization,
            students: records
                .into_iter()
                .map(StudentRecord::student)
                .collect::<Result<_, _>>()?,
            revision: summary.revision,
            last_import: summary.last_import,
            undoable: summary.undoable,
        })
    }

    async fn summary(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<RosterSummary, Failure> {
        let mut snapshot = self.snapshot().await?;
        let present = sqlx::query_scalar!(
            r#"SELECT COUNT(*) AS "present!" FROM students
               WHERE organization_id = $1 AND left_on IS NULL
                AND (leaves_on IS NULL OR leaves_on >= $2::text::date)"#,
            organization.0,
            on.to_string()
        )
        .fetch_one(&mut *snapshot)
        .await
        .or_failure()?;
        let present = u32::try_from(present).map_err(Failure::new)?;
        summary_of(&mut snapshot, organization, present).await
    }

    async fn list(&self, query: &ListQuery) -> Result<Lines, Failure> {
        let mut snapshot = self.snapshot().await?;
        let waiting = list::waiting(&mut snapshot, query.organization_id).await?;
        list::lines(&mut snapshot, query, &waiting, None).await
    }

    async fn overview(&self, query: &ListQuery) -> Result<Overview, Failure> {
        let (organization, mut snapshot) = (query.organization_id, self.snapshot().await?);
        let waiting = list::waiting(&mut snapshot, organization).await?;
        let classes = list::classes(&mut snapshot, organization, query.on, &waiting).await?;
        let present = ClassCount::pupils(&classes, None);
        let total = query.total_by(&classes);
        Ok(Overview {
            summary: summary_of(&mut snapshot, organization, present).await?,
            lines: list::lines(&mut snapshot, query, &waiting, total).await?,
            classes,
        })
    }

    async fn classes(
        &self,
        organization: OrganizationId,
        on: Date,
    ) -> Result<Vec<ClassCount>, Failure> {
        let mut snapshot = self.snapshot().await?;
        let waiting = list::waiting(&mut snapshot, organization).await?;
        list::classes(&mut snapshot, organization, on, &waiting).await
    }

    async fn student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Line>, Failure> {
        list::line(&mut *self.snapshot().await?, organization, student).await
    }

    async fn record_import(&self, applied: &AppliedImport) -> Result<(), RecordError> {
        let mut write = self.begin().await?;
        let stand = Stand {
            organization: applied.organization_id,
            expected: applied.expected,
            last_import: Some(applied.last_import),
        };
        stand.on_import(&mut write).await?;
        write_step(&mut write, &applied.step).await?;
        let renumbered = &applied.inverse.renumbered;
        students::take_numbers_away(&mut write, applied.organization_id, renumbered).await?;
        students::insert(&mut write, &applied.inserted).await?;
        students::rewrite(&mut write, &applied.rewritten).await?;
        let import = applied.last_import.import_id.0;
        let at = micros(applied.last_import.at);
        let inverse = json(&applied.inverse)?;
        sqlx::query!(
            "INSERT INTO import_inverses (import_id, staged_at, inverse) VALUES ($1, $2, $3)",
            import,
            at,
            inverse
        )
        .execute(&mut *write)
        .await
        .or_failure()?;
        if applied.allowance == Allowance::Used {
            change_allowance(&mut write, applied.organization_id, -1).await?;
        }
        write.commit().await.or_failure()?;
        Ok(())
    }

    async fn record_undo(&self, undo: &Undo) -> Result<(), RecordError> {
        let mut write = self.begin().await?;
        let stand = Stand {
            organization: undo.organization_id,
            expected: undo.expected,
            last_import: undo.inverse.last_import,
        };
        stand.on_undo(&mut write, undo).await?;
        write_step(&mut write, &undo.step).await?;
        students::delete(&mut write, undo.organization_id, &undo.inverse.inserted).await?;
        let renumbered = &undo.inverse.renumbered;
        students::take_numbers_away(&mut write, undo.organization_id, renumbered).await?;
        students::rewrite(&mut write, &undo.inverse.before).await?;
        if undo.inverse.allowance == Allowance::Used {
            change_allowance(&mut write, undo.organization_id, 1).await?;
        }
        write.commit().await.or_failure()?;
        Ok(())
    }

    async fn record_due_leaves(&self, leaves: &DueLeaves) -> Result<(), RecordError> {
        let mut write = self.begin().await?;
        let guard = sqlx::query!(
            "UPDATE rosters SET revision = $1 WHERE organization_id = $2 AND revision = $3",
            leaves.expected.next().0,
            leaves.organization_id.0,
            leaves.expected.0
        )
        .execute(&mut *write)
        .await
        .or_failure()?;
        guarded(guard.rows_affected())?;
        students::leave(&mut write, leaves).await?;
        audit::insert(&mut write, &leaves.audit).await?;
        write.commit().await.or_failure()?;
        Ok(())
    }

    async fn record_forgetting(&self, forgetting: &Forgetting) -> Result<(), RecordError> {
        forgetting::forget(self, forgetting).await
    }
}

/// The summary of a roster whose present pupils were counted.
async fn summary_of(
    connection: &mut Connection,
    organization: OrganizationId,
    present: u32,
) -> Result<RosterSummary, Failure> {
    let row = sqlx::query_as!(
        RosterRecord,
        r#"SELECT revision, last_import, undoable_import_id as "undoable"
           FROM rosters WHERE organization_id = $1"#,
        organization.0
    )
    .fetch_optional(&mut *connection)
    .await
    .or_failure()?;
    row.map_or_else(
        || Ok(RosterSummary::empty(organization)),
        |row| row.summary(organization, present),
    )
}

/// What the roster stands on after a write, and the guard of that write.
struct Stand {
    organization: OrganizationId,
    expected: Revision,
    last_import: Option<LastImport>,
}

impl Stand {
    /// The first import of a school makes its row; the upsert is the guard.
    async fn on_import(&self, write: &mut Transaction) -> Result<(), RecordError> {
        let last_import = json(&self.last_import)?;
        let import = self.last_import.map(|last| last.import_id.0);
        let (expected, next) = (self.expected.0, self.expected.next().0);
        let written = sqlx::query!(
            "INSERT INTO rosters (organization_id, revision, last_import, undoable_import_id)
             SELECT $1, $2, $3, $4
             WHERE $5::bigint = 0 OR EXISTS (SELECT 1 FROM rosters WHERE organization_id = $1)
             ON CONFLICT (organization_id) DO UPDATE
             SET revision = excluded.revision, last_import = excluded.last_import,
                 undoable_import_id = excluded.undoable_import_id
             WHERE rosters.revision = $5",
            self.organization.0,
            next,
            last_import,
            import,
            expected
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
        guarded(written.rows_affected())
    }

    async fn on_undo(&self, write: &mut Transaction, undo: &Undo) -> Result<(), RecordError> {
        let last_import = self.last_import.as_ref().map(json).transpose()?;
        let (expected, next) = (self.expected.0, self.expected.next().0);
        let written = sqlx::query!(
            "UPDATE rosters SET revision = $1, last_import = $2, undoable_import_id = NULL
             WHERE organization_id = $3 AND revision = $4 AND undoable_import_id = $5",
            next,
            last_import,
            self.organization.0,
            expected,
            undo.import_id.0
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
        guarded(written.rows_affected())
    }
}

/// Zero rows: somebody else wrote first.
fn guarded(rows: u64) -> Result<(), RecordError> {
    if rows == 0 {
        Err(RecordError::Stale)
    } else {
        Ok(())
    }
}

/// The school's own revision moves on, so that an operator who changes the allowance meanwhile decides again.
async fn change_allowance(
    write: &mut Transaction,
    organization: OrganizationId,
    change: i64,
) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE organizations SET imports_allowed = GREATEST(imports_allowed + $1, 0), revision = revision + 1 WHERE id = $2",
        change,
        organization.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}
