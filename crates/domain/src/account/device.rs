//! The devices an account signed in on before: others' failures delay nobody there.
//!
//! A browser keeps the list of its accounts in one cookie. Each is sealed with the server's key, so that nobody makes one,
//! and opens nothing: it says that a password was right here once, and still asks for it.

use uuid::Uuid;

use crate::chance::Chance;
use crate::hex;
use crate::ids::AccountId;
use crate::token::{RawToken, SealedToken, Vault};

/// How long a browser keeps it after the last sign-in.
pub const DEVICE_KEPT: jiff::SignedDuration = jiff::SignedDuration::from_hours(180 * 24);
/// Accounts that one browser is known by: a school's office shares a computer. The oldest goes first.
pub const DEVICE_ACCOUNTS_MAX: usize = 6;
/// Random bytes of a device, which its own failures are counted by.
const DEVICE_BYTES: usize = 12;
/// What stands between two accounts of a list.
const BETWEEN: &str = "_";
/// What stands between account and device under the seal. Tokens of links are hexadecimal alone: none is a device, and no
/// device is a token.
const MARK: char = '.';

/// The accounts that signed in on a browser, as its cookie says.
pub struct Devices(Vec<Device>);

/// One account's browser.
struct Device {
    account: AccountId,
    id: String,
    sealed: String,
}

impl Devices {
    /// Reads a cookie. What another key sealed, or nobody, is left out.
    pub fn read(cookie: &str, vault: &dyn Vault) -> Self {
        let pieces = cookie.split(BETWEEN).take(DEVICE_ACCOUNTS_MAX);
        Self(pieces.filter_map(|one| Device::open(one, vault)).collect())
    }

    /// Which device this browser is of an account's, when the account signed in here before.
    pub fn id(&self, account: AccountId) -> Option<&str> {
        let device = self.0.iter().find(|one| one.account == account)?;
        Some(&device.id)
    }

    /// The cookie once an account has signed in: it comes first, and stays the device it was.
    pub fn signed_in(self, account: AccountId, vault: &dyn Vault, chance: &dyn Chance) -> String {
        let (same, others): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|one| one.account == account);
        let first = same.into_iter().next();
        let first = first.unwrap_or_else(|| Device::draw(account, vault, chance));
        std::iter::once(first)
            .chain(others)
            .take(DEVICE_ACCOUNTS_MAX)
            .map(|device| device.sealed)
            .collect::<Vec<_>>()
            .join(BETWEEN)
    }
}

impl Device {
    fn draw(account: AccountId, vault: &dyn Vault, chance: &dyn Chance) -> Self {
        let mut bytes = [0; DEVICE_BYTES];
        chance.fill(&mut bytes);
        let id = hex::encode(&bytes);
        let inside = format!("{}{MARK}{id}", account.0.simple());
        let sealed = vault.seal(&RawToken::presented(&inside));
        Self {
            account,
            id,
            sealed: hex::encode(&sealed.0),
        }
    }

    fn open(sealed: &str, vault: &dyn Vault) -> Option<Self> {
        let inside = vault.open(&SealedToken(hex::decode(sealed)?))?;
        let (account, id) = inside.expose().split_once(MARK)?;
        Some(Self {
            account: AccountId(Uuid::try_parse(account).ok()?),
            id: id.to_owned(),
            sealed: sealed.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Open, chance, person};
    use proptest::prelude::*;

    /// A vault of another key: it opens nothing.
    struct Closed;

    impl Vault for Closed {
        fn seal(&self, token: &RawToken) -> SealedToken {
            Open.seal(token)
        }

        fn open(&self, _: &SealedToken) -> Option<RawToken> {
            None
        }
    }

    fn signed_in(cookie: &str, number: u128, chance: &dyn Chance) -> String {
        Devices::read(cookie, &Open).signed_in(person(number), &Open, chance)
    }

    #[test]
    fn a_browser_is_known_by_the_account_that_signed_in_and_by_no_other() {
        let cookie = signed_in("", 1, chance().as_ref());
        let known = Devices::read(&cookie, &Open);
        assert!(known.id(person(1)).is_some());
        assert_eq!(known.id(person(2)), None);
        assert_eq!(Devices::read(&cookie, &Closed).id(person(1)), None);
    }

    #[test]
    fn a_shared_browser_knows_each_and_stays_the_same_device() {
        let chance = chance();
        let one = signed_in("", 1, chance.as_ref());
        let two = signed_in(&one, 2, chance.as_ref());
        let again = signed_in(&two, 1, chance.as_ref());
        let id = |cookie: &str, number| {
            let devices = Devices::read(cookie, &Open);
            devices.id(person(number)).map(str::to_owned)
        };
        assert_eq!(id(&again, 1), id(&one, 1));
        assert_eq!(id(&again, 2), id(&two, 2));
        assert_ne!(id(&again, 1), id(&again, 2));
        assert_ne!(id(&signed_in("", 1, chance.as_ref()), 1), id(&one, 1));
    }

    #[test]
    fn the_oldest_account_of_a_crowded_browser_is_forgotten() {
        let chance = chance();
        let crowd = 1..=DEVICE_ACCOUNTS_MAX as u128 + 1;
        let cookie = crowd.fold(String::new(), |cookie, number| {
            signed_in(&cookie, number, chance.as_ref())
        });
        let known = Devices::read(&cookie, &Open);
        assert_eq!(known.id(person(1)), None);
        assert!(known.id(person(2)).is_some());
    }

    #[test]
    fn the_token_of_a_link_is_no_device() {
        let token = RawToken::draw(chance().as_ref());
        let sealed = hex::encode(&Open.seal(&token).0);
        assert!(Devices::read(&sealed, &Open).0.is_empty());
    }

    proptest! {
        #[test]
        fn any_cookie_is_read(cookie in "\\PC{0,200}") {
            let _ = Devices::read(&cookie, &Open);
        }
    }
}
