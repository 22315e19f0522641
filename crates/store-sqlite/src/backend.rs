//! Which of SQLite's errors blame the machine.

use sqlx::Sqlite;
use sqlx::error::DatabaseError;

/// SQLite.
#[derive(Debug)]
pub(crate) struct Backend;

/// Primary codes of <https://www.sqlite.org/rescode.html>: busy, locked, no memory, read-only, interrupted, failed to read
/// or write, damaged, full, cannot be opened, locked by a protocol, not a database.
const FAULTS: &[i64] = &[5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 26];
/// The primary code is the lowest byte of an extended one.
const PRIMARY: i64 = 0xff;

impl pix_orga_store_pool::Backend for Backend {
    type Database = Sqlite;

    fn blames_database(error: &dyn DatabaseError) -> bool {
        let code = error.code().and_then(|code| code.parse::<i64>().ok());
        code.is_some_and(|code| FAULTS.contains(&(code & PRIMARY)))
    }

    pix_orga_store_pool::executes!(Sqlite);
}
