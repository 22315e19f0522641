//! What keeps a pupil from being imported as written. One entry for each fault.

use jiff::civil::{Date, date};
use pix_orga_domain::roster::reading::{RejectionCode as Code, Remark};
use pix_orga_domain::roster::values::Values;

use super::duplicates::Duplicates;
use super::{Day, Number, Pupil, Rules};

/// Nobody at school was born before.
const FIRST_BIRTHDATE: Date = date(1900, 1, 1);

/// Adds the faults of a pupil, in the order of the codes.
pub fn of_pupil(
    pupil: &Pupil<'_>,
    rules: Rules,
    duplicates: &Duplicates<'_>,
    on: Date,
    rejected: &mut Vec<Remark<Code>>,
) {
    let mut reject = |code, values| rejected.push(pupil.remark(code, values));
    if let Some(shape) = &pupil.misshapen {
        // What else is wrong follows from it.
        reject(Code::RowShape, shape.clone());
        return;
    }
    match &pupil.eleve_id {
        Some(_) if rules.number_is_ine && matches!(pupil.ine, Number::Known(_)) => {}
        None => reject(Code::EleveIdMissing, Values::default()),
        Some(id) => {
            if let Some(shared) = duplicates.of_id(id) {
                reject(Code::EleveIdDuplicate, shared);
            }
        }
    }
    if let Number::Known(ine) = &pupil.ine
        && let Some(shared) = duplicates.of_ine(ine.as_str())
    {
        reject(Code::IneDuplicate, shared.with("ine", ine.as_str()));
    }
    if pupil.last_name.is_none() {
        reject(Code::LastNameMissing, Values::default());
    }
    if pupil.first_name.is_none() {
        reject(Code::FirstNameMissing, Values::default());
    }
    match &pupil.birthdate {
        Day::Missing => reject(Code::BirthdateMissing, Values::default()),
        Day::Unreadable(raw) => reject(
            Code::BirthdateInvalid,
            Values::of_case("unreadable").with("written", raw.as_str()),
        ),
        Day::MonthFirst(raw) => reject(
            Code::BirthdateInvalid,
            Values::of_case("month_first").with("written", raw.as_str()),
        ),
        Day::On(written) if written.day > on => reject(
            Code::BirthdateInvalid,
            Values::of_case("future").with("day", written.day),
        ),
        Day::On(written) if written.day < FIRST_BIRTHDATE => reject(
            Code::BirthdateInvalid,
            Values::of_case("too_old").with("day", written.day),
        ),
        Day::On(_) => {}
    }
}
