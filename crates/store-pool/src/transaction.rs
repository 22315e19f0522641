//! A transaction that ends by `commit`, or is rolled back.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::{Backend, Connection};

/// Several statements that are made whole, or not at all. Dropped at any moment, even while it begins or is committed, it
/// leaves no connection with an open transaction.
pub struct Transaction<B: Backend> {
    connection: Connection<B>,
}

impl<B: Backend> Transaction<B> {
    pub(crate) async fn begin(
        mut connection: Connection<B>,
        statement: &'static str,
    ) -> Result<Self, sqlx::Error> {
        // Before it is sent: whoever leaves while it is under way leaves a rollback too.
        connection.open = true;
        connection.control(statement).await?;
        Ok(Self { connection })
    }

    /// Makes it whole.
    ///
    /// # Errors
    /// When the database says that it did not, or says nothing within the limit: then nobody knows, and whoever asks
    /// again is told by the guards of the writes. Also when a statement failed: PostgreSQL would roll back and say that
    /// all went well.
    pub async fn commit(mut self) -> Result<(), sqlx::Error> {
        if self.connection.failed {
            self.connection.broken = true;
            return Err(sqlx::Error::Protocol(
                "a statement of this transaction failed".to_owned(),
            ));
        }
        self.connection.control("COMMIT").await?;
        self.connection.open = false;
        self.connection.health().note_write(false);
        Ok(())
    }
}

impl<B: Backend> Deref for Transaction<B> {
    type Target = Connection<B>;

    fn deref(&self) -> &Self::Target {
        &self.connection
    }
}

impl<B: Backend> DerefMut for Transaction<B> {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.connection
    }
}

impl<B: Backend> fmt::Debug for Transaction<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transaction")
            .field(&self.connection)
            .finish()
    }
}
