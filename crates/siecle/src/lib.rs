//! SIECLE exports, XML or zip, read to roster rows and remarks.
//!
//! [`read`] turns the bytes a school uploads into a [`Reading`], or one [`FileRefusal`] of the whole file. It never
//! panics, its cost is bounded by [`limits`], and it keeps nothing of a pupil but what the roster needs. The format
//! and its codes are in `docs/reference/siecle.md`.

use std::borrow::Cow;

use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileFacts, FileRefusal, FileRefusalCode, Reading};
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::uai::Uai;
use pix_orga_exports::archive::{self, Wanted};

pub mod limits;
pub mod reader;

mod bounds;
mod document;
mod parameters;
mod recognise;
mod refusal;
mod structures;
mod students;
mod tree;

/// A file to read, and what it is read against.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The upload as received: XML or zip, whatever its name.
    pub bytes: &'a [u8],
    /// The school the list must be of.
    pub expected_uai: Uai,
    /// The day that decides who has left and which school year is expected.
    pub reference_day: Date,
}

/// Reads an upload.
///
/// # Errors
/// The first refusal, in the order of `docs/reference/siecle.md`; a web page is recognised first. Its `partial` is
/// always present and holds the facts known by then, and all the remarks when nobody can be imported.
pub fn read(request: &Request<'_>) -> Result<Reading, FileRefusal> {
    let mut facts = FileFacts::default();
    open(request, &mut facts).map_err(|mut refusal| {
        refusal
            .partial
            .get_or_insert_with(|| Box::new(nobody_yet(facts)));
        refusal
    })
}

/// Whether an upload is an export of SIECLE: the pupils', or another one sent by mistake.
pub fn recognises(bytes: &[u8]) -> bool {
    if !archive::is_zip(bytes) {
        return document::is_siecle(bytes);
    }
    match archive::roster(bytes, &wanted()) {
        Ok(content) => document::is_siecle(&content),
        Err(refusal) => match refusal.code {
            FileRefusalCode::WrongExport => refusal.values.case() != Some(recognise::FREGATA),
            code => code == FileRefusalCode::ZipAmbiguous,
        },
    }
}

/// A reading of these facts, before any pupil.
fn nobody_yet(file: FileFacts) -> Reading {
    Reading {
        source: RosterSource::Siecle,
        file,
        students: Vec::new(),
        set_aside: Vec::new(),
        rejected: Vec::new(),
        warnings: Vec::new(),
        withheld: Vec::new(),
    }
}

/// The roster in an archive.
fn wanted() -> Wanted<'static> {
    Wanted {
        ending: ".xml",
        judge: &recognise::content,
        known: &recognise::known_member,
    }
}

fn open(request: &Request<'_>, facts: &mut FileFacts) -> Result<Reading, FileRefusal> {
    if request.bytes.len() > limits::UPLOAD_BYTES_MAX {
        return Err(document::oversized(request.bytes));
    }
    if archive::is_zip(request.bytes) {
        let roster = archive::roster(request.bytes, &wanted())?;
        return document::read(Cow::Owned(roster), request, facts);
    }
    if archive::is_volume(request.bytes) {
        return Err(archive::volume());
    }
    document::read(Cow::Borrowed(request.bytes), request, facts)
}
