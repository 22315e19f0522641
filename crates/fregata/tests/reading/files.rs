//! The file as a whole: encodings, layouts, archives, refusals.

use std::io::Write as _;

use pix_orga_domain::roster::reading::Reading;
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::roster::values::Value;
use pix_orga_fregata::{limits, recognises};

use super::fixture::{HEADER, NOE, ZOE, answer, file, reading, refused};

fn both() -> String {
    file(&[NOE, ZOE])
}

/// Noé and Zoé, as they are, on these lines.
fn must_be_both(reading: &Reading, lines: [u32; 2]) {
    let names: Vec<_> = reading
        .students
        .iter()
        .map(|row| (row.first_name.as_str(), row.last_name.as_str(), row.line))
        .collect();
    let [first, second] = lines;
    assert_eq!(names, [("Noé", "LENOIR", first), ("Zoé", "ÉTÉ", second)]);
    assert_eq!(reading.source, RosterSource::Fregata);
    assert!(reading.rejected.is_empty() && reading.set_aside.is_empty());
}

fn bytes_in(encoding: &str, text: &str) -> Vec<u8> {
    match encoding {
        "windows-1252" => encoding_rs::WINDOWS_1252.encode(text).0.into_owned(),
        "UTF-16LE" => {
            let marked = format!("\u{feff}{text}");
            marked.encode_utf16().flat_map(u16::to_le_bytes).collect()
        }
        "UTF-16BE" => {
            let marked = format!("\u{feff}{text}");
            marked.encode_utf16().flat_map(u16::to_be_bytes).collect()
        }
        _ => text.as_bytes().to_vec(),
    }
}

#[test]
fn its_own_encodings_are_read_without_a_remark() {
    let marked = format!("\u{feff}{}", both());
    for (encoding, text) in [
        ("UTF-8", both()),
        ("UTF-8", marked),
        ("windows-1252", both()),
    ] {
        let bytes = bytes_in(encoding, &text);
        assert!(recognises(&bytes));
        let read = reading(&bytes);
        must_be_both(&read, [2, 3]);
        assert!(read.warnings.is_empty(), "{:?}", read.warnings);
        let file = read.file;
        assert_eq!(file.encoding.as_deref(), Some(encoding));
        assert_eq!(
            (file.uai, file.school_year, file.exported_on),
            (None, None, None)
        );
    }
    let oe = reading(&bytes_in("windows-1252", &both().replace("LENOIR", "CŒUR")));
    assert_eq!(oe.students[0].last_name, "CŒUR");
}

#[test]
fn what_a_spreadsheet_saved_again_is_read() {
    for delimiter in [";", ",", "\t"] {
        for end in ["\n", "\r\n", "\r"] {
            for quote in ["", "\""] {
                let text: Vec<String> = both()
                    .lines()
                    .map(|line| {
                        let cells: Vec<String> = line
                            .split(';')
                            .map(|cell| format!("{quote}{cell}{quote}"))
                            .collect();
                        cells.join(delimiter)
                    })
                    .collect();
                let text = text.join(end);
                must_be_both(&reading(text.as_bytes()), [2, 3]);
                let wide = bytes_in("UTF-16LE", &text);
                assert!(recognises(&wide));
                must_be_both(&reading(&wide), [2, 3]);
                must_be_both(&reading(&bytes_in("UTF-16BE", &text)), [2, 3]);
            }
        }
    }
    // Each row became one cell, in quotes where it holds a comma, or everywhere.
    let comma = both().replace(";GAP;", ";\"GAP, LE HAUT\";");
    for always in [false, true] {
        let wrapped: Vec<String> = comma
            .lines()
            .map(|line| {
                if always || line.contains(',') {
                    format!("\"{}\"", line.replace('"', "\"\""))
                } else {
                    line.to_owned()
                }
            })
            .collect();
        let wrapped = wrapped.join("\r\n");
        assert!(recognises(wrapped.as_bytes()));
        must_be_both(&reading(wrapped.as_bytes()), [2, 3]);
    }
    let announced = format!("sep=;\n{}", both());
    assert!(recognises(announced.as_bytes()));
    must_be_both(&reading(announced.as_bytes()), [3, 4]);
}

#[test]
fn headers_in_any_order_and_blank_lines_change_nothing() {
    let reversed: Vec<String> = both()
        .lines()
        .map(|line| line.split(';').rev().collect::<Vec<_>>().join(";"))
        .collect();
    must_be_both(&reading(reversed.join("\n").as_bytes()), [2, 3]);
    let upper = both().replace(HEADER, &HEADER.to_uppercase().replace(['*', '\''], ""));
    must_be_both(&reading(upper.as_bytes()), [2, 3]);
    let spaced = format!("\n\n{HEADER};;\n\n{NOE};;\n;;;;;;;;;;;;;;\n \n{ZOE}");
    must_be_both(&reading(spaced.as_bytes()), [5, 8]);
}

#[test]
fn a_cell_may_break_its_line_and_lines_stay_right() {
    let broken = both().replace(";GAP;005;100;ST", ";\"GAP\nLE HAUT\r\n; près\";005;100;ST");
    must_be_both(&reading(broken.as_bytes()), [2, 5]);
    let header = both().replace("Code MEF*", "\"Code\nMEF*\"");
    must_be_both(&reading(header.as_bytes()), [3, 4]);
}

#[test]
fn a_file_whose_accents_are_lost_is_refused_with_its_pupils() {
    let eve = "130000092AB;Eve;;;SAUVE;;F;04/03/2011;;;;;ST;23120002210;2GT1";
    let text = file(&[NOE, ZOE, eve]);
    let replaced = |by: &str| text.replace(|c: char| !c.is_ascii(), by);
    // The codes of « é » in two encodings that are not read.
    let others = [0x82_u8, 0x8E].map(|byte| {
        let mut bytes = Vec::new();
        for c in text.chars() {
            if c.is_ascii() {
                bytes.push(c as u8);
            } else {
                bytes.push(byte);
            }
        }
        bytes
    });
    let lost = [replaced("\u{fffd}"), replaced("?")].map(String::into_bytes);
    for bytes in lost.iter().chain(&others) {
        let refusal = answer(bytes).unwrap_err();
        assert_eq!(
            (refusal.code.code(), refusal.line),
            ("accents_lost", Some(2))
        );
        let lines = Value::Texts(vec!["2".into(), "3".into()]);
        assert_eq!(refusal.values.get("lines"), Some(&lines));
        let rejected = refusal.partial.unwrap().rejected;
        assert_eq!(rejected.len(), 2);
        assert!(recognises(bytes));
    }
    // Nobody has an accent: nothing is lost.
    let plain = file(&[eve]).replace(|c: char| !c.is_ascii(), "?");
    assert_eq!(reading(plain.as_bytes()).students.len(), 1);
}

#[test]
fn dates_that_a_spreadsheet_wrote_again_are_said_once() {
    let iso = both()
        .replace("04/03/2011", "2011-03-04")
        .replace("25/12/2010", "2010-12-25");
    let read = reading(iso.as_bytes());
    must_be_both(&read, [2, 3]);
    assert_eq!(read.students[1].birthdate.to_string(), "2010-12-25");
    let [remark] = &read.warnings[..] else {
        panic!("{:?}", read.warnings);
    };
    assert_eq!(
        (remark.code.code(), remark.line),
        ("dates_rewritten", Some(2))
    );
    // A day and a month of one digit keep their order.
    let unpadded = both().replace("04/03/2011", "4/3/2011");
    let read = reading(unpadded.as_bytes());
    must_be_both(&read, [2, 3]);
    assert_eq!(read.warnings, []);
    let short = both().replace("/2011", "/11").replace("/2010", "/10");
    assert_eq!(
        refused(short.as_bytes()),
        ("no_student", "dates".into(), None)
    );
    let american = both()
        .replace("04/03/2011", "03/24/2011")
        .replace("25/12", "12/25");
    assert_eq!(
        refused(american.as_bytes()),
        ("no_student", "dates".into(), None)
    );
    let rounded = reading(both().replace("23120002210", "2,312E+10").as_bytes());
    assert!(rounded.students.iter().all(|row| row.mef.is_none()));
}

#[test]
fn a_header_that_was_damaged_is_mended() {
    let damaged: String = both().bytes().map(char::from).collect();
    let read = reading(damaged.as_bytes());
    must_be_both(&read, [2, 3]);
    assert_eq!(read.warnings.len(), 4, "{:?}", read.warnings);
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn an_archive_of_one_list_is_read() {
    let csv = both().into_bytes();
    for members in [
        vec![("eleves.csv", csv.as_slice())],
        vec![
            ("a/ELEVES.CSV", csv.as_slice()),
            ("__MACOSX/a/._ELEVES.CSV", b"x"),
        ],
        vec![
            ("eleves.csv", csv.as_slice()),
            ("lisez-moi.txt", b"x"),
            ("notes.csv", b"a;b\n"),
        ],
    ] {
        let zip = zip_of(&members);
        assert!(recognises(&zip));
        must_be_both(&reading(&zip), [2, 3]);
    }
}

/// Files, with the code, the case and the line of each refusal.
fn must_refuse<const N: usize>(files: [(&[u8], &str, &str, Option<u32>); N]) {
    for (bytes, code, case, line) in files {
        let start = String::from_utf8_lossy(&bytes[..bytes.len().min(40)]);
        assert_eq!(refused(bytes), (code, case.to_owned(), line), "{start}");
    }
}

#[test]
fn what_is_no_table_of_fregata_s_is_named() {
    let workbook = zip_of(&[("[Content_Types].xml", b"<a/>")]);
    must_refuse([
        (b"", "empty_file", "", None),
        ("\u{feff} \r\n\t".as_bytes(), "empty_file", "", None),
        (b"%PDF-1.7", "not_siecle", "pdf", None),
        (b"<!doctype html><p>x", "not_siecle", "web_page", None),
        (
            b"<?xml version='1.0'?><a/>",
            "not_siecle",
            "other_xml",
            None,
        ),
        (b"a;b\0c\n", "not_siecle", "binary", None),
        (b"bonjour", "not_siecle", "text", None),
        (b"Nom;Classe;Sexe\nA;B;C\n", "not_siecle", "columns", None),
        (NOE.as_bytes(), "not_siecle", "columns", None),
        (&workbook, "not_siecle", "office", None),
    ]);
}

#[test]
fn archives_without_one_list_are_refused() {
    let csv = both();
    let other = csv.replace("2GT1", "2GT2");
    let sound = zip_of(&[("a.csv", csv.as_bytes())]);
    let two = zip_of(&[("a.csv", csv.as_bytes()), ("b.csv", other.as_bytes())]);
    let none = zip_of(&[("x.txt", b"x")]);
    must_refuse([
        (&none, "zip_without_roster", "none", None),
        (&two, "zip_ambiguous", "", None),
        (&sound[..60], "zip_unreadable", "cut_short", None),
    ]);
}

#[test]
fn a_table_that_is_damaged_or_says_nothing_is_refused() {
    let csv = both();
    let quotes = |from: &str, to: &str, line| {
        let text = csv.replace(from, to);
        must_refuse([(text.as_bytes(), "malformed_csv", "quotes", Some(line))]);
    };
    quotes(";LENOIR", ";\"LENOIR", 2);
    quotes(";ÉTÉ;", ";\"ÉTÉ\"x;", 3);
    quotes("Code MEF*", "\"Code MEF*", 1);
    let cut = csv.trim_end_matches(";1STAV\n").as_bytes();
    let missing = csv.replace("Statut*", "Etat");
    let nobody = csv.replace("2GT1", "").replace("1STAV", "");
    must_refuse([
        (cut, "malformed_csv", "cut_short", Some(3)),
        (missing.as_bytes(), "columns_missing", "", None),
        (HEADER.as_bytes(), "no_student", "empty", None),
        (nobody.as_bytes(), "no_student", "without_division", None),
    ]);
}

#[test]
fn missing_columns_are_named_in_their_order() {
    let without = both()
        .replace("Division*", "Classe")
        .replace("Identifiant unique*", "Numéro");
    let refusal = answer(without.as_bytes()).unwrap_err();
    assert_eq!(
        refusal.values.get("columns"),
        Some(&Value::Texts(vec![
            "Identifiant unique".into(),
            "Division".into()
        ]))
    );
    // The birthplace is not read, and recent files alone have the sex.
    let light: Vec<String> = both()
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(';').collect();
            [&cells[..6], &cells[7..8], &cells[12..]].concat().join(";")
        })
        .collect();
    let read = reading(light.join("\n").as_bytes());
    must_be_both(&read, [2, 3]);
    assert!(read.warnings.is_empty() && read.students[0].sex.is_none());
}

#[test]
fn a_file_is_too_large_beyond_each_limit() {
    let bytes = vec![b';'; limits::UPLOAD_BYTES_MAX + 1];
    assert_eq!(refused(&bytes), ("too_large", "upload".into(), None));
    let blank = vec![b' '; limits::UPLOAD_BYTES_MAX + 1];
    assert_eq!(refused(&blank).0, "empty_file");
    let cells = format!("{HEADER}\n{}", ";".repeat(limits::CELLS_MAX));
    assert_eq!(
        refused(cells.as_bytes()),
        ("too_large", "cells".into(), None)
    );
    let rows = format!(
        "{HEADER}\n{}",
        format!("{NOE}\n").repeat(limits::STUDENTS_MAX + 1)
    );
    assert_eq!(
        refused(rows.as_bytes()),
        ("too_large", "students".into(), None)
    );
    let bomb = zip_of(&[("a.csv", &vec![b'x'; limits::TEXT_BYTES_MAX + 1])]);
    assert_eq!(refused(&bomb), ("too_large", "content".into(), None));
}

#[test]
fn other_files_are_not_taken_for_fregata_s() {
    for other in [
        b"<BEE_ELEVES/>".to_vec(),
        b"".to_vec(),
        b"NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.\nDURAND;Zo;F;15/04/2012;3EME;3A\n".to_vec(),
        zip_of(&[("ElevesSansAdresses.xml", b"<BEE_ELEVES/>")]),
        zip_of(&[("notes.csv", b"a;b\n")]),
    ] {
        assert!(!recognises(&other));
    }
    // What cannot be read is still told from another file.
    assert!(recognises(
        both().replace("Code MEF*", "\"Code MEF*").as_bytes()
    ));
    assert!(recognises(both().replace("Division*", "Classe").as_bytes()));
    // Even when the beginning that is looked at ends in the middle of a letter.
    let long = both() + &"é".repeat(80_000);
    for cut in 0..3 {
        let shifted = "\n".repeat(cut) + &long;
        assert!(recognises(shifted.as_bytes()));
    }
}
