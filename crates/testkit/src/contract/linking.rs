//! Links between pupils' accounts and students, and the tries that lead to them.

use pix_orga_domain::audit::{Action, Actor};
use pix_orga_domain::reconciliation::linking::{Linking, StudentLink};
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::reconciliation::store::LinkRecordError;
use pix_orga_domain::reconciliation::tries::Tries;
use pix_orga_domain::store::Revision;

use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::{TODAY, imported, row, rows};
use crate::stores::Stores;

/// Every clause of links.
#[macro_export]
macro_rules! linking_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, linking:
            link_with_all_that_comes_in_one_write,
            refuse_a_student_linked_to_another_account,
            refuse_an_account_linked_to_another_student_of_the_school,
            link_an_account_once_in_each_of_two_schools,
            refuse_a_link_decided_on_an_older_roster,
            leave_nothing_of_a_link_whose_try_request_or_audit_fails,
            end_a_link_once_and_link_again,
            move_a_link_with_what_was_entered,
            refuse_to_move_a_link_that_ended_or_to_a_linked_account,
            let_one_of_two_identities_have_the_student,
            let_one_of_two_students_have_the_identity,
            let_one_of_a_move_and_an_unlinking_win,
            close_the_undoing_of_the_last_import,
        );
    };
}

async fn class(build: &Build, stores: &Stores, count: u32) -> Class {
    build.class(stores, rows(count)).await
}

async fn link_of(stores: &Stores, class: &Class, student: usize) -> Option<StudentLink> {
    let student = class.students[student].id;
    let found = stores.links.link_of_student(class.school.id, student).await;
    found.unwrap().map(|(link, _)| link)
}

pub async fn link_with_all_that_comes_in_one_write(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 2).await;
    let pupil = build.pupil(&stores, &class.school, "L’Hénaff", "Zoë").await;
    let request = class.ask(&build, &stores, 1, pupil.id).await;
    let linking = Linking {
        participation: Some(class.participation(&build, pupil.id)),
        counted: Some(Tries::default().next(pupil.id, class.school.id, false, build.now())),
        settles: request.overtaken(build.now()),
        ..class.linking(&build, 0, pupil.id)
    };
    stores.links.record_linking(&linking).await.unwrap();

    let school = class.school.id;
    let link = stores.links.link_of_pupil(school, pupil.id).await.unwrap();
    assert_eq!(link, Some(linking.link));
    let student = class.students[0].id;
    let (link, identity) = stores
        .links
        .link_of_student(school, student)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(link, linking.link);
    assert_eq!(identity.pupil_id, pupil.id);
    assert_eq!(identity.last_name, "L’Hénaff");
    assert_eq!(identity.first_name, "Zoë");
    assert_eq!(identity.divisions, pupil.signed.divisions);
    assert_eq!(identity.signed_in_at, pupil.signed_in_at);
    assert_eq!(class.participants(&stores, 0, 10).await.total, 1);
    let so_far = stores
        .links
        .tries(pupil.id, pupil.created_at)
        .await
        .unwrap();
    assert_eq!((so_far.made, so_far.missed, so_far.missed_today), (1, 0, 0));
    let settled = stores
        .requests
        .find(school, request.id)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(
        settled.request.state,
        RequestState::Overtaken { .. }
    ));
    let trail = stores.audit.latest(school, 1).await.unwrap();
    assert_eq!(trail, [linking.audit]);
    assert_eq!(link_of(&stores, &class, 1).await, None);
}

pub async fn refuse_a_student_linked_to_another_account(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let one = build.pupil(&stores, &class.school, "A", "B").await;
    let two = build.pupil(&stores, &class.school, "A", "B").await;
    let first = class.link(&build, &stores, 0, one.id).await;
    let refused = stores
        .links
        .record_linking(&class.linking(&build, 0, two.id))
        .await;
    assert!(matches!(refused, Err(LinkRecordError::StudentTaken)));
    assert_eq!(link_of(&stores, &class, 0).await, Some(first.link));
    let none = stores
        .links
        .link_of_pupil(class.school.id, two.id)
        .await
        .unwrap();
    assert_eq!(none, None);
    assert_eq!(
        stores.audit.latest(class.school.id, 1).await.unwrap(),
        [first.audit]
    );
}

pub async fn refuse_an_account_linked_to_another_student_of_the_school(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 2).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let first = class.link(&build, &stores, 0, pupil.id).await;
    let refused = stores
        .links
        .record_linking(&class.linking(&build, 1, pupil.id))
        .await;
    assert!(matches!(refused, Err(LinkRecordError::PupilTaken)));
    let link = stores
        .links
        .link_of_pupil(class.school.id, pupil.id)
        .await
        .unwrap();
    assert_eq!(link, Some(first.link));
    assert_eq!(link_of(&stores, &class, 1).await, None);
}

pub async fn link_an_account_once_in_each_of_two_schools(stores: Stores) {
    let build = Build::new();
    let (here, there) = (
        class(&build, &stores, 1).await,
        class(&build, &stores, 1).await,
    );
    let pupil = build.pupil(&stores, &here.school, "A", "B").await;
    for class in [&here, &there] {
        let linking = class.link(&build, &stores, 0, pupil.id).await;
        let link = stores
            .links
            .link_of_pupil(class.school.id, pupil.id)
            .await
            .unwrap();
        assert_eq!(link, Some(linking.link));
    }
    let student = here.students[0].id;
    let found = stores
        .links
        .link_of_student(there.school.id, student)
        .await
        .unwrap();
    assert_eq!(found, None);
}

pub async fn refuse_a_link_decided_on_an_older_roster(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 2).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let linking = class.linking(&build, 1, pupil.id);
    imported(&build, &stores, class.school.id, rows(1)).await;
    let refused = stores.links.record_linking(&linking).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));
    assert_eq!(link_of(&stores, &class, 1).await, None);
    let again = Linking {
        roster: class.roster.next(),
        ..class.linking(&build, 0, pupil.id)
    };
    stores.links.record_linking(&again).await.unwrap();
}

pub async fn leave_nothing_of_a_link_whose_try_request_or_audit_fails(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let school = class.school.id;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let written = stores.audit.latest(school, 1).await.unwrap().remove(0);
    let before = Tries::default();
    let missed = before.next(pupil.id, school, true, build.now());
    stores.links.record_miss(&missed).await.unwrap();

    let base = Linking {
        participation: Some(class.participation(&build, pupil.id)),
        ..class.linking(&build, 0, pupil.id)
    };
    let rank_taken = Linking {
        counted: Some(missed),
        settles: request.overtaken(build.now()),
        ..base.clone()
    };
    let refused = stores.links.record_linking(&rank_taken).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));

    let mut settlement = request.overtaken(build.now()).unwrap();
    settlement.expected = Revision(7);
    let settled_since = Linking {
        settles: Some(settlement),
        ..base.clone()
    };
    let refused = stores.links.record_linking(&settled_since).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));

    let mut audited_twice = Linking {
        settles: request.overtaken(build.now()),
        ..base
    };
    audited_twice.audit.id = written.id;
    let failed = stores.links.record_linking(&audited_twice).await;
    assert!(matches!(failed, Err(LinkRecordError::Failure(_))));

    assert_eq!(link_of(&stores, &class, 0).await, None);
    assert_eq!(stores.campaigns.entered_by(pupil.id, 1).await.unwrap(), []);
    let found = stores
        .requests
        .find(school, request.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.request, request);
    let so_far = stores
        .links
        .tries(pupil.id, pupil.created_at)
        .await
        .unwrap();
    assert_eq!(so_far.made, 1);
}

pub async fn end_a_link_once_and_link_again(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let linking = class.link(&build, &stores, 0, pupil.id).await;
    let end = |reason| {
        linking
            .link
            .end(reason, build.hand(Actor::Operator))
            .unwrap()
    };
    let unlinking = end("Mauvais élève");
    stores.links.record_unlinking(&unlinking).await.unwrap();
    assert_eq!(link_of(&stores, &class, 0).await, None);
    let none = stores
        .links
        .link_of_pupil(class.school.id, pupil.id)
        .await
        .unwrap();
    assert_eq!(none, None);
    let trail = stores.audit.latest(class.school.id, 1).await.unwrap();
    assert_eq!(trail, [unlinking.audit]);
    let refused = stores.links.record_unlinking(&end("Encore")).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));
    let again = class.link(&build, &stores, 0, pupil.id).await;
    assert_eq!(link_of(&stores, &class, 0).await, Some(again.link));
}

pub async fn move_a_link_with_what_was_entered(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 1).await;
    let school = class.school.id;
    let second = build.campaign(&stores, &class.teacher).await;
    let elsewhere = build.class(&stores, rows(1)).await;
    let former = build.pupil(&stores, &class.school, "A", "B").await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let linking = class.link(&build, &stores, 0, former.id).await;
    let request = class.ask(&build, &stores, 0, pupil.id).await;
    let first = class.participation(&build, former.id);
    let mut own = class.participation(&build, former.id);
    own.campaign_id = second.id;
    let mut later = own.clone();
    later.pupil_id = pupil.id;
    later.entered_at = build.now();
    let abroad = elsewhere.participation(&build, former.id);
    for entered in [&first, &own, &later, &abroad] {
        stores
            .campaigns
            .record_participation(entered)
            .await
            .unwrap();
    }

    let mut moved = linking
        .link
        .move_to(pupil.id, build.hand(Actor::Operator))
        .unwrap();
    let (by, at) = (class.teacher.account.id, build.now());
    moved.settles = Some(request.approve(by, class.students[0].id, at).unwrap());
    stores.links.record_move(&moved).await.unwrap();

    assert_eq!(link_of(&stores, &class, 0).await, Some(moved.link));
    assert_eq!(moved.link.moved_from, Some(former.id));
    let none = stores.links.link_of_pupil(school, former.id).await.unwrap();
    assert_eq!(none, None);
    let entered = stores.campaigns.entered_by(pupil.id, 10).await.unwrap();
    let entered: Vec<_> = entered
        .iter()
        .map(|one| (one.campaign.id, one.entered_at))
        .collect();
    assert_eq!(
        entered,
        [
            (second.id, own.entered_at),
            (class.campaign.id, first.entered_at)
        ]
    );
    let left = stores.campaigns.entered_by(former.id, 10).await.unwrap();
    let left: Vec<_> = left.iter().map(|one| one.campaign.id).collect();
    assert_eq!(left, [elsewhere.campaign.id]);
    let settled = stores
        .requests
        .find(school, request.id)
        .await
        .unwrap()
        .unwrap();
    let student = class.students[0].id;
    assert_eq!(
        settled.request.state,
        RequestState::Approved { by, at, student }
    );
    assert_eq!(stores.audit.latest(school, 1).await.unwrap(), [moved.audit]);
}

pub async fn refuse_to_move_a_link_that_ended_or_to_a_linked_account(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 2).await;
    let former = build.pupil(&stores, &class.school, "A", "B").await;
    let pupil = build.pupil(&stores, &class.school, "A", "B").await;
    let linking = class.link(&build, &stores, 0, former.id).await;
    let own = class.link(&build, &stores, 1, pupil.id).await;
    let move_to = || {
        linking
            .link
            .move_to(pupil.id, build.hand(Actor::Operator))
            .unwrap()
    };
    let refused = stores.links.record_move(&move_to()).await;
    assert!(matches!(refused, Err(LinkRecordError::PupilTaken)));
    assert_eq!(link_of(&stores, &class, 0).await, Some(linking.link));
    for link in [linking.link, own.link] {
        let unlinking = link.end("erreur", build.hand(Actor::Operator)).unwrap();
        stores.links.record_unlinking(&unlinking).await.unwrap();
    }
    let refused = stores.links.record_move(&move_to()).await;
    assert!(matches!(refused, Err(LinkRecordError::Stale)));
    let none = stores
        .links
        .link_of_pupil(class.school.id, pupil.id)
        .await
        .unwrap();
    assert_eq!(none, None);
}

pub async fn let_one_of_two_identities_have_the_student(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, ROUNDS).await;
    for student in 0..ROUNDS as usize {
        let one = build.pupil(&stores, &class.school, "A", "B").await;
        let two = build.pupil(&stores, &class.school, "A", "B").await;
        let first = class.linking(&build, student, one.id);
        let second = class.linking(&build, student, two.id);
        let (s1, s2) = (stores.links.clone(), stores.links.clone());
        let outcomes = at_once(async move { s1.record_linking(&first).await }, async move {
            s2.record_linking(&second).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let taken = |outcome: &&Result<_, _>| matches!(outcome, Err(LinkRecordError::StudentTaken));
        assert_eq!((won, outcomes.iter().filter(taken).count()), (1, 1));
        let link = link_of(&stores, &class, student).await.unwrap();
        assert!([one.id, two.id].contains(&link.pupil_id));
    }
    let trail = stores.audit.latest(class.school.id, 100).await.unwrap();
    let linked = |action: &Action| matches!(action, Action::StudentLinked { .. });
    let linked = trail.iter().filter(|entry| linked(&entry.action)).count();
    assert_eq!(linked, ROUNDS as usize);
}

pub async fn let_one_of_two_students_have_the_identity(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, 2 * ROUNDS).await;
    for student in (0..2 * ROUNDS as usize).step_by(2) {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        let first = class.linking(&build, student, pupil.id);
        let second = class.linking(&build, student + 1, pupil.id);
        let (s1, s2) = (stores.links.clone(), stores.links.clone());
        let outcomes = at_once(async move { s1.record_linking(&first).await }, async move {
            s2.record_linking(&second).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let taken = |outcome: &&Result<_, _>| matches!(outcome, Err(LinkRecordError::PupilTaken));
        assert_eq!((won, outcomes.iter().filter(taken).count()), (1, 1));
    }
}

pub async fn let_one_of_a_move_and_an_unlinking_win(stores: Stores) {
    let build = Build::new();
    let class = class(&build, &stores, ROUNDS).await;
    for student in 0..ROUNDS as usize {
        let former = build.pupil(&stores, &class.school, "A", "B").await;
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        let link = class.link(&build, &stores, student, former.id).await.link;
        let moved = link.move_to(pupil.id, build.hand(Actor::Operator)).unwrap();
        let unlinking = link.end("erreur", build.hand(Actor::Operator)).unwrap();
        let (s1, s2) = (stores.links.clone(), stores.links.clone());
        let outcomes = at_once(async move { s1.record_move(&moved).await }, async move {
            s2.record_unlinking(&unlinking).await
        })
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = |outcome: &&Result<_, _>| matches!(outcome, Err(LinkRecordError::Stale));
        assert_eq!((won, outcomes.iter().filter(stale).count()), (1, 1));
        let left = link_of(&stores, &class, student)
            .await
            .map(|link| link.pupil_id);
        assert_eq!(left, outcomes[0].is_ok().then_some(pupil.id));
    }
}

pub async fn close_the_undoing_of_the_last_import(stores: Stores) {
    let build = Build::new();
    for change in 0..4 {
        let class = class(&build, &stores, 2).await;
        let school = class.school.id;
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        let other = build.pupil(&stores, &class.school, "A", "B").await;
        let link = class.link(&build, &stores, 0, pupil.id).await.link;
        let request = class.ask(&build, &stores, 1, other.id).await;
        let mut changed = rows(2);
        changed.push(row(90, "Martin", "Léo", "6B"));
        let roster = imported(&build, &stores, school, changed)
            .await
            .expected
            .next();
        let undoable = || async {
            stores
                .rosters
                .summary(school, TODAY)
                .await
                .unwrap()
                .undoable
        };
        assert!(undoable().await.is_some());
        let hand = build.hand(Actor::Account(class.teacher.account.id));
        match change {
            0 => {
                let linking = Linking {
                    roster,
                    settles: request.overtaken(build.now()),
                    ..class.linking(&build, 1, other.id)
                };
                stores.links.record_linking(&linking).await.unwrap();
            }
            1 => {
                let unlinking = link.end("erreur", hand).unwrap();
                stores.links.record_unlinking(&unlinking).await.unwrap();
            }
            2 => {
                let mut moved = link.move_to(other.id, hand).unwrap();
                moved.settles = request.overtaken(build.now());
                stores.links.record_move(&moved).await.unwrap();
            }
            _ => {
                let dismissal = request.refuse(class.teacher.account.id, hand).unwrap();
                stores.requests.record_dismissal(&dismissal).await.unwrap();
            }
        }
        assert_eq!(undoable().await, None, "change {change}");
        assert_eq!(
            stores
                .rosters
                .summary(school, TODAY)
                .await
                .unwrap()
                .revision,
            roster
        );
    }
}
