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
use crate::throttle::{Counted, Counter, Rule, ThrottleKey};
use crate::token::{RawToken, Vault};

pub mod signing_in;

use signing_in::Origin;

/// Mails for one address that one device or one network may ask for in an hour.
const LINK_MAILS_PER_HOUR_MAX: usize = 3;
/// Mails for one address that everybody together may ask for in an hour, but for a device it signed in on.
const LINK_MAILS_FROM_ANYWHERE_PER_HOUR_MAX: usize = 6;
/// See the two limits above.
const LINK_MAILS_WINDOW: SignedDuration = SignedDuration::from_hours(1);

/// So many mails in an hour.
const fn mails_an_hour(count: usize) -> Rule {
    Rule::AtMost {
        count,
        window: LINK_MAILS_WINDOW,
    }
}

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

    /// Mails a link to choose a new password, when the address is an account's. The answer never tells. Whoever asks from
    /// a device that the account signed in on has their own count: nobody can use up theirs.
    ///
    /// # Errors
    /// `mail_not_configured`.
    pub async fn ask_reset(&self, email: &str, origin: Origin<'_>) -> Outcome<()> {
        self.require_mail()?;
        let Ok(email) = EmailAddress::parse(email) else {
            return Ok(());
        };
        let account = self.store.find_by_email(&email).await?;
        let counter = |key, count| Counter {
            key,
            rule: mails_an_hour(count),
        };
        let device = account
            .as_ref()
            .and_then(|account| self.device_id(account.id, origin));
        let counters = if let Some(device) = device {
            let its = ThrottleKey::of_pair("reset_mail_device", &email.key(), &device);
            vec![counter(its, LINK_MAILS_PER_HOUR_MAX)]
        } else {
            let from_here = ThrottleKey::of_pair("reset_mail", &email.key(), origin.network);
            let anywhere = ThrottleKey::of("reset_mail", &email.key());
            vec![
                counter(from_here, LINK_MAILS_PER_HOUR_MAX),
                counter(anywhere, LINK_MAILS_FROM_ANYWHERE_PER_HOUR_MAX),
            ]
        };
        let now = self.clock.now();
        let passes = self.throttle.count(&counters, now).await?;
        if let (Some(account), Counted::Passed) = (account, passes) {
            let issue = self.issue(&account, LinkPurpose::ResetPassword);
            self.store.record_link(&issue).await?;
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
        let counter = Counter {
            key: ThrottleKey::of("confirm_mail", &account.id.to_string()),
            rule: mails_an_hour(LINK_MAILS_PER_HOUR_MAX),
        };
        let now = self.clock.now();
        if let Counted::Wait(_) = self.throttle.count(&[counter], now).await? {
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

    /// Chooses a new password by the link; every session of the account ends. Says whose.
    ///
    /// # Errors
    /// Those of the link and of the password.
    pub async fn reset(&self, token: &RawToken, password: &str) -> Outcome<AccountId> {
        let account = self.look_at_link(token, LinkPurpose::ResetPassword).await?;
        self.write_password(&account, password, Some(token)).await?;
        Ok(account.id)
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
