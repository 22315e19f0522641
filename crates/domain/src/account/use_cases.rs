//! Signing in, choosing a new password, proving an address.

use std::sync::Arc;

use jiff::SignedDuration;

use super::password::{Identity, Password, PasswordHasher, PasswordRefusal};
use super::store::AccountStore;
use super::{Account, AccountLink, EmailConfirmation, LinkIssue, LinkPurpose, PasswordChange};
use crate::chance::{Chance, new_id};
use crate::clock::Clock;
use crate::email::EmailAddress;
use crate::ids::{AccountId, MailId};
use crate::outbox::{MailChannel, Notice, OutgoingMail};
use crate::refusal::Denied;
use crate::store::{Failure, deciding_again};
use crate::throttle::store::ThrottleStore;
use crate::throttle::{GrowingDelay, ThrottleKey};
use crate::token::{RawToken, Vault};

/// Wrong passwords of one account: a short wait at most, so that nobody can lock another out for long.
const ACCOUNT_DELAY: GrowingDelay = GrowingDelay {
    free: 5,
    first: SignedDuration::from_secs(2),
    longest: SignedDuration::from_secs(60),
    window: SignedDuration::from_mins(15),
};
/// Wrong passwords from one address range.
const RANGE_DELAY: GrowingDelay = GrowingDelay {
    free: 5,
    first: SignedDuration::from_secs(1),
    longest: SignedDuration::from_mins(5),
    window: SignedDuration::from_mins(15),
};
/// Password mails to one address in an hour.
const RESET_MAILS_PER_HOUR_MAX: u32 = 3;

crate::refusals! {
    /// Why somebody is not signed in, or a password or an address not recorded.
    AccountRefusal {
        /// Unknown address or wrong password: never told apart.
        CredentialsRefused = "credentials_refused",
        /// Too many failures: wait a little.
        TooManyAttempts = "too_many_attempts",
        /// The link was used, replaced, or never existed.
        LinkNotFound = "account_link_not_found",
        /// The link is too old.
        LinkExpired = "account_link_expired",
        /// See [`PasswordRefusal`].
        PasswordTooShort = "password_too_short",
        /// See [`PasswordRefusal`].
        PasswordTooLong = "password_too_long",
        /// See [`PasswordRefusal`].
        PasswordCommon = "password_common",
        /// See [`PasswordRefusal`].
        PasswordIsIdentity = "password_is_identity",
        /// Nothing is configured to send mails.
        MailNotConfigured = "mail_not_configured",
    }
}

impl From<PasswordRefusal> for AccountRefusal {
    fn from(refusal: PasswordRefusal) -> Self {
        match refusal {
            PasswordRefusal::TooShort => Self::PasswordTooShort,
            PasswordRefusal::TooLong => Self::PasswordTooLong,
            PasswordRefusal::Common => Self::PasswordCommon,
            PasswordRefusal::Identity => Self::PasswordIsIdentity,
        }
    }
}

/// What a person does with their account.
pub struct Accounts {
    /// Where accounts live.
    pub store: Arc<dyn AccountStore>,
    /// Counts failures.
    pub throttle: Arc<dyn ThrottleStore>,
    /// Hashes passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Seals the links.
    pub vault: Arc<dyn Vault>,
    /// Whether mails can leave.
    pub mail: MailChannel,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub chance: Arc<dyn Chance>,
}

type Outcome<T> = Result<T, Denied<AccountRefusal>>;

impl Accounts {
    /// An account by its id.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn find(&self, id: AccountId) -> Result<Option<Account>, Failure> {
        self.store.find(id).await
    }

    /// Who has this address and this password. `range` is the asker's network range, such as `203.0.113.0/24`.
    ///
    /// # Errors
    /// `credentials_refused`, in the same time whether the address is known or not; `too_many_attempts`.
    pub async fn sign_in(&self, email: &str, password: &Password, range: &str) -> Outcome<Account> {
        let now = self.clock.now();
        let email = EmailAddress::parse(email).ok();
        let typed = email.as_ref().map_or_else(String::new, EmailAddress::key);
        let by_account = ThrottleKey::of("sign_in_account", &typed);
        let by_range = ThrottleKey::of("sign_in_range", range);
        for (key, delay) in [(by_account, ACCOUNT_DELAY), (by_range, RANGE_DELAY)] {
            let from = now.saturating_sub(delay.window).unwrap_or(now);
            let failures = self.throttle.since(key, from).await?;
            if delay.wait_until(&failures, now).is_some() {
                return Err(AccountRefusal::TooManyAttempts.into());
            }
        }
        let account = match &email {
            Some(email) => self.store.find_by_email(email).await?,
            None => None,
        };
        let right = if let Some(account) = &account {
            self.hasher.verify(password, &account.password_hash).await?
        } else {
            self.hasher.waste(password).await?;
            false
        };
        if let (Some(account), true) = (account, right) {
            self.throttle.clear(by_account).await?;
            return Ok(account);
        }
        self.throttle.note(by_account, now).await?;
        self.throttle.note(by_range, now).await?;
        Err(AccountRefusal::CredentialsRefused.into())
    }

    /// Mails a link to choose a new password, when the address is an account's. The answer never tells.
    ///
    /// # Errors
    /// `mail_not_configured`.
    pub async fn ask_reset(&self, email: &str) -> Outcome<()> {
        self.require_mail()?;
        let Ok(email) = EmailAddress::parse(email) else {
            return Ok(());
        };
        let now = self.clock.now();
        let key = ThrottleKey::of("reset_mail", &email.key());
        let from = now
            .saturating_sub(SignedDuration::from_hours(1))
            .unwrap_or(now);
        if !self
            .throttle
            .try_note(key, now, from, RESET_MAILS_PER_HOUR_MAX)
            .await?
        {
            return Ok(());
        }
        if let Some(account) = self.store.find_by_email(&email).await? {
            self.store
                .record_link(&self.issue(&account, LinkPurpose::ResetPassword))
                .await?;
        }
        Ok(())
    }

    /// Mails a link that proves the account's address. Nothing is sent when it is proved.
    ///
    /// # Errors
    /// `mail_not_configured`; `too_many_attempts` beyond three mails an hour.
    pub async fn ask_confirmation(&self, account: &Account) -> Outcome<()> {
        self.require_mail()?;
        if account.email_confirmed_at.is_some() {
            return Ok(());
        }
        let now = self.clock.now();
        let key = ThrottleKey::of("confirm_mail", &account.id.to_string());
        let from = now
            .saturating_sub(SignedDuration::from_hours(1))
            .unwrap_or(now);
        if !self
            .throttle
            .try_note(key, now, from, RESET_MAILS_PER_HOUR_MAX)
            .await?
        {
            return Err(AccountRefusal::TooManyAttempts.into());
        }
        self.store
            .record_link(&self.issue(account, LinkPurpose::ConfirmEmail))
            .await?;
        Ok(())
    }

    /// Whether a link still holds, without using it up: mail scanners follow links.
    ///
    /// # Errors
    /// `account_link_not_found`, `account_link_expired`.
    pub async fn look_at_link(&self, token: &RawToken, purpose: LinkPurpose) -> Outcome<Account> {
        let found = self.store.find_link(&token.hash(), purpose).await?;
        let (link, account) = found.ok_or(AccountRefusal::LinkNotFound)?;
        if link.expires_at <= self.clock.now() {
            return Err(AccountRefusal::LinkExpired.into());
        }
        Ok(account)
    }

    /// Chooses a new password by the link; every session of the account ends.
    ///
    /// # Errors
    /// Those of the link and of the password.
    pub async fn reset(&self, token: &RawToken, password: &str) -> Outcome<()> {
        let account = self.look_at_link(token, LinkPurpose::ResetPassword).await?;
        self.write_password(&account, password, Some(token)).await
    }

    /// Chooses a new password, knowing the present one; every session of the account ends.
    ///
    /// # Errors
    /// `credentials_refused` when `present` is wrong, `too_many_attempts`, and those of the password.
    pub async fn change_password(
        &self,
        account: &Account,
        present: &Password,
        new: &str,
        range: &str,
    ) -> Outcome<()> {
        let account = self.sign_in(account.email.as_str(), present, range).await?;
        self.write_password(&account, new, None).await
    }

    /// Proves the address by the link.
    ///
    /// # Errors
    /// Those of the link.
    pub async fn confirm(&self, token: &RawToken) -> Outcome<()> {
        deciding_again(|| async {
            let account = self.look_at_link(token, LinkPurpose::ConfirmEmail).await?;
            let confirmation = EmailConfirmation {
                account_id: account.id,
                expected: account.revision,
                followed: token.hash(),
                at: self.clock.now(),
            };
            Ok(self.store.record_confirmation(&confirmation).await?)
        })
        .await
    }

    async fn write_password(
        &self,
        account: &Account,
        password: &str,
        link: Option<&RawToken>,
    ) -> Outcome<()> {
        let identity = Identity {
            email: account.email.as_str(),
            first_name: &account.first_name,
            last_name: &account.last_name,
        };
        let password = Password::choose(password, identity).map_err(AccountRefusal::from)?;
        let change = PasswordChange {
            account_id: account.id,
            expected: account.revision,
            password_hash: self.hasher.hash(&password).await?,
            followed: link.map(RawToken::hash),
            at: self.clock.now(),
        };
        Ok(self.store.record_password(&change).await?)
    }

    fn require_mail(&self) -> Result<(), AccountRefusal> {
        match self.mail {
            MailChannel::Open => Ok(()),
            MailChannel::NotConfigured => Err(AccountRefusal::MailNotConfigured),
        }
    }

    fn issue(&self, account: &Account, purpose: LinkPurpose) -> LinkIssue {
        issue_link(
            account,
            purpose,
            self.vault.as_ref(),
            self.chance.as_ref(),
            self.clock.now(),
        )
    }
}

/// A new link of an account, and its mail.
pub fn issue_link(
    account: &Account,
    purpose: LinkPurpose,
    vault: &dyn Vault,
    chance: &dyn Chance,
    now: jiff::Timestamp,
) -> LinkIssue {
    let raw = RawToken::draw(chance);
    let expires_at = now.saturating_add(purpose.lasts()).unwrap_or(now);
    let notice = match purpose {
        LinkPurpose::ResetPassword => Notice::PasswordReset { expires_at },
        LinkPurpose::ConfirmEmail => Notice::ConfirmAddress { expires_at },
    };
    LinkIssue {
        link: AccountLink {
            token: raw.hash(),
            account_id: account.id,
            purpose,
            expires_at,
        },
        mail: OutgoingMail {
            id: MailId(new_id(chance, now)),
            to: account.email.clone(),
            notice,
            token: Some(vault.seal(&raw)),
            organization_id: None,
            invitation_id: None,
            queued_at: now,
        },
    }
}
