//! Adults' accounts: this product's own, with an address and a password.

use std::fmt;

use jiff::Timestamp;

use crate::email::EmailAddress;
use crate::ids::AccountId;
use crate::store::Revision;

/// An adult's account. Names and address never show in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// The address they sign in with.
    pub email: EmailAddress,
    /// First name, as typed.
    pub first_name: String,
    /// Family name, as typed.
    pub last_name: String,
    /// The password as Argon2id hashed it (PHC string).
    pub password_hash: String,
    /// When the address was proved to be theirs.
    pub email_confirmed_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Guard of its writes.
    pub revision: Revision,
}

impl Account {
    /// First and family name.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
