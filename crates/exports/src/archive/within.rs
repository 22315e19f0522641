//! What an archive without a roster holds instead: another archive, or a known export.

use std::io::Read;

use pix_orga_domain::roster::reading::FileRefusal;

use super::members::Member;
use super::{Archive, Wanted, archive_within, is_zip};
use crate::recognise::{LOOK_BYTES, other_archive};

/// What the names of archives and of their parts end with.
const ARCHIVE_ENDINGS: [&str; 16] = [
    ".zip", ".zipx", ".z01", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".tbz", ".xz", ".txz", ".zst",
    ".tar", ".cab", ".lz", ".001",
];
/// What the names of documents end with that are archives inside.
const OFFICE_ENDINGS: [&str; 7] = [".xlsx", ".xlsm", ".ods", ".docx", ".odt", ".pptx", ".odp"];

/// The refusal that names what the members are, when one is known. Their beginnings alone are read.
pub fn look(
    archive: &mut Archive<'_>,
    members: &[Member],
    wanted: &Wanted<'_>,
) -> Option<FileRefusal> {
    let mut within = None;
    for member in members {
        let name = String::from_utf8_lossy(&member.name).to_lowercase();
        let head = head(archive, member);
        if let Some(known) = (wanted.known)(&name, &head) {
            return Some(known);
        }
        let named = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let is_archive = named(&ARCHIVE_ENDINGS) || (is_archive(&head) && !named(&OFFICE_ENDINGS));
        within = within.or_else(|| is_archive.then(|| archive_within(&member.name)));
    }
    within
}

fn is_archive(head: &[u8]) -> bool {
    (head.len() >= 4 && is_zip(head)) || other_archive(head).is_some()
}

/// The first bytes of a member; none when it cannot be read.
fn head(archive: &mut Archive<'_>, member: &Member) -> Vec<u8> {
    let mut head = Vec::new();
    if member.encrypted || !member.is_readable() {
        return head;
    }
    let limit = LOOK_BYTES as u64;
    let read = archive
        .by_index(member.index)
        .and_then(|reader| Ok(reader.take(limit).read_to_end(&mut head)?));
    if read.is_err() {
        head.clear();
    }
    head
}
