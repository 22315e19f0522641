//! An agricultural lycée: its list comes from Fregata, in a CSV that does not say whose it is.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::collections::BTreeSet;
use std::fs;

use journeys::demo::run;
use journeys::export::{locked, zip_of};
use journeys::fregata::{Export, HEADER, head, lycee};
use journeys::page::readable;
use journeys::people::Head;
use journeys::pupils::{choose, enter, somebody, type_date};
use journeys::{Demo, Page};
use pix_orga_demo::fregata::{CSV_NAME, WrongFile};
use pix_orga_demo::siecle;
use serde_json::Value;

/// What `roster check` answers about a file: exit code, then the JSON.
async fn checked(bytes: &[u8], more: &[&str]) -> (i32, Value) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    fs::write(&path, bytes).unwrap();
    let path = path.display().to_string();
    let mut command = vec!["roster", "check", &path, "--format", "json"];
    command.extend(more);
    let (code, out, err) = run(&command, &[]).await;
    assert!(code == 0 || code == 1, "{code}: {err}");
    (code, serde_json::from_str(&out).unwrap())
}

fn two() -> Export {
    Export::default()
        .with("000000001AB", "Zoé", "SEULE", "2GT1")
        .with("000000002AB", "Ana", "PAIRE", "2GT1")
}

async fn imported(demo: &Demo, export: &Export) -> Head {
    let head = head(demo).await;
    let plan = head.import(CSV_NAME, export.bytes()).await;
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("La liste des élèves est chargée");
    head
}

/// Its words are Fregata's, and SIECLE's are nowhere.
fn must_speak_of_fregata(page: &Page) {
    page.must_be(200)
        .must_say("Fregata")
        .must_not_say("SIECLE")
        .must_not_say(".xml");
}

#[tokio::test]
async fn a_lycee_fills_its_list_from_fregata_and_brings_it_up_to_date() {
    let demo = Demo::start().await;
    let head = head(&demo).await;
    for path in [
        "",
        "/eleves",
        "/eleves/importer",
        "/eleves/note",
        "/documentation",
    ] {
        must_speak_of_fregata(&head.at(path).await);
    }

    let first = head
        .browser
        .download("/demo/fichiers/fregata-premier")
        .await;
    let plan = head.import(CSV_NAME, first.clone()).await;
    let school = lycee();
    must_speak_of_fregata(&plan);
    plan.must_say("Vous allez remplir la liste de")
        .must_say(&format!(
            "{} ({}, {})",
            school.name, school.town, school.uai
        ))
        .must_say("ne dit pas de quel établissement il vient")
        .must_say("300 arrivées, 0 modification, 0 départ")
        .must_not_say("inconnu");
    head.at("/eleves")
        .await
        .must_say("La liste des élèves n’est pas encore là");
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("La liste des élèves est chargée")
        .must_say("300 élèves");
    let student = head
        .browser
        .get(&list.attributes("tbody th a", "href")[0])
        .await;
    student
        .must_say("Identifiant unique")
        .must_not_say("SIECLE");

    let again = head.import(CSV_NAME, first).await;
    again.must_say("La liste est déjà à jour");

    let next = head
        .browser
        .download("/demo/fichiers/fregata-suivant")
        .await;
    let plan = head.import(CSV_NAME, next).await;
    must_speak_of_fregata(&plan);
    plan.must_say("Vous allez mettre à jour la liste de")
        .must_say("Absent du fichier")
        .must_not_say("Combien d’élèves vont quitter la liste");
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("La liste des élèves est chargée");
    let report = head.at("/eleves/imports").await;
    let report = head.browser.follow(&report, "2026").await;
    must_speak_of_fregata(&report);

    head.browser
        .press(&list, "Annuler le dernier import", &[])
        .await
        .must_say("L’import est annulé")
        .must_say("300 élèves");
}

#[tokio::test]
async fn another_lycee_s_list_asks_for_the_number_of_those_who_would_leave() {
    let demo = Demo::start().await;
    let head = imported(&demo, &two().with("000000003AB", "Léo", "TROIS", "2GT1")).await;
    let other = Export::default()
        .with("000000003AB", "Léo", "TROIS", "2GT1")
        .with("000000014AB", "Max", "AUTRE", "1STAV")
        .bytes();
    let plan = head.import(CSV_NAME, other).await;
    plan.must_say("Moins de la moitié des élèves de votre liste sont dans ce fichier")
        .must_say("Combien d’élèves vont quitter la liste");
    let wrong = head
        .browser
        .press(&plan, "Confirmer", &[("leavers", "3")])
        .await;
    wrong.must_be(422).must_refuse("leavers_count_wrong");
    head.at("/eleves").await.must_say("SEULE");
    head.browser
        .press(&wrong, "Confirmer", &[("leavers", "2")])
        .await
        .must_say("La liste des élèves est chargée")
        .must_say("AUTRE")
        .must_not_say("SEULE");
}

#[tokio::test]
async fn a_pupil_of_the_lycee_is_linked() {
    let demo = Demo::start().await;
    let head = head(&demo).await;
    let export = head
        .browser
        .download("/demo/fichiers/fregata-premier")
        .await;
    let plan = head.import(CSV_NAME, export).await;
    head.browser.press(&plan, "Confirmer", &[]).await;
    let form = head.at("/parcours/nouveau").await;
    let created = head
        .browser
        .press(&form, "Créer le parcours", &[("title", "Rentrée")])
        .await;
    let code = created.attributes("input#code", "value").remove(0);
    // Of the pupils of other schools than the collège, the last are the lycée's.
    let who = somebody(&demo, "Élève d’un autre établissement", 2).await;
    let pupil = demo.browser();
    enter(&pupil, &who).await;
    let check = pupil.get(&format!("/parcours/{code}")).await;
    type_date(&pupil, &check, &who.born.clone().unwrap())
        .await
        .must_say("Tu es rattaché");
    head.at("/eleves?rattachement=linked")
        .await
        .must_say("Médiacentre");
    choose(&demo.browser(), &who).await.must_be(200);
}

#[tokio::test]
async fn a_file_of_the_other_system_is_named_both_ways() {
    let demo = Demo::start().await;
    let (college, lycee_head) = (Head::arrives(&demo).await, head(&demo).await);
    let fregata = two().bytes();
    for bytes in [fregata.clone(), zip_of(&[("liste/Export.CSV", &fregata)])] {
        college
            .import(CSV_NAME, bytes)
            .await
            .must_say("Ce n’est pas le bon export")
            .must_say("un export de Fregata")
            .must_say("Dans SIECLE, ouvrez « Exportations »")
            .must_say("Rien n’a changé dans votre liste");
    }
    for file in ["premier", "parents"] {
        let export = demo
            .browser()
            .download(&format!("/demo/fichiers/{file}"))
            .await;
        lycee_head
            .import("export.zip", export)
            .await
            .must_say("Ce n’est pas le bon export")
            .must_say("un export de SIECLE")
            .must_say("Dans Fregata, exportez")
            .must_say("Rien n’a changé dans votre liste");
    }
    let siecle = siecle::WrongFile::Fregata;
    let sent = demo
        .browser()
        .download(&format!("/demo/fichiers/{}", siecle.slug()))
        .await;
    college
        .import(CSV_NAME, sent)
        .await
        .must_say("un export de Fregata");
}

/// A whole file that is refused: its code, the heading of the page, and what it says.
type Refused = (&'static str, Vec<u8>, &'static str, &'static str);

fn refused_archives() -> Vec<Refused> {
    let good = two().bytes();
    let how = "Dans Fregata, exportez la liste des élèves";
    vec![
        (
            "zip_unreadable",
            zip_of(&[("e.csv", &good)])[..40].to_vec(),
            "Cette archive est abîmée",
            "Refaites l’export dans Fregata",
        ),
        (
            "zip_encrypted",
            locked(zip_of(&[("e.csv", &good)])),
            "Cette archive est protégée",
            "sans mot de passe",
        ),
        (
            "zip_without_roster",
            zip_of(&[("notes.txt", b"rien")]),
            "Cette archive ne contient pas la liste",
            how,
        ),
        (
            "zip_ambiguous",
            zip_of(&[
                ("a.csv", &good),
                ("b.csv", &two().with("3", "A", "B", "C").bytes()),
            ]),
            "Cette archive contient plusieurs listes",
            "ou en CSV",
        ),
    ]
}

fn refused_tables() -> Vec<Refused> {
    let good = two().bytes();
    let text = |text: &str| text.as_bytes().to_vec();
    let how = "Dans Fregata, exportez la liste des élèves";
    vec![
        ("empty_file", text(" \r\n"), "Ce fichier est vide", how),
        (
            "malformed_csv",
            two().replacing(";SEULE", ";\"SEULE").bytes(),
            "Ce fichier est abîmé",
            "à partir de la ligne 2",
        ),
        (
            "malformed_csv",
            good[..good.len() - 20].to_vec(),
            "Ce fichier est abîmé",
            "au milieu de la ligne 3",
        ),
        (
            "columns_missing",
            two()
                .replacing("Division*", "Classe")
                .replacing("Code MEF*", "MEF")
                .bytes(),
            "Il manque des colonnes",
            "« Code MEF », « Division »",
        ),
        (
            "not_siecle",
            zip_of(&[("[Content_Types].xml", b"<Types/>"), ("xl/w.xml", b"<w/>")]),
            "Ce n’est pas un export de Fregata",
            "un classeur",
        ),
        (
            "not_siecle",
            text("<!DOCTYPE html><title>x</title>"),
            "Ce n’est pas un export de Fregata",
            "une page web",
        ),
        (
            "not_siecle",
            text("Nom;Prénom;Classe\nSEULE;Zoé;2GT1\n"),
            "Ce n’est pas un export de Fregata",
            "qui n’a pas les colonnes de Fregata",
        ),
        ("no_student", text(HEADER), "aucun élève à importer", how),
        (
            "no_student",
            Export::default()
                .with("000000001AB", "Zoé", "SEULE", "")
                .bytes(),
            "aucun élève à importer",
            "Vérifiez les divisions",
        ),
    ]
}

#[tokio::test]
async fn every_refusal_of_a_file_is_told_in_the_words_of_fregata() {
    let demo = Demo::start().await;
    let head = head(&demo).await;
    let mut files = refused_archives();
    files.extend(refused_tables());
    for (wrong, heading, said) in [
        (
            WrongFile::Spreadsheet,
            "Ce n’est pas un export de Fregata",
            "un classeur",
        ),
        (
            WrongFile::OtherColumns,
            "Ce n’est pas un export de Fregata",
            "un tableau",
        ),
        (
            WrongFile::AccentsLost,
            "Les accents de ce fichier",
            ", ligne ",
        ),
        (
            WrongFile::WithoutDivisions,
            "Il manque des colonnes",
            "« Division »",
        ),
    ] {
        let path = format!("/demo/fichiers/{}", wrong.slug());
        let bytes = demo.browser().download(&path).await;
        files.push((wrong.refusal().code(), bytes, heading, said));
    }
    for (code, bytes, heading, said) in files {
        let (exit, json) = checked(&bytes, &["--system", "fregata"]).await;
        assert_eq!((exit, json["refusal"]["code"].as_str()), (1, Some(code)));
        let message = json["refusal"]["message"].as_str().unwrap();
        assert!(!message.contains("SIECLE"), "{message}");
        head.import("export", bytes)
            .await
            .must_say(heading)
            .must_say(said)
            .must_say(message)
            .must_say("Rien n’a changé dans votre liste");
    }
    let huge = vec![b';'; 65 * 1024 * 1024];
    head.import("export", huge)
        .await
        .must_be(413)
        .must_say("Ce fichier est trop volumineux");
    head.import("", Vec::new())
        .await
        .must_be(422)
        .must_refuse("file_missing");
    head.at("/eleves")
        .await
        .must_say("La liste des élèves n’est pas encore là");
}

/// A file with everything a reader remarks about, beside Zoé of whom nothing is said.
fn remarkable() -> Export {
    Export::default()
        .with("000000001AB", "Zoé", "SEULE", "2GT1")
        .with("", "Sans", "NUMÉRO", "2GT1")
        .with("000000003AB", "Paul", "MÊMEINE", "2GT1")
        .with("000000003ab", "Lou", "MÊMEINE", "2GT1")
        .with("APP42", "Jo", "MÊMENUMÉRO", "2GT1")
        .with("app42", "Jo", "MÊMENUMÉRO", "2GT1")
        .with("000000005AB", "", "SANSPRÉNOM", "2GT1")
        .with("000000006AB", "Sans", "", "2GT1")
        .with_row("000000007AB;Eve;;;SANSDATE;;F;;;;;;ST;23120002210;2GT1")
        .with_row("000000008AB;Ali;;;FAUSSEDATE;;F;31/02/2011;;;;;ST;23120002210;2GT1")
        .with_row(
            "000000009AB;Ida;;;DÉCALÉE;;F;04/03/2011;05061;GAP;LE HAUT;005;100;ST;23120002210;2GT1",
        )
        .with("000000010AB", "Max", "SANSCLASSE", "")
        .with("000000011AB", "Tom", "INACTIF", "Inactifs")
        .with("APPRENTI12", "Luc", "AUTRENUMÉRO", "1CAPA")
        .with_row("000000013AB;Sam;;;NEUTRE;;X;04/03/2011;;;;;ST;23120002210;2GT1")
        .with("000000014AB", "CÃ©cile", "ABÎMÉE", "2GT1")
}

#[tokio::test]
async fn every_remark_about_a_pupil_is_shown_before_and_after() {
    let bytes = remarkable().bytes();
    let (exit, json) = checked(&bytes, &["--uai", lycee().uai.as_str()]).await;
    assert_eq!(exit, 0, "{json}");
    let said = |list: &str| -> Vec<(String, String)> {
        let text = |remark: &Value, key: &str| remark[key].as_str().unwrap().to_owned();
        let remarks = json[list].as_array().unwrap().iter();
        remarks
            .map(|remark| (text(remark, "code"), text(remark, "message")))
            .collect()
    };
    let codes =
        |list: &str| -> BTreeSet<String> { said(list).into_iter().map(|(code, _)| code).collect() };
    let set =
        |codes: &[&str]| -> BTreeSet<String> { codes.iter().map(|&code| code.into()).collect() };
    let rejected = [
        "birthdate_invalid",
        "birthdate_missing",
        "eleve_id_duplicate",
        "eleve_id_missing",
        "first_name_missing",
        "ine_duplicate",
        "last_name_missing",
        "row_shape",
    ];
    assert_eq!(codes("rejected"), set(&rejected));
    assert_eq!(codes("set_aside"), set(&["inactive", "no_division"]));
    assert_eq!(
        codes("warnings"),
        set(&["ine_shape", "name_repaired", "sex_unknown"])
    );

    let demo = Demo::start().await;
    let head = head(&demo).await;
    let plan = head.import(CSV_NAME, bytes).await;
    let all = [said("rejected"), said("set_aside"), said("warnings")].concat();
    for (code, message) in &all {
        plan.must_say(message);
        assert!(!message.contains("SIECLE"), "{code}: {message}");
    }
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("SEULE")
        .must_say("AUTRENUMÉRO")
        .must_not_say("DÉCALÉE");
    let history = head.at("/eleves/imports").await;
    let report = head.browser.follow(&history, "2026").await;
    for (_, message) in &all {
        report.must_say(message);
    }
}

#[tokio::test]
async fn the_command_tells_a_file_of_fregata_by_its_content() {
    let bytes = two().bytes();
    let (exit, json) = checked(&bytes, &["--uai", "0059900J"]).await;
    assert_eq!(
        (exit, &json["accepted"], &json["refusal"]),
        (0, &true.into(), &Value::Null)
    );
    let file: Value = serde_json::from_str(
        r#"{"uai":null,"school_year":null,"exported_on":null,"encoding":"UTF-8","version":null}"#,
    )
    .unwrap();
    assert_eq!(json["file"], file);
    let zoe: Value = serde_json::from_str(
        r#"{"eleve_id":"000000001AB","ine":"000000001AB","last_name":"SEULE","usage_name":null,"first_name":"Zoé",
            "other_first_names":[],"birthdate":"2011-03-04","sex":"F","division":"2GT1","mef":"23120002210",
            "leaves_on":null,"line":2}"#,
    )
    .unwrap();
    assert_eq!(json["students"][0], zoe);
    // Said to be the other's, it is named.
    for (bytes, system) in [
        (bytes.clone(), "siecle"),
        (journeys::export::Export::default().bytes(), "fregata"),
    ] {
        let (exit, json) = checked(&bytes, &["--uai", "0059900J", "--system", system]).await;
        assert_eq!(
            (exit, json["refusal"]["code"].as_str()),
            (1, Some("wrong_export"))
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("eleves.csv");
    fs::write(&path, &bytes).unwrap();
    let path = path.display().to_string();
    for more in [&[][..], &["--system", "fregata"]] {
        let command = [&["roster", "check", &path], more].concat();
        let (exit, out, err) = run(&command, &[]).await;
        assert_eq!(exit, 0, "{err}");
        let out = readable(&out);
        for said in [
            "Fichier accepté.",
            "Encodage : UTF-8",
            "2 élèves à importer",
        ] {
            assert!(out.contains(&readable(said)), "{out}");
        }
    }
    let (exit, _, err) = run(&["roster", "check", &path, "--system", "siecle"], &[]).await;
    assert_eq!(exit, 2, "{err}");
    assert!(err.contains("--uai"), "{err}");
}
