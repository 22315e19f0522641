//! The audit trail.

use async_trait::async_trait;
use pix_orga_domain::audit::store::AuditStore;
use pix_orga_domain::audit::{Actor, AuditEntry};
use pix_orga_domain::ids::{AccountId, AuditId, OrganizationId, PupilId};
use pix_orga_domain::store::Failure;
use sqlx::SqliteConnection;
use uuid::Uuid;

use crate::SqliteStore;
use crate::convert::{OrFailure, from_json, instant, json, micros, unreadable};

/// Writes an entry, inside the write of the change that causes it.
pub(crate) async fn insert(
    connection: &mut SqliteConnection,
    entry: &AuditEntry,
) -> Result<(), Failure> {
    let (kind, actor) = match entry.actor {
        Actor::Account(id) => ("account", Some(id.0)),
        Actor::Pupil(id) => ("pupil", Some(id.0)),
        Actor::Operator => ("operator", None),
        Actor::System => ("system", None),
    };
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

fn actor(kind: &str, id: Option<Uuid>) -> Result<Actor, Failure> {
    match (kind, id) {
        ("account", Some(id)) => Ok(Actor::Account(AccountId(id))),
        ("pupil", Some(id)) => Ok(Actor::Pupil(PupilId(id))),
        ("operator", None) => Ok(Actor::Operator),
        ("system", None) => Ok(Actor::System),
        _ => Err(unreadable("audit_entries.actor_kind")),
    }
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
