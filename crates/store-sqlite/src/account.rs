//! Adults' accounts and their links.

use async_trait::async_trait;
use pix_orga_domain::account::store::AccountStore;
use pix_orga_domain::account::{
    Account, AccountLink, EmailConfirmation, LinkIssue, LinkPurpose, PasswordChange,
};
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::store::{Failure, RecordError};
use pix_orga_domain::token::TokenHash;
use pix_orga_store_rows::account::AccountRow;
use pix_orga_store_rows::value::{instant, micros};
use uuid::Uuid;

use crate::convert::OrFailure;
use crate::{Connection, SqliteStore, outbox, session};

/// Writes a new account, inside the write of the acceptance that creates it. The error is kept as it is: its caller
/// tells a taken address from a failure.
pub(crate) async fn insert(
    connection: &mut Connection,
    account: &Account,
) -> Result<(), sqlx::Error> {
    let (email, key) = (account.email.as_str(), account.email.key());
    let confirmed_at = account.email_confirmed_at.map(micros);
    let created_at = micros(account.created_at);
    sqlx::query!(
        "INSERT INTO accounts
            (id, email, email_key, first_name, last_name, password_hash, email_confirmed_at, created_at, revision)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        account.id.0,
        email,
        key,
        account.first_name,
        account.last_name,
        account.password_hash,
        confirmed_at,
        created_at,
        account.revision.0
    )
    .execute(connection)
    .await?;
    Ok(())
}

/// Writes a link in the place of the account's former ones of that purpose.
pub(crate) async fn replace_link(
    connection: &mut Connection,
    link: &AccountLink,
) -> Result<(), Failure> {
    let (token, purpose) = (link.token.0.as_slice(), link.purpose.code());
    let expires_at = micros(link.expires_at);
    sqlx::query!(
        "DELETE FROM account_links WHERE account_id = ? AND purpose = ?",
        link.account_id.0,
        purpose
    )
    .execute(&mut *connection)
    .await
    .or_failure()?;
    sqlx::query!(
        "INSERT INTO account_links (token_hash, account_id, purpose, expires_at) VALUES (?, ?, ?, ?)",
        token,
        link.account_id.0,
        purpose,
        expires_at
    )
    .execute(connection)
    .await
    .or_failure()?;
    Ok(())
}

/// Uses up a link. One that is gone, another's or of another purpose is stale.
async fn use_up(
    connection: &mut Connection,
    account: AccountId,
    token: &TokenHash,
    purpose: LinkPurpose,
) -> Result<(), RecordError> {
    let (token, purpose) = (token.0.as_slice(), purpose.code());
    let done = sqlx::query!(
        "DELETE FROM account_links WHERE token_hash = ? AND account_id = ? AND purpose = ?",
        token,
        account.0,
        purpose
    )
    .execute(connection)
    .await
    .or_failure()?;
    if done.rows_affected() == 0 {
        return Err(RecordError::Stale);
    }
    Ok(())
}

#[async_trait]
impl AccountStore for SqliteStore {
    async fn find(&self, id: AccountId) -> Result<Option<Account>, Failure> {
        sqlx::query_as!(
            AccountRow,
            r#"SELECT id as "id: Uuid", email, first_name, last_name, password_hash, email_confirmed_at, created_at,
                revision
               FROM accounts WHERE id = ?"#,
            id.0
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?
        .map(AccountRow::read)
        .transpose()
    }

    async fn find_by_email(&self, email: &EmailAddress) -> Result<Option<Account>, Failure> {
        let key = email.key();
        sqlx::query_as!(
            AccountRow,
            r#"SELECT id as "id: Uuid", email, first_name, last_name, password_hash, email_confirmed_at, created_at,
                revision
               FROM accounts WHERE email_key = ?"#,
            key
        )
        .fetch_optional(self.readers())
        .await
        .or_failure()?
        .map(AccountRow::read)
        .transpose()
    }

    async fn find_link(
        &self,
        token: &TokenHash,
        purpose: LinkPurpose,
    ) -> Result<Option<(AccountLink, Account)>, Failure> {
        let mut tx = self.snapshot().await?;
        let (hash, code) = (token.0.as_slice(), purpose.code());
        let Some(link) = sqlx::query!(
            r#"SELECT account_id as "account_id: Uuid", expires_at FROM account_links
               WHERE token_hash = ? AND purpose = ?"#,
            hash,
            code
        )
        .fetch_optional(&mut *tx)
        .await
        .or_failure()?
        else {
            return Ok(None);
        };
        let account = sqlx::query_as!(
            AccountRow,
            r#"SELECT id as "id: Uuid", email, first_name, last_name, password_hash, email_confirmed_at, created_at,
                revision
               FROM accounts WHERE id = ?"#,
            link.account_id
        )
        .fetch_one(&mut *tx)
        .await
        .or_failure()?
        .read()?;
        let link = AccountLink {
            token: *token,
            account_id: account.id,
            purpose,
            expires_at: instant(link.expires_at)?,
        };
        Ok(Some((link, account)))
    }

    async fn record_link(&self, issue: &LinkIssue) -> Result<(), Failure> {
        let mut tx = self.begin().await?;
        replace_link(&mut tx, &issue.link).await?;
        outbox::insert(&mut tx, &issue.mail).await?;
        tx.commit().await.or_failure()
    }

    async fn record_password(&self, change: &PasswordChange) -> Result<(), RecordError> {
        let mut tx = self.begin().await?;
        let proved_at = change.followed.map(|_| micros(change.at));
        let done = sqlx::query!(
            "UPDATE accounts
             SET password_hash = ?, email_confirmed_at = COALESCE(email_confirmed_at, ?), revision = revision + 1
             WHERE id = ? AND revision = ?",
            change.password_hash,
            proved_at,
            change.account_id.0,
            change.expected.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        if done.rows_affected() == 0 {
            return Err(RecordError::Stale);
        }
        if let Some(token) = &change.followed {
            use_up(
                &mut tx,
                change.account_id,
                token,
                LinkPurpose::ResetPassword,
            )
            .await?;
        }
        session::close_all_of_account(&mut tx, change.account_id).await?;
        Ok(tx.commit().await.or_failure()?)
    }

    async fn record_confirmation(
        &self,
        confirmation: &EmailConfirmation,
    ) -> Result<(), RecordError> {
        let mut tx = self.begin().await?;
        let at = micros(confirmation.at);
        let done = sqlx::query!(
            "UPDATE accounts
             SET email_confirmed_at = COALESCE(email_confirmed_at, ?), revision = revision + 1
             WHERE id = ? AND revision = ?",
            at,
            confirmation.account_id.0,
            confirmation.expected.0
        )
        .execute(&mut *tx)
        .await
        .or_failure()?;
        if done.rows_affected() == 0 {
            return Err(RecordError::Stale);
        }
        let (account, token) = (confirmation.account_id, &confirmation.followed);
        use_up(&mut tx, account, token, LinkPurpose::ConfirmEmail).await?;
        Ok(tx.commit().await.or_failure()?)
    }
}
