//! All that is kept of one pupil, read in one snapshot.

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::dossier::store::DossierStore;
use pix_orga_domain::dossier::{
    Kept, KeptAccount, KeptLink, KeptParticipation, KeptRequest, KeptTry,
};
use pix_orga_domain::ids::{LinkId, OrganizationId, PupilId, StudentId};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::value::{from_json, instant, some_instant, unreadable};

use crate::convert::OrFailure;
use crate::roster::StudentRecord;
use crate::{Connection, PgStore, audit};

#[async_trait]
impl DossierStore for PgStore {
    async fn kept(
        &self,
        organization: OrganizationId,
        student: StudentId,
    ) -> Result<Option<Kept>, Failure> {
        let mut snapshot = self.snapshot().await?;
        let record = sqlx::query_as!(
            StudentRecord,
            r#"SELECT id, organization_id, eleve_id, ine, last_name, usage_name,
                      first_name, other_first_names, birthdate::text AS "birthdate!", sex, division, mef, leaves_on::text AS leaves_on,
                      left_on::text AS left_on
               FROM students WHERE id = $1 AND organization_id = $2 AND eleve_id IS NOT NULL"#,
            student.0,
            organization.0
        )
        .fetch_optional(&mut *snapshot)
        .await
        .or_failure()?;
        let Some(record) = record else {
            return Ok(None);
        };
        let links = links(&mut snapshot, student).await?;
        Ok(Some(Kept {
            student: record.student()?,
            accounts: accounts(&mut snapshot, organization, &links).await?,
            links,
            trail: audit::about(&mut snapshot, organization, student).await?,
        }))
    }

    async fn by_number(
        &self,
        organization: OrganizationId,
        eleve_id: &str,
    ) -> Result<Option<StudentId>, Failure> {
        let found = sqlx::query_scalar!(
            r#"SELECT id FROM students WHERE organization_id = $1 AND eleve_id = $2"#,
            organization.0,
            eleve_id
        )
        .fetch_optional(self.pool())
        .await
        .or_failure()?;
        Ok(found.map(StudentId))
    }

    async fn record_export(&self, entry: &AuditEntry) -> Result<(), Failure> {
        let mut write = self.begin().await?;
        audit::insert(&mut write, entry).await?;
        write.commit().await.or_failure()
    }
}

async fn links(snapshot: &mut Connection, student: StudentId) -> Result<Vec<KeptLink>, Failure> {
    sqlx::query!(
        r#"SELECT id, pupil_id, linked_at, moved_from, ended_at
           FROM student_links WHERE student_id = $1 ORDER BY linked_at, id"#,
        student.0
    )
    .fetch_all(snapshot)
    .await
    .or_failure()?
    .into_iter()
    .map(|row| {
        Ok(KeptLink {
            id: LinkId(row.id),
            account: PupilId(row.pupil_id),
            linked_at: instant(row.linked_at)?,
            moved_from: row.moved_from.map(PupilId),
            ended_at: some_instant(row.ended_at)?,
        })
    })
    .collect()
}

/// The account that is linked, and those that link was moved from.
async fn accounts(
    snapshot: &mut Connection,
    school: OrganizationId,
    links: &[KeptLink],
) -> Result<Vec<KeptAccount>, Failure> {
    let holding = links.iter().filter(|link| link.ended_at.is_none());
    let mut ids: Vec<PupilId> = holding.map(|link| link.account).collect();
    ids.extend(links.iter().filter_map(|link| link.moved_from));
    ids.sort_unstable();
    ids.dedup();
    let mut accounts = Vec::new();
    for id in ids {
        accounts.extend(account(&mut *snapshot, school, id).await?);
    }
    Ok(accounts)
}

async fn account(
    snapshot: &mut Connection,
    school: OrganizationId,
    id: PupilId,
) -> Result<Option<KeptAccount>, Failure> {
    let row = sqlx::query!(
        "SELECT ido, last_name, first_name, divisions, uais, created_at, signed_in_at FROM pupils WHERE id = $1",
        id.0
    )
    .fetch_optional(&mut *snapshot)
    .await
    .or_failure()?;
    let Some(row) = row else {
        return Ok(None);
    };
    Ok(Some(KeptAccount {
        id,
        ido: row.ido,
        last_name: row.last_name,
        first_name: row.first_name,
        divisions: from_json("pupils.divisions", &row.divisions)?,
        uais: from_json("pupils.uais", &row.uais)?,
        created_at: instant(row.created_at)?,
        signed_in_at: instant(row.signed_in_at)?,
        campaigns: campaigns(&mut *snapshot, school, id).await?,
        requests: requests(&mut *snapshot, school, id).await?,
        tries: tries(snapshot, school, id).await?,
    }))
}

async fn campaigns(
    snapshot: &mut Connection,
    school: OrganizationId,
    account: PupilId,
) -> Result<Vec<KeptParticipation>, Failure> {
    sqlx::query!(
        "SELECT c.title, c.code, p.entered_at FROM participations p JOIN campaigns c ON c.id = p.campaign_id
         WHERE p.pupil_id = $1 AND c.organization_id = $2 ORDER BY p.entered_at",
        account.0,
        school.0
    )
    .fetch_all(snapshot)
    .await
    .or_failure()?
    .into_iter()
    .map(|row| {
        Ok(KeptParticipation {
            title: row.title,
            code: row.code,
            entered_at: instant(row.entered_at)?,
        })
    })
    .collect()
}

async fn requests(
    snapshot: &mut Connection,
    school: OrganizationId,
    account: PupilId,
) -> Result<Vec<KeptRequest>, Failure> {
    sqlx::query!(
        r#"SELECT birthdate::text AS "birthdate!", asked_at, state, settled_at FROM linking_requests
           WHERE pupil_id = $1 AND organization_id = $2 ORDER BY asked_at"#,
        account.0,
        school.0
    )
    .fetch_all(snapshot)
    .await
    .or_failure()?
    .into_iter()
    .map(|row| {
        let birthdate = row.birthdate.parse();
        Ok(KeptRequest {
            birthdate: birthdate.map_err(|_| unreadable("linking_requests.birthdate"))?,
            asked_at: instant(row.asked_at)?,
            state: row.state,
            settled_at: some_instant(row.settled_at)?,
        })
    })
    .collect()
}

async fn tries(
    snapshot: &mut Connection,
    school: OrganizationId,
    account: PupilId,
) -> Result<Vec<KeptTry>, Failure> {
    sqlx::query!(
        r#"SELECT at, missed FROM pupil_attempts
           WHERE pupil_id = $1 AND organization_id = $2 ORDER BY rank"#,
        account.0,
        school.0
    )
    .fetch_all(snapshot)
    .await
    .or_failure()?
    .into_iter()
    .map(|row| {
        Ok(KeptTry {
            at: instant(row.at)?,
            missed: row.missed,
        })
    })
    .collect()
}
