//! What is past its time, deleted some rows at a time; and the daily turn.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::retention::Expired;
use pix_orga_domain::retention::doubt::LAST_TURN_AHEAD_MAX;
use pix_orga_domain::retention::store::{Departed, RetentionStore, Turn};
use pix_orga_domain::roster::due::DueToLeave;
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_store_rows::value::{day, micros, some_instant};
use uuid::Uuid;

use crate::SqliteStore;
use crate::convert::OrFailure;
use crate::roster::StudentRecord;

/// The name of the daily job.
const JOB: &str = "retention";

/// Whether rows are counted, or so many deleted.
#[derive(Clone, Copy)]
enum Task {
    Count,
    Delete(u32),
}

fn number(count: i64) -> Result<u64, Failure> {
    u64::try_from(count).map_err(Failure::new)
}

/// Counts or deletes the rows of a table that one condition finds.
macro_rules! past {
    ($store:expr, $task:expr, $table:tt, $key:tt, $past:tt, $limit:tt, $($bound:expr),+ $(,)?) => {
        match $task {
            Task::Count => {
                let count = sqlx::query_scalar!(
                    r#"SELECT COUNT(*) as "count!: i64" FROM "# + $table + " WHERE " + $past,
                    $($bound),+
                )
                .fetch_one($store.readers())
                .await
                .or_failure()?;
                number(count)
            }
            Task::Delete(limit) => {
                let mut write = $store.begin().await?;
                let done = sqlx::query!(
                    "DELETE FROM " + $table + " WHERE " + $key + " IN (SELECT " + $key + " FROM " + $table
                        + " WHERE " + $past + " LIMIT " + $limit + ")",
                    $($bound,)+
                    limit
                )
                .execute(&mut *write)
                .await
                .or_failure()?;
                write.commit().await.or_failure()?;
                Ok(done.rows_affected())
            }
        }
    };
}

impl SqliteStore {
    /// Counts or deletes what is past its time.
    async fn past(&self, expired: Expired, task: Task) -> Result<u64, Failure> {
        match expired {
            Expired::StagedFiles { staged_before } => self.staged_files(task, staged_before).await,
            Expired::Inverses { written_before } => self.inverses(task, written_before).await,
            Expired::Reports { written_before } => self.reports(task, written_before).await,
            Expired::Invitations { ended_before } => self.invitations(task, ended_before).await,
            Expired::PupilAccounts { unseen_since } => {
                self.pupil_accounts(task, unseen_since).await
            }
            Expired::Sessions {
                over_at,
                idle_since,
            } => self.sessions(task, over_at, idle_since).await,
            Expired::AccountLinks { expired_before } => {
                self.account_links(task, expired_before).await
            }
            Expired::Tries { before } => self.tries(task, before).await,
            Expired::SpentProofs { usable_before } => self.spent_proofs(task, usable_before).await,
            Expired::BegunSignIns { over_at } => self.begun_sign_ins(task, over_at).await,
            Expired::Mails { settled_before } => self.mails(task, settled_before).await,
            Expired::AuditEntries { before } => self.audit_entries(task, before).await,
        }
    }

    async fn staged_files(&self, task: Task, staged_before: Timestamp) -> Result<u64, Failure> {
        let staged_before = micros(staged_before);
        past!(
                    self,
                    task,
                    "import_files",
                    "import_id",
                    "staged_at < ?1 AND import_id NOT IN (
                    SELECT id FROM imports WHERE state IN ('received', 'checked', 'compared', 'waiting'))",
                    "?2",
                    staged_before,
                )
    }

    async fn inverses(&self, task: Task, written_before: Timestamp) -> Result<u64, Failure> {
        let written_before = micros(written_before);
        past!(
            self,
            task,
            "import_inverses",
            "import_id",
            "staged_at < ?1",
            "?2",
            written_before,
        )
    }

    async fn reports(&self, task: Task, written_before: Timestamp) -> Result<u64, Failure> {
        let written_before = micros(written_before);
        past!(
            self,
            task,
            "import_reports",
            "import_id",
            "written_at < ?1",
            "?2",
            written_before,
        )
    }

    async fn invitations(&self, task: Task, ended_before: Timestamp) -> Result<u64, Failure> {
        let ended_before = micros(ended_before);
        past!(
            self,
            task,
            "invitations",
            "id",
            "(ended_at < ?1 OR (state = 'pending' AND expires_at < ?1))",
            "?2",
            ended_before,
        )
    }

    async fn pupil_accounts(&self, task: Task, unseen_since: Timestamp) -> Result<u64, Failure> {
        let unseen_since = micros(unseen_since);
        past!(
                    self,
                    task,
                    "pupils",
                    "id",
                    "signed_in_at < ?1 AND NOT EXISTS (
                    SELECT 1 FROM student_links l WHERE l.pupil_id = pupils.id AND l.ended_at IS NULL)",
                    "?2",
                    unseen_since,
                )
    }

    async fn sessions(
        &self,
        task: Task,
        over_at: Timestamp,
        idle_since: Timestamp,
    ) -> Result<u64, Failure> {
        let (over_at, idle_since) = (micros(over_at), micros(idle_since));
        past!(
            self,
            task,
            "sessions",
            "id",
            "(ends_at <= ?1 OR last_seen_at <= ?2)",
            "?3",
            over_at,
            idle_since,
        )
    }

    async fn account_links(&self, task: Task, expired_before: Timestamp) -> Result<u64, Failure> {
        let expired_before = micros(expired_before);
        past!(
            self,
            task,
            "account_links",
            "token_hash",
            "expires_at < ?1",
            "?2",
            expired_before,
        )
    }

    async fn tries(&self, task: Task, before: Timestamp) -> Result<u64, Failure> {
        let before = micros(before);
        past!(
            self,
            task,
            "throttled_tries",
            "rowid",
            "at < ?1",
            "?2",
            before,
        )
    }

    async fn spent_proofs(&self, task: Task, usable_before: Timestamp) -> Result<u64, Failure> {
        let usable_before = micros(usable_before);
        past!(
            self,
            task,
            "spent_proofs",
            "key",
            "until < ?1",
            "?2",
            usable_before,
        )
    }

    async fn begun_sign_ins(&self, task: Task, over_at: Timestamp) -> Result<u64, Failure> {
        let over_at = micros(over_at);
        past!(
            self,
            task,
            "begun_sign_ins",
            "request",
            "until <= ?1",
            "?2",
            over_at,
        )
    }

    async fn mails(&self, task: Task, settled_before: Timestamp) -> Result<u64, Failure> {
        let settled_before = micros(settled_before);
        past!(
            self,
            task,
            "outgoing_mails",
            "id",
            "settled_at < ?1 AND NOT EXISTS (
                    SELECT 1 FROM invitation_links l WHERE l.mail_id = outgoing_mails.id)",
            "?2",
            settled_before,
        )
    }

    async fn audit_entries(&self, task: Task, before: Timestamp) -> Result<u64, Failure> {
        let before = micros(before);
        past!(self, task, "audit_entries", "id", "at < ?1", "?2", before,)
    }
}

#[async_trait]
impl RetentionStore for SqliteStore {
    async fn claim(
        &self,
        now: Timestamp,
        lease: Timestamp,
        due: Timestamp,
    ) -> Result<Option<Turn>, Failure> {
        let longest = micros(lease + LAST_TURN_AHEAD_MAX);
        let (now, lease, due) = (micros(now), micros(lease), micros(due));
        // One statement: of two at once, the second sees the first one's lease.
        let turn = sqlx::query_scalar!(
            "INSERT INTO daily_jobs (name, turn, held_until) VALUES (?1, 1, ?2)
             ON CONFLICT (name) DO UPDATE SET turn = daily_jobs.turn + 1, held_until = excluded.held_until
             WHERE (daily_jobs.held_until IS NULL OR daily_jobs.held_until <= ?3 OR daily_jobs.held_until > ?5)
                 AND (daily_jobs.done_at IS NULL OR daily_jobs.done_at < ?4)
             RETURNING turn",
            JOB,
            lease,
            now,
            due,
            longest
        )
        .fetch_optional(&self.writer)
        .await
        .or_failure()?;
        Ok(turn.map(Turn))
    }

    async fn last_done(&self) -> Result<Option<Timestamp>, Failure> {
        let done = sqlx::query_scalar!("SELECT done_at FROM daily_jobs WHERE name = ?1", JOB)
            .fetch_optional(self.readers())
            .await
            .or_failure()?;
        some_instant(done.flatten())
    }

    async fn vouch(&self, at: Timestamp) -> Result<(), Failure> {
        let at = micros(at);
        sqlx::query!(
            "INSERT INTO daily_jobs (name, turn, done_at) VALUES (?1, 1, ?2)
             ON CONFLICT (name) DO UPDATE SET done_at = excluded.done_at, held_until = NULL",
            JOB,
            at
        )
        .execute(&self.writer)
        .await
        .or_failure()?;
        Ok(())
    }

    async fn hold(&self, turn: Turn, lease: Timestamp) -> Result<bool, Failure> {
        let lease = micros(lease);
        let held = sqlx::query!(
            "UPDATE daily_jobs SET held_until = ?1 WHERE name = ?2 AND turn = ?3 AND held_until IS NOT NULL",
            lease,
            JOB,
            turn.0
        )
        .execute(&self.writer)
        .await
        .or_failure()?;
        Ok(held.rows_affected() == 1)
    }

    async fn finish(&self, turn: Turn, at: Timestamp) -> Result<(), Failure> {
        let at = micros(at);
        sqlx::query!(
            "UPDATE daily_jobs SET held_until = NULL, done_at = ?1
             WHERE name = ?2 AND turn = ?3 AND held_until IS NOT NULL",
            at,
            JOB,
            turn.0
        )
        .execute(&self.writer)
        .await
        .or_failure()?;
        self.empty_log().await;
        Ok(())
    }

    async fn count(&self, expired: Expired) -> Result<u64, Failure> {
        self.past(expired, Task::Count).await
    }

    async fn delete(&self, expired: Expired, limit: u32) -> Result<u64, Failure> {
        self.past(expired, Task::Delete(limit)).await
    }

    async fn count_due_to_leave(&self, day: Date) -> Result<u64, Failure> {
        let day = day.to_string();
        let count = sqlx::query_scalar!(
            r#"SELECT COUNT(*) as "count!: i64" FROM students WHERE left_on IS NULL AND leaves_on < ?1"#,
            day
        )
        .fetch_one(self.readers())
        .await
        .or_failure()?;
        number(count)
    }

    async fn due_to_leave(&self, before: Date, limit: u32) -> Result<Option<DueToLeave>, Failure> {
        let before = before.to_string();
        let mut snapshot = self.snapshot().await?;
        let rows = sqlx::query!(
            r#"SELECT s.id AS "id: Uuid", s.organization_id AS "organization_id: Uuid", s.leaves_on AS "leaves_on!",
                o.revision
               FROM students s JOIN rosters o ON o.organization_id = s.organization_id
               WHERE s.left_on IS NULL AND s.leaves_on < ?1 AND s.organization_id = (
                SELECT organization_id FROM students WHERE left_on IS NULL AND leaves_on < ?1 LIMIT 1)
               LIMIT ?2"#,
            before,
            limit
        )
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
        let Some(first) = rows.first() else {
            return Ok(None);
        };
        Ok(Some(DueToLeave {
            organization_id: OrganizationId(first.organization_id),
            roster: Revision(first.revision),
            students: rows
                .iter()
                .map(|row| {
                    Ok((
                        StudentId(row.id),
                        day("students.leaves_on", &row.leaves_on)?,
                    ))
                })
                .collect::<Result<_, Failure>>()?,
        }))
    }

    async fn count_departed(&self, on: Date) -> Result<u64, Failure> {
        let on = on.to_string();
        let count = sqlx::query_scalar!(
            r#"SELECT COUNT(*) as "count!: i64" FROM students
               WHERE eleve_id IS NOT NULL AND (left_on <= ?1 OR leaves_on <= ?1)"#,
            on
        )
        .fetch_one(self.readers())
        .await
        .or_failure()?;
        number(count)
    }

    async fn departed(&self, on: Date, limit: u32) -> Result<Option<Departed>, Failure> {
        let on = on.to_string();
        let school = sqlx::query_scalar!(
            r#"SELECT organization_id AS "organization_id: Uuid" FROM students
               WHERE left_on <= ?1 AND eleve_id IS NOT NULL LIMIT 1"#,
            on
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?;
        let Some(school) = school else {
            return Ok(None);
        };
        // The revision is that of the students read, or an earlier one.
        let mut snapshot = self.snapshot().await?;
        let roster = sqlx::query_scalar!(
            "SELECT revision FROM rosters WHERE organization_id = ?1",
            school
        )
        .fetch_optional(&mut *snapshot)
        .await
        .or_failure()?;
        let records = sqlx::query_as!(
            StudentRecord,
            r#"SELECT id AS "id: Uuid", organization_id AS "organization_id: Uuid", eleve_id, ine, last_name, usage_name,
                      first_name, other_first_names, birthdate, sex, division, mef, leaves_on, left_on
               FROM students
               WHERE left_on <= ?1 AND eleve_id IS NOT NULL AND organization_id = ?2 LIMIT ?3"#,
            on,
            school,
            limit
        )
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
        if records.is_empty() {
            return Ok(None);
        }
        Ok(Some(Departed {
            organization_id: OrganizationId(school),
            roster: Revision(roster.unwrap_or_default()),
            students: records
                .into_iter()
                .map(StudentRecord::student)
                .collect::<Result<_, _>>()?,
        }))
    }
}
