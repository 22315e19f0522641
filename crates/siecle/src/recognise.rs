//! What a file is, from its beginning: a roster, a sister export, a web page, or something else.

use memchr::memmem;
use pix_orga_domain::roster::values::Values;

use crate::prolog::{Prolog, blanks, is_blank};

pub mod tables;

/// Roots of the roster: the usual one and a known variant.
const ROSTERS: [&[u8]; 2] = [b"BEE_ELEVES", b"BEE_EPHC_ELEVES"];

/// Exports that schools send by mistake: their root, and which they are.
const SISTERS: [(&[u8], &str); 10] = [
    (b"BEE_RESPONSABLES", "responsables"),
    (b"BEE_STRUCTURES", "structures"),
    (b"BEE_NOMENCLATURES", "nomenclatures"),
    (b"BEE_COMMUN", "commun"),
    (b"BEE_GEOGRAPHIQUE", "geographique"),
    (b"BEE_ETABLISSEMENT", "etablissement"),
    (b"BEE_ETABLISSEMENTS", "etablissements"),
    (b"IMPORT_ELEVES", "import_eleves"),
    (b"STS_EDT", "sts_emp"),
    (b"EDT_STS", "edt_sts"),
];
/// What the roots of SIECLE's own exports start with.
const OF_SIECLE: &[u8] = b"BEE_";
/// What some of them have after it.
const VARIANT: &[u8] = b"EPHC_";

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

/// First bytes of other files that are not XML, and what they look like.
const MAGICS: [(&[u8], &str); 6] = [
    (b"%PDF", "pdf"),
    (OLE, "office"),
    (b"{\\rtf", "word_processor"),
    (b"\x89PNG", "image"),
    (b"\xFF\xD8\xFF", "image"),
    (b"GIF8", "image"),
];
/// A workbook of the former format, or another document of that suite.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Headings of the workbook that SIECLE calls `ElevesComplete`, which few others have together.
const COMPLETE_HEADINGS: [&str; 2] = ["Id National", "Lib. MEF"];

/// How much of a text is looked at for a tag, when it does not start with one.
pub const LOOK_BYTES: usize = 4096;
/// Bytes of a beginning that are controls, one in so many at least: it is no text. Compressed bytes are one in nine.
const CONTROLS_SHARE: usize = 50;
/// Different bytes in a beginning of compressed data, at least.
const COMPRESSED_VALUES_MIN: usize = 200;

/// A file that is not the roster of SIECLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alien {
    /// A known export: the case of `wrong_export`.
    WrongExport(&'static str),
    /// Something else: the case of `not_siecle`.
    NotSiecle(&'static str),
}

/// Whether a root is a roster's.
pub fn is_roster(root: &[u8]) -> bool {
    ROSTERS.contains(&root)
}

/// Which known sister export a root is of.
pub fn sister(root: &[u8]) -> Option<Values> {
    if is_roster(root) {
        return None;
    }
    let which = exact(root).or_else(|| {
        let subject = root.strip_prefix(OF_SIECLE)?;
        let subject = subject.strip_prefix(VARIANT).unwrap_or(subject);
        Some(one_or_several(subject).unwrap_or("other_bee"))
    })?;
    let root = crate::text::quoted(&String::from_utf8_lossy(root));
    Some(Values::of_case(which).with("root", root))
}

fn exact(root: &[u8]) -> Option<&'static str> {
    let found = SISTERS.iter().find(|(name, _)| *name == root);
    found.map(|(_, which)| *which)
}

/// `STRUCTURE` is what `STRUCTURES` is.
fn one_or_several(subject: &[u8]) -> Option<&'static str> {
    let one = |name| <[u8]>::strip_suffix(name, b"S").unwrap_or(name);
    let of_siecle = SISTERS
        .iter()
        .filter_map(|(name, which)| Some((name.strip_prefix(OF_SIECLE)?, *which)));
    of_siecle
        .into_iter()
        .find(|(name, _)| one(name) == one(subject))
        .map(|(_, which)| which)
}

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

/// What a file that is no XML at all is. A text that has a tag somewhere is left to the XML reader, which says where it
/// is wrong.
pub fn not_xml(bytes: &[u8]) -> Option<Alien> {
    if bytes.starts_with(OLE) && is_complete_workbook(bytes) {
        return Some(Alien::WrongExport("excel_complete"));
    }
    let magic = MAGICS.iter().find(|(magic, _)| bytes.starts_with(magic));
    if let Some(what) = other_archive(bytes).or(magic.map(|(_, what)| *what)) {
        return Some(Alien::NotSiecle(what));
    }
    let head = &bytes[blanks(bytes)..];
    let head = &head[..head.len().min(LOOK_BYTES)];
    if is_text(head) {
        if head.is_empty() || head.starts_with(b"<") || has_tag(head) {
            return None;
        }
    } else if is_compressed(head) {
        return Some(Alien::NotSiecle("compressed"));
    } else if head.starts_with(b"<") {
        // Damaged: the XML reader says where.
        return None;
    } else {
        return Some(Alien::NotSiecle("binary"));
    }
    if let Some(which) = tables::table(head) {
        return Some(Alien::WrongExport(which));
    }
    let columns = tables::first_line(head)
        .iter()
        .any(|byte| matches!(byte, b';' | b'\t' | b','));
    Some(Alien::NotSiecle(if columns { "columns" } else { "text" }))
}

/// Strings of such workbooks stand in one byte a character, or in two.
fn is_complete_workbook(bytes: &[u8]) -> bool {
    COMPLETE_HEADINGS.iter().all(|heading| {
        let wide: Vec<u8> = heading.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memmem::find(bytes, heading.as_bytes())
            .or_else(|| memmem::find(bytes, &wide))
            .is_some()
    })
}

/// Whether a beginning has hardly any control.
fn is_text(head: &[u8]) -> bool {
    let is_control = |byte: &&u8| **byte < b' ' && !is_blank(**byte);
    let controls = head.iter().filter(is_control).count();
    !head.contains(&0) && controls * CONTROLS_SHARE <= head.len()
}

/// Whether a beginning has nearly every byte there is.
fn is_compressed(head: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in head {
        seen[usize::from(*byte)] = true;
    }
    seen.iter().filter(|seen| **seen).count() >= COMPRESSED_VALUES_MIN
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
        let not_siecle = |bytes: &[u8], what| {
            assert_eq!(not_xml(bytes), Some(Alien::NotSiecle(what)), "{what}");
        };
        not_siecle(b"%PDF-1.7 <</A>>", "pdf");
        not_siecle(b"nom;prenom\nx;y", "columns");
        not_siecle(b"bonjour", "text");
        not_siecle(b"a\0b", "binary");
        not_siecle(b"\x1F\x8B\x08<a>", "gzip");
        not_siecle(b"BZh91AY", "bzip2");
        let mut tar = vec![b'a'; 300];
        tar[257..262].copy_from_slice(b"ustar");
        not_siecle(&tar, "tar");
        for xml in [&b"  <a>"[..], b"EVES><PARAMETRES>", b"<", b"<a\0\0\0>"] {
            assert_eq!(not_xml(xml), None);
        }
    }

    /// Random bytes have a tag in them, most often.
    #[test]
    fn compressed_bytes_are_no_text() {
        let mut state = 1_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        for _ in 0..20 {
            let bytes: Vec<u8> = (0..5000).map(|_| next()).collect();
            assert_eq!(not_xml(&bytes), Some(Alien::NotSiecle("compressed")));
        }
    }

    #[test]
    fn workbooks_of_siecle_are_told_by_their_headings() {
        let wide =
            |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let narrow = [OLE, b"..Id National..Lib. MEF.."].concat();
        let mixed = [OLE, &wide("Id National"), b"Lib. MEF"].concat();
        for workbook in [narrow, mixed] {
            assert_eq!(
                not_xml(&workbook),
                Some(Alien::WrongExport("excel_complete"))
            );
        }
        assert_eq!(
            not_xml(&[OLE, b"Id National"].concat()),
            Some(Alien::NotSiecle("office"))
        );
    }

    #[test]
    fn sisters_are_told_in_the_singular_and_in_their_variants() {
        for (root, which) in [
            ("BEE_RESPONSABLES", Some("responsables")),
            ("BEE_EPHC_RESPONSABLES", Some("responsables")),
            ("BEE_STRUCTURE", Some("structures")),
            ("BEE_NOMENCLATURE", Some("nomenclatures")),
            ("BEE_EPHC_NOMENCLATURES", Some("nomenclatures")),
            ("BEE_COMMUNS", Some("commun")),
            ("BEE_ETABLISSEMENT", Some("etablissement")),
            ("BEE_BOURSES", Some("other_bee")),
            ("BEE_ELEVE", Some("other_bee")),
            ("IMPORT_ELEVES", Some("import_eleves")),
            ("BEE_ELEVES", None),
            ("BEE_EPHC_ELEVES", None),
            ("bee_eleves", None),
            ("IMPORT", None),
        ] {
            let values = sister(root.as_bytes());
            assert_eq!(values.as_ref().and_then(Values::case), which, "{root}");
        }
    }
}
