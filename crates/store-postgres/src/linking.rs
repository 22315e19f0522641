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
use pix_orga_store_rows::value::{count, day, micros};
use uuid::Uuid;

use crate::PgStore;
use crate::convert::OrFailure;

mod requests;
mod write;

macro_rules! candidates {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            CandidateRow,
            r#"SELECT s.id, s.eleve_id, s.ine, s.last_name, s.usage_name, s.first_name, s.other_first_names,
                s.birthdate::text as "birthdate!", s.division, s.left_on IS NULL as "present!",
                EXISTS (SELECT 1 FROM student_links l
                    WHERE l.student_id = s.id AND l.ended_at IS NULL) as "linked!"
               FROM students s WHERE s.organization_id = $1 AND s.left_on IS NULL
                AND (s.leaves_on IS NULL OR s.leaves_on >= $2::text::date) AND "# + $rest
            $(, $bound)*
        )
    };
}

macro_rules! held {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            HeldLinkRow,
            r#"SELECT l.id, l.organization_id, l.student_id, l.pupil_id, l.linked_at, l.moved_from, p.last_name,
                p.first_name, p.divisions, p.signed_in_at
               FROM student_links l JOIN pupils p ON p.id = l.pupil_id
               WHERE l.ended_at IS NULL AND l.organization_id = $1 AND "# + $rest
            $(, $bound)*
        )
    };
}

#[async_trait]
impl LinkingStore for PgStore {
    async fn link_of_pupil(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<StudentLink>, Failure> {
        sqlx::query_as!(
            LinkRow,
            "SELECT id, organization_id,
                student_id, pupil_id, linked_at,
                moved_from
               FROM student_links WHERE organization_id = $1 AND pupil_id = $2 AND ended_at IS NULL",
            organization.0,
            pupil.0
        )
        .fetch_optional(self.pool())
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
        held!("l.student_id = $2", organization.0, student.0)
            .fetch_optional(self.pool())
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
        let students: Vec<Uuid> = students.iter().map(|student| student.0).collect();
        held!("l.student_id = ANY($2)", organization.0, &students)
            .fetch_all(self.pool())
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
            r#"SELECT s.ine, s.birthdate::text as "birthdate!" FROM student_links l JOIN students s ON s.id = l.student_id
               WHERE l.pupil_id = $1 AND l.organization_id <> $2 AND l.ended_at IS NULL"#,
            pupil.0,
            organization.0
        )
        .fetch_all(self.pool())
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
            "SELECT revision FROM rosters WHERE organization_id = $1",
            organization.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        let rows = match among {
            Among::Born(dates) => {
                let dates: Vec<String> = dates.iter().map(Date::to_string).collect();
                candidates!(
                    "s.birthdate = ANY($3::text[]::date[])",
                    organization.0,
                    on,
                    &dates
                )
                .fetch_all(&mut *tx)
                .await
            }
            Among::WithIne(numbers) => {
                let numbers: Vec<String> =
                    numbers.iter().map(|ine| ine.as_str().to_owned()).collect();
                candidates!("s.ine = ANY($3)", organization.0, on, &numbers)
                    .fetch_all(&mut *tx)
                    .await
            }
            Among::Student(student) => {
                candidates!("s.id = $3", organization.0, on, student.0)
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
            r#"SELECT COALESCE(MAX(rank), 0) as "made!", COUNT(*) FILTER (WHERE missed) as "missed!",
                COUNT(*) FILTER (WHERE missed AND at >= $1) as "missed_today!"
               FROM pupil_attempts WHERE pupil_id = $2"#,
            day_began,
            pupil.0
        )
        .fetch_one(self.pool())
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
            r#"SELECT COUNT(*) as "misses!" FROM pupil_attempts
               WHERE organization_id = $1 AND at >= $2 AND missed"#,
            organization.0,
            since
        )
        .fetch_one(self.pool())
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
