//! What was understood of a pupil, but should be known.

use pix_orga_domain::roster::reading::{Remark, WarningCode as Code};
use pix_orga_domain::roster::values::Values;

use super::{Class, Day, Number, Pupil, Rules};
use crate::text::quoted;

/// Adds the warnings of a pupil who is to be imported, in the order of the codes.
pub fn of_pupil(pupil: &Pupil<'_>, rules: Rules, warnings: &mut Vec<Remark<Code>>) {
    if pupil.misshapen.is_some() {
        return;
    }
    let mut warn = |code, values| warnings.push(pupil.remark(code, values));
    match &pupil.ine {
        Number::Known(_) => {}
        Number::Missing { .. } if rules.number_is_ine => {}
        Number::Missing { elsewhere: None } => {
            warn(Code::IneMissing, Values::of_case("none"));
        }
        Number::Missing {
            elsewhere: Some(field),
        } => warn(
            Code::IneMissing,
            Values::of_case("elsewhere").with("field", *field),
        ),
        Number::Shapeless(raw) => warn(
            Code::IneShape,
            Values::default().with("written", raw.as_str()),
        ),
    }
    if rules.says_sex && pupil.sex.is_none() {
        warn(Code::SexUnknown, Values::default());
    }
    of_leave_date(pupil, warnings);
    if pupil.has_leave_reason && matches!(pupil.leave, Day::Missing) {
        warnings.push(pupil.remark(Code::LeaveDateMissing, Values::default()));
    }
    if let Class::In(kept, several) = &pupil.class
        && !several.is_empty()
    {
        let values = Values::default()
            .with("divisions", several.clone())
            .with("kept", quoted(kept));
        warnings.push(pupil.remark(Code::SeveralDivisions, values));
    }
    for repair in &pupil.repairs {
        let values = Values::default()
            .with("damaged", repair.damaged.as_str())
            .with("sound", repair.sound.as_str());
        warnings.push(pupil.remark(Code::NameRepaired, values));
    }
}

/// Adds the warning of a leave date that is not a day.
pub fn of_leave_date(pupil: &Pupil<'_>, warnings: &mut Vec<Remark<Code>>) {
    if let Day::Unreadable(raw) | Day::MonthFirst(raw) = &pupil.leave {
        let values = Values::default().with("written", raw.as_str());
        warnings.push(pupil.remark(Code::LeaveDateUnreadable, values));
    }
}
