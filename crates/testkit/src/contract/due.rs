//! Leaves that come due: everything that reads who is present, the day before, the day itself and the day after.

use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::campaign::use_cases::Campaigns;
use pix_orga_domain::dossier::use_cases::Dossiers;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::linking::LinkingRefusal;
use pix_orga_domain::reconciliation::store::Among;
use pix_orga_domain::reconciliation::use_cases::{Admission, Entry, EntryRefusal, Tried};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::roster::Presence;
use pix_orga_domain::roster::listing::{ClassCount, ConnectionKind, ListRequest};
use pix_orga_domain::roster::reading::StudentRow;
use pix_orga_domain::roster::use_cases::Rosters;

use super::due_night::{ran, retention};
use super::reconciliation::{Scene, nobody, refused};
use crate::build::Build;
use crate::build::pupil::Class;
use crate::build::roster::{TODAY, imported, row};
use crate::fakes::FixedClock;
use crate::stores::Stores;

/// Every clause of leaves that come due.
#[macro_export]
macro_rules! due_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, due:
            count_as_present_until_the_last_day,
            begin_the_day_at_midnight_in_paris,
            link_nobody_to_a_student_whose_last_day_is_over,
            let_who_left_enter_nothing_new_and_see_what_they_entered,
            mark_who_left_among_participants,
        );
    };
}

/// The last day of the first pupil.
pub(super) const LAST_DAY: Date = date(2026, 10, 16);

/// Two pupils of two classes, the first of whom leaves on [`LAST_DAY`].
pub(super) fn rows() -> Vec<StudentRow> {
    vec![
        StudentRow {
            leaves_on: Some(LAST_DAY),
            ..row(1, "Lefèvre", "Zoé", "6A")
        },
        StudentRow {
            birthdate: date(2012, 6, 20),
            ..row(2, "Petit", "Hugo", "6B")
        },
    ]
}

/// Noon in Paris on a day of October 2026.
pub(super) fn noon(day: Date) -> Timestamp {
    let midnight: Timestamp = "2026-10-01T10:00:00Z".parse().unwrap();
    midnight + SignedDuration::from_hours(24 * i64::from(day.day() - 1))
}

/// The days around the last one, and whether the first pupil is present.
fn around() -> [(Date, bool); 4] {
    [
        (date(2026, 10, 15), true),
        (LAST_DAY, true),
        (date(2026, 10, 17), false),
        (date(2026, 10, 30), false),
    ]
}

/// Brings the scene to an instant; never back.
pub(super) fn wait_until(build: &Build, instant: Timestamp) {
    let wait = instant.duration_since(build.now());
    assert!(!wait.is_negative(), "time does not go back");
    build.clock.advance(wait);
}

async fn linked(scene: &Scene, student: usize, first_name: &str) -> PupilAccount {
    let last_name = &scene.class.students[student].last_name;
    let pupil = scene.pupil(last_name, first_name).await;
    let tried = scene.try_date(&pupil, scene.born(student)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
    pupil
}

pub async fn count_as_present_until_the_last_day(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let asker = build.pupil(&stores, &class.school, "A", "B").await;
    class.ask(&build, &stores, 0, asker.id).await;
    for (day, present) in around() {
        list_on(&stores, &class, day, present).await;
        compare_on(&stores, &class, day, present).await;
        let dossiers = Dossiers {
            store: stores.dossiers.clone(),
            rosters: stores.rosters.clone(),
            imports: stores.imports.clone(),
            organizations: stores.organizations.clone(),
            clock: Arc::new(FixedClock::at(noon(day))),
            chance: build.chance.clone(),
        };
        let leaver = class.students[0].id;
        let dossier = dossiers.export(&class.administrator, leaver).await.unwrap();
        let left = Presence::Left { on: LAST_DAY };
        assert_eq!(dossier.student.presence == left, !present, "{day}");
    }
}

/// The list, its counts, its filters, its search, its export, and the pupil’s own page.
async fn list_on(stores: &Stores, class: &Class, day: Date, present: bool) {
    let rosters = Rosters {
        store: stores.rosters.clone(),
        clock: Arc::new(FixedClock::at(noon(day))),
    };
    let (member, leaver) = (&class.administrator, class.students[0].id);
    let expected = u32::from(present) + 1;
    let all = ListRequest::default();
    let page = rosters.page(member, &all).await.unwrap();
    assert_eq!(
        (page.total, page.summary.present),
        (expected, expected),
        "{day}"
    );
    assert_eq!(
        page.lines.iter().any(|line| line.student.id == leaver),
        present
    );
    let classes = rosters.classes(member).await.unwrap();
    assert_eq!(classes, page.classes);
    assert_eq!(
        classes.iter().any(|one| one.division == "6A"),
        present,
        "{day}"
    );
    for connection in [
        None,
        Some(ConnectionKind::ToCheck),
        Some(ConnectionKind::NotLinked),
    ] {
        let request = ListRequest {
            connection,
            ..ListRequest::default()
        };
        let filtered = rosters.page(member, &request).await.unwrap();
        let pupils = ClassCount::pupils(&classes, connection);
        assert_eq!(filtered.total, pupils, "{day} {connection:?}");
        assert_eq!(
            filtered.lines.len(),
            pupils as usize,
            "{day} {connection:?}"
        );
    }
    let to_check = ClassCount::pupils(&classes, Some(ConnectionKind::ToCheck));
    assert_eq!(to_check, u32::from(present), "{day}");
    let found = rosters.search(member, "lefevre").await.unwrap();
    assert_eq!(found.len(), usize::from(present), "{day}");
    let csv = rosters.export(member, &all).await.unwrap();
    assert_eq!(csv.contains("Lefèvre"), present, "{day}");
    assert_eq!(rosters.summary(member).await.unwrap().present, expected);
    let line = rosters.student(member, leaver).await.unwrap();
    assert_eq!(line.student.presence.is_present(), present, "{day}");
}

/// Whom links are decided among, and the roster that a file is compared with.
async fn compare_on(stores: &Stores, class: &Class, day: Date, present: bool) {
    let (school, leaver) = (class.school.id, &class.students[0]);
    let ine = leaver.ine.clone().unwrap();
    let among = [
        Among::Student(leaver.id),
        Among::Born(&[leaver.birthdate]),
        Among::WithIne(std::slice::from_ref(&ine)),
    ];
    for among in among {
        let found = stores.links.candidates(school, among, day).await.unwrap();
        assert_eq!(
            found.students.len(),
            usize::from(present),
            "{day} {among:?}"
        );
    }
    let roster = stores.rosters.load(school).await.unwrap();
    assert_eq!(
        roster.present(day).count(),
        usize::from(present) + 1,
        "{day}"
    );
}

/// Twenty-two o’clock UTC is midnight in Paris in October: the day of the clock port, never of the database.
pub async fn begin_the_day_at_midnight_in_paris(stores: Stores) {
    let build = Build::new();
    let class = build.class(&stores, rows()).await;
    let winter = StudentRow {
        leaves_on: Some(date(2026, 11, 30)),
        ..row(3, "Moreau", "Inès", "6C")
    };
    let mut all = rows();
    all.push(winter);
    imported(&build, &stores, class.school.id, all).await;
    for (instant, present) in [
        ("2026-10-16T21:59:59Z", 3),
        ("2026-10-16T22:00:00Z", 2),
        ("2026-10-16T23:30:00Z", 2),
        ("2026-11-30T22:59:59Z", 2),
        ("2026-11-30T23:00:00Z", 1),
    ] {
        let clock = Arc::new(FixedClock::at(instant.parse().unwrap()));
        let store = stores.rosters.clone();
        let rosters = Rosters { store, clock };
        let summary = rosters.summary(&class.administrator).await.unwrap();
        assert_eq!(summary.present, present, "{instant}");
    }
}

pub async fn link_nobody_to_a_student_whose_last_day_is_over(stores: Stores) {
    let scene = Scene::with(stores, rows()).await;
    let early = scene.pupil("Lefèvre", "Zoé").await;
    let late = scene.pupil("Lefèvre", "Zoé").await;
    let request = scene.ask(&early, date(2012, 6, 20)).await;
    wait_until(&scene.build, noon(date(2026, 10, 17)));
    let gone = scene.try_date(&late, scene.born(0)).await;
    assert_eq!(gone, Ok(nobody(4)), "the same as for anybody");
    let asked = scene.ask(&late, scene.born(0)).await;
    let seen = scene.staff.find(&scene.class.teacher, asked).await.unwrap();
    assert_eq!(seen.near, []);
    let by_hand = scene
        .staff
        .approve(&scene.class.teacher, request, scene.student(0))
        .await;
    let not_found = LinkingRefusal::StudentNotFound;
    assert!(matches!(by_hand, Err(Denied::Refused(refusal)) if refusal == not_found));
    assert!(matches!(
        scene.come(&late).await,
        Ok(Entry::CheckIdentity(_))
    ));

    // Nor is a link moved to them, while who has it keeps it.
    let holder = linked(&scene, 1, "Hugo").await;
    let other = scene.pupil("Petit", "Hugo").await;
    let request = scene.ask(&other, scene.born(1)).await;
    let mut leaves = rows();
    leaves[1].leaves_on = Some(date(2026, 10, 20));
    imported(&scene.build, &scene.stores, scene.class.school.id, leaves).await;
    wait_until(&scene.build, noon(date(2026, 10, 21)));
    let administrator = &scene.class.administrator;
    let moved = scene
        .staff
        .move_link(administrator, request, scene.student(1))
        .await;
    assert!(matches!(moved, Err(Denied::Refused(refusal)) if refusal == not_found));
    assert!(scene.is_linked(&holder).await);
}

pub async fn let_who_left_enter_nothing_new_and_see_what_they_entered(stores: Stores) {
    let scene = Scene::with(stores, rows()).await;
    wait_until(&scene.build, noon(LAST_DAY));
    let pupil = linked(&scene, 0, "Zoé").await;
    let second = scene
        .build
        .campaign(&scene.stores, &scene.class.teacher)
        .await;
    let enter = async |code: &str| refused(scene.pupils.enter_campaign(&pupil, code).await);
    let school = scene.class.school.id;
    assert_eq!(
        scene.pupils.class_in(&pupil, school).await.unwrap(),
        Some("6A".to_owned())
    );

    wait_until(&scene.build, noon(date(2026, 10, 17)));
    let refusal = Err(EntryRefusal::LeftSchool);
    assert_eq!(enter(second.code.as_str()).await, refusal);
    assert_eq!(scene.participants(&second).await, 0);
    let code = second.code.to_string();
    let date = super::reconciliation::typed(scene.born(0));
    let tried = refused(scene.pupils.submit_birthdate(&pupil, &code, &date).await);
    assert_eq!(tried, Err(EntryRefusal::LeftSchool));
    let asked = refused(scene.pupils.ask_teacher(&pupil, &code, &date).await);
    assert_eq!(asked, Err(EntryRefusal::LeftSchool));
    let Ok(Entry::In(admitted)) = scene.come(&pupil).await else {
        panic!("they entered it before they left");
    };
    assert_eq!(admitted.how, Admission::Already);
    assert_eq!(scene.pupils.class_in(&pupil, school).await.unwrap(), None);
    let entered = scene.pupils.entered(&pupil).await.unwrap();
    assert_eq!(entered.len(), 1);
    // Written or not, it is the same; and who comes back enters again.
    let now = scene.build.now();
    ran(&retention(&scene.stores, &scene.build, now)).await;
    assert_eq!(
        enter(second.code.as_str()).await,
        Err(EntryRefusal::LeftSchool)
    );
    let mut back = rows();
    back[0].leaves_on = None;
    imported(&scene.build, &scene.stores, school, back).await;
    assert!(matches!(
        enter(second.code.as_str()).await,
        Ok(Entry::In(_))
    ));
}

pub async fn mark_who_left_among_participants(stores: Stores) {
    let scene = Scene::with(stores, rows()).await;
    for (student, first_name) in [(0, "Zoé"), (1, "Hugo")] {
        linked(&scene, student, first_name).await;
    }
    let (member, campaign) = (&scene.class.teacher, scene.class.campaign.id);
    for (day, present) in around() {
        let campaigns = Campaigns {
            store: scene.stores.campaigns.clone(),
            clock: Arc::new(FixedClock::at(noon(day))),
            chance: scene.build.chance.clone(),
        };
        let page = campaigns
            .participants(member, campaign, 1, false)
            .await
            .unwrap();
        assert_eq!((page.total, page.left), (2, u32::from(!present)), "{day}");
        assert_eq!(page.participants.len(), 2);
        let left: Vec<_> = page.participants.iter().map(|one| one.left_on).collect();
        let expected = if present { None } else { Some(LAST_DAY) };
        assert_eq!(left, [None, expected], "{day}");
        assert_eq!(page.participants[1].student_id, scene.student(0));
        let page = campaigns
            .participants(member, campaign, 1, true)
            .await
            .unwrap();
        assert_eq!((page.total, page.left), (2, u32::from(!present)), "{day}");
        assert_eq!(page.participants.len(), 1 + usize::from(present), "{day}");
        assert_eq!(page.asked(true) as usize, page.participants.len());
    }
    // Absent from the next file: the day of the file.
    let rest = rows().split_off(1);
    imported(&scene.build, &scene.stores, scene.class.school.id, rest).await;
    let page = scene.class.participants(&scene.stores, 0, 10).await;
    assert_eq!(page.participants[1].left_on, Some(TODAY));
}
