//! An archive to the bytes of its one roster.

use std::io::{Cursor, Read};

use flate2::read::DeflateDecoder;
use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::roster::values::Values;
use zip::{CompressionMethod, ZipArchive};

use crate::limits::{MEMBER_HEADERS_MAX, MEMBERS_MAX, TEXT_BYTES_MAX};
use crate::refusal::{self, refuse};
use crate::text::quoted;

mod end;
mod members;
mod methods;
mod within;

use members::Member;

/// What an archive starts with: a member, nothing at all, or the mark of parts that turned out to be one.
const MAGICS: [&[u8]; 4] = [b"PK\x03\x04", b"PK\x05\x06", SPLIT_MARK, b"PK00PK\x03\x04"];
/// What the first of several parts starts with.
const SPLIT_MARK: &[u8] = b"PK\x07\x08";
/// The header of a member in the archive's directory.
const MEMBER_HEADER: &[u8] = b"PK\x01\x02";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether bytes are an archive, even cut short.
pub fn is_zip(bytes: &[u8]) -> bool {
    MAGICS
        .iter()
        .any(|magic| bytes.starts_with(magic) || (bytes.len() >= 2 && magic.starts_with(bytes)))
}

/// Whether bytes are known to be one part of an archive cut in several. Those in the middle have no mark.
pub fn is_volume(bytes: &[u8]) -> bool {
    let is_last = || {
        end::of(bytes)
            .is_some_and(|end| end.is_of_several || (end.misses_its_start && !is_zip(bytes)))
    };
    bytes.starts_with(SPLIT_MARK) || is_last()
}

/// What a format looks for in an archive.
pub struct Wanted<'a> {
    /// What the names of its members end in, in any case, such as `.xml`.
    pub ending: &'static str,
    /// What the content of such a member is.
    pub judge: &'a dyn Fn(&[u8]) -> Content,
    /// What another member is known to be, by its name in lower case and its beginning.
    pub known: &'a dyn Fn(&str, &[u8]) -> Option<FileRefusal>,
}

/// What the content of a member is.
pub enum Content {
    /// A list of pupils.
    Roster,
    /// A known export of another kind: what is answered when there is no list of pupils.
    Wrong(FileRefusal),
    /// Something else.
    Other,
}

/// Takes the roster out of an archive. Its only member with the ending is given whatever it is, so that it gets its own
/// refusal.
///
/// # Errors
/// `too_large`, `zip_method_unsupported`, `zip_unreadable`, `zip_encrypted`, `zip_without_roster`, `zip_ambiguous`,
/// `not_siecle`, and what `wanted` answers with.
pub fn roster(bytes: &[u8], wanted: &Wanted<'_>) -> Result<Vec<u8>, FileRefusal> {
    if is_volume(bytes) {
        return Err(volume());
    }
    if memchr::memmem::find_iter(bytes, MEMBER_HEADER).count() > MEMBER_HEADERS_MAX {
        return Err(too_many_members());
    }
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) if end::is_missing(bytes) => return Err(cut_short()),
        Err(_) => return Err(unreadable()),
    };
    let members = members::visible(&mut archive, bytes)?;
    let office = members.iter().any(Member::is_office_mark);
    match choose(&mut archive, &members, wanted) {
        Err(refusal)
            if office
                && matches!(
                    refusal.code,
                    Code::TooLarge | Code::ZipWithoutRoster | Code::WrongExport
                ) =>
        {
            Err(refusal::not_siecle(Values::of_case("office")))
        }
        chosen => chosen,
    }
}

fn choose(
    archive: &mut Archive<'_>,
    members: &[Member],
    wanted: &Wanted<'_>,
) -> Result<Vec<u8>, FileRefusal> {
    if members.len() > MEMBERS_MAX {
        return Err(too_many_members());
    }
    let candidates: Vec<&Member> = members
        .iter()
        .filter(|member| member.ends_in(wanted.ending))
        .collect();
    let mut room = TEXT_BYTES_MAX;
    if let [only] = candidates[..]
        && only.is_alone()
        && !members.iter().any(Member::is_office_mark)
    {
        let content = open(archive, only, &mut room)?;
        if is_zip(&content) {
            return Err(archive_within(&only.name));
        }
        return Ok(content);
    }
    let mut found = Found::default();
    for member in candidates {
        match open(archive, member, &mut room) {
            Ok(content) => found.add(content, member, wanted),
            // What is not a roster hinders nothing, unless there is no roster.
            Err(refusal) if refusal.code != Code::TooLarge => found.refuse(refusal),
            Err(refusal) => return Err(refusal),
        }
    }
    found.roster().unwrap_or_else(|| {
        let locked = members.iter().any(|member| member.encrypted);
        Err(match within::look(archive, members, wanted) {
            Some(refusal) => refusal,
            None if locked => encrypted(),
            None => without_roster(),
        })
    })
}

/// What the members of an archive are that could be the roster.
#[derive(Default)]
struct Found {
    roster: Option<Vec<u8>>,
    /// Rosters that are not the same, byte for byte.
    rosters: usize,
    /// Why a member could not be read: a password first, then a method, then damage.
    refusal: Option<FileRefusal>,
    /// A known sister export.
    known: Option<FileRefusal>,
}

impl Found {
    fn add(&mut self, content: Vec<u8>, member: &Member, wanted: &Wanted<'_>) {
        match (wanted.judge)(&content) {
            Content::Roster => {
                if self.roster.as_ref() != Some(&content) || !member.is_alone() {
                    self.rosters += member.different;
                    self.roster = Some(content);
                }
            }
            Content::Wrong(refusal) => self.known = self.known.take().or(Some(refusal)),
            Content::Other => {}
        }
    }

    fn refuse(&mut self, refusal: FileRefusal) {
        let rank = |refusal: &FileRefusal| match refusal.code {
            Code::ZipEncrypted => 0,
            Code::ZipMethodUnsupported => 1,
            _ => 2,
        };
        if self
            .refusal
            .as_ref()
            .is_none_or(|first| rank(&refusal) < rank(first))
        {
            self.refusal = Some(refusal);
        }
    }

    /// The roster, or why there is none, when these members alone tell.
    fn roster(self) -> Option<Result<Vec<u8>, FileRefusal>> {
        match (self.roster, self.refusal, self.known) {
            (Some(roster), _, _) if self.rosters == 1 => Some(Ok(roster)),
            (Some(_), _, _) => Some(Err(ambiguous())),
            (None, Some(refusal), _) => Some(Err(refusal)),
            (None, None, Some(known)) => Some(Err(known)),
            (None, None, None) => None,
        }
    }
}

/// The content of a member, when it has no password and a method that is read.
fn open(
    archive: &mut Archive<'_>,
    member: &Member,
    room: &mut usize,
) -> Result<Vec<u8>, FileRefusal> {
    if member.encrypted {
        return Err(encrypted());
    }
    if !member.is_readable() {
        let values = Values::default().with("method", methods::name(member.method));
        return Err(refuse(Code::ZipMethodUnsupported, values));
    }
    inflate(archive, member, room)
}

/// Inflates a member, within the room left by the others.
fn inflate(
    archive: &mut Archive<'_>,
    member: &Member,
    room: &mut usize,
) -> Result<Vec<u8>, FileRefusal> {
    let limit = *room as u64 + 1;
    if member.size >= limit {
        return Err(too_long());
    }
    let mut content = Vec::new();
    let read = archive
        .by_index(member.index)
        .and_then(|reader| Ok(reader.take(limit).read_to_end(&mut content)?));
    if read.is_err() {
        let hides_a_bomb = weigh(archive, member, limit).is_some_and(|weight| weight >= limit);
        return Err(if hides_a_bomb {
            too_long()
        } else {
            unreadable()
        });
    }
    *room = room.checked_sub(content.len()).ok_or_else(too_long)?;
    Ok(content)
}

/// The bytes of a damaged member up to `limit`, kept nowhere: the size it declares may lie.
fn weigh(archive: &mut Archive<'_>, member: &Member, limit: u64) -> Option<u64> {
    let raw = archive.by_index_raw(member.index).ok()?;
    if raw.compression() != CompressionMethod::Deflated {
        return None;
    }
    let mut inflated = DeflateDecoder::new(raw).take(limit);
    std::io::copy(&mut inflated, &mut std::io::sink()).ok()
}

/// The content is longer than a file may be, once out of its archive.
fn too_long() -> FileRefusal {
    refusal::too_heavy("content", TEXT_BYTES_MAX)
}

fn too_many_members() -> FileRefusal {
    refusal::too_many("members", MEMBERS_MAX)
}

fn unreadable() -> FileRefusal {
    refuse(Code::ZipUnreadable, Values::of_case("damaged"))
}

fn cut_short() -> FileRefusal {
    refuse(Code::ZipUnreadable, Values::of_case("cut_short"))
}

fn encrypted() -> FileRefusal {
    refuse(Code::ZipEncrypted, Values::default())
}

fn without_roster() -> FileRefusal {
    refuse(Code::ZipWithoutRoster, Values::of_case("none"))
}

/// An archive is inside: its name, never used as a path.
fn archive_within(name: &[u8]) -> FileRefusal {
    let last = name
        .rsplit(|byte| matches!(byte, b'/' | b'\\'))
        .next()
        .unwrap_or(name);
    let name = quoted(&String::from_utf8_lossy(last));
    let values = Values::of_case("archive_within").with("name", name);
    refuse(Code::ZipWithoutRoster, values)
}

/// A part of an archive cut in several.
pub fn volume() -> FileRefusal {
    refuse(Code::ZipUnreadable, Values::of_case("volume"))
}

fn ambiguous() -> FileRefusal {
    refuse(Code::ZipAmbiguous, Values::default())
}
