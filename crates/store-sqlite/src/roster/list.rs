//! The list of pupils: filters and order vary, so the statement is built.

use jiff::civil::Date;
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::listing::{
    ClassCount, ConnectionKind, Line, Lines, ListQuery, SortBy,
};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::student::{LineRow, StudentRecord};
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row, Sqlite};

use crate::convert::OrFailure;
use crate::{Connection, Pool};

/// What every statement here selects from: `linked_at` stands in the student's row, and indexes cover what filters,
/// counts and sorts.
const FROM: &str = " FROM students s";

fn read(row: &SqliteRow) -> sqlx::Result<LineRow> {
    Ok(LineRow {
        student: StudentRecord {
            id: row.try_get("id")?,
            organization_id: row.try_get("organization_id")?,
            eleve_id: row.try_get("eleve_id")?,
            ine: row.try_get("ine")?,
            last_name: row.try_get("last_name")?,
            usage_name: row.try_get("usage_name")?,
            first_name: row.try_get("first_name")?,
            other_first_names: row.try_get("other_first_names")?,
            birthdate: row.try_get("birthdate")?,
            sex: row.try_get("sex")?,
            division: row.try_get("division")?,
            mef: row.try_get("mef")?,
            leaves_on: row.try_get("leaves_on")?,
            left_on: row.try_get("left_on")?,
        },
        linked_at: row.try_get("linked_at")?,
        to_check: row.try_get("to_check")?,
    })
}

fn select(organization: OrganizationId) -> QueryBuilder<Sqlite> {
    let mut select = QueryBuilder::new(
        "SELECT s.id, s.organization_id, s.eleve_id, s.ine, s.last_name, s.usage_name, s.first_name, \
         s.other_first_names, s.birthdate, s.sex, s.division, s.mef, s.leaves_on, s.left_on, s.linked_at, ",
    );
    to_check(&mut select, organization);
    select.push(" AS to_check").push(FROM);
    select
}

/// Not linked, and named by a request that waits. Few requests wait: they are read once, whatever the students.
fn to_check(statement: &mut QueryBuilder<Sqlite>, organization: OrganizationId) {
    statement
        .push(
            "(s.linked_at IS NULL AND s.id IN (SELECT c.student_id FROM linking_requests r \
             JOIN linking_request_students c ON c.request_id = r.id \
             WHERE r.state = 'pending' AND r.organization_id = ",
        )
        .push_bind(organization.0)
        .push("))");
}

/// `total` is how many match, when it is known.
pub(super) async fn lines(
    snapshot: &mut Connection,
    query: &ListQuery,
    total: Option<u32>,
) -> Result<Lines, Failure> {
    // Which students first, by an index alone; then the whole rows of these.
    let mut page = select(query.organization_id);
    page.push(" WHERE s.id IN (SELECT s.id").push(FROM);
    filter(&mut page, query);
    order(&mut page, query);
    page.push(" LIMIT ")
        .push_bind(query.limit.map_or(-1, i64::from));
    page.push(" OFFSET ")
        .push_bind(i64::from(query.offset))
        .push(")");
    order(&mut page, query);

    let total = match total {
        Some(known) => known,
        None => count(snapshot, query).await?,
    };
    let rows = page
        .build()
        .try_map(|row| read(&row))
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
    Ok(Lines {
        lines: rows
            .into_iter()
            .map(LineRow::line)
            .collect::<Result<_, _>>()?,
        total,
    })
}

async fn count(snapshot: &mut Connection, query: &ListQuery) -> Result<u32, Failure> {
    let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*)");
    count.push(FROM);
    filter(&mut count, query);
    let total: i64 = count
        .build_query_scalar()
        .fetch_one(snapshot)
        .await
        .or_failure()?;
    u32::try_from(total).map_err(Failure::new)
}

/// Whoever is present on a day.
fn present(statement: &mut QueryBuilder<Sqlite>, on: Date) {
    statement
        .push("s.left_on IS NULL AND (s.leaves_on IS NULL OR s.leaves_on >= ")
        .push_bind(on.to_string())
        .push(")");
}

fn filter(statement: &mut QueryBuilder<Sqlite>, query: &ListQuery) {
    present(statement.push(" WHERE "), query.on);
    statement
        .push(" AND s.organization_id = ")
        .push_bind(query.organization_id.0);
    for word in &query.words {
        statement
            .push(" AND instr(s.search_key, ")
            .push_bind(word.clone())
            .push(") > 0");
    }
    if let Some(division) = &query.division {
        statement
            .push(" AND s.division = ")
            .push_bind(division.clone());
    }
    match query.connection {
        None => {}
        Some(ConnectionKind::Linked) => {
            statement.push(" AND s.linked_at IS NOT NULL");
        }
        Some(ConnectionKind::ToCheck) => {
            to_check(statement.push(" AND "), query.organization_id);
        }
        Some(ConnectionKind::NotLinked) => {
            statement.push(" AND s.linked_at IS NULL AND NOT ");
            to_check(statement, query.organization_id);
        }
    }
}

fn order(statement: &mut QueryBuilder<Sqlite>, query: &ListQuery) {
    let (first, empty_last) = match query.sort {
        SortBy::Name => ("s.sort_key", false),
        SortBy::FirstName => ("substr(s.sort_key, instr(s.sort_key, char(9)) + 1)", false),
        SortBy::Birthdate => ("s.birthdate", false),
        SortBy::Division => ("s.division", false),
        SortBy::LinkedSince => ("s.linked_at", true),
    };
    statement.push(" ORDER BY ").push(first);
    if query.descending {
        statement.push(" DESC");
    }
    if empty_last {
        statement.push(" NULLS LAST");
    }
    statement.push(", s.sort_key, s.id");
}

pub(super) async fn line(
    pool: &Pool,
    organization: OrganizationId,
    student: StudentId,
) -> Result<Option<Line>, Failure> {
    let mut one = select(organization);
    one.push(" WHERE s.id = ").push_bind(student.0);
    one.push(" AND s.eleve_id IS NOT NULL AND s.organization_id = ")
        .push_bind(organization.0);
    let row = one
        .build()
        .try_map(|row| read(&row))
        .fetch_optional(pool)
        .await
        .or_failure()?;
    row.map(LineRow::line).transpose()
}

#[derive(sqlx::FromRow)]
struct ClassRecord {
    division: String,
    present: i64,
    linked: i64,
    to_check: i64,
}

pub(super) async fn classes(
    snapshot: &mut Connection,
    organization: OrganizationId,
    on: Date,
) -> Result<Vec<ClassCount>, Failure> {
    let mut statement = QueryBuilder::<Sqlite>::new(
        "WITH waiting AS MATERIALIZED (SELECT s.division, COUNT(*) AS to_check FROM students s WHERE ",
    );
    present(&mut statement, on);
    statement
        .push(" AND s.organization_id = ")
        .push_bind(organization.0)
        .push(" AND ");
    to_check(&mut statement, organization);
    statement
        .push(
            " GROUP BY s.division) SELECT s.division, COUNT(*) AS present, COUNT(s.linked_at) AS linked, \
             COALESCE((SELECT w.to_check FROM waiting w WHERE w.division = s.division), 0) AS to_check",
        )
        .push(FROM)
        .push(" WHERE ");
    present(&mut statement, on);
    statement
        .push(" AND s.organization_id = ")
        .push_bind(organization.0)
        .push(" GROUP BY s.division ORDER BY s.division");
    let records: Vec<ClassRecord> = statement
        .build_query_as()
        .fetch_all(snapshot)
        .await
        .or_failure()?;
    let count = |count: i64| u32::try_from(count).map_err(Failure::new);
    records
        .into_iter()
        .map(|record| {
            Ok(ClassCount {
                division: record.division,
                present: count(record.present)?,
                linked: count(record.linked)?,
                to_check: count(record.to_check)?,
            })
        })
        .collect()
}
