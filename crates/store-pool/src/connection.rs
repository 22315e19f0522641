//! A connection that is lent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, BoxStream, StreamExt as _, TryStreamExt as _};
use sqlx::pool::PoolConnection;
use sqlx::{Describe, Execute, Executor, SqlStr};
use tokio::runtime::Handle;
use tokio::time::error::Elapsed;
use tokio::time::timeout;

use crate::{Backend, Health, RELEASE_WAIT_MAX, Raw, Row, Step, is_fault, past_limit};

/// A connection that is lent until it is dropped. Each statement it runs has a limit.
pub struct Connection<B: Backend> {
    /// Taken when it is dropped.
    pooled: Option<PoolConnection<B::Database>>,
    health: Arc<Health>,
    limit: Duration,
    /// A `BEGIN` was sent, and nothing that ended it is known to have succeeded.
    pub(crate) open: bool,
    /// A statement of the transaction failed.
    pub(crate) failed: bool,
    /// Its state is not known: it is closed.
    pub(crate) broken: bool,
}

impl<B: Backend> Connection<B> {
    pub(crate) fn new(
        pooled: PoolConnection<B::Database>,
        health: Arc<Health>,
        limit: Duration,
    ) -> Self {
        Self {
            pooled: Some(pooled),
            health,
            limit,
            open: false,
            failed: false,
            broken: false,
        }
    }

    /// Runs one of `BEGIN` and `COMMIT`. When it fails, whatever the reason, the connection is closed.
    pub(crate) async fn control(&mut self, statement: &'static str) -> Result<(), sqlx::Error> {
        let limit = self.limit;
        let done = timeout(limit, B::control(self.raw()?, statement)).await;
        let done = self.judged(done);
        self.broken |= done.is_err();
        done
    }

    pub(crate) fn health(&self) -> &Health {
        &self.health
    }

    fn raw(&mut self) -> Result<&mut Raw<B>, sqlx::Error> {
        match &mut self.pooled {
            Some(pooled) => Ok(pooled),
            None => Err(sqlx::Error::PoolClosed),
        }
    }

    /// Notes what became of a statement.
    fn judged<T>(
        &mut self,
        done: Result<Result<T, sqlx::Error>, Elapsed>,
    ) -> Result<T, sqlx::Error> {
        let done = done.unwrap_or_else(|_| Err(past_limit(self.limit)));
        let fault = done.as_ref().is_err_and(is_fault::<B>);
        self.health.note(fault);
        if fault && self.open {
            self.health.note_write(true);
        }
        self.broken |= fault;
        self.failed |= done.is_err();
        done
    }
}

impl<B: Backend> fmt::Debug for Connection<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("open", &self.open)
            .field("broken", &self.broken)
            .finish_non_exhaustive()
    }
}

impl<B: Backend> Drop for Connection<B> {
    fn drop(&mut self) {
        let Some(mut pooled) = self.pooled.take() else {
            return;
        };
        match Handle::try_current() {
            Ok(_) if self.broken => pooled.close_on_drop(),
            Ok(runtime) => {
                runtime.spawn(give_back::<B>(pooled, self.open));
            }
            // The program ends: nobody is there to wait for an answer.
            Err(_) => drop(pooled.detach()),
        }
    }
}

/// Ends what was left open, then gives the connection back once it answers; closes it when it does not.
async fn give_back<B: Backend>(mut pooled: PoolConnection<B::Database>, open: bool) {
    if open {
        let ended = timeout(RELEASE_WAIT_MAX, B::control(&mut pooled, "ROLLBACK")).await;
        if !matches!(ended, Ok(Ok(()))) {
            tracing::debug!(
                "a transaction that was left could not be rolled back: its connection is closed"
            );
            pooled.close_on_drop();
            return;
        }
    }
    // The library waits for ever for the answer of a connection that it takes back.
    if timeout(RELEASE_WAIT_MAX, pooled.return_to_pool())
        .await
        .is_err()
    {
        tracing::warn!("a connection that was given back did not answer: it is closed");
    }
}

impl<'c, B: Backend> Executor<'c> for &'c mut Connection<B> {
    type Database = B::Database;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step<B>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, B::Database>,
    {
        let steps = async move {
            let limit = self.limit;
            let done = timeout(
                limit,
                B::fetch_many(self.raw()?, query).try_collect::<Vec<_>>(),
            )
            .await;
            self.judged(done)
        };
        one_by_one(steps)
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<Row<B>>, sqlx::Error>>
    where
        'c: 'e,
        E: 'q + Execute<'q, B::Database>,
    {
        Box::pin(async move {
            let limit = self.limit;
            let done = timeout(limit, B::fetch_optional(self.raw()?, query)).await;
            self.judged(done)
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [<B::Database as sqlx::Database>::TypeInfo],
    ) -> BoxFuture<'e, Result<<B::Database as sqlx::Database>::Statement, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let limit = self.limit;
            let done = timeout(limit, B::prepare_with(self.raw()?, sql, parameters)).await;
            self.judged(done)
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<B::Database>, sqlx::Error>>
    where
        'c: 'e,
    {
        Box::pin(async move {
            let limit = self.limit;
            let done = timeout(limit, B::describe(self.raw()?, sql)).await;
            self.judged(done)
        })
    }
}

/// What a statement gave, as a stream: the whole of it came within the limit.
pub(crate) fn one_by_one<'e, T: Send + 'e>(
    steps: impl Future<Output = Result<Vec<T>, sqlx::Error>> + Send + 'e,
) -> BoxStream<'e, Result<T, sqlx::Error>> {
    stream::once(steps)
        .map_ok(|steps| stream::iter(steps.into_iter().map(Ok)))
        .try_flatten()
        .boxed()
}
