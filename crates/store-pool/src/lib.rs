//! The connections that both stores run their statements on.
//!
//! [`StorePool`] stands over the library's pool, and the stores see nothing else of it. It holds three promises:
//!
//! - **Every statement has a limit on our side.** A server that falls silent without closing holds nobody: past the
//!   limit the statement fails, and its connection is closed.
//! - **A connection whose state is not known is closed, not kept.** Whoever leaves in the middle of a transaction, at
//!   whichever await, leaves a `ROLLBACK` behind; a `BEGIN`, a `COMMIT` or a `ROLLBACK` that fails ends the connection.
//!   The library's own transactions do not hold that: theirs survive a `BEGIN` whose caller left (PostgreSQL) and a
//!   `COMMIT` that failed (SQLite).
//! - **What fails is noted**, so that the process can say that it is not ready: [`Health`].
//!
//! [`Connection`] and [`Transaction`] are executors, as the library's are: `&mut *transaction` runs a query.

mod connection;
mod health;
mod pool;
mod transaction;

use std::fmt::Debug;
use std::time::Duration;

pub use futures_util::future::BoxFuture;
pub use futures_util::stream::BoxStream;
use sqlx::error::DatabaseError;
use sqlx::{Database, Describe, Either, Execute, SqlStr};

pub use connection::Connection;
pub use health::Health;
pub use pool::{StorePool, checked};
pub use transaction::Transaction;

/// How long an idle connection has to answer before it is taken for dead.
pub const PING_WAIT_MAX: Duration = Duration::from_secs(2);
/// Past it, whoever waits for a connection has whoever follows the pool look for what is wrong.
pub const ACQUIRE_SLOW: Duration = Duration::from_millis(500);
/// How long a connection that is given back has to become clean. Past it, it is closed.
pub const RELEASE_WAIT_MAX: Duration = Duration::from_secs(5);
/// How long closing waits for connections at work.
pub const CLOSE_WAIT_MAX: Duration = Duration::from_secs(5);

/// One of the two databases. [`executes!`] writes what is the same for both: said for any database, it would ask the
/// compiler to prove without end that executors are executors.
pub trait Backend: Debug + Send + Sync + Sized + 'static {
    /// The library's name for it.
    type Database: Database;

    /// Whether what the database said blames the database or its machine, and not the statement: no room, read-only,
    /// stopping, locked for too long.
    fn blames_database(error: &dyn DatabaseError) -> bool;

    /// Runs `BEGIN`, `COMMIT` or `ROLLBACK` outside of the library's own count of transactions.
    fn control<'e>(
        raw: &'e mut Raw<Self>,
        statement: &'static str,
    ) -> BoxFuture<'e, Result<(), sqlx::Error>>;

    /// As the library's executor does.
    fn fetch_many<'e, 'q: 'e, E>(
        raw: &'e mut Raw<Self>,
        query: E,
    ) -> BoxStream<'e, Result<Step<Self>, sqlx::Error>>
    where
        E: 'q + Execute<'q, Self::Database>;

    /// As the library's executor does.
    fn fetch_optional<'e, 'q: 'e, E>(
        raw: &'e mut Raw<Self>,
        query: E,
    ) -> BoxFuture<'e, Result<Option<Row<Self>>, sqlx::Error>>
    where
        E: 'q + Execute<'q, Self::Database>;

    /// As the library's executor does.
    fn prepare_with<'e>(
        raw: &'e mut Raw<Self>,
        sql: SqlStr,
        parameters: &'e [<Self::Database as Database>::TypeInfo],
    ) -> BoxFuture<'e, Result<<Self::Database as Database>::Statement, sqlx::Error>>;

    /// As the library's executor does.
    fn describe(
        raw: &mut Raw<Self>,
        sql: SqlStr,
    ) -> BoxFuture<'_, Result<Describe<Self::Database>, sqlx::Error>>;
}

/// The methods of [`Backend`] that run statements, for a database that is named.
#[macro_export]
macro_rules! executes {
    ($database:ty) => {
        fn control<'e>(
            raw: &'e mut $crate::Raw<Self>,
            statement: &'static str,
        ) -> $crate::BoxFuture<'e, Result<(), sqlx::Error>> {
            Box::pin(async move { sqlx::Executor::execute(raw, statement).await.map(|_| ()) })
        }

        fn fetch_many<'e, 'q: 'e, E>(
            raw: &'e mut $crate::Raw<Self>,
            query: E,
        ) -> $crate::BoxStream<'e, Result<$crate::Step<Self>, sqlx::Error>>
        where
            E: 'q + sqlx::Execute<'q, $database>,
        {
            sqlx::Executor::fetch_many(raw, query)
        }

        fn fetch_optional<'e, 'q: 'e, E>(
            raw: &'e mut $crate::Raw<Self>,
            query: E,
        ) -> $crate::BoxFuture<'e, Result<Option<$crate::Row<Self>>, sqlx::Error>>
        where
            E: 'q + sqlx::Execute<'q, $database>,
        {
            sqlx::Executor::fetch_optional(raw, query)
        }

        fn prepare_with<'e>(
            raw: &'e mut $crate::Raw<Self>,
            sql: sqlx::SqlStr,
            parameters: &'e [<$database as sqlx::Database>::TypeInfo],
        ) -> $crate::BoxFuture<'e, Result<<$database as sqlx::Database>::Statement, sqlx::Error>> {
            sqlx::Executor::prepare_with(raw, sql, parameters)
        }

        fn describe(
            raw: &mut $crate::Raw<Self>,
            sql: sqlx::SqlStr,
        ) -> $crate::BoxFuture<'_, Result<sqlx::Describe<$database>, sqlx::Error>> {
            sqlx::Executor::describe(raw, sql)
        }
    };
}

/// The library's connection.
pub type Raw<B> = <<B as Backend>::Database as Database>::Connection;
/// The library's row.
pub type Row<B> = <<B as Backend>::Database as Database>::Row;
/// What a statement gives, one after the other: rows, then how many were touched.
pub type Step<B> = Either<<<B as Backend>::Database as Database>::QueryResult, Row<B>>;

/// Whether an error is a fault of the database, of its machine or of the way there, and not of the statement.
pub fn is_fault<B: Backend>(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(said) => B::blames_database(said.as_ref()),
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed => true,
        _ => false,
    }
}

/// A statement that did not end within its limit.
fn past_limit(limit: Duration) -> sqlx::Error {
    let said = format!("the database did not answer within {} s", limit.as_secs());
    sqlx::Error::Io(std::io::Error::new(std::io::ErrorKind::TimedOut, said))
}
