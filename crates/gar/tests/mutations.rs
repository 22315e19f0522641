//! Honest responses cut, moved and sewn by the thousand: whatever comes in, nobody comes out but somebody whom the
//! provider signed, whole.
#![expect(
    clippy::unwrap_used,
    reason = "this is test code: what fails must say so at once"
)]

#[path = "corpus/reading.rs"]
mod reading;
#[path = "mutations/surgery.rs"]
mod surgery;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pix_orga_gar::metadata::IdentityProvider;
use pix_orga_gar::verify::{SignedAssertion, verify};
use surgery::{Draw, mutate};

/// How many responses are made, when the variable does not say.
const RESPONSES: u64 = 3_000;
/// Says how many.
const VARIABLE: &str = "PIX_ORGA_TEST_MUTATIONS";
/// Changes made to one response, at most.
const CHANGES_MAX: usize = 3;
/// Of all responses, the share that must still be accepted, or refused by the signature alone: one in so many. Were
/// they fewer, the gate would hide what stands behind it.
const REACHED_MIN: u64 = 100;

/// An honest response, and what comes out of it.
struct Honest {
    text: String,
    signed: SignedAssertion,
}

#[test]
fn a_mutated_response_gives_an_identity_signed_whole_or_none() {
    let provider = reading::provider("one-key").unwrap();
    let honest = honest(&provider);
    let responses = std::env::var(VARIABLE).map_or(RESPONSES, |said| said.parse().unwrap());
    let mut met: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in 0..responses {
        let mut draw = Draw::new(seed);
        let (one, other) = (draw.of(&honest), draw.of(&honest));
        let text = changed(one, other, &mut draw);
        let posted = STANDARD.encode(&text);
        let verdict = match verify(&provider, &posted, &reading::expected(), reading::now()) {
            Ok(signed) => {
                assert!(
                    signed == one.signed || signed == other.signed,
                    "response {seed} gives somebody whom nobody signed:\n{text}"
                );
                "accepted"
            }
            Err(reason) => reason.code(),
        };
        *met.entry(verdict).or_default() += 1;
    }
    println!("{met:#?}");
    for reached in ["accepted", "signature_invalid"] {
        let times = met.get(reached).copied().unwrap_or_default();
        assert!(times >= responses / REACHED_MIN, "{reached}: {met:#?}");
    }
}

/// The corpus's honest responses, signed by the first key.
fn honest(provider: &IdentityProvider) -> Vec<Honest> {
    let cases = reading::cases();
    let honest = cases.iter().filter(|case| {
        let is_honest = case.file.starts_with("honest/") && case.verdict == "accepted";
        is_honest && case.provider == "one-key" && !case.identity.is_empty()
    });
    honest
        .map(|case| {
            let posted = case.posted();
            let text = String::from_utf8(STANDARD.decode(&posted).unwrap()).unwrap();
            let signed = verify(provider, &posted, &reading::expected(), reading::now());
            Honest {
                text,
                signed: signed.unwrap(),
            }
        })
        .collect()
}

fn changed(one: &Honest, other: &Honest, draw: &mut Draw) -> String {
    let mut text = one.text.clone();
    for _ in 0..=draw.below(CHANGES_MAX) {
        text = mutate(&text, &other.text, draw);
    }
    text
}

/// Kept by `cargo xtask fuzz`: none is an answer of the corpus.
#[test]
fn answers_that_an_engine_made_give_nobody() {
    let provider = reading::provider("one-key").unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzzed");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        let posted = STANDARD.encode(&bytes);
        let verdict = verify(&provider, &posted, &reading::expected(), reading::now());
        assert!(verdict.is_err(), "{}", path.display());
        files += 1;
    }
    assert!(files > 0, "none is left");
}
