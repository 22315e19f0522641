//! The port of adults' accounts. New accounts are written by the invitation's port, with the acceptance.

use async_trait::async_trait;

use super::{Account, AccountLink, EmailConfirmation, LinkIssue, LinkPurpose, PasswordChange};
use crate::email::EmailAddress;
use crate::ids::AccountId;
use crate::store::{Failure, RecordError};
use crate::token::TokenHash;

/// Keeps accounts and their links.
#[cfg_attr(test, mockall::automock)]
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// An account by its id.
    async fn find(&self, id: AccountId) -> Result<Option<Account>, Failure>;
    /// An account by its address, in any case (constraint `accounts_email`).
    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<Account>, Failure>;
    /// A link that was not used nor replaced, expired or not, and its account.
    async fn find_link(
        &self,
        token: &TokenHash,
        purpose: LinkPurpose,
    ) -> Result<Option<(AccountLink, Account)>, Failure>;
    /// Writes a link and its mail, and removes the account's former links of that purpose.
    async fn record_link(&self, issue: &LinkIssue) -> Result<(), Failure>;
    /// Writes a password, uses up the link, proves the address when a link was followed, ends every session of the
    /// account; or nothing. A link used meanwhile is `Stale`.
    async fn record_password(&self, change: &PasswordChange) -> Result<(), RecordError>;
    /// Writes that the address is proved and uses up the link, or nothing.
    async fn record_confirmation(
        &self,
        confirmation: &EmailConfirmation,
    ) -> Result<(), RecordError>;
}
