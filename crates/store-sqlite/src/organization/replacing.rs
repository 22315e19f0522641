//! A number that replaces another, and the school that gives way.

use jiff::Timestamp;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::replacement::{GivesWay, UaiReplacement};
use pix_orga_domain::organization::store::OrganizationRecordError;
use pix_orga_domain::store::Failure;
use pix_orga_domain::uai::Uai;
use pix_orga_store_rows::value::micros;

use super::record_error;
use crate::Connection;
use crate::convert::{OrFailure, failure};

/// Writes that a number is a school's, present or replaced since then. Another school's is refused.
pub(super) async fn register(
    connection: &mut Connection,
    school: OrganizationId,
    uai: Uai,
    replaced_at: Option<Timestamp>,
) -> Result<(), OrganizationRecordError> {
    let (uai, replaced_at) = (uai.as_str(), replaced_at.map(micros));
    let done = sqlx::query!(
        "INSERT INTO organization_uais (uai, organization_id, replaced_at) VALUES (?, ?, ?)
         ON CONFLICT (uai) DO UPDATE SET replaced_at = excluded.replaced_at
         WHERE organization_id = excluded.organization_id",
        uai,
        school.0,
        replaced_at
    )
    .execute(connection)
    .await
    .map_err(record_error)?;
    if done.rows_affected() == 0 {
        return Err(OrganizationRecordError::UaiTaken);
    }
    Ok(())
}

pub(super) async fn is_blank(
    connection: &mut Connection,
    id: OrganizationId,
) -> Result<bool, Failure> {
    sqlx::query_scalar!(
        r#"SELECT NOT EXISTS (SELECT 1 FROM memberships WHERE organization_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM rosters WHERE organization_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM imports WHERE organization_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM students WHERE organization_id = ?1)
            AND NOT EXISTS (SELECT 1 FROM campaigns WHERE organization_id = ?1) as "blank!: bool""#,
        id.0
    )
    .fetch_one(connection)
    .await
    .or_failure()
}

/// Deletes a school that nobody ever worked in. Whoever came in meanwhile is a row that refers to it: the foreign keys
/// keep it then.
pub(super) async fn delete(
    connection: &mut Connection,
    school: &GivesWay,
) -> Result<(), OrganizationRecordError> {
    let (id, expected) = (school.id.0, school.expected.0);
    let guard = sqlx::query!(
        "UPDATE organizations SET revision = revision + 1 WHERE id = ? AND revision = ?",
        id,
        expected
    );
    if guard
        .execute(&mut *connection)
        .await
        .or_failure()?
        .rows_affected()
        == 0
    {
        return Err(OrganizationRecordError::Stale);
    }
    // Links refer to mails: they go first, with their invitations.
    for statement in [
        sqlx::query!("DELETE FROM invitations WHERE organization_id = ?", id),
        sqlx::query!("DELETE FROM outgoing_mails WHERE organization_id = ?", id),
        sqlx::query!("DELETE FROM audit_entries WHERE organization_id = ?", id),
        sqlx::query!(
            "DELETE FROM organization_uais WHERE organization_id = ?",
            id
        ),
        sqlx::query!("DELETE FROM organizations WHERE id = ?", id),
    ] {
        statement
            .execute(&mut *connection)
            .await
            .map_err(still_referred)?;
    }
    Ok(())
}

fn still_referred(error: sqlx::Error) -> OrganizationRecordError {
    let referred = error
        .as_database_error()
        .is_some_and(sqlx::error::DatabaseError::is_foreign_key_violation);
    if referred {
        OrganizationRecordError::Stale
    } else {
        failure(error).into()
    }
}

/// Gives a school its new number, and keeps the former one as its own.
pub(super) async fn renumber(
    connection: &mut Connection,
    replacement: &UaiReplacement,
) -> Result<(), OrganizationRecordError> {
    let school = &replacement.organization;
    let uai = school.uai.as_str();
    let done = sqlx::query!(
        "UPDATE organizations SET uai = ?, revision = ? WHERE id = ? AND revision = ?",
        uai,
        school.revision.0,
        school.id.0,
        replacement.expected.0
    )
    .execute(&mut *connection)
    .await
    .map_err(record_error)?;
    if done.rows_affected() == 0 {
        return Err(OrganizationRecordError::Stale);
    }
    let replaced_at = Some(replacement.replaced_at);
    register(connection, school.id, replacement.former, replaced_at).await?;
    register(connection, school.id, school.uai, None).await
}
