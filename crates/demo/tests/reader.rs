//! The reader of exports takes what the generator makes, and refuses the wrong files for the right reason.

use std::collections::HashMap;

use jiff::civil::{Date, date};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, School, SchoolSpec, Standing, WrongFile};
use pix_orga_domain::roster::reading::{Reading, SetAsideCode, WarningCode};
use pix_orga_siecle::{Request, read};

const DAY: Date = date(2026, 10, 5);
const LATER: Date = date(2026, 11, 9);

fn reading(school: &School, bytes: &[u8]) -> Reading {
    let request = Request {
        bytes,
        expected_uai: school.spec.uai,
        reference_day: school.exported_on,
    };
    read(&request).unwrap_or_else(|refusal| panic!("{}: {}", school.spec.uai, refusal.code.code()))
}

/// The reading holds exactly the pupils who are present, as they are, and says why the others are not there.
fn assert_same(school: &School, reading: &Reading) {
    assert_eq!(reading.file.uai, Some(school.spec.uai));
    assert_eq!(reading.file.school_year, Some(school.school_year));
    assert_eq!(reading.file.exported_on, Some(school.exported_on));
    assert_eq!(reading.file.encoding.as_deref(), Some("ISO-8859-15"));
    assert!(reading.rejected.is_empty(), "{:?}", reading.rejected);
    let present: Vec<_> = school.present().collect();
    assert_eq!(reading.students.len(), present.len());
    for (row, pupil) in reading.students.iter().zip(present) {
        assert_eq!(row.eleve_id, pupil.eleve_id);
        assert_eq!(row.ine, pupil.ine);
        assert_eq!(row.last_name, pupil.last_name);
        assert_eq!(row.usage_name, pupil.usage_name);
        assert_eq!(row.first_name, pupil.first_name);
        assert_eq!(row.other_first_names, pupil.other_first_names);
        assert_eq!(row.birthdate, pupil.birthdate);
        assert_eq!(row.sex, Some(pupil.sex));
        assert_eq!(Some(&row.division), pupil.division.as_ref());
        assert_eq!(row.mef.as_ref(), Some(&pupil.mef));
        let leaves_on = match pupil.standing {
            Standing::Leaving(day) => Some(day),
            _ => None,
        };
        assert_eq!(row.leaves_on, leaves_on);
    }
    let mut aside = HashMap::new();
    for remark in &reading.set_aside {
        *aside.entry(remark.code).or_insert(0) += 1;
    }
    let count = |test: fn(&Standing) -> bool| {
        school
            .pupils
            .iter()
            .filter(|one| test(&one.standing))
            .count()
    };
    let said = |code| aside.get(&code).copied().unwrap_or(0);
    let left = count(|one| matches!(one, Standing::Left(_)));
    assert_eq!(said(SetAsideCode::Left), left);
    let inactive = count(|one| *one == Standing::Inactive);
    assert_eq!(said(SetAsideCode::Inactive), inactive);
    let unassigned = count(|one| *one == Standing::Unassigned);
    assert_eq!(said(SetAsideCode::NoDivision), unassigned);
}

fn warned(reading: &Reading, code: WarningCode) -> usize {
    reading
        .warnings
        .iter()
        .filter(|warning| warning.code == code)
        .count()
}

#[test]
fn every_school_is_read_as_it_is_this_term_and_the_next() {
    let generator = Generator::new(2026);
    for one in schools::all() {
        let school = generator.generate(&SchoolSpec::of(one), one.pupils, 2026, DAY);
        let first = reading(&school, &school.to_zip_bytes().unwrap());
        assert_same(&school, &first);
        let without = school.present().filter(|pupil| pupil.ine.is_none()).count();
        assert_eq!(warned(&first, WarningCode::IneMissing), without);
        assert_eq!(first.warnings.len(), without, "{:?}", first.warnings);

        let next = generator.next_export(&school, LATER);
        let second = reading(&next.school, &next.school.to_xml_bytes());
        assert_same(&next.school, &second);
        assert_eq!(warned(&second, WarningCode::NameRepaired), 1, "{}", one.uai);
    }
}

#[test]
fn each_wrong_file_is_refused_with_its_code() {
    for one in schools::all().iter().take(4) {
        let school = Generator::new(1).generate(&SchoolSpec::of(one), 120, 2026, DAY);
        for wrong in WrongFile::ALL {
            // Which system another file is of is told by who knows both.
            if wrong == WrongFile::Fregata {
                continue;
            }
            let (_, bytes) = wrong.make(&school).unwrap();
            let request = Request {
                bytes: &bytes,
                expected_uai: one.uai,
                reference_day: DAY,
            };
            let refusal = read(&request).unwrap_err();
            assert_eq!(refusal.code, wrong.refusal(), "{}", wrong.slug());
        }
    }
}

#[test]
fn the_largest_school_allowed_is_read() {
    let spec = SchoolSpec::of(&schools::all()[1]);
    let pupils = pix_orga_siecle::limits::STUDENTS_MAX;
    let school = Generator::new(4).generate(&spec, pupils, 2026, DAY);
    assert_same(&school, &reading(&school, &school.to_zip_bytes().unwrap()));
}
