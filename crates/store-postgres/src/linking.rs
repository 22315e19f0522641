//! Links between pupils' accounts and students, and the tries that lead to them.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::ids::{LinkId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::reconciliation::carried::LinkedElsewhere;
use pix_orga_domain::reconciliation::decision::Candidate;
use pix_orga_domain::reconciliation::linking::{LinkMove, Linking, StudentLink, Unlinking};
use pix_orga_domain::reconciliation::requests::SeenIdentity;
use pix_orga_domain::reconciliation::store::{Among, Candidates, LinkRecordError, LinkingStore};
use pix_orga_domain::reconciliation::tries::{Tries, Try};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use uuid::Uuid;

use crate::PgStore;
use crate::convert::{OrFailure, from_json, instant, micros, unreadable};

mod requests;
mod write;

struct LinkRow {
    id: Uuid,
    organization_id: Uuid,
    student_id: Uuid,
    pupil_id: Uuid,
    linked_at: i64,
    moved_from: Option<Uuid>,
}

impl LinkRow {
    fn read(self) -> Result<StudentLink, Failure> {
        Ok(StudentLink {
            id: LinkId(self.id),
            organization_id: OrganizationId(self.organization_id),
            student_id: StudentId(self.student_id),
            pupil_id: PupilId(self.pupil_id),
            linked_at: instant(self.linked_at)?,
            moved_from: self.moved_from.map(PupilId),
        })
    }
}

/// A student as the evidence compares them.
struct CandidateRow {
    id: Uuid,
    ine: Option<String>,
    last_name: String,
    usage_name: Option<String>,
    first_name: String,
    other_first_names: String,
    birthdate: String,
    division: String,
    present: bool,
    linked: bool,
}

impl CandidateRow {
    fn read(self) -> Result<Candidate, Failure> {
        Ok(Candidate {
            student_id: StudentId(self.id),
            ine: self.ine.as_deref().map(ine).transpose()?,
            last_name: self.last_name,
            usage_name: self.usage_name,
            first_name: self.first_name,
            other_first_names: from_json("students.other_first_names", &self.other_first_names)?,
            birthdate: day("students.birthdate", &self.birthdate)?,
            division: self.division,
            present: self.present,
            linked: self.linked,
        })
    }
}

/// Who an account is.
struct IdentityRow {
    pupil_id: Uuid,
    last_name: String,
    first_name: String,
    divisions: String,
    signed_in_at: i64,
}

impl IdentityRow {
    fn read(self) -> Result<SeenIdentity, Failure> {
        Ok(SeenIdentity {
            pupil_id: PupilId(self.pupil_id),
            last_name: self.last_name,
            first_name: self.first_name,
            divisions: from_json("pupils.divisions", &self.divisions)?,
            signed_in_at: instant(self.signed_in_at)?,
        })
    }
}

fn ine(text: &str) -> Result<Ine, Failure> {
    Ine::parse(text).map_err(|_| unreadable("students.ine"))
}

fn day(column: &'static str, text: &str) -> Result<Date, Failure> {
    text.parse().map_err(|_| unreadable(column))
}

fn count(number: i64) -> Result<u32, Failure> {
    u32::try_from(number).map_err(|_| unreadable("pupil_attempts"))
}

macro_rules! candidates {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            CandidateRow,
            r#"SELECT s.id, s.ine, s.last_name, s.usage_name, s.first_name, s.other_first_names,
                s.birthdate::text as "birthdate!", s.division, s.left_on IS NULL as "present!",
                EXISTS (SELECT 1 FROM student_links l
                    WHERE l.student_id = s.id AND l.ended_at IS NULL) as "linked!"
               FROM students s WHERE s.organization_id = $1 AND s.left_on IS NULL AND "# + $rest
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
        let row = sqlx::query!(
            "SELECT l.id, l.pupil_id, l.linked_at,
                l.moved_from, p.last_name, p.first_name, p.divisions, p.signed_in_at
               FROM student_links l JOIN pupils p ON p.id = l.pupil_id
               WHERE l.organization_id = $1 AND l.student_id = $2 AND l.ended_at IS NULL",
            organization.0,
            student.0
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?;
        let Some(row) = row else { return Ok(None) };
        let link = LinkRow {
            id: row.id,
            organization_id: organization.0,
            student_id: student.0,
            pupil_id: row.pupil_id,
            linked_at: row.linked_at,
            moved_from: row.moved_from,
        };
        let identity = IdentityRow {
            pupil_id: row.pupil_id,
            last_name: row.last_name,
            first_name: row.first_name,
            divisions: row.divisions,
            signed_in_at: row.signed_in_at,
        };
        Ok(Some((link.read()?, identity.read()?)))
    }

    async fn linked_elsewhere(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Vec<LinkedElsewhere>, Failure> {
        sqlx::query!(
            r#"SELECT s.ine as "ine!", s.birthdate::text as "birthdate!" FROM student_links l JOIN students s ON s.id = l.student_id
               WHERE l.pupil_id = $1 AND l.organization_id <> $2 AND l.ended_at IS NULL AND s.ine IS NOT NULL"#,
            pupil.0,
            organization.0
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            Ok(LinkedElsewhere {
                ine: ine(&row.ine)?,
                birthdate: day("students.birthdate", &row.birthdate)?,
            })
        })
        .collect()
    }

    async fn candidates(
        &self,
        organization: OrganizationId,
        among: Among<'_>,
    ) -> Result<Candidates, Failure> {
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
                    "s.birthdate = ANY($2::text[]::date[])",
                    organization.0,
                    &dates
                )
                .fetch_all(&mut *tx)
                .await
            }
            Among::WithIne(numbers) => {
                let numbers: Vec<String> =
                    numbers.iter().map(|ine| ine.as_str().to_owned()).collect();
                candidates!("s.ine = ANY($2)", organization.0, &numbers)
                    .fetch_all(&mut *tx)
                    .await
            }
            Among::Student(student) => {
                candidates!("s.id = $2", organization.0, student.0)
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
            made: count(row.made)?,
            missed: count(row.missed)?,
            missed_today: count(row.missed_today)?,
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
        count(misses)
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
