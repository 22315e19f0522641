//! Linking requests.

use jiff::civil::date;
use pix_orga_domain::audit::Actor;
use pix_orga_domain::reconciliation::decision::{Decision, Designated, Rule};
use pix_orga_domain::reconciliation::evidence::{Level, Levels};
use pix_orga_domain::reconciliation::linking::Linking;
use pix_orga_domain::reconciliation::requests::{LinkingRequest, Question, RequestState};
use pix_orga_domain::reconciliation::store::{AskingRecordError, LinkRecordError};
use pix_orga_domain::store::RecordError;

use super::judging::to_check;
use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::roster::rows;
use crate::stores::Stores;

/// Every clause of linking requests.
#[macro_export]
macro_rules! request_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, request:
            show_a_request_to_the_person_who_settles,
            let_a_request_be_asked_again_with_another_date,
            refuse_a_second_request_that_waits,
            refuse_a_request_decided_on_an_older_revision,
            list_requests_that_wait_the_oldest_first,
            find_no_request_by_another_school_s_id,
            show_whose_account_is_linked_to_each_student,
            settle_a_request_once,
            find_the_request_that_waits_before_the_last,
            leave_nothing_of_a_request_whose_audit_entry_fails,
            let_one_of_two_simultaneous_requests_wait,
            let_one_of_an_approval_and_a_refusal_win,
            let_no_request_wait_of_an_account_that_is_linked,
            let_one_of_a_link_and_a_request_come_first,
        );
    };
}

pub async fn show_a_request_to_the_person_who_settles(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let pupil = build.pupil(&stores, &class.school, "L’Hénaff", "Zoë").await;
    let asking = class.asking(&build, 1, pupil.id);
    stores.requests.record_asking(&asking).await.unwrap();
    let school = class.school.id;
    let seen = stores.requests.find(school, asking.request.id).await;
    let seen = seen.unwrap().unwrap();
    assert_eq!(seen.request, asking.request);
    assert_eq!(seen.pupil.pupil_id, pupil.id);
    assert_eq!(seen.pupil.last_name, "L’Hénaff");
    assert_eq!(seen.pupil.first_name, "Zoë");
    assert_eq!(seen.pupil.divisions, pupil.signed.divisions);
    assert_eq!(seen.pupil.signed_in_at, pupil.signed_in_at);
    assert_eq!(seen.campaign_title, class.campaign.texts.title);
    assert!(!seen.campaign_archived);
    assert_eq!(stores.requests.pending(school, 10).await.unwrap(), [seen]);
    assert_eq!(stores.requests.count_pending(school).await.unwrap(), 1);
    let last = stores.requests.last_of(school, pupil.id).await.unwrap();
    assert_eq!(last, Some(asking.request.clone()));
    assert_eq!(
        stores.audit.latest(school, 1).await.unwrap(),
        [asking.audit]
    );
    let (chance, now) = (build.chance.as_ref(), build.now());
    let archive = class.campaign.archive(&class.teacher, chance, now);
    let archive = archive.unwrap().unwrap();
    stores.campaigns.record(&archive).await.unwrap();
    let seen = stores.requests.find(school, asking.request.id).await;
    assert!(seen.unwrap().unwrap().campaign_archived);
}

pub async fn let_a_request_be_asked_again_with_another_date(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    assert!(!request.exact_when_asked);
    let second = build.campaign(&stores, &class.teacher).await;
    let exact = Designated {
        student_id: class.students[1].id,
        rule: Rule::Exact,
        levels: Levels {
            first_name: Level::Same,
            ..class.near(1).levels
        },
    };
    let question = Question {
        campaign_id: second.id,
        birthdate: date(2012, 2, 29),
        decision: Decision::Link(exact),
        ..class.question(&[1], pupil.id)
    };
    let again = LinkingRequest::ask(Some(&request), question, build.hand(Actor::Pupil(pupil.id)));
    assert!(again.request.exact_when_asked);
    stores.requests.record_asking(&again).await.unwrap();
    let waiting = stores.requests.pending(class.school.id, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].request, again.request);
    assert_eq!(waiting[0].request.id, request.id);
    assert_eq!(to_check(&stores, &class).await, [class.students[1].id]);
}

pub async fn refuse_a_second_request_that_waits(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let refused = stores
        .requests
        .record_asking(&class.asking(&build, 0, pupil.id))
        .await;
    assert!(matches!(refused, Err(AskingRecordError::AlreadyPending)));
    let waiting = stores.requests.pending(class.school.id, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].request, request);
    let other = build.class(&stores, rows(1)).await;
    other.ask(&build, &stores, 0, pupil.id).await;
}

pub async fn refuse_a_request_decided_on_an_older_revision(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let again = || {
        let question = class.question(&[0], pupil.id);
        LinkingRequest::ask(Some(&request), question, build.hand(Actor::Pupil(pupil.id)))
    };
    let (one, two) = (again(), again());
    stores.requests.record_asking(&one).await.unwrap();
    let refused = stores.requests.record_asking(&two).await;
    assert!(matches!(refused, Err(AskingRecordError::Stale)));
    let (teacher, hand) = (class.teacher.account.id, build.hand(Actor::Operator));
    let dismissal = request.refuse(teacher, hand).unwrap();
    let refused = stores.requests.record_dismissal(&dismissal).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    let found = stores
        .requests
        .last_of(class.school.id, pupil.id)
        .await
        .unwrap();
    assert_eq!(found, Some(one.request));
}

pub async fn list_requests_that_wait_the_oldest_first(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(4)).await;
    let mut requests = Vec::new();
    for student in 0..4 {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        requests.push(class.ask(&build, &stores, student, pupil.id).await);
    }
    let (teacher, hand) = (class.teacher.account.id, build.hand(Actor::Operator));
    let dismissal = requests.remove(1).refuse(teacher, hand).unwrap();
    stores.requests.record_dismissal(&dismissal).await.unwrap();
    let school = class.school.id;
    let shown = stores.requests.pending(school, 2).await.unwrap();
    let shown: Vec<_> = shown.into_iter().map(|one| one.request).collect();
    assert_eq!(shown, requests[..2]);
    assert_eq!(stores.requests.pending(school, 10).await.unwrap().len(), 3);
    assert_eq!(stores.requests.count_pending(school).await.unwrap(), 3);
}

pub async fn find_no_request_by_another_school_s_id(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let other = build.school(&stores).await.id;
    assert_eq!(stores.requests.find(other, request.id).await.unwrap(), None);
    assert_eq!(
        stores.requests.last_of(other, pupil.id).await.unwrap(),
        None
    );
    assert_eq!(stores.requests.pending(other, 10).await.unwrap(), []);
    assert_eq!(stores.requests.count_pending(other).await.unwrap(), 0);
}

pub async fn show_whose_account_is_linked_to_each_student(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(3)).await;
    let elsewhere = build.class(&stores, rows(1)).await;
    let holder = build.pupil(&stores, &class.school, "Colin", "Zoé").await;
    let linking = class.link(&build, &stores, 1, holder.id).await;
    let other = build.pupil(&stores, &class.school, "Petit", "Léa").await;
    let ended = class.link(&build, &stores, 2, other.id).await.link;
    let unlinking = ended.end("erreur", build.hand(Actor::Operator)).unwrap();
    stores.links.record_unlinking(&unlinking).await.unwrap();
    elsewhere.link(&build, &stores, 0, other.id).await;
    let mut asked: Vec<_> = class.students.iter().map(|student| student.id).collect();
    asked.push(elsewhere.students[0].id);
    let held = stores
        .links
        .links_of_students(class.school.id, &asked)
        .await;
    let held = held.unwrap();
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].0, linking.link);
    assert_eq!(
        (held[0].1.pupil_id, held[0].1.last_name.as_str()),
        (holder.id, "Colin")
    );
    let one = stores
        .links
        .link_of_student(class.school.id, class.students[1].id);
    assert_eq!(one.await.unwrap().as_ref(), Some(&held[0]));
    let nobody = stores.links.links_of_students(class.school.id, &[]).await;
    assert_eq!(nobody.unwrap(), []);
}

pub async fn settle_a_request_once(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let school = class.school.id;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let teacher = class.teacher.account.id;
    let dismissal = request
        .refuse(teacher, build.hand(Actor::Operator))
        .unwrap();
    stores.requests.record_dismissal(&dismissal).await.unwrap();
    let seen = stores
        .requests
        .find(school, request.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.request, dismissal.settlement.request);
    assert_eq!(stores.requests.count_pending(school).await.unwrap(), 0);
    assert_eq!(
        stores.audit.latest(school, 1).await.unwrap(),
        [dismissal.audit]
    );
    let again = request
        .refuse(teacher, build.hand(Actor::Operator))
        .unwrap();
    let refused = stores.requests.record_dismissal(&again).await;
    assert!(matches!(refused, Err(RecordError::Stale)));
    class.ask(&build, &stores, 0, pupil.id).await;
}

pub async fn find_the_request_that_waits_before_the_last(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let school = class.school.id;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    assert_eq!(
        stores.requests.last_of(school, pupil.id).await.unwrap(),
        None
    );
    let mut last = None;
    for _ in 0..2 {
        let request = class.ask(&build, &stores, 0, pupil.id).await;
        let (teacher, hand) = (class.teacher.account.id, build.hand(Actor::Operator));
        let dismissal = request.refuse(teacher, hand).unwrap();
        stores.requests.record_dismissal(&dismissal).await.unwrap();
        last = Some(dismissal.settlement.request);
        let found = stores.requests.last_of(school, pupil.id).await.unwrap();
        assert_eq!(found, last);
    }
    let mut older = class.asking(&build, 0, pupil.id);
    older.request.asked_at = pupil.created_at;
    stores.requests.record_asking(&older).await.unwrap();
    let found = stores.requests.last_of(school, pupil.id).await.unwrap();
    assert_eq!(found, Some(older.request));
    assert_ne!(found, last);
}

pub async fn leave_nothing_of_a_request_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    let school = class.school.id;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let written = stores.audit.latest(school, 1).await.unwrap().remove(0);
    let mut asking = class.asking(&build, 0, pupil.id);
    asking.audit.id = written.id;
    let failed = stores.requests.record_asking(&asking).await;
    assert!(matches!(failed, Err(AskingRecordError::Failure(_))));
    assert_eq!(
        stores.requests.last_of(school, pupil.id).await.unwrap(),
        None
    );
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let (teacher, hand) = (class.teacher.account.id, build.hand(Actor::Operator));
    let mut dismissal = request.refuse(teacher, hand).unwrap();
    dismissal.audit.id = written.id;
    let failed = stores.requests.record_dismissal(&dismissal).await;
    assert!(matches!(failed, Err(RecordError::Failure(_))));
    let found = stores.requests.last_of(school, pupil.id).await.unwrap();
    assert_eq!(found, Some(request));
}

pub async fn let_one_of_two_simultaneous_requests_wait(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(1)).await;
    for _ in 0..ROUNDS {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        let one = class.asking(&build, 0, pupil.id);
        let two = class.asking(&build, 0, pupil.id);
        let (s1, s2) = (stores.requests.clone(), stores.requests.clone());
        let outcomes = at_once(async move { s1.record_asking(&one).await }, async move {
            s2.record_asking(&two).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let pending =
            |outcome: &&Result<_, _>| matches!(outcome, Err(AskingRecordError::AlreadyPending));
        assert_eq!((won, outcomes.iter().filter(pending).count()), (1, 1));
    }
}

pub async fn let_one_of_an_approval_and_a_refusal_win(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(ROUNDS)).await;
    let teacher = class.teacher.account.id;
    for student in 0..ROUNDS as usize {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        let request = class.ask(&build, &stores, student, pupil.id).await;
        let approved = request.approve(teacher, class.students[student].id, build.now());
        let linking = Linking {
            settles: Some(approved.unwrap()),
            ..class.linking(&build, student, pupil.id)
        };
        let dismissal = request
            .refuse(teacher, build.hand(Actor::Operator))
            .unwrap();
        let (links, requests) = (stores.links.clone(), stores.requests.clone());
        let outcomes = at_once(
            async move { links.record_linking(&linking).await.is_ok() },
            async move { requests.record_dismissal(&dismissal).await.is_ok() },
        )
        .await;
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
        let found = stores.requests.last_of(class.school.id, pupil.id).await;
        let state = found.unwrap().unwrap().state;
        assert_eq!(matches!(state, RequestState::Approved { .. }), outcomes[0]);
        let link = stores
            .links
            .link_of_pupil(class.school.id, pupil.id)
            .await
            .unwrap();
        assert_eq!(link.is_some(), outcomes[0]);
    }
}

/// Neither is written over the other: who asks is not linked, and who is linked does not ask.
pub async fn let_no_request_wait_of_an_account_that_is_linked(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let school = class.school.id;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let unsettled = class.linking(&build, 0, pupil.id);
    let refused = stores.links.record_linking(&unsettled).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));
    let settled = Linking {
        settles: request.overtaken(build.now()),
        ..class.linking(&build, 0, pupil.id)
    };
    stores.links.record_linking(&settled).await.unwrap();
    let late = class.asking(&build, 0, pupil.id);
    let refused = stores.requests.record_asking(&late).await;
    assert!(matches!(refused, Err(AskingRecordError::Stale)));
    assert_eq!(stores.requests.count_pending(school).await.unwrap(), 0);
    // Moved: the account it goes to has a request that must be settled with it.
    let other = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, other.id).await;
    let hand = build.hand(Actor::Account(class.administrator.account.id));
    let mut moved = settled.link.move_to(other.id, hand).unwrap();
    let refused = stores.links.record_move(&moved).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));
    moved.settles = request.overtaken(build.now());
    stores.links.record_move(&moved).await.unwrap();
    assert_eq!(stores.requests.count_pending(school).await.unwrap(), 0);
}

pub async fn let_one_of_a_link_and_a_request_come_first(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(ROUNDS)).await;
    let school = class.school.id;
    for student in 0..ROUNDS as usize {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        let linking = class.linking(&build, student, pupil.id);
        let asking = class.asking(&build, student, pupil.id);
        let (links, requests) = (stores.links.clone(), stores.requests.clone());
        let outcomes = at_once(
            async move { links.record_linking(&linking).await.is_ok() },
            async move { requests.record_asking(&asking).await.is_ok() },
        )
        .await;
        assert_eq!(outcomes.iter().filter(|won| **won).count(), 1);
        let link = stores.links.link_of_pupil(school, pupil.id).await.unwrap();
        let asked = stores.requests.last_of(school, pupil.id).await.unwrap();
        assert_eq!([link.is_some(), asked.is_some()], outcomes);
    }
}
