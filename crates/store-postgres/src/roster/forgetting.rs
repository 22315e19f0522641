//! Pupils forgotten: what hangs on them goes first.

use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::roster::forgetting::{Forgetting, Trace};
use pix_orga_domain::store::{Failure, RecordError};
use pix_orga_store_rows::value::json;
use uuid::Uuid;

use super::guarded;
use super::students::{self, FORGOTTEN_BIRTHDATE};
use crate::convert::OrFailure;
use crate::{PgStore, Transaction, audit};

/// Forgets pupils, or nothing.
pub(super) async fn forget(store: &PgStore, forgetting: &Forgetting) -> Result<(), RecordError> {
    let mut write = store.begin().await?;
    let school = forgetting.organization_id;
    let next = forgetting.expected.next().0;
    let guard = sqlx::query!(
        "UPDATE rosters SET revision = $1, undoable_import_id = NULL WHERE organization_id = $2 AND revision = $3",
        next,
        school.0,
        forgetting.expected.0
    )
    .execute(&mut *write)
    .await
    .or_failure()?;
    guarded(guard.rows_affected())?;
    for student in &forgetting.students {
        let accounts = accounts(&mut write, school, student.0).await?;
        for account in &accounts {
            leave_school(&mut write, school, *account).await?;
        }
        unlink(&mut write, school, student.0).await?;
        match forgetting.trace {
            Trace::Anonymous => blank(&mut write, school, student.0).await?,
            Trace::Nothing => {
                students::delete(&mut write, school, &[*student]).await?;
                for account in accounts {
                    erase_unlinked(&mut write, account).await?;
                }
            }
        }
    }
    forget_in_imports(&mut write, forgetting).await?;
    if forgetting.trace == Trace::Nothing {
        forget_file_names(&mut write, school).await?;
    }
    audit::insert(&mut write, &forgetting.audit).await?;
    write.commit().await.or_failure()?;
    Ok(())
}

/// The account that is linked to a student, and those that link was moved from.
async fn accounts(
    write: &mut Transaction,
    school: OrganizationId,
    student: Uuid,
) -> Result<Vec<Uuid>, Failure> {
    sqlx::query_scalar!(
        r#"SELECT pupil_id AS "pupil_id!" FROM student_links
           WHERE organization_id = $1 AND student_id = $2 AND ended_at IS NULL
           UNION SELECT moved_from FROM student_links
           WHERE organization_id = $1 AND student_id = $2 AND moved_from IS NOT NULL"#,
        school.0,
        student
    )
    .fetch_all(&mut **write)
    .await
    .or_failure()
}

/// What an account entered and asked in the school.
async fn leave_school(
    write: &mut Transaction,
    school: OrganizationId,
    account: Uuid,
) -> Result<(), Failure> {
    sqlx::query!(
        "DELETE FROM linking_requests WHERE pupil_id = $1 AND organization_id = $2",
        account,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    sqlx::query!(
        "DELETE FROM participations WHERE pupil_id = $1
         AND campaign_id IN (SELECT id FROM campaigns WHERE organization_id = $2)",
        account,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}

/// A student's links, ended ones included, and their places among candidates.
async fn unlink(
    write: &mut Transaction,
    school: OrganizationId,
    student: Uuid,
) -> Result<(), Failure> {
    sqlx::query!(
        "DELETE FROM student_links WHERE student_id = $1 AND organization_id = $2",
        student,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    sqlx::query!(
        "DELETE FROM linking_request_students
         WHERE student_id = (SELECT id FROM students WHERE id = $1 AND organization_id = $2)",
        student,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    // The table of the version before: the next release drops it.
    sqlx::query!(
        "DELETE FROM linking_request_candidates
         WHERE student_id = (SELECT id FROM students WHERE id = $1 AND organization_id = $2)",
        student,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}

/// The class, the level and the day of leave stay.
async fn blank(
    write: &mut Transaction,
    school: OrganizationId,
    student: Uuid,
) -> Result<(), Failure> {
    sqlx::query!(
        "UPDATE students SET eleve_id = NULL, ine = NULL, last_name = '', usage_name = NULL, first_name = '',
            other_first_names = '[]', birthdate = CAST($1::text AS date), sex = NULL, leaves_on = NULL, search_key = '', sort_key = ''
         WHERE id = $2 AND organization_id = $3 AND left_on IS NOT NULL",
        FORGOTTEN_BIRTHDATE,
        student,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}

/// The account itself and its sessions, unless a link of another school holds it.
async fn erase_unlinked(write: &mut Transaction, account: Uuid) -> Result<(), Failure> {
    let erased = sqlx::query!(
        "DELETE FROM pupils WHERE id = $1
         AND NOT EXISTS (SELECT 1 FROM student_links l WHERE l.pupil_id = pupils.id AND l.ended_at IS NULL)",
        account
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    if erased.rows_affected() > 0 {
        sqlx::query!(
            "DELETE FROM sessions WHERE subject_kind = 'pupil' AND subject_id = $1",
            account
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
    }
    Ok(())
}

/// What files were called, in imports that ended.
async fn forget_file_names(write: &mut Transaction, school: OrganizationId) -> Result<(), Failure> {
    sqlx::query!(
        r#"UPDATE imports SET body = jsonb_set(body::jsonb, '{file_name}', '""')::text WHERE organization_id = $1
           AND state NOT IN ('received', 'checked', 'compared', 'waiting')"#,
        school.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}

/// The remarks that named them, and what would undo the last import.
async fn forget_in_imports(
    write: &mut Transaction,
    forgetting: &Forgetting,
) -> Result<(), Failure> {
    for (import, report) in &forgetting.reports {
        let report = json(report)?;
        sqlx::query!(
            "UPDATE import_reports SET report = $1 WHERE import_id = $2",
            report,
            import.0
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
    }
    sqlx::query!(
        "DELETE FROM import_inverses WHERE import_id IN (SELECT id FROM imports WHERE organization_id = $1)",
        forgetting.organization_id.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}
