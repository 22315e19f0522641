//! What the rules of the roster say no to, and what the page then says to do.

use std::time::Duration;

use journeys::export::{Export, UAI, sound};
use journeys::people::Head;
use journeys::pupils::{School, enter, school, somebody, type_date};
use journeys::served::Served;
use journeys::{Demo, Page};

/// Zoé and Ana of 6A.
fn two() -> Export {
    Export::default()
        .with("1", "6A", &sound("000000001AB", "SEUL", "Zoé"))
        .with("2", "6A", &sound("000000002AB", "PAIRE", "Ana"))
}

fn three() -> Export {
    two().with("3", "6B", &sound("000000003AB", "TROIS", "Léo"))
}

/// As many pupils as a large lycée has, to be read for a while.
fn many() -> Vec<u8> {
    let mut export = two();
    for number in 100..15_100 {
        let id = number.to_string();
        let ine = format!("{number:09}CD");
        export = export.with(&id, "6C", &sound(&ine, "MULTITUDE", &format!("Ida{id}")));
    }
    export.bytes()
}

async fn imported(demo: &Demo, export: &Export) -> Head {
    let head = Head::arrives(demo).await;
    head.import("liste.xml", export.bytes())
        .await
        .must_say("La liste des élèves est chargée");
    head
}

/// The page of the list while an import runs.
async fn while_it_runs(head: &Head) -> Page {
    for _ in 0..1_000 {
        let list = head.at("/eleves").await;
        if list.says("Un import est en cours") {
            return list;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("no import was ever seen running");
}

#[tokio::test]
async fn one_import_at_a_time() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let many = many();
    let choose = head.at("/eleves/importer").await;
    let (first, (list, second)) = tokio::join!(head.import("beaucoup.xml", many), async {
        let list = while_it_runs(&head).await;
        let button = "Importer (.xml ou .zip)";
        let small = two().bytes();
        let other = head
            .browser
            .upload(&choose, button, "fichier", "deux.xml", small);
        (list, other.await)
    });
    second.must_be(409).must_refuse("import_in_progress");
    first.must_say("La liste des élèves est chargée");
    // The list's link leads to how far it was.
    head.browser
        .follow(&list, "Voir où il en est")
        .await
        .must_be(200)
        .must_say("15002");
    head.at("/eleves").await.must_say("15002 élèves");
    let again = head.import("deux.xml", two().bytes()).await;
    again.must_say("Combien d’élèves vont quitter la liste");
}

#[tokio::test]
async fn a_plan_made_on_an_older_list_is_shown_again() {
    let demo = Demo::start().await;
    let head = imported(&demo, &two()).await;
    let plan = head.import("trois.xml", three().bytes()).await;
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("TROIS");
    let fourth = three().with("4", "6B", &sound("000000004AB", "QUATRE", "Nour"));
    let plan = head.import("quatre.xml", fourth.bytes()).await;
    plan.must_say("1 arrivée");
    // Meanwhile somebody undoes the former import, from a page kept open.
    head.browser
        .press(&list, "Annuler le dernier import", &[])
        .await
        .must_say("L’import est annulé")
        .must_not_say("TROIS");
    let stale = head.browser.press(&plan, "Confirmer", &[]).await;
    stale
        .must_be(409)
        .must_say("La liste a changé entre-temps")
        .must_say("Relisez avant de confirmer")
        .must_say("2 arrivées");
    head.at("/eleves").await.must_not_say("QUATRE");
    let done = head.browser.press(&stale, "Confirmer", &[]).await;
    done.must_say("La liste des élèves est chargée")
        .must_say("TROIS")
        .must_say("QUATRE");
    // A page of before says what became of it.
    let late = head.browser.press(&plan, "Confirmer", &[]).await;
    late.must_be(200)
        .must_say("La liste des élèves est chargée");
    let abandoned = head
        .browser
        .press(&plan, "Abandonner cet import", &[])
        .await;
    abandoned.must_be(409).must_refuse("plan_not_waiting");
}

#[tokio::test]
async fn an_import_is_undone_within_a_day() {
    let demo = Demo::start().await;
    let head = imported(&demo, &two()).await;
    let list = head.at("/eleves").await;
    list.must_say("Possible jusqu’au ");
    // The instant is in the import's body.
    let at = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(25);
    let in_file = format!("UPDATE imports SET body = json_set(body, '$.state.at', '{at}')");
    let in_server = format!(
        "UPDATE imports SET body = jsonb_set(body::jsonb, '{{state,at}}', to_jsonb('{at}'::text))::text"
    );
    let mut database = demo.database().open().await;
    database.run(&in_file, &in_server).await;
    let late = head
        .browser
        .press(&list, "Annuler le dernier import", &[])
        .await;
    late.must_be(409).must_refuse("undo_expired");
    head.at("/eleves")
        .await
        .must_say("SEUL")
        .must_not_say("peut être annulé");
}

#[tokio::test]
async fn a_link_ends_the_possibility_of_undoing() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let list = head.at("/eleves").await;
    list.must_say("Le dernier import peut être annulé");
    let who = somebody(&demo, "Élève de la liste", 0).await;
    let pupil = demo.browser();
    enter(&pupil, &who).await;
    let check = pupil.get(&format!("/parcours/{code}")).await;
    type_date(&pupil, &check, &who.born.unwrap())
        .await
        .must_say("Tu es rattaché");
    let late = head
        .browser
        .press(&list, "Annuler le dernier import", &[])
        .await;
    late.must_be(409).must_refuse("undo_expired");
    head.at("/eleves?rattachement=linked")
        .await
        .must_say("Médiacentre");
}

#[tokio::test]
async fn undoing_the_first_import_empties_the_list_and_the_next_is_a_first_again() {
    let demo = Demo::start().await;
    let head = imported(&demo, &two()).await;
    let list = head.at("/eleves").await;
    let undone = head
        .browser
        .press(&list, "Annuler le dernier import", &[])
        .await;
    undone
        .must_say("L’import est annulé")
        .must_say("La liste des élèves n’est pas encore là");
    head.browser
        .press(&list, "Annuler le dernier import", &[])
        .await
        .must_be(409)
        .must_refuse("undo_expired");
    // Straight in, without a question.
    head.import("trois.xml", three().bytes())
        .await
        .must_say("La liste des élèves est chargée");
}

#[tokio::test]
async fn one_import_and_no_more_until_an_operator_allows_another() {
    let server = Served::start("[imports]\npolicy = \"once\"\n").await;
    let link = server.invitation().await;
    let head = Head::follows(server.browser(), &link, "camille@college.invalid").await;
    let refused = async |what: &Export| {
        let page = head.import("liste.xml", what.bytes()).await;
        page.must_be(409).must_refuse("roster_already_imported");
    };
    let count = async |pupils: &str| {
        head.at("/eleves")
            .await
            .must_say(&format!("{pupils} élèves"));
    };
    head.import("liste.xml", two().bytes())
        .await
        .must_say("La liste des élèves est chargée");
    refused(&three()).await;
    count("2").await;

    let allow = ["schools", "allow-import", UAI];
    let (code, out, err) = server.command(&allow).await;
    assert_eq!(
        (code, out.trim()),
        (0, "Un import de plus est permis."),
        "{err}"
    );
    let plan = head.import("liste.xml", three().bytes()).await;
    // A plan that is abandoned costs nothing.
    head.browser
        .press(&plan, "Abandonner cet import", &[])
        .await
        .must_say("Rien n’a changé");
    let plan = head.import("liste.xml", three().bytes()).await;
    let list = head.browser.press(&plan, "Confirmer", &[]).await;
    list.must_say("La liste des élèves est chargée");
    count("3").await;
    refused(&two()).await;

    // Undone, the import is given back.
    head.browser
        .press(&list, "Annuler le dernier import", &[])
        .await
        .must_say("L’import est annulé");
    count("2").await;
    let plan = head.import("liste.xml", three().bytes()).await;
    head.browser
        .press(&plan, "Confirmer", &[])
        .await
        .must_say("La liste des élèves est chargée");
    refused(&two()).await;

    // Two allowed are two.
    for _ in 0..2 {
        assert_eq!(server.command(&allow).await.0, 0);
    }
    let fourth = three().with("4", "6B", &sound("000000004AB", "QUATRE", "Nour"));
    let fifth = three().with("5", "6B", &sound("000000005AB", "CINQ", "Ali"));
    for export in [fourth, fifth] {
        let plan = head.import("liste.xml", export.bytes()).await;
        head.browser
            .press(&plan, "Confirmer", &[])
            .await
            .must_say("La liste des élèves est chargée");
    }
    refused(&two()).await;
}
