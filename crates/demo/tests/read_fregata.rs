//! The reader of Fregata's exports takes what the generator makes, and refuses the wrong files for the right reason.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use jiff::civil::{Date, date};
use pix_orga_demo::fregata::{WrongFile, csv};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, School, SchoolSpec};
use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::{FileFacts, FileRefusalCode, Reading, WarningCode};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_fregata::{Request, limits, read, recognises};

const DAY: Date = date(2026, 10, 5);
const LATER: Date = date(2026, 11, 9);

fn school(pupils: usize) -> School {
    let spec = SchoolSpec::of(schools::agricultural().unwrap());
    Generator::new(2026).generate(&spec, pupils, 2026, DAY)
}

fn reading(bytes: &[u8]) -> Reading {
    let reference_day = DAY;
    read(&Request {
        bytes,
        reference_day,
    })
    .unwrap()
}

/// The reading holds exactly the pupils who are present, as they are.
fn assert_same(school: &School, reading: &Reading) {
    let facts = FileFacts {
        encoding: Some("UTF-8".to_owned()),
        ..FileFacts::default()
    };
    assert_eq!(
        (reading.source, &reading.file),
        (RosterSource::Fregata, &facts)
    );
    assert!(reading.rejected.is_empty() && reading.set_aside.is_empty());
    assert_eq!(reading.students.len(), school.present().count());
    for (at, (row, pupil)) in reading.students.iter().zip(school.present()).enumerate() {
        assert_eq!(
            Some(row.eleve_id.as_str()),
            pupil.ine.as_ref().map(Ine::as_str)
        );
        assert_eq!(row.ine, pupil.ine);
        assert_eq!(row.last_name, pupil.last_name);
        assert_eq!(row.usage_name, pupil.usage_name);
        assert_eq!(row.first_name, pupil.first_name);
        assert_eq!(row.other_first_names, pupil.other_first_names);
        assert_eq!(row.birthdate, pupil.birthdate);
        assert_eq!(row.sex, Some(pupil.sex));
        assert_eq!(Some(&row.division), pupil.division.as_ref());
        assert_eq!(row.mef.as_ref(), Some(&pupil.mef));
        assert_eq!((row.leaves_on, row.line as usize), (None, at + 2));
    }
}

#[test]
fn the_lycee_is_read_as_it_is_this_term_and_the_next() {
    let school = school(300);
    let first = reading(&csv(&school).unwrap());
    assert_same(&school, &first);
    assert!(first.warnings.is_empty(), "{:?}", first.warnings);
    let next = Generator::new(2026).next_export(&school, LATER).school;
    let second = reading(&csv(&next).unwrap());
    assert_same(&next, &second);
    let codes: Vec<_> = second.warnings.iter().map(|warning| warning.code).collect();
    assert_eq!(codes, [WarningCode::NameRepaired]);
}

#[test]
fn the_largest_school_allowed_is_read_and_one_pupil_more_is_not() {
    let largest = school(limits::STUDENTS_MAX);
    let bytes = csv(&largest).unwrap();
    assert_same(&largest, &reading(&bytes));
    let mut more = bytes.clone();
    let last = bytes[..bytes.len() - 1]
        .iter()
        .rposition(|byte| *byte == b'\n');
    more.extend_from_slice(&bytes[last.unwrap() + 1..]);
    let refusal = read(&Request {
        bytes: &more,
        reference_day: DAY,
    });
    assert_eq!(refusal.unwrap_err().code, FileRefusalCode::TooLarge);
}

#[test]
fn each_wrong_file_is_refused_with_its_code() {
    let school = school(60);
    for wrong in WrongFile::ALL {
        let (_, bytes) = wrong.make(&school).unwrap();
        assert_eq!(
            recognises(&bytes),
            wrong.refusal() != FileRefusalCode::WrongExport
                && wrong.refusal() != FileRefusalCode::NotSiecle,
            "{}",
            wrong.slug()
        );
        // Which system another file is of is told by who knows both.
        if wrong != WrongFile::Siecle {
            let refusal = read(&Request {
                bytes: &bytes,
                reference_day: DAY,
            });
            assert_eq!(
                refusal.unwrap_err().code,
                wrong.refusal(),
                "{}",
                wrong.slug()
            );
        }
    }
}
