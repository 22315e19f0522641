//! What each connection asks of the server. It is asked once the connection is there: poolers refuse most of what a
//! startup message may ask.

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, Executor as _};
use tokio::time::timeout;

use pix_orga_store_pool::PING_WAIT_MAX;

use crate::{IDLE_WRITE_MS_MAX, LOCK_WAIT_MS_MAX, STATEMENT_MS_MAX};

/// The server asks a silent machine whether it is there after so long, so often, and so many times.
const KEEPALIVE_IDLE_S: u32 = 30;
const KEEPALIVE_INTERVAL_S: u32 = 10;
const KEEPALIVE_COUNT_MAX: u32 = 3;
/// How long what the server sent may stay without a word from the machine it is for.
const UNHEARD_MS_MAX: u32 = 60_000;

/// An address whose startup message asks for nothing that a pooler refuses.
pub(crate) fn plain_startup(options: PgConnectOptions) -> PgConnectOptions {
    options
        .application_name("pix-orga")
        .extra_float_digits(None)
}

/// Asks what a connection that serves people needs.
pub(crate) async fn serve(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    ask(connection, STATEMENT_MS_MAX, LOCK_WAIT_MS_MAX).await
}

/// The same for migrations, whose statements may last.
pub(crate) async fn migrate(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    ask(connection, 0, 0).await
}

async fn ask(
    connection: &mut PgConnection,
    statement_ms: u32,
    lock_ms: u32,
) -> Result<(), sqlx::Error> {
    // « already exists, skipping » is nobody's business. A page's statement ends before helpers of its own would have
    // started. The server lets go of a machine that is gone, and of its locks.
    let asked = format!(
        "SET client_min_messages = warning; \
         SET statement_timeout = {statement_ms}; \
         SET lock_timeout = {lock_ms}; \
         SET idle_in_transaction_session_timeout = {IDLE_WRITE_MS_MAX}; \
         SET max_parallel_workers_per_gather = 0; \
         SET tcp_keepalives_idle = {KEEPALIVE_IDLE_S}; \
         SET tcp_keepalives_interval = {KEEPALIVE_INTERVAL_S}; \
         SET tcp_keepalives_count = {KEEPALIVE_COUNT_MAX}; \
         SET tcp_user_timeout = {UNHEARD_MS_MAX}"
    );
    let asked = connection.execute(sqlx::raw_sql(AssertSqlSafe(asked)));
    match timeout(PING_WAIT_MAX, asked).await {
        Ok(answered) => answered.map(|_| ()),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}

#[cfg(test)]
mod tests {
    use sqlx::postgres::{PgConnectOptions, PgConnection};
    use sqlx::{AssertSqlSafe, ConnectOptions as _, Executor as _, Row as _};
    use xtask_cluster::databases;

    use super::{migrate, plain_startup, serve};

    async fn shown<const N: usize>(
        connection: &mut PgConnection,
        names: [&'static str; N],
    ) -> [String; N] {
        let mut values = Vec::new();
        for name in names {
            let asked = sqlx::raw_sql(AssertSqlSafe(format!("SHOW {name}")));
            let row = connection.fetch_one(asked).await.unwrap();
            values.push(row.get::<String, _>(0));
        }
        values.try_into().unwrap()
    }

    #[tokio::test]
    async fn people_wait_within_limits_and_migrations_without() {
        let server: PgConnectOptions = databases::server().unwrap().parse().unwrap();
        let mut connection = plain_startup(server).connect().await.unwrap();
        let names = [
            "application_name",
            "client_min_messages",
            "statement_timeout",
            "lock_timeout",
            "idle_in_transaction_session_timeout",
            "max_parallel_workers_per_gather",
        ];
        serve(&mut connection).await.unwrap();
        let expected = ["pix-orga", "warning", "30s", "10s", "1min", "0"];
        assert_eq!(shown(&mut connection, names).await, expected);
        migrate(&mut connection).await.unwrap();
        let expected = ["pix-orga", "warning", "0", "0", "1min", "0"];
        assert_eq!(shown(&mut connection, names).await, expected);
    }
}
