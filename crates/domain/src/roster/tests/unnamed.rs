//! Files that do not say which school they are of: Fregata's.

use super::*;
use crate::roster::plan::Confirmation;
use crate::roster::reading::Sex;
use crate::roster::remarks::PlanRemark;

fn many(numbers: std::ops::RangeInclusive<u32>) -> Vec<StudentRow> {
    numbers.map(|n| row(n, Some(n), "Martin")).collect()
}

fn file(rows: Vec<StudentRow>, withheld: Vec<Withheld>) -> Reading {
    Reading {
        source: RosterSource::Fregata,
        file: FileFacts::default(),
        ..reading(rows, withheld)
    }
}

fn ten() -> Roster {
    let roster = Roster::empty(school());
    let file = file(many(1..=10), vec![]);
    write(&roster, &decide(&roster, &file, &Counter::default()))
}

fn asked(roster: &Roster, file: &Reading) -> Confirmation {
    Plan::compute(roster, file, TODAY).confirmation
}

#[test]
fn a_first_import_waits_for_a_person_when_the_file_names_no_school() {
    let empty = Roster::empty(school());
    let plan = Plan::compute(&empty, &file(many(1..=3), vec![]), TODAY);
    assert!(plan.first && plan.source == RosterSource::Fregata);
    assert_eq!(plan.confirmation, Confirmation::Confirm);
    let step = an_import(7).compared(&plan, now());
    assert_eq!(step.import.state, ImportState::Waiting);
}

#[test]
fn the_same_file_again_is_nothing_to_do_whatever_it_names() {
    let plan = Plan::compute(&ten(), &file(many(1..=10), vec![]), TODAY);
    assert!(plan.is_empty());
    let step = an_import(7).compared(&plan, now());
    assert_eq!(step.import.state.code(), "nothing_to_do");
}

#[test]
fn a_file_that_finds_fewer_than_half_again_asks_for_the_number_of_leavers() {
    let roster = ten();
    let half = file(many(6..=30), vec![]);
    assert_eq!(asked(&roster, &half), Confirmation::Confirm);
    let fewer = file(many(7..=30), vec![]);
    assert_eq!(asked(&roster, &fewer), Confirmation::TypeLeavers(6));
    let remarks = Plan::compute(&roster, &fewer, TODAY).remarks;
    assert_eq!(remarks, [PlanRemark::FewFound]);
    let nobody = file(many(11..=12), vec![]);
    assert_eq!(asked(&roster, &nobody), Confirmation::TypeLeavers(10));
}

#[test]
fn who_is_rejected_is_found_again() {
    let because = WithheldBecause::Rejected;
    let rejected = withheld(&row(6, Some(6), "Martin"), because);
    let fewer = file(many(7..=30), vec![rejected]);
    assert_eq!(asked(&ten(), &fewer), Confirmation::Confirm);
}

#[test]
fn a_file_that_names_its_school_is_not_asked_about_half_of_it() {
    let roster = imported(many(1..=10));
    let fewer = reading(many(7..=30), vec![]);
    assert_eq!(asked(&roster, &fewer), Confirmation::Confirm);
}

#[test]
fn a_known_sex_is_not_blanked_by_a_file_that_has_none() {
    let with = StudentRow {
        sex: Some(Sex::F),
        ..row(1, Some(1), "Martin")
    };
    let roster = imported(vec![with]);
    let without = row(1, Some(1), "Martin");
    let same = Plan::compute(&roster, &file(vec![without.clone()], vec![]), TODAY);
    assert!(same.is_empty());
    let moved = StudentRow {
        division: "6B".to_owned(),
        ..without
    };
    let file = file(vec![moved], vec![]);
    let written = write(&roster, &decide(&roster, &file, &Counter::default()));
    assert_eq!(written.students[0].sex, Some(Sex::F));
}
