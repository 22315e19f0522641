//! Accounts.

use pix_orga_domain::account::Account;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::store::{Failure, Revision};
use uuid::Uuid;

use crate::value::{address, instant, some_instant};

/// A row of `accounts`.
pub struct AccountRow {
    pub id: Uuid,
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub password_hash: String,
    pub email_confirmed_at: Option<i64>,
    pub created_at: i64,
    pub revision: i64,
}

impl AccountRow {
    /// The account.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<Account, Failure> {
        Ok(Account {
            id: AccountId(self.id),
            email: address("accounts.email", &self.email)?,
            first_name: self.first_name,
            last_name: self.last_name,
            password_hash: self.password_hash,
            email_confirmed_at: some_instant(self.email_confirmed_at)?,
            created_at: instant(self.created_at)?,
            revision: Revision(self.revision),
        })
    }
}
