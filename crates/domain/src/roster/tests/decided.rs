use jiff::SignedDuration;
use jiff::civil::date;

use super::*;
use crate::roster::Presence;
use crate::roster::import::ImportFailure;
use crate::roster::plan::{Confirmation, LeavingBecause};
use crate::roster::refusal::RosterRefusal;
use crate::roster::remarks::PlanRemark;

fn plan(roster: &Roster, rows: Vec<StudentRow>, withheld: Vec<Withheld>) -> Plan {
    Plan::compute(roster, &reading(rows, withheld), TODAY)
}

fn many(count: u32) -> Vec<StudentRow> {
    (1..=count).map(|n| row(n, Some(n), "Martin")).collect()
}

#[test]
fn a_first_import_goes_straight_unless_somebody_is_rejected() {
    let empty = Roster::empty(school());
    let straight = plan(&empty, many(3), vec![]);
    assert!(straight.first);
    assert_eq!(straight.added.len(), 3);
    assert_eq!(straight.confirmation, Confirmation::None);

    let mut file = reading(
        many(3),
        vec![withheld(&row(9, None, "Durand"), WithheldBecause::Rejected)],
    );
    file.rejected = vec![
        rejection(RejectionCode::BirthdateMissing),
        rejection(RejectionCode::FirstNameMissing),
    ];
    let asked = Plan::compute(&empty, &file, TODAY);
    assert_eq!(asked.confirmation, Confirmation::Confirm);
    assert_eq!(
        asked.counts().rejected,
        1,
        "a pupil with two faults counts once"
    );
}

#[test]
fn the_same_file_again_is_nothing_to_do() {
    let roster = imported(many(3));
    let again = plan(&roster, many(3), vec![]);
    assert!(again.is_empty());
    assert_eq!(again.unchanged, 3);
    let step = an_import(7).compared(&again, now());
    assert_eq!(step.import.state.code(), "nothing_to_do");
}

#[test]
fn who_is_withheld_leaves_or_stays_as_the_code_says() {
    let rows: Vec<StudentRow> = (1..=5).map(|n| row(n, Some(n), "Martin")).collect();
    let roster = imported(rows.clone());
    let left_on = date(2026, 7, 3);
    let plan = plan(
        &roster,
        vec![rows[0].clone()],
        vec![
            withheld(&rows[1], WithheldBecause::Left(left_on)),
            withheld(&rows[2], WithheldBecause::Inactive),
            withheld(&rows[3], WithheldBecause::NoDivision),
        ],
    );
    let mut leaving: Vec<_> = plan
        .leaving
        .iter()
        .map(|l| (l.student.eleve_id.as_str(), l.on, l.because))
        .collect();
    leaving.sort_unstable_by_key(|leaving| leaving.0);
    assert_eq!(
        leaving,
        [
            ("2", left_on, LeavingBecause::Left),
            ("3", TODAY, LeavingBecause::Inactive),
            ("5", TODAY, LeavingBecause::Absent),
        ]
    );
}

#[test]
fn who_comes_back_is_the_same_record() {
    let one = vec![row(1, Some(1), "Martin")];
    let roster = imported(one.clone());
    let id = roster.students[0].id;
    let chance = Counter::default();
    let gone = write(
        &roster,
        &decide(
            &roster,
            &reading(vec![row(2, Some(2), "Durand")], vec![]),
            &chance,
        ),
    );
    let mut students = gone.students.iter();
    let former = students.find(|student| student.id == id).unwrap();
    assert_eq!(former.presence, Presence::Left { on: TODAY });
    let back = plan(&gone, one, vec![]);
    assert_eq!(back.returning[0].before.id, id);
    assert!(back.returning[0].changes.is_empty());
    assert!(!back.is_empty());
}

#[test]
fn many_leavers_or_going_back_in_time_ask_for_their_number() {
    let few = imported(many(100));
    assert_eq!(
        plan(&few, many(80), vec![]).confirmation,
        Confirmation::Confirm
    );
    assert_eq!(
        plan(&few, many(79), vec![]).confirmation,
        Confirmation::TypeLeavers(21)
    );
    let large = imported(many(300));
    assert_eq!(
        plan(&large, many(270), vec![]).confirmation,
        Confirmation::Confirm
    );
    assert_eq!(
        plan(&large, many(269), vec![]).confirmation,
        Confirmation::TypeLeavers(31)
    );

    let mut file = reading(many(301), vec![]);
    file.file.exported_on = Some(date(2026, 9, 8));
    let older = Plan::compute(&large, &file, TODAY);
    assert_eq!(older.remarks, [PlanRemark::OlderExport]);
    assert_eq!(older.confirmation, Confirmation::TypeLeavers(0));
    file.file.exported_on = Some(date(2026, 9, 9));
    file.file.school_year = Some(2025);
    assert_eq!(
        Plan::compute(&large, &file, TODAY).remarks,
        [PlanRemark::SchoolYearBack]
    );
}

#[test]
fn the_policy_once_refuses_a_second_import_until_one_more_is_allowed() {
    let roster = imported(many(1));
    let plan = plan(&roster, many(2), vec![]);
    let chance = Counter::default();
    let applying = |policy| Applying {
        confirmed_by: None,
        policy,
        chance: &chance,
        now: now(),
    };
    let decided = |policy| AppliedImport::decide(&roster, &an_import(9), &plan, applying(policy));
    assert_eq!(
        decided(ImportPolicy::Once { allowed: 0 }).unwrap_err(),
        RosterRefusal::RosterAlreadyImported
    );
    let one_more = decided(ImportPolicy::Once { allowed: 1 }).unwrap();
    assert_eq!(one_more.allowance, crate::roster::applying::Allowance::Used);
}

#[test]
fn an_import_is_undone_until_the_roster_changes_or_a_day_passes() {
    let empty = Roster::empty(school());
    let chance = Counter::default();
    let applied = decide(&empty, &reading(many(2), vec![]), &chance);
    let roster = write(&empty, &applied);
    let import = written_import(&applied);
    let undo = |summary: &crate::roster::RosterSummary, at| {
        Undo::decide(
            summary,
            import,
            applied.inverse.clone(),
            head(),
            &chance,
            at,
        )
    };
    let summary = roster.summary(TODAY);
    let later = now() + crate::roster::import::UNDO_MAX;
    assert!(undo(&summary, later).is_ok());
    assert_eq!(
        undo(&summary, later + SignedDuration::from_secs(1)),
        Err(RosterRefusal::UndoExpired)
    );
    let linked = crate::roster::RosterSummary {
        undoable: None,
        ..summary
    };
    assert_eq!(undo(&linked, now()), Err(RosterRefusal::UndoExpired));

    let back = put_back(&roster, &undo(&summary, now()).unwrap());
    assert!(back.students.is_empty());
    assert!(
        Plan::compute(&back, &reading(many(2), vec![]), TODAY).first,
        "the next one is a first again"
    );
}

#[test]
fn a_refused_file_leaves_no_bytes_and_keeps_its_remarks() {
    let refusal = crate::roster::reading::FileRefusal {
        code: crate::roster::reading::FileRefusalCode::NoStudent,
        line: None,
        column: None,
        values: crate::roster::values::Values::of_case("empty"),
        expected_uai: None,
        found_uai: None,
        partial: Some(Box::new(reading(vec![], vec![]))),
    };
    let step = an_import(3).refused(refusal, now());
    assert_eq!(step.staged, crate::roster::import::StagedFate::Discard);
    assert_eq!(
        step.import.file.as_ref().and_then(|file| file.school_year),
        Some(2026)
    );
    assert!(step.report.is_some());
    let ImportState::Refused { refusal, .. } = &step.import.state else {
        panic!("refused")
    };
    assert!(refusal.partial.is_none());
    assert_eq!(
        an_import(3)
            .failed(ImportFailure::FileGone, now())
            .import
            .state
            .code(),
        "failed"
    );
}

#[test]
fn nothing_personal_shows_in_debug() {
    let roster = imported(vec![row(1, Some(1), "Zzymartin")]);
    let plan = plan(&roster, vec![row(1, Some(2), "Zzydurand")], vec![]);
    let shown = format!("{roster:?} {plan:?}");
    assert!(
        !shown.contains("Zzy") && !shown.contains("2013") && !shown.contains("00001AB"),
        "{shown}"
    );
}

#[test]
fn a_file_name_is_never_a_path() {
    use crate::roster::import::FileName;
    assert_eq!(
        FileName::of("C:\\fakepath\\Élèves 6A.zip").as_str(),
        "Élèves 6A.zip"
    );
    assert_eq!(FileName::of("../../x\u{7}.xml").as_str(), "x.xml");
    assert_eq!(FileName::of(&"a".repeat(500)).as_str().len(), 120);
}
