//! The refusals of a whole file that any format can give. What each says is in the `remarks` crate.

use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::roster::values::Values;

/// A place in a text, both from 1.
#[derive(Clone, Copy)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
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

/// A label that the WHATWG standard does not know.
pub fn unsupported_encoding(label: &str) -> FileRefusal {
    let values = Values::default().with("label", label);
    refuse(Code::UnsupportedEncoding, values)
}

/// Not an export of the school's system: what it looks like.
pub fn not_siecle(looks_like: Values) -> FileRefusal {
    refuse(Code::NotSiecle, looks_like)
}
