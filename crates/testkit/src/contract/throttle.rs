//! Counted tries.

use jiff::SignedDuration;
use pix_orga_domain::retention::Expired;
use pix_orga_domain::throttle::ThrottleKey;

use crate::build::Build;
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of throttles.
#[macro_export]
macro_rules! throttle_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, throttle:
            give_the_tries_of_a_key_since_an_instant_oldest_first,
            count_two_tries_of_the_same_instant_twice,
            forget_the_tries_of_a_key_and_of_no_other,
            forget_what_is_before_an_instant,
            note_a_try_only_below_the_limit,
            let_one_of_two_simultaneous_tries_take_the_last_place,
        );
    };
}

fn key(value: &str) -> ThrottleKey {
    ThrottleKey::of("contract", value)
}

pub async fn give_the_tries_of_a_key_since_an_instant_oldest_first(stores: Stores) {
    let build = Build::new();
    let (one, two, three) = (build.now(), build.now(), build.now());
    for at in [three, one, two] {
        stores.throttle.note(key("a"), at).await.unwrap();
    }
    stores.throttle.note(key("b"), two).await.unwrap();
    let since = stores.throttle.since(key("a"), two).await.unwrap();
    assert_eq!(since, [two, three]);
}

pub async fn count_two_tries_of_the_same_instant_twice(stores: Stores) {
    let at = Build::new().now();
    stores.throttle.note(key("a"), at).await.unwrap();
    stores.throttle.note(key("a"), at).await.unwrap();
    let since = stores.throttle.since(key("a"), at).await.unwrap();
    assert_eq!(since, [at, at]);
}

pub async fn forget_the_tries_of_a_key_and_of_no_other(stores: Stores) {
    let at = Build::new().now();
    stores.throttle.note(key("a"), at).await.unwrap();
    stores.throttle.note(key("b"), at).await.unwrap();
    stores.throttle.clear(key("a")).await.unwrap();
    assert_eq!(stores.throttle.since(key("a"), at).await.unwrap(), []);
    assert_eq!(stores.throttle.since(key("b"), at).await.unwrap(), [at]);
}

pub async fn forget_what_is_before_an_instant(stores: Stores) {
    let build = Build::new();
    let (old, new) = (build.now(), build.now());
    stores.throttle.note(key("a"), old).await.unwrap();
    stores.throttle.note(key("a"), new).await.unwrap();
    let expired = Expired::Tries { before: new };
    assert_eq!(stores.retention.count(expired).await.unwrap(), 1);
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 1);
    assert_eq!(stores.throttle.since(key("a"), old).await.unwrap(), [new]);
}

pub async fn note_a_try_only_below_the_limit(stores: Stores) {
    let build = Build::new();
    let start = build.now();
    let throttle = &stores.throttle;
    for allowed in [true, true, false] {
        let at = build.now();
        let noted = throttle.try_note(key("a"), at, start, 2).await.unwrap();
        assert_eq!(noted, allowed);
    }
    assert_eq!(throttle.since(key("a"), start).await.unwrap().len(), 2);
    let later = start + SignedDuration::from_hours(1);
    assert!(throttle.try_note(key("a"), later, later, 2).await.unwrap());
    assert!(throttle.try_note(key("b"), later, start, 2).await.unwrap());
    assert!(!throttle.try_note(key("c"), later, start, 0).await.unwrap());
}

pub async fn let_one_of_two_simultaneous_tries_take_the_last_place(stores: Stores) {
    let build = Build::new();
    let start = build.now();
    for round in 0..ROUNDS {
        let key = key(&round.to_string());
        let (one, two) = (build.now(), build.now());
        let (s1, s2) = (stores.throttle.clone(), stores.throttle.clone());
        let noted = at_once(
            async move { s1.try_note(key, one, start, 1).await.unwrap() },
            async move { s2.try_note(key, two, start, 1).await.unwrap() },
        )
        .await;
        assert!(noted == [true, false] || noted == [false, true]);
        assert_eq!(stores.throttle.since(key, start).await.unwrap().len(), 1);
    }
}
