//! The members of an archive, as its directory lists them. Their names are never used as paths.

use std::collections::{HashMap, HashSet};

use pix_orga_domain::roster::reading::FileRefusal;

use super::methods::{DEFLATED, STORED};
use super::{Archive, MEMBER_HEADER, unreadable};

/// Bytes of a directory header before the name.
const HEADER_BYTES: usize = 46;
/// Where a directory header gives the method, the checksum, and the size once inflated.
const METHOD_AT: usize = 10;
const CHECKSUM_AT: usize = 16;
const SIZE_AT: usize = 24;
/// Bytes of a checksum and of a size.
const CONTENT_BYTES: usize = 8;
/// Where a directory header gives the length of the name, of the extra field and of the comment.
const LENGTHS_AT: [usize; 3] = [28, 30, 32];

/// A visible file of an archive.
pub struct Member {
    pub index: usize,
    pub name: Vec<u8>,
    pub encrypted: bool,
    /// Bytes once inflated, as declared.
    pub size: u64,
    /// How it is compressed, by its number.
    pub method: u16,
    /// How many members of this very name have different contents: the library keeps the last of a name.
    pub different: usize,
}

impl Member {
    /// Whether its method is one of those that are read.
    pub fn is_readable(&self) -> bool {
        matches!(self.method, STORED | DEFLATED)
    }

    /// Whether no other member has its name and another content.
    pub fn is_alone(&self) -> bool {
        self.different == 1
    }

    /// Whether its name ends so, in any case.
    pub fn ends_in(&self, ending: &str) -> bool {
        let start = self.name.len().saturating_sub(ending.len());
        self.name[start..].eq_ignore_ascii_case(ending.as_bytes())
    }

    /// What office suites put at the root of their documents.
    pub fn is_office_mark(&self) -> bool {
        matches!(self.name.as_slice(), b"[Content_Types].xml" | b"mimetype")
    }
}

/// The files of an archive, without folders nor hidden members.
pub fn visible(archive: &mut Archive<'_>, bytes: &[u8]) -> Result<Vec<Member>, FileRefusal> {
    let start = usize::try_from(archive.central_directory_start()).unwrap_or(usize::MAX);
    let headers = by_name(bytes.get(start..).unwrap_or_default());
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|_| unreadable())?;
        let name = entry.name_raw();
        if is_hidden(name) || entry.is_dir() {
            continue;
        }
        let headers = headers.get(name).map(Vec::as_slice).unwrap_or_default();
        let contents: HashSet<_> = headers.iter().map(|header| header.content).collect();
        members.push(Member {
            index,
            name: name.to_vec(),
            encrypted: entry.encrypted(),
            size: entry.size(),
            method: headers.last().map_or(DEFLATED, |header| header.method),
            different: contents.len().max(1),
        });
    }
    Ok(members)
}

/// A last component that starts with a dot, or a folder `__MACOSX`.
fn is_hidden(name: &[u8]) -> bool {
    let mut components = name.rsplit(|byte| matches!(byte, b'/' | b'\\'));
    components.next().is_some_and(|last| last.starts_with(b"."))
        || components.any(|folder| folder == b"__MACOSX")
}

/// What a header of the directory says of a member.
struct Header<'a> {
    name: &'a [u8],
    method: u16,
    /// Its checksum and its size: the same for the same content.
    content: [u8; CONTENT_BYTES],
    /// Bytes of the whole header.
    length: usize,
}

fn by_name(directory: &[u8]) -> HashMap<&[u8], Vec<Header<'_>>> {
    let mut headers: HashMap<&[u8], Vec<Header<'_>>> = HashMap::new();
    let mut rest = directory;
    while let Some(header) = header(rest) {
        rest = &rest[header.length..];
        headers.entry(header.name).or_default().push(header);
    }
    headers
}

fn header(rest: &[u8]) -> Option<Header<'_>> {
    let fixed = rest
        .get(..HEADER_BYTES)
        .filter(|fixed| fixed.starts_with(MEMBER_HEADER))?;
    let short = |at: usize| u16::from_le_bytes([fixed[at], fixed[at + 1]]);
    let [name, extra, comment] = LENGTHS_AT.map(|at| usize::from(short(at)));
    let length = HEADER_BYTES + name + extra + comment;
    let mut content = [0; CONTENT_BYTES];
    content[..4].copy_from_slice(&fixed[CHECKSUM_AT..CHECKSUM_AT + 4]);
    content[4..].copy_from_slice(&fixed[SIZE_AT..SIZE_AT + 4]);
    Some(Header {
        name: rest.get(..length)?.get(HEADER_BYTES..HEADER_BYTES + name)?,
        method: short(METHOD_AT),
        content,
        length,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_members_are_known_by_their_names() {
        for hidden in [
            ".x.xml",
            "a/.x.xml",
            "__MACOSX/x.xml",
            "a/__MACOSX/b/x.xml",
            "a\\.x",
        ] {
            assert!(is_hidden(hidden.as_bytes()), "{hidden}");
        }
        for shown in [
            "x.xml",
            "../../x.xml",
            ".a/x.xml",
            "__MACOSX.xml",
            "a/__MACOSX",
        ] {
            assert!(!is_hidden(shown.as_bytes()), "{shown}");
        }
    }
}
