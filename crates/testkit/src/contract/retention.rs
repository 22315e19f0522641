//! What is past its time, the daily turn, and pupils forgotten.

use jiff::SignedDuration;
use pix_orga_domain::account::LinkPurpose;
use pix_orga_domain::audit::Action;
use pix_orga_domain::invitation::InvitationState;
use pix_orga_domain::outbox::store::TokenFate;
use pix_orga_domain::retention::Expired;
use pix_orga_domain::retention::doubt::Doubt;
use pix_orga_domain::retention::use_cases::{Daily, Retention, Run};
use pix_orga_domain::session::Subject;
use pix_orga_domain::team::Role;
use pix_orga_domain::throttle::{Counter, Rule, ThrottleKey};

use super::due_night;
use crate::build::Build;
use crate::build::roster::{morning, rows};
use crate::contract::{ROUNDS, at_once};
use crate::stores::Stores;

/// Every clause of retention.
#[macro_export]
macro_rules! retention_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, retention:
            take_the_daily_job_once_a_day,
            take_over_the_job_of_a_process_that_died,
            give_the_daily_job_to_one_of_two_at_once,
            take_the_job_that_a_clock_set_back_since_had_taken,
            forget_nothing_when_the_clock_jumped,
            delete_no_more_than_asked_at_once,
            delete_invitations_that_ended_and_keep_the_others,
            delete_mails_that_no_kept_invitation_needs,
            delete_sessions_that_are_over,
            delete_links_of_accounts_past_their_time,
            delete_the_old_lines_of_the_trail,
            delete_pupils_whom_no_list_knows,
        );
    };
}

fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

pub async fn take_the_daily_job_once_a_day(stores: Stores) {
    let (now, due) = (morning(), morning() - hours(1));
    let lease = now + hours(1);
    let retention = &stores.retention;
    let turn = retention.claim(now, lease, due).await.unwrap().unwrap();
    assert_eq!(retention.claim(now, lease, due).await.unwrap(), None);
    retention.finish(turn, now).await.unwrap();
    assert!(!retention.hold(turn, lease).await.unwrap());
    let later = now + hours(2);
    assert_eq!(
        retention.claim(later, later + hours(1), due).await.unwrap(),
        None
    );
    let tomorrow = now + hours(24);
    let next = retention.claim(tomorrow, tomorrow + hours(1), due + hours(24));
    assert_ne!(next.await.unwrap(), Some(turn));
}

pub async fn take_over_the_job_of_a_process_that_died(stores: Stores) {
    let (now, due) = (morning(), morning() - hours(1));
    let retention = &stores.retention;
    let dead = retention
        .claim(now, now + hours(1), due)
        .await
        .unwrap()
        .unwrap();
    let over = now + hours(1);
    assert!(retention.hold(dead, over).await.unwrap());
    let alive = retention
        .claim(over, over + hours(1), due)
        .await
        .unwrap()
        .unwrap();
    assert_ne!(alive, dead);
    assert!(!retention.hold(dead, over + hours(2)).await.unwrap());
    retention.finish(dead, over).await.unwrap();
    assert!(retention.hold(alive, over + hours(2)).await.unwrap());
}

pub async fn give_the_daily_job_to_one_of_two_at_once(stores: Stores) {
    for round in 0..ROUNDS {
        let now = morning() + hours(24 * i64::from(round));
        let (one, two) = (stores.clone(), stores.clone());
        let claim = |stores: Stores| async move {
            let claimed = stores.retention.claim(now, now + hours(1), now).await;
            claimed.unwrap()
        };
        let turns = at_once(claim(one), claim(two)).await;
        let [turn] = turns.into_iter().flatten().collect::<Vec<_>>()[..] else {
            panic!("one takes it");
        };
        stores.retention.finish(turn, now).await.unwrap();
    }
}

pub async fn take_the_job_that_a_clock_set_back_since_had_taken(stores: Stores) {
    let (now, due) = (morning(), morning() - hours(1));
    let retention = &stores.retention;
    let in_a_year = now + hours(365 * 24);
    let ahead = retention.claim(in_a_year, in_a_year + hours(1), due);
    let ahead = ahead.await.unwrap().unwrap();
    let turn = retention.claim(now, now + hours(1), due).await.unwrap();
    assert!(turn.is_some_and(|turn| turn != ahead));
    assert!(!retention.hold(ahead, in_a_year).await.unwrap());
}

/// Ahead: a year's names would go. Back: the job would wait for a year. Apart: one of the two is wrong.
pub async fn forget_nothing_when_the_clock_jumped(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await.id;
    let kept = async |stores: &Stores| stores.audit.latest(school, 10).await.unwrap().len();
    let now = morning();
    let at = |now| due_night::retention(&stores, &build, now);
    due_night::nightly(&at(now)).await.unwrap();
    assert_eq!(stores.retention.last_done().await.unwrap(), Some(now));
    let before = kept(&stores).await;
    let (ahead, back) = (now + hours(400 * 24), now - hours(400 * 24));
    let long_ago = Doubt::LastTurnLongAgo { last: now };
    let to_come = Doubt::LastTurnToCome { last: now };
    for (jumped, doubt) in [(ahead, long_ago), (back, to_come)] {
        let retention = at(jumped);
        assert_eq!(retention.doubt().await.unwrap(), Some(doubt));
        assert_eq!(retention.run_daily().await.unwrap(), Daily::Doubted(doubt));
        assert_eq!(retention.run(false).await.unwrap(), Run::Doubted(doubt));
        retention.sweep_imports().await.unwrap();
    }
    let apart = Retention {
        vitals: at(now + hours(1)).vitals,
        ..at(now)
    };
    let database = now + hours(1);
    let doubted = Daily::Doubted(Doubt::ClocksApart { database });
    assert_eq!(apart.run_daily().await.unwrap(), doubted);
    assert_eq!(kept(&stores).await, before, "nothing went");
    assert_eq!(stores.retention.last_done().await.unwrap(), Some(now));
    // An operator who looked at the clock vouches for it; from then on, the nights go on by themselves.
    assert!(matches!(at(ahead).run(true).await.unwrap(), Run::Done(_)));
    assert!(kept(&stores).await < before, "past its year, it went");
    assert_eq!(at(ahead).doubt().await.unwrap(), None);
    assert!(due_night::nightly(&at(ahead + hours(24))).await.is_some());
}

pub async fn delete_no_more_than_asked_at_once(stores: Stores) {
    let build = Build::new();
    let counter = Counter {
        key: ThrottleKey::of("contract", "a"),
        rule: Rule::AtMost {
            count: 5,
            window: hours(1),
        },
    };
    let at = build.now();
    for _ in 0..5 {
        stores.throttle.count(&[counter], at).await.unwrap();
    }
    let expired = Expired::Tries {
        before: at + hours(1),
    };
    assert_eq!(stores.retention.count(expired).await.unwrap(), 5);
    for deleted in [2, 2, 1, 0] {
        let done = stores.retention.delete(expired, 2).await.unwrap();
        assert_eq!(done, deleted);
    }
}

pub async fn delete_invitations_that_ended_and_keep_the_others(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let head = build.administrator(&stores, &school).await;
    let (kept, cancelled) = (
        build.colleague(&head, &build.email(), Role::Member),
        build.colleague(&head, &build.email(), Role::Member),
    );
    for sending in [&kept, &cancelled] {
        stores.invitations.record_sending(sending).await.unwrap();
    }
    let now = build.now();
    let cancellation = cancelled.invitation.cancel(
        pix_orga_domain::audit::Actor::Account(head.account.id),
        build.chance.as_ref(),
        now,
    );
    stores
        .invitations
        .record_cancellation(&cancellation.unwrap())
        .await
        .unwrap();
    let ended = |ended_before| Expired::Invitations { ended_before };
    let retention = &stores.retention;
    // The one that made the administrator was accepted before.
    assert_eq!(retention.delete(ended(now), 10).await.unwrap(), 1);
    let found = |sending: &pix_orga_domain::invitation::sending::Sending| {
        let (stores, token) = (stores.clone(), sending.token);
        async move { stores.invitations.find_by_token(&token).await.unwrap() }
    };
    assert!(found(&cancelled).await.is_some());
    let soon = now + SignedDuration::from_secs(1);
    assert_eq!(retention.delete(ended(soon), 10).await.unwrap(), 1);
    assert_eq!(found(&cancelled).await, None);
    let (invitation, _) = found(&kept).await.unwrap();
    assert_eq!(invitation.state, InvitationState::Pending);
    let past = invitation.expires_at + SignedDuration::from_secs(1);
    assert_eq!(retention.delete(ended(past), 10).await.unwrap(), 1);
    assert_eq!(found(&kept).await, None);
}

pub async fn delete_mails_that_no_kept_invitation_needs(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let sending = build.establishment(&school);
    stores.invitations.record_sending(&sending).await.unwrap();
    let account = build
        .administrator(&stores, &build.school(&stores).await)
        .await
        .account;
    let issue = build.link(&account, LinkPurpose::ResetPassword);
    stores.accounts.record_link(&issue).await.unwrap();
    let before = stores.outbox.latest(100).await.unwrap().len();
    let at = build.now();
    for mail in [sending.mail.id, issue.mail.id] {
        let outbox = &stores.outbox;
        outbox
            .record_sent(mail, at, TokenFate::Erase)
            .await
            .unwrap();
    }
    let settled = Expired::Mails {
        settled_before: at + hours(1),
    };
    assert_eq!(stores.retention.delete(settled, 10).await.unwrap(), 1);
    let ended = Expired::Invitations {
        ended_before: sending.invitation.expires_at + hours(1),
    };
    assert!(stores.retention.delete(ended, 10).await.unwrap() >= 1);
    assert_eq!(stores.retention.delete(settled, 10).await.unwrap(), 1);
    let left = stores.outbox.latest(100).await.unwrap();
    assert_eq!(left.len(), before - 2);
    assert!(left.iter().all(|(mail, _)| mail.id != issue.mail.id));
}

pub async fn delete_sessions_that_are_over(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let account = build.administrator(&stores, &school).await.account;
    let mut sessions = Vec::new();
    for (ends_in, idle_for) in [(0, 0), (12, 3), (12, 0)] {
        let (mut session, _) = build.session(Subject::Account(account.id));
        session.ends_at = morning() + hours(ends_in);
        session.last_seen_at = morning() - hours(idle_for);
        stores.sessions.open(&session).await.unwrap();
        sessions.push(session);
    }
    let expired = Expired::Sessions {
        over_at: morning(),
        idle_since: morning() - hours(2),
    };
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 2);
    let mut left = Vec::new();
    for session in &sessions {
        left.push(
            stores
                .sessions
                .find(&session.token)
                .await
                .unwrap()
                .is_some(),
        );
    }
    assert_eq!(left, [false, false, true]);
}

pub async fn delete_links_of_accounts_past_their_time(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let account = build.administrator(&stores, &school).await.account;
    let issue = build.link(&account, LinkPurpose::ResetPassword);
    stores.accounts.record_link(&issue).await.unwrap();
    let expired = |expired_before| Expired::AccountLinks { expired_before };
    let ends = issue.link.expires_at;
    let retention = &stores.retention;
    assert_eq!(retention.delete(expired(ends), 10).await.unwrap(), 0);
    assert_eq!(
        retention
            .delete(expired(ends + hours(1)), 10)
            .await
            .unwrap(),
        1
    );
    let token = issue.link.token;
    let found = stores
        .accounts
        .find_link(&token, LinkPurpose::ResetPassword);
    assert!(found.await.unwrap().is_none());
}

pub async fn delete_the_old_lines_of_the_trail(stores: Stores) {
    let build = Build::new();
    let school = build.school(&stores).await;
    let before = build.now();
    build
        .change_school(&stores, school.id, Action::AddressConfirmed)
        .await;
    let expired = Expired::AuditEntries { before };
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 1);
    let left = stores.audit.latest(school.id, 10).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].action, Action::AddressConfirmed);
}

pub async fn delete_pupils_whom_no_list_knows(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let linked = build.pupil(&stores, &class.school, "Martin", "Un").await;
    let unknown = build.pupil(&stores, &class.school, "Martin", "Deux").await;
    class.link(&build, &stores, 0, linked.id).await;
    class.ask(&build, &stores, 1, unknown.id).await;
    let recent = build.pupil(&stores, &class.school, "Martin", "Trois").await;
    let expired = Expired::PupilAccounts {
        unseen_since: recent.signed_in_at,
    };
    assert_eq!(stores.retention.count(expired).await.unwrap(), 1);
    assert_eq!(stores.retention.delete(expired, 10).await.unwrap(), 1);
    let known = async |pupil| stores.pupils.find(pupil).await.unwrap().is_some();
    assert!(known(linked.id).await);
    assert!(known(recent.id).await);
    assert!(!known(unknown.id).await);
    let waiting = stores
        .requests
        .count_pending(class.school.id)
        .await
        .unwrap();
    assert_eq!(waiting, 0);
}
