use super::*;
use crate::ids::{CampaignId, OrganizationId, PupilId, StudentId};
use crate::reconciliation::decision::Near;
use crate::reconciliation::evidence::{Level, Levels};
use crate::reconciliation::requests::LinkingRequest;
use crate::reconciliation::testing::{BORN, student};
use crate::store::Revision;
use uuid::Uuid;

fn day(number: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + number * 86_400).unwrap()
}

fn identity(id: u128, last_name: &str, seen: i64) -> SeenIdentity {
    SeenIdentity {
        pupil_id: PupilId(Uuid::from_u128(id)),
        last_name: last_name.to_owned(),
        first_name: "Zoé".to_owned(),
        divisions: vec!["3A##3EME A".to_owned()],
        signed_in_at: day(seen),
    }
}

const EXACT: Levels = Levels {
    surname: Level::Same,
    first_name: Level::Same,
    given: 0,
    swapped: false,
    division: true,
};

fn near(id: u128, reason: NearReason, levels: Levels, linked: bool) -> NearStudent {
    let student = student(id, "Lefèvre", "Zoé");
    let account = identity(100 + id, "LEFEVRE", 1);
    let link = StudentLink {
        id: LinkId(Uuid::from_u128(200 + id)),
        organization_id: OrganizationId(Uuid::from_u128(1)),
        student_id: student.student_id,
        pupil_id: account.pupil_id,
        linked_at: day(0),
        moved_from: None,
    };
    NearStudent {
        near: Near {
            student_id: student.student_id,
            reason,
            levels,
            already_linked: linked,
        },
        student,
        linked_to: linked.then_some((link, account)),
    }
}

fn seen(id: u128, near: Vec<NearStudent>) -> SeenRequest {
    SeenRequest {
        asked: RequestRecord {
            request: LinkingRequest {
                id: LinkingRequestId(Uuid::from_u128(300 + id)),
                organization_id: OrganizationId(Uuid::from_u128(1)),
                pupil_id: PupilId(Uuid::from_u128(id)),
                campaign_id: CampaignId(Uuid::from_u128(2)),
                birthdate: BORN,
                exact_when_asked: false,
                asked_at: day(5),
                state: RequestState::Pending,
                revision: Revision::default(),
            },
            pupil: identity(id, "Lefèvre", 6),
            campaign_title: "Rentrée".to_owned(),
            campaign_archived: false,
        },
        near,
    }
}

fn certain() -> NearStudent {
    near(1, NearReason::SameNames, EXACT, true)
}

#[test]
fn one_exact_student_of_the_class_who_is_linked_is_proposed() {
    let request = seen(50, vec![certain()]);
    let moves = proposed(std::slice::from_ref(&request));
    assert_eq!(moves.len(), 1);
    assert_eq!(moves[0].student.student_id, StudentId(Uuid::from_u128(1)));
    assert_eq!(
        moves[0].chosen(),
        ChosenMove {
            request: request.asked.request.id,
            link: LinkId(Uuid::from_u128(201)),
        }
    );
    assert_eq!(moves[0].cautions(), []);
    // A homonym of another class, or a twin, changes nothing.
    let elsewhere = Levels {
        division: false,
        ..EXACT
    };
    for other in [
        near(2, NearReason::SameNames, elsewhere, true),
        near(2, NearReason::SurnameOnly, elsewhere, false),
    ] {
        assert_eq!(proposed(&[seen(50, vec![other, certain()])]).len(), 1);
    }
}

#[test]
fn anything_short_of_that_is_not() {
    let with = |levels: Levels, reason| vec![near(1, reason, levels, true)];
    let no_class = Levels {
        division: false,
        ..EXACT
    };
    let close = Levels {
        surname: Level::Close,
        ..EXACT
    };
    let second = Levels { given: 1, ..EXACT };
    for (case, near) in [
        ("nobody", vec![]),
        ("no class", with(no_class, NearReason::SameNames)),
        ("a letter off", with(close, NearReason::NamesClose)),
        ("a later given name", with(second, NearReason::NamesClose)),
        ("another day", with(EXACT, NearReason::OneDigitOff)),
        ("swapped", with(EXACT, NearReason::DayMonthSwapped)),
        ("free", vec![near(1, NearReason::SameNames, EXACT, false)]),
        (
            "two of the class",
            vec![certain(), near(2, NearReason::SameNames, EXACT, true)],
        ),
    ] {
        assert_eq!(proposed(&[seen(50, near)]), [], "{case}");
    }
    let mut settled = seen(50, vec![certain()]);
    settled.asked.request.state = RequestState::Overtaken { at: day(6) };
    assert_eq!(proposed(&[settled]), []);
    let own = seen(101, vec![certain()]);
    assert_eq!(proposed(&[own]), [], "their own link");
}

#[test]
fn two_accounts_that_ask_for_one_student_are_a_doubt_about_both() {
    let other = near(2, NearReason::SameNames, EXACT, true);
    let requests = [
        seen(50, vec![certain()]),
        seen(51, vec![certain()]),
        seen(52, vec![other]),
    ];
    let moves = proposed(&requests);
    assert_eq!(moves.len(), 1);
    assert_eq!(moves[0].asked.pupil.pupil_id, PupilId(Uuid::from_u128(52)));
}

#[test]
fn an_account_in_use_or_of_another_name_is_looked_at_by_itself() {
    let with = |last_name: &str, seen_on: i64| {
        let mut near = certain();
        let (_, former) = near.linked_to.as_mut().unwrap();
        last_name.clone_into(&mut former.last_name);
        former.signed_in_at = day(seen_on);
        proposed(&[seen(50, vec![near])]).remove(0).cautions()
    };
    assert_eq!(with("LEFÈVRE", 5), []);
    assert_eq!(with("lefevre", 6), [Caution::SeenSince]);
    assert_eq!(with("Colin", 2), [Caution::OtherNames]);
    assert_eq!(with("Colin", 7), [Caution::SeenSince, Caution::OtherNames]);
}
