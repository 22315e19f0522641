//! Every code says all it has to, in each of its cases, whichever system the school uses.

use jiff::civil::date;
use pix_orga_domain::roster::cases::Case;
use pix_orga_domain::roster::reading::{
    FileFacts, FileRefusalCode, Reading, RejectionCode, Remark, SetAsideCode, WarningCode,
};
use pix_orga_texts::check::cases::{Wanted, faults};

use super::*;
use crate::check::to_json;
use crate::texts::FILES;

/// Made of the remark's fields, for every text.
const ALSO: [&str; 10] = [
    "who",
    "line",
    "column",
    "source",
    "system",
    "how",
    "expected_uai",
    "found_uai",
    "counts",
    "pupils",
];

/// Each code of a file's readers: what its key starts with, its code and its cases.
fn all() -> Vec<(&'static str, &'static str, &'static [Case])> {
    let aside = SetAsideCode::ALL
        .iter()
        .map(|code| (code.code(), code.cases()));
    let rejected = RejectionCode::ALL
        .iter()
        .map(|code| (code.code(), code.cases()));
    let warned = WarningCode::ALL
        .iter()
        .map(|code| (code.code(), code.cases()));
    let remarks = aside.chain(rejected).chain(warned);
    let refusals = FileRefusalCode::ALL
        .iter()
        .map(|code| (code.code(), code.cases()));
    remarks
        .map(|(code, cases)| ("remark-", code, cases))
        .chain(refusals.map(|(code, cases)| ("refusal-", code, cases)))
        .collect()
}

fn files() -> Vec<(String, String)> {
    FILES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

#[test]
fn every_code_and_each_of_its_cases_has_its_text_with_all_its_values() {
    let wanted: Vec<Wanted<'_>> = all()
        .into_iter()
        .flat_map(|(prefix, code, cases)| {
            cases.iter().map(move |case| Wanted {
                key: format!("{prefix}{code}"),
                case: case.name,
                values: match (prefix, code) {
                    // Said together, as `counts`.
                    ("refusal-", "no_student") if !case.values.is_empty() => vec!["counts"],
                    // With the pupils, when they are known.
                    ("refusal-", "accents_lost") => vec!["count", "pupils", "more"],
                    _ => case.values.to_vec(),
                },
            })
        })
        .collect();
    let faults = faults(&files(), &wanted, &ALSO, &["remark-", "refusal-"]);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_code_of_a_remark_has_its_title_in_the_report() {
    let wanted: Vec<Wanted<'_>> = all()
        .into_iter()
        .filter(|(prefix, _, _)| *prefix == "remark-")
        .map(|(_, code, _)| Wanted {
            key: format!("title-{code}"),
            case: "",
            values: Vec::new(),
        })
        .collect();
    let faults = faults(&files(), &wanted, &[], &["title-"]);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn sentences_name_the_system_of_the_school_and_leave_nothing_unsaid() {
    for (prefix, code, cases) in all() {
        for case in cases {
            for source in RosterSource::ALL {
                let mut values = case
                    .values
                    .iter()
                    .fold(Values::default(), |values, name| values.with(name, 3_u32));
                if !case.name.is_empty() {
                    values = values.with("case", case.name);
                }
                let sentence = match prefix {
                    "remark-" => about(code, &nobody(), &values, *source),
                    _ => refusal_sentence(
                        &FileRefusal {
                            code: *FileRefusalCode::ALL
                                .iter()
                                .find(|known| known.code() == code)
                                .unwrap(),
                            line: Some(1),
                            column: Some(2),
                            values,
                            expected_uai: pix_orga_domain::uai::Uai::parse("0059900J").ok(),
                            found_uai: Some("x".to_owned()),
                            partial: None,
                        },
                        *source,
                    ),
                };
                assert!(sentence.ends_with('.'), "{code}: {sentence}");
                assert!(!sentence.contains(['{', '}', '$']), "{code}: {sentence}");
                let other = RosterSource::ALL.iter().find(|other| *other != source);
                // A wrong export may be one of the other system.
                assert!(
                    code == "wrong_export" || !sentence.contains(other.unwrap().name()),
                    "{code}: {sentence}"
                );
            }
        }
    }
}

fn nobody() -> Who<'static> {
    Who {
        eleve_id: None,
        last_name: None,
        first_name: None,
        division: None,
        line: Some(7),
    }
}

fn remark<C>(code: C, values: Values) -> Remark<C> {
    Remark {
        code,
        line: Some(7),
        eleve_id: Some("2".to_owned()),
        last_name: Some("MARTIN".to_owned()),
        first_name: Some("Léa".to_owned()),
        division: Some("3E 2".to_owned()),
        values,
    }
}

fn said<C: Coded>(remark: &Remark<C>) -> String {
    sentence(remark, RosterSource::Siecle).replace('\u{A0}', " ")
}

#[test]
fn a_pupil_is_named_by_what_is_known() {
    let all = remark(WarningCode::IneMissing, Values::default());
    let rest = " n’a pas encore d’INE : rien à faire, il viendra avec un prochain export.";
    assert_eq!(said(&all), format!("Léa MARTIN (3E 2){rest}"));
    let without = |name: bool, number: bool| Remark {
        last_name: None,
        first_name: all.first_name.clone().filter(|_| name),
        eleve_id: all.eleve_id.clone().filter(|_| number),
        division: None,
        ..all.clone()
    };
    assert_eq!(said(&without(true, true)), format!("Léa{rest}"));
    assert_eq!(said(&without(false, true)), format!("L’élève nº 2{rest}"));
    assert_eq!(
        said(&without(false, false)),
        format!("L’élève de la ligne 7{rest}")
    );
}

#[test]
fn numbers_days_and_lists_are_written_the_french_way() {
    let left = Values::of_case("dated").with("day", date(2025, 9, 1));
    assert_eq!(
        said(&remark(SetAsideCode::Left, left)),
        "Léa MARTIN (3E 2) a quitté l’établissement le 01/09/2025 : rien à faire."
    );
    let lines = |more: u32| {
        Values::default()
            .with("ine", "000000006AB")
            .with("count", 2 + more)
            .with("lines", vec!["7".to_owned(), "8".to_owned()])
            .with("more", more)
    };
    let shared = |more| said(&remark(RejectionCode::IneDuplicate, lines(more)));
    assert!(shared(0).contains("(2 élèves, lignes 7, 8) : corrigez"));
    assert!(shared(1).contains("(3 élèves, lignes 7, 8…) : corrigez"));
}

#[test]
fn a_report_stored_before_there_were_values_keeps_its_sentence() {
    let stored = r#"{"code":"ine_missing","line":7,"eleve_id":"2","last_name":"MARTIN","first_name":null,
        "division":null,"message":"MARTIN n’a pas encore d’INE."}"#;
    let remark: Remark<WarningCode> = serde_json::from_str(stored).unwrap();
    assert_eq!(said(&remark), "MARTIN n’a pas encore d’INE.");
    // Forgetting a pupil writes the report again.
    let again = serde_json::to_string(&remark).unwrap();
    assert_eq!(
        said(&serde_json::from_str::<Remark<WarningCode>>(&again).unwrap()),
        "MARTIN n’a pas encore d’INE."
    );
    let stored = r#"{"code":"wrong_export","line":null,"column":null,"message":"Ce fichier est l’export des parents.",
        "expected_uai":null,"found_uai":null,"partial":null}"#;
    let refusal: FileRefusal = serde_json::from_str(stored).unwrap();
    assert_eq!(
        refusal_sentence(&refusal, RosterSource::Siecle),
        "Ce fichier est l’export des parents."
    );
}

#[test]
fn values_are_stored_and_read_again() {
    let values = Values::of_case("dated")
        .with("day", date(2025, 9, 1))
        .with("count", 3_u32)
        .with("lines", vec!["1".to_owned()]);
    let stored = serde_json::to_string(&remark(SetAsideCode::Left, values.clone())).unwrap();
    let read: Remark<SetAsideCode> = serde_json::from_str(&stored).unwrap();
    assert_eq!(read.values, values);
    assert!(!format!("{values:?}").contains("2025"), "{values:?}");
    let unsaid: Remark<SetAsideCode> = serde_json::from_str(
        r#"{"code":"left","line":null,"eleve_id":null,"last_name":null,"first_name":null,"division":null}"#,
    )
    .unwrap();
    assert_eq!(unsaid.values, Values::default());
}

#[test]
fn a_script_reads_the_lists_of_a_refused_file_for_no_student_alone() {
    let reading = Reading {
        file: FileFacts::default(),
        students: Vec::new(),
        set_aside: vec![remark(SetAsideCode::NoDivision, Values::default())],
        rejected: vec![remark(RejectionCode::AccentsLost, Values::default())],
        warnings: vec![remark(WarningCode::IneMissing, Values::default())],
        withheld: Vec::new(),
        source: RosterSource::Siecle,
    };
    for code in FileRefusalCode::ALL {
        let refused = Err(FileRefusal {
            code: *code,
            line: None,
            column: None,
            values: Values::default(),
            expected_uai: None,
            found_uai: None,
            partial: Some(Box::new(reading.clone())),
        });
        let answer = serde_json::to_value(to_json(&refused, RosterSource::Siecle)).unwrap();
        let listed = usize::from(*code == FileRefusalCode::NoStudent);
        for list in ["set_aside", "rejected", "warnings"] {
            let found = answer[list].as_array().map(Vec::len);
            assert_eq!(found, Some(listed), "{list} of {}", code.code());
        }
    }
}
