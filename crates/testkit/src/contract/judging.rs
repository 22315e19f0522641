//! Which students the waiting requests of a school name, judged again when its roster moves.

use pix_orga_domain::audit::Actor;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::reconciliation::judging::{JudgedRequest, Judging};
use pix_orga_domain::reconciliation::requests::LinkingRequest;
use pix_orga_domain::roster::listing::{ConnectionKind, ListQuery, ListRequest};
use pix_orga_domain::store::{RecordError, Revision};

use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::{TODAY, imported, rows};
use crate::stores::Stores;

/// Every clause of judging.
#[macro_export]
macro_rules! judging_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, judging:
            judge_waiting_requests_again_when_the_roster_moves,
            leave_requests_that_moved_as_they_were_judged,
        );
    };
}

/// Whom the list of pupils says « Demande à vérifier ».
pub(super) async fn to_check(stores: &Stores, class: &Class) -> Vec<StudentId> {
    let request = ListRequest {
        connection: Some(ConnectionKind::ToCheck),
        ..ListRequest::default()
    };
    let query = ListQuery::all(class.school.id, &request, TODAY);
    let lines = stores.rosters.list(&query).await.unwrap().lines;
    let counts = stores
        .rosters
        .classes(class.school.id, TODAY)
        .await
        .unwrap();
    let counted: u32 = counts.iter().map(|class| class.to_check).sum();
    assert_eq!(counted as usize, lines.len());
    lines.into_iter().map(|line| line.student.id).collect()
}

/// Requests judged by hand: the students of these numbers.
fn judged(class: &Class, requests: &[(&LinkingRequest, &[usize])], roster: Revision) -> Judging {
    let requests = requests.iter().map(|(request, students)| JudgedRequest {
        id: request.id,
        revision: request.revision,
        students: students.iter().map(|one| class.students[*one].id).collect(),
    });
    Judging {
        organization_id: class.school.id,
        roster,
        requests: requests.collect(),
    }
}

pub async fn judge_waiting_requests_again_when_the_roster_moves(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(3)).await;
    let other = build.class(&stores, rows(1)).await;
    let school = class.school.id;
    let mut requests = Vec::new();
    for student in [0, 1] {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        requests.push(class.ask(&build, &stores, student, pupil.id).await);
    }
    let pupil = build.pupil(&stores, &other.school, "A", "B").await;
    other.ask(&build, &stores, 0, pupil.id).await;
    let store = &stores.requests;
    assert_eq!(store.schools_to_judge(None, 10).await.unwrap(), []);
    assert_eq!(store.to_judge(school, 10).await.unwrap(), []);

    for id in [school, other.school.id] {
        imported(&build, &stores, id, rows(4)).await;
    }
    let mut both = [school, other.school.id];
    both.sort_unstable();
    assert_eq!(store.schools_to_judge(None, 10).await.unwrap(), both);
    assert_eq!(store.schools_to_judge(None, 1).await.unwrap(), both[..1]);
    let after = store.schools_to_judge(Some(both[0]), 10).await.unwrap();
    assert_eq!(after, both[1..]);
    let moved = store.to_judge(school, 10).await.unwrap();
    let moved: Vec<_> = moved.into_iter().map(|one| one.request).collect();
    assert_eq!(moved, requests);
    assert_eq!(store.to_judge(school, 1).await.unwrap().len(), 1);

    let old = judged(&class, &[(&requests[0], &[2])], class.roster);
    let stale = store.record_judging(&old).await;
    assert!(matches!(stale, Err(RecordError::Stale)));
    let roster = class.roster.next();
    let now = judged(
        &class,
        &[(&requests[0], &[2, 1]), (&requests[1], &[])],
        roster,
    );
    store.record_judging(&now).await.unwrap();
    assert_eq!(store.to_judge(school, 10).await.unwrap(), []);
    let mut named = to_check(&stores, &class).await;
    named.sort_unstable();
    let mut expected = [class.students[1].id, class.students[2].id];
    expected.sort_unstable();
    assert_eq!(named, expected);
    assert_eq!(
        store.schools_to_judge(None, 10).await.unwrap(),
        [other.school.id]
    );
    let found = store.find(school, requests[0].id).await.unwrap().unwrap();
    assert_eq!(found.request, requests[0], "its revision too");
}

pub async fn leave_requests_that_moved_as_they_were_judged(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows(3)).await;
    let school = class.school.id;
    let mut requests = Vec::new();
    for student in [0, 1] {
        let pupil = build.pupil(&stores, &class.school, "A", "B").await;
        requests.push(class.ask(&build, &stores, student, pupil.id).await);
    }
    let (teacher, hand) = (class.teacher.account.id, build.hand(Actor::Operator));
    let dismissal = requests[0].refuse(teacher, hand).unwrap();
    stores.requests.record_dismissal(&dismissal).await.unwrap();
    let pupil = requests[1].pupil_id;
    let question = class.question(&[1], pupil);
    let again = LinkingRequest::ask(
        Some(&requests[1]),
        question,
        build.hand(Actor::Pupil(pupil)),
    );
    stores.requests.record_asking(&again).await.unwrap();
    let late = judged(
        &class,
        &[(&requests[0], &[2]), (&requests[1], &[2])],
        class.roster,
    );
    stores.requests.record_judging(&late).await.unwrap();
    assert_eq!(to_check(&stores, &class).await, [class.students[1].id]);
    let strangers = build.class(&stores, rows(1)).await;
    let elsewhere = Judging {
        organization_id: strangers.school.id,
        roster: strangers.roster,
        ..judged(&class, &[(&again.request, &[2])], class.roster)
    };
    stores.requests.record_judging(&elsewhere).await.unwrap();
    assert_eq!(to_check(&stores, &class).await, [class.students[1].id]);
    let waiting = stores.requests.pending(school, 10).await.unwrap();
    assert_eq!(waiting.len(), 1);
}
