//! What a file is, from its beginning: a roster, a sister export, a web page, or something else.

use pix_orga_domain::roster::values::Values;

use crate::prolog::{Prolog, is_blank};

/// Roots of the roster: the usual one and a known variant.
const ROSTERS: [&[u8]; 2] = [b"BEE_ELEVES", b"BEE_EPHC_ELEVES"];

/// Exports that schools send by mistake: their root, and which they are.
const SISTERS: [(&str, &str); 9] = [
    ("BEE_RESPONSABLES", "responsables"),
    ("BEE_STRUCTURES", "structures"),
    ("BEE_NOMENCLATURES", "nomenclatures"),
    ("BEE_COMMUN", "commun"),
    ("BEE_GEOGRAPHIQUE", "geographique"),
    ("BEE_ETABLISSEMENT", "etablissement"),
    ("BEE_ETABLISSEMENTS", "etablissements"),
    ("STS_EDT", "sts_emp"),
    ("EDT_STS", "edt_sts"),
];

/// First bytes of files that are not XML, and what they look like.
const MAGICS: [(&[u8], &str); 10] = [
    (b"%PDF", "pdf"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "office"),
    (b"{\\rtf", "word_processor"),
    (b"7z\xBC\xAF\x27\x1C", "seven_zip"),
    (b"Rar!", "rar"),
    (b"\x1F\x8B", "gzip"),
    (b"\xFD7zXZ", "xz"),
    (b"\x89PNG", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF8", "image"),
];

/// How much of a text is looked at for a tag, when it does not start with one.
const LOOK_BYTES: usize = 4096;

/// Whether a root is a roster's.
pub fn is_roster(root: &[u8]) -> bool {
    ROSTERS.contains(&root)
}

/// The root of a known sister export, and which it is.
pub fn sister(root: &[u8]) -> Option<(&'static str, &'static str)> {
    SISTERS
        .into_iter()
        .find(|(name, _)| name.as_bytes() == root)
}

/// Whether a text is a web page: by its doctype, else by its root.
pub fn is_web_page(prolog: &Prolog<'_>) -> bool {
    let name = prolog.doctype.or(prolog.root).map(|(_, name)| name);
    name.is_some_and(|name| name.eq_ignore_ascii_case(b"html"))
}

/// What a file that is no XML at all looks like. A text that has a tag somewhere is left to the XML reader, which
/// says where it is wrong.
pub fn not_xml(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, what)) = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    let start = bytes.iter().position(|byte| !is_blank(*byte))?;
    let head = &bytes[start..bytes.len().min(start + LOOK_BYTES)];
    if has_tag(head) || head.starts_with(b"<") {
        return None;
    }
    if head.contains(&0) {
        return Some("binary");
    }
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
    if line.iter().any(|byte| matches!(byte, b';' | b'\t' | b',')) {
        return Some("columns");
    }
    Some("text")
}

fn has_tag(head: &[u8]) -> bool {
    head.windows(2).any(|pair| {
        pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'?' | b'!'))
    })
}

/// What a well-formed document of another kind looks like.
pub fn foreign(root: &str) -> Values {
    match root {
        "Workbook" | "workbook" | "worksheet" | "document-content" | "document" => {
            Values::of_case("office_xml")
        }
        "svg" => Values::of_case("image"),
        "rss" | "feed" => Values::of_case("news_feed"),
        _ => Values::of_case("other_xml").with("root", crate::text::quoted(root)),
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

    #[test]
    fn what_is_no_xml_is_said() {
        assert_eq!(not_xml(b"%PDF-1.7 <</A>>"), Some("pdf"));
        assert_eq!(not_xml(b"nom;prenom\nx;y"), Some("columns"));
        assert_eq!(not_xml(b"bonjour"), Some("text"));
        assert_eq!(not_xml(b"a\0b"), Some("binary"));
        assert_eq!(not_xml(b"  <a>"), None);
        assert_eq!(not_xml(b"EVES><PARAMETRES>"), None);
        assert_eq!(not_xml(b"<"), None);
    }
}
