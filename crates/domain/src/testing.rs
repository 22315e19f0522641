//! Time, randomness, schools and people made in one line, for the tests beside.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt as _;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::account::Account;
use crate::chance::Chance;
use crate::clock::Clock;
use crate::email::EmailAddress;
use crate::ids::{AccountId, OrganizationId};
use crate::organization::{
    AddressTrust, DirectoryFacts, DirectoryState, ImportPolicy, OfficialAddress, Organization,
};
use crate::store::Revision;
use crate::team::{Member, Membership, Role, Team};
use crate::token::{RawToken, SealedToken, Vault};
use crate::uai::Uai;

/// What a use case answers on mocked ports, which never wait.
pub fn answer<T>(use_case: impl Future<Output = T>) -> T {
    use_case.now_or_never().unwrap()
}

/// The instant of every test.
pub fn now() -> Timestamp {
    "2026-09-01T08:00:00Z".parse().unwrap()
}

/// So many seconds after [`now`].
pub fn after(seconds: i64) -> Timestamp {
    now()
        .saturating_add(SignedDuration::from_secs(seconds))
        .unwrap()
}

/// A clock that stands at [`now`].
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Timestamp {
        now()
    }
}

/// Bytes that differ at each draw.
#[derive(Default)]
pub struct Counting(AtomicU64);

impl Chance for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let draw = self.0.fetch_add(1, Ordering::SeqCst).to_le_bytes();
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = draw[place % draw.len()];
        }
    }
}

/// A vault that seals nothing.
pub struct Open;

impl Vault for Open {
    fn seal(&self, token: &RawToken) -> SealedToken {
        SealedToken(token.expose().as_bytes().to_vec())
    }

    fn open(&self, sealed: &SealedToken) -> Option<RawToken> {
        std::str::from_utf8(&sealed.0).ok().map(RawToken::presented)
    }
}

/// Such a chance, shared.
pub fn chance() -> Arc<dyn Chance> {
    Arc::new(Counting::default())
}

/// An address.
pub fn email(raw: &str) -> EmailAddress {
    EmailAddress::parse(raw).unwrap()
}

/// A UAI, by its seven digits.
pub fn uai(digits: &str) -> Uai {
    "ABCDEFGHJKLMNPRSTUVWXYZ"
        .chars()
        .find_map(|key| Uai::parse(&format!("{digits}{key}")).ok())
        .unwrap()
}

/// A school of the Tarn, with its trusted address.
pub fn school() -> Organization {
    let address = email("ce.0810004P@ac-toulouse.fr");
    Organization {
        id: OrganizationId(Uuid::from_u128(81)),
        uai: uai("0810004"),
        former_uais: Vec::new(),
        facts: DirectoryFacts {
            name: "Collège Sophie Germain".to_owned(),
            commune: "Albi".to_owned(),
            mail: Some(address.clone()),
            nature: "340".to_owned(),
            sector: "Public".to_owned(),
            mother: None,
            ministry: "MINISTERE DE L'EDUCATION NATIONALE".to_owned(),
            state: DirectoryState::Open,
        },
        address: OfficialAddress::Known(address, AddressTrust::Trusted),
        import_policy: ImportPolicy::Updatable,
        works_alone_since: None,
        closed_at: None,
        created_at: now(),
        revision: Revision::default(),
    }
}

/// Somebody's id.
pub fn person(number: u128) -> AccountId {
    AccountId(Uuid::from_u128(number))
}

/// Their account, its address proved.
pub fn account(number: u128) -> Account {
    Account {
        id: person(number),
        email: email(&format!("personne{number}@exemple.fr")),
        first_name: "Anne".to_owned(),
        last_name: format!("Colin {number}"),
        password_hash: String::new(),
        email_confirmed_at: Some(now()),
        created_at: now(),
        revision: Revision::default(),
    }
}

/// They are in the school.
pub fn membership(number: u128, role: Role) -> Membership {
    Membership {
        organization_id: school().id,
        account_id: person(number),
        role,
        joined_at: now(),
        invited_as: None,
    }
}

/// They are in the space.
pub fn member(number: u128, role: Role) -> Member {
    Member {
        organization: school(),
        account: account(number),
        role,
    }
}

/// A team of people numbered from 1, at a revision.
pub fn team(roles: &[Role], revision: i64) -> Team {
    Team {
        organization_id: school().id,
        members: (1..)
            .zip(roles)
            .map(|(number, role)| membership(number, *role))
            .collect(),
        revision: Revision(revision),
    }
}
