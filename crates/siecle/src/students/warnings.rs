//! What was understood of a pupil, but should be known.

use pix_orga_domain::roster::reading::{Remark, WarningCode as Code};

use super::{Day, Number, Pupil, words};
use crate::text::quoted;

/// Adds the warnings of a pupil who is to be imported, in the order of the codes.
pub fn of_pupil(pupil: &Pupil<'_>, warnings: &mut Vec<Remark<Code>>) {
    let who = words::who(pupil);
    let mut warn = |code, message| warnings.push(pupil.remark(code, message));
    match &pupil.ine {
        Number::Known(_) => {}
        Number::Missing => warn(
            Code::IneMissing,
            format!(
                "{who} n’a pas encore d’INE : rien à faire, il viendra avec un prochain export."
            ),
        ),
        Number::Shapeless(raw) => warn(
            Code::IneShape,
            format!(
                "{who} a un INE mal formé (« {raw} »), qui n’a pas été gardé : vérifiez sa fiche dans SIECLE."
            ),
        ),
    }
    if pupil.sex.is_none() {
        warn(
            Code::SexUnknown,
            format!(
                "{who} n’a pas de sexe connu (CODE_SEXE 1 ou 2) : vérifiez sa fiche dans SIECLE."
            ),
        );
    }
    of_leave_date(pupil, warnings);
    if let Some((divisions, kept)) = pupil
        .divisions
        .and_then(|all| Some((all.several()?, all.shown()?)))
    {
        let names: Vec<String> = divisions.iter().map(|name| quoted(name)).collect();
        let message = format!(
            "{who} a plusieurs classes ({}) : {} est gardée. Vérifiez sa classe dans SIECLE.",
            names.join(", "),
            quoted(kept)
        );
        warnings.push(pupil.remark(Code::SeveralDivisions, message));
    }
    for repair in &pupil.repairs {
        let message = format!(
            "{who} : le nom abîmé « {} » a été lu « {} ». Vérifiez-le, et corrigez-le dans SIECLE s’il y est abîmé \
             aussi.",
            repair.damaged, repair.sound
        );
        warnings.push(pupil.remark(Code::NameRepaired, message));
    }
}

/// Adds the warning of a leave date that is not a day.
pub fn of_leave_date(pupil: &Pupil<'_>, warnings: &mut Vec<Remark<Code>>) {
    if let Day::Unreadable(raw) = &pupil.leave {
        let message = format!(
            "{} a une date de sortie illisible (« {raw} »), qui n’a pas été prise en compte : vérifiez sa fiche dans \
             SIECLE.",
            words::who(pupil)
        );
        warnings.push(pupil.remark(Code::LeaveDateUnreadable, message));
    }
}
