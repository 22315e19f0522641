//! No refusal of the reference is out of the journeys' reach.

use std::fs;
use std::path::Path;

/// Refusals whose page has words of its own, and what a journey reads there.
const IN_OTHER_WORDS: [(&str, &str); 9] = [
    // Pupils meet this one, and are spoken to as such.
    (
        "gar_not_configured",
        "L’entrée par le Médiacentre ne marche pas encore ici",
    ),
    // These are whole pages, with what to do next.
    ("account_link_not_found", "Ce lien ne sert plus"),
    ("account_link_expired", "Recevoir un autre lien"),
    ("invitation_not_found", "Je n’ai rien reçu"),
    ("invitation_accepted", "Cette invitation a déjà servi"),
    ("invitation_cancelled", "Cette invitation a été annulée"),
    ("invitation_expired", "Cette invitation n’est plus valable"),
    ("invitation_replaced", "Cherchez le dernier message"),
    // The plan itself, made anew.
    ("plan_stale", "La liste a changé entre-temps"),
];

#[test]
fn a_journey_meets_every_refusal_of_the_reference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let journeys: String = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.ends_with("every_refusal.rs"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let codes: Vec<&str> = include_str!("../../docs/reference/refusals.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
        .map(|(code, _)| code)
        .collect();
    assert!(codes.len() > IN_OTHER_WORDS.len(), "{codes:?}");
    let met = |code: &str| {
        let own = IN_OTHER_WORDS.iter().find(|(known, _)| *known == code);
        own.map_or_else(
            || journeys.contains(&format!("\"{code}\"")),
            |(_, words)| journeys.contains(words),
        )
    };
    let missed: Vec<_> = codes.iter().filter(|code| !met(code)).collect();
    assert!(missed.is_empty(), "no journey meets {missed:?}");
    for (code, _) in IN_OTHER_WORDS {
        assert!(codes.contains(&code), "{code} is no refusal any more");
    }
}
