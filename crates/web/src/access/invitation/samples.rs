//! Samples of an invitation in each of its states.

use super::{AccountPage, EndedPage, NothingReceivedPage, PendingPage};
use crate::access::terms::samples::{document, school};
use crate::samples::{AWKWARD, Sample, errors, public_page};
use crate::views::FormErrors;

/// Every state of the four pages.
pub fn samples() -> Vec<Sample> {
    let mut samples = vec![
        Sample::new(
            "pages/invitation/pending.html",
            "school",
            &pending(true, ""),
        ),
        Sample::new(
            "pages/invitation/pending.html",
            "member",
            &pending(false, AWKWARD),
        ),
    ];
    for state in ["accepted", "cancelled", "expired", "replaced", "not_found"] {
        for (establishment, known) in [(true, true), (false, true), (false, false)] {
            let page = ended(state, establishment, known);
            samples.push(Sample::new("pages/invitation/ended.html", state, &page));
        }
    }
    let template = "pages/invitation/account.html";
    let created = ["first_name", "last_name", "email", "password", "accept"];
    for (state, errors, signing_in) in [
        ("fresh", errors(&[]), false),
        ("refused", errors(&created), false),
        (
            "signing in",
            errors(&["known_email", "known_password"]),
            true,
        ),
    ] {
        samples.push(Sample::new(template, state, &account(errors, signing_in)));
    }
    let template = "pages/nothing_received.html";
    for (state, errors, sent) in [
        ("fresh", errors(&[]), false),
        ("refused", errors(&["uai"]), false),
        ("sent", errors(&[]), true),
    ] {
        let page = NothingReceivedPage {
            page: public_page(),
            errors,
            uai: AWKWARD.to_owned(),
            sent,
        };
        samples.push(Sample::new(template, state, &page));
    }
    samples
}

fn pending(establishment: bool, signed_in_as: &str) -> PendingPage {
    PendingPage {
        page: public_page(),
        school: school(),
        mother: establishment.then(school),
        establishment,
        role: "membre".to_owned(),
        inviter: AWKWARD.to_owned(),
        sent_to: AWKWARD.to_owned(),
        expires_on: "24 décembre 2026".to_owned(),
        signed_in_as: signed_in_as.to_owned(),
        action: "/invitation/jeton".to_owned(),
    }
}

fn ended(state: &str, establishment: bool, known: bool) -> EndedPage {
    EndedPage {
        page: public_page(),
        state: state.to_owned(),
        establishment,
        school: known.then(school),
        inviter: if known {
            AWKWARD.to_owned()
        } else {
            String::new()
        },
        resend_action: (establishment && state == "expired")
            .then(|| "/invitation/jeton/nouveau-lien".to_owned()),
    }
}

fn account(errors: FormErrors, signing_in: bool) -> AccountPage {
    AccountPage {
        page: public_page(),
        errors,
        first_name: AWKWARD.to_owned(),
        last_name: AWKWARD.to_owned(),
        email: AWKWARD.to_owned(),
        known_email: AWKWARD.to_owned(),
        school: school(),
        create_action: "/invitation/jeton/compte".to_owned(),
        sign_in_action: "/invitation/jeton/connexion".to_owned(),
        terms: document(),
        signing_in,
    }
}
