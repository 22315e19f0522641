mod applied;
mod decided;
mod doubles;
mod due;
mod unnamed;
mod who;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use uuid::Uuid;

use super::applying::{AppliedImport, Applying, Undo};
use super::import::{FileName, Import, ImportState};
use super::plan::Plan;
use super::reading::{
    FileFacts, Reading, RejectionCode, Remark, StudentRow, Withheld, WithheldBecause,
};
use super::source::RosterSource;
use super::values::Values;
use super::{Roster, SORT_NAME_CHARS_MAX, Student, sort_key};
use crate::chance::Chance;
use crate::ids::{AccountId, ImportId, OrganizationId, StudentId};
use crate::ine::Ine;
use crate::organization::ImportPolicy;

/// Each draw is a new number.
#[derive(Default)]
pub(super) struct Counter(std::sync::atomic::AtomicU64);

impl Chance for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        for (byte, value) in bytes.iter_mut().rev().zip(next.to_le_bytes()) {
            *byte = value;
        }
    }
}

pub(super) const TODAY: Date = date(2026, 9, 10);

pub(super) fn now() -> Timestamp {
    "2026-09-10T08:00:00Z".parse().unwrap()
}

pub(super) fn school() -> OrganizationId {
    OrganizationId(Uuid::from_u128(1))
}

pub(super) fn head() -> AccountId {
    AccountId(Uuid::from_u128(2))
}

pub(super) fn ine(number: u32) -> Ine {
    Ine::parse(&format!("{number:09}AB")).unwrap()
}

pub(super) fn row(eleve_id: u32, ine_number: Option<u32>, name: &str) -> StudentRow {
    StudentRow {
        eleve_id: eleve_id.to_string(),
        ine: ine_number.map(ine),
        last_name: name.to_owned(),
        usage_name: None,
        first_name: "Awa".to_owned(),
        other_first_names: vec![],
        birthdate: date(2013, 1, 1),
        sex: None,
        division: "6A".to_owned(),
        mef: None,
        leaves_on: None,
        line: eleve_id,
    }
}

pub(super) fn reading(students: Vec<StudentRow>, withheld: Vec<Withheld>) -> Reading {
    Reading {
        source: RosterSource::Siecle,
        file: FileFacts {
            school_year: Some(2026),
            exported_on: Some(date(2026, 9, 9)),
            ..FileFacts::default()
        },
        students,
        set_aside: vec![],
        rejected: vec![],
        warnings: vec![],
        withheld,
    }
}

pub(super) fn withheld(row: &StudentRow, because: WithheldBecause) -> Withheld {
    Withheld {
        because,
        eleve_id: Some(row.eleve_id.clone()),
        ine: row.ine.clone(),
        last_name: Some(row.last_name.clone()),
        first_name: Some(row.first_name.clone()),
        birthdate: Some(row.birthdate),
    }
}

pub(super) fn rejection(code: RejectionCode) -> Remark<RejectionCode> {
    Remark {
        code,
        line: Some(1),
        eleve_id: None,
        last_name: None,
        first_name: None,
        division: None,
        values: Values::default(),
    }
}

pub(super) fn an_import(number: u128) -> Import {
    Import::received(
        ImportId(Uuid::from_u128(number)),
        school(),
        head(),
        FileName::of("export.zip"),
        10,
        now(),
    )
}

pub(super) fn decide(roster: &Roster, file: &Reading, chance: &Counter) -> AppliedImport {
    let plan = Plan::compute(roster, file, TODAY);
    let import = an_import(100 + u128::try_from(roster.revision.0).unwrap());
    let applying = Applying {
        confirmed_by: Some(head()),
        policy: ImportPolicy::Updatable,
        chance,
        now: now(),
    };
    AppliedImport::decide(roster, &import, &plan, applying).unwrap()
}

/// What a store does of an applied import.
pub(super) fn write(roster: &Roster, applied: &AppliedImport) -> Roster {
    assert_eq!(roster.revision, applied.expected);
    let mut table = Table::of(&roster.students);
    table.take_numbers_away(&applied.inverse.renumbered);
    applied.inserted.iter().for_each(|new| table.insert(new));
    applied.rewritten.iter().for_each(|new| table.rewrite(new));
    let students = table.students();
    Roster {
        students,
        revision: roster.revision.next(),
        last_import: Some(applied.last_import),
        undoable: Some(applied.last_import.import_id),
        ..roster.clone()
    }
}

/// What a store does of an undoing.
pub(super) fn put_back(roster: &Roster, undo: &Undo) -> Roster {
    assert_eq!(roster.revision, undo.expected);
    let mut table = Table::of(&roster.students);
    table.delete(&undo.inverse.inserted);
    table.take_numbers_away(&undo.inverse.renumbered);
    undo.inverse
        .before
        .iter()
        .for_each(|old| table.rewrite(old));
    let students = table.students();
    Roster {
        students,
        revision: roster.revision.next(),
        last_import: undo.inverse.last_import,
        undoable: None,
        ..roster.clone()
    }
}

/// A table whose unique numbers are held at each row written, as a database's are.
#[derive(Default)]
struct Table {
    rows: BTreeMap<StudentId, Student>,
    borne: BTreeMap<String, StudentId>,
}

impl Table {
    fn of(students: &[Student]) -> Self {
        let mut table = Self::default();
        for student in students {
            table.insert(student);
        }
        table
    }

    fn numbers(student: &Student) -> impl Iterator<Item = String> {
        let ine = student
            .ine
            .iter()
            .map(|ine| format!("INE {}", ine.as_str()));
        ine.chain([format!("ELEVE_ID {}", student.eleve_id)])
    }

    fn insert(&mut self, student: &Student) {
        for number in Self::numbers(student) {
            let other = self.borne.insert(number, student.id);
            assert_eq!(other, None, "a number is borne twice");
        }
        assert!(self.rows.insert(student.id, student.clone()).is_none());
    }

    fn rewrite(&mut self, student: &Student) {
        let before = self.rows.remove(&student.id).unwrap();
        free(&mut self.borne, &before);
        self.insert(student);
    }

    fn take_numbers_away(&mut self, students: &[StudentId]) {
        for student in students {
            free(&mut self.borne, &self.rows[student]);
        }
    }

    fn delete(&mut self, students: &[StudentId]) {
        for student in students {
            let before = self.rows.remove(student).unwrap();
            free(&mut self.borne, &before);
        }
    }

    /// Each has its numbers again: a record whose numbers were taken away and that was not written would lack them.
    fn students(self) -> Vec<Student> {
        for student in self.rows.values() {
            for number in Self::numbers(student) {
                assert_eq!(self.borne.get(&number), Some(&student.id));
            }
        }
        self.rows.into_values().collect()
    }
}

/// Takes away the numbers that a record still bears.
fn free(borne: &mut BTreeMap<String, StudentId>, student: &Student) {
    for number in Table::numbers(student) {
        if borne.get(&number) == Some(&student.id) {
            borne.remove(&number);
        }
    }
}

pub(super) fn imported(rows: Vec<StudentRow>) -> Roster {
    let roster = Roster::empty(school());
    // Far from the ids that a test draws next.
    let chance = Counter(std::sync::atomic::AtomicU64::new(1 << 32));
    write(&roster, &decide(&roster, &reading(rows, vec![]), &chance))
}

pub(super) fn written_import(applied: &AppliedImport) -> &Import {
    assert!(matches!(
        applied.step.import.state,
        ImportState::Written { .. }
    ));
    &applied.step.import
}

#[test]
fn pupils_are_sorted_by_names_that_fit_in_an_index() {
    assert_eq!(sort_key("Le  Goff", "Anaïs"), "le goff\tanais");
    let long = "É".repeat(SORT_NAME_CHARS_MAX + 1);
    let part = "e".repeat(SORT_NAME_CHARS_MAX);
    assert_eq!(sort_key(&long, &long), format!("{part}\t{part}"));
}
