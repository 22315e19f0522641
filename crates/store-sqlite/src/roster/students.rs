//! The rows of students: written by the hundred, one statement for each batch.

use jiff::civil::Date;
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::Sex;
use pix_orga_domain::roster::{Presence, Student};
use pix_orga_domain::store::Failure;
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite, Transaction};
use uuid::Uuid;

use crate::convert::{OrFailure, from_json, unreadable};

/// Rows in a statement: SQLite takes 32,766 values in one.
const BATCH_ROWS: usize = 500;

/// The birth date of a pupil made anonymous: the column has one in each row, and no pupil was born then.
pub(super) const FORGOTTEN_BIRTHDATE: &str = "0001-01-01";

/// A row of `students`.
#[derive(sqlx::FromRow)]
pub(crate) struct StudentRecord {
    pub(crate) id: Uuid,
    pub(crate) organization_id: Uuid,
    pub(crate) eleve_id: Option<String>,
    pub(crate) ine: Option<String>,
    pub(crate) last_name: String,
    pub(crate) usage_name: Option<String>,
    pub(crate) first_name: String,
    pub(crate) other_first_names: String,
    pub(crate) birthdate: String,
    pub(crate) sex: Option<String>,
    pub(crate) division: String,
    pub(crate) mef: Option<String>,
    pub(crate) leaves_on: Option<String>,
    pub(crate) left_on: Option<String>,
}

impl StudentRecord {
    pub(crate) fn student(self) -> Result<Student, Failure> {
        let day = |text: &str| {
            text.parse::<Date>()
                .map_err(|_| unreadable("students.birthdate"))
        };
        let presence = match &self.left_on {
            Some(on) => Presence::Left { on: day(on)? },
            None => Presence::Present {
                leaves_on: self.leaves_on.as_deref().map(day).transpose()?,
            },
        };
        Ok(Student {
            id: StudentId(self.id),
            organization_id: OrganizationId(self.organization_id),
            eleve_id: self.eleve_id.unwrap_or_default(),
            ine: self
                .ine
                .as_deref()
                .map(Ine::parse)
                .transpose()
                .map_err(|_| unreadable("students.ine"))?,
            last_name: self.last_name,
            usage_name: self.usage_name,
            first_name: self.first_name,
            other_first_names: from_json("students.other_first_names", &self.other_first_names)?,
            birthdate: day(&self.birthdate)?,
            sex: match self.sex.as_deref() {
                Some("F") => Some(Sex::F),
                Some("M") => Some(Sex::M),
                _ => None,
            },
            division: self.division,
            mef: self.mef,
            presence,
        })
    }
}

pub(super) async fn insert(
    write: &mut Transaction<'_, Sqlite>,
    students: &[Student],
) -> Result<(), Failure> {
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
pub(super) async fn rewrite(
    write: &mut Transaction<'_, Sqlite>,
    students: &[Student],
) -> Result<(), Failure> {
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

pub(super) async fn delete(
    write: &mut Transaction<'_, Sqlite>,
    organization: OrganizationId,
    students: &[StudentId],
) -> Result<(), Failure> {
    for batch in students.chunks(BATCH_ROWS) {
        let mut query =
            QueryBuilder::<Sqlite>::new("DELETE FROM students WHERE organization_id = ");
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
    let (leaves_on, left_on) = match student.presence {
        Presence::Present { leaves_on } => (leaves_on, None),
        Presence::Left { on } => (None, Some(on)),
    };
    let names = serde_json::Value::from(student.other_first_names.clone());
    row.push_bind(student.id.0)
        .push_bind(student.organization_id.0)
        .push_bind(&student.eleve_id)
        .push_bind(student.ine.as_ref().map(Ine::as_str))
        .push_bind(&student.last_name)
        .push_bind(student.usage_name.as_deref())
        .push_bind(&student.first_name)
        .push_bind(names.to_string())
        .push_bind(student.birthdate.to_string())
        .push_bind(student.sex.map(|sex| match sex {
            Sex::F => "F",
            Sex::M => "M",
        }))
        .push_bind(&student.division)
        .push_bind(student.mef.as_deref())
        .push_bind(leaves_on.map(|day| day.to_string()))
        .push_bind(left_on.map(|day| day.to_string()))
        .push_bind(student.search_key())
        .push_bind(student.sort_key());
}
