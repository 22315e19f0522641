//! A file to read, and what came of it.

use jiff::civil::{Date, date};
use pix_orga_domain::roster::reading::{FileRefusal, Reading};
use pix_orga_fregata::{Request, read};

pub const HEADER: &str = "Identifiant unique*;Premier prénom*;Deuxième prénom;Troisième prénom;Nom de famille*;Nom d'usage;\
                          Code sexe*;Date de naissance (jj/mm/aaaa)*;Code commune naissance**;Libellé commune naissance**;\
                          Code département naissance*;Code pays naissance*;Statut*;Code MEF*;Division*";
pub const NOE: &str =
    "130000090AB;Noé;Luc;;LENOIR;DUPRÉ;M;04/03/2011;05061;GAP;005;100;ST;23120002210;2GT1";
pub const ZOE: &str = "130000091AB;Zoé;;;ÉTÉ;;F;25/12/2010;05061;GAP;005;100;AP;23120002210;1STAV";

/// The reference day of every test.
pub const ON: Date = date(2026, 10, 5);

pub fn answer(bytes: &[u8]) -> Result<Reading, FileRefusal> {
    read(&Request {
        bytes,
        reference_day: ON,
    })
}

pub fn reading(bytes: &[u8]) -> Reading {
    answer(bytes).unwrap_or_else(|refusal| panic!("{refusal}: {:?}", refusal.values))
}

/// A file of these rows.
pub fn file(rows: &[&str]) -> String {
    let mut lines = vec![HEADER];
    lines.extend(rows);
    lines.join("\n") + "\n"
}

/// What is refused: the code, the case, the line.
pub fn refused(bytes: &[u8]) -> (&'static str, String, Option<u32>) {
    let refusal = answer(bytes).unwrap_err();
    let partial = refusal.partial.expect("the facts are always there");
    assert!(partial.students.is_empty());
    (
        refusal.code.code(),
        refusal.values.case().unwrap_or_default().to_owned(),
        refusal.line,
    )
}
