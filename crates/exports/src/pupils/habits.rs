//! What a file's way of writing dates says to the person who sent it: once, whatever the number of pupils.

use pix_orga_domain::roster::reading::{Remark, WarningCode};
use pix_orga_domain::roster::values::Values;

use crate::dates::Habits;

/// Adds what there is to say.
pub fn warn(habits: &Habits, warnings: &mut Vec<Remark<WarningCode>>) {
    let mut warn = |line, values| {
        warnings.push(Remark {
            code: WarningCode::DatesRewritten,
            line: Some(line),
            eleve_id: None,
            last_name: None,
            first_name: None,
            division: None,
            values,
        });
    };
    if habits.month_first() {
        let seen = &habits.month_first;
        let values = Values::of_case("month_first").with("count", seen.count);
        warn(seen.line, values);
    }
    if habits.otherwise.count > 0 {
        let seen = &habits.otherwise;
        let values = Values::of_case("read")
            .with("count", seen.count)
            .with("form", seen.form);
        warn(seen.line, values);
    }
    if habits.unreadable.count > 0 {
        let seen = &habits.unreadable;
        let values = Values::of_case("unreadable").with("count", seen.count);
        warn(seen.line, values);
    }
}
