//! The list of pupils: filters and order vary, so the statement is built.

use std::collections::HashMap;

use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::listing::{
    ClassCount, ConnectionKind, Line, Lines, ListQuery, SortBy,
};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::student::{LineRow, StudentRecord};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, PgPool, Postgres, QueryBuilder, Row};

use crate::convert::OrFailure;

/// What every statement here selects from: `linked_at` stands in the student's row.
const FROM: &str = " FROM students s";

fn read(row: &PgRow) -> sqlx::Result<LineRow> {
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

/// `more` is what else to select.
fn select(organization: OrganizationId, more: &str) -> QueryBuilder<Postgres> {
    let mut select = QueryBuilder::new(
        "SELECT s.id, s.organization_id, s.eleve_id, s.ine, s.last_name, s.usage_name, s.first_name, \
         s.other_first_names, s.birthdate::text, s.sex, s.division, s.mef, s.leaves_on::text, s.left_on::text, s.linked_at, ",
    );
    to_check(&mut select, organization);
    select.push(" AS to_check").push(more).push(FROM);
    select
}

/// Not linked, and named by a request that waits. Few requests wait: they are read once, whatever the students.
fn to_check(statement: &mut QueryBuilder<Postgres>, organization: OrganizationId) {
    statement
        .push(
            "(s.linked_at IS NULL AND s.id IN (SELECT c.student_id FROM linking_requests r \
             JOIN linking_request_candidates c ON c.request_id = r.id \
             WHERE r.state = 'pending' AND r.organization_id = ",
        )
        .push_bind(organization.0)
        .push("))");
}

/// `total` is how many match, when it is known.
pub(super) async fn lines(
    snapshot: &mut PgConnection,
    query: &ListQuery,
    total: Option<u32>,
) -> Result<Lines, Failure> {
    // Which students first, counted on the way; then the whole rows of these.
    let mut page = select(query.organization_id, ", page.total");
    page.push(" JOIN (SELECT s.id, ");
    page.push(if total.is_none() {
        "COUNT(*) OVER ()"
    } else {
        "0::bigint"
    });
    page.push(" AS total").push(FROM);
    filter(&mut page, query);
    order(&mut page, query);
    page.push(" LIMIT ").push_bind(query.limit.map(i64::from));
    page.push(" OFFSET ").push_bind(i64::from(query.offset));
    page.push(") page ON page.id = s.id");
    order(&mut page, query);

    let rows = page
        .build()
        .try_map(|row| Ok((read(&row)?, row.try_get::<i64, _>("total")?)))
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
    let total = match (total, rows.first()) {
        (Some(known), _) => known,
        (None, Some(&(_, counted))) => u32::try_from(counted).map_err(Failure::new)?,
        (None, None) if query.offset == 0 => 0,
        (None, None) => count(snapshot, query).await?,
    };
    Ok(Lines {
        lines: rows
            .into_iter()
            .map(|(row, _)| row.line())
            .collect::<Result<_, _>>()?,
        total,
    })
}

/// For a page after the last one: no line of it says how many match.
async fn count(snapshot: &mut PgConnection, query: &ListQuery) -> Result<u32, Failure> {
    let mut count = QueryBuilder::<Postgres>::new("SELECT COUNT(*)");
    count.push(FROM);
    filter(&mut count, query);
    let total: i64 = count
        .build_query_scalar()
        .fetch_one(snapshot)
        .await
        .or_failure()?;
    u32::try_from(total).map_err(Failure::new)
}

fn filter(statement: &mut QueryBuilder<Postgres>, query: &ListQuery) {
    statement
        .push(" WHERE s.left_on IS NULL AND s.organization_id = ")
        .push_bind(query.organization_id.0);
    for word in &query.words {
        statement
            .push(" AND strpos(s.search_key, ")
            .push_bind(word.clone())
            .push(") > 0");
    }
    if let Some(division) = &query.division {
        if division.contains('\0') {
            // No text of PostgreSQL holds it, not even to compare.
            statement.push(" AND FALSE");
            return;
        }
        statement
            .push(" AND s.division = ")
            .push_bind(division.clone());
        if division.chars().count() <= INDEXED_CLASS_CHARS_MAX {
            // Known here, and not to the database, which then has the index of classes.
            statement.push(format!(
                " AND length(s.division) <= {INDEXED_CLASS_CHARS_MAX}"
            ));
        }
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

/// The start of the name stands in an index, in the order of names.
const NAME: &[&str] = &["left(s.sort_key, 200)", "s.sort_key"];

fn order(statement: &mut QueryBuilder<Postgres>, query: &ListQuery) {
    let first = match query.sort {
        SortBy::Name => NAME,
        SortBy::FirstName => &["substr(s.sort_key, strpos(s.sort_key, chr(9)) + 1)"],
        SortBy::Birthdate => &["s.birthdate"],
        SortBy::Division => &["s.division"],
        SortBy::LinkedSince => &["s.linked_at"],
    };
    statement.push(" ORDER BY ");
    for expression in first {
        statement.push(expression);
        if query.descending {
            statement.push(" DESC");
        }
        statement.push(if query.sort == SortBy::LinkedSince {
            " NULLS LAST, "
        } else {
            ", "
        });
    }
    statement.push("s.sort_key, s.id");
}

pub(super) async fn line(
    pool: &PgPool,
    organization: OrganizationId,
    student: StudentId,
) -> Result<Option<Line>, Failure> {
    let mut one = select(organization, "");
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

/// Classes of at most so many characters are counted from an index alone: `students_classes` says the same.
const INDEXED_CLASS_CHARS_MAX: usize = 100;

#[derive(sqlx::FromRow)]
struct ClassRecord {
    division: String,
    present: i64,
    linked: i64,
}

#[derive(sqlx::FromRow)]
struct WaitingRecord {
    division: String,
    to_check: i64,
}

pub(super) async fn classes(
    snapshot: &mut PgConnection,
    organization: OrganizationId,
) -> Result<Vec<ClassCount>, Failure> {
    let records: Vec<ClassRecord> = counts(organization)
        .build_query_as()
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
    let waiting: Vec<WaitingRecord> = waiting(organization)
        .build_query_as()
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
    let waiting: HashMap<String, i64> = waiting
        .into_iter()
        .map(|record| (record.division, record.to_check))
        .collect();
    let count = |count: i64| u32::try_from(count).map_err(Failure::new);
    records
        .into_iter()
        .map(|record| {
            Ok(ClassCount {
                present: count(record.present)?,
                linked: count(record.linked)?,
                to_check: count(waiting.get(&record.division).copied().unwrap_or(0))?,
                division: record.division,
            })
        })
        .collect()
}

/// The pupils of each class, in the order of classes: each half reads its own index, alone.
fn counts(organization: OrganizationId) -> QueryBuilder<Postgres> {
    let mut statement = QueryBuilder::new("");
    for (rank, length) in ["<=", ">"].into_iter().enumerate() {
        if rank > 0 {
            statement.push(" UNION ALL ");
        }
        statement
            .push("SELECT s.division, COUNT(*) AS present, COUNT(s.linked_at) AS linked")
            .push(FROM)
            .push(format!(
                " WHERE s.left_on IS NULL AND length(s.division) {length} {INDEXED_CLASS_CHARS_MAX} AND s.organization_id = "
            ))
            .push_bind(organization.0)
            .push(" GROUP BY s.division");
    }
    statement.push(" ORDER BY division");
    statement
}

/// How many of each class are to check: read from the requests that wait, of which there are few.
fn waiting(organization: OrganizationId) -> QueryBuilder<Postgres> {
    let mut statement = QueryBuilder::new(
        "SELECT s.division, COUNT(DISTINCT s.id) AS to_check FROM linking_requests r \
         JOIN linking_request_candidates c ON c.request_id = r.id JOIN students s ON s.id = c.student_id \
         WHERE s.left_on IS NULL AND s.linked_at IS NULL AND r.state = 'pending' AND r.organization_id = ",
    );
    statement.push_bind(organization.0);
    statement
        .push(" AND s.organization_id = ")
        .push_bind(organization.0)
        .push(" GROUP BY s.division");
    statement
}
