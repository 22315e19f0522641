//! The members of an archive, as its directory lists them. Their names are never used as paths.

use std::collections::HashMap;

use pix_orga_domain::roster::reading::FileRefusal;

use super::{Archive, MEMBER_HEADER, unreadable};

/// Bytes of a directory header before the name.
const HEADER_BYTES: usize = 46;
/// Where a directory header gives the length of the name, of the extra field and of the comment.
const LENGTHS_AT: [usize; 3] = [28, 30, 32];

/// A visible file of an archive.
pub struct Member {
    pub index: usize,
    pub name: Vec<u8>,
    pub encrypted: bool,
    /// Bytes once inflated, as declared.
    pub size: u64,
    /// How many members have this very name: the directory read by the library keeps one of them.
    pub copies: usize,
}

impl Member {
    pub fn is_xml(&self) -> bool {
        let extension = self.name.len().saturating_sub(b".xml".len());
        self.name[extension..].eq_ignore_ascii_case(b".xml")
    }

    /// What office suites put at the root of their documents.
    pub fn is_office_mark(&self) -> bool {
        matches!(self.name.as_slice(), b"[Content_Types].xml" | b"mimetype")
    }
}

/// The files of an archive, without folders nor hidden members.
pub fn visible(archive: &mut Archive<'_>, bytes: &[u8]) -> Result<Vec<Member>, FileRefusal> {
    let start = usize::try_from(archive.central_directory_start()).unwrap_or(usize::MAX);
    let copies = count_names(bytes.get(start..).unwrap_or_default());
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_data(index).map_err(|_| unreadable())?;
        let name = entry.name_raw();
        if is_hidden(name) || entry.is_dir() {
            continue;
        }
        members.push(Member {
            index,
            name: name.to_vec(),
            encrypted: entry.encrypted(),
            size: entry.size(),
            copies: copies.get(name).copied().unwrap_or(1),
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

fn count_names(directory: &[u8]) -> HashMap<&[u8], usize> {
    let mut counts = HashMap::new();
    let mut rest = directory;
    while let Some((name, length)) = header(rest) {
        *counts.entry(name).or_default() += 1;
        rest = &rest[length..];
    }
    counts
}

/// The name in a directory header, and the length of the whole header.
fn header(rest: &[u8]) -> Option<(&[u8], usize)> {
    let fixed = rest
        .get(..HEADER_BYTES)
        .filter(|fixed| fixed.starts_with(MEMBER_HEADER))?;
    let [name, extra, comment] =
        LENGTHS_AT.map(|at| usize::from(u16::from_le_bytes([fixed[at], fixed[at + 1]])));
    let length = HEADER_BYTES + name + extra + comment;
    let name = rest.get(..length)?.get(HEADER_BYTES..HEADER_BYTES + name)?;
    Some((name, length))
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
