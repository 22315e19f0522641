//! What holds whatever the files: on a universe small enough for numbers, names and days to collide all the time.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::roster::Presence;
use crate::roster::plan::Rewrite;

const NUMBERS: u32 = 7;
/// Enough for a base to be made again.
const MANY: u32 = 16;

fn any_row() -> impl Strategy<Value = StudentRow> {
    any_row_of(NUMBERS)
}

fn any_row_of(numbers: u32) -> impl Strategy<Value = StudentRow> {
    (
        1..=numbers,
        proptest::option::of(1..=numbers),
        0..3_usize,
        0..2_usize,
        1..3_i8,
        0..2_usize,
    )
        .prop_map(|(eleve_id, ine, last, first, day, division)| {
            let mut row = row(eleve_id, ine, ["Martin", "Durand", "Lê"][last]);
            row.first_name = ["Awa", "Noé"][first].to_owned();
            row.birthdate = date(2013, 1, day);
            row.division = ["6A", "6B"][division].to_owned();
            row
        })
}

fn because() -> impl Strategy<Value = WithheldBecause> {
    prop_oneof![
        Just(WithheldBecause::Left(date(2026, 7, 1))),
        Just(WithheldBecause::NoDivision),
        Just(WithheldBecause::Inactive),
        Just(WithheldBecause::Rejected),
    ]
}

/// A file as the reader gives it: each number once among the students.
fn any_file() -> impl Strategy<Value = Reading> {
    let students = proptest::collection::vec(any_row(), 0..8);
    let others = proptest::collection::vec((any_row(), because()), 0..3);
    (students, others).prop_map(|(mut students, others)| {
        keep_numbers_once(&mut students);
        let others = others
            .iter()
            .map(|(row, because)| withheld(row, *because))
            .collect();
        reading(students, others)
    })
}

fn keep_numbers_once(students: &mut Vec<StudentRow>) {
    let mut eleve_ids = BTreeSet::new();
    let mut ines = BTreeSet::new();
    students.retain(|row| {
        eleve_ids.insert(row.eleve_id.clone())
            && row.ine.as_ref().is_none_or(|ine| ines.insert(ine.clone()))
    });
}

/// A school, and its next file from a base made again: everybody has the number of another, and some rows are anything.
fn numbered_again() -> impl Strategy<Value = (Reading, Reading)> {
    let school = proptest::collection::vec(any_row_of(MANY), MANY as usize);
    let others = proptest::collection::vec(any_row_of(MANY), 0..5);
    let unread = proptest::collection::vec((any_row_of(MANY), because()), 0..5);
    (school, others, unread, 1..MANY).prop_map(|(mut school, mut next, unread, shift)| {
        for (number, row) in (1..).zip(&mut school) {
            row.eleve_id = number.to_string();
            row.ine = Some(ine(number));
        }
        next.extend((1..).zip(&school).map(|(number, row)| StudentRow {
            eleve_id: ((number + shift - 1) % MANY + 1).to_string(),
            ..row.clone()
        }));
        keep_numbers_once(&mut next);
        let unread = unread.iter().map(|(row, because)| withheld(row, *because));
        (reading(school, vec![]), reading(next, unread.collect()))
    })
}

fn roster_of(files: &[Reading], chance: &Counter) -> Roster {
    files.iter().fold(Roster::empty(school()), |roster, file| {
        write(&roster, &decide(&roster, file, chance))
    })
}

fn ids(roster: &Roster) -> BTreeSet<crate::ids::StudentId> {
    roster.students.iter().map(|student| student.id).collect()
}

fn sorted(mut students: Vec<Student>) -> Vec<Student> {
    students.sort_by_key(|student| student.id);
    students
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_same_file_twice_is_nothing_to_do(past in proptest::collection::vec(any_file(), 0..4), file in any_file()) {
        let chance = Counter::default();
        let roster = roster_of(&past, &chance);
        let after = write(&roster, &decide(&roster, &file, &chance));
        let again = Plan::compute(&after, &file, TODAY);
        prop_assert!(again.is_empty(), "{again:?}");
    }

    #[test]
    fn undoing_gives_the_roster_back(past in proptest::collection::vec(any_file(), 0..4), file in any_file()) {
        let chance = Counter::default();
        let roster = roster_of(&past, &chance);
        let applied = decide(&roster, &file, &chance);
        let after = write(&roster, &applied);
        let import = written_import(&applied);
        let undo = Undo::decide(&after.summary(TODAY), import, applied.inverse.clone(), head(), &chance, now()).unwrap();
        let back = put_back(&after, &undo);
        prop_assert_eq!(sorted(back.students), sorted(roster.students));
        prop_assert_eq!(back.last_import, roster.last_import);
    }

    #[test]
    fn a_base_made_again_is_planned_once((school, file) in numbered_again()) {
        let chance = Counter::default();
        let roster = roster_of(&[school], &chance);
        let applied = decide(&roster, &file, &chance);
        let after = write(&roster, &applied);
        let again = Plan::compute(&after, &file, TODAY);
        prop_assert!(again.is_empty(), "{again:?}");
        let import = written_import(&applied);
        let undo = Undo::decide(&after.summary(TODAY), import, applied.inverse.clone(), head(), &chance, now()).unwrap();
        prop_assert_eq!(sorted(put_back(&after, &undo).students), sorted(roster.students));
    }

    #[test]
    fn nobody_is_lost_or_doubled(past in proptest::collection::vec(any_file(), 0..4), file in any_file()) {
        let chance = Counter::default();
        let roster = roster_of(&past, &chance);
        let plan = Plan::compute(&roster, &file, TODAY);
        let after = write(&roster, &decide(&roster, &file, &chance));
        prop_assert!(ids(&roster).is_subset(&ids(&after)));
        prop_assert_eq!(after.students.len(), roster.students.len() + plan.added.len());
        let eleve_ids: BTreeSet<_> = after.students.iter().map(|student| &student.eleve_id).collect();
        prop_assert_eq!(eleve_ids.len(), after.students.len());
        let ines: Vec<_> = after.students.iter().filter_map(|student| student.ine.as_ref()).collect();
        prop_assert_eq!(ines.iter().collect::<BTreeSet<_>>().len(), ines.len());
        let conflicts: BTreeSet<_> = plan.rejected.iter().filter_map(|remark| remark.eleve_id.clone()).collect();
        for row in file.students.iter().filter(|row| !conflicts.contains(&row.eleve_id)) {
            let found: Vec<_> = after.students.iter().filter(|student| student.eleve_id == row.eleve_id).collect();
            prop_assert_eq!(found.len(), 1);
            let is_there = matches!(found[0].presence, Presence::Present { .. });
            prop_assert!(is_there && found[0].last_name == row.last_name && found[0].division == row.division);
            prop_assert!(row.ine.is_none() || found[0].ine == row.ine);
        }
        let counts = plan.counts();
        prop_assert_eq!(counts.read as usize, file.students.len());
    }

    #[test]
    fn a_record_never_goes_to_another_person(past in proptest::collection::vec(any_file(), 0..4), file in any_file()) {
        let roster = roster_of(&past, &Counter::default());
        let plan = Plan::compute(&roster, &file, TODAY);
        let rewrites = || plan.updated.iter().chain(&plan.returning);
        for Rewrite { before, row, .. } in rewrites() {
            let number = before.eleve_id == row.eleve_id || (before.ine.is_some() && before.ine == row.ine);
            let names = before.last_name == row.last_name && before.first_name == row.first_name;
            prop_assert!(number && (before.birthdate == row.birthdate || names));
        }
        let students: BTreeSet<_> = rewrites().map(|rewrite| rewrite.before.id).collect();
        prop_assert_eq!(students.len(), rewrites().count(), "two rows on one record");
    }

    #[test]
    fn who_keeps_number_birth_date_and_names_is_never_refused(
        past in proptest::collection::vec(any_file(), 0..4),
        file in any_file(),
    ) {
        let roster = roster_of(&past, &Counter::default());
        let plan = Plan::compute(&roster, &file, TODAY);
        for row in &file.students {
            let is_it = |student: &&Student| {
                student.eleve_id == row.eleve_id
                    && student.birthdate == row.birthdate
                    && student.last_name == row.last_name
                    && student.first_name == row.first_name
            };
            if roster.students.iter().any(|student| is_it(&student)) {
                let mut written = plan.added.iter();
                prop_assert!(written.all(|added| added.eleve_id != row.eleve_id));
                let mut rejected = plan.rejected.iter();
                prop_assert!(rejected.all(|remark| remark.eleve_id.as_ref() != Some(&row.eleve_id)));
            }
        }
    }

    #[test]
    fn the_order_of_the_file_changes_nothing(
        past in proptest::collection::vec(any_file(), 0..3),
        file in any_file(),
        seed in any::<u64>(),
    ) {
        let roster = roster_of(&past, &Counter::default());
        let mut shuffled = file.clone();
        let mut order: Vec<u64> = (0..shuffled.students.len() as u64).map(|at| (at + 1).wrapping_mul(seed | 1)).collect();
        shuffled.students.sort_by_key(|_| order.pop());
        shuffled.withheld.reverse();
        prop_assert_eq!(Plan::compute(&roster, &shuffled, TODAY), Plan::compute(&roster, &file, TODAY));
    }
}

#[test]
fn twenty_thousand_pupils_are_planned_linearly() {
    let rows: Vec<StudentRow> = (0..20_000).map(|n| row(n, Some(n), "Martin")).collect();
    let roster = imported(rows.clone());
    let plan = Plan::compute(&roster, &reading(rows, vec![]), TODAY);
    assert!(plan.is_empty());
    assert_eq!(plan.unchanged, 20_000);
}
