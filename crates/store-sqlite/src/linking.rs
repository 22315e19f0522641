//! Links between pupils' accounts and students, and the tries that lead to them.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::ids::{OrganizationId, PupilId, StudentId};
use pix_orga_domain::reconciliation::carried::LinkedElsewhere;
use pix_orga_domain::reconciliation::linking::{LinkMove, Linking, StudentLink, Unlinking};
use pix_orga_domain::reconciliation::requests::SeenIdentity;
use pix_orga_domain::reconciliation::store::{Among, Candidates, LinkRecordError, LinkingStore};
use pix_orga_domain::reconciliation::tries::{Tries, Try};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_store_rows::link::{CandidateRow, HeldLinkRow, LinkRow, ine};
use pix_orga_store_rows::value::{count, day, json, micros};
use uuid::Uuid;

use crate::SqliteStore;
use crate::convert::OrFailure;

mod requests;
mod write;

macro_rules! candidates {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            CandidateRow,
            r#"SELECT s.id as "id: Uuid", s.eleve_id, s.ine, s.last_name, s.usage_name, s.first_name, s.other_first_names,
                s.birthdate, s.division, s.left_on IS NULL as "present!: bool",
                EXISTS (SELECT 1 FROM student_links l
                    WHERE l.student_id = s.id AND l.ended_at IS NULL) as "linked!: bool"
               FROM students s WHERE s.organization_id = ? AND s.left_on IS NULL
                AND (s.leaves_on IS NULL OR s.leaves_on >= ?) AND "# + $rest
            $(, $bound)*
        )
    };
}

macro_rules! held {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            HeldLinkRow,
            r#"SELECT l.id as "id: Uuid", l.organization_id as "organization_id: Uuid",
                l.student_id as "student_id: Uuid", l.pupil_id as "pupil_id: Uuid", l.linked_at,
                l.moved_from as "moved_from: Uuid", p.last_name, p.first_name, p.divisions, p.signed_in_at
               FROM student_links l JOIN pupils p ON p.id = l.pupil_id
               WHERE l.ended_at IS NULL AND l.organization_id = ? AND "# + $rest
            $(, $bound)*
        )
    };
}

/// Identifiers as a statement takes many of them: a JSON list of what `unhex` reads.
fn ids(ids: impl Iterator<Item = Uuid>) -> Result<String, Failure> {
    json(&ids.map(|id| id.simple().to_string()).collect::<Vec<_>>())
}

#[async_trait]
impl LinkingStore for SqliteStore {
    async fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<StudentLink>, Failure> {
        sqlx::query_as!(
            LinkRow,
            r#"SELECT id as "id: Uuid", organization_id as "organization_id: Uuid",
                student_id as "student_id: Uuid", pupil_id as "pupil_id: Uuid", linked_at,
                moved_from as "moved_from: Uuid"
               FROM student_links WHERE organization_id = ? AND pupil_id = ? AND ended_at IS NULL"#,
            organization.0,
            pupil.0
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?
        .map(LinkRow::read)
        .transpose()
    }

    async fn link_of_student(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<(StudentLink, SeenIdentity)>, Failure> {
        held!("l.student_id = ?", organization.0, student.0)
            .fetch_optional(self.readers())
            .await
            .or_failure()?
            .map(HeldLinkRow::read)
            .transpose()
    }

    async fn links_of_students(
        &self,
        organization: OrganizationId,
        students: &[StudentId],
    ) -> Result<Vec<(StudentLink, SeenIdentity)>, Failure> {
        let students = ids(students.iter().map(|student| student.0))?;
        held!(
            "l.student_id IN (SELECT unhex(value) FROM json_each(?))",
            organization.0,
            students
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(HeldLinkRow::read)
        .collect()
    }

    async fn linked_elsewhere(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Vec<LinkedElsewhere>, Failure> {
        sqlx::query!(
            "SELECT s.ine, s.birthdate FROM student_links l JOIN students s ON s.id = l.student_id
             WHERE l.pupil_id = ? AND l.organization_id <> ? AND l.ended_at IS NULL",
            pupil.0,
            organization.0
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            Ok(LinkedElsewhere {
                ine: row.ine.as_deref().map(ine).transpose()?,
                birthdate: day("students.birthdate", &row.birthdate)?,
            })
        })
        .collect()
    }

    async fn candidates(
        &self,
        organization: OrganizationId,
        among: Among<'_>,
        on: Date,
    ) -> Result<Candidates, Failure> {
        let on = on.to_string();
        let mut tx = self.snapshot().await?;
        let roster = sqlx::query_scalar!(
            "SELECT revision FROM rosters WHERE organization_id = ?",
            organization.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        let rows = match among {
            Among::Born(dates) => {
                let dates: Vec<String> = dates.iter().map(Date::to_string).collect();
                let dates = json(&dates)?;
                candidates!(
                    "s.birthdate IN (SELECT value FROM json_each(?))",
                    organization.0,
                    on,
                    dates
                )
                .fetch_all(&mut *tx)
                .await
            }
            Among::WithIne(numbers) => {
                let numbers = json(&numbers)?;
                candidates!(
                    "s.ine IN (SELECT value FROM json_each(?))",
                    organization.0,
                    on,
                    numbers
                )
                .fetch_all(&mut *tx)
                .await
            }
            Among::Student(student) => {
                candidates!("s.id = ?", organization.0, on, student.0)
                    .fetch_all(&mut *tx)
                    .await
            }
        };
        let students = rows.or_failure()?.into_iter().map(CandidateRow::read);
        Ok(Candidates {
            roster: roster.map(Revision).unwrap_or_default(),
            students: students.collect::<Result<_, Failure>>()?,
        })
    }

    async fn tries(&self, pupil: PupilId, day_began: Timestamp) -> Result<Tries, Failure> {
        let day_began = micros(day_began);
        let row = sqlx::query!(
            r#"SELECT COALESCE(MAX(rank), 0) as "made!: i64", COALESCE(SUM(missed), 0) as "missed!: i64",
                COALESCE(SUM(missed AND at >= ?), 0) as "missed_today!: i64"
               FROM pupil_attempts WHERE pupil_id = ?"#,
            day_began,
            pupil.0
        )
        .fetch_one(self.readers())
        .await
        .or_failure()?;
        Ok(Tries {
            made: count("pupil_attempts", row.made)?,
            missed: count("pupil_attempts", row.missed)?,
            missed_today: count("pupil_attempts", row.missed_today)?,
        })
    }

    async fn misses(&self, organization: OrganizationId, since: Timestamp) -> Result<u32, Failure> {
        let since = micros(since);
        let misses = sqlx::query_scalar!(
            r#"SELECT COUNT(*) as "misses!: i64" FROM pupil_attempts
               WHERE organization_id = ? AND at >= ? AND missed = 1"#,
            organization.0,
            since
        )
        .fetch_one(self.readers())
        .await
        .or_failure()?;
        count("pupil_attempts", misses)
    }

    async fn record_miss(&self, missed: &Try) -> Result<(), RecordError> {
        write::miss(self, missed).await
    }

    async fn record_linking(&self, linking: &Linking) -> Result<(), LinkRecordError> {
        write::linking(self, linking).await
    }

    async fn record_unlinking(&self, unlinking: &Unlinking) -> Result<(), LinkRecordError> {
        write::unlinking(self, unlinking).await
    }

    async fn record_move(&self, moved: &LinkMove) -> Result<(), LinkRecordError> {
        write::moving(self, moved).await
    }
}
