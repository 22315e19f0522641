//! Samples of forgotten passwords and of proving an address.

use super::{ConfirmPage, ForgottenPage, ResetPage};
use crate::samples::{AWKWARD, Sample, errors, public_page};

/// Every state of the three pages.
pub fn samples() -> Vec<Sample> {
    let forgotten = |errors, sent| ForgottenPage {
        page: public_page(),
        errors,
        email: AWKWARD.to_owned(),
        sent,
    };
    let reset = |errors, usable| ResetPage {
        page: public_page(),
        errors,
        action: "/mot-de-passe/jeton".to_owned(),
        usable,
    };
    let confirm = |usable| ConfirmPage {
        page: public_page(),
        action: "/confirmer/jeton".to_owned(),
        usable,
    };
    let forgotten_template = "pages/password_forgotten.html";
    let reset_template = "pages/password_reset.html";
    let confirm_template = "pages/email_confirm.html";
    vec![
        Sample::new(forgotten_template, "fresh", &forgotten(errors(&[]), false)),
        Sample::new(
            forgotten_template,
            "refused",
            &forgotten(errors(&["email"]), false),
        ),
        Sample::new(forgotten_template, "sent", &forgotten(errors(&[]), true)),
        Sample::new(reset_template, "fresh", &reset(errors(&[]), true)),
        Sample::new(
            reset_template,
            "refused",
            &reset(errors(&["password"]), true),
        ),
        Sample::new(reset_template, "over", &reset(errors(&[]), false)),
        Sample::new(confirm_template, "usable", &confirm(true)),
        Sample::new(confirm_template, "over", &confirm(false)),
    ]
}
