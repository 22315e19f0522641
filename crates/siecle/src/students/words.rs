//! How a pupil is named in a message.

use pix_orga_domain::roster::reading::SetAsideCode;

use super::{Day, Pupil};
use crate::text::{french, quoted};

/// « Léa MARTIN (3E 2) », or what is known.
pub fn who(pupil: &Pupil<'_>) -> String {
    let names: Vec<String> = [&pupil.first_name, &pupil.last_name]
        .into_iter()
        .flatten()
        .map(|name| quoted(name))
        .collect();
    let name = match (names.is_empty(), &pupil.eleve_id) {
        (false, _) => names.join(" "),
        (true, Some(id)) => format!("L'élève nº {}", quoted(id)),
        (true, None) => format!("L'élève de la ligne {}", pupil.line),
    };
    match pupil.division() {
        Some(division) => format!("{name} ({})", quoted(division)),
        None => name,
    }
}

/// Why a pupil is set aside.
pub fn set_aside(pupil: &Pupil<'_>, code: SetAsideCode) -> String {
    let who = who(pupil);
    match (code, &pupil.leave) {
        (SetAsideCode::Left, Day::On(leave)) => {
            format!(
                "{who} a quitté l'établissement le {} : rien à faire.",
                french(*leave)
            )
        }
        (SetAsideCode::Left, _) => format!("{who} a quitté l'établissement : rien à faire."),
        (SetAsideCode::NoDivision, _) => format!(
            "{who} n'a pas de classe dans SIECLE : si c'est un oubli, saisissez-la et refaites l'export le lendemain."
        ),
        (SetAsideCode::Inactive, _) => {
            format!(
                "{who} est en division « Inactifs », donc absent de l'établissement : rien à faire."
            )
        }
    }
}
