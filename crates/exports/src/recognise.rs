//! What a file is when it is no export at all, from its beginning.

use pix_orga_domain::roster::values::Values;

use crate::prolog::{Prolog, blanks, is_blank};
use crate::text::quoted;

/// First bytes of archives that are not zip, and which they are.
const ARCHIVES: [(&[u8], &str); 11] = [
    (b"7z\xBC\xAF\x27\x1C", "seven_zip"),
    (b"Rar!", "rar"),
    (b"\x1F\x8B", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xFD7zXZ", "xz"),
    (b"\x28\xB5\x2F\xFD", "zstd"),
    (b"MSCF", "other_archive"),
    (b"LZIP", "other_archive"),
    (b"\xC7\x71", "other_archive"),
    (b"07070", "other_archive"),
    (b"\x1F\x9D", "other_archive"),
];
/// Where a tar archive has its own mark.
const TAR_MARK: (usize, &[u8]) = (257, b"ustar");

/// First bytes of other files that are no text, and what they look like.
const MAGICS: [(&[u8], &str); 6] = [
    (b"%PDF", "pdf"),
    (OLE, "office"),
    (b"{\\rtf", "word_processor"),
    (b"\x89PNG", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF8", "image"),
];
/// A workbook of the former format, or another document of that suite.
pub const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// How much of a text is looked at, to tell what it is.
pub const LOOK_BYTES: usize = 4096;
/// Bytes of a beginning that are controls, one in so many at least: it is no text. Compressed bytes are one in nine.
const CONTROLS_SHARE: usize = 50;
/// Different bytes in a beginning of compressed data, at least.
const COMPRESSED_VALUES_MIN: usize = 200;

/// Whether a text is a web page: by its doctype, else by its root.
pub fn is_web_page(prolog: &Prolog<'_>) -> bool {
    let name = prolog.doctype.or(prolog.root).map(|(_, name)| name);
    name.is_some_and(|name| name.eq_ignore_ascii_case(b"html"))
}

/// Which archive other than zip starts with these bytes.
pub fn other_archive(bytes: &[u8]) -> Option<&'static str> {
    let (at, mark) = TAR_MARK;
    if bytes.get(at..).is_some_and(|rest| rest.starts_with(mark)) {
        return Some("tar");
    }
    let found = ARCHIVES.iter().find(|(magic, _)| bytes.starts_with(magic));
    found.map(|(_, which)| *which)
}

/// What the first bytes of a file that is no text say it looks like.
pub fn magic(bytes: &[u8]) -> Option<&'static str> {
    let magic = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic));
    other_archive(bytes).or(magic.map(|(_, what)| *what))
}

/// The beginning of a text, after blanks.
pub fn head(bytes: &[u8]) -> &[u8] {
    let head = &bytes[blanks(bytes)..];
    &head[..head.len().min(LOOK_BYTES)]
}

/// Whether a beginning has hardly any control.
pub fn is_text(head: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !is_blank(**byte);
    let controls = head.iter().filter(is_control).count();
    !head.contains(&0) && controls * CONTROLS_SHARE <= head.len()
}

/// Whether a beginning has nearly every byte there is.
pub fn is_compressed(head: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in head {
        seen[usize::from(*byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count() >= COMPRESSED_VALUES_MIN
}

/// What a well-formed document of another kind looks like.
pub fn foreign(root: &str) -> Values {
    match root {
        "Workbook" | "workbook" | "worksheet" | "document-content" | "document" => {
            Values::of_case("office_xml")
        }
        "svg" => Values::of_case("image"),
        "rss" | "feed" => Values::of_case("news_feed"),
        _ => Values::of_case("other_xml").with("root", quoted(root)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prolog::scan;

    #[test]
    fn web_pages_are_recognised_in_any_case() {
        for page in [
            "<!DOCTYPE html><p>",
            "<!doctype HTML PUBLIC \"x\">",
            "\n<HTML lang='fr'>",
            "<?xml version='1.0'?><!-- x --><!DOCTYPE html><html>",
        ] {
            assert!(is_web_page(&scan(page.as_bytes())), "{page}");
        }
        for other in ["<!DOCTYPE htmlx>", "<htmlx>", "<a/>", "<!DOCTYPE a><html/>"] {
            assert!(!is_web_page(&scan(other.as_bytes())), "{other}");
        }
    }
}
