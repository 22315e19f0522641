//! The audit trail.

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::audit::use_cases::{Mentioned, Named};
use pix_orga_domain::ids::{AccountId, InvitationId, OrganizationId, StudentId};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::audit::{EntryRow, columns};
use pix_orga_store_rows::value::{json, micros};
use uuid::Uuid;

use crate::convert::OrFailure;
use crate::{Connection, PgStore};

/// Writes an entry, inside the write of the change that causes it.
pub(crate) async fn insert(connection: &mut Connection, entry: &AuditEntry) -> Result<(), Failure> {
    let (kind, actor) = columns(entry.actor);
    let (at, action) = (micros(entry.at), json(&entry.action)?);
    sqlx::query!(
        "INSERT INTO audit_entries (id, organization_id, at, actor_kind, actor_id, action)
         VALUES ($1, $2, $3, $4, $5, $6)",
        entry.id.0,
        entry.organization_id.0,
        at,
        kind,
        actor,
        action
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// The lines of a school that bear a pupil's id, oldest first.
pub(crate) async fn about(
    connection: &mut Connection,
    organization: OrganizationId,
    student: StudentId,
) -> Result<Vec<AuditEntry>, Failure> {
    let id = student.to_string();
    sqlx::query_as!(
        EntryRow,
        r#"SELECT id, at, actor_kind, actor_id, action
           FROM audit_entries WHERE organization_id = $1 AND position($2 IN action) > 0 ORDER BY at, id"#,
        organization.0,
        id
    )
    .fetch_all(connection)
    .await
    .or_failure()?
    .into_iter()
    .map(|row| row.entry(organization))
    .collect()
}

#[async_trait]
impl AuditStore for PgStore {
    async fn count(&self, organization: OrganizationId) -> Result<u32, Failure> {
        let count = sqlx::query_scalar!(
            r#"SELECT COUNT(*) AS "count!: i64" FROM audit_entries WHERE organization_id = $1"#,
            organization.0
        )
        .fetch_one(self.pool())
        .await
        .or_failure()?;
        u32::try_from(count).map_err(Failure::new)
    }

    async fn page(
        &self,
        organization: OrganizationId,
        offset: u32,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure> {
        sqlx::query_as!(
            EntryRow,
            r#"SELECT id, at, actor_kind, actor_id, action
               FROM audit_entries WHERE organization_id = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3"#,
            organization.0,
            i64::from(limit),
            i64::from(offset)
        )
        .fetch_all(self.pool())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| row.entry(organization))
        .collect()
    }

    async fn mentioned(
        &self,
        organization: OrganizationId,
        named: &Named,
    ) -> Result<Mentioned, Failure> {
        let mut snapshot = self.snapshot().await?;
        let accounts: Vec<Uuid> = named.accounts.iter().map(|id| id.0).collect();
        let people = sqlx::query!(
            "SELECT id, first_name, last_name FROM accounts WHERE id = ANY($1)",
            &accounts
        )
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
        let invitations: Vec<Uuid> = named.invitations.iter().map(|id| id.0).collect();
        let addresses = sqlx::query!(
            "SELECT id, address FROM invitations WHERE id = ANY($1) AND organization_id = $2",
            &invitations,
            organization.0
        )
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
        let students: Vec<Uuid> = named.students.iter().map(|id| id.0).collect();
        let students = sqlx::query_scalar!(
            "SELECT id FROM students WHERE id = ANY($1) AND organization_id = $2 AND eleve_id IS NOT NULL",
            &students,
            organization.0
        )
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
        let full_name = |first: &str, last: &str| format!("{first} {last}");
        let people = people.into_iter().map(|row| {
            (
                AccountId(row.id),
                full_name(&row.first_name, &row.last_name),
            )
        });
        let addresses = addresses
            .into_iter()
            .map(|row| (InvitationId(row.id), row.address));
        Ok(Mentioned {
            names: people.collect(),
            addresses: addresses.collect(),
            students: students.into_iter().map(StudentId).collect(),
        })
    }
}
