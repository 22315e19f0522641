//! Linking requests.

use std::collections::HashMap;

use async_trait::async_trait;
use pix_orga_domain::ids::{LinkingRequestId, OrganizationId, PupilId};
use pix_orga_domain::reconciliation::decision::Near;
use pix_orga_domain::reconciliation::requests::{
    Asking, LinkingRequest, NearStudent, RequestDismissal, SeenRequest, Settlement,
};
use pix_orga_domain::reconciliation::store::{AskingRecordError, LinkingRequestStore};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_store_rows::request::{NearRow, RequestRow, StateColumns};
use pix_orga_store_rows::value::{count, json, micros};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::write::close_undoing;
use crate::constraint::LINKING_REQUESTS_PENDING;
use crate::convert::OrFailure;
use crate::{SqliteStore, audit};

macro_rules! requests {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            RequestRow,
            r#"SELECT r.id as "id: Uuid", r.organization_id as "organization_id: Uuid",
                r.pupil_id as "pupil_id: Uuid", r.campaign_id as "campaign_id: Uuid", r.birthdate, r.asked_at,
                r.state, r.settled_by as "settled_by: Uuid", r.settled_at,
                r.settled_student as "settled_student: Uuid", r.revision, c.title as campaign_title,
                p.last_name, p.first_name, p.divisions, p.signed_in_at
               FROM linking_requests r JOIN campaigns c ON c.id = r.campaign_id JOIN pupils p ON p.id = r.pupil_id
               WHERE r.organization_id = ? AND "# + $rest
            $(, $bound)*
        )
    };
}

macro_rules! near {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            NearRow,
            r#"SELECT n.request_id as "request_id: Uuid", n.near, s.id as "id: Uuid", s.ine, s.last_name,
                s.usage_name, s.first_name, s.other_first_names, s.birthdate, s.division,
                s.left_on IS NULL as "present!: bool", l.pupil_id as "linked_pupil?: Uuid",
                p.last_name as "linked_last_name?", p.first_name as "linked_first_name?",
                p.divisions as "linked_divisions?", p.signed_in_at as "linked_signed_in_at?"
               FROM linking_request_candidates n JOIN students s ON s.id = n.student_id
               LEFT JOIN student_links l ON l.student_id = s.id AND l.ended_at IS NULL
               LEFT JOIN pupils p ON p.id = l.pupil_id
               WHERE n.request_id IN (SELECT id FROM linking_requests WHERE organization_id = ? AND "# + $rest
                + ") ORDER BY n.request_id, n.rank"
            $(, $bound)*
        )
    };
}

type NearOf = HashMap<Uuid, Vec<(Near, Option<NearStudent>)>>;

fn by_request(rows: Vec<NearRow>) -> Result<NearOf, Failure> {
    let mut near = NearOf::new();
    for row in rows {
        near.entry(row.request_id).or_default().push(row.read()?);
    }
    Ok(near)
}

/// Writes what became of a request, inside the write of what settles it.
pub(super) async fn settle(
    connection: &mut SqliteConnection,
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

async fn insert(
    connection: &mut SqliteConnection,
    request: &LinkingRequest,
) -> Result<(), AskingRecordError> {
    let (birthdate, asked_at) = (request.birthdate.to_string(), micros(request.asked_at));
    sqlx::query!(
        "INSERT INTO linking_requests
            (id, organization_id, pupil_id, campaign_id, birthdate, asked_at, state, revision)
         VALUES (?, ?, ?, ?, ?, ?, 'pending', ?)",
        request.id.0,
        request.organization_id.0,
        request.pupil_id.0,
        request.campaign_id.0,
        birthdate,
        asked_at,
        request.revision.0
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if LINKING_REQUESTS_PENDING.broken_by(&error) {
            AskingRecordError::AlreadyPending
        } else {
            Failure::new(error).into()
        }
    })?;
    Ok(())
}

async fn ask_again(
    connection: &mut SqliteConnection,
    request: &LinkingRequest,
    expected: Revision,
) -> Result<(), AskingRecordError> {
    let (birthdate, asked_at) = (request.birthdate.to_string(), micros(request.asked_at));
    let done = sqlx::query!(
        "UPDATE linking_requests SET campaign_id = ?, birthdate = ?, asked_at = ?, revision = ?
         WHERE id = ? AND revision = ?",
        request.campaign_id.0,
        birthdate,
        asked_at,
        request.revision.0,
        request.id.0,
        expected.0
    )
    .execute(&mut *connection)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(AskingRecordError::Stale);
    }
    sqlx::query!(
        "DELETE FROM linking_request_candidates WHERE request_id = ?",
        request.id.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// Students whom an undone import took away in between are left out.
async fn insert_near(
    connection: &mut SqliteConnection,
    request: &LinkingRequest,
) -> Result<(), Failure> {
    for (rank, near) in (0_i64..).zip(&request.near) {
        let text = json(near)?;
        sqlx::query!(
            "INSERT INTO linking_request_candidates (request_id, student_id, rank, near)
             SELECT ?, id, ?, ? FROM students WHERE id = ? AND organization_id = ?",
            request.id.0,
            rank,
            text,
            near.student_id.0,
            request.organization_id.0
        )
        .execute(&mut *connection)
        .await
        .or_failure()?;
    }
    Ok(())
}

#[async_trait]
impl LinkingRequestStore for SqliteStore {
    async fn pending(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<SeenRequest>, Failure> {
        let mut tx = self.snapshot().await?;
        let rows = requests!(
            "r.state = 'pending' ORDER BY r.asked_at, r.id LIMIT ?",
            organization.0,
            limit
        )
        .fetch_all(&mut *tx)
        .await
        .or_failure()?;
        let near = near!(
            "state = 'pending' ORDER BY asked_at, id LIMIT ?",
            organization.0,
            limit
        )
        .fetch_all(&mut *tx)
        .await
        .or_failure()?;
        let mut near = by_request(near)?;
        rows.into_iter()
            .map(|row| {
                let near = near.remove(&row.id).unwrap_or_default();
                row.seen(near)
            })
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
    ) -> Result<Option<SeenRequest>, Failure> {
        let mut tx = self.snapshot().await?;
        let row = requests!("r.id = ?", organization.0, request.0)
            .fetch_optional(&mut *tx)
            .await
            .or_failure()?;
        let Some(row) = row else { return Ok(None) };
        let near = near!("id = ?", organization.0, request.0)
            .fetch_all(&mut *tx)
            .await
            .or_failure()?;
        let near = by_request(near)?.remove(&row.id).unwrap_or_default();
        row.seen(near).map(Some)
    }

    async fn last_of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<LinkingRequest>, Failure> {
        let mut tx = self.snapshot().await?;
        let row = requests!(
            "r.pupil_id = ? ORDER BY r.state = 'pending' DESC, r.asked_at DESC, r.id DESC LIMIT 1",
            organization.0,
            pupil.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        let Some(row) = row else { return Ok(None) };
        let near = near!("id = ?", organization.0, row.id)
            .fetch_all(&mut *tx)
            .await
            .or_failure()?;
        let near = by_request(near)?.remove(&row.id).unwrap_or_default();
        row.request(near.into_iter().map(|(near, _)| near).collect())
            .map(Some)
    }

    async fn record_asking(&self, asking: &Asking) -> Result<(), AskingRecordError> {
        let mut tx = self.begin().await?;
        match asking.expected {
            None => insert(&mut tx, &asking.request).await?,
            Some(expected) => ask_again(&mut tx, &asking.request, expected).await?,
        }
        insert_near(&mut tx, &asking.request).await?;
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
}
