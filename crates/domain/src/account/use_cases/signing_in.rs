//! Presenting a password: each try is counted before it is verified.
//!
//! The count is kept for an account from one network, so that somebody elsewhere never makes its owner wait; and, on a
//! browser that the account signed in on before, for that browser alone. A network as a whole is slowed only beyond what
//! a school's people could do: a school has one address.

use jiff::{SignedDuration, Timestamp};

use super::{AccountRefusal, Accounts};
use crate::account::Account;
use crate::account::device::Devices;
use crate::account::password::Password;
use crate::email::EmailAddress;
use crate::ids::{AccountId, SessionId};
use crate::refusal::{Denied, Refusal};
use crate::throttle::{Counted, Counter, GrowingDelay, Rule, ThrottleKey};

/// Wrong passwords of one account from one network, or on one device.
const ACCOUNT_RULE: Rule = Rule::Growing(GrowingDelay {
    free: 5,
    first: SignedDuration::from_secs(2),
    longest: SignedDuration::from_secs(60),
    window: SignedDuration::from_mins(15),
});
/// Wrong passwords of all accounts from one network: hundreds, since a school's people share one address.
const NETWORK_RULE: Rule = Rule::Growing(GrowingDelay {
    free: 300,
    first: SignedDuration::from_secs(1),
    longest: SignedDuration::from_secs(30),
    window: SignedDuration::from_mins(15),
});

/// Where a try comes from.
#[derive(Clone, Copy)]
pub struct Origin<'a> {
    /// The asker's network: one address in IPv4, a /64 in IPv6.
    pub network: &'a str,
    /// The browser's cookie of devices, or empty: see [`Devices`].
    pub devices: &'a str,
}

/// Whose failures a try is counted with.
enum Side {
    /// Those of one device or session of the account's own.
    Own(ThrottleKey),
    /// Those of a network.
    Network {
        /// For the account tried.
        account: ThrottleKey,
        /// For all accounts.
        all: ThrottleKey,
    },
}

impl Side {
    fn counters(&self) -> Vec<Counter> {
        let counter = |key, rule| Counter { key, rule };
        match *self {
            Self::Own(key) => vec![counter(key, ACCOUNT_RULE)],
            Self::Network { account, all } => {
                vec![counter(account, ACCOUNT_RULE), counter(all, NETWORK_RULE)]
            }
        }
    }
}

/// Why a password was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordDenial {
    /// The rule.
    pub refusal: AccountRefusal,
    /// Where one must wait, when the next try can be made.
    pub next_try: Option<Timestamp>,
}

impl Refusal for PasswordDenial {
    fn code(&self) -> &'static str {
        self.refusal.code()
    }
}

impl From<AccountRefusal> for PasswordDenial {
    fn from(refusal: AccountRefusal) -> Self {
        Self {
            refusal,
            next_try: None,
        }
    }
}

impl From<AccountRefusal> for Denied<PasswordDenial> {
    fn from(refusal: AccountRefusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Accounts {
    /// Who has this address and this password.
    ///
    /// # Errors
    /// `credentials_refused`, in the same time whether the address is known or not; `too_many_attempts`, with when the
    /// next try can be made.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &Password,
        origin: Origin<'_>,
    ) -> Result<Account, Denied<PasswordDenial>> {
        let parsed = EmailAddress::parse(email).ok();
        let account = match &parsed {
            Some(email) => self.store.find_by_email(email).await?,
            None => None,
        };
        let known = account.as_ref().and_then(|account| {
            let device = self.device_id(account.id, origin)?;
            Some((account.id.to_string(), device))
        });
        let side = if let Some((account, device)) = known {
            Side::Own(ThrottleKey::of_pair("sign_in_device", &account, &device))
        } else {
            let typed = parsed.map_or_else(|| email.trim().to_owned(), |email| email.key());
            Side::Network {
                account: ThrottleKey::of_pair("sign_in_account", &typed, origin.network),
                all: ThrottleKey::of("sign_in_network", origin.network),
            }
        };
        self.verify(account, password, side).await
    }

    /// Chooses a new password, knowing the present one; every session of the account ends. Wrong ones are counted for the
    /// session alone: who is signed in waits for nobody else's.
    ///
    /// # Errors
    /// `credentials_refused` when `present` is wrong, `too_many_attempts`, and those of the password.
    pub async fn change_password(
        &self,
        account: &Account,
        session: SessionId,
        present: &Password,
        new: &str,
    ) -> Result<(), Denied<PasswordDenial>> {
        let session = session.to_string();
        let side = Side::Own(ThrottleKey::of("present_password", &session));
        let account = self.store.find(account.id).await?;
        let account = self.verify(account, present, side).await?;
        let written = self.write_password(&account, new, None).await;
        written.map_err(|denied| match denied {
            Denied::Refused(refusal) => refusal.into(),
            Denied::Stale => Denied::Stale,
            Denied::Failure(failure) => Denied::Failure(failure),
        })
    }

    /// The cookie of a browser on which an account has just shown who it is: it then counts as one it signed in on.
    pub fn devices_after(&self, devices: &str, account: AccountId) -> String {
        let (vault, chance) = (self.vault.as_ref(), self.chance.as_ref());
        Devices::read(devices, vault).signed_in(account, vault, chance)
    }

    /// The device of an account that asks, when the account signed in on it before.
    pub(super) fn device_id(&self, account: AccountId, origin: Origin<'_>) -> Option<String> {
        let devices = Devices::read(origin.devices, self.vault.as_ref());
        devices.id(account).map(str::to_owned)
    }

    /// Counts, then verifies; a right one takes its own count back. Without an account, as long is spent.
    async fn verify(
        &self,
        account: Option<Account>,
        password: &Password,
        side: Side,
    ) -> Result<Account, Denied<PasswordDenial>> {
        let now = self.clock.now();
        if let Counted::Wait(until) = self.throttle.count(&side.counters(), now).await? {
            return Err(Denied::Refused(PasswordDenial {
                refusal: AccountRefusal::TooManyAttempts,
                next_try: Some(until),
            }));
        }
        let right = if let Some(account) = &account {
            self.hasher.verify(password, &account.password_hash).await?
        } else {
            self.hasher.waste(password).await?;
            false
        };
        let Some(account) = account.filter(|_| right) else {
            return Err(AccountRefusal::CredentialsRefused.into());
        };
        match side {
            Side::Own(key) => self.throttle.clear(key).await?,
            Side::Network { account, all } => self.throttle.take_back(&[account, all], now).await?,
        }
        Ok(account)
    }
}
