//! Files that cannot be read, in words.

use std::io::{Error, ErrorKind};
use std::path::Path;

/// Why a file cannot be read, and what to do about it.
pub fn unreadable(file: &Path, cause: &Error) -> String {
    format!(
        "le fichier {} ne peut pas être lu : {}",
        file.display(),
        why(cause)
    )
}

/// The reason alone, as a sentence ends.
pub fn why(cause: &Error) -> String {
    match cause.kind() {
        ErrorKind::NotFound => "il n’existe pas, ou son dossier n’existe pas.".to_owned(),
        ErrorKind::PermissionDenied => "l’utilisateur qui lance cette commande n’y a pas droit. Lancez-la au nom de \
                                        l’utilisateur du service (runuser -u pix-orga -- …), ou donnez-lui ce droit."
            .to_owned(),
        ErrorKind::IsADirectory => "c’est un dossier ; il faut un fichier.".to_owned(),
        ErrorKind::NotADirectory => "une partie de son chemin est un fichier, et non un dossier.".to_owned(),
        ErrorKind::InvalidData => "ce n’est pas du texte en UTF-8.".to_owned(),
        _ => format!("{cause}."),
    }
}
