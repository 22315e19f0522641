//! Many links moved at once, on real stores: each move is a write of its own.

use jiff::SignedDuration;
use jiff::civil::{Date, date};
use pix_orga_domain::audit::{Action, Actor};
use pix_orga_domain::ids::LinkId;
use pix_orga_domain::pupil::PupilAccount;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
use pix_orga_domain::reconciliation::linking::LinkingRefusal;
use pix_orga_domain::reconciliation::moving::{
    Caution, ChosenMove, MOVES_AT_ONCE_MAX, MoveOutcome, MovesMade, ProposedMove,
};
use pix_orga_domain::reconciliation::requests::RequestState;
use pix_orga_domain::reconciliation::use_cases::Tried;
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::roster::reading::StudentRow;

use super::at_once;
use super::reconciliation::Scene;
use crate::build::roster::row;
use crate::stores::Stores;

/// Every clause of links moved many at once.
#[macro_export]
macro_rules! moving_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, moving:
            propose_only_what_leaves_no_doubt,
            move_many_links_and_say_of_each_what_became_of_it,
            move_nothing_that_is_not_what_was_shown,
            refuse_to_move_without_a_choice_or_the_role,
            let_two_administrators_move_each_link_once,
            move_six_hundred_links_in_one_go,
        );
    };
}

/// So many pupils of one class, born on as many days.
fn class_of(pupils: usize) -> Vec<StudentRow> {
    let first = date(2012, 1, 1);
    (1..)
        .take(pupils)
        .map(|number: u32| {
            let days = SignedDuration::from_hours(24 * i64::from(number));
            StudentRow {
                birthdate: first.checked_add(days).unwrap(),
                ..row(number, &name(number), "Zoé", "6A")
            }
        })
        .collect()
}

/// A surname that resembles no other.
fn name(number: u32) -> String {
    const SYLLABLES: [&str; 8] = ["ba", "ko", "mi", "ru", "se", "to", "vel", "zan"];
    let digits = [number / 512, number / 64 % 8, number / 8 % 8, number % 8];
    digits.map(|digit| SYLLABLES[digit as usize % 8]).concat()
}

impl Scene {
    /// An account of a student of the class, signed in now; with the class, or without.
    async fn account(&self, student: usize, divisions: &[&str]) -> PupilAccount {
        let student = &self.class.students[student];
        let identity = FederatedIdentity {
            divisions: divisions.iter().map(|&one| one.to_owned()).collect(),
            ..self
                .build
                .identity(&self.class.school, &student.last_name, &student.first_name)
        };
        let signed_in = self.build.sign_in(None, &identity);
        let recorded = self.stores.pupils.record_sign_in(&signed_in).await;
        recorded.unwrap();
        signed_in.account
    }

    /// The account of before is linked, then the student comes with another one and asks.
    async fn changes(&self, student: usize, divisions: &[&str]) -> [PupilAccount; 2] {
        let former = self.account(student, &["6A"]).await;
        let tried = self.try_date(&former, self.born(student)).await.unwrap();
        assert!(matches!(tried, Tried::In(_)));
        let new = self.account(student, divisions).await;
        self.ask(&new, self.born(student)).await;
        [former, new]
    }

    async fn proposed(&self) -> Vec<ChosenMove> {
        let proposed = self.staff.proposed_moves(&self.class.teacher).await;
        let moves = proposed.unwrap().moves;
        moves.iter().map(ProposedMove::chosen).collect()
    }

    async fn make(&self, chosen: &[ChosenMove]) -> Result<MovesMade, LinkingRefusal> {
        let made = self.staff.move_links(&self.class.administrator, chosen);
        made.await.map_err(|denied| match denied {
            Denied::Refused(refusal) => refusal,
            other => panic!("{other}"),
        })
    }
}

fn outcomes(made: &MovesMade) -> Vec<MoveOutcome> {
    assert!(made.failure.is_none());
    made.results.iter().map(|result| result.outcome).collect()
}

pub async fn propose_only_what_leaves_no_doubt(stores: Stores) {
    let mut rows = class_of(5);
    // A twin of the second, of the same class.
    rows.push(StudentRow {
        eleve_id: "90".to_owned(),
        ine: None,
        first_name: "Léo".to_owned(),
        ..rows[1].clone()
    });
    let scene = Scene::with(stores, rows).await;
    let [former, new] = scene.changes(0, &["6A##6EME A"]).await;
    let [_, twin] = scene.changes(1, &["6 a."]).await;
    scene.changes(2, &[]).await;
    scene.changes(3, &["6B"]).await;
    // Not linked: a person approves, or the pupil tries the date.
    let free = scene.account(4, &["6A"]).await;
    scene.ask(&free, scene.born(4)).await;
    let proposed = scene
        .staff
        .proposed_moves(&scene.class.teacher)
        .await
        .unwrap();
    assert_eq!(proposed.others, 0);
    let asked: Vec<_> = proposed
        .moves
        .iter()
        .map(|one| one.asked.pupil.pupil_id)
        .collect();
    assert_eq!(asked, [new.id, twin.id]);
    let first = &proposed.moves[0];
    assert_eq!(first.student.student_id, scene.student(0));
    assert_eq!(
        (first.former.pupil_id, first.link.pupil_id),
        (former.id, former.id)
    );
    assert_eq!(first.former.signed_in_at, former.signed_in_at);
    assert_eq!(first.asked.pupil.signed_in_at, new.signed_in_at);
    assert_eq!(first.cautions(), []);

    // The former account comes back: to be looked at by itself, and still proposed.
    let identity = scene.build.identity(&scene.class.school, "Autre", "Zoé");
    let again = scene.build.sign_in(Some(&former), &identity);
    scene.stores.pupils.record_sign_in(&again).await.unwrap();
    let proposed = scene
        .staff
        .proposed_moves(&scene.class.teacher)
        .await
        .unwrap();
    assert_eq!(
        proposed.moves[0].cautions(),
        [Caution::SeenSince, Caution::OtherNames]
    );
    // A second account asks for the same student: a doubt about both, for who has the page of before too.
    let before = proposed.moves[0].chosen();
    let third = scene.account(0, &["6A"]).await;
    scene.ask(&third, scene.born(0)).await;
    assert_eq!(scene.proposed().await.len(), 1);
    let made = scene.make(&[before]).await.unwrap();
    let uncertain = MoveOutcome::Refused(LinkingRefusal::MoveUncertain);
    assert_eq!(outcomes(&made), [uncertain]);
    assert_eq!(made.results[0].pupil.as_ref().unwrap().pupil_id, new.id);
    // Who left is nobody’s any more.
    let rest = class_of(1);
    crate::build::roster::imported(&scene.build, &scene.stores, scene.class.school.id, rest).await;
    assert_eq!(scene.proposed().await, []);
}

pub async fn move_many_links_and_say_of_each_what_became_of_it(stores: Stores) {
    let scene = Scene::with(stores, class_of(4)).await;
    let mut accounts = Vec::new();
    for student in 0..4 {
        accounts.push(scene.changes(student, &["6A"]).await);
    }
    let chosen = scene.proposed().await;
    assert_eq!(chosen.len(), 4);
    // Meanwhile, a colleague refuses the second, and the third is moved by hand.
    let (teacher, administrator) = (&scene.class.teacher, &scene.class.administrator);
    scene
        .staff
        .refuse(teacher, chosen[1].request)
        .await
        .unwrap();
    let by_hand = scene
        .staff
        .move_link(administrator, chosen[2].request, scene.student(2));
    by_hand.await.unwrap();
    let before = scene.participants(&scene.class.campaign).await;

    let made = scene.make(&chosen).await.unwrap();
    let settled = MoveOutcome::Refused(LinkingRefusal::RequestAlreadySettled);
    let expected = [MoveOutcome::Moved, settled, settled, MoveOutcome::Moved];
    assert_eq!(outcomes(&made), expected);
    for (result, [_, new]) in made.results.iter().zip(&accounts) {
        assert_eq!(
            result.pupil.as_ref().unwrap().pupil_id,
            new.id,
            "named in each case"
        );
    }
    for (student, moved) in [(0, true), (1, false), (2, true), (3, true)] {
        let [former, new] = &accounts[student];
        assert_eq!(scene.is_linked(new).await, moved, "{student}");
        assert_eq!(scene.is_linked(former).await, !moved, "{student}");
    }
    assert_eq!(
        scene.participants(&scene.class.campaign).await,
        before,
        "what was entered follows"
    );
    assert_eq!(scene.staff.count_pending(teacher).await.unwrap(), 0);
    let school = scene.class.school.id;
    let trail = scene.stores.audit.latest(school, 2).await.unwrap();
    for (entry, student) in trail.iter().zip([3, 0]) {
        let [from, to] = [accounts[student][0].id, accounts[student][1].id];
        let student = scene.student(student);
        assert_eq!(entry.action, Action::LinkMoved { student, from, to });
        assert_eq!(entry.actor, Actor::Account(administrator.account.id));
    }
    let asked = scene.stores.requests.find(school, chosen[0].request).await;
    let state = asked.unwrap().unwrap().request.state;
    let by = administrator.account.id;
    assert!(matches!(state, RequestState::Approved { by: who, .. } if who == by));

    // Each goes back within thirty days.
    scene
        .build
        .clock
        .advance(SignedDuration::from_hours(30 * 24 - 1));
    scene
        .staff
        .move_back(administrator, scene.student(0))
        .await
        .unwrap();
    assert!(scene.is_linked(&accounts[0][0]).await);
    scene.build.clock.advance(SignedDuration::from_hours(2));
    let late = scene.staff.move_back(administrator, scene.student(3)).await;
    assert!(matches!(
        late,
        Err(Denied::Refused(LinkingRefusal::MoveExpired))
    ));
}

pub async fn move_nothing_that_is_not_what_was_shown(stores: Stores) {
    let scene = Scene::with(stores, class_of(4)).await;
    let mut accounts = Vec::new();
    for student in 0..4 {
        accounts.push(scene.changes(student, &["6A"]).await);
    }
    let chosen = scene.proposed().await;
    let administrator = &scene.class.administrator;
    // The first is free again; the second is another account’s; the third pupil’s class is signed no more.
    for student in [0, 1] {
        let freed = scene
            .staff
            .unlink(administrator, scene.student(student), "essai");
        freed.await.unwrap();
    }
    scene
        .try_date(&accounts[1][0], scene.born(1))
        .await
        .unwrap();
    let new = &accounts[2][1];
    let identity = FederatedIdentity {
        divisions: Vec::new(),
        ..scene.build.identity(
            &scene.class.school,
            &new.signed.last_name,
            &new.signed.first_name,
        )
    };
    let signed_in = scene.build.sign_in(Some(new), &identity);
    scene
        .stores
        .pupils
        .record_sign_in(&signed_in)
        .await
        .unwrap();
    let other = Scene::of(scene.build.clone(), scene.stores.clone(), class_of(1)).await;
    other.changes(0, &["6A"]).await;
    let elsewhere = other.proposed().await[0];
    let wrong = ChosenMove {
        link: LinkId(scene.build.id()),
        ..chosen[3]
    };
    let all = [chosen[0], chosen[1], chosen[2], elsewhere, wrong];
    let made = scene.make(&all).await.unwrap();
    let [uncertain, unknown] = [
        LinkingRefusal::MoveUncertain,
        LinkingRefusal::RequestNotFound,
    ];
    let expected = [uncertain, uncertain, uncertain, unknown, uncertain];
    assert_eq!(outcomes(&made), expected.map(MoveOutcome::Refused));
    assert_eq!(
        made.results[3].pupil, None,
        "nobody of another school is named"
    );
    for (student, [former, new]) in accounts.iter().enumerate() {
        assert!(!scene.is_linked(new).await, "{student}");
        assert_eq!(scene.is_linked(former).await, student != 0, "{student}");
    }
}

pub async fn refuse_to_move_without_a_choice_or_the_role(stores: Stores) {
    let scene = Scene::with(stores, class_of(1)).await;
    let [former, _] = scene.changes(0, &["6A"]).await;
    let chosen = scene.proposed().await;
    let by_teacher = scene.staff.move_links(&scene.class.teacher, &chosen).await;
    let refusal = LinkingRefusal::RoleInsufficient;
    assert!(matches!(by_teacher, Err(Denied::Refused(refused)) if refused == refusal));
    assert_eq!(
        scene.make(&[]).await.err(),
        Some(LinkingRefusal::NothingChosen)
    );
    let too_many: Vec<_> = (0..=MOVES_AT_ONCE_MAX)
        .map(|_| ChosenMove {
            link: LinkId(scene.build.id()),
            ..chosen[0]
        })
        .collect();
    assert_eq!(
        scene.make(&too_many).await.err(),
        Some(LinkingRefusal::TooManyMoves)
    );
    assert!(scene.is_linked(&former).await);
    // The same one twice is one.
    let twice = vec![chosen[0]; MOVES_AT_ONCE_MAX + 1];
    let made = scene.make(&twice).await.unwrap();
    assert_eq!(outcomes(&made), [MoveOutcome::Moved]);
}

pub async fn let_two_administrators_move_each_link_once(stores: Stores) {
    const PUPILS: usize = 20;
    let scene = Scene::with(stores, class_of(PUPILS)).await;
    for student in 0..PUPILS {
        scene.changes(student, &["6A"]).await;
    }
    let chosen = scene.proposed().await;
    let attempt = |mut chosen: Vec<ChosenMove>, reverse: bool| {
        let (staff, administrator) = (scene.staff.clone(), scene.class.administrator.clone());
        if reverse {
            chosen.reverse();
        }
        async move { staff.move_links(&administrator, &chosen).await.unwrap() }
    };
    let both = at_once(
        attempt(chosen.clone(), false),
        attempt(chosen.clone(), true),
    )
    .await;
    let all: Vec<_> = both.iter().flat_map(outcomes).collect();
    let moved = all.iter().filter(|outcome| **outcome == MoveOutcome::Moved);
    assert_eq!(moved.count(), PUPILS);
    let settled = MoveOutcome::Refused(LinkingRefusal::RequestAlreadySettled);
    let late = all.iter().filter(|outcome| **outcome == settled);
    assert_eq!(late.count(), PUPILS, "{all:?}");
    assert_eq!(scene.proposed().await, []);
}

/// A whole collège changes its ENT.
pub async fn move_six_hundred_links_in_one_go(stores: Stores) {
    const PUPILS: usize = 600;
    let scene = Scene::with(stores, class_of(PUPILS)).await;
    let days: Vec<Date> = (0..PUPILS).map(|student| scene.born(student)).collect();
    assert!(days.windows(2).all(|two| two[0] < two[1]));
    for student in 0..PUPILS {
        let former = scene.account(student, &["6A"]).await;
        scene
            .class
            .link(&scene.build, &scene.stores, student, former.id)
            .await;
        let new = scene.account(student, &["6A"]).await;
        scene
            .class
            .ask(&scene.build, &scene.stores, student, new.id)
            .await;
    }
    let chosen = scene.proposed().await;
    assert_eq!(chosen.len(), PUPILS);
    let made = scene.make(&chosen).await.unwrap();
    let outcomes = outcomes(&made);
    assert!(
        outcomes
            .iter()
            .all(|outcome| *outcome == MoveOutcome::Moved)
    );
    let waiting = scene
        .staff
        .count_pending(&scene.class.teacher)
        .await
        .unwrap();
    assert_eq!((waiting, scene.proposed().await.len()), (0, 0));
}
