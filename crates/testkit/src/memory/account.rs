//! Adults' accounts and their links.

use async_trait::async_trait;
use pix_orga_domain::account::store::AccountStore;
use pix_orga_domain::account::{
    Account, AccountLink, EmailConfirmation, LinkIssue, LinkPurpose, PasswordChange,
};
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::session::Subject;
use pix_orga_domain::store::{Failure, RecordError, Revision};
use pix_orga_domain::token::TokenHash;

use super::{MemoryStore, State};

/// Another account has this address.
pub(super) struct EmailTaken;

impl State {
    /// What a foreign key to an account would say.
    pub(super) fn require_account(&self, id: AccountId) -> Result<(), Failure> {
        if self.accounts.contains_key(&id) {
            Ok(())
        } else {
            Err(Failure::new("no such account"))
        }
    }

    /// Writes a new account, inside the write of the acceptance that creates it.
    pub(super) fn add_account(
        &mut self,
        account: &Account,
    ) -> Result<Result<(), EmailTaken>, Failure> {
        if self.accounts.contains_key(&account.id) {
            return Err(Failure::new("account written twice"));
        }
        let mut others = self.accounts.values();
        if others.any(|other| other.email == account.email) {
            return Ok(Err(EmailTaken));
        }
        self.accounts.insert(account.id, account.clone());
        Ok(Ok(()))
    }

    /// Writes a link in the place of the account's former ones of that purpose.
    pub(super) fn replace_link(&mut self, link: &AccountLink) -> Result<(), Failure> {
        self.require_account(link.account_id)?;
        self.account_links.retain(|former| {
            (former.account_id, former.purpose) != (link.account_id, link.purpose)
        });
        if self
            .account_links
            .iter()
            .any(|other| other.token == link.token)
        {
            return Err(Failure::new("link written twice"));
        }
        self.account_links.push(link.clone());
        Ok(())
    }

    fn use_up(
        &mut self,
        account: AccountId,
        token: &TokenHash,
        purpose: LinkPurpose,
    ) -> Result<(), RecordError> {
        let before = self.account_links.len();
        self.account_links.retain(|link| {
            (link.account_id, link.token, link.purpose) != (account, *token, purpose)
        });
        if self.account_links.len() == before {
            return Err(RecordError::Stale);
        }
        Ok(())
    }

    /// The account, moved on to its next revision.
    fn guarded(&mut self, id: AccountId, expected: Revision) -> Result<&mut Account, RecordError> {
        let account = self.accounts.get_mut(&id);
        let account = account.filter(|account| account.revision == expected);
        let account = account.ok_or(RecordError::Stale)?;
        account.revision = expected.next();
        Ok(account)
    }
}

#[async_trait]
impl AccountStore for MemoryStore {
    async fn find(&self, id: AccountId) -> Result<Option<Account>, Failure> {
        Ok(self.read(|state| state.accounts.get(&id).cloned()))
    }

    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<Account>, Failure> {
        Ok(self.read(|state| {
            let mut accounts = state.accounts.values();
            accounts.find(|account| account.email == *email).cloned()
        }))
    }

    async fn find_link(
        &self,
        token: &TokenHash,
        purpose: LinkPurpose,
    ) -> Result<Option<(AccountLink, Account)>, Failure> {
        Ok(self.read(|state| {
            let mut links = state.account_links.iter();
            let link = links.find(|link| link.token == *token && link.purpose == purpose)?;
            let account = state.accounts.get(&link.account_id)?;
            Some((link.clone(), account.clone()))
        }))
    }

    async fn record_link(&self, issue: &LinkIssue) -> Result<(), Failure> {
        self.write(|state| {
            state.replace_link(&issue.link)?;
            state.post(&issue.mail)
        })
    }

    async fn record_password(&self, change: &PasswordChange) -> Result<(), RecordError> {
        self.write(|state| {
            let account = state.guarded(change.account_id, change.expected)?;
            account.password_hash.clone_from(&change.password_hash);
            if let Some(token) = &change.followed {
                account.email_confirmed_at.get_or_insert(change.at);
                state.use_up(change.account_id, token, LinkPurpose::ResetPassword)?;
            }
            state.close_all(Subject::Account(change.account_id));
            Ok(())
        })
    }

    async fn record_confirmation(
        &self,
        confirmation: &EmailConfirmation,
    ) -> Result<(), RecordError> {
        self.write(|state| {
            let account = state.guarded(confirmation.account_id, confirmation.expected)?;
            account.email_confirmed_at.get_or_insert(confirmation.at);
            let (id, token) = (confirmation.account_id, &confirmation.followed);
            state.use_up(id, token, LinkPurpose::ConfirmEmail)
        })
    }
}
