//! What is said of a SIECLE file, whole or pupil by pupil: the same code by the command and by the page, with words
//! that say what to do.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::collections::BTreeSet;
use std::fs;

use journeys::demo::run;
use journeys::export::{Export, UAI, compressed_by, locked, sound, zip_of};
use journeys::page::readable;
use journeys::people::Head;
use journeys::{Demo, Page};
use pix_orga_demo::siecle::WrongFile;
use pix_orga_domain::roster::reading::{FileRefusalCode, RejectionCode, SetAsideCode, WarningCode};
use serde_json::Value;

/// What `roster check` says of a file, and whether it exits as accepted.
async fn checked(bytes: &[u8]) -> (bool, Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    fs::write(&path, bytes).unwrap();
    let path = path.display().to_string();
    let command = ["roster", "check", &path, "--uai", UAI, "--format", "json"];
    let (code, out, err) = run(&command, &[]).await;
    assert!(code == 0 || code == 1, "{code}: {err}");
    (code == 0, serde_json::from_str(&out).unwrap())
}

/// A whole file that is refused: its code, the heading of the page, and what it says to do.
type Refused = (&'static str, Vec<u8>, &'static str, &'static str);

const EXPORT_AGAIN: &str = "Refaites l’export dans SIECLE";
const HOW_TO_EXPORT: &str =
    "Dans SIECLE, ouvrez « Exportations », « En XML », « Élèves sans adresse »";

fn archives(good: &[u8], truncated: Vec<u8>) -> Vec<Refused> {
    let member = |bytes| zip_of(&[("ElevesSansAdresses.xml", bytes)]);
    vec![
        (
            "zip_unreadable",
            truncated,
            "Cette archive est abîmée",
            EXPORT_AGAIN,
        ),
        (
            "zip_method_unsupported",
            compressed_by(member(good), 12),
            "Cette archive est compressée autrement",
            "bzip2",
        ),
        (
            "zip_encrypted",
            locked(member(good)),
            "Cette archive est protégée par un mot de passe",
            "sans mot de passe",
        ),
        (
            "zip_without_roster",
            zip_of(&[("notes.txt", b"rien")]),
            "Cette archive ne contient pas la liste des élèves",
            HOW_TO_EXPORT,
        ),
        (
            "zip_ambiguous",
            zip_of(&[("a.xml", good), ("b.xml", &[good, b" "].concat())]),
            "Cette archive contient plusieurs listes",
            "Déposez une seule",
        ),
        (
            "not_siecle",
            zip_of(&[
                ("[Content_Types].xml", b"<Types/>"),
                ("xl/workbook.xml", b"<workbook/>"),
            ]),
            "Ce n’est pas un export de SIECLE",
            "un classeur",
        ),
        (
            "wrong_export",
            member(b"<BEE_STRUCTURES/>"),
            "Ce n’est pas le bon export",
            "l’export des structures",
        ),
        (
            "malformed_xml",
            member(&good[..good.len() / 2]),
            "Ce fichier est abîmé",
            "refaites l’export dans SIECLE",
        ),
    ]
}

fn texts(good: &str) -> Vec<Refused> {
    let xml = |text: &str| text.as_bytes().to_vec();
    vec![
        (
            "empty_file",
            b" \r\n ".to_vec(),
            "Ce fichier est vide",
            HOW_TO_EXPORT,
        ),
        (
            "unsupported_encoding",
            xml(&good.replacen("UTF-8", "klingon", 1)),
            "Ce fichier ne peut pas être importé",
            EXPORT_AGAIN,
        ),
        (
            "doctype_forbidden",
            xml(&good.replacen("<BEE_ELEVES", "<!DOCTYPE BEE_ELEVES>\n<BEE_ELEVES", 1)),
            "Ce fichier ne peut pas être importé",
            HOW_TO_EXPORT,
        ),
        (
            "malformed_xml",
            xml(&good.replacen("</ELEVES>", "", 1)),
            "Ce fichier est abîmé",
            EXPORT_AGAIN,
        ),
        (
            "uai_missing",
            xml(&good.replacen(UAI, " ", 1)),
            "Ce fichier ne dit pas de quel établissement il vient",
            HOW_TO_EXPORT,
        ),
        (
            "uai_mismatch",
            xml(&good.replacen(UAI, "BONJOUR", 1)),
            "Ce fichier vient d’un autre établissement",
            "« BONJOUR »",
        ),
        (
            "accents_lost",
            xml(&good.replacen("Zoé", "Zo\u{FFFD}", 1)),
            "Les accents de ce fichier sont perdus",
            "Zo\u{FFFD} SEUL (6A), ligne",
        ),
        (
            "no_student",
            Export::default()
                .with("1", "", &sound("000000001AB", "SEUL", "Zoé"))
                .bytes(),
            "Ce fichier ne contient aucun élève à importer",
            "n’arrivent dans l’export que le lendemain",
        ),
    ]
}

/// What the demo gives as wrong files, with what is said of each.
const SENT_BY_MISTAKE: [(WrongFile, &str, &str, &str); 7] = [
    (
        WrongFile::OtherSchool,
        "uai_mismatch",
        "Ce fichier vient d’un autre établissement",
        "ou changez d’espace",
    ),
    (
        WrongFile::Parents,
        "wrong_export",
        "Ce n’est pas le bon export",
        HOW_TO_EXPORT,
    ),
    (
        WrongFile::ClassList,
        "wrong_export",
        "Ce n’est pas le bon export",
        "la liste des élèves par division",
    ),
    (
        WrongFile::LostAccents,
        "accents_lost",
        "Les accents de ce fichier sont perdus",
        EXPORT_AGAIN,
    ),
    (
        WrongFile::ArchiveWithin,
        "zip_without_roster",
        "Cette archive ne contient pas la liste des élèves",
        "contient une autre archive",
    ),
    (
        WrongFile::WebPage,
        "not_siecle",
        "Ce n’est pas un export de SIECLE",
        HOW_TO_EXPORT,
    ),
    (
        WrongFile::Blanks,
        "too_large",
        "Ce fichier est trop volumineux",
        "Vérifiez qu’il s’agit bien de l’export",
    ),
];

#[tokio::test]
async fn every_refusal_of_a_file_is_told_with_what_to_do() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let good = Export::default()
        .with("1", "6A", &sound("000000001AB", "SEUL", "Zoé"))
        .bytes();
    let made = |wrong: WrongFile| {
        let path = format!("/demo/fichiers/{}", wrong.slug());
        let browser = demo.browser();
        async move { browser.download(&path).await }
    };
    let truncated = made(WrongFile::TruncatedZip).await;
    let mut files = archives(&good, truncated);
    files.extend(texts(std::str::from_utf8(&good).unwrap()));
    for (wrong, code, heading, said) in SENT_BY_MISTAKE {
        files.push((code, made(wrong).await, heading, said));
    }
    let mut reached = BTreeSet::new();
    for (code, bytes, heading, said) in files {
        let (accepted, json) = checked(&bytes).await;
        assert!(!accepted, "{code}");
        assert_eq!(json["refusal"]["code"], code);
        let page = head.import("export", bytes).await;
        page.must_say(heading)
            .must_say(said)
            .must_say(json["refusal"]["message"].as_str().unwrap())
            .must_say("Rien n’a changé dans votre liste");
        reached.insert(code);
    }
    let all: BTreeSet<_> = FileRefusalCode::ALL
        .iter()
        .map(|code| code.code())
        // A CSV alone has them: `fregata.rs`.
        .filter(|code| !["columns_missing", "malformed_csv"].contains(code))
        .collect();
    assert_eq!(reached, all);
    head.at("/eleves")
        .await
        .must_say("La liste des élèves n’est pas encore là");
}

/// A file that has everything a reader remarks about, once at least, beside Zoé and Ana whom nothing is said of.
fn remarkable() -> Vec<u8> {
    let birth = |day| {
        let mut children = sound("", "DATE", "Née");
        children[0] = ("ID_NATIONAL", "000000010AB");
        children[3] = ("DATE_NAISS", day);
        children
    };
    let without = |number, missing: usize| {
        let mut children = sound(number, "SANS", "Rien");
        children[missing].1 = "";
        children
    };
    let leaving = |number, last_name, day| {
        let [ine, last, first, born, _] = sound(number, last_name, "Luc");
        [
            ine,
            last,
            first,
            born,
            ("CODE_SEXE", "1"),
            ("DATE_SORTIE", day),
        ]
    };
    let mut sexless = sound("000000020AB", "NEUTRE", "Sacha");
    sexless[4] = ("CODE_SEXE", "9");
    let mut rewritten = sound("000000023AB", "RÉCRITE", "Jo");
    rewritten[3] = ("DATE_NAISS", "2014-02-03");
    let mut export = Export {
        // The bytes are UTF-8 all the same.
        encoding: "ISO-8859-15",
        school_year: 2019,
        addresses: "<ADRESSE ADRESSE_ID=\"1\"/>",
        ..Export::default()
    }
    .with("1", "6A", &sound("000000001AB", "SEUL", "Zoé"))
    .with("2", "6A", &sound("000000002AB", "SEULE", "Ana"))
    // Rejected.
    .with("", "", &sound("000000003AB", "ORPHELIN", "Tom"))
    .with("4", "6A", &sound("000000004AB", "MÊMENUMÉRO", "Paul"))
    .with("4", "6A", &sound("000000005AB", "MÊMENUMÉRO", "Lou"))
    .with("6", "6A", &sound("000000006AB", "MÊMEINE", "Eve"))
    .with("7", "6A", &sound("000000006ab", "MÊMEINE", "Ali"))
    .with("8", "6A", &without("000000008AB", 1))
    .with("9", "6A", &without("000000009AB", 2))
    .with("10", "6A", &without("000000011AB", 3))
    .with("11", "6A", &birth("31/02/2014"))
    // Set aside.
    .with("12", "6A", &leaving("000000012AB", "PARTI", "01/09/2020"))
    .with("13", "", &sound("000000013AB", "SANSCLASSE", "Ida"))
    .with("14", "inactifs", &sound("000000014AB", "INACTIF", "Max"))
    // Imported, with a remark.
    .with("15", "6A", &sound("", "SANSINE", "Jo"))
    .with("16", "6A", &sound("12AB", "INEFAUX", "Jo"))
    .with("17", "6A", &sexless)
    .with("18", "6A", &leaving("000000018AB", "FLOU", "bientôt"))
    .with("19", "6A", &sound("000000019AB", "DEUXCLASSES", "Jo"))
    .with("20", "6A", &sound("000000021AB", "ABÎMÉE", "CÃ©cile"))
    .with(
        "21",
        "6A",
        &[
            &sound("000000022AB", "MOTIF", "Jo")[..],
            &[("CODE_MOTIF_SORTIE", "17")],
        ]
        .concat(),
    )
    .with("22", "6A", &rewritten);
    export = export.in_class("19", "6B");
    export.bytes()
}

/// Every remark of a list: code and message.
fn remarks(json: &Value, list: &str) -> Vec<(String, String)> {
    let text = |remark: &Value, key: &str| remark[key].as_str().unwrap().to_owned();
    let remarks = json[list].as_array().unwrap().iter();
    remarks
        .map(|remark| (text(remark, "code"), text(remark, "message")))
        .collect()
}

fn codes(remarks: &[(String, String)]) -> BTreeSet<&str> {
    remarks.iter().map(|(code, _)| code.as_str()).collect()
}

/// What each remark says to do; « rien à faire » is an answer too.
fn what_to_do(code: &str) -> &'static str {
    match code {
        "eleve_id_missing" | "eleve_id_duplicate" => "refaites l’export dans SIECLE",
        "ine_duplicate" => "corrigez l’INE dans SIECLE",
        "last_name_missing" | "first_name_missing" | "birthdate_missing" => {
            "complétez sa fiche dans SIECLE"
        }
        "birthdate_invalid" => "corrigez sa fiche dans SIECLE",
        "left" | "inactive" | "ine_missing" => "rien à faire",
        "no_division" => "saisissez-la et refaites l’export le lendemain",
        "ine_shape" | "sex_unknown" | "leave_date_unreadable" => "vérifiez sa fiche dans SIECLE",
        "leave_date_missing" => "saisissez la date dans SIECLE",
        "several_divisions" => "Vérifiez sa classe dans SIECLE",
        "name_repaired" => "Vérifiez-le, et corrigez-le dans SIECLE",
        "encoding_mismatch" | "dates_rewritten" => "déposez le fichier de SIECLE sans l’ouvrir",
        "addresses_dropped" => "Élèves sans adresse",
        "school_year_unexpected" => "vérifiez l’année choisie dans SIECLE",
        other => panic!("no test knows {other}"),
    }
}

fn must_say_all(page: &Page, said: &[(String, String)]) {
    for (code, message) in said {
        page.must_say(message);
        assert!(
            readable(message).contains(&readable(what_to_do(code))),
            "{code}: {message}"
        );
    }
}

#[tokio::test]
async fn every_remark_about_a_pupil_is_shown_before_and_after() {
    let bytes = remarkable();
    let (accepted, json) = checked(&bytes).await;
    assert!(accepted, "{json}");
    let lists = ["rejected", "set_aside", "warnings"].map(|list| remarks(&json, list));
    let rejections = RejectionCode::ALL.iter().map(|code| code.code());
    let at_reading: BTreeSet<_> = rejections
        // Only the roster tells the first: below. The second refuses the whole file: above. A CSV alone has the third.
        .filter(|code| !["identity_conflict", "accents_lost", "row_shape"].contains(code))
        .collect();
    assert_eq!(codes(&lists[0]), at_reading);
    let aside: BTreeSet<_> = SetAsideCode::ALL.iter().map(|code| code.code()).collect();
    assert_eq!(codes(&lists[1]), aside);
    let warnings = WarningCode::ALL.iter().map(|code| code.code());
    let at_reading: BTreeSet<_> = warnings
        // Only the plan tells it: `who_is_who.rs`.
        .filter(|code| *code != "entered_twice")
        .collect();
    assert_eq!(codes(&lists[2]), at_reading);
    let all = lists.concat();

    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let plan = head.import("liste.xml", bytes).await;
    plan.must_say("Ce que l’import va changer")
        .must_say("Refusés")
        .must_say("Laissés de côté")
        .must_say("Remarques");
    must_say_all(&plan, &all);
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("La liste des élèves est chargée")
        .must_say("DEUXCLASSES")
        .must_say("Cécile")
        .must_not_say("MÊMENUMÉRO")
        .must_not_say("SANSCLASSE");
    let history = head.at("/eleves/imports").await;
    let report = history.attributes("tbody a", "href").remove(0);
    let report = head.browser.get(&report).await;
    must_say_all(&report, &all);
    let lines = head
        .browser
        .download(&format!("{}/lignes.csv", report.path))
        .await;
    let lines = readable(&String::from_utf8(lines).unwrap());
    for (code, message) in &all {
        // Quotation marks of the message are doubled in a cell.
        let start: String = readable(message).chars().take(20).collect();
        assert!(lines.contains(&start), "{code}: {start} not in {lines}");
    }
    must_be_handed_out(&head, &all).await;
}

/// What is kept of a pupil has what was said of them.
async fn must_be_handed_out(head: &Head, all: &[(String, String)]) {
    let list = head.at("/eleves?recherche=Sacha").await;
    let pupil = list.attributes("tbody th a", "href").remove(0);
    let pupil = head.browser.get(&pupil).await;
    let file = head
        .browser
        .press(&pupil, "Télécharger ses données", &[])
        .await;
    let dossier: Value = serde_json::from_str(&file.html).unwrap();
    let kept = remarks(&dossier, "import_remarks");
    assert_eq!(codes(&kept), BTreeSet::from(["sex_unknown"]));
    let (_, said) = all.iter().find(|(code, _)| code == "sex_unknown").unwrap();
    assert_eq!(readable(&kept[0].1), readable(said));
}

#[tokio::test]
async fn an_older_export_of_last_year_with_a_pupil_nobody_can_tell_is_asked_about() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let first = Export::default()
        .with("1", "6A", &sound("000000001AB", "SEUL", "Zoé"))
        .with("2", "6A", &sound("000000002AB", "PAIRE", "Ana"));
    let this_year = first.school_year;
    head.import("liste.xml", first.bytes())
        .await
        .must_say("La liste des élèves est chargée");

    // The number of one, and nothing else of theirs; the other as they are.
    let mut stranger = sound("000000009AB", "AUTRE", "Nour");
    stranger[3].1 = "15/10/2013";
    let older = Export {
        school_year: this_year - 1,
        exported_on: "07/09/2026",
        ..Export::default()
    }
    .with("1", "6A", &stranger)
    .with("2", "6A", &sound("000000002AB", "PAIRE", "Ana"));
    let refused = head.import("vieux.xml", older.bytes()).await;
    refused
        .must_say("Des élèves du fichier sont refusés")
        .must_not_say("La liste est déjà à jour")
        .must_say(
            "Le numéro SIECLE de Nour AUTRE (6A) est, dans la liste, celui de Zoé SEUL (6A) (nº 1)",
        )
        .must_say("Vérifiez ces fiches dans SIECLE")
        .must_say("Si tout y est juste, c’est la liste qui se trompe");
    let (_, json) = checked(&older.bytes()).await;
    assert_eq!(json["rejected"], Value::Array(Vec::new()), "not by reading");

    // One more pupil: now there is something to confirm, and the number of leavers is asked.
    let older = older.with("3", "6A", &sound("000000003AB", "TROIS", "Léo"));
    let plan = head.import("vieux.xml", older.bytes()).await;
    plan.must_say("Cet export est plus ancien que le dernier importé")
        .must_say("Cet export est celui d’une année scolaire passée")
        .must_say("Vérifiez que vous avez choisi le bon fichier")
        .must_say(
            "Le numéro SIECLE de Nour AUTRE (6A) est, dans la liste, celui de Zoé SEUL (6A) (nº 1)",
        )
        .must_say("Combien d’élèves vont quitter la liste");
    let wrong = head
        .browser
        .press(&plan, "Confirmer", &[("leavers", "1")])
        .await;
    wrong
        .must_be(422)
        .must_refuse("leavers_count_wrong")
        .must_say("Cet export est plus ancien");
    assert_eq!(wrong.attributes("input[name=leavers]", "value"), ["1"]);
    let done = head
        .browser
        .press(&wrong, "Confirmer", &[("leavers", "0")])
        .await;
    done.must_say("La liste des élèves est chargée")
        .must_say("TROIS")
        .must_say("SEUL")
        .must_say("PAIRE");
}
