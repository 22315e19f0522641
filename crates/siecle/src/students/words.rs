//! How a pupil is named in a message.

use std::fmt;

use pix_orga_domain::roster::reading::SetAsideCode;

use super::{Day, Pupil};
use crate::text::{french, quoted};

/// A pupil as named in a message: « Léa MARTIN (3E 2) », or what is known. Written only when a message needs it.
pub struct Who<'p>(&'p Pupil<'p>);

/// How to name a pupil.
pub fn who<'p>(pupil: &'p Pupil<'p>) -> Who<'p> {
    Who(pupil)
}

impl fmt::Display for Who<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(pupil) = self;
        match (&pupil.first_name, &pupil.last_name, &pupil.eleve_id) {
            (Some(first), Some(last), _) => write!(f, "{} {}", quoted(first), quoted(last)),
            (Some(name), None, _) | (None, Some(name), _) => f.write_str(&quoted(name)),
            (None, None, Some(id)) => write!(f, "L’élève nº {}", quoted(id)),
            (None, None, None) => write!(f, "L’élève de la ligne {}", pupil.line),
        }?;
        match pupil.division() {
            Some(division) => write!(f, " ({})", quoted(division)),
            None => Ok(()),
        }
    }
}

/// Why a pupil is set aside.
pub fn set_aside(pupil: &Pupil<'_>, code: SetAsideCode) -> String {
    let who = who(pupil);
    match (code, &pupil.leave) {
        (SetAsideCode::Left, Day::On(leave)) => {
            format!(
                "{who} a quitté l’établissement le {} : rien à faire.",
                french(*leave)
            )
        }
        (SetAsideCode::Left, _) => format!("{who} a quitté l’établissement : rien à faire."),
        (SetAsideCode::NoDivision, _) => format!(
            "{who} n’a pas de classe dans SIECLE : si c’est un oubli, saisissez-la et refaites l’export le lendemain."
        ),
        (SetAsideCode::Inactive, _) => {
            format!(
                "{who} est en division « Inactifs », donc absent de l’établissement : rien à faire."
            )
        }
    }
}
