//! An archive to the bytes of its one roster.

use std::io::{Cursor, Read};

use flate2::read::DeflateDecoder;
use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::roster::values::Values;
use zip::{CompressionMethod, ZipArchive};

use crate::document::too_long;
use crate::encoding::Source;
use crate::limits::{MEMBER_HEADERS_MAX, MEMBERS_MAX, XML_BYTES_MAX};
use crate::prolog;
use crate::recognise::{is_roster, sister};
use crate::refusal::{self, refuse};

mod members;

use members::Member;

/// What an archive starts with: a member, nothing at all, or a part of several.
const MAGICS: [&[u8]; 3] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"];
/// The header of a member in the archive's directory.
const MEMBER_HEADER: &[u8] = b"PK\x01\x02";
/// The end of an archive's directory.
const DIRECTORY_END: &[u8] = b"PK\x05\x06";

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Whether bytes are an archive, even cut short.
pub fn is_zip(bytes: &[u8]) -> bool {
    MAGICS
        .iter()
        .any(|magic| bytes.starts_with(magic) || (bytes.len() >= 2 && magic.starts_with(bytes)))
}

/// Takes the roster out of an archive. Its only XML member is given whatever it is, so that it gets its own refusal.
///
/// # Errors
/// `too_large`, `zip_unreadable`, `zip_encrypted`, `zip_without_roster`, `zip_ambiguous`, `wrong_export`, `not_siecle`.
pub fn roster(bytes: &[u8]) -> Result<Vec<u8>, FileRefusal> {
    if memchr::memmem::find_iter(bytes, MEMBER_HEADER).count() > MEMBER_HEADERS_MAX {
        return Err(too_many_members());
    }
    let mut archive = match ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(_) if is_cut_short(bytes) => return Err(cut_short()),
        Err(_) => return Err(unreadable()),
    };
    let members = members::visible(&mut archive, bytes)?;
    let office = members.iter().any(Member::is_office_mark);
    match choose(&mut archive, &members) {
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

fn choose(archive: &mut Archive<'_>, members: &[Member]) -> Result<Vec<u8>, FileRefusal> {
    if members.len() > MEMBERS_MAX {
        return Err(too_many_members());
    }
    let candidates: Vec<&Member> = members.iter().filter(|member| member.is_xml()).collect();
    if candidates.iter().any(|member| member.encrypted) {
        return Err(encrypted());
    }
    if candidates.is_empty() {
        let locked = members.iter().any(|member| member.encrypted);
        return Err(if locked {
            encrypted()
        } else {
            without_roster()
        });
    }
    let mut room = XML_BYTES_MAX;
    if let [only] = candidates[..]
        && only.copies == 1
        && !members.iter().any(Member::is_office_mark)
    {
        return inflate(archive, only, &mut room);
    }
    let mut rosters = 0;
    let mut roster = None;
    let mut known = None;
    for member in candidates {
        let content = inflate(archive, member, &mut room)?;
        let (is_roster, what) = kind(&content);
        known = known.or(what);
        if is_roster {
            rosters += member.copies;
            roster = Some(content);
        }
    }
    match (roster, known) {
        (Some(roster), _) if rosters == 1 => Ok(roster),
        (Some(_), _) => Err(ambiguous()),
        (None, Some(what)) => Err(refusal::wrong_export(what)),
        (None, None) => Err(without_roster()),
    }
}

/// Whether a text is a roster, else which sister export it is.
fn kind(content: &[u8]) -> (bool, Option<(&'static str, &'static str)>) {
    let source = Source::open(content.into());
    match prolog::scan(source.bytes()).root {
        Some((_, root)) => (is_roster(root), sister(root)),
        None => (false, None),
    }
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

fn is_cut_short(bytes: &[u8]) -> bool {
    memchr::memmem::rfind(bytes, DIRECTORY_END).is_none()
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
    refuse(Code::ZipWithoutRoster, Values::default())
}

fn ambiguous() -> FileRefusal {
    refuse(Code::ZipAmbiguous, Values::default())
}
