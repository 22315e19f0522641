//! Who is who: the same pupil or another, case by case.

use jiff::civil::date;

use super::*;
use crate::roster::Presence;
use crate::roster::changes::{Field, FieldValue};
use crate::roster::plan::LeavingBecause;

mod numbered_again;

/// A roster that files follow one another on.
struct School {
    roster: Roster,
    chance: Counter,
}

impl School {
    fn of(rows: &[StudentRow]) -> Self {
        let mut school = Self {
            roster: Roster::empty(school()),
            chance: Counter::default(),
        };
        school.import(rows);
        school
    }

    fn plan(&self, rows: &[StudentRow]) -> Plan {
        Plan::compute(&self.roster, &reading(rows.to_vec(), vec![]), TODAY)
    }

    /// Writes a file, and holds what is true of every import: the same file is then nothing to do, in any order, and
    /// undoing puts everything back.
    fn import(&mut self, rows: &[StudentRow]) -> Plan {
        let plan = self.plan(rows);
        let mut file = reading(rows.to_vec(), vec![]);
        let applied = decide(&self.roster, &file, &self.chance);
        let after = write(&self.roster, &applied);
        for _ in 0..2 {
            let again = Plan::compute(&after, &file, TODAY);
            assert!(again.is_empty(), "{again:?}");
            file.students.reverse();
        }
        let import = written_import(&applied);
        let (inverse, summary) = (applied.inverse.clone(), after.summary(TODAY));
        let undo = Undo::decide(&summary, import, inverse, head(), &self.chance, now()).unwrap();
        assert_eq!(
            put_back(&after, &undo).students,
            in_order(self.roster.students.clone())
        );
        self.roster = after;
        plan
    }

    /// The record of who had this `ELEVE_ID` when the first file was written.
    fn id(&self, eleve_id: u32) -> StudentId {
        self.named(|student| student.eleve_id == eleve_id.to_string())
            .id
    }

    fn of_id(&self, id: StudentId) -> &Student {
        self.named(|student| student.id == id)
    }

    fn named(&self, is_it: impl Fn(&Student) -> bool) -> &Student {
        let mut found = self.roster.students.iter().filter(|one| is_it(one));
        found.next().unwrap()
    }
}

fn in_order(mut students: Vec<Student>) -> Vec<Student> {
    students.sort_by_key(|student| student.id);
    students
}

/// A pupil born on this day of January 2013.
fn pupil(eleve_id: u32, ine: u32, last_name: &str, first_name: &str, day: i8) -> StudentRow {
    StudentRow {
        first_name: first_name.to_owned(),
        birthdate: date(2013, 1, day),
        ..row(eleve_id, Some(ine), last_name)
    }
}

fn aurelien() -> StudentRow {
    pupil(900, 900, "MARTIN", "Aurélien", 29)
}

fn rose() -> StudentRow {
    pupil(901, 901, "PETITJEAN", "Rose", 1)
}

fn tom() -> StudentRow {
    pupil(7, 7, "AUTRE", "Tom", 5)
}

fn with_ine(number: u32, row: StudentRow) -> StudentRow {
    StudentRow {
        ine: Some(ine(number)),
        ..row
    }
}

fn without_ine(row: StudentRow) -> StudentRow {
    StudentRow { ine: None, ..row }
}

fn with_eleve_id(number: u32, row: StudentRow) -> StudentRow {
    StudentRow {
        eleve_id: number.to_string(),
        ..row
    }
}

fn fields(plan: &Plan) -> Vec<Vec<Field>> {
    let changed = plan.updated.iter().map(|rewrite| {
        let changes = rewrite.changes.iter();
        changes.map(|change| change.field).collect()
    });
    changed.collect()
}

fn conflicts(plan: &Plan) -> Vec<&str> {
    let rejected = plan.rejected.iter();
    rejected
        .filter(|remark| remark.code == RejectionCode::IdentityConflict)
        .filter_map(|remark| remark.eleve_id.as_deref())
        .collect()
}

#[test]
fn an_ine_alone_never_makes_one_pupil_of_two() {
    let mut school = School::of(&[aurelien(), tom()]);
    let aurelien_s = school.id(900);
    let plan = school.import(&[tom(), with_ine(900, rose())]);
    assert_eq!((plan.added.len(), plan.unchanged), (1, 1));
    assert!(plan.rejected.is_empty());
    assert_eq!(plan.leaving[0].because, LeavingBecause::Absent);
    assert!(plan.leaving[0].lost.ine);
    let former = school.of_id(aurelien_s);
    assert_eq!(former.presence, Presence::Left { on: TODAY });
    assert_eq!(
        (former.last_name.as_str(), &former.ine, former.number()),
        ("MARTIN", &None, Some("900"))
    );
    let new = school.named(|student| student.last_name == "PETITJEAN");
    assert!(new.id != aurelien_s && new.ine == Some(ine(900)));
}

#[test]
fn whoever_left_gives_up_an_ine_too() {
    let mut school = School::of(&[aurelien(), tom()]);
    let aurelien_s = school.id(900);
    school.import(&[tom()]);
    let plan = school.import(&[tom(), with_ine(900, rose())]);
    assert_eq!((plan.added.len(), plan.leaving.len()), (1, 0));
    assert_eq!(plan.renumbered[0].student.id, aurelien_s);
    assert_eq!(plan.changes(), 2);
    assert_eq!(school.of_id(aurelien_s).ine, None);
    let back = school.import(&[tom(), with_ine(900, rose()), with_ine(902, aurelien())]);
    assert_eq!(back.returning[0].before.id, aurelien_s);
    assert_eq!(school.of_id(aurelien_s).ine, Some(ine(902)));
}

#[test]
fn an_ine_that_goes_to_its_true_holder_is_an_update() {
    let zoe = pupil(1, 1, "DURAND", "Zoé", 15);
    let hugo = pupil(2, 1, "BERNARD", "Hugo", 9);
    let mut school = School::of(&[zoe.clone(), tom()]);
    let zoe_s = school.id(1);
    let plan = school.import(&[with_ine(2, zoe), hugo, tom()]);
    assert!(plan.rejected.is_empty() && plan.leaving.is_empty());
    assert_eq!(fields(&plan), [[Field::Ine]]);
    assert_eq!(plan.added[0].last_name, "BERNARD");
    assert_eq!(school.of_id(zoe_s).ine, Some(ine(2)));
}

#[test]
fn a_known_ine_stays_when_the_row_has_none_unless_it_goes_to_somebody_else() {
    let mut school = School::of(&[aurelien(), tom()]);
    let aurelien_s = school.id(900);
    assert!(school.plan(&[without_ine(aurelien()), tom()]).is_empty());
    let moved = StudentRow {
        division: "5B".to_owned(),
        ..without_ine(aurelien())
    };
    assert_eq!(
        fields(&school.import(&[moved.clone(), tom()])),
        [[Field::Division]]
    );
    assert_eq!(school.of_id(aurelien_s).ine, Some(ine(900)));

    let plan = school.import(&[moved, with_ine(900, rose()), tom()]);
    let change = &plan.updated[0].changes[0];
    assert_eq!(change.field, Field::Ine);
    assert!(change.old == Some(FieldValue::Text("000000900AB".to_owned())) && change.new.is_none());
    assert_eq!((plan.added.len(), plan.rejected.len()), (1, 0));
    assert_eq!(school.of_id(aurelien_s).ine, None);
}

#[test]
fn two_rows_exchange_their_ine_in_one_write() {
    let mut school = School::of(&[aurelien(), rose(), tom()]);
    let (aurelien_s, rose_s) = (school.id(900), school.id(901));
    let plan = school.import(&[with_ine(901, aurelien()), with_ine(900, rose()), tom()]);
    assert_eq!(fields(&plan), [[Field::Ine], [Field::Ine]]);
    assert_eq!(school.of_id(aurelien_s).ine, Some(ine(901)));
    assert_eq!(school.of_id(rose_s).ine, Some(ine(900)));
}

#[test]
fn ines_go_round_in_chains_and_in_cycles() {
    let four = || [aurelien(), rose(), tom(), pupil(4, 4, "QUATRE", "Nour", 4)];
    for (numbers, updated) in [
        ([901, 7, 4, 900], 4),
        ([901, 7, 4, 55], 4),
        ([55, 900, 901, 4], 3),
    ] {
        let mut school = School::of(&four());
        let before: Vec<StudentId> = [900, 901, 7, 4].map(|number| school.id(number)).to_vec();
        let rows: Vec<_> = numbers
            .into_iter()
            .zip(four())
            .map(|(number, row)| with_ine(number, row))
            .collect();
        let plan = school.import(&rows);
        assert_eq!((plan.updated.len(), plan.rejected.len()), (updated, 0));
        for (id, number) in before.into_iter().zip(numbers) {
            assert_eq!(school.of_id(id).ine, Some(ine(number)));
        }
    }
}

#[test]
fn a_number_and_the_birth_date_or_both_names_are_enough() {
    let school = School::of(&[aurelien(), tom()]);
    let aurelien_s = school.id(900);
    let married = |row: StudentRow| StudentRow {
        last_name: "ÉPOUSE".to_owned(),
        ..row
    };
    let born_later = |row: StudentRow| StudentRow {
        birthdate: date(2013, 2, 3),
        ..row
    };
    let known_by = |row: StudentRow| StudentRow {
        last_name: "AUTREFOIS".to_owned(),
        usage_name: Some("Martin".to_owned()),
        ..row
    };
    for (row, changed) in [
        (married(aurelien()), vec![Field::LastName]),
        (born_later(aurelien()), vec![Field::Birthdate]),
        (
            married(with_ine(55, aurelien())),
            vec![Field::LastName, Field::Ine],
        ),
        (
            born_later(with_ine(55, aurelien())),
            vec![Field::Birthdate, Field::Ine],
        ),
        (
            married(with_eleve_id(55, aurelien())),
            vec![Field::LastName, Field::EleveId],
        ),
        (
            born_later(with_eleve_id(55, aurelien())),
            vec![Field::Birthdate, Field::EleveId],
        ),
        (
            known_by(born_later(with_eleve_id(55, aurelien()))),
            vec![
                Field::LastName,
                Field::UsageName,
                Field::Birthdate,
                Field::EleveId,
            ],
        ),
    ] {
        let plan = school.plan(&[row, tom()]);
        assert_eq!(fields(&plan), [changed]);
        assert_eq!(plan.updated[0].before.id, aurelien_s);
    }
}

#[test]
fn an_eleve_id_alone_is_a_conflict_and_so_are_both_numbers() {
    let mut school = School::of(&[aurelien(), tom()]);
    for row in [
        with_eleve_id(900, rose()),
        without_ine(with_eleve_id(900, rose())),
        with_ine(900, with_eleve_id(900, rose())),
    ] {
        let plan = school.import(&[row, tom()]);
        assert_eq!(conflicts(&plan), ["900"]);
        assert!(
            plan.is_empty(),
            "who is on the roster is not absent: {plan:?}"
        );
        assert_eq!(plan.rejected_students, 1);
    }
}

#[test]
fn who_has_the_numbers_of_two_pupils_is_the_one_that_more_evidence_designates() {
    let mut school = School::of(&[aurelien(), rose(), tom()]);
    let (aurelien_s, rose_s) = (school.id(900), school.id(901));
    // Aurélien's INE, birth date and names, with Rose's number: he is Aurélien, and she is absent, without her number.
    let plan = school.import(&[with_eleve_id(901, aurelien()), tom()]);
    assert_eq!(fields(&plan), [[Field::EleveId]]);
    assert!(plan.leaving[0].student.id == rose_s && plan.leaving[0].lost.eleve_id);
    assert_eq!(school.of_id(aurelien_s).number(), Some("901"));
    assert_eq!(school.of_id(rose_s).number(), None);

    // His number, birth date and names, with Tom's INE: he is Aurélien, whatever the INE says.
    let mixed = with_eleve_id(901, with_ine(7, aurelien()));
    let plan = school.import(&[mixed, without_ine(tom())]);
    assert_eq!(fields(&plan), [[Field::Ine], [Field::Ine]]);
    assert!(plan.rejected.is_empty());
}

#[test]
fn equal_evidence_for_two_pupils_is_a_conflict() {
    let mut school = School::of(&[aurelien(), rose(), tom()]);
    // Aurélien's INE and names, Rose's number and birth date.
    let mixed = StudentRow {
        birthdate: rose().birthdate,
        ..with_eleve_id(901, aurelien())
    };
    let plan = school.import(&[mixed.clone(), tom()]);
    assert_eq!(conflicts(&plan), ["901"]);
    assert!(plan.is_empty(), "neither is absent");
    // Once the other is there for certain, he can only be Aurélien.
    let plan = school.import(&[with_eleve_id(55, rose()), mixed, tom()]);
    assert_eq!(
        fields(&plan),
        [vec![Field::Birthdate, Field::EleveId], vec![Field::EleveId]]
    );
}

#[test]
fn equal_evidence_of_two_rows_for_one_pupil_is_a_conflict() {
    let mut school = School::of(&[aurelien(), tom()]);
    let by_ine = StudentRow {
        birthdate: date(2013, 2, 3),
        ..with_eleve_id(55, aurelien())
    };
    let by_eleve_id = StudentRow {
        last_name: "ÉPOUSE".to_owned(),
        ..without_ine(aurelien())
    };
    let plan = school.import(&[by_ine, by_eleve_id, tom()]);
    assert_eq!(conflicts(&plan), ["55", "900"]);
    assert!(plan.is_empty());
}

#[test]
fn twins_who_exchange_their_ines_stay_themselves() {
    let twins = [pupil(1, 1, "DUO", "Léa", 3), pupil(2, 2, "DUO", "Tom", 3)];
    let [lea, tim] = twins.clone();
    let mut school = School::of(&twins);
    let (lea_s, tim_s) = (school.id(1), school.id(2));
    let plan = school.import(&[with_ine(2, lea.clone()), with_ine(1, tim.clone())]);
    assert_eq!(fields(&plan), [[Field::Ine], [Field::Ine]]);
    // One of them mistyped, while the other's is not known yet.
    let plan = school.import(&[with_ine(1, lea.clone()), without_ine(tim.clone())]);
    assert_eq!(fields(&plan), [[Field::Ine], [Field::Ine]]);
    assert_eq!(school.of_id(tim_s).ine, None);
    assert_eq!(school.of_id(lea_s).ine, Some(ine(1)));
}

#[test]
fn a_twin_who_arrives_with_the_ine_of_the_other_is_nobody_else() {
    let lea = pupil(1, 1, "DUO", "Léa", 3);
    let tim = pupil(2, 1, "DUO", "Tim", 3);
    // Both are there: Tim is new.
    let mut school = School::of(&[lea.clone(), tom()]);
    let lea_s = school.id(1);
    let plan = school.import(&[with_ine(9, lea.clone()), tim.clone(), tom()]);
    assert_eq!((plan.added.len(), plan.updated.len()), (1, 1));
    assert_eq!(school.of_id(lea_s).first_name, "Léa");
    // Léa is not: nobody can tell, and nothing moves.
    let mut school = School::of(&[lea.clone(), tom()]);
    let plan = school.import(&[tim, tom()]);
    assert_eq!(conflicts(&plan), ["2"]);
    assert!(plan.is_empty());
    // A first name mistyped or cut in two is no twin.
    for first_name in ["Lea-Rose", "LÉA", "Leaa"] {
        let same = StudentRow {
            first_name: first_name.to_owned(),
            ..pupil(2, 1, "DUO", "", 3)
        };
        let plan = school.plan(&[same, tom()]);
        assert_eq!(
            plan.updated.len(),
            usize::from(first_name != "Leaa"),
            "{first_name}"
        );
    }
}

#[test]
fn where_the_ine_is_the_only_number_twins_who_exchange_it_stay_themselves() {
    let by_ine_alone = |number: u32, first_name: &str| StudentRow {
        eleve_id: ine(number).as_str().to_owned(),
        ..pupil(0, number, "DUO", first_name, 3)
    };
    let mut school = School::of(&[by_ine_alone(1, "Léa"), by_ine_alone(2, "Tim"), tom()]);
    let plan = school.import(&[by_ine_alone(2, "Léa"), by_ine_alone(1, "Tim"), tom()]);
    assert!(plan.is_empty());
    assert_eq!(conflicts(&plan).len(), 2);
    let corrected = StudentRow {
        birthdate: date(2013, 2, 2),
        ..by_ine_alone(1, "Léa")
    };
    let plan = school.import(&[corrected, by_ine_alone(2, "Tim"), tom()]);
    assert_eq!(fields(&plan), [[Field::Birthdate]]);
    // Nobody who is there loses it to another; whoever left does.
    let other = StudentRow {
        eleve_id: ine(2).as_str().to_owned(),
        ..with_ine(2, rose())
    };
    let plan = school.import(&[other.clone(), tom()]);
    assert_eq!((conflicts(&plan).len(), plan.leaving.len()), (1, 1));
    school.import(&[tom()]);
    let plan = school.import(&[other, tom()]);
    assert_eq!((plan.added.len(), plan.renumbered.len()), (1, 1));
}

#[test]
fn numbers_hold_when_twins_exchange_their_first_names() {
    let twins = [pupil(1, 1, "DUO", "Léa", 3), pupil(2, 2, "DUO", "Tim", 3)];
    let school = School::of(&twins);
    let mut exchanged = twins.clone();
    exchanged[0].first_name = "Tim".to_owned();
    exchanged[1].first_name = "Léa".to_owned();
    let plan = school.plan(&exchanged);
    assert_eq!(fields(&plan), [[Field::FirstName], [Field::FirstName]]);
    assert!(plan.rejected.is_empty());
}

#[test]
fn a_withheld_pupil_needs_the_same_evidence_and_leaves_numbers_to_those_who_are_there() {
    let school = School::of(&[aurelien(), rose(), tom()]);
    let left = WithheldBecause::Left(date(2026, 7, 3));
    let plan = |rows: Vec<StudentRow>, others: Vec<Withheld>| {
        Plan::compute(&school.roster, &reading(rows, others), TODAY)
    };
    // Somebody who left with Aurélien's INE is not Aurélien: he is absent.
    let other = with_ine(900, pupil(55, 0, "QUELQU’UN", "Jo", 30));
    let absent = plan(vec![rose(), tom()], vec![withheld(&other, left)]);
    assert_eq!(absent.leaving[0].because, LeavingBecause::Absent);
    let gone = plan(vec![rose(), tom()], vec![withheld(&aurelien(), left)]);
    assert_eq!(gone.leaving[0].because, LeavingBecause::Left);
    // Rejected or without a class, a number is enough to stay.
    let kept = plan(
        vec![rose(), tom()],
        vec![withheld(&other, WithheldBecause::Rejected)],
    );
    assert!(kept.is_empty());
    // Who is in the file twice is there, under the new number.
    let again = with_eleve_id(55, aurelien());
    let twice = plan(
        vec![again, rose(), tom()],
        vec![withheld(&aurelien(), left)],
    );
    assert_eq!(fields(&twice), [[Field::EleveId]]);
    assert!(twice.leaving.is_empty());
}
