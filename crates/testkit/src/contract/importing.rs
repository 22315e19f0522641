//! The use cases of importing, end to end on a store: what a person sees at each turn.

use pix_orga_domain::audit::Actor;
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::outbox::Notice;
use pix_orga_domain::reconciliation::decision::Decision;
use pix_orga_domain::reconciliation::requests::{LinkingRequest, Question};
use pix_orga_domain::refusal::{Denied, Refusal};
use pix_orga_domain::roster::import::{AWAY_AFTER, ImportState, LEASE};
use pix_orga_domain::roster::listing::{ClassCount, ConnectionKind, ListRequest};
use pix_orga_domain::roster::plan::Confirmation;
use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode};
use pix_orga_domain::roster::refusal::RosterRefusal;
use pix_orga_domain::roster::use_cases::imports::Answer;
use pix_orga_domain::roster::values::Values;
use pix_orga_domain::store::Revision;
use pix_orga_domain::team::Role;

use crate::build::roster::{TODAY, member, reading, row, rows};
use crate::stores::Stores;

mod broken_off;
mod desk;

pub use broken_off::{
    a_crash_resumes_or_fails_cleanly,
    attempts_that_the_database_cut_short_are_not_held_against_a_file,
};
use desk::{Desk, name};

/// Every clause of importing, through its use cases.
#[macro_export]
macro_rules! importing_contract {
    ($fresh:ident) => {
        $crate::clauses!($fresh, importing:
            a_first_import_goes_straight_to_the_roster,
            a_plan_waits_for_the_right_answer,
            one_import_at_a_time,
            a_refused_file_leaves_the_roster_alone,
            a_crash_resumes_or_fails_cleanly,
            attempts_that_the_database_cut_short_are_not_held_against_a_file,
            only_administrators_import,
            another_school_sees_nothing,
            the_policy_once_refuses_a_second_upload,
            a_plan_that_waits_too_long_is_given_up,
            an_import_that_ends_once_its_importer_may_be_away_is_told_by_mail,
            an_import_that_ends_at_once_is_told_by_nobody,
            waiting_requests_are_judged_on_the_list_that_is_written,
        );
    };
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, Denied<RosterRefusal>>) -> &'static str {
    match outcome {
        Err(Denied::Refused(refusal)) => refusal.code(),
        other => panic!("not refused: {other:?}"),
    }
}

/// A first import goes straight to the roster; the same file again is nothing to do.
pub async fn a_first_import_goes_straight_to_the_roster(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let first = desk.upload(60).await;
    assert_eq!(first.state.code(), "written");
    assert_eq!(first.counts.unwrap().added, 60);
    let phases = first.phases;
    assert_eq!(phases.checked.unwrap().count, 60);
    assert_eq!(phases.compared.unwrap().count, 60);
    assert_eq!(phases.written.unwrap().count, 60);
    assert_eq!(desk.stores.imports.staged(first.id).await.unwrap(), None);
    let page = desk
        .rosters
        .page(
            &desk.head,
            &ListRequest {
                page: 9,
                ..ListRequest::default()
            },
        )
        .await
        .unwrap();
    assert_eq!(
        (page.total, page.page, page.pages, page.lines.len()),
        (60, 2, 2, 10)
    );
    let csv = desk
        .rosters
        .export(&desk.head, &ListRequest::default())
        .await
        .unwrap();
    assert_eq!(csv.lines().count(), 61);

    let again = desk.upload(60).await;
    assert_eq!(again.state.code(), "nothing_to_do");
    assert_eq!(
        desk.stores
            .rosters
            .summary(desk.school.id, TODAY)
            .await
            .unwrap()
            .revision,
        Revision(1)
    );
    assert!(!desk.imports.run_next().await.unwrap());
    assert_eq!(desk.imports.history(&desk.head).await.unwrap().len(), 2);
}

/// A second import shows its plan, and is written as it was shown, once the leavers are counted.
pub async fn a_plan_waits_for_the_right_answer(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    desk.upload(100).await;
    let import = desk.upload(50).await;
    assert_eq!(import.state, ImportState::Waiting);
    let plan = desk.imports.plan(&desk.head, import.id).await.unwrap();
    assert_eq!(plan.confirmation, Confirmation::TypeLeavers(50));
    let answer = |shown, leavers| Answer { shown, leavers };
    let confirm = |answer| desk.imports.confirm(&desk.head, import.id, answer);
    assert_eq!(
        refused(confirm(answer(Revision(7), Some(50))).await),
        "plan_stale"
    );
    assert_eq!(
        refused(confirm(answer(plan.on, Some(5))).await),
        "leavers_count_wrong"
    );
    assert_eq!(
        refused(confirm(answer(plan.on, None)).await),
        "leavers_count_wrong"
    );
    let written = confirm(answer(plan.on, Some(50))).await.unwrap();
    assert!(matches!(
        written.state,
        ImportState::Written {
            confirmed_by: Some(_),
            ..
        }
    ));
    assert_eq!(desk.present().await, 50);
    assert_eq!(
        refused(confirm(answer(plan.on, Some(50))).await),
        "plan_not_waiting"
    );

    let history = desk.imports.history(&desk.head).await.unwrap();
    assert!(history[0].undoable && !history[1].undoable);
    assert_eq!(
        refused(desk.imports.undo(&desk.head, history[1].import.id).await),
        "undo_expired"
    );
    desk.imports.undo(&desk.head, import.id).await.unwrap();
    assert_eq!(desk.present().await, 100);
    assert_eq!(
        refused(desk.imports.undo(&desk.head, import.id).await),
        "undo_expired"
    );
}

/// One import at a time; a new upload replaces a plan that waits, and a plan can be abandoned.
pub async fn one_import_at_a_time(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let bytes = desk.file(Ok(reading(rows(3))));
    desk.imports.may_receive(&desk.head).await.unwrap();
    desk.imports
        .receive(&desk.head, name(), bytes.clone())
        .await
        .unwrap();
    assert_eq!(
        refused(desk.imports.may_receive(&desk.head).await),
        "import_in_progress"
    );
    assert_eq!(
        refused(desk.imports.receive(&desk.head, name(), bytes).await),
        "import_in_progress"
    );
    desk.imports.run_next().await.unwrap();
    let waiting = desk.upload(4).await;
    assert_eq!(waiting.state, ImportState::Waiting);
    desk.imports.may_receive(&desk.head).await.unwrap();
    let next = desk.upload(5).await;
    let replaced = desk.imports.status(&desk.head, waiting.id).await.unwrap();
    assert_eq!(replaced.state.code(), "abandoned");
    assert_eq!(
        refused(desk.imports.plan(&desk.head, waiting.id).await),
        "plan_not_waiting"
    );
    desk.imports.abandon(&desk.head, next.id).await.unwrap();
    assert_eq!(desk.stores.imports.staged(next.id).await.unwrap(), None);
    assert_eq!(desk.present().await, 3);
}

/// A refused file leaves the roster alone, and says why.
pub async fn a_refused_file_leaves_the_roster_alone(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    desk.upload(3).await;
    let refusal = FileRefusal {
        code: FileRefusalCode::WrongExport,
        line: None,
        column: None,
        values: Values::of_case("responsables").with("root", "BEE_RESPONSABLES"),
        expected_uai: None,
        found_uai: None,
        partial: None,
    };
    let bytes = desk.file(Err(refusal));
    let import = desk
        .imports
        .receive(&desk.head, name(), bytes)
        .await
        .unwrap();
    desk.imports.run_next().await.unwrap();
    let (past, _) = desk.imports.report(&desk.head, import.id).await.unwrap();
    assert_eq!(past.import.state.code(), "refused");
    assert_eq!(desk.present().await, 3);
}

/// Members look, administrators import; another school sees nothing.
pub async fn only_administrators_import(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let colleague = member(&desk.build, &desk.school, Role::Member);
    assert_eq!(
        refused(desk.imports.receive(&colleague, name(), vec![1]).await),
        "role_insufficient"
    );
    assert_eq!(
        refused(desk.imports.may_receive(&colleague).await),
        "role_insufficient"
    );
    let written = desk.upload(2).await;
    for outcome in [
        desk.imports.abandon(&colleague, written.id).await,
        desk.imports.undo(&colleague, written.id).await,
        desk.imports
            .confirm(
                &colleague,
                written.id,
                Answer {
                    shown: Revision(0),
                    leavers: None,
                },
            )
            .await,
    ] {
        assert_eq!(refused(outcome), "role_insufficient");
    }
    assert_eq!(
        desk.rosters
            .page(&colleague, &ListRequest::default())
            .await
            .unwrap()
            .total,
        2
    );
    assert_eq!(
        desk.imports
            .status(&colleague, written.id)
            .await
            .unwrap()
            .id,
        written.id
    );
}

/// Another school's imports and pupils are not found.
pub async fn another_school_sees_nothing(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let written = desk.upload(2).await;
    let head = &desk.head;
    let elsewhere = desk.build.school(&desk.stores).await;
    let stranger = member(&desk.build, &elsewhere, Role::Administrator);
    assert_eq!(
        refused(desk.imports.status(&stranger, written.id).await),
        "not_found"
    );
    assert_eq!(
        refused(desk.imports.report(&stranger, written.id).await),
        "not_found"
    );
    assert_eq!(
        refused(desk.imports.undo(&stranger, written.id).await),
        "not_found"
    );
    let student = desk
        .stores
        .rosters
        .load(desk.school.id)
        .await
        .unwrap()
        .students[0]
        .id;
    assert_eq!(
        refused(desk.rosters.student(&stranger, student).await),
        "not_found"
    );
    assert_eq!(
        desk.rosters
            .student(head, student)
            .await
            .unwrap()
            .student
            .id,
        student
    );
}

/// Under the policy `once`, a second import is refused before it is stored.
pub async fn the_policy_once_refuses_a_second_upload(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Once { allowed: 0 }).await;
    let first = desk.upload(2).await;
    let bytes = desk.file(Ok(reading(rows(3))));
    assert_eq!(
        refused(
            desk.imports
                .receive(&desk.head, name(), bytes.clone())
                .await
        ),
        "roster_already_imported"
    );
    desk.imports.undo(&desk.head, first.id).await.unwrap();
    assert_eq!(desk.present().await, 0);
    desk.imports
        .receive(&desk.head, name(), bytes)
        .await
        .unwrap();
}

/// What waits for more than a day is given up, its file deleted.
pub async fn a_plan_that_waits_too_long_is_given_up(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let first = desk.upload(2).await;
    let waiting = desk.upload(3).await;
    desk.retention().sweep_imports().await.unwrap();
    assert_eq!(
        desk.imports
            .status(&desk.head, waiting.id)
            .await
            .unwrap()
            .state,
        ImportState::Waiting
    );
    desk.clock.advance(jiff::SignedDuration::from_hours(25));
    desk.retention().sweep_imports().await.unwrap();
    let given_up = desk.imports.status(&desk.head, waiting.id).await.unwrap();
    assert!(matches!(
        given_up.state,
        ImportState::Abandoned { by: None, .. }
    ));
    assert_eq!(desk.stores.imports.staged(waiting.id).await.unwrap(), None);
    assert_eq!(
        refused(desk.imports.undo(&desk.head, first.id).await),
        "undo_expired"
    );
}

pub async fn an_import_that_ends_once_its_importer_may_be_away_is_told_by_mail(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let head = desk.build.administrator(&desk.stores, &desk.school).await;
    let told = |students| {
        let school = desk.school.name_in_full();
        (
            head.account.email.clone(),
            Notice::ImportFinished { school, students },
        )
    };

    // A process dies, and another ends the work.
    let bytes = desk.file(Ok(reading(rows(3))));
    let received = desk.imports.receive(&head, name(), bytes);
    received.await.unwrap();
    desk.imports.claim().await.unwrap().unwrap();
    desk.clock.advance(LEASE);
    assert!(desk.imports.run_next().await.unwrap());
    assert_eq!(desk.told().await, [told(3)]);

    // Nobody took it up for long, and it changes nothing.
    let bytes = desk.file(Ok(reading(rows(3))));
    let received = desk.imports.receive(&head, name(), bytes);
    received.await.unwrap();
    desk.clock.advance(AWAY_AFTER);
    assert!(desk.imports.run_next().await.unwrap());
    assert_eq!(desk.told().await, [told(3), told(3)]);
}

pub async fn an_import_that_ends_at_once_is_told_by_nobody(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let head = desk.build.administrator(&desk.stores, &desk.school).await;
    for _ in 0..2 {
        let bytes = desk.file(Ok(reading(rows(3))));
        let received = desk.imports.receive(&head, name(), bytes);
        received.await.unwrap();
        assert!(desk.imports.run_next().await.unwrap());
    }
    assert_eq!(desk.told().await, []);
}

/// Whatever writes a list (straight, confirmed, undone) judges the requests that wait on it.
pub async fn waiting_requests_are_judged_on_the_list_that_is_written(stores: Stores) {
    let desk = Desk::open(stores, ImportPolicy::Updatable).await;
    let build = &desk.build;
    let administrator = build.administrator(&desk.stores, &desk.school).await;
    let campaign = build.campaign(&desk.stores, &administrator).await;
    let pupil = build
        .pupil(&desk.stores, &desk.school, "Lefèvre", "Zoé")
        .await;
    let question = Question {
        organization_id: desk.school.id,
        pupil_id: pupil.id,
        campaign_id: campaign.id,
        birthdate: rows(1)[0].birthdate,
        decision: Decision::Nothing,
        roster: Revision::default(),
    };
    let asking = LinkingRequest::ask(None, question, build.hand(Actor::Pupil(pupil.id)));
    desk.stores.requests.record_asking(&asking).await.unwrap();
    let to_check = async || {
        let classes = desk.rosters.classes(&desk.head).await.unwrap();
        ClassCount::pupils(&classes, Some(ConnectionKind::ToCheck))
    };
    let first = desk.upload(2).await;
    assert_eq!((first.state.code(), to_check().await), ("written", 0));
    let mut more = rows(2);
    more.push(row(3, "Lefèvre", "Zoé", "6B"));
    let second = desk.upload_of(more).await;
    let plan = desk.imports.plan(&desk.head, second.id).await.unwrap();
    let answer = Answer {
        shown: plan.on,
        leavers: None,
    };
    let confirmed = desk.imports.confirm(&desk.head, second.id, answer).await;
    assert_eq!(
        (confirmed.unwrap().state.code(), to_check().await),
        ("written", 1)
    );
    desk.imports.undo(&desk.head, second.id).await.unwrap();
    assert_eq!(to_check().await, 0);
    assert_eq!(
        desk.stores
            .requests
            .to_judge(desk.school.id, 10)
            .await
            .unwrap(),
        []
    );
}
