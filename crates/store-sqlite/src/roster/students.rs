//! The rows of students: written by the hundred, one statement for each batch.

use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::Student;
use pix_orga_domain::roster::due::DueLeaves;
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::student::Columns;
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite};

use crate::Transaction;
use crate::convert::OrFailure;

/// Rows in a statement: SQLite takes 32,766 values in one.
const BATCH_ROWS: usize = 500;

/// The birth date of a pupil made anonymous: the column has one in each row, and no pupil was born then.
pub(super) const FORGOTTEN_BIRTHDATE: &str = "0001-01-01";

pub(super) async fn insert(write: &mut Transaction, students: &[Student]) -> Result<(), Failure> {
    for batch in students.chunks(BATCH_ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "INSERT INTO students (id, organization_id, eleve_id, ine, last_name, usage_name, first_name, \
             other_first_names, birthdate, sex, division, mef, leaves_on, left_on, search_key, sort_key) ",
        );
        query.push_values(batch, |mut row, student| push(&mut row, student));
        query.build().execute(&mut **write).await.or_failure()?;
    }
    Ok(())
}

/// Writes over rows that are there: one that is not fails the whole write.
pub(super) async fn rewrite(write: &mut Transaction, students: &[Student]) -> Result<(), Failure> {
    for batch in students.chunks(BATCH_ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(
            "WITH new (id, organization_id, eleve_id, ine, last_name, usage_name, first_name, other_first_names, \
             birthdate, sex, division, mef, leaves_on, left_on, search_key, sort_key) AS (",
        );
        query.push_values(batch, |mut row, student| push(&mut row, student));
        query.push(
            ") UPDATE students SET eleve_id = new.eleve_id, ine = new.ine, last_name = new.last_name, \
             usage_name = new.usage_name, first_name = new.first_name, other_first_names = new.other_first_names, \
             birthdate = new.birthdate, sex = new.sex, division = new.division, mef = new.mef, \
             leaves_on = new.leaves_on, left_on = new.left_on, search_key = new.search_key, sort_key = new.sort_key \
             FROM new WHERE students.id = new.id AND students.organization_id = new.organization_id",
        );
        let written = query.build().execute(&mut **write).await.or_failure()?;
        if written.rows_affected() != batch.len() as u64 {
            return Err(Failure::new("a student to write over is not there"));
        }
    }
    Ok(())
}

/// Records that are about to be written over: their numbers are free for any record of the same write.
pub(super) async fn take_numbers_away(
    write: &mut Transaction,
    organization: OrganizationId,
    students: &[StudentId],
) -> Result<(), Failure> {
    let update = "UPDATE students SET eleve_id = NULL, ine = NULL WHERE organization_id = ";
    each_batch(write, update, organization, students).await
}

/// Writes that pupils left, each on their day.
pub(super) async fn leave(write: &mut Transaction, leaves: &DueLeaves) -> Result<(), Failure> {
    for batch in leaves.students.chunks(BATCH_ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new("WITH due (id, left_on) AS (");
        query.push_values(batch, |mut row, (student, on)| {
            row.push_bind(student.0).push_bind(on.to_string());
        });
        query.push(
            ") UPDATE students SET left_on = due.left_on, leaves_on = NULL FROM due \
             WHERE students.id = due.id AND students.organization_id = ",
        );
        query.push_bind(leaves.organization_id.0);
        query.build().execute(&mut **write).await.or_failure()?;
    }
    Ok(())
}

pub(super) async fn delete(
    write: &mut Transaction,
    organization: OrganizationId,
    students: &[StudentId],
) -> Result<(), Failure> {
    let delete = "DELETE FROM students WHERE organization_id = ";
    each_batch(write, delete, organization, students).await
}

/// Runs a statement, which ends before the school's id, on these students of the school.
async fn each_batch(
    write: &mut Transaction,
    statement: &'static str,
    organization: OrganizationId,
    students: &[StudentId],
) -> Result<(), Failure> {
    for batch in students.chunks(BATCH_ROWS) {
        let mut query = QueryBuilder::<Sqlite>::new(statement);
        query.push_bind(organization.0);
        query.push(" AND id IN (");
        let mut ids = query.separated(", ");
        for student in batch {
            ids.push_bind(student.0);
        }
        query.push(")");
        query.build().execute(&mut **write).await.or_failure()?;
    }
    Ok(())
}

fn push(row: &mut Separated<'_, Sqlite, &'static str>, student: &Student) {
    let columns = Columns::of(student);
    row.push_bind(student.id.0)
        .push_bind(student.organization_id.0)
        .push_bind(&student.eleve_id)
        .push_bind(columns.ine.map(str::to_owned))
        .push_bind(&student.last_name)
        .push_bind(student.usage_name.as_deref())
        .push_bind(&student.first_name)
        .push_bind(columns.other_first_names)
        .push_bind(columns.birthdate)
        .push_bind(columns.sex)
        .push_bind(&student.division)
        .push_bind(student.mef.as_deref())
        .push_bind(columns.leaves_on)
        .push_bind(columns.left_on)
        .push_bind(columns.search_key)
        .push_bind(columns.sort_key);
}
