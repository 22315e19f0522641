//! The corpus of responses, honest and not, against the verdicts written beside them: the gate of each new version of
//! the library that verifies signatures.
#![expect(
    clippy::unwrap_used,
    reason = "this is test code: what fails must say so at once"
)]

#[path = "corpus/reading.rs"]
mod reading;

/// How many there are, so that none vanishes.
const CASES: usize = 285;

#[test]
fn each_response_meets_its_verdict() {
    let cases = reading::cases();
    assert_eq!(cases.len(), CASES);
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let (verdict, identity) = case.meets();
            (verdict != case.verdict || identity != case.identity)
                .then(|| format!("{}: {verdict} and not {}", case.file, case.verdict))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
