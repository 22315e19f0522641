//! What becomes of a request when the roster, a link or a campaign moves after it was asked.

use jiff::civil::date;
use pix_orga_domain::audit::{Action, Actor};
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
use pix_orga_domain::reconciliation::decision::NearReason;
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::reconciliation::tries::Tries;
use pix_orga_domain::reconciliation::use_cases::{Admission, Entry, EntryRefusal, Tried};
use pix_orga_domain::roster::reading::StudentRow;

use super::reconciliation::{NOBODY_BORN, Scene, one_row, refused};
use crate::build::roster::{TODAY, imported, row};
use crate::stores::Stores;

/// Every clause of requests that wait while things move.
#[macro_export]
macro_rules! newcomers_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, newcomers:
            show_the_student_who_was_imported_after_the_request,
            link_the_pupil_who_comes_back_once_imported,
            link_nobody_who_comes_back_short_of_an_exact_match,
            ask_the_stores_alike_whoever_comes_back,
            link_nobody_by_asking_for_one_date_after_another,
            link_who_comes_back_to_a_student_freed_since,
            match_again_by_the_names_that_are_signed_now,
            let_a_request_outlive_its_campaign,
            judge_what_another_process_left,
        );
    };
}

fn newcomer() -> StudentRow {
    StudentRow {
        birthdate: date(2015, 10, 2),
        ..row(300, "Torres Saint-Georges", "Lilou", "6E")
    }
}

/// A pupil asks whom the list does not have, then another list comes.
async fn asks_then(stores: Stores, then: Vec<StudentRow>) -> (Scene, PupilAccount) {
    asks_in(Scene::with(stores, one_row()).await, then).await
}

/// The same, in another school of the same stores.
async fn asks_beside(scene: &Scene, then: Vec<StudentRow>) -> (Scene, PupilAccount) {
    let (build, stores) = (scene.build.clone(), scene.stores.clone());
    asks_in(Scene::of(build, stores, one_row()).await, then).await
}

async fn asks_in(scene: Scene, then: Vec<StudentRow>) -> (Scene, PupilAccount) {
    let pupil = scene.pupil("TORRES SAINT-GEORGES", "Lilou").await;
    let request = scene.ask(&pupil, newcomer().birthdate).await;
    let seen = scene.staff.find(&scene.class.teacher, request).await;
    assert_eq!(seen.unwrap().near, []);
    import(&scene, then).await;
    (scene, pupil)
}

/// Another list of the school, whose first pupil stays.
async fn import(scene: &Scene, mut others: Vec<StudentRow>) {
    others.extend(one_row());
    imported(&scene.build, &scene.stores, scene.class.school.id, others).await;
}

pub async fn show_the_student_who_was_imported_after_the_request(stores: Stores) {
    let (scene, pupil) = asks_then(stores, vec![newcomer()]).await;
    let waiting = scene.staff.pending(&scene.class.teacher).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].asked.pupil.pupil_id, pupil.id);
    let [near] = &waiting[0].near[..] else {
        panic!("one student is the pupil");
    };
    assert_eq!(near.near.reason, NearReason::SameNames);
    assert!(near.near.levels.exact());
    assert_eq!(
        (near.student.division.as_str(), &near.linked_to),
        ("6E", &None)
    );
    let request = waiting[0].asked.request.id;
    let one = scene
        .staff
        .find(&scene.class.teacher, request)
        .await
        .unwrap();
    assert_eq!(one, waiting[0]);
    // Gone again from the list: nobody is shown any more.
    import(&scene, Vec::new()).await;
    let waiting = scene.staff.pending(&scene.class.teacher).await.unwrap();
    assert_eq!(waiting[0].near, []);
}

pub async fn link_the_pupil_who_comes_back_once_imported(stores: Stores) {
    let (scene, pupil) = asks_then(stores, vec![newcomer()]).await;
    let entry = scene.come(&pupil).await.unwrap();
    let Entry::In(admitted) = entry else {
        panic!("the list has them now");
    };
    let division = "6E".to_owned();
    assert_eq!(admitted.how, Admission::Linked { division });
    assert!(scene.is_linked(&pupil).await);
    assert_eq!(scene.participants(&scene.class.campaign).await, 1);
    let school = scene.class.school.id;
    let last = scene.stores.requests.last_of(school, pupil.id).await;
    let state = last.unwrap().unwrap().state;
    assert!(matches!(state, RequestState::Overtaken { .. }));
    let trail = scene.stores.audit.latest(school, 1).await.unwrap();
    assert_eq!(trail[0].actor, Actor::Pupil(pupil.id));
    let Action::StudentLinked { rule, levels, .. } = &trail[0].action else {
        panic!("the trail says who was linked: {:?}", trail[0].action);
    };
    assert_eq!((rule.as_str(), levels.as_str()), ("exact", "3/3"));
    let tries = scene.stores.links.tries(pupil.id, pupil.created_at).await;
    assert_eq!(tries.unwrap(), Tries::default(), "nobody tried a date");
    assert_eq!(
        scene
            .stores
            .rosters
            .summary(school, TODAY)
            .await
            .unwrap()
            .undoable,
        None
    );
    let again = scene.come(&pupil).await.unwrap();
    assert!(matches!(again, Entry::In(_)));
}

/// The lists that come after the request, none of which designates the pupil exactly, with why.
fn short_of_exact() -> Vec<(&'static str, Vec<StudentRow>)> {
    let twin = row(301, "Torres Saint-Georges", "Lilou", "6D");
    vec![
        ("nobody", vec![]),
        (
            "half of the surname",
            vec![StudentRow {
                last_name: "Torres".to_owned(),
                ..newcomer()
            }],
        ),
        (
            "a letter off",
            vec![StudentRow {
                last_name: "Torrez Saint-Georges".to_owned(),
                ..newcomer()
            }],
        ),
        (
            "another day",
            vec![StudentRow {
                birthdate: date(2015, 10, 3),
                ..newcomer()
            }],
        ),
        (
            "two of them",
            vec![
                newcomer(),
                StudentRow {
                    birthdate: newcomer().birthdate,
                    ..twin
                },
            ],
        ),
    ]
}

fn is_asked_who_they_are(entry: &Entry) -> bool {
    matches!(entry, Entry::CheckIdentity(check)
        if check.request == Some(RequestState::Pending) && check.tries_left == 5)
}

pub async fn link_nobody_who_comes_back_short_of_an_exact_match(stores: Stores) {
    let first = Scene::with(stores, one_row()).await;
    for (reason, then) in short_of_exact() {
        let (scene, pupil) = asks_beside(&first, then).await;
        let entry = scene.come(&pupil).await.unwrap();
        assert!(is_asked_who_they_are(&entry), "{reason}");
        assert!(!scene.is_linked(&pupil).await, "{reason}");
        assert_eq!(
            scene
                .staff
                .count_pending(&scene.class.teacher)
                .await
                .unwrap(),
            1
        );
        assert_eq!(scene.participants(&scene.class.campaign).await, 0);
    }
    // Linked already, and left.
    let (scene, pupil) = asks_in(first, vec![newcomer()]).await;
    let holder = scene.pupil("Torres Saint-Georges", "Lilou").await;
    let tried = scene.try_date(&holder, newcomer().birthdate).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
    assert!(is_asked_who_they_are(&scene.come(&pupil).await.unwrap()));
    import(&scene, Vec::new()).await;
    assert!(is_asked_who_they_are(&scene.come(&pupil).await.unwrap()));
    // Refused by a person: what they decided holds.
    let waiting = scene.staff.pending(&scene.class.teacher).await.unwrap();
    let request = waiting[0].asked.request.id;
    scene
        .staff
        .refuse(&scene.class.teacher, request)
        .await
        .unwrap();
    let other = scene.pupil("Torres Saint-Georges", "Lilou").await;
    let request = scene.ask(&other, NOBODY_BORN).await;
    scene
        .staff
        .refuse(&scene.class.teacher, request)
        .await
        .unwrap();
    let Entry::CheckIdentity(check) = scene.come(&other).await.unwrap() else {
        panic!("a person found that they are nobody's");
    };
    assert!(matches!(check.request, Some(RequestState::Refused { .. })));
}

/// Whatever the new list has of them, the stores are asked the same, and only a link is written.
pub async fn ask_the_stores_alike_whoever_comes_back(stores: Stores) {
    let read = [
        "campaigns.find_by_code",
        "organizations.find",
        "links.link_of_pupil",
        "links.linked_elsewhere",
        "requests.last_of",
        "links.tries",
        "links.candidates",
    ];
    let first = Scene::with(stores, one_row()).await;
    for (reason, then) in short_of_exact() {
        let (mut scene, pupil) = asks_beside(&first, then).await;
        let recording = scene.record();
        let entry = scene.come(&pupil).await.unwrap();
        assert!(is_asked_who_they_are(&entry), "{reason}");
        assert_eq!(recording.take(), read, "{reason}");
    }
    let (mut scene, pupil) = asks_in(first, vec![newcomer()]).await;
    let recording = scene.record();
    assert!(matches!(scene.come(&pupil).await, Ok(Entry::In(_))));
    let steps = [&read[..], &["links.record_linking"]].concat();
    assert_eq!(recording.take(), steps);
}

/// Asking is no try: whoever asks for the right date, among others, is not linked by coming back.
pub async fn link_nobody_by_asking_for_one_date_after_another(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    for day in [NOBODY_BORN, date(2012, 6, 20), scene.born(0)] {
        let request = scene.ask(&pupil, day).await;
        assert!(is_asked_who_they_are(&scene.come(&pupil).await.unwrap()));
        assert!(!scene.is_linked(&pupil).await);
        let seen = scene.staff.find(&scene.class.teacher, request).await;
        assert_eq!(seen.unwrap().near.len(), usize::from(day == scene.born(0)));
    }
    // The date is theirs to try, and is counted.
    let tried = scene.try_date(&pupil, scene.born(0)).await.unwrap();
    assert!(matches!(tried, Tried::In(_)));
}

pub async fn link_who_comes_back_to_a_student_freed_since(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let holder = scene.pupil("Lefèvre", "Zoé").await;
    scene.try_date(&holder, scene.born(0)).await.unwrap();
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    let request = scene.ask(&pupil, scene.born(0)).await;
    assert!(is_asked_who_they_are(&scene.come(&pupil).await.unwrap()));
    let administrator = &scene.class.administrator;
    let freed = scene
        .staff
        .unlink(administrator, scene.student(0), "Ce n’est pas elle.");
    freed.await.unwrap();
    let seen = scene.staff.find(administrator, request).await.unwrap();
    assert!(!seen.near[0].near.already_linked && seen.near[0].linked_to.is_none());
    assert!(matches!(scene.come(&pupil).await, Ok(Entry::In(_))));
    assert!(scene.is_linked(&pupil).await);
}

pub async fn match_again_by_the_names_that_are_signed_now(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let mut identity = scene.build.identity(&scene.class.school, "Zoé", "Lefèvre");
    let first = scene.build.sign_in(None, &identity);
    scene.stores.pupils.record_sign_in(&first).await.unwrap();
    identity.divisions.clear();
    let signed = scene.build.sign_in(Some(&first.account), &identity);
    scene.stores.pupils.record_sign_in(&signed).await.unwrap();
    let pupil = signed.account;
    let request = scene.ask(&pupil, scene.born(0)).await;
    let seen = scene
        .staff
        .find(&scene.class.teacher, request)
        .await
        .unwrap();
    assert_eq!(seen.near[0].near.reason, NearReason::NamesSwapped);
    assert!(is_asked_who_they_are(&scene.come(&pupil).await.unwrap()));
    let corrected = FederatedIdentity {
        last_name: "LEFEVRE".to_owned(),
        first_name: "Zoé".to_owned(),
        ..identity
    };
    let signed = scene.build.sign_in(Some(&pupil), &corrected);
    scene.stores.pupils.record_sign_in(&signed).await.unwrap();
    let seen = scene
        .staff
        .find(&scene.class.teacher, request)
        .await
        .unwrap();
    assert_eq!(seen.near[0].near.reason, NearReason::SameNames);
    assert!(matches!(
        scene.come(&signed.account).await,
        Ok(Entry::In(_))
    ));
}

/// Its campaign archived, a request still links: by a person, who puts the pupil in no campaign, or by another code.
pub async fn let_a_request_outlive_its_campaign(stores: Stores) {
    let (scene, pupil) = asks_then(stores, vec![newcomer()]).await;
    let other = scene.pupil("Lefèvre", "Zoée").await;
    let request = scene.ask(&other, scene.born(0)).await;
    let (chance, now) = (scene.build.chance.as_ref(), scene.build.now());
    let teacher = &scene.class.teacher;
    let archive = scene.class.campaign.archive(teacher, chance, now);
    let archive = archive.unwrap().unwrap();
    scene.stores.campaigns.record(&archive).await.unwrap();
    assert_eq!(
        scene.come(&pupil).await,
        Err(EntryRefusal::CampaignArchived)
    );
    let waiting = scene.staff.pending(teacher).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert!(waiting.iter().all(|one| one.asked.campaign_archived));
    scene
        .staff
        .approve(teacher, request, scene.student(0))
        .await
        .unwrap();
    assert!(scene.is_linked(&other).await);
    let second = scene.build.campaign(&scene.stores, teacher).await;
    let entry = scene
        .pupils
        .enter_campaign(&pupil, second.code.as_str())
        .await;
    assert!(matches!(refused(entry), Ok(Entry::In(_))));
    assert_eq!(scene.participants(&scene.class.campaign).await, 0);
    assert_eq!(scene.participants(&second).await, 1);
}

/// The process that wrote a list ended before it judged the requests: the next look does.
pub async fn judge_what_another_process_left(stores: Stores) {
    let (scene, _) = asks_then(stores.clone(), vec![newcomer()]).await;
    let (other, _) = asks_beside(&scene, vec![newcomer()]).await;
    for scene in [&scene, &other] {
        let classes = stores
            .rosters
            .classes(scene.class.school.id, TODAY)
            .await
            .unwrap();
        assert_eq!(classes.iter().map(|class| class.to_check).sum::<u32>(), 0);
    }
    stores
        .judge(scene.build.clock.clone())
        .catch_up()
        .await
        .unwrap();
    for scene in [&scene, &other] {
        let classes = stores
            .rosters
            .classes(scene.class.school.id, TODAY)
            .await
            .unwrap();
        let of = classes.iter().find(|class| class.division == "6E").unwrap();
        assert_eq!((of.present, of.to_check, of.not_linked()), (1, 1, 0));
    }
    assert_eq!(
        stores.requests.schools_to_judge(None, 10).await.unwrap(),
        []
    );
}
