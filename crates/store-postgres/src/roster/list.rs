//! The list of pupils: filters and order vary, so the statement is built.

use std::collections::HashMap;

use jiff::civil::Date;
use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::listing::{
    ClassCount, ConnectionKind, Line, Lines, ListQuery, SortBy,
};
use pix_orga_domain::store::Failure;
use pix_orga_store_rows::student::{LineRow, StudentRecord, presence};
use sqlx::postgres::PgRow;
use sqlx::{Postgres, QueryBuilder, Row};
use uuid::Uuid;

use crate::Connection;
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

const COLUMNS: &str = "s.id, s.organization_id, s.eleve_id, s.ine, s.last_name, s.usage_name, s.first_name, \
     s.other_first_names, s.birthdate::text, s.sex, s.division, s.mef, s.leaves_on::text, s.left_on::text, s.linked_at";

/// A pupil who is not linked, and whom a request that waits names. Few are: they are read once, and the statements that
/// follow compare ids.
#[derive(sqlx::FromRow)]
pub(super) struct Waiting {
    id: Uuid,
    division: String,
    leaves_on: Option<String>,
    left_on: Option<String>,
}

impl Waiting {
    /// Whether they are present on a day.
    fn is_there(&self, on: Date) -> Result<bool, Failure> {
        let presence = presence(self.leaves_on.as_deref(), self.left_on.as_deref())?;
        Ok(presence.is_present_on(on))
    }
}

pub(super) async fn waiting(
    snapshot: &mut Connection,
    organization: OrganizationId,
) -> Result<Vec<Waiting>, Failure> {
    let mut statement = QueryBuilder::<Postgres>::new(
        "SELECT DISTINCT s.id, s.division, s.leaves_on::text, s.left_on::text FROM linking_requests r \
         JOIN linking_request_students c ON c.request_id = r.id JOIN students s ON s.id = c.student_id \
         WHERE s.linked_at IS NULL AND r.state = 'pending' AND r.organization_id = ",
    );
    statement.push_bind(organization.0);
    statement
        .push(" AND s.organization_id = ")
        .push_bind(organization.0);
    statement
        .build_query_as()
        .fetch_all(snapshot)
        .await
        .or_failure()
}

/// Of whoever is not linked, those to check.
fn to_check(statement: &mut QueryBuilder<Postgres>, waiting: &[Waiting]) {
    let ids: Vec<Uuid> = waiting.iter().map(|pupil| pupil.id).collect();
    statement
        .push("(s.linked_at IS NULL AND s.id = ANY(")
        .push_bind(ids)
        .push("))");
}

/// `total` is how many match, when it is known.
pub(super) async fn lines(
    snapshot: &mut Connection,
    query: &ListQuery,
    waiting: &[Waiting],
    total: Option<u32>,
) -> Result<Lines, Failure> {
    let rows = page(query, waiting, total.is_some())
        .build()
        .try_map(|row| Ok((read(&row)?, row.try_get::<Option<i64>, _>("total")?)))
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
    let counted = rows.first().and_then(|&(_, counted)| counted);
    let total = match (total, query.limit, counted) {
        (Some(known), _, _) => known,
        (None, None, _) => u32::try_from(rows.len()).map_err(Failure::new)?,
        (None, Some(_), Some(counted)) => u32::try_from(counted).map_err(Failure::new)?,
        (None, Some(_), None) if query.offset == 0 => 0,
        (None, Some(_), None) => count(snapshot, query, waiting).await?,
    };
    Ok(Lines {
        lines: rows
            .into_iter()
            .map(|(row, _)| row.line())
            .collect::<Result<_, _>>()?,
        total,
    })
}

/// Which students first, by ids alone; then the whole rows of these. Who searches is told how many are found: they are
/// found once, then counted and sorted.
fn page(query: &ListQuery, waiting: &[Waiting], counted: bool) -> QueryBuilder<Postgres> {
    let mut page = QueryBuilder::<Postgres>::new("");
    let found = query.limit.is_some() && !counted;
    if found {
        page.push(
            "WITH found AS MATERIALIZED (SELECT s.id, s.sort_key, s.birthdate, s.division, s.linked_at",
        );
        page.push(FROM);
        filter(&mut page, query, waiting);
        page.push(") ");
    }
    page.push("SELECT ").push(COLUMNS).push(", ");
    to_check(&mut page, waiting);
    page.push(" AS to_check, ");
    page.push(if found {
        "(SELECT COUNT(*) FROM found)"
    } else {
        "NULL::bigint"
    });
    page.push(" AS total").push(FROM);
    if let Some(limit) = query.limit {
        page.push(" WHERE s.id = ANY(ARRAY(SELECT s.id");
        if found {
            page.push(" FROM found s");
        } else {
            page.push(FROM);
            filter(&mut page, query, waiting);
        }
        order(&mut page, query);
        page.push(" LIMIT ").push_bind(i64::from(limit));
        page.push(" OFFSET ").push_bind(i64::from(query.offset));
        page.push("))");
    } else {
        filter(&mut page, query, waiting);
    }
    order(&mut page, query);
    page
}

/// For a page after the last one, which has no line to say how many match.
async fn count(
    snapshot: &mut Connection,
    query: &ListQuery,
    waiting: &[Waiting],
) -> Result<u32, Failure> {
    let mut count = QueryBuilder::<Postgres>::new("SELECT COUNT(*)");
    count.push(FROM);
    filter(&mut count, query, waiting);
    let total: i64 = count
        .build_query_scalar()
        .fetch_one(snapshot)
        .await
        .or_failure()?;
    u32::try_from(total).map_err(Failure::new)
}

/// Whoever is present on a day.
fn present(statement: &mut QueryBuilder<Postgres>, on: Date) {
    statement
        .push("s.left_on IS NULL AND (s.leaves_on IS NULL OR s.leaves_on >= ")
        .push_bind(on.to_string())
        .push("::date)");
}

fn filter(statement: &mut QueryBuilder<Postgres>, query: &ListQuery, waiting: &[Waiting]) {
    present(statement.push(" WHERE "), query.on);
    statement
        .push(" AND s.organization_id = ")
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
            to_check(statement.push(" AND "), waiting);
        }
        Some(ConnectionKind::NotLinked) => {
            statement.push(" AND s.linked_at IS NULL AND NOT ");
            to_check(statement, waiting);
        }
    }
}

fn order(statement: &mut QueryBuilder<Postgres>, query: &ListQuery) {
    let first = match query.sort {
        SortBy::Name => "s.sort_key",
        SortBy::FirstName => "substr(s.sort_key, strpos(s.sort_key, chr(9)) + 1)",
        SortBy::Birthdate => "s.birthdate",
        SortBy::Division => "s.division",
        SortBy::LinkedSince => "s.linked_at",
    };
    statement.push(" ORDER BY ").push(first);
    if query.descending {
        statement.push(" DESC");
    }
    if query.sort == SortBy::LinkedSince {
        statement.push(" NULLS LAST");
    }
    if query.sort != SortBy::Name {
        statement.push(", s.sort_key");
    }
    statement.push(", s.id");
}

pub(super) async fn line(
    snapshot: &mut Connection,
    organization: OrganizationId,
    student: StudentId,
) -> Result<Option<Line>, Failure> {
    let waiting = waiting(snapshot, organization).await?;
    let mut one = QueryBuilder::<Postgres>::new("SELECT ");
    one.push(COLUMNS).push(", ");
    to_check(&mut one, &waiting);
    one.push(" AS to_check").push(FROM);
    one.push(" WHERE s.id = ").push_bind(student.0);
    one.push(" AND s.eleve_id IS NOT NULL AND s.organization_id = ")
        .push_bind(organization.0);
    let row = one
        .build()
        .try_map(|row| read(&row))
        .fetch_optional(snapshot)
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

pub(super) async fn classes(
    snapshot: &mut Connection,
    organization: OrganizationId,
    on: Date,
    waiting: &[Waiting],
) -> Result<Vec<ClassCount>, Failure> {
    let records: Vec<ClassRecord> = counts(organization, on)
        .build_query_as()
        .fetch_all(snapshot)
        .await
        .or_failure()?;
    let mut to_check: HashMap<&str, u32> = HashMap::new();
    for pupil in waiting {
        *to_check.entry(&pupil.division).or_default() += u32::from(pupil.is_there(on)?);
    }
    let count = |count: i64| u32::try_from(count).map_err(Failure::new);
    records
        .into_iter()
        .map(|record| {
            Ok(ClassCount {
                present: count(record.present)?,
                linked: count(record.linked)?,
                to_check: to_check.get(&*record.division).copied().unwrap_or(0),
                division: record.division,
            })
        })
        .collect()
}

/// The pupils of each class, in the order of classes: each half reads its own index, alone.
fn counts(organization: OrganizationId, on: Date) -> QueryBuilder<Postgres> {
    let mut statement = QueryBuilder::new("");
    for (rank, length) in ["<=", ">"].into_iter().enumerate() {
        if rank > 0 {
            statement.push(" UNION ALL ");
        }
        statement
            .push("SELECT s.division, COUNT(*) AS present, COUNT(s.linked_at) AS linked")
            .push(FROM)
            .push(" WHERE ");
        present(&mut statement, on);
        statement
            .push(format!(
                " AND length(s.division) {length} {INDEXED_CLASS_CHARS_MAX} AND s.organization_id = "
            ))
            .push_bind(organization.0)
            .push(" GROUP BY s.division");
    }
    statement.push(" ORDER BY division");
    statement
}
