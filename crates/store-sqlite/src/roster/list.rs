//! The list of pupils: filters and order vary, so the statement is built.

use pix_orga_domain::ids::{OrganizationId, StudentId};
use pix_orga_domain::roster::listing::{
    ClassCount, Connection, ConnectionKind, Line, Lines, ListQuery, SortBy,
};
use pix_orga_domain::store::Failure;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, SqlitePool};

use super::students::StudentRecord;
use crate::convert::{OrFailure, some_instant};

/// A pupil with their link, and whether a waiting request names them: what each statement here selects from.
const FROM: &str = " FROM students s
    LEFT JOIN student_links l ON l.student_id = s.id AND l.ended_at IS NULL";
const TO_CHECK: &str = "(l.student_id IS NULL AND EXISTS (SELECT 1 FROM linking_request_candidates c
    JOIN linking_requests r ON r.id = c.request_id WHERE c.student_id = s.id AND r.state = 'pending'))";

#[derive(sqlx::FromRow)]
struct LineRecord {
    #[sqlx(flatten)]
    student: StudentRecord,
    linked_at: Option<i64>,
    to_check: bool,
}

impl LineRecord {
    fn line(self) -> Result<Line, Failure> {
        let connection = match some_instant(self.linked_at)? {
            Some(since) => Connection::Linked { since },
            None if self.to_check => Connection::ToCheck,
            None => Connection::NotLinked,
        };
        Ok(Line {
            student: self.student.student()?,
            connection,
        })
    }
}

fn select() -> QueryBuilder<Sqlite> {
    let mut select = QueryBuilder::new(
        "SELECT s.id, s.organization_id, s.eleve_id, s.ine, s.last_name, s.usage_name, s.first_name, \
         s.other_first_names, s.birthdate, s.sex, s.division, s.mef, s.leaves_on, s.left_on, l.linked_at, ",
    );
    select.push(TO_CHECK).push(" AS to_check").push(FROM);
    select
}

pub(super) async fn lines(
    snapshot: &mut SqliteConnection,
    query: &ListQuery,
) -> Result<Lines, Failure> {
    let mut count = QueryBuilder::<Sqlite>::new("SELECT COUNT(*)");
    count.push(FROM);
    filter(&mut count, query);
    let mut page = select();
    filter(&mut page, query);
    order(&mut page, query);
    page.push(" LIMIT ")
        .push_bind(query.limit.map_or(-1, i64::from));
    page.push(" OFFSET ").push_bind(i64::from(query.offset));

    let total: i64 = count
        .build_query_scalar()
        .fetch_one(&mut *snapshot)
        .await
        .or_failure()?;
    let records: Vec<LineRecord> = page
        .build_query_as()
        .fetch_all(&mut *snapshot)
        .await
        .or_failure()?;
    Ok(Lines {
        lines: records
            .into_iter()
            .map(LineRecord::line)
            .collect::<Result<_, _>>()?,
        total: u32::try_from(total).map_err(Failure::new)?,
    })
}

fn filter(statement: &mut QueryBuilder<Sqlite>, query: &ListQuery) {
    statement
        .push(" WHERE s.left_on IS NULL AND s.organization_id = ")
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
            statement.push(" AND l.student_id IS NOT NULL");
        }
        Some(ConnectionKind::ToCheck) => {
            statement.push(" AND ").push(TO_CHECK);
        }
        Some(ConnectionKind::NotLinked) => {
            statement
                .push(" AND l.student_id IS NULL AND NOT ")
                .push(TO_CHECK);
        }
    }
}

fn order(statement: &mut QueryBuilder<Sqlite>, query: &ListQuery) {
    let (first, empty_last) = match query.sort {
        SortBy::Name => ("s.sort_key", false),
        SortBy::FirstName => ("substr(s.sort_key, instr(s.sort_key, char(9)) + 1)", false),
        SortBy::Birthdate => ("s.birthdate", false),
        SortBy::Division => ("s.division", false),
        SortBy::LinkedSince => ("l.linked_at", true),
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
    pool: &SqlitePool,
    organization: OrganizationId,
    student: StudentId,
) -> Result<Option<Line>, Failure> {
    let mut one = select();
    one.push(" WHERE s.id = ").push_bind(student.0);
    one.push(" AND s.eleve_id IS NOT NULL AND s.organization_id = ")
        .push_bind(organization.0);
    let record: Option<LineRecord> = one
        .build_query_as()
        .fetch_optional(pool)
        .await
        .or_failure()?;
    record.map(LineRecord::line).transpose()
}

#[derive(sqlx::FromRow)]
struct ClassRecord {
    division: String,
    present: i64,
    linked: i64,
    to_check: i64,
}

pub(super) async fn classes(
    pool: &SqlitePool,
    organization: OrganizationId,
) -> Result<Vec<ClassCount>, Failure> {
    let mut statement = QueryBuilder::<Sqlite>::new(
        "SELECT s.division, COUNT(*) AS present, COUNT(l.student_id) AS linked, SUM(",
    );
    statement.push(TO_CHECK).push(") AS to_check").push(FROM);
    statement
        .push(" WHERE s.left_on IS NULL AND s.organization_id = ")
        .push_bind(organization.0)
        .push(" GROUP BY s.division ORDER BY s.division");
    let records: Vec<ClassRecord> = statement
        .build_query_as()
        .fetch_all(pool)
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
