use super::*;
use crate::ids::CampaignId;
use crate::reconciliation::decision::{Decision, decide};
use crate::reconciliation::requests::{LinkingRequest, Question, RequestState};
use crate::reconciliation::testing::{BORN, claim, student};
use uuid::Uuid;

struct Always;

impl Chance for Always {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

const SCHOOL: OrganizationId = OrganizationId(Uuid::from_u128(1));
const STUDENT: StudentId = StudentId(Uuid::from_u128(2));
const PUPIL: PupilId = PupilId(Uuid::from_u128(3));
const OTHER: PupilId = PupilId(Uuid::from_u128(4));
const TEACHER: AccountId = AccountId(Uuid::from_u128(5));

fn day(number: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + number * 86_400).unwrap()
}

fn hand(now: Timestamp) -> Hand<'static> {
    Hand {
        actor: Actor::Account(TEACHER),
        chance: &Always,
        now,
    }
}

fn link() -> StudentLink {
    let levels = String::new();
    Linking::by_person(SCHOOL, PUPIL, STUDENT, Revision(3), levels, hand(day(0))).link
}

#[test]
fn the_audit_says_the_rule_and_the_levels_and_no_date() {
    let candidates = [student(2, "Lefèvre", "Zoé")];
    let Decision::Link(designated) = decide(&claim("LEFEVRE", "Zoé", "3A"), &candidates) else {
        panic!("these names are the student's");
    };
    let hand = Hand::own(PUPIL, &Always, day(0));
    let linking = Linking::by_evidence(SCHOOL, PUPIL, &designated, Revision(3), hand);
    assert_eq!(linking.link.student_id, candidates[0].student_id);
    assert_eq!(linking.roster, Revision(3));
    assert_eq!(linking.audit.actor, Actor::Pupil(PUPIL));
    let action = Action::StudentLinked {
        student: candidates[0].student_id,
        pupil: PUPIL,
        rule: "exact".to_owned(),
        levels: "3/3 division".to_owned(),
    };
    assert_eq!(linking.audit.action, action);
}

#[test]
fn unlinking_wants_a_reason() {
    let end = |reason: &str| link().end(reason, hand(day(1)));
    assert_eq!(end(" \n "), Err(LinkingRefusal::ReasonMissing));
    let long = "é".repeat(REASON_CHARS_MAX + 1);
    assert_eq!(end(&long), Err(LinkingRefusal::ReasonTooLong));
    let unlinking = end("  Erreur de\n compte ").unwrap();
    let reason = "Erreur de compte".to_owned();
    let action = Action::StudentUnlinked {
        student: STUDENT,
        pupil: PUPIL,
        reason,
    };
    assert_eq!(unlinking.audit.action, action);
}

#[test]
fn a_moved_link_goes_back_within_thirty_days() {
    let link = link();
    assert_eq!(
        link.move_to(PUPIL, hand(day(1))),
        Err(LinkingRefusal::AlreadyLinked)
    );
    assert_eq!(
        link.move_back(hand(day(1))),
        Err(LinkingRefusal::MoveExpired)
    );
    let moved = link.move_to(OTHER, hand(day(1))).unwrap();
    assert_eq!(moved.former, link);
    assert_eq!(
        (moved.link.student_id, moved.link.pupil_id),
        (STUDENT, OTHER)
    );
    let back = moved.link.move_back(hand(day(31))).unwrap();
    assert_eq!((back.link.pupil_id, back.link.moved_from), (PUPIL, None));
    assert_eq!(
        moved.link.move_back(hand(day(32))),
        Err(LinkingRefusal::MoveExpired)
    );
    assert_eq!(
        back.link.move_back(hand(day(31))),
        Err(LinkingRefusal::MoveExpired)
    );
}

fn question() -> Question {
    let seen = [student(2, "Lefèvre", "Zoé")];
    Question {
        organization_id: SCHOOL,
        pupil_id: PUPIL,
        campaign_id: CampaignId(Uuid::from_u128(6)),
        birthdate: BORN,
        decision: decide(&claim("LEFEVRE", "Zoé", "3A"), &seen),
        roster: Revision(3),
    }
}

#[test]
fn asking_names_the_student_whom_the_evidence_designates_and_links_nobody() {
    let asking = LinkingRequest::ask(None, question(), Hand::own(PUPIL, &Always, day(0)));
    assert_eq!(asking.students, [STUDENT]);
    assert!(asking.request.exact_when_asked);
    assert_eq!((asking.expected, asking.roster), (None, Revision(3)));
    let waiting = asking.request;
    let other_day = Question {
        decision: Decision::Nothing,
        roster: Revision(4),
        ..question()
    };
    let again = LinkingRequest::ask(Some(&waiting), other_day, Hand::own(PUPIL, &Always, day(1)));
    assert_eq!(
        (again.request.id, again.expected),
        (waiting.id, Some(waiting.revision))
    );
    assert_eq!(again.request.asked_at, day(1));
    assert!(again.students.is_empty() && !again.request.exact_when_asked);
    assert_eq!(again.roster, Revision(4));
    assert!(!format!("{waiting:?}").contains(&BORN.to_string()));
}

#[test]
fn a_request_is_settled_once() {
    let waiting = LinkingRequest::ask(None, question(), hand(day(0))).request;
    let settled = [
        waiting.approve(TEACHER, STUDENT, day(1)).unwrap(),
        waiting.refuse(TEACHER, hand(day(1))).unwrap().settlement,
        waiting.overtaken(day(1)).unwrap(),
    ];
    for settlement in settled {
        assert_eq!(settlement.expected, waiting.revision);
        let request = settlement.request;
        assert_ne!(request.state, RequestState::Pending);
        assert_eq!(request.revision, waiting.revision.next());
        let refused = LinkingRefusal::RequestAlreadySettled;
        assert_eq!(request.approve(TEACHER, STUDENT, day(2)), Err(refused));
        assert_eq!(request.refuse(TEACHER, hand(day(2))), Err(refused));
        assert_eq!(request.overtaken(day(2)), None);
    }
}
