//! The audit trail.

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::audit::use_cases::{Mentioned, Named};
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::audit::{EntryRow, columns};
use pix_orga_store_rows::value::{json, micros};
use uuid::Uuid;

use crate::convert::OrFailure;
use crate::{Connection, SqliteStore};

/// Writes an entry, inside the write of the change that causes it.
pub(crate) async fn insert(connection: &mut Connection, entry: &AuditEntry) -> Result<(), Failure> {
    let (kind, actor) = columns(entry.actor);
    let (at, action) = (micros(entry.at), json(&entry.action)?);
    sqlx::query!(
        "INSERT INTO audit_entries (id, organization_id, at, actor_kind, actor_id, action)
         VALUES (?, ?, ?, ?, ?, ?)",
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
        r#"SELECT id AS "id: Uuid", at, actor_kind, actor_id AS "actor_id: Uuid", action
           FROM audit_entries WHERE organization_id = ?1 AND instr(action, ?2) > 0 ORDER BY at, id"#,
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
impl AuditStore for SqliteStore {
    async fn count(&self, organization: OrganizationId) -> Result<u32, Failure> {
        let count = sqlx::query_scalar!(
            r#"SELECT COUNT(*) AS "count!: i64" FROM audit_entries WHERE organization_id = ?1"#,
            organization.0
        )
        .fetch_one(self.readers())
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
            r#"SELECT id AS "id: Uuid", at, actor_kind, actor_id AS "actor_id: Uuid", action
               FROM audit_entries WHERE organization_id = ?1 ORDER BY at DESC, id DESC LIMIT ?2 OFFSET ?3"#,
            organization.0,
            limit,
            offset
        )
        .fetch_all(self.readers())
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
        let mut mentioned = Mentioned::default();
        for account in &named.accounts {
            let row = sqlx::query!(
                "SELECT first_name, last_name FROM accounts WHERE id = ?",
                account.0
            );
            if let Some(row) = row.fetch_optional(&mut *snapshot).await.or_failure()? {
                let name = format!("{} {}", row.first_name, row.last_name);
                mentioned.names.insert(*account, name);
            }
        }
        for invitation in &named.invitations {
            let address = sqlx::query_scalar!(
                "SELECT address FROM invitations WHERE id = ? AND organization_id = ?",
                invitation.0,
                organization.0
            );
            if let Some(address) = address.fetch_optional(&mut *snapshot).await.or_failure()? {
                mentioned.addresses.insert(*invitation, address);
            }
        }
        for student in &named.students {
            let there = sqlx::query_scalar!(
                "SELECT 1 FROM students WHERE id = ? AND organization_id = ? AND eleve_id IS NOT NULL",
                student.0,
                organization.0
            );
            if there
                .fetch_optional(&mut *snapshot)
                .await
                .or_failure()?
                .is_some()
            {
                mentioned.students.insert(*student);
            }
        }
        Ok(mentioned)
    }
}
