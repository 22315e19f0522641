//! What somebody learns who tries birth dates: nothing, by the answer nor by what the stores are asked.

use jiff::SignedDuration;
use jiff::civil::Date;
use pix_orga_domain::reconciliation::tries::{ALARM_MISSES_MIN, TRIES_PER_DAY_MAX, Tries};
use pix_orga_domain::reconciliation::use_cases::{EntryRefusal, Tried};
use pix_orga_domain::refusal::Denied;

use super::reconciliation::{NOBODY_BORN, Scene, nobody, one_row, typed};
use crate::build::roster::{imported, row};
use crate::stores::Stores;

/// Every clause of who tries birth dates.
#[macro_export]
macro_rules! guessing_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, guessing:
            answer_alike_whatever_the_reason,
            ask_the_stores_alike_whatever_the_reason,
            raise_the_alarm_when_a_school_is_guessed_at,
            compare_no_more_than_five_of_many_dates_at_once,
        );
    };
}

/// A try that designates nobody: why, the signed names, the date typed.
struct Miss {
    reason: &'static str,
    last_name: &'static str,
    first_name: &'static str,
    date: Date,
}

/// A school where a try can fail for every reason, and one try for each. One student is linked, another has left, and
/// `Lefèvre Zoé` is free.
async fn every_miss(stores: Stores) -> (Scene, Vec<Miss>) {
    let mut rows = vec![
        row(1, "Lefèvre", "Zoé", "6A"),
        row(2, "Colin", "Léa", "6A"),
        row(3, "Colin", "Léa", "6A"),
        row(4, "Petit", "Hugo", "6A"),
        row(5, "Moreau", "Inès", "6A"),
    ];
    let scene = Scene::with(stores, rows.clone()).await;
    let holder = scene.pupil("Petit", "Hugo").await;
    let linked = scene.try_date(&holder, scene.born(3)).await.unwrap();
    assert!(matches!(linked, Tried::In(_)));
    rows.pop();
    imported(&scene.build, &scene.stores, scene.class.school.id, rows).await;
    let one_digit_off = Date::constant(2013, 1, 2);
    let misses = [
        ("no such date", "LEFEVRE", "Zoé", NOBODY_BORN),
        ("one digit off", "LEFEVRE", "Zoé", one_digit_off),
        ("names differ", "Durand", "Paul", scene.born(0)),
        ("a twin", "Lefèvre", "Paul", scene.born(0)),
        ("ambiguous", "Colin", "Léa", scene.born(1)),
        ("linked already", "Petit", "Hugo", scene.born(3)),
        ("left", "Moreau", "Inès", scene.born(4)),
    ];
    let misses = misses.map(|(reason, last_name, first_name, date)| Miss {
        reason,
        last_name,
        first_name,
        date,
    });
    (scene, Vec::from(misses))
}

pub async fn answer_alike_whatever_the_reason(stores: Stores) {
    let (scene, misses) = every_miss(stores).await;
    for miss in misses {
        let pupil = scene.pupil(miss.last_name, miss.first_name).await;
        let tried = scene.try_date(&pupil, miss.date).await;
        assert_eq!(tried, Ok(nobody(4)), "{}", miss.reason);
        assert!(!scene.is_linked(&pupil).await, "{}", miss.reason);
    }
    assert_eq!(scene.participants(&scene.class.campaign).await, 1);
}

/// A link takes the same steps too, but for what it writes.
pub async fn ask_the_stores_alike_whatever_the_reason(stores: Stores) {
    let (mut scene, misses) = every_miss(stores).await;
    let recording = scene.record();
    let read = [
        "campaigns.find_by_code",
        "organizations.find",
        "links.link_of_pupil",
        "links.tries",
        "links.candidates",
        "requests.last_of",
        "links.misses",
    ];
    for miss in misses {
        let pupil = scene.pupil(miss.last_name, miss.first_name).await;
        let tried = scene.try_date(&pupil, miss.date).await;
        assert_eq!(tried, Ok(nobody(4)), "{}", miss.reason);
        let steps = [&read[..], &["links.record_miss"]].concat();
        assert_eq!(recording.take(), steps, "{}", miss.reason);
    }
    let pupil = scene.pupil("Lefèvre", "Zoé").await;
    let tried = scene.try_date(&pupil, scene.born(0)).await;
    assert!(matches!(tried, Ok(Tried::In(_))));
    let steps = [&read[..], &["links.record_linking"]].concat();
    assert_eq!(recording.take(), steps);
}

/// Each try has its rank: of those that read the same one, one is written, and the others are judged again or say that
/// others wrote first.
pub async fn compare_no_more_than_five_of_many_dates_at_once(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let pupil = scene.pupil("A", "B").await;
    let code = scene.class.campaign.code.to_string();
    let tries: Vec<_> = (0..40)
        .map(|_| {
            let (pupils, pupil, code) = (scene.pupils.clone(), pupil.clone(), code.clone());
            tokio::spawn(async move {
                let typed = typed(NOBODY_BORN);
                pupils.submit_birthdate(&pupil, &code, &typed).await
            })
        })
        .collect();
    let mut compared = 0;
    for one in tries {
        match one.await.unwrap() {
            Ok(Tried::Nobody { .. }) => compared += 1,
            Err(Denied::Stale | Denied::Refused(EntryRefusal::AttemptsExhaustedToday)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!((1..=TRIES_PER_DAY_MAX).contains(&compared), "{compared}");
    while scene.try_date(&pupil, NOBODY_BORN).await.is_ok() {
        compared += 1;
    }
    assert_eq!(compared, TRIES_PER_DAY_MAX);
}

pub async fn raise_the_alarm_when_a_school_is_guessed_at(stores: Stores) {
    let scene = Scene::with(stores, one_row()).await;
    let school = scene.class.school.id;
    for _ in 0..ALARM_MISSES_MIN - 2 {
        let pupil = scene.pupil("A", "B").await;
        let missed = Tries::default().next(pupil.id, school, true, scene.build.now());
        scene.stores.links.record_miss(&missed).await.unwrap();
    }
    let pupil = scene.pupil("A", "B").await;
    for (tries_left, alarm) in [(4, None), (3, Some(school))] {
        let expected = Ok(Tried::Nobody { tries_left, alarm });
        assert_eq!(scene.try_date(&pupil, NOBODY_BORN).await, expected);
    }
    scene.build.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(scene.try_date(&pupil, NOBODY_BORN).await, Ok(nobody(2)));
}
