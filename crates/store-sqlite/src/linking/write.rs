//! The writes of links: each closes the undoing of the last import first.

use jiff::Timestamp;
use pix_orga_domain::ids::{LinkId, OrganizationId};
use pix_orga_domain::reconciliation::linking::{LinkMove, Linking, StudentLink, Unlinking};
use pix_orga_domain::reconciliation::store::LinkRecordError;
use pix_orga_domain::reconciliation::tries::Try;
use pix_orga_domain::store::{Failure, RecordError};
use pix_orga_store_rows::value::micros;

use super::requests;
use crate::campaign::insert_participation;
use crate::constraint::{PUPIL_ATTEMPTS_RANK, STUDENT_LINKS_PUPIL, STUDENT_LINKS_STUDENT};
use crate::convert::{OrFailure, failure};
use crate::{Connection, SqliteStore, audit};

pub(super) async fn linking(store: &SqliteStore, linking: &Linking) -> Result<(), LinkRecordError> {
    let mut tx = store.begin().await?;
    let done = sqlx::query!(
        "UPDATE rosters SET undoable_import_id = NULL WHERE organization_id = ? AND revision = ?",
        linking.link.organization_id.0,
        linking.roster.0
    )
    .execute(&mut *tx)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(LinkRecordError::Stale);
    }
    if let Some(settlement) = &linking.settles {
        requests::settle(&mut tx, settlement).await?;
    }
    if let Some(counted) = &linking.counted {
        attempt(&mut tx, counted).await?;
    }
    insert(&mut tx, &linking.link).await?;
    if let Some(participation) = &linking.participation {
        insert_participation(&mut tx, participation).await?;
    }
    audit::insert(&mut tx, &linking.audit).await?;
    Ok(tx.commit().await.or_failure()?)
}

pub(super) async fn unlinking(
    store: &SqliteStore,
    unlinking: &Unlinking,
) -> Result<(), LinkRecordError> {
    let mut tx = store.begin().await?;
    close_undoing(&mut tx, unlinking.link.organization_id).await?;
    end(&mut tx, unlinking.link.id, unlinking.at).await?;
    audit::insert(&mut tx, &unlinking.audit).await?;
    Ok(tx.commit().await.or_failure()?)
}

pub(super) async fn moving(store: &SqliteStore, moved: &LinkMove) -> Result<(), LinkRecordError> {
    let mut tx = store.begin().await?;
    close_undoing(&mut tx, moved.link.organization_id).await?;
    end(&mut tx, moved.former.id, moved.link.linked_at).await?;
    if let Some(settlement) = &moved.settles {
        requests::settle(&mut tx, settlement).await?;
    }
    insert(&mut tx, &moved.link).await?;
    move_participations(&mut tx, moved).await?;
    if let Some(participation) = &moved.participation {
        insert_participation(&mut tx, participation).await?;
    }
    audit::insert(&mut tx, &moved.audit).await?;
    Ok(tx.commit().await.or_failure()?)
}

pub(super) async fn miss(store: &SqliteStore, missed: &Try) -> Result<(), RecordError> {
    let mut tx = store.begin().await?;
    attempt(&mut tx, missed).await?;
    Ok(tx.commit().await.or_failure()?)
}

/// Nobody undoes the last import any more.
pub(super) async fn close_undoing(
    connection: &mut Connection,
    school: OrganizationId,
) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE rosters SET undoable_import_id = NULL WHERE organization_id = ?",
        school.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

async fn attempt(connection: &mut Connection, tried: &Try) -> Result<(), RecordError> {
    let at = micros(tried.at);
    sqlx::query!(
        "INSERT INTO pupil_attempts (pupil_id, rank, organization_id, missed, at) VALUES (?, ?, ?, ?, ?)",
        tried.pupil_id.0,
        tried.rank,
        tried.organization_id.0,
        tried.missed,
        at
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if PUPIL_ATTEMPTS_RANK.broken_by(&error) {
            RecordError::Stale
        } else {
            failure(error).into()
        }
    })?;
    Ok(())
}

/// No request of the account waits once it is linked: those that do are settled first.
async fn insert(connection: &mut Connection, link: &StudentLink) -> Result<(), LinkRecordError> {
    let linked_at = micros(link.linked_at);
    let moved_from = link.moved_from.map(|pupil| pupil.0);
    let done = sqlx::query!(
        "INSERT INTO student_links (id, organization_id, student_id, pupil_id, linked_at, moved_from)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS (
            SELECT 1 FROM linking_requests WHERE organization_id = ?2 AND pupil_id = ?4 AND state = 'pending')",
        link.id.0,
        link.organization_id.0,
        link.student_id.0,
        link.pupil_id.0,
        linked_at,
        moved_from
    )
    .execute(connection)
    .await
    .map_err(|error| {
        if STUDENT_LINKS_STUDENT.broken_by(&error) {
            LinkRecordError::StudentTaken
        } else if STUDENT_LINKS_PUPIL.broken_by(&error) {
            LinkRecordError::PupilTaken
        } else {
            failure(error).into()
        }
    })?;
    if done.rows_affected() == 0 {
        return Err(LinkRecordError::Stale);
    }
    Ok(())
}

async fn end(
    connection: &mut Connection,
    link: LinkId,
    at: Timestamp,
) -> Result<(), LinkRecordError> {
    let at = micros(at);
    let done = sqlx::query!(
        "UPDATE student_links SET ended_at = ? WHERE id = ? AND ended_at IS NULL",
        at,
        link.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(LinkRecordError::Stale);
    }
    Ok(())
}

/// What the former account entered in the school goes to the new one, which keeps the first time of both.
async fn move_participations(connection: &mut Connection, moved: &LinkMove) -> Result<(), Failure> {
    sqlx::query!(
        "INSERT INTO participations (campaign_id, pupil_id, entered_at)
         SELECT p.campaign_id, ?, p.entered_at FROM participations p JOIN campaigns c ON c.id = p.campaign_id
         WHERE p.pupil_id = ? AND c.organization_id = ?
         ON CONFLICT (campaign_id, pupil_id) DO UPDATE SET entered_at = MIN(entered_at, excluded.entered_at)",
        moved.link.pupil_id.0,
        moved.former.pupil_id.0,
        moved.link.organization_id.0
    )
    .execute(&mut *connection)
    .await
    .or_failure()?;
    sqlx::query!(
        "DELETE FROM participations WHERE pupil_id = ?
         AND campaign_id IN (SELECT id FROM campaigns WHERE organization_id = ?)",
        moved.former.pupil_id.0,
        moved.link.organization_id.0
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}
