//! Which of PostgreSQL's errors blame the server.

use sqlx::Postgres;
use sqlx::error::DatabaseError;

/// PostgreSQL.
#[derive(Debug)]
pub(crate) struct Backend;

/// Codes, or their beginnings, of <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
const FAULTS: &[&str] = &[
    // The connection is lost.
    "08",
    // The transaction or the server cannot do it: read-only (a standby), or failed before.
    "25",
    // A named statement that is not there, or is there already: a pooler gave the connection to somebody else.
    "26000", "42P05", // Broken off so that another goes on.
    "40",    // A row or a table was held for too long.
    "55P03", // No room, no memory, no connection.
    "53",    // The server stops, starts, or was told to cut the connection.
    "57P",   // The machine, or the server itself.
    "58", "F0", "XX",
];

impl pix_orga_store_pool::Backend for Backend {
    type Database = Postgres;

    fn blames_database(error: &dyn DatabaseError) -> bool {
        error
            .code()
            .is_some_and(|code| FAULTS.iter().any(|fault| code.starts_with(fault)))
    }

    pix_orga_store_pool::executes!(Postgres);
}
