//! A base made again gives every pupil another `ELEVE_ID`, and gives former numbers to newcomers.

use super::*;

#[test]
fn everybody_is_kept() {
    let rows = [aurelien(), rose(), tom()];
    let mut school = School::of(&rows);
    let before = [900, 901, 7].map(|number| school.id(number));
    // Numbers that go round, then numbers that nobody had.
    for numbers in [[901, 7, 900], [31, 32, 33]] {
        let mut again = rows.clone();
        for (number, row) in numbers.into_iter().zip(&mut again) {
            row.eleve_id = number.to_string();
        }
        let plan = school.import(&again);
        assert_eq!(
            fields(&plan),
            [[Field::EleveId], [Field::EleveId], [Field::EleveId]]
        );
        for (id, number) in before.iter().zip(numbers) {
            assert_eq!(school.of_id(*id).eleve_id, number.to_string());
        }
    }
}

#[test]
fn a_number_of_somebody_who_left_is_given_again() {
    let mut school = School::of(&[aurelien(), rose(), tom()]);
    let rose_s = school.id(901);
    school.import(&[aurelien(), tom()]);
    // Aurélien has Rose's former number, then a newcomer has it.
    let plan = school.import(&[with_eleve_id(901, aurelien()), tom()]);
    assert_eq!(fields(&plan), [[Field::EleveId]]);
    assert!(plan.renumbered[0].lost.eleve_id);
    let former = school.of_id(rose_s);
    assert_eq!((former.number(), &former.ine), (None, &Some(ine(901))));
    let back = school.import(&[aurelien(), tom(), with_eleve_id(5, rose())]);
    assert_eq!(back.returning[0].before.id, rose_s);
    assert_eq!(school.of_id(rose_s).number(), Some("5"));

    school.import(&[aurelien(), tom()]);
    let newcomer = pupil(5, 50, "NOUVEAU", "Ali", 20);
    let plan = school.import(&[aurelien(), tom(), newcomer]);
    assert_eq!((plan.added.len(), plan.rejected.len()), (1, 0));
    assert_eq!(school.of_id(rose_s).number(), None);
}

/// Thirty pupils, numbered from 1.
fn thirty() -> Vec<StudentRow> {
    (1..=30)
        .zip((1..=28).cycle())
        .map(|(n, day)| pupil(n, n, &format!("NOM{n}"), "Awa", day))
        .collect()
}

/// The first of them, numbered again from 101.
fn numbered_again(count: usize) -> Vec<StudentRow> {
    let mut rows = thirty();
    rows.truncate(count);
    for (number, row) in (101..).zip(&mut rows) {
        row.eleve_id = number.to_string();
    }
    rows
}

#[test]
fn numbers_of_former_pupils_say_nothing() {
    let mut school = School::of(&thirty());
    let mut next = numbered_again(20);
    // Ten newcomers have the numbers of the ten others, and half of them their birth dates.
    for (n, former) in (21..).zip(&thirty()[20..]) {
        let day = if n % 2 == 0 {
            former.birthdate.day()
        } else {
            29
        };
        next.push(pupil(n, 200 + n, &format!("NOUVEAU{n}"), "Léo", day));
    }
    let plan = school.import(&next);
    assert_eq!(
        (plan.updated.len(), plan.added.len(), plan.leaving.len()),
        (20, 10, 10)
    );
    assert!(plan.rejected.is_empty() && plan.leaving.iter().all(|one| one.lost.eleve_id));
}

#[test]
fn numbers_of_those_whom_the_file_sets_aside_say_nothing_either() {
    let school = School::of(&thirty());
    let same_day = pupil(21, 221, "NOUVEAU", "Léo", thirty()[20].birthdate.day());
    let unclear = pupil(22, 222, "NOUVELLE", "Mia", 29);
    let renamed = with_ine(223, thirty()[22].clone());
    let set_aside = vec![
        withheld(&same_day, WithheldBecause::Left(date(2026, 7, 1))),
        withheld(&unclear, WithheldBecause::Rejected),
        withheld(&renamed, WithheldBecause::Left(date(2026, 7, 2))),
    ];
    let file = reading(numbered_again(20), set_aside);
    let plan = Plan::compute(&school.roster, &file, TODAY);
    let told: Vec<&str> = plan
        .leaving
        .iter()
        .filter(|one| one.because != LeavingBecause::Absent)
        .map(|one| one.student.eleve_id.as_str())
        .collect();
    assert_eq!((plan.leaving.len(), told), (10, vec!["23"]));
}

#[test]
fn a_few_who_are_numbered_again_say_nothing_of_the_others() {
    let mut school = School::of(&thirty());
    let mut next = numbered_again(9);
    next.extend_from_slice(&thirty()[9..29]);
    next.push(pupil(30, 230, "NOUVEAU", "Léo", 29));
    assert_eq!(conflicts(&school.import(&next)), ["30"]);
}
