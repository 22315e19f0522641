//! Fregata's exports, the CSV of agricultural lycées, read to roster rows and remarks.
//!
//! [`read`] turns the bytes a school uploads into a [`Reading`], or one [`FileRefusal`] of the whole file. It never
//! panics, its cost is bounded by [`limits`], and it keeps nothing of a pupil but what the roster needs. The format is
//! in `docs/reference/fregata.md`; the codes are those of SIECLE's exports, in `docs/reference/siecle.md`.

use std::borrow::Cow;

use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileFacts, FileRefusal, Reading};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_exports::archive::{self, Content, Wanted};

pub mod limits;
pub mod reader;

mod columns;
mod rows;

mod pupils;
mod table;

use table::Table;

/// A file to read, and what it is read against.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The upload as received: CSV, or a zip of it, whatever its name.
    pub bytes: &'a [u8],
    /// The day after which nobody is born.
    pub reference_day: Date,
}

/// Reads an upload.
///
/// # Errors
/// The first refusal. Its `partial` is always present and holds the facts known by then, and all the remarks when
/// nobody can be imported.
pub fn read(request: &Request<'_>) -> Result<Reading, FileRefusal> {
    let mut facts = FileFacts::default();
    open(request, &mut facts).map_err(|mut refusal| {
        refusal
            .partial
            .get_or_insert_with(|| Box::new(nobody_yet(facts)));
        refusal
    })
}

/// Whether an upload is an export of Fregata, sound or not: it has its columns, or most of them.
pub fn recognises(bytes: &[u8]) -> bool {
    if !archive::is_zip(bytes) {
        return table::is_fregata(bytes);
    }
    // Where the roster is, or what it would be refused for, is told by reading.
    archive::roster(bytes, &wanted()).is_ok_and(|content| table::is_fregata(&content))
}

/// A reading of these facts, before any pupil.
fn nobody_yet(file: FileFacts) -> Reading {
    Reading {
        source: RosterSource::Fregata,
        file,
        students: Vec::new(),
        set_aside: Vec::new(),
        rejected: Vec::new(),
        warnings: Vec::new(),
        withheld: Vec::new(),
    }
}

fn open(request: &Request<'_>, facts: &mut FileFacts) -> Result<Reading, FileRefusal> {
    if request.bytes.len() > limits::UPLOAD_BYTES_MAX {
        return Err(table::oversized(request.bytes));
    }
    let bytes = if archive::is_zip(request.bytes) {
        Cow::Owned(archive::roster(request.bytes, &wanted())?)
    } else if archive::is_volume(request.bytes) {
        return Err(archive::volume());
    } else {
        Cow::Borrowed(request.bytes)
    };
    let table = Table::open(bytes)?;
    facts.encoding = Some(table.encoding.name().to_owned());
    pupils::read(&table, request.reference_day, nobody_yet(facts.clone()))
}

/// In an archive with several CSV, the one with Fregata's columns.
fn wanted() -> Wanted<'static> {
    Wanted {
        ending: ".csv",
        judge: &|content| {
            if table::is_fregata(content) {
                Content::Roster
            } else {
                Content::Other
            }
        },
        known: &|_, _| None,
    }
}
