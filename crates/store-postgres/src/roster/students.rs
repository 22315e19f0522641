//! The rows of students: written by the thousand, one statement for each batch.

use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::Student;
use pix_orga_domain::roster::due::DueLeaves;
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::student::Columns;
use uuid::Uuid;

use crate::Transaction;
use crate::convert::OrFailure;

/// Rows in a statement: some megabytes at most.
const BATCH_ROWS: usize = 5_000;

/// The birth date of a pupil made anonymous: the column has one in each row, and no pupil was born then.
pub(super) const FORGOTTEN_BIRTHDATE: &str = "0001-01-01";

/// Students as columns, to be written by one statement.
#[derive(Default)]
struct Batch {
    ids: Vec<Uuid>,
    organization_ids: Vec<Uuid>,
    eleve_ids: Vec<String>,
    ines: Vec<Option<String>>,
    last_names: Vec<String>,
    usage_names: Vec<Option<String>>,
    first_names: Vec<String>,
    other_first_names: Vec<String>,
    birthdates: Vec<String>,
    sexes: Vec<Option<String>>,
    divisions: Vec<String>,
    mefs: Vec<Option<String>>,
    leave_on: Vec<Option<String>>,
    left_on: Vec<Option<String>>,
    search_keys: Vec<String>,
    sort_keys: Vec<String>,
}

impl Batch {
    fn of(students: &[Student]) -> Self {
        let mut batch = Self::default();
        for student in students {
            batch.push(student);
        }
        batch
    }

    fn push(&mut self, student: &Student) {
        let columns = Columns::of(student);
        self.ids.push(student.id.0);
        self.organization_ids.push(student.organization_id.0);
        self.eleve_ids.push(student.eleve_id.clone());
        self.ines.push(columns.ine.map(str::to_owned));
        self.last_names.push(student.last_name.clone());
        self.usage_names.push(student.usage_name.clone());
        self.first_names.push(student.first_name.clone());
        self.other_first_names.push(columns.other_first_names);
        self.birthdates.push(columns.birthdate);
        self.sexes.push(columns.sex.map(str::to_owned));
        self.divisions.push(student.division.clone());
        self.mefs.push(student.mef.clone());
        self.leave_on.push(columns.leaves_on);
        self.left_on.push(columns.left_on);
        self.search_keys.push(columns.search_key);
        self.sort_keys.push(columns.sort_key);
    }
}

macro_rules! written {
    ($before:tt, $after:tt, $columns:expr) => {
        sqlx::query!(
            $before
                + "SELECT id, organization_id, eleve_id, ine, last_name, usage_name, first_name, other_first_names,
                birthdate::date AS birthdate, sex, division, mef, leaves_on::date AS leaves_on,
                left_on::date AS left_on, search_key, sort_key
               FROM UNNEST($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],
                $16::text[])
               AS new (id, organization_id, eleve_id, ine, last_name, usage_name, first_name, other_first_names,
                birthdate, sex, division, mef, leaves_on, left_on, search_key, sort_key) "
                + $after,
            &$columns.ids,
            &$columns.organization_ids,
            &$columns.eleve_ids,
            &$columns.ines as &[Option<String>],
            &$columns.last_names,
            &$columns.usage_names as &[Option<String>],
            &$columns.first_names,
            &$columns.other_first_names,
            &$columns.birthdates,
            &$columns.sexes as &[Option<String>],
            &$columns.divisions,
            &$columns.mefs as &[Option<String>],
            &$columns.leave_on as &[Option<String>],
            &$columns.left_on as &[Option<String>],
            &$columns.search_keys,
            &$columns.sort_keys
        )
    };
}

pub(super) async fn insert(write: &mut Transaction, students: &[Student]) -> Result<(), Failure> {
    for batch in students.chunks(BATCH_ROWS) {
        let columns = Batch::of(batch);
        written!(
            "INSERT INTO students (id, organization_id, eleve_id, ine, last_name, usage_name, first_name,
                other_first_names, birthdate, sex, division, mef, leaves_on, left_on, search_key, sort_key) ",
            "",
            columns
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
    }
    Ok(())
}

/// Writes over rows that are there: one that is not fails the whole write.
pub(super) async fn rewrite(write: &mut Transaction, students: &[Student]) -> Result<(), Failure> {
    for batch in students.chunks(BATCH_ROWS) {
        let columns = Batch::of(batch);
        let written = written!(
            "WITH new AS (",
            ") UPDATE students SET eleve_id = new.eleve_id, ine = new.ine, last_name = new.last_name,
                usage_name = new.usage_name, first_name = new.first_name, other_first_names = new.other_first_names,
                birthdate = new.birthdate, sex = new.sex, division = new.division, mef = new.mef,
                leaves_on = new.leaves_on, left_on = new.left_on, search_key = new.search_key, sort_key = new.sort_key
               FROM new WHERE students.id = new.id AND students.organization_id = new.organization_id",
            columns
        )
        .execute(&mut **write)
        .await
        .or_failure()?;
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
    if students.is_empty() {
        return Ok(());
    }
    let students: Vec<Uuid> = students.iter().map(|student| student.0).collect();
    sqlx::query!(
        "UPDATE students SET eleve_id = NULL, ine = NULL WHERE organization_id = $1 AND id = ANY($2)",
        organization.0,
        &students
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}

/// Writes that pupils left, each on their day.
pub(super) async fn leave(write: &mut Transaction, leaves: &DueLeaves) -> Result<(), Failure> {
    let (students, days): (Vec<Uuid>, Vec<String>) = leaves
        .students
        .iter()
        .map(|(student, on)| (student.0, on.to_string()))
        .unzip();
    sqlx::query!(
        "UPDATE students SET left_on = due.left_on::date, leaves_on = NULL
         FROM UNNEST($1::uuid[], $2::text[]) AS due (id, left_on)
         WHERE students.id = due.id AND students.organization_id = $3",
        &students,
        &days,
        leaves.organization_id.0
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}

pub(super) async fn delete(
    write: &mut Transaction,
    organization: OrganizationId,
    students: &[StudentId],
) -> Result<(), Failure> {
    let students: Vec<Uuid> = students.iter().map(|student| student.0).collect();
    sqlx::query!(
        "DELETE FROM students WHERE organization_id = $1 AND id = ANY($2)",
        organization.0,
        &students
    )
    .execute(&mut **write)
    .await
    .or_failure()?;
    Ok(())
}
