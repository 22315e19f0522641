//! Pupils' accounts and their sign-ins.

use jiff::SignedDuration;
use pix_orga_domain::pupil::sign_in::{FederatedIdentity, SpentProof};
use pix_orga_domain::pupil::store::SignInRecordError;
use pix_orga_domain::pupil::{IDO_CHARS_MAX, Ido};
use pix_orga_domain::retention::Expired;
use pix_orga_domain::session::Subject;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::stores::Stores;

/// Every clause of pupils' accounts.
#[macro_export]
macro_rules! pupil_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, pupil:
            create_then_refresh_an_account_with_its_sessions,
            compare_identifiers_exactly,
            refuse_a_second_account_with_the_same_identifier,
            refuse_a_sign_in_decided_on_an_older_revision,
            refuse_what_was_used_before_and_leave_nothing,
            end_the_session_that_the_browser_had,
            forget_only_what_can_no_longer_be_used,
            let_one_of_two_first_sign_ins_win,
            let_one_of_two_uses_of_a_ticket_win,
        );
    };
}

pub async fn create_then_refresh_an_account_with_its_sessions(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let identity = build.identity(&school, "L’Hénaff-Œuvrard", "Zoë \"Zo\"");
    let first = build.sign_in(None, &identity);
    assert_eq!(stores.pupils.find(first.account.id).await.unwrap(), None);
    stores.pupils.record_sign_in(&first).await.unwrap();
    let found = stores.pupils.find_by_ido(&identity.ido).await.unwrap();
    assert_eq!(found.as_ref(), Some(&first.account));
    let session = stores.sessions.find(&first.session.token).await.unwrap();
    assert_eq!(session, Some(first.session.clone()));
    assert_eq!(first.session.subject, Subject::Pupil(first.account.id));

    let elsewhere = FederatedIdentity {
        uais: vec!["?".to_owned(), String::new(), school.uai.to_string()],
        divisions: Vec::new(),
        last_name: "Œuvrard".to_owned(),
        ..identity
    };
    let second = build.sign_in(found.as_ref(), &elsewhere);
    stores.pupils.record_sign_in(&second).await.unwrap();
    let found = stores.pupils.find(first.account.id).await.unwrap();
    assert_eq!(found, Some(second.account));
    for session in [first.session, second.session] {
        let found = stores.sessions.find(&session.token).await.unwrap();
        assert_eq!(found, Some(session));
    }
}

pub async fn compare_identifiers_exactly(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let identity = build.identity(&school, "A", "B");
    let signed_in = build.sign_in(None, &identity);
    stores.pupils.record_sign_in(&signed_in).await.unwrap();
    let exact = identity.ido.expose();
    for other in [
        exact.to_uppercase(),
        format!("{exact}."),
        format!("{exact}é"),
    ] {
        let other = Ido::parse(&other).unwrap();
        assert_eq!(stores.pupils.find_by_ido(&other).await.unwrap(), None);
    }
    let upper = FederatedIdentity {
        ido: Ido::parse(&exact.to_uppercase()).unwrap(),
        ..identity
    };
    let other = build.sign_in(None, &upper);
    stores.pupils.record_sign_in(&other).await.unwrap();
    assert_ne!(other.account.id, signed_in.account.id);

    let longest = |last: &str| Ido::parse(&("é".repeat(IDO_CHARS_MAX - 1) + last)).unwrap();
    let longest_one = FederatedIdentity {
        ido: longest("a"),
        ..upper
    };
    let long = build.sign_in(None, &longest_one);
    stores.pupils.record_sign_in(&long).await.unwrap();
    let found = stores.pupils.find_by_ido(&longest("a")).await.unwrap();
    assert_eq!(found.map(|account| account.id), Some(long.account.id));
    assert_eq!(
        stores.pupils.find_by_ido(&longest("b")).await.unwrap(),
        None
    );
}

pub async fn refuse_a_second_account_with_the_same_identifier(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let identity = build.identity(&school, "A", "B");
    let (one, two) = (
        build.sign_in(None, &identity),
        build.sign_in(None, &identity),
    );
    stores.pupils.record_sign_in(&one).await.unwrap();
    let refused = stores.pupils.record_sign_in(&two).await;
    assert!(matches!(refused, Err(SignInRecordError::IdoTaken)));
    assert_eq!(stores.pupils.find(two.account.id).await.unwrap(), None);
    assert_eq!(
        stores.sessions.find(&two.session.token).await.unwrap(),
        None
    );
}

pub async fn refuse_a_sign_in_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let identity = build.identity(&school, "A", "B");
    let pupil = build.sign_in(None, &identity);
    stores.pupils.record_sign_in(&pupil).await.unwrap();
    let renamed = FederatedIdentity {
        last_name: "C".to_owned(),
        ..identity.clone()
    };
    let one = build.sign_in(Some(&pupil.account), &identity);
    let two = build.sign_in(Some(&pupil.account), &renamed);
    stores.pupils.record_sign_in(&one).await.unwrap();
    let refused = stores.pupils.record_sign_in(&two).await;
    assert!(matches!(refused, Err(SignInRecordError::Stale)));
    let found = stores.pupils.find(pupil.account.id).await.unwrap();
    assert_eq!(found, Some(one.account));
    assert_eq!(
        stores.sessions.find(&two.session.token).await.unwrap(),
        None
    );
}

pub async fn refuse_what_was_used_before_and_leave_nothing(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let ticket = SpentProof::of("ticket", "one", build.now());
    let other = SpentProof::of("ticket", "two", build.now());
    let mut first = build.sign_in(None, &build.identity(&school, "A", "B"));
    first.spent = vec![ticket];
    stores.pupils.record_sign_in(&first).await.unwrap();
    let mut second = build.sign_in(None, &build.identity(&school, "C", "D"));
    second.spent = vec![other, ticket];
    second.replaces = Some(first.session.token);
    let refused = stores.pupils.record_sign_in(&second).await;
    assert!(matches!(refused, Err(SignInRecordError::ProofSpent)));
    assert_eq!(stores.pupils.find(second.account.id).await.unwrap(), None);
    assert_eq!(
        stores.sessions.find(&second.session.token).await.unwrap(),
        None
    );
    let kept = stores.sessions.find(&first.session.token).await.unwrap();
    assert_eq!(kept, Some(first.session));
    second.spent = vec![other];
    stores.pupils.record_sign_in(&second).await.unwrap();
}

pub async fn end_the_session_that_the_browser_had(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let former = build.sign_in(None, &build.identity(&school, "A", "B"));
    let bystander = build.sign_in(None, &build.identity(&school, "C", "D"));
    for signed_in in [&former, &bystander] {
        stores.pupils.record_sign_in(signed_in).await.unwrap();
    }
    let mut next = build.sign_in(None, &build.identity(&school, "E", "F"));
    next.replaces = Some(former.session.token);
    stores.pupils.record_sign_in(&next).await.unwrap();
    assert_eq!(
        stores.sessions.find(&former.session.token).await.unwrap(),
        None
    );
    for signed_in in [bystander, next] {
        let found = stores
            .sessions
            .find(&signed_in.session.token)
            .await
            .unwrap();
        assert_eq!(found, Some(signed_in.session));
    }
}

pub async fn forget_only_what_can_no_longer_be_used(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let soon = build.now();
    let later = soon.saturating_add(SignedDuration::from_secs(1)).unwrap();
    let (old, new) = (
        SpentProof::of("ticket", "old", soon),
        SpentProof::of("ticket", "new", later),
    );
    let mut first = build.sign_in(None, &build.identity(&school, "A", "B"));
    first.spent = vec![old, new];
    stores.pupils.record_sign_in(&first).await.unwrap();
    let expired = Expired::SpentProofs {
        usable_before: later,
    };
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 1);
    let mut again = build.sign_in(None, &build.identity(&school, "C", "D"));
    again.spent = vec![new];
    let refused = stores.pupils.record_sign_in(&again).await;
    assert!(matches!(refused, Err(SignInRecordError::ProofSpent)));
    again.spent = vec![old];
    stores.pupils.record_sign_in(&again).await.unwrap();
}

pub async fn let_one_of_two_first_sign_ins_win(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for _ in 0..ROUNDS {
        let identity = build.identity(&school, "A", "B");
        let (one, two) = (
            build.sign_in(None, &identity),
            build.sign_in(None, &identity),
        );
        let (s1, s2) = (stores.pupils.clone(), stores.pupils.clone());
        let outcomes = at_once(async move { s1.record_sign_in(&one).await }, async move {
            s2.record_sign_in(&two).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let taken = |outcome: &&Result<_, _>| matches!(outcome, Err(SignInRecordError::IdoTaken));
        assert_eq!((won, outcomes.iter().filter(taken).count()), (1, 1));
    }
}

pub async fn let_one_of_two_uses_of_a_ticket_win(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    for round in 0..ROUNDS {
        let ticket = SpentProof::of("ticket", &round.to_string(), build.now());
        let mut one = build.sign_in(None, &build.identity(&school, "A", "B"));
        let mut two = build.sign_in(None, &build.identity(&school, "A", "B"));
        one.spent = vec![ticket];
        two.spent = vec![ticket];
        let (s1, s2) = (stores.pupils.clone(), stores.pupils.clone());
        let outcomes = at_once(async move { s1.record_sign_in(&one).await }, async move {
            s2.record_sign_in(&two).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let spent = |outcome: &&Result<_, _>| matches!(outcome, Err(SignInRecordError::ProofSpent));
        assert_eq!((won, outcomes.iter().filter(spent).count()), (1, 1));
    }
}
