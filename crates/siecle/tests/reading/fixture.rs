//! Small exports written by hand, and archives around them.

use std::collections::BTreeSet;
use std::io::{Cursor, Write};

use jiff::civil::{Date, date};
use pix_orga_domain::roster::cases::Case;
use pix_orga_domain::roster::reading::{Coded, FileRefusal, FileRefusalCode, Reading, Remark};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::roster::values::Values;
use pix_orga_domain::uai::Uai;
use pix_orga_remarks::{refusal_sentence, sentence};
use pix_orga_siecle::{Request, read};
use zip::write::SimpleFileOptions;

pub const UAI: &str = "0810004P";

/// Reads as the school [`UAI`] would, on 15 September 2025.
pub fn reading(bytes: &[u8]) -> Result<Reading, FileRefusal> {
    reading_on(bytes, date(2025, 9, 15))
}

/// The same on another day.
pub fn reading_on(bytes: &[u8], day: Date) -> Result<Reading, FileRefusal> {
    read(&Request {
        bytes,
        expected_uai: Uai::parse(UAI).unwrap(),
        reference_day: day,
    })
}

pub fn accepted(bytes: &[u8]) -> Reading {
    let reading = reading(bytes).unwrap_or_else(|refusal| panic!("{} {}", refusal, said(&refusal)));
    all_is_said(&reading);
    reading
}

pub fn refused(bytes: &[u8]) -> FileRefusal {
    let refusal = reading(bytes).expect_err("refused");
    fits(refusal.code.cases(), &refusal.values, refusal.code.code());
    assert!(said(&refusal).ends_with(['.', '!']), "{}", said(&refusal));
    all_is_said(refusal.partial.as_ref().unwrap());
    refusal
}

/// What the page says of a refusal, its spaces plain.
pub fn said(refusal: &FileRefusal) -> String {
    refusal_sentence(refusal, RosterSource::Siecle).replace('\u{A0}', " ")
}

/// What the page says of a remark, its spaces plain.
pub fn told<C: Coded>(remark: &Remark<C>) -> String {
    sentence(remark, RosterSource::Siecle).replace('\u{A0}', " ")
}

/// Every remark is made as the table of cases says.
fn all_is_said(reading: &Reading) {
    for remark in &reading.set_aside {
        fits(remark.code.cases(), &remark.values, remark.code.code());
    }
    for remark in &reading.rejected {
        fits(remark.code.cases(), &remark.values, remark.code.code());
    }
    for remark in &reading.warnings {
        fits(remark.code.cases(), &remark.values, remark.code.code());
    }
}

fn fits(cases: &[Case], values: &Values, code: &str) {
    let case = values.case().unwrap_or_default();
    let known = cases
        .iter()
        .find(|known| known.name == case)
        .unwrap_or_else(|| panic!("{code}: no case {case:?}"));
    let named: BTreeSet<&str> = values
        .iter()
        .map(|(name, _)| name)
        .filter(|name| *name != "case")
        .collect();
    assert_eq!(
        named,
        known.values.iter().copied().collect(),
        "{code} {case}"
    );
}

pub fn refusal_code(bytes: &[u8]) -> FileRefusalCode {
    refused(bytes).code
}

pub const PARAMETERS: &str = "<PARAMETRES><UAJ>0810004P</UAJ><ANNEE_SCOLAIRE>2025</ANNEE_SCOLAIRE>\
     <DATE_EXPORT>12/09/2025</DATE_EXPORT><HORODATAGE>12/09/2025 10:11:12</HORODATAGE></PARAMETRES>";

/// A sound pupil's children; `ID_NATIONAL` is made of the number.
pub fn sound(n: u32) -> String {
    format!(
        "<ID_NATIONAL>{n:09}AB</ID_NATIONAL><NOM_DE_FAMILLE>MARTIN</NOM_DE_FAMILLE><PRENOM>Léa</PRENOM>\
         <DATE_NAISS>01/02/2012</DATE_NAISS><CODE_SEXE>2</CODE_SEXE>"
    )
}

/// An `ELEVE` of number `n` with these children.
pub fn eleve(n: u32, children: &str) -> String {
    format!("<ELEVE ELEVE_ID='{n}' ELENOET='{n}'>{children}</ELEVE>\n")
}

/// Puts pupil `n` in a division.
pub fn in_division(n: u32, division: &str) -> String {
    format!(
        "<STRUCTURES_ELEVE ELEVE_ID='{n}' ELENOET='{n}'><STRUCTURE><CODE_STRUCTURE>{division}</CODE_STRUCTURE>\
         <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\n"
    )
}

/// A file of these sections, in UTF-8.
pub fn file_of(parameters: &str, eleves: &str, structures: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?>\n<BEE_ELEVES VERSION='2.1'>\n{parameters}\n<DONNEES>\n<ELEVES>\n\
         {eleves}</ELEVES>\n<OPTIONS/>\n<STRUCTURES>\n{structures}</STRUCTURES>\n<ADRESSES/>\n</DONNEES>\n</BEE_ELEVES>\n"
    )
}

/// A sound pupil number 1 of 3A, beside the pupils given: their children, and their divisions.
pub fn with(pupils: &[&str], structures: &str) -> String {
    let eleves: String = pupils.iter().copied().collect();
    file_of(
        PARAMETERS,
        &(eleve(1, &sound(1)) + &eleves),
        &(in_division(1, "3A") + structures),
    )
}

/// A file with one more pupil, number 2, of 3B, whose children are these.
pub fn with_children(children: &str) -> String {
    with(&[&eleve(2, children)], &in_division(2, "3B"))
}

/// The smallest sound file.
pub fn minimal() -> String {
    with(&[], "")
}

/// An archive of these members.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer
            .start_file(*name, SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// ISO-8859-15 bytes of a text.
pub fn iso(text: &str) -> Vec<u8> {
    encoding_rs::ISO_8859_15.encode(text).0.into_owned()
}
