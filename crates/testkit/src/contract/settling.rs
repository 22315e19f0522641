//! What members do about requests and links, on real stores: the use cases of settling.

use jiff::SignedDuration;
use pix_orga_domain::ids::LinkingRequestId;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::reconciliation::linking::LinkingRefusal;
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::reconciliation::use_cases::{Entry, Tried};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::team::{Member, Role};

use super::reconciliation::{NOBODY_BORN, Scene, nobody, one_row, refused, typed};
use crate::build::roster::{imported, row};
use crate::stores::Stores;

/// Every clause of the use cases of settling.
#[macro_export]
macro_rules! settling_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, settling:
            settle_a_request_by_a_person,
            refuse_to_settle_against_the_rules,
            move_a_changed_identity_and_back,
            unlink_by_an_administrator_with_a_reason,
            never_link_twice_whatever_the_sequence,
        );
    };
}

fn settled<T>(outcome: Result<T, Denied<LinkingRefusal>>) -> Result<T, LinkingRefusal> {
    outcome.map_err(|denied| match denied {
        Denied::Refused(refusal) => refusal,
        other => panic!("{other}"),
    })
}

pub async fn settle_a_request_by_a_person(stores: Stores) {
    let rows = vec![row(1, "Lefèvre", "Zoé", "6A"), row(2, "Colin", "Léa", "6B")];
    let scene = Scene::with(stores, rows).await;
    let pupil = scene.pupil("Lefevre", "Zoée").await;
    let request = scene.ask(&pupil, scene.born(0)).await;
    let seen = scene.staff.pending(&scene.class.teacher).await.unwrap();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].asked.request.birthdate, scene.born(0));
    assert_eq!(seen[0].near[0].student.student_id, scene.student(0));
    scene
        .staff
        .approve(&scene.class.teacher, request, scene.student(0))
        .await
        .unwrap();
    assert_eq!(
        scene
            .staff
            .count_pending(&scene.class.teacher)
            .await
            .unwrap(),
        0
    );
    assert!(scene.is_linked(&pupil).await);
    assert_eq!(scene.participants(&scene.class.campaign).await, 1);

    let other = scene.pupil("Durand", "Paul").await;
    let request = scene.ask(&other, NOBODY_BORN).await;
    let seen = scene
        .staff
        .find(&scene.class.teacher, request)
        .await
        .unwrap();
    assert_eq!(seen.near, []);
    scene
        .staff
        .refuse(&scene.class.teacher, request)
        .await
        .unwrap();
    let code = scene.class.campaign.code.to_string();
    let Entry::CheckIdentity(check) = scene.pupils.enter_campaign(&other, &code).await.unwrap()
    else {
        panic!("they are nobody's");
    };
    assert!(matches!(check.request, Some(RequestState::Refused { .. })));
    let request = scene.ask(&other, NOBODY_BORN).await;
    scene
        .staff
        .approve(&scene.class.teacher, request, scene.student(1))
        .await
        .unwrap();
    assert!(scene.is_linked(&other).await);
}

pub async fn refuse_to_settle_against_the_rules(stores: Stores) {
    let mut rows = vec![
        row(1, "Lefèvre", "Zoé", "6A"),
        row(2, "Colin", "Léa", "6A"),
        row(3, "Moreau", "Inès", "6A"),
    ];
    let scene = Scene::with(stores, rows.clone()).await;
    rows.pop();
    imported(&scene.build, &scene.stores, scene.class.school.id, rows).await;
    let elsewhere = scene.build.class(&scene.stores, one_row()).await;
    let teacher = &scene.class.teacher;
    let holder = scene.pupil("Lefèvre", "Zoé").await;
    let held = scene.try_date(&holder, scene.born(0)).await.unwrap();
    assert!(matches!(held, Tried::In(_)));
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    let request = scene.ask(&pupil, scene.born(0)).await;
    let approve = async |by: &Member, request, student| {
        settled(scene.staff.approve(by, request, student).await)
    };
    for (student, expected) in [
        (scene.student(0), LinkingRefusal::AlreadyLinked),
        (scene.student(2), LinkingRefusal::StudentNotFound),
        (elsewhere.students[0].id, LinkingRefusal::StudentNotFound),
    ] {
        assert_eq!(approve(teacher, request, student).await, Err(expected));
    }
    let stranger = &elsewhere.teacher;
    let unknown = Err(LinkingRefusal::RequestNotFound);
    assert_eq!(
        approve(stranger, request, elsewhere.students[0].id).await,
        unknown
    );
    assert_eq!(
        settled(scene.staff.refuse(stranger, request).await),
        unknown
    );
    approve(teacher, request, scene.student(1)).await.unwrap();
    let already = Err(LinkingRefusal::RequestAlreadySettled);
    assert_eq!(approve(teacher, request, scene.student(1)).await, already);
    assert_eq!(settled(scene.staff.refuse(teacher, request).await), already);
}

pub async fn move_a_changed_identity_and_back(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let (staff, administrator) = (&scene.staff, &scene.class.administrator);
    let former = scene.pupil("Lefèvre", "Zoé").await;
    let tried = scene.try_date(&former, scene.born(0)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    assert_eq!(scene.try_date(&pupil, scene.born(0)).await, Ok(nobody(4)));
    let request = scene.ask(&pupil, scene.born(0)).await;
    let seen = staff.find(administrator, request).await.unwrap();
    let (link, account) = seen.near[0].linked_to.as_ref().unwrap();
    assert_eq!((link.pupil_id, account.pupil_id), (former.id, former.id));
    let student = scene.student(0);
    let by_teacher = staff
        .move_link(&scene.class.teacher, request, student)
        .await;
    assert_eq!(settled(by_teacher), Err(LinkingRefusal::RoleInsufficient));
    assert!(scene.is_linked(&former).await);
    staff
        .move_link(administrator, request, student)
        .await
        .unwrap();
    assert!(scene.is_linked(&pupil).await && !scene.is_linked(&former).await);
    assert_eq!(scene.participants(&scene.class.campaign).await, 1);

    let by_teacher = staff.move_back(&scene.class.teacher, student).await;
    assert_eq!(settled(by_teacher), Err(LinkingRefusal::RoleInsufficient));
    // The account that gets it back had asked in its turn: nothing of it waits any more.
    scene.ask(&former, scene.born(0)).await;
    staff.move_back(administrator, student).await.unwrap();
    assert!(scene.is_linked(&former).await && !scene.is_linked(&pupil).await);
    assert_eq!(staff.count_pending(administrator).await.unwrap(), 0);
    let again = settled(staff.move_back(administrator, student).await);
    assert_eq!(again, Err(LinkingRefusal::MoveExpired));

    let request = scene.ask(&pupil, scene.born(0)).await;
    staff
        .move_link(administrator, request, student)
        .await
        .unwrap();
    scene
        .build
        .clock
        .advance(SignedDuration::from_hours(30 * 24 + 1));
    let late = settled(staff.move_back(administrator, student).await);
    assert_eq!(late, Err(LinkingRefusal::MoveExpired));
}

pub async fn unlink_by_an_administrator_with_a_reason(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let elsewhere = scene.build.class(&scene.stores, one_row()).await;
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    let student = scene.student(0);
    let unlink = async |by: &Member, student, reason: &str| {
        settled(scene.staff.unlink(by, student, reason).await)
    };
    let administrator = &scene.class.administrator;
    let not_linked = Err(LinkingRefusal::NotLinked);
    assert_eq!(unlink(administrator, student, "erreur").await, not_linked);
    scene.try_date(&pupil, scene.born(0)).await.unwrap();
    let by_teacher = unlink(&scene.class.teacher, student, "erreur").await;
    assert_eq!(by_teacher, Err(LinkingRefusal::RoleInsufficient));
    let mut stranger = elsewhere.teacher.clone();
    stranger.role = Role::Administrator;
    assert_eq!(unlink(&stranger, student, "erreur").await, not_linked);
    let missing = unlink(administrator, student, "  ").await;
    assert_eq!(missing, Err(LinkingRefusal::ReasonMissing));
    unlink(administrator, student, "Mauvais élève")
        .await
        .unwrap();
    assert!(!scene.is_linked(&pupil).await);
    assert_eq!(scene.participants(&scene.class.campaign).await, 0);
    let tried = scene.try_date(&pupil, scene.born(0)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
    assert_eq!(scene.participants(&scene.class.campaign).await, 1);
}

pub async fn never_link_twice_whatever_the_sequence(stores: Stores) {
    const STEPS: usize = 150;
    let rows = vec![
        row(1, "Lefèvre", "Zoé", "6A"),
        row(2, "Colin", "Léa", "6A"),
        row(3, "Petit", "Hugo", "6A"),
    ];
    let scene = Scene::with(stores, rows).await;
    let mut pupils = Vec::new();
    for (last_name, first_name) in [
        ("Lefèvre", "Zoé"),
        ("Lefèvre", "Zoé"),
        ("Colin", "Léa"),
        ("X", "Y"),
    ] {
        pupils.push(scene.pupil(last_name, first_name).await);
    }
    let mut linkings = 0;
    for _ in 0..STEPS {
        let [action, pupil, student] = scene.build.bytes::<3>().map(usize::from);
        let pupil = &pupils[pupil % pupils.len()];
        let student = student % scene.class.students.len();
        let id = scene.student(student);
        let code = scene.class.campaign.code.to_string();
        let date = typed(scene.born(student));
        let waiting = scene
            .stores
            .requests
            .last_of(scene.class.school.id, pupil.id)
            .await;
        let waiting = waiting
            .unwrap()
            .map_or(LinkingRequestId(id.0), |request| request.id);
        match action % 8 {
            0 => drop(refused(
                scene.pupils.submit_birthdate(pupil, &code, &date).await,
            )),
            1 => drop(refused(scene.pupils.ask_teacher(pupil, &code, &date).await)),
            2 => drop(settled(
                scene.staff.approve(&scene.class.teacher, waiting, id).await,
            )),
            3 => drop(settled(
                scene
                    .staff
                    .move_link(&scene.class.administrator, waiting, id)
                    .await,
            )),
            4 => drop(settled(
                scene
                    .staff
                    .unlink(&scene.class.administrator, id, "essai")
                    .await,
            )),
            5 => drop(settled(
                scene.staff.move_back(&scene.class.administrator, id).await,
            )),
            6 => drop(settled(
                scene.staff.refuse(&scene.class.teacher, waiting).await,
            )),
            _ => drop(refused(scene.pupils.enter_campaign(pupil, &code).await)),
        }
        scene.build.clock.advance(SignedDuration::from_hours(5));
        linkings += require_one_to_one(&scene, &pupils).await;
    }
    assert!(
        linkings * 2 > STEPS,
        "links must often hold for this to prove anything: {linkings}"
    );
}

/// Seen from students and from accounts, links are the same: how many.
async fn require_one_to_one(scene: &Scene, pupils: &[PupilAccount]) -> usize {
    let school = scene.class.school.id;
    let (mut of_students, mut of_pupils) = (Vec::new(), Vec::new());
    for student in &scene.class.students {
        let link = scene
            .stores
            .links
            .link_of_student(school, student.id)
            .await
            .unwrap();
        of_students.extend(link.map(|(link, _)| (link.student_id, link.pupil_id)));
    }
    for pupil in pupils {
        let link = scene
            .stores
            .links
            .link_of_pupil(school, pupil.id)
            .await
            .unwrap();
        of_pupils.extend(link.map(|link| (link.student_id, link.pupil_id)));
    }
    of_students.sort();
    of_pupils.sort();
    assert_eq!(of_students, of_pupils);
    of_students.len()
}
