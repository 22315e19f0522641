//! The refusals of a whole file, and what they say to the person who sent it.

use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::uai::Uai;

/// What to do after a file that is not the right one.
pub const HOW_TO_EXPORT: &str = "Dans SIECLE, ouvrez « Exportations », « En XML », « Élèves sans adresse », puis \
     déposez le fichier reçu, sans l’ouvrir.";

/// A place in the text, both from 1.
#[derive(Clone, Copy)]
pub struct Position {
    pub line: u32,
    pub column: u32,
}

/// Where a byte is. It reads the text from its start: for refusals only.
pub fn position(text: &[u8], at: usize) -> Position {
    let before = &text[..at.min(text.len())];
    let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let column = String::from_utf8_lossy(&before[line_start..])
        .chars()
        .count();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Position {
        line: count(memchr::memchr_iter(b'\n', before).count()).saturating_add(1),
        column: count(column).saturating_add(1),
    }
}

/// A refusal that points nowhere in particular.
pub fn refuse(code: Code, message: impl Into<String>) -> FileRefusal {
    FileRefusal {
        code,
        line: None,
        column: None,
        message: message.into(),
        expected_uai: None,
        found_uai: None,
        partial: None,
    }
}

/// A refusal that points at a place.
pub fn refuse_at(code: Code, at: Position, message: impl Into<String>) -> FileRefusal {
    FileRefusal {
        line: Some(at.line),
        column: Some(at.column),
        ..refuse(code, message)
    }
}

/// No byte, or only blanks.
pub fn empty() -> FileRefusal {
    refuse(
        Code::EmptyFile,
        format!("Ce fichier est vide. {HOW_TO_EXPORT}"),
    )
}

/// Beyond a limit, said as « le fichier … ».
pub fn too_large(what: &str) -> FileRefusal {
    refuse(
        Code::TooLarge,
        format!(
            "Ce fichier est trop gros pour être une liste d’élèves : {what}. Vérifiez qu’il s’agit bien de l’export \
             « Élèves sans adresse » de SIECLE."
        ),
    )
}

/// Not well-formed.
pub fn malformed(at: Position) -> FileRefusal {
    refuse_at(
        Code::MalformedXml,
        at,
        format!(
            "Ce fichier est abîmé : le XML est incorrect à la ligne {}, colonne {}. Refaites l’export dans SIECLE et \
             déposez le fichier reçu, sans l’ouvrir ni l’enregistrer.",
            at.line, at.column
        ),
    )
}

/// It ends too early.
pub fn cut_short(at: Position) -> FileRefusal {
    refuse_at(
        Code::MalformedXml,
        at,
        format!(
            "Ce fichier est incomplet : il s’arrête à la ligne {}, colonne {}, avant la fin de la liste. Le \
             téléchargement a sans doute été interrompu : refaites l’export dans SIECLE.",
            at.line, at.column
        ),
    )
}

/// A `<!DOCTYPE`, which SIECLE never writes.
pub fn doctype(at: Position) -> FileRefusal {
    refuse_at(
        Code::DoctypeForbidden,
        at,
        format!(
            "Ce fichier contient une déclaration « DOCTYPE » (ligne {}), que SIECLE n’écrit jamais : il est refusé \
             par sécurité. {HOW_TO_EXPORT}",
            at.line
        ),
    )
}

/// A label that the WHATWG standard does not know.
pub fn unsupported_encoding(label: &str) -> FileRefusal {
    refuse(
        Code::UnsupportedEncoding,
        format!(
            "Ce fichier annonce un encodage inconnu (« {label} »). Refaites l’export dans SIECLE et déposez le \
             fichier reçu, sans l’ouvrir ni l’enregistrer."
        ),
    )
}

/// Another export of SIECLE, of this root, said as « l'export … ».
pub fn wrong_export((root, what): (&str, &str)) -> FileRefusal {
    refuse(
        Code::WrongExport,
        format!(
            "Ce fichier est {what}, de racine {root}, et non celui des élèves. {HOW_TO_EXPORT}"
        ),
    )
}

/// Not an export of SIECLE, said as « une page web ».
pub fn not_siecle(what: &str) -> FileRefusal {
    refuse(
        Code::NotSiecle,
        format!("Ce fichier n’est pas un export de SIECLE : c’est {what}. {HOW_TO_EXPORT}"),
    )
}

/// No `UAJ`.
pub fn uai_missing(expected: Uai) -> FileRefusal {
    refuse(
        Code::UaiMissing,
        format!(
            "Ce fichier ne dit pas de quel établissement il vient (code UAI absent), on ne peut donc pas vérifier \
             qu’il est bien celui de l’établissement {expected}. {HOW_TO_EXPORT}"
        ),
    )
}

/// Another school's file, or something that is no school's number.
pub fn uai_mismatch(expected: Uai, found: &str, is_uai: bool, at: Position) -> FileRefusal {
    let message = if is_uai {
        format!(
            "Ce fichier est celui de l’établissement {found}, alors que vous êtes dans l’espace de l’établissement \
             {expected}. Refaites l’export depuis la base SIECLE de {expected}, ou changez d’espace."
        )
    } else {
        format!(
            "Ce fichier porte « {found} » à la place du code UAI de l’établissement {expected}. Refaites l’export \
             depuis la base SIECLE de {expected}."
        )
    };
    FileRefusal {
        expected_uai: Some(expected),
        found_uai: Some(found.to_owned()),
        ..refuse_at(Code::UaiMismatch, at, message)
    }
}
