//! Passwords presented: how many are verified, and who waits for whom.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use jiff::SignedDuration;
use pix_orga_domain::account::Account;
use pix_orga_domain::account::password::{Password, PasswordHasher};
use pix_orga_domain::account::use_cases::signing_in::{Origin, PasswordDenial};
use pix_orga_domain::account::use_cases::{AccountRefusal, Accounts};
use pix_orga_domain::ids::SessionId;
use pix_orga_domain::outbox::{MailChannel, Notice};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::store::Failure;

use crate::build::Build;
use crate::fakes::{PlainVault, SeededChance, SteppingClock};
use crate::stores::Stores;

/// Wrong passwords that nobody waits for.
const FREE: usize = 5;
/// Those of a whole network.
const NETWORK_FREE: usize = 300;

/// Every clause of signing in.
#[macro_export]
macro_rules! signing_in_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, signing_in:
            verify_no_more_passwords_at_once_than_one_after_the_other,
            make_an_owner_wait_for_nobody_elsewhere,
            make_an_owner_wait_for_nobody_on_a_device_they_signed_in_on,
            count_the_failures_of_a_known_device_too,
            block_nobody_else_in_a_building_where_some_mistype,
            slow_a_whole_network_only_beyond_hundreds_of_failures,
            take_the_count_of_a_right_password_back,
            treat_an_unknown_address_as_a_wrong_password,
            count_wrong_present_passwords_for_the_session_alone,
            let_nobody_use_up_the_reset_mails_of_a_known_device,
        );
    };
}

/// A password is right when it is what the account keeps of it.
#[derive(Default)]
struct Plain {
    verified: AtomicUsize,
}

#[async_trait]
impl PasswordHasher for Plain {
    async fn hash(&self, password: &Password) -> Result<String, Failure> {
        Ok(password.expose().to_owned())
    }

    async fn verify(&self, password: &Password, hash: &str) -> Result<bool, Failure> {
        self.verified.fetch_add(1, Ordering::SeqCst);
        Ok(password.expose() == hash)
    }

    async fn waste(&self, _: &Password) -> Result<(), Failure> {
        self.verified.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

/// An account whose owner signs in, while others try.
#[derive(Clone)]
struct Scene {
    accounts: Arc<Accounts>,
    hasher: Arc<Plain>,
    clock: Arc<SteppingClock>,
    owner: Account,
}

const HOME: Origin<'static> = Origin {
    network: "192.0.2.1",
    devices: "",
};
const SCHOOL: Origin<'static> = Origin {
    network: "203.0.113.9",
    devices: "",
};

impl Scene {
    async fn new(stores: &Stores) -> Self {
        let build = Build::new();
        let school = build.school(stores).await;
        let owner = build.administrator(stores, &school).await.account;
        let hasher = Arc::new(Plain::default());
        let accounts = Accounts {
            store: stores.accounts.clone(),
            throttle: stores.throttle.clone(),
            hasher: hasher.clone(),
            vault: Arc::new(PlainVault),
            mail: MailChannel::Open,
            clock: build.clock.clone(),
            chance: Arc::new(SeededChance::new(7)),
        };
        Self {
            accounts: Arc::new(accounts),
            hasher,
            clock: build.clock,
            owner,
        }
    }

    async fn types(
        &self,
        email: &str,
        password: &str,
        from: Origin<'_>,
    ) -> Result<(), PasswordDenial> {
        let password = Password::presented(password);
        let signed_in = self.accounts.sign_in(email, &password, from).await;
        outcome(signed_in.map(|account| assert_eq!(account.id, self.owner.id)))
    }

    async fn right(&self, from: Origin<'_>) -> Result<(), PasswordDenial> {
        let (email, password) = (self.owner.email.as_str(), &self.owner.password_hash);
        self.types(email, password, from).await
    }

    async fn wrong(&self, from: Origin<'_>) -> PasswordDenial {
        let email = self.owner.email.as_str();
        self.types(email, "wrong", from).await.unwrap_err()
    }

    /// Wrong ones until one must wait: how many passed.
    async fn hammer(&self, from: Origin<'_>) -> usize {
        let mut passed = 0;
        while self.wrong(from).await.refusal == AccountRefusal::CredentialsRefused {
            passed += 1;
        }
        passed
    }

    fn verified(&self) -> usize {
        self.hasher.verified.load(Ordering::SeqCst)
    }
}

fn outcome<T>(done: Result<T, Denied<PasswordDenial>>) -> Result<T, PasswordDenial> {
    done.map_err(|denied| match denied {
        Denied::Refused(denial) => denial,
        other => panic!("{other:?}"),
    })
}

pub async fn verify_no_more_passwords_at_once_than_one_after_the_other(stores: Stores) {
    let scene = Scene::new(&stores).await;
    let tries: Vec<_> = (0..300)
        .map(|_| {
            let scene = scene.clone();
            tokio::spawn(async move { scene.wrong(SCHOOL).await.refusal })
        })
        .collect();
    let mut refused = 0;
    for one in tries {
        refused += usize::from(one.await.unwrap() == AccountRefusal::CredentialsRefused);
    }
    assert_eq!((refused, scene.verified()), (FREE, FREE));
}

pub async fn make_an_owner_wait_for_nobody_elsewhere(stores: Stores) {
    let scene = Scene::new(&stores).await;
    for _ in 0..12 {
        scene.hammer(SCHOOL).await;
        scene.clock.advance(SignedDuration::from_millis(400));
        scene.right(HOME).await.unwrap();
    }
}

pub async fn make_an_owner_wait_for_nobody_on_a_device_they_signed_in_on(stores: Stores) {
    let scene = Scene::new(&stores).await;
    let devices = scene.accounts.devices_after("", scene.owner.id);
    let known = Origin {
        devices: &devices,
        ..SCHOOL
    };
    assert_eq!(scene.hammer(SCHOOL).await, FREE);
    scene.right(known).await.unwrap();
    let denial = scene.right(SCHOOL).await.unwrap_err();
    assert_eq!(denial.refusal, AccountRefusal::TooManyAttempts);
    assert!(denial.next_try.is_some());
}

pub async fn count_the_failures_of_a_known_device_too(stores: Stores) {
    let scene = Scene::new(&stores).await;
    let devices = scene.accounts.devices_after("", scene.owner.id);
    let known = Origin {
        devices: &devices,
        ..HOME
    };
    assert_eq!(scene.hammer(known).await, FREE);
    let denial = scene.right(known).await.unwrap_err();
    assert_eq!(denial.refusal, AccountRefusal::TooManyAttempts);
    scene.right(HOME).await.unwrap();
    // A right one on it forgets its typing errors.
    scene.clock.advance(SignedDuration::from_mins(1));
    scene.right(known).await.unwrap();
    assert_eq!(scene.hammer(known).await, FREE);
}

pub async fn block_nobody_else_in_a_building_where_some_mistype(stores: Stores) {
    let scene = Scene::new(&stores).await;
    for person in 0..10 {
        for _ in 0..FREE + 2 {
            let email = format!("colleague{person}@college.invalid");
            scene.types(&email, "wrong", SCHOOL).await.unwrap_err();
        }
    }
    scene.right(SCHOOL).await.unwrap();
}

pub async fn slow_a_whole_network_only_beyond_hundreds_of_failures(stores: Stores) {
    let scene = Scene::new(&stores).await;
    for person in 0..NETWORK_FREE {
        let email = format!("guess{person}@college.invalid");
        let denial = scene.types(&email, "wrong", SCHOOL).await.unwrap_err();
        assert_eq!(
            denial.refusal,
            AccountRefusal::CredentialsRefused,
            "{person}"
        );
    }
    let denial = scene.right(SCHOOL).await.unwrap_err();
    assert_eq!(denial.refusal, AccountRefusal::TooManyAttempts);
    scene.right(HOME).await.unwrap();
    let devices = scene.accounts.devices_after("", scene.owner.id);
    let known = Origin {
        devices: &devices,
        ..SCHOOL
    };
    scene.right(known).await.unwrap();
    scene.clock.advance(SignedDuration::from_secs(30));
    scene.right(SCHOOL).await.unwrap();
}

pub async fn take_the_count_of_a_right_password_back(stores: Stores) {
    let scene = Scene::new(&stores).await;
    for _ in 0..2 * FREE {
        scene.right(SCHOOL).await.unwrap();
    }
    for _ in 0..FREE - 1 {
        scene.wrong(SCHOOL).await;
        scene.right(SCHOOL).await.unwrap();
    }
    assert_eq!(scene.hammer(SCHOOL).await, 1, "the wrong ones stay counted");
}

pub async fn treat_an_unknown_address_as_a_wrong_password(stores: Stores) {
    let scene = Scene::new(&stores).await;
    for email in [
        scene.owner.email.as_str(),
        "nobody@college.invalid",
        "no address",
    ] {
        let before = scene.verified();
        for _ in 0..FREE {
            let denial = scene.types(email, "wrong", SCHOOL).await.unwrap_err();
            assert_eq!(
                denial.refusal,
                AccountRefusal::CredentialsRefused,
                "{email}"
            );
        }
        assert_eq!(scene.verified() - before, FREE, "{email}");
        let denial = scene.types(email, "wrong", SCHOOL).await.unwrap_err();
        assert_eq!(denial.refusal, AccountRefusal::TooManyAttempts, "{email}");
        assert_eq!(scene.verified() - before, FREE, "{email}");
    }
}

pub async fn count_wrong_present_passwords_for_the_session_alone(stores: Stores) {
    let scene = Scene::new(&stores).await;
    scene.hammer(SCHOOL).await;
    let [one, other] = [SessionId(Build::new().id()), SessionId(uuid::Uuid::nil())];
    let change = async |session, present: &str| {
        let (owner, present) = (&scene.owner, Password::presented(present));
        let new = "quatre mots bien choisis";
        let changed = scene
            .accounts
            .change_password(owner, session, &present, new);
        outcome(changed.await).map_err(|denial| denial.refusal)
    };
    for _ in 0..FREE {
        let refused = change(one, "wrong").await;
        assert_eq!(refused, Err(AccountRefusal::CredentialsRefused));
    }
    let right = scene.owner.password_hash.as_str();
    assert_eq!(
        change(one, right).await,
        Err(AccountRefusal::TooManyAttempts)
    );
    assert_eq!(change(other, right).await, Ok(()));
}

pub async fn let_nobody_use_up_the_reset_mails_of_a_known_device(stores: Stores) {
    let scene = Scene::new(&stores).await;
    let devices = scene.accounts.devices_after("", scene.owner.id);
    let known = Origin {
        devices: &devices,
        ..SCHOOL
    };
    let mails = async || {
        let latest = stores.outbox.latest(50).await.unwrap();
        let resets = latest
            .iter()
            .filter(|(mail, _)| matches!(mail.notice, Notice::PasswordReset { .. }));
        resets.count()
    };
    let ask = async |origin| {
        let email = scene.owner.email.as_str();
        scene.accounts.ask_reset(email, origin).await.unwrap();
    };
    for _ in 0..5 {
        ask(SCHOOL).await;
    }
    assert_eq!(mails().await, 3, "three from one network");
    ask(HOME).await;
    assert_eq!(mails().await, 4, "another network has its own");
    for network in ["198.51.100.1", "198.51.100.2"] {
        for _ in 0..3 {
            ask(Origin {
                network,
                devices: "",
            })
            .await;
        }
    }
    assert_eq!(mails().await, 6, "six from everywhere");
    for _ in 0..5 {
        ask(known).await;
    }
    assert_eq!(mails().await, 9, "a known device has its own three");
}
