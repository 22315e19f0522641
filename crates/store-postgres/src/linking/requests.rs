//! Linking requests.

use std::collections::HashMap;

use async_trait::async_trait;
use pix_orga_domain::ids::{
    AccountId, CampaignId, LinkingRequestId, OrganizationId, PupilId, StudentId,
};
use pix_orga_domain::reconciliation::decision::Near;
use pix_orga_domain::reconciliation::requests::{
    Asking, LinkingRequest, NearStudent, RequestDismissal, RequestState, SeenRequest, Settlement,
};
use pix_orga_domain::reconciliation::store::{AskingRecordError, LinkingRequestStore};
use pix_orga_domain::store::{Failure, RecordError, Revision};
use sqlx::PgConnection;
use uuid::Uuid;

use super::write::{close_undoing, hold_roster};
use super::{CandidateRow, IdentityRow, count, day};
use crate::constraint::LINKING_REQUESTS_PENDING;
use crate::convert::{OrFailure, from_json, instant, json, micros, unreadable};
use crate::{PgStore, audit};

struct RequestRow {
    id: Uuid,
    organization_id: Uuid,
    pupil_id: Uuid,
    campaign_id: Uuid,
    birthdate: String,
    asked_at: i64,
    state: String,
    settled_by: Option<Uuid>,
    settled_at: Option<i64>,
    settled_student: Option<Uuid>,
    revision: i64,
    campaign_title: String,
    last_name: String,
    first_name: String,
    divisions: String,
    signed_in_at: i64,
}

impl RequestRow {
    fn state(&self) -> Result<RequestState, Failure> {
        let at = self.settled_at.map(instant).transpose()?;
        let by = self.settled_by.map(AccountId);
        let student = self.settled_student.map(StudentId);
        match (self.state.as_str(), by, at, student) {
            ("pending", None, None, None) => Ok(RequestState::Pending),
            ("approved", Some(by), Some(at), Some(student)) => {
                Ok(RequestState::Approved { by, at, student })
            }
            ("refused", Some(by), Some(at), None) => Ok(RequestState::Refused { by, at }),
            ("overtaken", None, Some(at), None) => Ok(RequestState::Overtaken { at }),
            _ => Err(unreadable("linking_requests.state")),
        }
    }

    fn request(&self, near: Vec<Near>) -> Result<LinkingRequest, Failure> {
        Ok(LinkingRequest {
            id: LinkingRequestId(self.id),
            organization_id: OrganizationId(self.organization_id),
            pupil_id: PupilId(self.pupil_id),
            campaign_id: CampaignId(self.campaign_id),
            birthdate: day("linking_requests.birthdate", &self.birthdate)?,
            near,
            asked_at: instant(self.asked_at)?,
            state: self.state()?,
            revision: Revision(self.revision),
        })
    }

    fn seen(self, near: Vec<(Near, Option<NearStudent>)>) -> Result<SeenRequest, Failure> {
        let (all, present): (Vec<Near>, Vec<Option<NearStudent>>) = near.into_iter().unzip();
        Ok(SeenRequest {
            request: self.request(all)?,
            pupil: IdentityRow {
                pupil_id: self.pupil_id,
                last_name: self.last_name,
                first_name: self.first_name,
                divisions: self.divisions,
                signed_in_at: self.signed_in_at,
            }
            .read()?,
            campaign_title: self.campaign_title,
            near: present.into_iter().flatten().collect(),
        })
    }
}

/// A student beside a request, with the account linked to them now.
struct NearRow {
    request_id: Uuid,
    near: String,
    id: Uuid,
    ine: Option<String>,
    last_name: String,
    usage_name: Option<String>,
    first_name: String,
    other_first_names: String,
    birthdate: String,
    division: String,
    present: bool,
    linked_pupil: Option<Uuid>,
    linked_last_name: Option<String>,
    linked_first_name: Option<String>,
    linked_divisions: Option<String>,
    linked_signed_in_at: Option<i64>,
}

impl NearRow {
    fn linked_to(&mut self) -> Option<IdentityRow> {
        Some(IdentityRow {
            pupil_id: self.linked_pupil?,
            last_name: self.linked_last_name.take()?,
            first_name: self.linked_first_name.take()?,
            divisions: self.linked_divisions.take()?,
            signed_in_at: self.linked_signed_in_at?,
        })
    }

    /// Why they are shown, and who they are unless they left.
    fn read(mut self) -> Result<(Near, Option<NearStudent>), Failure> {
        let near: Near = from_json("linking_request_candidates.near", &self.near)?;
        if !self.present {
            return Ok((near, None));
        }
        let linked_to = self.linked_to().map(IdentityRow::read).transpose()?;
        let student = CandidateRow {
            id: self.id,
            ine: self.ine,
            last_name: self.last_name,
            usage_name: self.usage_name,
            first_name: self.first_name,
            other_first_names: self.other_first_names,
            birthdate: self.birthdate,
            division: self.division,
            present: true,
            linked: linked_to.is_some(),
        };
        let seen = NearStudent {
            near,
            student: student.read()?,
            linked_to,
        };
        Ok((near, Some(seen)))
    }
}

macro_rules! requests {
    ($rest:tt $(, $bound:expr)*) => {
        sqlx::query_as!(
            RequestRow,
            r#"SELECT r.id, r.organization_id,
                r.pupil_id, r.campaign_id, r.birthdate::text as "birthdate!", r.asked_at,
                r.state, r.settled_by, r.settled_at,
                r.settled_student, r.revision, c.title as campaign_title,
                p.last_name, p.first_name, p.divisions, p.signed_in_at
               FROM linking_requests r JOIN campaigns c ON c.id = r.campaign_id JOIN pupils p ON p.id = r.pupil_id
               WHERE r.organization_id = $1 AND "# + $rest
            $(, $bound)*
        )
    };
}

type NearOf = HashMap<Uuid, Vec<(Near, Option<NearStudent>)>>;

/// Who is near the requests of these ids.
async fn near(connection: &mut PgConnection, requests: &[Uuid]) -> Result<NearOf, Failure> {
    let rows = sqlx::query_as!(
        NearRow,
        r#"SELECT n.request_id, n.near, s.id, s.ine, s.last_name, s.usage_name, s.first_name, s.other_first_names,
            s.birthdate::text as "birthdate!", s.division, s.left_on IS NULL as "present!",
            l.pupil_id as "linked_pupil?", p.last_name as "linked_last_name?", p.first_name as "linked_first_name?",
            p.divisions as "linked_divisions?", p.signed_in_at as "linked_signed_in_at?"
           FROM linking_request_candidates n JOIN students s ON s.id = n.student_id
           LEFT JOIN student_links l ON l.student_id = s.id AND l.ended_at IS NULL
           LEFT JOIN pupils p ON p.id = l.pupil_id
           WHERE n.request_id = ANY($1) ORDER BY n.request_id, n.rank"#,
        requests
    )
    .fetch_all(connection)
    .await
    .or_failure()?;
    let mut near = NearOf::new();
    for row in rows {
        near.entry(row.request_id).or_default().push(row.read()?);
    }
    Ok(near)
}

/// Writes what became of a request, inside the write of what settles it.
pub(super) async fn settle(
    connection: &mut PgConnection,
    settlement: &Settlement,
) -> Result<(), RecordError> {
    let request = &settlement.request;
    let (state, by, at, student) = match request.state {
        RequestState::Pending => ("pending", None, None, None),
        RequestState::Approved { by, at, student } => {
            ("approved", Some(by.0), Some(micros(at)), Some(student.0))
        }
        RequestState::Refused { by, at } => ("refused", Some(by.0), Some(micros(at)), None),
        RequestState::Overtaken { at } => ("overtaken", None, Some(micros(at)), None),
    };
    let done = sqlx::query!(
        "UPDATE linking_requests
         SET state = $1, settled_by = $2, settled_at = $3, settled_student = $4, revision = $5
         WHERE id = $6 AND revision = $7",
        state,
        by,
        at,
        student,
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
    connection: &mut PgConnection,
    request: &LinkingRequest,
) -> Result<(), AskingRecordError> {
    let (birthdate, asked_at) = (request.birthdate.to_string(), micros(request.asked_at));
    sqlx::query!(
        "INSERT INTO linking_requests
            (id, organization_id, pupil_id, campaign_id, birthdate, asked_at, state, revision)
         VALUES ($1, $2, $3, $4, $5::text::date, $6, 'pending', $7)",
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
    connection: &mut PgConnection,
    request: &LinkingRequest,
    expected: Revision,
) -> Result<(), AskingRecordError> {
    let (birthdate, asked_at) = (request.birthdate.to_string(), micros(request.asked_at));
    let done = sqlx::query!(
        "UPDATE linking_requests SET campaign_id = $1, birthdate = $2::text::date, asked_at = $3, revision = $4
         WHERE id = $5 AND revision = $6",
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
        "DELETE FROM linking_request_candidates WHERE request_id = $1",
        request.id.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// Students whom an undone import took away in between are left out.
async fn insert_near(
    connection: &mut PgConnection,
    request: &LinkingRequest,
) -> Result<(), Failure> {
    let students: Vec<Uuid> = request.near.iter().map(|near| near.student_id.0).collect();
    let texts = request.near.iter().map(json);
    let texts = texts.collect::<Result<Vec<String>, _>>()?;
    sqlx::query!(
        "INSERT INTO linking_request_candidates (request_id, student_id, rank, near)
         SELECT $1, s.id, n.number - 1, n.near
         FROM UNNEST($2::uuid[], $3::text[]) WITH ORDINALITY AS n (student_id, near, number)
         JOIN students s ON s.id = n.student_id AND s.organization_id = $4",
        request.id.0,
        &students,
        &texts,
        request.organization_id.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

#[async_trait]
impl LinkingRequestStore for PgStore {
    async fn pending(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<SeenRequest>, Failure> {
        let mut tx = self.snapshot().await?;
        let rows = requests!(
            "r.state = 'pending' ORDER BY r.asked_at, r.id LIMIT $2",
            organization.0,
            i64::from(limit)
        )
        .fetch_all(&mut *tx)
        .await
        .or_failure()?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let mut near = near(&mut tx, &ids).await?;
        rows.into_iter()
            .map(|row| {
                let near = near.remove(&row.id).unwrap_or_default();
                row.seen(near)
            })
            .collect()
    }

    async fn count_pending(&self, organization: OrganizationId) -> Result<u32, Failure> {
        let waiting = sqlx::query_scalar!(
            r#"SELECT COUNT(*) as "waiting!" FROM linking_requests
               WHERE organization_id = $1 AND state = 'pending'"#,
            organization.0
        )
        .fetch_one(self.pool())
        .await
        .or_failure()?;
        count(waiting)
    }

    async fn find(
        &self,
        organization: OrganizationId,
        request: LinkingRequestId,
    ) -> Result<Option<SeenRequest>, Failure> {
        let mut tx = self.snapshot().await?;
        let row = requests!("r.id = $2", organization.0, request.0)
            .fetch_optional(&mut *tx)
            .await
            .or_failure()?;
        let Some(row) = row else { return Ok(None) };
        let near = near(&mut tx, &[row.id]).await?;
        let near = near.into_values().next().unwrap_or_default();
        row.seen(near).map(Some)
    }

    async fn last_of(
        &self,
        organization: OrganizationId,
        pupil: PupilId,
    ) -> Result<Option<LinkingRequest>, Failure> {
        let mut tx = self.snapshot().await?;
        let row = requests!(
            "r.pupil_id = $2 ORDER BY r.state = 'pending' DESC, r.asked_at DESC, r.id DESC LIMIT 1",
            organization.0,
            pupil.0
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?;
        let Some(row) = row else { return Ok(None) };
        let near = near(&mut tx, &[row.id]).await?;
        let near = near.into_values().next().unwrap_or_default();
        row.request(near.into_iter().map(|(near, _)| near).collect())
            .map(Some)
    }

    async fn record_asking(&self, asking: &Asking) -> Result<(), AskingRecordError> {
        let mut tx = self.begin().await?;
        hold_roster(&mut tx, asking.request.organization_id).await?;
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
