//! The refusals of a whole file. What each says is in the `remarks` crate.

use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::roster::values::Values;
use pix_orga_domain::uai::Uai;

use crate::recognise::Alien;

/// A place in the text, both from 1.
#[derive(Clone, Copy)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Where a byte is. It reads the text from its start: for refusals only.
pub fn position(text: &[u8], at: usize) -> Position {
    let before = &text[..at.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[line_start..])
        .chars()
        .count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Position {
        line: count(memchr::memchr_iter(b'\n', before).count()).saturating_add(1),
        column: count(column).saturating_add(1),
    }
}

/// A refusal that points nowhere in particular.
pub fn refuse(code: Code, values: Values) -> FileRefusal {
    FileRefusal {
        code,
        line: None,
        column: None,
        values,
        expected_uai: None,
        found_uai: None,
        partial: None,
    }
}

/// A refusal that points at a place.
pub fn refuse_at(code: Code, at: Position, values: Values) -> FileRefusal {
    FileRefusal {
        line: Some(at.line),
        column: Some(at.column),
        ..refuse(code, values)
    }
}

/// No byte, or only blanks.
pub fn empty() -> FileRefusal {
    refuse(Code::EmptyFile, Values::default())
}

/// Beyond a limit: which.
pub fn too_large(limit: &'static str) -> FileRefusal {
    refuse(Code::TooLarge, Values::of_case(limit))
}

/// Beyond a limit of so many things.
pub fn too_many(limit: &'static str, max: usize) -> FileRefusal {
    refuse(Code::TooLarge, Values::of_case(limit).with("max", max))
}

/// Beyond a limit of so many bytes.
pub fn too_heavy(limit: &'static str, bytes_max: usize) -> FileRefusal {
    let mebibytes = bytes_max / 1024 / 1024;
    let values = Values::of_case(limit).with("mebibytes", mebibytes);
    refuse(Code::TooLarge, values)
}

/// Not well-formed.
pub fn malformed(at: Position) -> FileRefusal {
    refuse_at(Code::MalformedXml, at, Values::of_case("damaged"))
}

/// It ends too early.
pub fn cut_short(at: Position) -> FileRefusal {
    refuse_at(Code::MalformedXml, at, Values::of_case("cut_short"))
}

/// A `<!DOCTYPE`, which SIECLE never writes.
pub fn doctype(at: Position) -> FileRefusal {
    refuse_at(Code::DoctypeForbidden, at, Values::default())
}

/// A label that the WHATWG standard does not know.
pub fn unsupported_encoding(label: &str) -> FileRefusal {
    let values = Values::default().with("label", label);
    refuse(Code::UnsupportedEncoding, values)
}

/// Another export: which one, with its root in XML.
pub fn wrong_export(which: Values) -> FileRefusal {
    refuse(Code::WrongExport, which)
}

/// What is not the roster of SIECLE.
pub fn alien(alien: Alien) -> FileRefusal {
    match alien {
        Alien::WrongExport(which) => wrong_export(Values::of_case(which)),
        Alien::NotSiecle(looks_like) => not_siecle(Values::of_case(looks_like)),
    }
}

/// Not an export of SIECLE: what it looks like.
pub fn not_siecle(looks_like: Values) -> FileRefusal {
    refuse(Code::NotSiecle, looks_like)
}

/// No `UAJ`.
pub fn uai_missing(expected: Uai) -> FileRefusal {
    let values = Values::default().with("expected", expected.to_string());
    refuse(Code::UaiMissing, values)
}

/// Another school's file, or something that is no school's number.
pub fn uai_mismatch(expected: Uai, found: &str, is_uai: bool, at: Position) -> FileRefusal {
    let case = if is_uai { "other_school" } else { "no_uai" };
    FileRefusal {
        expected_uai: Some(expected),
        found_uai: Some(found.to_owned()),
        ..refuse_at(Code::UaiMismatch, at, Values::of_case(case))
    }
}
