//! How the schema stands beside the program.

use pix_orga_domain::vitals::Level;

use crate::{Pool, known_version};

/// The last migration the database has, 0 for none, and its level for this program.
pub async fn found(pool: &Pool) -> Result<(i64, Level), sqlx::Error> {
    if !is_there(pool, "_sqlx_migrations").await? {
        return Ok((0, Level::of(0, known_version(), None)));
    }
    let found = sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations")
        .fetch_one(pool)
        .await?;
    let known = known_version();
    if found <= known {
        return Ok((found, Level::of(found, known, None)));
    }
    // Looked at only where a newer program was here.
    let lowest = if is_there(pool, "program_levels").await? {
        lowest(pool, known).await?
    } else {
        None
    };
    Ok((found, Level::of(found, known, lowest)))
}

/// The oldest program that may work with every migration after `known`; none when one of them says nothing.
async fn lowest(pool: &Pool, known: i64) -> Result<Option<i64>, sqlx::Error> {
    let (silent, lowest): (i64, Option<i64>) = sqlx::query_as(
        "SELECT COUNT(*) - COUNT(lowest), MAX(lowest)
         FROM _sqlx_migrations LEFT JOIN program_levels ON migration = version
         WHERE version > ?",
    )
    .bind(known)
    .fetch_one(pool)
    .await?;
    Ok(lowest.filter(|_| silent == 0))
}

async fn is_there(pool: &Pool, table: &str) -> Result<bool, sqlx::Error> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM sqlite_schema WHERE name = ?")
        .bind(table)
        .fetch_one(pool)
        .await?;
    Ok(count > 0)
}
