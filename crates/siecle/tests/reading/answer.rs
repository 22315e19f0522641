//! The answer of `roster check`: its JSON is a contract, its text is for people.

use pix_orga_domain::roster::source::RosterSource::Siecle;
use pix_orga_remarks::check::{to_json, to_text};

use crate::fixture::*;

fn json(bytes: &[u8]) -> String {
    serde_json::to_string_pretty(&to_json(&reading(bytes), Siecle)).unwrap()
}

#[test]
fn an_accepted_file() {
    let file = with(
        &[
            &eleve(2, "<DATE_SORTIE>01/09/2025</DATE_SORTIE>"),
            &eleve(3, "<PRENOM>Zoé</PRENOM>"),
        ],
        &in_division(3, "3B"),
    );
    let shown = json(file.as_bytes());
    let expected = r#"{
  "accepted": true,
  "refusal": null,
  "file": {
    "uai": "0810004P",
    "school_year": 2025,
    "exported_on": "2025-09-12",
    "encoding": "UTF-8",
    "version": "2.1"
  },
  "students": [
    {
      "eleve_id": "1",
      "ine": "000000001AB",
      "last_name": "MARTIN",
      "usage_name": null,
      "first_name": "Léa",
      "other_first_names": [],
      "birthdate": "2012-02-01",
      "sex": "F",
      "division": "3A",
      "mef": null,
      "leaves_on": null,
      "line": 6
    }
  ],
  "set_aside": [
    {
      "code": "left",
      "line": 7,
      "eleve_id": "2",
      "last_name": null,
      "first_name": null,
      "division": null,
      "message": "L’élève nº 2 a quitté l’établissement le 01/09/2025 : rien à faire."
    }
  ],
  "rejected": ["#;
    assert!(shown.starts_with(expected), "{shown}");
    let codes: Vec<&str> = shown
        .lines()
        .filter_map(|line| line.trim().strip_prefix("\"code\": "))
        .collect();
    assert_eq!(
        codes,
        [
            "\"left\",",
            "\"last_name_missing\",",
            "\"birthdate_missing\",",
            "\"ine_missing\",",
            "\"sex_unknown\","
        ]
    );
}

#[test]
fn a_refused_file() {
    let value: serde_json::Value = serde_json::from_str(&json(b"")).unwrap();
    assert_eq!(value["accepted"], false);
    assert_eq!(value["refusal"]["code"], "empty_file");
    assert!(value["refusal"]["line"].is_null() && value["refusal"]["column"].is_null());
    assert!(value["refusal"].get("expected_uai").is_none());
    assert!(value["file"]["uai"].is_null() && value["file"]["encoding"].is_null());
    for list in ["students", "set_aside", "rejected", "warnings"] {
        assert_eq!(value[list], serde_json::json!([]));
    }
    let other = minimal().replace("0810004P", "0130001F");
    let shown = json(other.as_bytes());
    assert!(
        shown.contains("\"expected_uai\": \"0810004P\",\n    \"found_uai\": \"0130001F\""),
        "{shown}"
    );
}

#[test]
fn nobody_keeps_the_lists() {
    let file = file_of(PARAMETERS, &eleve(1, &sound(1)), "");
    let value: serde_json::Value = serde_json::from_str(&json(file.as_bytes())).unwrap();
    assert_eq!(value["refusal"]["code"], "no_student");
    assert_eq!(value["set_aside"][0]["code"], "no_division");
    assert_eq!(value["file"]["uai"], UAI);
}

#[test]
fn the_report_counts_groups_and_says_what_next() {
    let file = with(
        &[
            &eleve(2, "<DATE_SORTIE>01/09/2025</DATE_SORTIE>"),
            &eleve(3, "<PRENOM>Zoé</PRENOM>"),
        ],
        &in_division(3, "3B"),
    );
    let shown = to_text(&reading(file.as_bytes()), Siecle);
    for part in [
        "Fichier accepté.",
        "Établissement : 0810004P",
        "1 élève à importer",
        "1 élève à corriger",
        "À corriger, sans nom de famille (last_name_missing) : 1\n  ligne 8 : Zoé (3B)",
        "Laissés de côté, partis (left) : 1",
        "importez un nouvel export",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
    let shown = to_text(&reading(b"<a"), Siecle);
    assert!(
        shown.starts_with("Fichier refusé (malformed_xml).\n"),
        "{shown}"
    );
    let crowd: String = (10..80).map(|n| eleve(n, &sound(n))).collect();
    let shown = to_text(&reading(with(&[&crowd], "").as_bytes()), Siecle);
    assert!(shown.contains("… et 20 de plus"), "{shown}");
}
