//! Linking requests.

use jiff::civil::date;
use pix_orga_domain::audit::Actor;
use pix_orga_domain::reconciliation::linking::Linking;
use pix_orga_domain::reconciliation::requests::{LinkingRequest, Question, RequestState};
use pix_orga_domain::reconciliation::store::AskingRecordError;
use pix_orga_domain::store::RecordError;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::roster::{imported, rows};
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
            show_who_is_linked_now_and_hide_who_left,
            settle_a_request_once,
            find_the_request_that_waits_before_the_last,
            leave_nothing_of_a_request_whose_audit_entry_fails,
            let_one_of_two_simultaneous_requests_wait,
            let_one_of_an_approval_and_a_refusal_win,
        );
    };
}

pub async fn show_a_request_to_the_person_who_settles(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let pupil = build.pupil(&stores, &class.school, "L’Hénaff", "Zoë").await;
    let mut asking = class.asking(&build, 1, pupil.id);
    asking.request.near.push(class.near(0));
    stores.requests.record_asking(&asking).await.unwrap();
    let school = class.school.id;
    let seen = stores
        .requests
        .find(school, asking.request.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.request, asking.request);
    assert_eq!(seen.pupil.pupil_id, pupil.id);
    assert_eq!(seen.pupil.last_name, "L’Hénaff");
    assert_eq!(seen.pupil.first_name, "Zoë");
    assert_eq!(seen.pupil.divisions, pupil.signed.divisions);
    assert_eq!(seen.campaign_title, class.campaign.texts.title);
    let near: Vec<_> = seen
        .near
        .iter()
        .map(|one| (one.near, one.student.student_id))
        .collect();
    let expected = [1, 0].map(|one| (class.near(one), class.students[one].id));
    assert_eq!(near, expected);
    assert!(
        seen.near
            .iter()
            .all(|one| one.linked_to.is_none() && !one.student.linked)
    );
    assert_eq!(
        seen.near[0].student.first_name,
        class.students[1].first_name
    );
    assert_eq!(stores.requests.pending(school, 10).await.unwrap(), [seen]);
    assert_eq!(stores.requests.count_pending(school).await.unwrap(), 1);
    let last = stores.requests.last_of(school, pupil.id).await.unwrap();
    assert_eq!(last, Some(asking.request));
    assert_eq!(
        stores.audit.latest(school, 1).await.unwrap(),
        [asking.audit]
    );
}

pub async fn let_a_request_be_asked_again_with_another_date(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let second = build.campaign(&stores, &class.teacher).await;
    let question = Question {
        organization_id: class.school.id,
        pupil_id: pupil.id,
        campaign_id: second.id,
        birthdate: date(2012, 2, 29),
        near: vec![class.near(1)],
    };
    let again = LinkingRequest::ask(Some(&request), question, build.hand(Actor::Pupil(pupil.id)));
    stores.requests.record_asking(&again).await.unwrap();
    let waiting = stores.requests.pending(class.school.id, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].request, again.request);
    assert_eq!(waiting[0].request.id, request.id);
    assert_eq!(waiting[0].near[0].student.student_id, class.students[1].id);
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
    let again = |near| {
        let question = Question {
            organization_id: class.school.id,
            pupil_id: pupil.id,
            campaign_id: class.campaign.id,
            birthdate: request.birthdate,
            near,
        };
        LinkingRequest::ask(Some(&request), question, build.hand(Actor::Pupil(pupil.id)))
    };
    let (one, two) = (again(vec![]), again(vec![class.near(0)]));
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
    let shown: Vec<_> = shown
        .into_iter()
        .map(|one| (one.near.len(), one.request))
        .collect();
    assert_eq!(shown, [(1, requests[0].clone()), (1, requests[1].clone())]);
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

pub async fn show_who_is_linked_now_and_hide_who_left(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(2)).await;
    let holder = build.pupil(&stores, &class.school, "Colin", "Zoé").await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let mut asking = class.asking(&build, 0, pupil.id);
    asking.request.near.push(class.near(1));
    stores.requests.record_asking(&asking).await.unwrap();
    class.link(&build, &stores, 0, holder.id).await;
    imported(&build, &stores, class.school.id, rows(1)).await;
    let seen = stores
        .requests
        .find(class.school.id, asking.request.id)
        .await;
    let seen = seen.unwrap().unwrap();
    assert_eq!(seen.request.near, asking.request.near);
    assert_eq!(seen.near.len(), 1);
    assert_eq!(seen.near[0].student.student_id, class.students[0].id);
    assert!(seen.near[0].student.linked);
    let linked_to = seen.near[0].linked_to.as_ref().unwrap();
    assert_eq!(
        (linked_to.pupil_id, linked_to.last_name.as_str()),
        (holder.id, "Colin")
    );
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
