//! Sign-ins begun.

use pix_orga_domain::pupil::sign_in::{BEGUN_SIGN_IN_MAX, BegunSignIn, SWEPT_AT_ONCE};
use pix_orga_domain::retention::Expired;
use pix_orga_domain::token::RawToken;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::stores::Stores;

/// Every clause of sign-ins begun.
#[macro_export]
macro_rules! sign_in_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, sign_in:
            find_a_sign_in_as_it_was_begun_and_no_other,
            let_a_browser_begin_several,
            refuse_a_second_sign_in_of_the_same_request,
            sweep_a_few_that_are_over_when_another_begins,
            delete_those_that_are_over_and_keep_the_others,
            begin_two_at_once_while_both_sweep,
            let_one_of_two_of_the_same_request_begin,
        );
    };
}

fn begun(build: &Build, request: &str) -> BegunSignIn {
    let browser = RawToken::draw(build.chance.as_ref());
    BegunSignIn::new(request.to_owned(), &browser, None, build.now())
}

async fn found(stores: &Stores, request: &str) -> Option<BegunSignIn> {
    stores.begun.find(request).await.unwrap()
}

pub async fn find_a_sign_in_as_it_was_begun_and_no_other(stores: Stores) {
    let build = Build::new();
    let session = RawToken::draw(build.chance.as_ref()).hash();
    let (alone, replacing) = (
        begun(&build, "_aB1"),
        BegunSignIn {
            replaces: Some(session),
            ..begun(&build, "_ab1")
        },
    );
    assert_eq!(found(&stores, "_aB1").await, None);
    for one in [&alone, &replacing] {
        stores.begun.begin(one).await.unwrap();
    }
    for one in [alone, replacing] {
        assert_eq!(found(&stores, &one.request).await, Some(one));
    }
    for other in ["_AB1", "_aB1 ", " _aB1", "_aB", "_aB1é", "%", ""] {
        assert_eq!(found(&stores, other).await, None, "{other:?}");
    }
}

pub async fn let_a_browser_begin_several(stores: Stores) {
    let build = Build::new();
    let one = begun(&build, "_1");
    let two = BegunSignIn {
        request: "_2".to_owned(),
        ..one.clone()
    };
    for begun in [&one, &two] {
        stores.begun.begin(begun).await.unwrap();
    }
    assert_eq!(found(&stores, "_1").await, Some(one));
    assert_eq!(found(&stores, "_2").await, Some(two));
}

pub async fn refuse_a_second_sign_in_of_the_same_request(stores: Stores) {
    let build = Build::new();
    let (one, twin) = (begun(&build, "_1"), begun(&build, "_1"));
    stores.begun.begin(&one).await.unwrap();
    assert!(stores.begun.begin(&twin).await.is_err());
    assert_eq!(found(&stores, "_1").await, Some(one));
}

pub async fn sweep_a_few_that_are_over_when_another_begins(stores: Stores) {
    let build = Build::new();
    let old = SWEPT_AT_ONCE + 1;
    let mut last = begun(&build, "last");
    for number in 0..old {
        last = begun(&build, &format!("old {number}"));
        stores.begun.begin(&last).await.unwrap();
    }
    let held = begun(&build, "held");
    stores.begun.begin(&held).await.unwrap();
    let next = |request: &str| BegunSignIn {
        until: last.until + BEGUN_SIGN_IN_MAX,
        ..begun(&build, request)
    };
    let over = Expired::BegunSignIns {
        over_at: last.until,
    };
    for (request, left) in [("next", 1), ("next but one", 0)] {
        stores.begun.begin(&next(request)).await.unwrap();
        let counted = stores.retention.count(over).await.unwrap();
        assert_eq!(counted, left, "{request}");
        assert!(found(&stores, request).await.is_some());
    }
    assert_eq!(found(&stores, "held").await, Some(held));
}

pub async fn delete_those_that_are_over_and_keep_the_others(stores: Stores) {
    let build = Build::new();
    let (over, held) = (begun(&build, "over"), begun(&build, "held"));
    for one in [&over, &held] {
        stores.begun.begin(one).await.unwrap();
    }
    let expired = Expired::BegunSignIns {
        over_at: over.until,
    };
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 1);
    assert_eq!(found(&stores, "over").await, None);
    assert_eq!(found(&stores, "held").await, Some(held));
}

pub async fn begin_two_at_once_while_both_sweep(stores: Stores) {
    let build = Build::new();
    for round in 0..ROUNDS {
        for number in 0..4 {
            let old = begun(&build, &format!("old {round} {number}"));
            stores.begun.begin(&old).await.unwrap();
        }
        let begin = |request: String| {
            let next = begun(&build, &request);
            let later = BegunSignIn {
                until: next.until + BEGUN_SIGN_IN_MAX,
                ..next
            };
            let stores = stores.clone();
            async move { stores.begun.begin(&later).await.is_ok() }
        };
        let one = begin(format!("one {round}"));
        let two = begin(format!("two {round}"));
        assert_eq!(at_once(one, two).await, [true, true]);
        for kept in ["one", "two"] {
            assert!(found(&stores, &format!("{kept} {round}")).await.is_some());
        }
    }
}

pub async fn let_one_of_two_of_the_same_request_begin(stores: Stores) {
    let build = Build::new();
    for round in 0..ROUNDS {
        let request = round.to_string();
        let begin = |begun: BegunSignIn| {
            let stores = stores.clone();
            async move { stores.begun.begin(&begun).await.is_ok().then_some(begun) }
        };
        let one = begin(begun(&build, &request));
        let two = begin(begun(&build, &request));
        let outcomes = at_once(one, two).await;
        let won: Vec<_> = outcomes.into_iter().flatten().collect();
        assert_eq!(won.len(), 1);
        assert_eq!(found(&stores, &request).await, won.into_iter().next());
    }
}
