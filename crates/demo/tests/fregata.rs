//! Generated exports of Fregata: the pupils of the generator, in the real format.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

use std::collections::HashSet;

use jiff::civil::{Date, date};
use pix_orga_demo::fregata::{COLUMNS, csv};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, School, SchoolSpec};
use pix_orga_domain::ine::Ine;

const DAY: Date = date(2026, 10, 5);
const LATER: Date = date(2026, 11, 9);

fn school(pupils: usize) -> School {
    let spec = SchoolSpec::of(schools::agricultural().unwrap());
    Generator::new(11).generate(&spec, pupils, 2026, DAY)
}

fn records(bytes: &[u8]) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(bytes);
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        COLUMNS
    );
    reader.records().map(Result::unwrap).collect()
}

#[test]
fn every_pupil_is_a_record_with_a_number_of_their_own() {
    let school = school(300);
    assert_eq!(school.present().count(), 300);
    let bytes = csv(&school).unwrap();
    assert_eq!(bytes, csv(&school).unwrap());
    let records = records(&bytes);
    assert_eq!(records.len(), 300);
    let numbers: HashSet<_> = records.iter().map(|record| record[0].to_owned()).collect();
    assert_eq!(numbers.len(), 300);
    for (record, pupil) in records.iter().zip(school.present()) {
        assert_eq!(Ine::parse(&record[0]).ok(), pupil.ine);
        assert_eq!(&record[1], pupil.first_name);
        assert_eq!(&record[4], pupil.last_name);
        assert_eq!(record[7], pupil.birthdate.strftime("%d/%m/%Y").to_string());
        assert_eq!(Some(&record[14]), pupil.division.as_deref());
        assert_eq!(record[13].len(), 11);
        assert!(["F", "M"].contains(&&record[6]));
    }
    let of = |status: &str| records.iter().filter(|one| &one[12] == status).count();
    assert!(of("ST") > of("AP") && of("AP") > 0);
    assert_eq!(of("ST") + of("AP"), 300);
}

#[test]
fn who_left_is_in_the_next_export_no_more() {
    let first = school(300);
    let next = Generator::new(11).next_export(&first, LATER);
    let records = records(&csv(&next.school).unwrap());
    let gone = next.left.len() + next.absent.len();
    assert!(gone > 0 && !next.added.is_empty());
    assert_eq!(records.len(), 300 - gone + next.added.len());
    let damaged = records.iter().filter(|one| one[1].contains('Ã')).count();
    assert_eq!(damaged, 1);
}
