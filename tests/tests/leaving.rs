//! Pupils whose leave date passes: nothing has to be pressed for them to have left.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use jiff::ToSpan as _;
use jiff::civil::Date;
use journeys::page::readable;
use journeys::people::Head;
use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};
use pix_orga_domain::clock::day_in_paris;

const ORDINARY: &str = "Élève de la liste";
const CHANGED: &str = "après un changement d’ENT";

/// Enters and types their date.
async fn comes(demo: &Demo, code: &str, who: &Somebody) -> (Browser, Page) {
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let page = type_date(&browser, &check, who.born.as_ref().unwrap()).await;
    (browser, page)
}

fn today() -> Date {
    day_in_paris(jiff::Timestamp::now())
}

/// SIECLE said when the pupils who are linked leave, all but the last one.
async fn linked_leave_on(demo: &Demo, day: Date) {
    let leave = format!(
        "UPDATE students SET leaves_on = '{day}' WHERE linked_at < (SELECT MAX(linked_at) FROM students) AND 1 = ?"
    );
    assert!(demo.write(&leave, 1).await > 0);
}

async fn another_parcours(head: &Head) -> String {
    let form = head.at("/parcours/nouveau").await;
    let title = [("title", "Le second")];
    let created = head.browser.press(&form, "Créer le parcours", &title).await;
    created.attributes("input#code", "value").remove(0)
}

#[tokio::test]
async fn who_left_by_their_date_enters_nothing_new_and_keeps_what_they_entered() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let first = somebody(&demo, ORDINARY, 0).await;
    let (leaver, page) = comes(&demo, &code, &first).await;
    page.must_say("Tu es rattaché à ta classe");
    let (stayer, _) = comes(&demo, &code, &somebody(&demo, ORDINARY, 1).await).await;
    let all = head.at("/eleves").await.texts(".page-head p").remove(0);
    let second = another_parcours(&head).await;

    // The last day is still a day at school.
    linked_leave_on(&demo, today()).await;
    let list = head.at("/eleves").await;
    assert_eq!(list.texts(".page-head p")[0], all);
    let linked = head.at("/eleves?rattachement=linked").await;
    let sheets = linked.attributes("tbody th a", "href");
    assert_eq!(sheets.len(), 2);

    linked_leave_on(&demo, today().saturating_sub(1.day())).await;
    let list = head.at("/eleves").await;
    assert_ne!(list.texts(".page-head p")[0], all);
    let linked = head.at("/eleves?rattachement=linked").await;
    assert_eq!(linked.texts("tbody tr").len(), 1);
    let refused = leaver.get(&format!("/parcours/{second}")).await;
    refused.must_be(403).must_refuse("left_school");
    leaver
        .follow(&refused, "Voir mes parcours")
        .await
        .must_be(200)
        .must_say("Rentrée")
        .must_not_say("Le second");
    let door = leaver.get("/parcours").await;
    leaver
        .press(&door, "Commencer", &[("code", &second)])
        .await
        .must_be(403)
        .must_refuse("left_school");
    leaver
        .get(&format!("/parcours/{code}"))
        .await
        .must_be(200)
        .must_say("Te revoilà");
    stayer
        .get(&format!("/parcours/{second}"))
        .await
        .must_be(200)
        .must_say("Te revoilà");
    let mut gone = sheets.iter().filter(|url| !linked.html.contains(*url));
    let sheet = head.browser.get(gone.next_back().unwrap()).await;
    sheet.must_be(200).must_say("Parti le");

    // Nobody else learns it: the same pupil's other account is not found, and the teacher sees nobody.
    let changed = somebody(&demo, CHANGED, 0).await;
    let (other, neutral) = comes(&demo, &code, &changed).await;
    neutral.must_say("Nous ne t’avons pas retrouvé");
    other
        .press(&neutral, "Demander à mon enseignant", &[])
        .await
        .must_say("Ton enseignant est prévenu");
    let requests = head.at("/eleves/demandes").await;
    requests.must_say("Personne");
}

#[tokio::test]
async fn who_left_is_marked_among_participants_and_can_be_hidden() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    for rank in 0..3 {
        let who = somebody(&demo, ORDINARY, rank).await;
        let (_, page) = comes(&demo, &code, &who).await;
        page.must_say("Tu es rattaché");
    }
    let list = head.at("/parcours").await;
    let one = head.browser.follow(&list, "Rentrée").await;
    one.must_not_say("a quitté l’établissement")
        .must_say("1 à 3 sur 3 participants");
    let yesterday = today().saturating_sub(1.day());
    linked_leave_on(&demo, yesterday).await;

    let one = head.browser.get(&one.path).await;
    one.must_say("2 participants ont quitté l’établissement")
        .must_say("1 à 3 sur 3 participants");
    let marked: Vec<_> = one
        .texts("tbody tr")
        .into_iter()
        .map(|row| row.contains(&readable("Parti le")))
        .collect();
    assert_eq!(marked, [false, true, true]);
    let hidden = head.browser.follow(&one, "Les masquer").await;
    hidden
        .must_say("ils sont masqués")
        .must_say("1 à 1 sur 1 participant");
    assert_eq!(hidden.texts("tbody tr").len(), 1);
    let shown = head.browser.follow(&hidden, "Les montrer").await;
    assert_eq!(shown.texts("tbody tr").len(), 3);
    let pupil = shown.attributes("tbody th a", "href").pop().unwrap();
    head.browser.get(&pupil).await.must_say("Parti le");
}
