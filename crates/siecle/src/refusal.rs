//! The refusals of a whole file that SIECLE's exports alone can give. What each says is in the `remarks` crate.

use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::roster::values::Values;
use pix_orga_domain::uai::Uai;
use pix_orga_exports::refusal::{Position, not_siecle, refuse, refuse_at};

use crate::recognise::Alien;

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
