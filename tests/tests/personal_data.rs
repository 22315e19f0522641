//! What is kept of people: handed out, erased, written in the journal, and forgotten in its time.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::time::Duration;

use jiff::civil::date;
use journeys::people::{Head, join};
use journeys::pupils::{School, enter, school, somebody, type_date};
use journeys::served::Served;
use journeys::{Demo, Page};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, SchoolSpec};
use serde_json::Value;

const CLAIRE: &str = "claire.petit@college.invalid";
const EXPORT: &str = "Télécharger ses données";
const ERASE: &str = "Effacer cet élève";
/// In microseconds, as the database keeps time.
const DAY: i64 = 24 * 3_600 * 1_000_000;

/// The page of a pupil who entered the campaign.
async fn linked(demo: &Demo, School { head, code }: &School) -> Page {
    let who = somebody(demo, "Élève de la liste", 0).await;
    let browser = demo.browser();
    enter(&browser, &who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    type_date(&browser, &check, who.born.as_ref().unwrap()).await;
    let list = head.at("/eleves?rattachement=linked").await;
    let student = list.attributes("tbody th a", "href").remove(0);
    head.browser.get(&student).await
}

#[tokio::test]
async fn all_that_is_kept_of_a_pupil_is_handed_out_then_erased() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let page = linked(&demo, &school).await;
    let name = page.heading();
    let file = head.browser.press(&page, EXPORT, &[]).await;
    file.must_be(200);
    assert!(file.header("content-disposition").contains("attachment"));
    let dossier: Value = serde_json::from_str(&file.html).unwrap();
    let text = |path: &str| dossier.pointer(path).unwrap().as_str().unwrap();
    assert_eq!(text("/format"), "pix-orga-pupil-1");
    assert!(name.contains(text("/student/last_name")), "{name}");
    assert!(!text("/accounts/0/ido").is_empty());
    assert_eq!(text("/accounts/0/campaigns/0/title"), "Rentrée");
    assert_eq!(dossier["links"].as_array().unwrap().len(), 1);
    assert_eq!(text("/trail/0/action"), "student_linked");

    let question = head.browser.follow(&page, ERASE).await;
    question
        .must_be(200)
        .must_say(&name)
        .must_say("le prochain import l’ajoutera de nouveau");
    let before = head.at("/eleves").await;
    let list = head.browser.press(&question, ERASE, &[]).await;
    list.must_say("L’élève est effacé");
    assert_ne!(before.text(), list.text());
    head.browser.get(&page.path).await.must_be(404);
    head.at("/eleves?rattachement=linked")
        .await
        .must_not_say(text("/student/ine"));
    let journal = head.at("/equipe/journal").await;
    journal
        .must_say("Un élève a été effacé")
        .must_say("Toutes les données d’un élève ont été téléchargées")
        .must_not_say(text("/student/last_name"));
    let campaigns = head.at("/parcours").await;
    head.browser
        .follow(&campaigns, "Rentrée")
        .await
        .must_say("Personne n’est encore entré");
}

#[tokio::test]
async fn a_member_neither_reads_the_journal_nor_hands_out_nor_erases() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let page = linked(&demo, &school).await;
    school.head.invite(CLAIRE, "member").await;
    let (claire, _) = join(&demo, CLAIRE, "Claire", "Petit").await;
    let seen = claire.get(&page.path).await;
    seen.must_be(200).must_not_say(ERASE).must_not_say(EXPORT);
    let space = &school.head.space;
    claire
        .get(&format!("{space}/equipe"))
        .await
        .must_not_say("Journal");
    let journal = claire.get(&format!("{space}/equipe/journal")).await;
    journal.must_be(403).must_refuse("role_insufficient");
    let (export, erase) = (
        format!("{}/donnees", page.path),
        format!("{}/effacer", page.path),
    );
    claire.get(&erase).await.must_be(403);
    for action in [&export, &erase] {
        let refused = claire.post(&seen, action, &[]).await;
        refused.must_be(403).must_refuse("role_insufficient");
    }
    school.head.browser.get(&page.path).await.must_be(200);
}

#[tokio::test]
async fn a_pupil_is_not_erased_while_a_file_may_name_them() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let page = linked(&demo, &school).await;
    let next = head.browser.download("/demo/fichiers/suivant").await;
    head.import("export.zip", next)
        .await
        .must_say("Rien n’est encore modifié");
    let question = head.browser.get(&format!("{}/effacer", page.path)).await;
    let refused = head.browser.press(&question, ERASE, &[]).await;
    refused.must_refuse("import_open");
    head.browser.get(&page.path).await.must_be(200);
}

#[tokio::test]
async fn the_journal_says_who_did_what_page_by_page() {
    let demo = Demo::start().await;
    let School { head, .. } = school(&demo).await;
    let addresses: Vec<String> = (0..60)
        .map(|number| format!("personne.{number}@college.invalid"))
        .collect();
    head.invite(&addresses.join(", "), "member").await;
    let team = head.at("/equipe").await;
    let first = head.browser.follow(&team, "Journal").await;
    first
        .must_be(200)
        .must_say("Camille Durand")
        .must_say("Invitation envoyée à personne.");
    assert_eq!(first.texts("tbody tr").len(), 50);
    let second = head.browser.follow(&first, "Suivante").await;
    second
        .must_say("Parcours créé.")
        .must_say("Liste des élèves importée.")
        .must_say("l’équipe Pix")
        .must_say("L’établissement a été ajouté depuis l’annuaire.");
    let last = head.at("/equipe/journal?page=9999").await;
    assert_eq!(last.texts("tbody tr"), second.texts("tbody tr"));
}

#[tokio::test]
async fn another_schools_journal_is_not_found() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.at("/equipe/journal").await.must_be(200);
    let elsewhere = "/espace/0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a/equipe/journal";
    head.browser.get(elsewhere).await.must_be(404);
}

/// A real school with its first list.
async fn served_school(served: &Served) -> (Head, String) {
    let link = served.invitation().await;
    let head = Head::follows(served.browser(), &link, &schools::all()[0].mail()).await;
    let spec = SchoolSpec::of(&schools::all()[0]);
    let export = Generator::new(7).generate(&spec, 120, 2026, date(2026, 9, 8));
    let bytes = export.to_zip_bytes().unwrap();
    head.import("export.zip", bytes)
        .await
        .must_say("La liste des élèves est chargée");
    (head, link)
}

async fn retention(served: &Served, more: &[&str]) -> Value {
    let arguments = [&["retention", "run", "--format", "json"], more].concat();
    let (code, out, err) = served.command(&arguments).await;
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

#[tokio::test]
async fn what_is_past_its_time_is_forgotten_by_hand() {
    let served = Served::start("").await;
    let (head, link) = served_school(&served).await;
    let list = head.at("/eleves").await;
    let student = list.attributes("tbody th a", "href").remove(0);
    let page = head.browser.get(&student).await;
    assert_eq!(retention(&served, &[]).await["students"], 0);

    let left = "UPDATE students SET left_on = '2026-01-01', leaves_on = NULL WHERE id = \
                (SELECT id FROM students ORDER BY sort_key, id LIMIT 1) AND 1 = ?";
    assert_eq!(served.write(left, 1).await, 1);
    let ended = "UPDATE invitations SET ended_at = ended_at - ?";
    assert_eq!(served.write(ended, 31 * DAY).await, 1);
    let preview = retention(&served, &["--dry-run"]).await;
    assert_eq!(
        (&preview["dry_run"], &preview["students"]),
        (&true.into(), &1.into())
    );
    assert_eq!(preview["invitations"], 1);
    head.browser.get(&page.path).await.must_be(200);
    let done = retention(&served, &[]).await;
    assert_eq!(
        (&done["students"], &done["invitations"]),
        (&1.into(), &1.into())
    );
    assert_eq!(retention(&served, &[]).await["students"], 0);

    head.browser.get(&page.path).await.must_be(404);
    let unknown = served.browser().get(&link).await;
    unknown
        .must_be(404)
        .must_say("Invitation introuvable")
        .must_say("Je n’ai rien reçu");
    let journal = head.at("/equipe/journal").await;
    journal
        .must_say("automatique")
        .must_say("Un élève parti depuis trois mois a été rendu anonyme");
    let (_, text, _) = served.command(&["retention", "run"]).await;
    assert!(text.contains("élèves partis, rendus anonymes"), "{text}");
}

#[tokio::test]
async fn the_daily_job_is_done_by_the_server_itself() {
    let served = Served::start("").await;
    for _ in 0..100 {
        let again = "UPDATE daily_jobs SET turn = turn WHERE done_at IS NOT NULL AND 1 = ?";
        if served.write(again, 1).await == 1 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the daily job was not done");
}

#[tokio::test]
async fn an_operator_hands_out_and_erases_a_pupil() {
    let served = Served::start("").await;
    let (head, _) = served_school(&served).await;
    let list = head.at("/eleves").await;
    let student = list.attributes("tbody th a", "href").remove(0);
    let id = student.rsplit('/').next().unwrap();
    let uai = schools::all()[0].uai.to_string();
    let whom = ["--uai", uai.as_str(), "--student", id];
    let (code, out, err) = served
        .command(&[&["pupil", "export"], &whom[..]].concat())
        .await;
    assert_eq!(code, 0, "{err}");
    let dossier: Value = serde_json::from_str(&out).unwrap();
    let number = dossier["student"]["eleve_id"].as_str().unwrap();
    let by_number = [
        "pupil",
        "export",
        "--uai",
        uai.as_str(),
        "--siecle-number",
        number,
    ];
    let (code, same, _) = served.command(&by_number).await;
    assert_eq!(code, 0);
    let same: Value = serde_json::from_str(&same).unwrap();
    assert_eq!(same["student"], dossier["student"]);

    let erase = [&["pupil", "erase"], &whom[..]].concat();
    let (code, _, err) = served.command(&erase).await;
    assert_eq!(code, 1);
    assert!(err.contains("--yes"), "{err}");
    head.browser.get(&student).await.must_be(200);
    let sure = [&erase[..], &["--yes"]].concat();
    assert_eq!(served.command(&sure).await.0, 0);
    head.browser.get(&student).await.must_be(404);
    let (code, _, err) = served.command(&sure).await;
    assert_eq!(code, 1);
    assert!(err.contains("Aucun élève"), "{err}");
}

#[tokio::test]
async fn a_leave_date_that_passed_is_written_once() {
    let served = Served::start("").await;
    let (head, _) = served_school(&served).await;
    let list = head.at("/eleves").await;
    let student = list.attributes("tbody th a", "href").remove(0);
    let leaves = "UPDATE students SET leaves_on = '2026-01-01' WHERE id = \
                  (SELECT id FROM students ORDER BY sort_key, id LIMIT 1) AND 1 = ?";
    assert_eq!(served.write(leaves, 1).await, 1);
    head.browser.get(&student).await.must_say("Parti le");
    let preview = retention(&served, &["--dry-run"]).await;
    let both = (&1.into(), &1.into());
    assert_eq!((&preview["leaves_due"], &preview["students"]), both);
    let done = retention(&served, &[]).await;
    assert_eq!((&done["leaves_due"], &done["students"]), both);
    let again = retention(&served, &[]).await;
    assert_eq!(
        (&again["leaves_due"], &again["students"]),
        (&0.into(), &0.into())
    );
    head.at("/equipe/journal")
        .await
        .must_say("automatique")
        .must_say("Un élève a quitté l’établissement : sa date de sortie est passée");
    head.browser.get(&student).await.must_be(404);
}
