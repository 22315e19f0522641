//! Leaves that come due, in everything that is read of a roster.

use std::borrow::Cow;

use jiff::civil::date;

use super::super::Presence;
use super::super::plan::LeavingBecause;
use super::*;

fn leaving_on(on: Date) -> StudentRow {
    StudentRow {
        leaves_on: Some(on),
        ..row(1, Some(1), "Colin")
    }
}

/// A roster of one pupil whose leave is dated, and one who stays.
fn roster() -> Roster {
    let rows = [leaving_on(date(2026, 9, 10)), row(2, Some(2), "Petit")];
    let enrolled = |(number, row): (u128, &StudentRow)| {
        Student::enrolled(StudentId(Uuid::from_u128(number)), school(), row)
    };
    Roster {
        students: (10..).zip(&rows).map(enrolled).collect(),
        ..Roster::empty(school())
    }
}

#[test]
fn the_last_day_is_still_a_day_at_school() {
    for (day, present) in [
        (date(2026, 9, 9), 2),
        (date(2026, 9, 10), 2),
        (date(2026, 9, 11), 1),
    ] {
        let roster = roster();
        assert_eq!(roster.present(day).count(), present, "{day}");
        assert_eq!(roster.summary(day).present as usize, present, "{day}");
        let seen = roster.seen_on(day);
        assert_eq!(matches!(seen, Cow::Borrowed(_)), present == 2, "{day}");
        let written = seen.students.iter().filter(|one| one.presence.is_present());
        assert_eq!(written.count(), present, "{day}");
    }
    let left = roster().students[0].presence;
    assert_eq!(left.left_on(date(2026, 9, 10)), None);
    assert_eq!(left.left_on(date(2026, 9, 11)), Some(date(2026, 9, 10)));
    let on = date(2026, 3, 1);
    let gone = Presence::Left { on };
    assert_eq!(gone.seen_on(date(2025, 1, 1)), gone, "written is written");
}

#[test]
fn whose_leave_is_due_neither_leaves_again_nor_counts() {
    let day = date(2026, 9, 11);
    let absent = Plan::compute(
        &roster(),
        &reading(vec![row(2, Some(2), "Petit")], vec![]),
        day,
    );
    assert!(absent.is_empty(), "{absent:?}");
    let gone = withheld(
        &leaving_on(date(2026, 9, 10)),
        WithheldBecause::Left(date(2026, 9, 10)),
    );
    let said = Plan::compute(
        &roster(),
        &reading(vec![row(2, Some(2), "Petit")], vec![gone]),
        day,
    );
    assert!(said.is_empty());
    // The day before, they leave.
    let absent = Plan::compute(
        &roster(),
        &reading(vec![row(2, Some(2), "Petit")], vec![]),
        TODAY,
    );
    assert_eq!(absent.leaving.len(), 1);
    assert_eq!(absent.leaving[0].because, LeavingBecause::Absent);
}

#[test]
fn who_stays_after_all_comes_back() {
    let day = date(2026, 9, 11);
    let rows = vec![row(1, Some(1), "Colin"), row(2, Some(2), "Petit")];
    let plan = Plan::compute(&roster(), &reading(rows.clone(), vec![]), day);
    assert_eq!((plan.returning.len(), plan.updated.len()), (1, 0));
    let before = &plan.returning[0].before;
    assert_eq!(
        before.presence,
        Presence::Left {
            on: date(2026, 9, 10)
        }
    );
    let in_time = Plan::compute(&roster(), &reading(rows, vec![]), TODAY);
    assert_eq!((in_time.returning.len(), in_time.updated.len()), (0, 1));
}

/// A file read the day before, whose plan waited over midnight.
#[test]
fn a_file_is_seen_on_the_day_of_its_plan() {
    let day = date(2026, 9, 11);
    let file = reading(
        vec![leaving_on(date(2026, 9, 10)), row(2, Some(2), "Petit")],
        vec![],
    );
    assert!(matches!(file.seen_on(TODAY), Cow::Borrowed(_)));
    let first = Plan::compute(&Roster::empty(school()), &file, day);
    assert_eq!((first.added.len(), first.set_aside.len()), (1, 1));
    assert_eq!(first.counts().left, 1);
    let known = Plan::compute(&roster(), &file, day);
    assert!(known.is_empty());
    let mut present = roster();
    present.students[0].presence = Presence::Present { leaves_on: None };
    let leaves = Plan::compute(&present, &file, day);
    assert_eq!(leaves.leaving.len(), 1);
    assert_eq!(leaves.leaving[0].on, date(2026, 9, 10));
    assert_eq!(leaves.leaving[0].because, LeavingBecause::Left);
}
