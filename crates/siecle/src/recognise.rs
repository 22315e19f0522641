//! What a file is, from its beginning: a roster, a sister export, a web page, or something else.

use crate::prolog::{Prolog, is_blank};

/// Roots of the roster: the usual one and a known variant.
const ROSTERS: [&[u8]; 2] = [b"BEE_ELEVES", b"BEE_EPHC_ELEVES"];

/// Exports that schools send by mistake: their root, and what they are.
const SISTERS: [(&str, &str); 9] = [
    (
        "BEE_RESPONSABLES",
        "l’export des responsables (les parents)",
    ),
    (
        "BEE_STRUCTURES",
        "l’export des structures (divisions et groupes)",
    ),
    ("BEE_NOMENCLATURES", "l’export des nomenclatures"),
    ("BEE_COMMUN", "l’export des paramètres communs"),
    ("BEE_GEOGRAPHIQUE", "l’export des données géographiques"),
    ("BEE_ETABLISSEMENT", "l’export de l’établissement"),
    ("BEE_ETABLISSEMENTS", "l’export des établissements"),
    (
        "STS_EDT",
        "l’export de STS-Web (« sts_emp », les enseignants et leurs services)",
    ),
    (
        "EDT_STS",
        "l’export d’un logiciel d’emploi du temps pour STS-Web",
    ),
];

/// First bytes of files that are not XML, and what they are.
const MAGICS: [(&[u8], &str); 10] = [
    (b"%PDF", "un document PDF"),
    (
        b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
        "un classeur de tableur, ou un autre document de bureautique",
    ),
    (b"{\\rtf", "un document de traitement de texte"),
    (
        b"7z\xBC\xAF\x27\x1C",
        "une archive 7z, or seules les archives zip sont lues",
    ),
    (
        b"Rar!",
        "une archive RAR, or seules les archives zip sont lues",
    ),
    (
        b"\x1F\x8B",
        "une archive gzip, or seules les archives zip sont lues",
    ),
    (
        b"\xFD7zXZ",
        "une archive xz, or seules les archives zip sont lues",
    ),
    (b"\x89PNG", "une image"),
    (b"\xFF\xD8\xFF", "une image"),
    (b"GIF8", "une image"),
];

/// How much of a text is looked at for a tag, when it does not start with one.
const LOOK_BYTES: usize = 4096;

/// Whether a root is a roster's.
pub fn is_roster(root: &[u8]) -> bool {
    ROSTERS.contains(&root)
}

/// The root of a known sister export, and what it is.
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
        return Some("un fichier qui n’est pas du texte");
    }
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or(head);
    if line.iter().any(|byte| matches!(byte, b';' | b'\t' | b',')) {
        return Some("du texte en colonnes, comme en enregistre un tableur");
    }
    Some("du texte, et non du XML")
}

fn has_tag(head: &[u8]) -> bool {
    head.windows(2).any(|pair| {
        pair[0] == b'<' && (pair[1].is_ascii_alphabetic() || matches!(pair[1], b'/' | b'?' | b'!'))
    })
}

/// What a well-formed document of another kind is.
pub fn foreign(root: &str) -> String {
    match root {
        "Workbook" | "workbook" | "worksheet" | "document-content" | "document" => {
            "un classeur de tableur, ou un autre document de bureautique, enregistré en XML"
                .to_owned()
        }
        "svg" => "une image".to_owned(),
        "rss" | "feed" => "un flux d’actualités".to_owned(),
        _ => format!(
            "un autre document XML, de racine « {} »",
            crate::text::quoted(root)
        ),
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
        assert_eq!(not_xml(b"%PDF-1.7 <</A>>"), Some("un document PDF"));
        assert!(not_xml(b"nom;prenom\nx;y").unwrap().contains("colonnes"));
        assert!(not_xml(b"bonjour").unwrap().contains("texte"));
        assert!(not_xml(b"a\0b").unwrap().contains("pas du texte"));
        assert_eq!(not_xml(b"  <a>"), None);
        assert_eq!(not_xml(b"EVES><PARAMETRES>"), None);
        assert_eq!(not_xml(b"<"), None);
    }
}
