//! The same pupil entered twice: said, never refused.

use super::*;
use crate::roster::plan::Confirmation;
use crate::roster::reading::WarningCode;
use crate::roster::values::Value;

fn named(eleve_id: u32, last_name: &str, first_name: &str) -> StudentRow {
    StudentRow {
        first_name: first_name.to_owned(),
        ..row(eleve_id, None, last_name)
    }
}

fn known_as(usage_name: &str, row: StudentRow) -> StudentRow {
    StudentRow {
        usage_name: Some(usage_name.to_owned()),
        ..row
    }
}

/// Who looks like whom: their numbers, and the case.
fn said(roster: &Roster, rows: Vec<StudentRow>) -> Vec<(String, String, String)> {
    let plan = Plan::compute(roster, &reading(rows, vec![]), TODAY);
    assert!(plan.rejected.is_empty(), "nobody is refused for it");
    let remarks = plan.warnings.iter();
    remarks
        .filter(|remark| remark.code == WarningCode::EnteredTwice)
        .map(|remark| {
            let Some(Value::Text(other)) = remark.values.get("other_number") else {
                panic!("no other: {:?}", remark.values);
            };
            let case = remark.values.case().unwrap();
            (
                remark.eleve_id.clone().unwrap(),
                case.to_owned(),
                other.clone(),
            )
        })
        .collect()
}

fn one(number: &str, case: &str, other: &str) -> Vec<(String, String, String)> {
    vec![(number.to_owned(), case.to_owned(), other.to_owned())]
}

fn nobody() -> Roster {
    Roster::empty(school())
}

#[test]
fn two_records_of_a_file_are_said_to_look_alike() {
    let first = || named(1, "Lefèvre", "Zoé");
    for second in [
        named(2, "LEFEVRE", "ZOE"),
        named(2, "Le-Fèvre", "Zoé"),
        known_as("Lefevre", named(2, "Martin", "Zoé")),
        with_ine(2, named(2, "Lefèvre", "Zoé")),
    ] {
        let alike = vec![first(), second];
        assert_eq!(said(&nobody(), alike), one("2", "in_file", "1"));
    }
    let oe = vec![
        named(1, "ŒUVRÉ", "St-Ange"),
        named(2, "Oeuvre", "Saint Ange"),
    ];
    assert_eq!(said(&nobody(), oe), one("2", "in_file", "1"));
}

fn with_ine(number: u32, row: StudentRow) -> StudentRow {
    StudentRow {
        ine: Some(ine(number)),
        ..row
    }
}

#[test]
fn twins_namesakes_of_another_day_and_nameless_records_are_not() {
    let born_later = StudentRow {
        birthdate: date(2013, 1, 2),
        ..named(3, "Lefèvre", "Zoé")
    };
    let rows = vec![
        named(1, "Lefèvre", "Zoé"),
        named(2, "Lefèvre", "Zach"),
        born_later,
        named(4, "…", "Zoé"),
        named(5, "…", "Zoé"),
        known_as("Lefèvre", known_as("Lefèvre", named(6, "Lefèvre", "Ana"))),
    ];
    assert!(said(&nobody(), rows).is_empty());
}

#[test]
fn three_times_is_said_twice_of_the_first_whatever_the_order() {
    let mut rows = vec![
        named(3, "A", "Zoé"),
        named(1, "a", "zoe"),
        named(2, "À", "ZOÉ"),
    ];
    let expected = [one("2", "in_file", "1"), one("3", "in_file", "1")].concat();
    assert_eq!(said(&nobody(), rows.clone()), expected);
    rows.reverse();
    assert_eq!(said(&nobody(), rows), expected);
}

#[test]
fn a_new_record_is_said_to_look_like_one_of_the_roster_that_the_file_lacks() {
    let roster = imported(vec![named(1, "Lefèvre", "Zoé"), named(9, "Autre", "Léo")]);
    let again = || vec![named(2, "LEFEVRE", "ZOE"), named(9, "Autre", "Léo")];
    assert_eq!(said(&roster, again()), one("2", "leaving", "1"));
    let both = [again(), vec![named(1, "Lefèvre", "Zoé")]].concat();
    assert_eq!(said(&roster, both), one("2", "in_file", "1"));
    let chance = Counter::default();
    let without = reading(vec![named(9, "Autre", "Léo")], vec![]);
    let left = write(&roster, &decide(&roster, &without, &chance));
    assert_eq!(said(&left, again()), one("2", "left", "1"));
    // Withheld by the file, they are not absent.
    let file = reading(
        again(),
        vec![withheld(
            &named(1, "Lefèvre", "Zoé"),
            WithheldBecause::Rejected,
        )],
    );
    assert!(Plan::compute(&roster, &file, TODAY).warnings.is_empty());
}

#[test]
fn it_asks_nothing_of_a_first_import() {
    let rows = vec![named(1, "Lefèvre", "Zoé"), named(2, "Lefèvre", "Zoé")];
    let plan = Plan::compute(&nobody(), &reading(rows.clone(), vec![]), TODAY);
    assert_eq!(plan.confirmation, Confirmation::None);
    assert_eq!((plan.warnings.len(), plan.counts().warnings), (1, 1));
    let again = Plan::compute(&imported(rows.clone()), &reading(rows, vec![]), TODAY);
    assert!(again.is_empty() && again.warnings.len() == 1);
}

#[test]
fn twenty_thousand_records_of_one_day_are_compared_linearly() {
    let rows: Vec<_> = (0..20_000)
        .map(|n| named(n, "Martin", &format!("Awa {n}")))
        .collect();
    assert!(said(&nobody(), rows).is_empty());
}
