//! Whether a pooler that stands before the server keeps one server connection for each of ours.
//!
//! Named statements, settings and locks of a session live in the server's connection. A pooler that lends it for one
//! transaction or one statement gives them to somebody else, and before `PgBouncer` 1.21 hands one task's answer to
//! another.

use std::time::Duration;

use pix_orga_store_pool::CLOSE_WAIT_MAX;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Executor as _, Row as _};
use tokio::time::timeout;

use crate::ACQUIRE_WAIT_MAX;

/// How long each of the two connections has to answer everything.
const ANSWERS_WAIT_MAX: Duration = Duration::from_secs(5);
/// How often the two are compared: a pooler that goes round its connections shows it at the second time.
const ROUNDS: u32 = 4;
/// What a pooler says to `BEGIN` when it lends for one statement: a protocol violation.
const REFUSED_BEGIN: &str = "08P01";

/// How connections reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Each has one of the server's for itself.
    Own,
    /// Several are given the same, in turn.
    Shared,
    /// A second one is accepted, and never served.
    OneOnly,
}

/// Compares two connections that are closed at the end. They touch no table and no setting.
pub(crate) async fn probe(options: &PgConnectOptions) -> Result<Way, sqlx::Error> {
    // A pool waits for a server that is starting; these two are not for serving.
    let two = PgPoolOptions::new()
        .max_connections(2)
        .acquire_timeout(ACQUIRE_WAIT_MAX)
        .connect_lazy_with(options.clone());
    let found = compare(&two).await;
    let _ = timeout(CLOSE_WAIT_MAX, two.close()).await;
    found
}

async fn compare(two: &PgPool) -> Result<Way, sqlx::Error> {
    let mut one = two.acquire().await?;
    one.close_on_drop();
    let own = timeout(ANSWERS_WAIT_MAX, backend(&mut one))
        .await
        .map_err(|_| sqlx::Error::PoolTimedOut)??;
    let compared = timeout(ANSWERS_WAIT_MAX, async {
        let mut other = two.acquire().await?;
        other.close_on_drop();
        for _ in 0..ROUNDS {
            if share(&mut one, own, &mut other).await? {
                return Ok(Way::Shared);
            }
        }
        Ok(Way::Own)
    })
    .await;
    match compared {
        Ok(Err(sqlx::Error::Database(said))) if said.code().as_deref() == Some(REFUSED_BEGIN) => {
            Ok(Way::Shared)
        }
        Ok(Err(sqlx::Error::PoolTimedOut)) | Err(_) => Ok(Way::OneOnly),
        Ok(found) => found,
    }
}

/// Whether a transaction of `other` takes what served `one`, or `one` is served by another than before.
async fn share(
    one: &mut PgConnection,
    own: i32,
    other: &mut PgConnection,
) -> Result<bool, sqlx::Error> {
    other.execute("BEGIN").await?;
    // First: where the pooler has no more, `one` would wait for what `other` holds.
    if backend(other).await? == own {
        return Ok(true);
    }
    let during = backend(one).await?;
    other.execute("ROLLBACK").await?;
    let after = backend(one).await?;
    Ok(during != own || after != own)
}

/// The number of the server's process that answers. A plain query: it names no statement.
async fn backend(connection: &mut PgConnection) -> Result<i32, sqlx::Error> {
    let row = connection.fetch_one("SELECT pg_backend_pid()").await?;
    row.try_get(0)
}
