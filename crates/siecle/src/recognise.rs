//! What a file is, from its beginning: a roster, a sister export, a web page, or something else.

use memchr::memmem;
use pix_orga_domain::roster::reading::FileRefusal;
use pix_orga_domain::roster::values::Values;
use pix_orga_exports::archive::Content;
use pix_orga_exports::encoding::Source;
use pix_orga_exports::prolog;

use pix_orga_exports::recognise::{OLE, head, is_compressed, is_text, magic};
use pix_orga_exports::text::quoted;

use crate::refusal;

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

/// The case of the other system's exports.
pub const FREGATA: &str = "fregata";
/// How SIECLE calls its workbook of all pupils.
const COMPLETE_WORKBOOK: &str = "elevescomplete";
/// Headings of the workbook that SIECLE calls `ElevesComplete`, which few others have together.
const COMPLETE_HEADINGS: [&str; 2] = ["Id National", "Lib. MEF"];

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
    let root = quoted(&String::from_utf8_lossy(root));
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

/// What the content of a member of an archive is.
pub fn content(bytes: &[u8]) -> Content {
    match prolog::scan(Source::open(bytes.into()).bytes()).root {
        Some((_, root)) if is_roster(root) => Content::Roster,
        Some((_, root)) => sister(root).map_or(Content::Other, |which| {
            Content::Wrong(refusal::wrong_export(which))
        }),
        None => Content::Other,
    }
}

/// What a member of an archive that is no XML is known to be.
pub fn known_member(name: &str, head: &[u8]) -> Option<FileRefusal> {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let which = if file.contains(COMPLETE_WORKBOOK) {
        Some("excel_complete")
    } else {
        tables::table(Source::open(head.into()).bytes())
    };
    which.map(|which| refusal::alien(Alien::WrongExport(which)))
}

/// Whether the beginning of a text is an export of SIECLE's, the pupils' or another one.
pub fn is_of_siecle(bytes: &[u8]) -> bool {
    let root = prolog::scan(bytes).root;
    let named = root.is_some_and(|(_, root)| is_roster(root) || sister(root).is_some());
    named || matches!(not_xml(bytes), Some(Alien::WrongExport(which)) if which != FREGATA)
}

/// What a file that is no XML at all is. A text that has a tag somewhere is left to the XML reader, which says where it
/// is wrong.
pub fn not_xml(bytes: &[u8]) -> Option<Alien> {
    if bytes.starts_with(OLE) && is_complete_workbook(bytes) {
        return Some(Alien::WrongExport("excel_complete"));
    }
    if let Some(what) = magic(bytes) {
        return Some(Alien::NotSiecle(what));
    }
    let head = head(bytes);
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

fn has_tag(head: &[u8]) -> bool {
    head.windows(2).any(|pair| {
        pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'?' | b'!'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
