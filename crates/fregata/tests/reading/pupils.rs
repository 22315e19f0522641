//! Pupils, row by row.

use pix_orga_domain::ine::Ine;
use pix_orga_domain::roster::reading::{Reading, Sex, WithheldBecause};

use super::fixture::{HEADER, NOE, ZOE, file, reading};

/// The codes of a list, with the lines.
fn remarks(reading: &Reading) -> Vec<(&'static str, u32)> {
    let rejected = reading.rejected.iter();
    let rejected = rejected.map(|remark| (remark.code.code(), remark.line));
    let aside = reading.set_aside.iter();
    let aside = aside.map(|remark| (remark.code.code(), remark.line));
    let warned = reading.warnings.iter();
    let warned = warned.map(|remark| (remark.code.code(), remark.line));
    rejected
        .chain(aside)
        .chain(warned)
        .map(|(code, line)| (code, line.unwrap_or_default()))
        .collect()
}

/// Somebody of whom nothing is said.
const EVE: &str = "130000092AB;Eve;;;SAUVE;;F;04/03/2011;;;;;ST;23120002210;2GT1";

/// Noé with another cell, beside Zoé and Eve.
fn with(from: &str, to: &str) -> Reading {
    assert!(NOE.contains(from), "{from}");
    reading(file(&[&NOE.replacen(from, to, 1), ZOE, EVE]).as_bytes())
}

#[test]
fn what_is_kept_of_a_pupil() {
    let read = reading(file(&[NOE]).as_bytes());
    let row = &read.students[0];
    assert_eq!(row.eleve_id, "130000090AB");
    assert_eq!(row.ine.as_ref().map(Ine::as_str), Some("130000090AB"));
    assert_eq!(
        (row.last_name.as_str(), row.first_name.as_str()),
        ("LENOIR", "Noé")
    );
    assert_eq!(row.usage_name.as_deref(), Some("DUPRÉ"));
    assert_eq!(row.other_first_names, ["Luc"]);
    assert_eq!(row.birthdate.to_string(), "2011-03-04");
    assert_eq!((row.sex, row.division.as_str()), (Some(Sex::M), "2GT1"));
    assert_eq!(row.mef.as_deref(), Some("23120002210"));
    assert_eq!((row.leaves_on, row.line), (None, 2));
    let kept = serde_json::to_string(&read).unwrap();
    assert!(!kept.contains("GAP") && !kept.contains("05061"), "{kept}");
}

#[test]
fn values_are_cleaned() {
    let read = with("Noé", "\u{a0} Noe\u{301}  Lou ");
    assert_eq!(read.students[0].first_name, "Noé Lou");
    let read = with("130000090AB", " 130 000 090ab");
    assert_eq!(read.students[0].eleve_id, "130000090AB");
    assert!(read.students[0].ine.is_some());
    let read = with(";M;", ";1;");
    assert_eq!(read.students[0].sex, Some(Sex::M));
    let read = with(";M;", ";f;");
    assert_eq!(read.students[0].sex, Some(Sex::F));
}

#[test]
fn each_fault_of_a_pupil_is_said_once_on_its_line() {
    for (from, to, expected) in [
        ("130000090AB", "", "eleve_id_missing"),
        ("130000090AB", "130000091AB", "ine_duplicate"),
        ("Noé", " ", "first_name_missing"),
        ("LENOIR", "", "last_name_missing"),
        ("04/03/2011", "", "birthdate_missing"),
        ("04/03/2011", "31/02/2011", "birthdate_invalid"),
        ("04/03/2011", "04/03/1899", "birthdate_invalid"),
        ("04/03/2011", "04/03/2031", "birthdate_invalid"),
        ("GAP", "GAP;LE HAUT", "row_shape"),
        ("005;100;", "", "row_shape"),
        (
            "130000090AB",
            "un numéro bien trop long pour en être vraiment un",
            "row_shape",
        ),
        ("130000090AB", "1,3E+10", "row_shape"),
        ("2GT1", "", "no_division"),
        ("2GT1", "inactifs", "inactive"),
        (";M;", ";9;", "sex_unknown"),
        (";M;", ";;", "sex_unknown"),
        ("130000090AB", "APP-42", "ine_shape"),
        ("Noé", "NoÃ©", "name_repaired"),
    ] {
        let read = with(from, to);
        let mut said = remarks(&read);
        if expected == "ine_duplicate" {
            assert_eq!(said.pop(), Some((expected, 3)));
        }
        assert_eq!(said, [(expected, 2)], "{from} → {to}");
    }
}

#[test]
fn a_number_that_is_no_ine_is_kept_as_a_number() {
    let read = with("130000090AB", "app-42");
    assert_eq!(
        (read.students[0].eleve_id.as_str(), &read.students[0].ine),
        ("APP-42", &None)
    );
    let apprentice = with("130000090AB", "0123A45678B");
    assert!(apprentice.students[0].ine.is_some() && apprentice.warnings.is_empty());
    let twice = reading(
        file(&[
            &NOE.replace("130000090AB", "APP-42"),
            &ZOE.replace("130000091AB", "app-42"),
            EVE,
        ])
        .as_bytes(),
    );
    assert_eq!(
        remarks(&twice)[..2],
        [("eleve_id_duplicate", 2), ("eleve_id_duplicate", 3)]
    );
    assert_eq!(twice.students.len(), 1);
}

#[test]
fn who_is_rejected_is_not_absent() {
    for (from, to) in [
        ("Noé", ""),
        ("GAP", "GAP;LE HAUT"),
        ("04/03/2011", "?"),
        ("005;100;", ""),
    ] {
        let read = with(from, to);
        let [withheld] = &read.withheld[..] else {
            panic!("{from}");
        };
        assert_eq!(withheld.because, WithheldBecause::Rejected);
        assert_eq!(withheld.eleve_id.as_deref(), Some("130000090AB"));
        assert!(withheld.ine.is_some());
    }
}

#[test]
fn the_sex_that_a_file_tells_of_nobody_is_no_remark() {
    let silent = file(&[&NOE.replace(";M;", ";;"), &ZOE.replace(";F;", ";;")]);
    let read = reading(silent.as_bytes());
    assert!(read.warnings.is_empty() && read.students.iter().all(|row| row.sex.is_none()));
}

#[test]
fn a_last_row_without_its_end_is_whole_when_it_has_all_it_needs() {
    let whole = format!("{HEADER}\n{NOE}\n{ZOE}");
    assert_eq!(reading(whole.as_bytes()).students.len(), 2);
    let apart = HEADER
        .replace("Division*", "Autre")
        .replace("Identifiant unique*", "Division*;Identifiant unique*");
    let cells: Vec<&str> = NOE.split(';').collect();
    let row = format!("2GT1;{}", cells[..14].join(";"));
    assert_eq!(
        reading(format!("{apart}\n{row}").as_bytes()).students.len(),
        1
    );
}
