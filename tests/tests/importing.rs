//! The list of pupils: imported, updated, undone; and every file that must change nothing.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::time::Duration;

use journeys::export::zip_of;
use journeys::people::Head;
use journeys::{Demo, Page};
use pix_orga_demo::siecle::WrongFile;

const ZIP: &str = "ExportXML_ElevesSansAdresses.zip";

async fn first_import(demo: &Demo) -> Head {
    let head = Head::arrives(demo).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    let done = head.import(ZIP, export).await;
    done.must_be(200)
        .must_say("La liste des élèves est chargée");
    head
}

fn xml(roster: &str) -> Vec<u8> {
    format!(
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><BEE_ELEVES VERSION=\"2.1\"><PARAMETRES>\
         <UAJ>0059900J</UAJ><ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE></PARAMETRES>{roster}</BEE_ELEVES>"
    )
    .into_bytes()
}

#[tokio::test]
async fn the_first_list_goes_straight_in_and_is_shown() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let empty = head.at("/eleves").await;
    empty
        .must_say("La liste des élèves n’est pas encore là")
        .must_say("Élèves sans adresse");
    head.browser
        .follow(&empty, "Note à imprimer")
        .await
        .must_be(200)
        .must_say("Note pour l’équipe de direction");
    let export = head.browser.follow(&empty, "Télécharger l’export").await;
    export.must_be(200);
    let bytes = head.browser.download("/demo/fichiers/premier").await;
    let done = head.import(ZIP, bytes).await;
    done.must_say("La liste des élèves est chargée")
        .must_say("Laissés de côté");
    let list = head.browser.follow(&done, "Voir la liste des élèves").await;
    list.must_be(200)
        .must_say("Non rattaché")
        .must_say("1 à 50 sur");
    assert_eq!(list.texts("tbody tr").len(), 50);
    let second = head.browser.follow(&list, "Suivante").await;
    second.must_say("51 à 100 sur");
    assert_ne!(list.texts("tbody tr"), second.texts("tbody tr"));
    head.at("").await.must_say("Créer un parcours");
}

#[tokio::test]
async fn the_list_is_searched_filtered_sorted_and_exported() {
    let demo = Demo::start().await;
    let head = first_import(&demo).await;
    let list = head.at("/eleves").await;
    let row = list.texts("tbody tr th").first().unwrap().clone();
    let name = row.split(' ').next().unwrap().to_lowercase();
    let found = head
        .browser
        .press(&list, "Filtrer", &[("recherche", &name)])
        .await;
    found.must_be(200).must_say(&row);
    assert!(
        found
            .texts("tbody tr")
            .iter()
            .all(|line| line.to_lowercase().contains(&name[..1]))
    );
    let none = head
        .browser
        .press(&list, "Filtrer", &[("recherche", "zzzzzzzz")])
        .await;
    none.must_say("Aucun élève ne correspond");
    let classes = list.attributes("select[name=classe] option", "value");
    let class = classes.iter().find(|value| !value.is_empty()).unwrap();
    let filtered = head
        .browser
        .press(&list, "Filtrer", &[("classe", class)])
        .await;
    assert!(
        filtered
            .texts("tbody td[data-label=Classe]")
            .iter()
            .all(|division| division == class)
    );
    let linked = head
        .browser
        .press(&list, "Filtrer", &[("rattachement", "linked")])
        .await;
    linked.must_say("Aucun élève ne correspond");
    let sorted = head.browser.follow(&list, "Date de naissance").await;
    assert_ne!(sorted.texts("tbody tr"), list.texts("tbody tr"));
    let csv = String::from_utf8(
        head.browser
            .download(&format!("{}/eleves/export.csv", head.space))
            .await,
    )
    .unwrap();
    assert!(csv.starts_with("\u{feff}Nom de famille;"), "{}", &csv[..80]);
    assert!(csv.lines().count() > 500);
}

#[tokio::test]
async fn the_next_list_is_shown_before_it_is_applied_and_can_be_undone() {
    let demo = Demo::start().await;
    let head = first_import(&demo).await;
    let before = head
        .browser
        .download(&format!("{}/eleves/export.csv", head.space))
        .await;
    let next = head.browser.download("/demo/fichiers/suivant").await;
    let plan = head.import(ZIP, next.clone()).await;
    plan.must_be(200)
        .must_say("Ce que l’import va changer")
        .must_say("Rien n’est encore modifié");
    for part in [
        "Ajoutés",
        "Modifiés",
        "Partants",
        "Remarques",
        "Laissés de côté",
    ] {
        plan.must_say(part);
    }
    assert_eq!(
        head.browser
            .download(&format!("{}/eleves/export.csv", head.space))
            .await,
        before
    );
    let lines = head
        .browser
        .download(&format!(
            "{}/lignes.csv",
            plan.path.trim_end_matches("/apercu")
        ))
        .await;
    assert!(String::from_utf8(lines).unwrap().contains("Partant;"));
    let done = head.browser.press(&plan, "Confirmer", &[]).await;
    done.must_be(200)
        .must_say("La liste des élèves est chargée")
        .must_say("Le dernier import peut être annulé");
    let after = head
        .browser
        .download(&format!("{}/eleves/export.csv", head.space))
        .await;
    assert_ne!(after, before);

    let again = head.import(ZIP, next).await;
    again.must_say("déjà à jour");
    let list = head.at("/eleves").await;
    let undone = head
        .browser
        .press(&list, "Annuler le dernier import", &[])
        .await;
    undone.must_say("L’import est annulé");
    assert_eq!(
        head.browser
            .download(&format!("{}/eleves/export.csv", head.space))
            .await,
        before
    );
    let history = head.at("/eleves/imports").await;
    history
        .must_say("Annulé")
        .must_say("Appliqué")
        .must_say("Camille Durand");
    let report = head
        .browser
        .get(&history.attributes("tbody a", "href")[0])
        .await;
    report.must_be(200).must_say("UAI 0059900J");
}

#[tokio::test]
async fn a_plan_is_abandoned_or_replaced_and_many_leavers_are_typed() {
    let demo = Demo::start().await;
    let head = first_import(&demo).await;
    let next = head.browser.download("/demo/fichiers/suivant").await;
    let plan = head.import(ZIP, next.clone()).await;
    let left = head
        .browser
        .press(&plan, "Abandonner cet import", &[])
        .await;
    left.must_say("Rien n’a changé");
    head.browser
        .get(&plan.path)
        .await
        .must_say("Import abandonné");

    let plan = head.import(ZIP, next).await;
    let one = one_pupil();
    let small = head.import("un-seul.xml", one).await;
    small.must_say("Combien d’élèves vont quitter la liste");
    head.browser
        .get(&plan.path)
        .await
        .must_say("Import abandonné");
    let wrong = head
        .browser
        .press(&small, "Confirmer", &[("leavers", "3")])
        .await;
    wrong.must_be(422).must_refuse("leavers_count_wrong");
    let leavers = leavers_of(&wrong);
    let done = head
        .browser
        .press(&wrong, "Confirmer", &[("leavers", &leavers)])
        .await;
    done.must_say("La liste des élèves est chargée");
}

fn one_pupil() -> Vec<u8> {
    xml(
        "<DONNEES><ELEVES><ELEVE ELEVE_ID=\"77\" ELENOET=\"1\"><NOM_DE_FAMILLE>SEUL</NOM_DE_FAMILLE>\
         <PRENOM>Zoé</PRENOM><DATE_NAISS>01/02/2014</DATE_NAISS><CODE_SEXE>2</CODE_SEXE></ELEVE></ELEVES>\
         <STRUCTURES><STRUCTURES_ELEVE ELEVE_ID=\"77\" ELENOET=\"1\"><STRUCTURE><CODE_STRUCTURE>6A</CODE_STRUCTURE>\
         <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES></DONNEES>",
    )
}

/// The number written on the button: « Confirmer : 1 arrivée, 0 modification, 590 départs ».
fn leavers_of(plan: &Page) -> String {
    let button = plan
        .texts("button")
        .into_iter()
        .find(|text| text.starts_with("Confirmer"))
        .unwrap();
    let last = button.rsplit(", ").next().unwrap();
    last.chars().take_while(char::is_ascii_digit).collect()
}

/// The heading of what each wrong file of the demo is answered.
const TITLES: [(WrongFile, &str); 8] = [
    (
        WrongFile::OtherSchool,
        "Ce fichier vient d’un autre établissement",
    ),
    (WrongFile::Parents, "Ce n’est pas le bon export"),
    (WrongFile::ClassList, "Ce n’est pas le bon export"),
    (
        WrongFile::LostAccents,
        "Les accents de ce fichier sont perdus",
    ),
    (WrongFile::TruncatedZip, "Cette archive est abîmée"),
    (
        WrongFile::ArchiveWithin,
        "Cette archive ne contient pas la liste des élèves",
    ),
    (WrongFile::WebPage, "Ce n’est pas un export de SIECLE"),
    (WrongFile::Blanks, "Ce fichier est trop volumineux"),
];

#[tokio::test]
async fn each_wrong_file_has_its_own_answer_and_changes_nothing() {
    let demo = Demo::start().await;
    let head = first_import(&demo).await;
    let before = head
        .browser
        .download(&format!("{}/eleves/export.csv", head.space))
        .await;
    for (wrong, title) in TITLES {
        let bytes = head
            .browser
            .download(&format!("/demo/fichiers/{}", wrong.slug()))
            .await;
        let page = head.import(ZIP, bytes).await;
        page.must_say(title)
            .must_say("Rien n’a changé dans votre liste");
    }
    let good = one_pupil();
    let others: Vec<(&str, Vec<u8>)> = vec![
        ("Ce fichier est vide", b"  \n ".to_vec()),
        (
            "Cette archive ne contient pas la liste",
            zip_of(&[("notes.txt", b"rien")]),
        ),
        (
            "Cette archive contient plusieurs listes",
            zip_of(&[("a.xml", &good), ("b.xml", &[&good[..], b"\n"].concat())]),
        ),
        (
            "Ce fichier est abîmé",
            b"<?xml version=\"1.0\"?><BEE_ELEVES><DONNEES></BEE_ELEVES>".to_vec(),
        ),
        (
            "Ce fichier ne dit pas de quel établissement",
            b"<BEE_ELEVES><DONNEES/></BEE_ELEVES>".to_vec(),
        ),
        (
            "Ce fichier ne contient aucun élève",
            xml("<DONNEES><ELEVES/></DONNEES>"),
        ),
        (
            "Ce fichier ne peut pas être importé",
            b"<?xml version=\"1.0\" encoding=\"klingon\"?><BEE_ELEVES/>".to_vec(),
        ),
        (
            "Ce fichier ne peut pas être importé",
            b"<!DOCTYPE BEE_ELEVES [<!ENTITY a \"b\">]><BEE_ELEVES/>".to_vec(),
        ),
    ];
    for (title, bytes) in others {
        let page = head.import("fichier", bytes).await;
        page.must_say(title)
            .must_say("Rien n’a changé dans votre liste");
    }
    assert_eq!(
        head.browser
            .download(&format!("{}/eleves/export.csv", head.space))
            .await,
        before
    );
}

#[tokio::test]
async fn a_file_beyond_the_limit_and_no_file_at_all() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let huge = vec![b' '; 65 * 1024 * 1024];
    head.import("blancs.xml", huge)
        .await
        .must_be(413)
        .must_say("Ce fichier est trop volumineux");
    let nothing = head.import("", Vec::new()).await;
    nothing.must_be(422).must_refuse("file_missing");
}

#[tokio::test]
async fn rejected_pupils_are_named_and_the_others_wait_for_a_word() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let good = String::from_utf8(one_pupil()).unwrap();
    let nameless = "<ELEVE ELEVE_ID=\"78\" ELENOET=\"2\"><PRENOM>Ana</PRENOM><DATE_NAISS>31/02/2014</DATE_NAISS></ELEVE></ELEVES>";
    let division = "<STRUCTURES_ELEVE ELEVE_ID=\"78\" ELENOET=\"2\"><STRUCTURE><CODE_STRUCTURE>6A</CODE_STRUCTURE>\
                    <TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE></STRUCTURES>";
    let bytes = good
        .replace("</ELEVES>", nameless)
        .replace("</STRUCTURES>", division)
        .into_bytes();
    let plan = head.import("liste.xml", bytes).await;
    plan.must_be(200)
        .must_say("Refusés")
        .must_say("Ana")
        .must_say("6A")
        .must_say("SEUL");
    let done = head.browser.press(&plan, "Confirmer", &[]).await;
    done.must_say("La liste des élèves est chargée")
        .must_say("SEUL")
        .must_not_say("Ana");
}

#[tokio::test]
async fn a_process_killed_in_the_middle_loses_nothing() {
    let mut demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let export = head.browser.download("/demo/fichiers/premier").await;
    let choose = head.at("/eleves/importer").await;
    let sent = tokio::time::timeout(
        Duration::from_millis(400),
        head.browser
            .upload(&choose, "Importer (.xml ou .zip)", "fichier", ZIP, export),
    )
    .await;
    drop(sent);
    let space = head.space.clone();
    demo.kill_and_restart().await;
    let browser = demo.browser();
    let page = browser.get("/connexion").await;
    let email = pix_orga_demo::schools::all()[0].mail();
    let form = [
        ("email", email.as_str()),
        ("password", journeys::people::PASSWORD),
    ];
    browser
        .press(&page, "Se connecter", &form)
        .await
        .must_be(200);
    for _ in 0..200 {
        let history = browser.get(&format!("{space}/eleves/imports")).await;
        let outcomes = history.texts("td[data-label=Résultat]");
        if outcomes.iter().all(|outcome| outcome != "En cours") {
            let csv = browser
                .download(&format!("{space}/eleves/export.csv"))
                .await;
            let pupils = String::from_utf8(csv).unwrap().lines().count() - 1;
            assert!(pupils == 0 || pupils > 500, "half a roster: {pupils}");
            assert_eq!(
                pupils > 500,
                outcomes.iter().any(|outcome| outcome == "Appliqué")
            );
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("the import neither resumes nor fails after a restart");
}

#[tokio::test]
async fn another_school_s_pages_are_not_found() {
    let demo = Demo::start().await;
    let head = first_import(&demo).await;
    let stranger = "/espace/0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a";
    for path in [
        "",
        "/eleves",
        "/eleves/importer",
        "/eleves/imports",
        "/equipe",
        "/parcours",
        "/documentation",
    ] {
        head.browser
            .get(&format!("{stranger}{path}"))
            .await
            .must_be(404)
            .must_say("Page introuvable");
    }
    head.at("/eleves/imports/0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a")
        .await
        .must_be(404);
}
