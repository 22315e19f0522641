//! What keeps a pupil from being imported as written. One entry for each fault.

use jiff::civil::{Date, date};
use pix_orga_domain::roster::reading::{RejectionCode as Code, Remark};

use super::duplicates::Duplicates;
use super::words::{self, Who};
use super::{Day, Number, Pupil};
use crate::text::french;

/// Nobody at school was born before.
const FIRST_BIRTHDATE: Date = date(1900, 1, 1);

/// Adds the faults of a pupil, in the order of the codes.
pub fn of_pupil(
    pupil: &Pupil<'_>,
    duplicates: &Duplicates<'_>,
    on: Date,
    rejected: &mut Vec<Remark<Code>>,
) {
    let who = words::who(pupil);
    let mut reject = |code, message| rejected.push(pupil.remark(code, message));
    match &pupil.eleve_id {
        None => reject(
            Code::EleveIdMissing,
            format!(
                "{who} n’a pas de numéro interne (ELEVE_ID), on ne peut donc pas connaître sa classe : refaites \
                 l’export dans SIECLE."
            ),
        ),
        Some(id) => {
            if let Some(shared) = duplicates.of_id(id) {
                let message = format!(
                    "{who} a le même numéro interne (ELEVE_ID) qu’un autre élève ({shared}) : refaites l’export \
                     dans SIECLE."
                );
                reject(Code::EleveIdDuplicate, message);
            }
        }
    }
    if let Number::Known(ine) = &pupil.ine
        && let Some(shared) = duplicates.of_ine(ine.as_str())
    {
        let message = format!(
            "{who} a le même INE ({}) qu’un autre élève ({shared}) : corrigez l’INE dans SIECLE, puis refaites \
             l’export.",
            ine.as_str()
        );
        reject(Code::IneDuplicate, message);
    }
    if pupil.last_name.is_none() {
        reject(Code::LastNameMissing, missing(&who, "de nom de famille"));
    }
    if pupil.first_name.is_none() {
        reject(Code::FirstNameMissing, missing(&who, "de prénom"));
    }
    match &pupil.birthdate {
        Day::Missing => reject(
            Code::BirthdateMissing,
            missing(&who, "de date de naissance"),
        ),
        Day::Unreadable(raw) => reject(
            Code::BirthdateInvalid,
            invalid(&who, raw, "ce n’est pas un jour écrit jj/mm/aaaa"),
        ),
        Day::On(day) if *day > on => reject(
            Code::BirthdateInvalid,
            invalid(&who, &french(*day), "ce jour est à venir"),
        ),
        Day::On(day) if *day < FIRST_BIRTHDATE => reject(
            Code::BirthdateInvalid,
            invalid(&who, &french(*day), "ce jour est avant 1900"),
        ),
        Day::On(_) => {}
    }
}

fn missing(who: &Who<'_>, what: &str) -> String {
    format!("{who} n’a pas {what} : complétez sa fiche dans SIECLE, puis refaites l’export.")
}

fn invalid(who: &Who<'_>, raw: &str, why: &str) -> String {
    format!(
        "{who} a pour date de naissance « {raw} » ({why}) : corrigez sa fiche dans SIECLE, puis refaites l’export."
    )
}
