//! Counted tries.

use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::retention::Expired;
use pix_orga_domain::throttle::{Counted, Counter, GrowingDelay, Rule, ThrottleKey};

use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Tries made at once in a round.
const AT_ONCE: usize = 40;
/// Those that pass.
const FREE: usize = 5;

/// Every clause of throttles.
#[macro_export]
macro_rules! throttle_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, throttle:
            pass_as_many_tries_as_the_rule_lets,
            count_two_tries_of_the_same_instant_twice,
            count_a_try_on_all_its_counters_or_on_none,
            take_one_try_back_and_no_other,
            forget_the_tries_of_a_key_and_of_no_other,
            forget_what_is_before_an_instant,
            count_tries_of_a_clock_that_was_set_back_no_more,
            let_one_of_two_simultaneous_tries_take_the_last_place,
            pass_no_more_of_many_at_once_than_of_so_many_in_a_row,
            hold_nobody_when_pairs_of_counters_cross,
        );
    };
}

fn key(value: &str) -> ThrottleKey {
    ThrottleKey::of("contract", value)
}

fn at_most(value: &str, count: usize) -> Counter {
    Counter {
        key: key(value),
        rule: Rule::AtMost {
            count,
            window: SignedDuration::from_hours(1),
        },
    }
}

fn growing(value: &str) -> Counter {
    Counter {
        key: key(value),
        rule: Rule::Growing(GrowingDelay {
            free: FREE,
            first: SignedDuration::from_mins(1),
            longest: SignedDuration::from_mins(4),
            window: SignedDuration::from_hours(1),
        }),
    }
}

async fn passes(stores: &Stores, counters: &[Counter], at: Timestamp) -> bool {
    stores.throttle.count(counters, at).await.unwrap() == Counted::Passed
}

pub async fn pass_as_many_tries_as_the_rule_lets(stores: Stores) {
    let build = Build::new();
    let first = build.now();
    let counter = [at_most("a", 2)];
    assert!(passes(&stores, &counter, first).await);
    assert!(passes(&stores, &counter, build.now()).await);
    let refused = stores.throttle.count(&counter, build.now()).await.unwrap();
    let out = first + SignedDuration::from_hours(1);
    assert_eq!(
        refused,
        Counted::Wait(out),
        "when the first is out of the hour"
    );
    assert!(passes(&stores, &[at_most("b", 2)], build.now()).await);
    assert!(!passes(&stores, &[at_most("c", 0)], build.now()).await);
    assert!(passes(&stores, &counter, out).await);
}

pub async fn count_two_tries_of_the_same_instant_twice(stores: Stores) {
    let at = Build::new().now();
    for passed in [true, true, false] {
        assert_eq!(passes(&stores, &[at_most("a", 2)], at).await, passed);
    }
}

pub async fn count_a_try_on_all_its_counters_or_on_none(stores: Stores) {
    let build = Build::new();
    let (narrow, wide) = (at_most("narrow", 1), at_most("wide", 2));
    assert!(passes(&stores, &[narrow, wide], build.now()).await);
    for _ in 0..3 {
        assert!(!passes(&stores, &[wide, narrow], build.now()).await);
    }
    assert!(passes(&stores, &[wide], build.now()).await);
    assert!(!passes(&stores, &[wide], build.now()).await);
}

pub async fn take_one_try_back_and_no_other(stores: Stores) {
    let build = Build::new();
    let (one, two) = (build.now(), build.now());
    let both = [at_most("a", 3), at_most("b", 3)];
    for at in [one, one, two] {
        assert!(passes(&stores, &both, at).await);
    }
    let taken = [key("a"), key("never tried")];
    stores.throttle.take_back(&taken, one).await.unwrap();
    assert!(!passes(&stores, &both[1..], build.now()).await);
    assert!(passes(&stores, &both[..1], build.now()).await);
    assert!(
        !passes(&stores, &both[..1], build.now()).await,
        "one came back"
    );
}

pub async fn forget_the_tries_of_a_key_and_of_no_other(stores: Stores) {
    let build = Build::new();
    let both = [at_most("a", 1), at_most("b", 1)];
    assert!(passes(&stores, &both, build.now()).await);
    stores.throttle.clear(key("a")).await.unwrap();
    assert!(passes(&stores, &both[..1], build.now()).await);
    assert!(!passes(&stores, &both[1..], build.now()).await);
}

pub async fn forget_what_is_before_an_instant(stores: Stores) {
    let build = Build::new();
    let (old, new) = (build.now(), build.now());
    let counter = [at_most("a", 2)];
    assert!(passes(&stores, &counter, old).await);
    assert!(passes(&stores, &counter, new).await);
    let expired = Expired::Tries { before: new };
    assert_eq!(stores.retention.count(expired).await.unwrap(), 1);
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 1);
    assert!(passes(&stores, &counter, build.now()).await);
    assert!(!passes(&stores, &counter, build.now()).await);
}

pub async fn count_tries_of_a_clock_that_was_set_back_no_more(stores: Stores) {
    let build = Build::new();
    let now = build.now();
    let in_a_year = now + SignedDuration::from_hours(365 * 24);
    for counter in [at_most("a", 1), growing("b")] {
        while passes(&stores, &[counter], in_a_year).await {}
        assert!(passes(&stores, &[counter], now).await);
    }
}

pub async fn let_one_of_two_simultaneous_tries_take_the_last_place(stores: Stores) {
    let build = Build::new();
    for round in 0..ROUNDS {
        let counter = [at_most(&round.to_string(), 1)];
        let (one, two) = (build.now(), build.now());
        let (s1, s2) = (stores.clone(), stores.clone());
        let passed = at_once(
            async move { passes(&s1, &counter, one).await },
            async move { passes(&s2, &counter, two).await },
        )
        .await;
        assert!(passed == [true, false] || passed == [false, true]);
    }
}

pub async fn pass_no_more_of_many_at_once_than_of_so_many_in_a_row(stores: Stores) {
    let build = Build::new();
    // An account's own counter, and one that all accounts of a network share.
    let network = at_most("network", 2 * FREE);
    for (account, expected) in [("a", FREE), ("b", FREE), ("c", 0)] {
        let tries = (0..AT_ONCE).map(|_| {
            let (stores, at) = (stores.clone(), build.now());
            tokio::spawn(async move { passes(&stores, &[growing(account), network], at).await })
        });
        let tries: Vec<_> = tries.collect();
        let mut passed = 0;
        for one in tries {
            passed += usize::from(one.await.unwrap());
        }
        assert_eq!(passed, expected, "{account}");
    }
}

pub async fn hold_nobody_when_pairs_of_counters_cross(stores: Stores) {
    let build = Build::new();
    let (a, b) = (at_most("a", usize::MAX), at_most("b", usize::MAX));
    for _ in 0..ROUNDS {
        let (one, two) = (build.now(), build.now());
        let (s1, s2) = (stores.clone(), stores.clone());
        let passed = at_once(async move { passes(&s1, &[a, b], one).await }, async move {
            passes(&s2, &[b, a], two).await
        })
        .await;
        assert_eq!(passed, [true, true]);
    }
}
