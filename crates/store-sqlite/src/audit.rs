//! The audit trail.

use async_trait::async_trait;
use pix_orga_domain::audit::AuditEntry;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::ids::{AuditId, OrganizationId};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::audit::{actor, columns};
use pix_orga_store_rows::value::{from_json, instant, json, micros};
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::SqliteStore;
use crate::convert::OrFailure;

/// Writes an entry, inside the write of the change that causes it.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    entry: &AuditEntry,
) -> Result<(), Failure> {
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

#[async_trait]
impl AuditStore for SqliteStore {
    async fn latest(
        &self,
        organization: OrganizationId,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, Failure> {
        sqlx::query!(
            r#"SELECT id as "id: Uuid", at, actor_kind, actor_id as "actor_id: Uuid", action
               FROM audit_entries WHERE organization_id = ? ORDER BY at DESC, id DESC LIMIT ?"#,
            organization.0,
            limit
        )
        .fetch_all(self.readers())
        .await
        .or_failure()?
        .into_iter()
        .map(|row| {
            Ok(AuditEntry {
                id: AuditId(row.id),
                organization_id: organization,
                at: instant(row.at)?,
                actor: actor(&row.actor_kind, row.actor_id)?,
                action: from_json("audit_entries.action", &row.action)?,
            })
        })
        .collect()
    }
}
