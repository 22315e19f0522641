//! Leaves that come due: what the night writes of them, once.

use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::audit::Action;
use pix_orga_domain::clock::day_in_paris;
use pix_orga_domain::retention::use_cases::{Count, Daily, Retention, Run};
use pix_orga_domain::roster::Presence;
use pix_orga_domain::roster::due::DueLeaves;
use pix_orga_domain::store::RecordError;

use super::due::{LAST_DAY, noon, rows};
use super::{ROUNDS, at_once};
use crate::build::Build;
use crate::build::roster::{TODAY, imported};
use crate::fakes::{DatabaseClock, FixedClock};
use crate::stores::Stores;

/// Every clause of the night that writes the leaves that came due.
#[macro_export]
macro_rules! due_night_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, due_night:
            write_what_is_due_once_a_night,
            anonymise_from_the_day_of_leave,
            refuse_leaves_decided_on_a_roster_that_moved,
            leave_nothing_of_leaves_whose_audit_entry_fails,
            let_one_of_two_nights_write_what_is_due,
            undo_an_import_after_the_night,
        );
    };
}

pub(super) fn retention(stores: &Stores, build: &Build, now: Timestamp) -> Retention {
    Retention {
        store: stores.retention.clone(),
        rosters: stores.rosters.clone(),
        imports: stores.imports.clone(),
        vitals: Arc::new(DatabaseClock(Arc::new(FixedClock::at(now)))),
        clock: Arc::new(FixedClock::at(now)),
        chance: build.chance.clone(),
    }
}

/// What a run by hand did.
pub(super) async fn ran(retention: &Retention) -> Vec<Count> {
    match retention.run(false).await.unwrap() {
        Run::Done(counts) => counts,
        Run::Doubted(doubt) => panic!("{doubt:?}"),
    }
}

/// What the daily job did, where it was due.
pub(super) async fn nightly(retention: &Retention) -> Option<Vec<Count>> {
    match retention.run_daily().await.unwrap() {
        Daily::Done(counts) => Some(counts),
        Daily::NotDue => None,
        Daily::Doubted(doubt) => panic!("{doubt:?}"),
    }
}

pub(super) fn count(counts: &[Count], what: &str) -> u64 {
    let found = counts.iter().find(|one| one.what == what);
    found.expect("it is counted").count
}

pub async fn write_what_is_due_once_a_night(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let other = build.class(&stores, rows()).await;
    let leavers = [class.students[0].id, other.students[0].id];
    let day = retention(&stores, &build, noon(LAST_DAY));
    assert_eq!(count(&day.preview().await.unwrap(), "leaves_due"), 0);
    assert_eq!(count(&ran(&day).await, "leaves_due"), 0);
    let next = noon(date(2026, 10, 17));
    let night = retention(&stores, &build, next);
    assert_eq!(count(&night.preview().await.unwrap(), "leaves_due"), 2);
    let done = nightly(&night).await.unwrap();
    assert_eq!(
        (count(&done, "leaves_due"), count(&done, "students")),
        (2, 0)
    );
    for (class, leaver) in [&class, &other].into_iter().zip(leavers) {
        let school = class.school.id;
        let line = stores
            .rosters
            .student(school, leaver)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(line.student.presence, Presence::Left { on: LAST_DAY });
        let roster = stores.rosters.load(school).await.unwrap();
        assert_eq!(roster.revision, class.roster.next());
        assert!(roster.undoable.is_some(), "nobody changed anything by hand");
        let trail = stores.audit.latest(school, 1).await.unwrap();
        assert_eq!(trail[0].action, Action::StudentsLeft { count: 1 });
        assert_eq!(trail[0].at, next);
    }
    assert!(nightly(&night).await.is_none());
    let again = ran(&night).await;
    assert_eq!(count(&again, "leaves_due"), 0);
    assert_eq!(count(&night.preview().await.unwrap(), "leaves_due"), 0);
}

/// However late it is written, what is kept is counted from the day they left.
pub async fn anonymise_from_the_day_of_leave(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let january: Timestamp = "2027-01-15T10:00:00Z".parse().unwrap();
    let late = retention(&stores, &build, january);
    let counts = late.preview().await.unwrap();
    assert_eq!(
        (count(&counts, "leaves_due"), count(&counts, "students")),
        (1, 0)
    );
    let later = january + SignedDuration::from_hours(24);
    let late = retention(&stores, &build, later);
    let counts = late.preview().await.unwrap();
    assert_eq!(
        (count(&counts, "leaves_due"), count(&counts, "students")),
        (1, 1)
    );
    let counts = ran(&late).await;
    assert_eq!(
        (count(&counts, "leaves_due"), count(&counts, "students")),
        (1, 1)
    );
    let found = stores
        .rosters
        .student(class.school.id, class.students[0].id)
        .await;
    assert_eq!(found.unwrap(), None);
    let trail = stores.audit.latest(class.school.id, 2).await.unwrap();
    let actions = trail.into_iter().map(|entry| entry.action);
    assert_eq!(
        actions.collect::<Vec<_>>(),
        [
            Action::StudentsAnonymised { count: 1 },
            Action::StudentsLeft { count: 1 }
        ]
    );
}

/// What is due on a day, decided and not written.
async fn decided(stores: &Stores, build: &Build, day: Date) -> DueLeaves {
    let due = stores
        .retention
        .due_to_leave(day, 10)
        .await
        .unwrap()
        .unwrap();
    DueLeaves::decide(due, build.chance.as_ref(), build.now())
}

pub async fn refuse_leaves_decided_on_a_roster_that_moved(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let day = date(2026, 10, 17);
    assert_eq!(
        stores.retention.due_to_leave(LAST_DAY, 10).await.unwrap(),
        None
    );
    let leaves = decided(&stores, &build, day).await;
    assert_eq!(leaves.students, [(class.students[0].id, LAST_DAY)]);
    let mut stays = rows();
    stays[0].leaves_on = None;
    imported(&build, &stores, class.school.id, stays).await;
    let stale = stores.rosters.record_due_leaves(&leaves).await;
    assert!(matches!(stale, Err(RecordError::Stale)));
    assert_eq!(stores.retention.due_to_leave(day, 10).await.unwrap(), None);
    let roster = stores.rosters.load(class.school.id).await.unwrap();
    assert_eq!(roster.present(day).count(), 2);
}

pub async fn leave_nothing_of_leaves_whose_audit_entry_fails(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let school = class.school.id;
    let day = date(2026, 10, 17);
    let written = stores.audit.latest(school, 1).await.unwrap().remove(0);
    let mut leaves = decided(&stores, &build, day).await;
    leaves.audit.id = written.id;
    let failed = stores.rosters.record_due_leaves(&leaves).await;
    assert!(matches!(failed, Err(RecordError::Failure(_))));
    assert_eq!(stores.retention.count_due_to_leave(day).await.unwrap(), 1);
    let roster = stores.rosters.load(school).await.unwrap();
    assert_eq!(roster.revision, class.roster);
}

pub async fn let_one_of_two_nights_write_what_is_due(stores: Stores) {
    let build = Build::new();
    let day = date(2026, 10, 17);
    for _ in 0..ROUNDS {
        let class = build.class(&stores, rows()).await;
        let one = decided(&stores, &build, day).await;
        let two = DueLeaves {
            audit: build.audit(class.school.id, Action::StudentsLeft { count: 1 }),
            ..one.clone()
        };
        let (s1, s2) = (stores.rosters.clone(), stores.rosters.clone());
        let outcomes = at_once(
            async move { s1.record_due_leaves(&one).await },
            async move { s2.record_due_leaves(&two).await },
        )
        .await;
        let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        let stale = |outcome: &&Result<_, _>| matches!(outcome, Err(RecordError::Stale));
        assert_eq!((won, outcomes.iter().filter(stale).count()), (1, 1));
        assert_eq!(stores.retention.count_due_to_leave(day).await.unwrap(), 0);
    }
}

/// What the import changed goes back; whose date is then due is due again.
pub async fn undo_an_import_after_the_night(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let school = class.school.id;
    let mut sooner = rows();
    sooner[1].leaves_on = Some(TODAY);
    let applied = imported(&build, &stores, school, sooner).await;
    let night = applied.last_import.at + SignedDuration::from_hours(18);
    assert_eq!(day_in_paris(night), TODAY.tomorrow().unwrap());
    let counts = ran(&retention(&stores, &build, night)).await;
    assert_eq!(count(&counts, "leaves_due"), 1);
    let undo = super::comparing::undo(&build, &stores, &class, &applied).await;
    stores.rosters.record_undo(&undo).await.unwrap();
    let roster = stores.rosters.load(school).await.unwrap();
    assert_eq!(roster.present(day_in_paris(night)).count(), 2);
    let presence = |id| {
        let mut students = roster.students.iter();
        students.find(|one| one.id == id).unwrap().presence
    };
    let stays = Presence::Present { leaves_on: None };
    assert_eq!(presence(class.students[1].id), stays);
}
