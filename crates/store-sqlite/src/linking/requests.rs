//! Linking requests.

use std::collections::HashSet;

use async_trait::async_trait;
use pix_orga_domain::ids::{LinkingRequestId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::reconciliation::judging::Judging;
use pix_orga_domain::reconciliation::requests::{
    Asking, LinkingRequest, RequestDismissal, RequestRecord, Settlement,
};
use pix_orga_domain::reconciliation::store::{AskingRecordError, LinkingRequestStore};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_store_rows::request::{RequestRow, StateColumns};
use pix_orga_store_rows::value::{count, json, micros};
use uuid::Uuid;

use super::ids;
use super::write::close_undoing;
use crate::constraint::LINKING_REQUESTS_PENDING;
use crate::convert::{OrFailure, failure};
use crate::{Connection, SqliteStore, audit};

macro_rules! requests {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            RequestRow,
            r#"SELECT r.id as "id: Uuid", r.organization_id as "organization_id: Uuid",
                r.pupil_id as "pupil_id: Uuid", r.campaign_id as "campaign_id: Uuid", r.birthdate, r.asked_at,
                r.state, r.settled_by as "settled_by: Uuid", r.settled_at,
                r.settled_student as "settled_student: Uuid", r.revision, r.exact_when_asked as "exact_when_asked: bool",
                c.title as campaign_title, c.archived_at IS NOT NULL as "campaign_archived!: bool",
                p.last_name, p.first_name, p.divisions, p.signed_in_at
               FROM linking_requests r JOIN campaigns c ON c.id = r.campaign_id JOIN pupils p ON p.id = r.pupil_id
               WHERE r.organization_id = ? AND "# + $rest
            $(, $bound)*
        )
    };
}

/// Writes what became of a request, inside the write of what settles it.
pub(super) async fn settle(
    connection: &mut Connection,
    settlement: &Settlement,
) -> Result<(), RecordError> {
    let request = &settlement.request;
    let columns = StateColumns::of(&request.state);
    let done = sqlx::query!(
        "UPDATE linking_requests
         SET state = ?, settled_by = ?, settled_at = ?, settled_student = ?, revision = ?
         WHERE id = ? AND revision = ?",
        columns.state,
        columns.settled_by,
        columns.settled_at,
        columns.settled_student,
        request.revision.0,
        request.id.0,
        settlement.expected.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(RecordError::Stale);
    }
    Ok(())
}

async fn insert(connection: &mut Connection, asking: &Asking) -> Result<(), AskingRecordError> {
    let request = &asking.request;
    let (birthdate, asked_at) = (request.birthdate.to_string(), micros(request.asked_at));
    let done = sqlx::query!(
        "INSERT INTO linking_requests
            (id, organization_id, pupil_id, campaign_id, birthdate, exact_when_asked, asked_at, judged_on, state,
             revision)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending', ?9 WHERE NOT EXISTS (
            SELECT 1 FROM student_links WHERE organization_id = ?2 AND pupil_id = ?3 AND ended_at IS NULL)",
        request.id.0,
        request.organization_id.0,
        request.pupil_id.0,
        request.campaign_id.0,
        birthdate,
        request.exact_when_asked,
        asked_at,
        asking.roster.0,
        request.revision.0
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if LINKING_REQUESTS_PENDING.broken_by(&error) {
            AskingRecordError::AlreadyPending
        } else {
            failure(error).into()
        }
    })?;
    guarded(done.rows_affected())
}

async fn ask_again(
    connection: &mut Connection,
    asking: &Asking,
    expected: Revision,
) -> Result<(), AskingRecordError> {
    let request = &asking.request;
    let (birthdate, asked_at) = (request.birthdate.to_string(), micros(request.asked_at));
    let done = sqlx::query!(
        "UPDATE linking_requests SET campaign_id = ?, birthdate = ?, exact_when_asked = ?, asked_at = ?, judged_on = ?,
            revision = ?
         WHERE id = ? AND revision = ?",
        request.campaign_id.0,
        birthdate,
        request.exact_when_asked,
        asked_at,
        asking.roster.0,
        request.revision.0,
        request.id.0,
        expected.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    guarded(done.rows_affected())
}

fn guarded(rows: u64) -> Result<(), AskingRecordError> {
    if rows == 0 {
        return Err(AskingRecordError::Stale);
    }
    Ok(())
}

/// Writes which students requests name, in place of those they named. Students whom an undone import took away in
/// between are left out.
async fn name_students(
    connection: &mut Connection,
    school: OrganizationId,
    named: &[(Uuid, &[StudentId])],
) -> Result<(), Failure> {
    let requests = ids(named.iter().map(|(request, _)| *request))?;
    sqlx::query!(
        "DELETE FROM linking_request_students WHERE request_id IN (SELECT unhex(value) FROM json_each(?))",
        requests
    )
    .execute(&mut *connection)
    .await
    .or_failure()?;
    let pairs = named.iter().flat_map(|(request, students)| {
        let request = request.simple().to_string();
        let students = students.iter();
        students.map(move |student| (request.clone(), student.0.simple().to_string()))
    });
    let pairs = json(&pairs.collect::<Vec<_>>())?;
    sqlx::query!(
        "INSERT INTO linking_request_students (request_id, student_id)
         SELECT unhex(n.value ->> 0), s.id FROM json_each(?) n JOIN students s ON s.id = unhex(n.value ->> 1)
         WHERE s.organization_id = ?",
        pairs,
        school.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// Notes on which roster requests were judged: the ids of those that still wait as they were.
async fn note_judged(connection: &mut Connection, judging: &Judging) -> Result<Vec<Uuid>, Failure> {
    let judged = judging
        .requests
        .iter()
        .map(|one| (one.id.0.simple().to_string(), one.revision.0));
    let judged = json(&judged.collect::<Vec<_>>())?;
    sqlx::query_scalar!(
        r#"UPDATE linking_requests SET judged_on = ?1 WHERE state = 'pending' AND organization_id = ?2
             AND (id, revision) IN (SELECT unhex(n.value ->> 0), n.value ->> 1 FROM json_each(?3) n)
           RETURNING id as "id!: Uuid""#,
        judging.roster.0,
        judging.organization_id.0,
        judged
    )
    .fetch_all(connection)
    .await
    .or_failure()
}

#[async_trait]
impl LinkingRequestStore for SqliteStore {
    async fn pending(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, Failure> {
        requests!(
            "r.state = 'pending' ORDER BY r.asked_at, r.id LIMIT ?",
            organization.0,
            limit
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(RequestRow::read)
        .collect()
    }

    async fn count_pending(&self, organization: OrganizationId) -> Result<u32, Failure> {
        let waiting = sqlx::query_scalar!(
            r#"SELECT COUNT(*) as "waiting!: i64" FROM linking_requests
               WHERE organization_id = ? AND state = 'pending'"#,
            organization.0
        )
        .fetch_one(self.readers())
        .await
        .or_failure()?;
        count("linking_requests", waiting)
    }

    async fn find(
        &self,
        organization: OrganizationId,
        request: LinkingRequestId,
    ) -> Result<Option<RequestRecord>, Failure> {
        requests!("r.id = ?", organization.0, request.0)
            .fetch_optional(self.readers())
            .await
            .or_failure()?
            .map(RequestRow::read)
            .transpose()
    }

    async fn last_of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<LinkingRequest>, Failure> {
        requests!(
            "r.pupil_id = ? ORDER BY r.state = 'pending' DESC, r.asked_at DESC, r.id DESC LIMIT 1",
            organization.0,
            pupil.0
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?
        .map(|row| row.request())
        .transpose()
    }

    async fn schools_to_judge(
        &self,
        after: Option<OrganizationId>,
        limit: u32,
    ) -> Result<Vec<OrganizationId>, Failure> {
        let after = after.map(|school| school.0);
        let schools = sqlx::query_scalar!(
            r#"SELECT DISTINCT r.organization_id as "id: Uuid" FROM linking_requests r
               JOIN rosters o ON o.organization_id = r.organization_id
               WHERE r.state = 'pending' AND r.judged_on IS NOT o.revision AND (?1 IS NULL OR r.organization_id > ?1)
               ORDER BY r.organization_id LIMIT ?2"#,
            after,
            limit
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?;
        Ok(schools.into_iter().map(OrganizationId).collect())
    }

    async fn to_judge(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<RequestRecord>, Failure> {
        requests!(
            "r.state = 'pending' AND r.judged_on IS NOT (
                SELECT o.revision FROM rosters o WHERE o.organization_id = r.organization_id)
             AND EXISTS (SELECT 1 FROM rosters o WHERE o.organization_id = r.organization_id)
             ORDER BY r.asked_at, r.id LIMIT ?",
            organization.0,
            limit
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(RequestRow::read)
        .collect()
    }

    async fn record_asking(&self, asking: &Asking) -> Result<(), AskingRecordError> {
        let mut tx = self.begin().await?;
        match asking.expected {
            None => insert(&mut tx, asking).await?,
            Some(expected) => ask_again(&mut tx, asking, expected).await?,
        }
        let request = &asking.request;
        let named = [(request.id.0, &asking.students[..])];
        name_students(&mut tx, request.organization_id, &named).await?;
        audit::insert(&mut tx, &asking.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_dismissal(&self, dismissal: &RequestDismissal) -> Result<(), RecordError> {
        let mut tx = self.begin().await?;
        let school = dismissal.settlement.request.organization_id;
        close_undoing(&mut tx, school).await?;
        settle(&mut tx, &dismissal.settlement).await?;
        audit::insert(&mut tx, &dismissal.audit).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_judging(&self, judging: &Judging) -> Result<(), RecordError> {
        let mut tx = self.begin().await?;
        let roster = sqlx::query_scalar!(
            "SELECT revision FROM rosters WHERE organization_id = ?",
            judging.organization_id.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        if roster != Some(judging.roster.0) {
            return Err(RecordError::Stale);
        }
        let waiting: HashSet<Uuid> = note_judged(&mut tx, judging).await?.into_iter().collect();
        let judged = judging.requests.iter();
        let named: Vec<_> = judged
            .filter(|one| waiting.contains(&one.id.0))
            .map(|one| (one.id.0, &one.students[..]))
            .collect();
        name_students(&mut tx, judging.organization_id, &named).await?;
        Ok(tx.commit().await.or_failure()?)
    }
}
