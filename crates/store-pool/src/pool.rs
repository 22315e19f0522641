//! The pool.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, TryStreamExt as _};
use sqlx::pool::PoolOptions;
use sqlx::{Connection as _, Database, Describe, Execute, Executor, Pool, SqlStr};
use tokio::time::timeout;

use crate::connection::one_by_one;
use crate::{
    ACQUIRE_SLOW, Backend, CLOSE_WAIT_MAX, Connection, Health, PING_WAIT_MAX, Row, Step,
    Transaction, is_fault, past_limit,
};

/// Connections to one database. As an executor, it runs a statement on a connection of its own. Cloning it is cheap.
#[derive(Debug)]
pub struct StorePool<B: Backend> {
    pool: Pool<B::Database>,
    health: Arc<Health>,
    limit: Duration,
}

impl<B: Backend> Clone for StorePool<B> {
    fn clone(&self) -> Self {
        Self {
            pool: self.pool.clone(),
            health: Arc::clone(&self.health),
            limit: self.limit,
        }
    }
}

/// The library's options for a pool, with a limit on the answer that an idle connection owes before it is lent. One whose
/// age does not do is closed instead: it goes to a server that is no longer used.
#[must_use]
pub fn checked<DB: Database>(
    options: PoolOptions<DB>,
    keeps: impl Fn(Duration) -> bool + Send + Sync + 'static,
) -> PoolOptions<DB> {
    options
        .test_before_acquire(false)
        .before_acquire(move |connection, met| {
            let kept = keeps(met.age);
            Box::pin(async move {
                if !kept {
                    return Ok(false);
                }
                match timeout(PING_WAIT_MAX, connection.ping()).await {
                    Ok(answered) => answered.map(|()| true),
                    Err(_) => Err(past_limit(PING_WAIT_MAX)),
                }
            })
        })
}

impl<B: Backend> StorePool<B> {
    /// Over a pool whose options are [`checked`]; `limit` is that of each statement.
    pub fn new(pool: Pool<B::Database>, limit: Duration) -> Self {
        Self {
            pool,
            health: Arc::default(),
            limit,
        }
    }

    /// The library's pool, for what it does itself: migrations, with a limit that the caller sets.
    pub fn library(&self) -> &Pool<B::Database> {
        &self.pool
    }

    /// How it behaved lately.
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Connections that are open.
    pub fn size(&self) -> u32 {
        self.pool.size()
    }

    /// Connections that are open and wait for work.
    pub fn num_idle(&self) -> usize {
        self.pool.num_idle()
    }

    /// Closes every connection, once its work is done or [`CLOSE_WAIT_MAX`] is over.
    pub async fn close(&self) {
        if timeout(CLOSE_WAIT_MAX, self.pool.close()).await.is_err() {
            tracing::warn!("connections to the database were still at work when it was closed");
        }
    }
}

impl<B: Backend> StorePool<B> {
    /// A connection for several statements that need no transaction.
    ///
    /// # Errors
    /// When none is to be had in time.
    pub async fn acquire(&self) -> Result<Connection<B>, sqlx::Error> {
        let mut taking = pin!(self.pool.acquire());
        let taken = if let Ok(taken) = timeout(ACQUIRE_SLOW, &mut taking).await {
            taken
        } else {
            self.health.call();
            taking.await
        };
        match taken {
            Ok(pooled) => Ok(Connection::new(
                pooled,
                Arc::clone(&self.health),
                self.limit,
            )),
            Err(error) => {
                self.health.note(is_fault::<B>(&error));
                Err(error)
            }
        }
    }

    /// A transaction, begun by this statement.
    ///
    /// # Errors
    /// When there is no connection in time, or the database refuses.
    pub async fn begin(&self, statement: &'static str) -> Result<Transaction<B>, sqlx::Error> {
        Transaction::begin(self.acquire().await?, statement).await
    }
}

impl<'p, B: Backend> Executor<'p> for &'p StorePool<B> {
    type Database = B::Database;

    fn fetch_many<'e, 'q: 'e, E>(self, query: E) -> BoxStream<'e, Result<Step<B>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, B::Database>,
    {
        one_by_one(async move {
            let mut connection = self.acquire().await?;
            (&mut connection)
                .fetch_many(query)
                .try_collect::<Vec<_>>()
                .await
        })
    }

    fn fetch_optional<'e, 'q: 'e, E>(
        self,
        query: E,
    ) -> BoxFuture<'e, Result<Option<Row<B>>, sqlx::Error>>
    where
        'p: 'e,
        E: 'q + Execute<'q, B::Database>,
    {
        Box::pin(async move {
            let mut connection = self.acquire().await?;
            (&mut connection).fetch_optional(query).await
        })
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [<B::Database as Database>::TypeInfo],
    ) -> BoxFuture<'e, Result<<B::Database as Database>::Statement, sqlx::Error>>
    where
        'p: 'e,
    {
        Box::pin(async move {
            let mut connection = self.acquire().await?;
            (&mut connection).prepare_with(sql, parameters).await
        })
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<B::Database>, sqlx::Error>>
    where
        'p: 'e,
    {
        Box::pin(async move {
            let mut connection = self.acquire().await?;
            (&mut connection).describe(sql).await
        })
    }
}
