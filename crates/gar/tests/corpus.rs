//! The corpus of responses, honest and not, against the verdicts written beside them: the gate of each new version of
//! the library that verifies signatures.
#![expect(
    clippy::unwrap_used,
    reason = "this is test code: what fails must say so at once"
)]

#[path = "corpus/reading.rs"]
mod reading;

use pix_orga_domain::pupil::profile::Profile;
use pix_orga_gar::verify::{SignedAssertion, verify};
use reading::{Case, Identity};

/// How many there are, so that none vanishes.
const CASES: usize = 339;

#[test]
fn each_response_meets_its_verdict() {
    let cases = reading::cases();
    assert_eq!(cases.len(), CASES);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let (verdict, identity) = meets(case);
            (verdict != case.verdict || identity != case.identity)
                .then(|| format!("{}: {verdict} and not {}", case.file, case.verdict))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What becomes of it: the verdict, and the identity when accepted.
fn meets(case: &Case) -> (String, Identity) {
    match reading::provider(&case.provider) {
        Err(refusal) => (format!("metadata:{refusal:?}"), Vec::new()),
        Ok(provider) => {
            match verify(
                &provider,
                &case.posted(),
                &reading::expected(),
                reading::now(),
            ) {
                Ok(signed) => ("accepted".to_owned(), identity(&signed)),
                Err(reason) => (reason.code().to_owned(), Vec::new()),
            }
        }
    }
}

/// An accepted identity, as the manifest writes it.
fn identity(signed: &SignedAssertion) -> Identity {
    let who = &signed.identity;
    let profile = match who.profile {
        Some(Profile::Pupil) => "pupil",
        Some(Profile::Teacher) => "teacher",
        Some(_) => "other",
        None => "none",
    };
    vec![
        who.ido.expose().to_owned(),
        who.uais.join("|"),
        profile.to_owned(),
        who.last_name.clone(),
        who.first_name.clone(),
        who.divisions.join("|"),
    ]
}
