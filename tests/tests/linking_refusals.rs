//! What the rules of links and of parcours say no to, and what the page then says to do: pages kept open while somebody
//! else settles the same thing.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::export::{Export, sound};
use journeys::people::Head;
use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};

const ORDINARY: &str = "Élève de la liste";
const MISSPELT: &str = "faute de frappe";
const GONE: &str = "N’est plus dans la liste";
const CHANGED: &str = "après un changement d’ENT";

/// Enters as somebody and types their own date of birth.
async fn comes(demo: &Demo, code: &str, who: &Somebody) -> (Browser, Page) {
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let page = type_date(&browser, &check, who.born.as_ref().unwrap()).await;
    (browser, page)
}

/// The pupil of a particularity is linked.
async fn linked(demo: &Demo, code: &str, rank: usize) -> Browser {
    let who = somebody(demo, ORDINARY, rank).await;
    let (browser, page) = comes(demo, code, &who).await;
    page.must_say("Tu es rattaché");
    browser
}

/// Somebody who is not found asks the teacher: the page of the request, in the space.
async fn request_of(demo: &Demo, school: &School, particularity: &str) -> Page {
    let who = somebody(demo, particularity, 0).await;
    let (browser, page) = comes(demo, &school.code, &who).await;
    browser
        .press(&page, "Demander à mon enseignant", &[])
        .await
        .must_say("Ton enseignant est prévenu");
    request(&school.head).await
}

/// The last request of the list.
async fn request(head: &Head) -> Page {
    let requests = head.at("/eleves/demandes").await;
    let last = requests.attributes("tbody a", "href").pop().unwrap();
    head.browser.get(&last).await
}

/// The pages of the students who are linked.
async fn linked_students(head: &Head) -> Vec<String> {
    let list = head.at("/eleves?rattachement=linked").await;
    list.attributes("tbody th a", "href")
}

/// Somebody of the list, found by the request's own search: the page with them, and what chooses them.
async fn searched(head: &Head, request: &Page, student: &str) -> (Page, String) {
    let id = student.rsplit('/').next().unwrap().to_owned();
    let sheet = head.browser.get(student).await;
    let words = [("recherche", &*sheet.heading())];
    let found = head.browser.press(request, "Chercher", &words).await;
    (found, id)
}

#[tokio::test]
async fn a_student_who_was_linked_meanwhile_is_not_linked_again() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let asked = request_of(&demo, &school, GONE).await;
    let link = format!("{}/rattacher", asked.path);
    let nobody = [("student", "")];
    let missing = head.browser.post(&asked, &link, &nobody).await;
    missing.must_be(422).must_refuse("student_missing");
    // A first link says which student it is; undone, they can be chosen.
    linked(&demo, &school.code, 0).await;
    let student = linked_students(head).await.remove(0);
    let sheet = head.browser.get(&student).await;
    let reason = [("reason", "Pour voir.")];
    let free = head
        .browser
        .press(&sheet, "Défaire le rattachement", &reason)
        .await;
    free.must_say("Le rattachement est défait");
    let (found, id) = searched(head, &asked, &student).await;
    linked(&demo, &school.code, 0).await;
    let late = head
        .browser
        .press(&found, "Rattacher", &[("student", &id)])
        .await;
    late.must_be(200)
        .must_refuse("already_linked")
        .must_say("Qui est-ce dans votre liste ?");
    assert_eq!(linked_students(head).await.len(), 1);
}

#[tokio::test]
async fn a_student_who_left_the_list_meanwhile_is_not_linked() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let asked = request_of(&demo, &school, MISSPELT).await;
    let student = asked.attributes("input[name=student][type=radio]", "value");
    let only = Export::default().with("1", "6A", &sound("000000001AB", "SEUL", "Zoé"));
    let plan = head.import("un.xml", only.bytes()).await;
    let button = plan.texts("button").join(" ");
    let leavers = button
        .split(", ")
        .find(|part| part.contains("départs"))
        .unwrap();
    let leavers: String = leavers.chars().take_while(char::is_ascii_digit).collect();
    head.browser
        .press(&plan, "Confirmer", &[("leavers", &leavers)])
        .await
        .must_say("La liste des élèves est chargée");
    let late = head
        .browser
        .press(&asked, "Rattacher", &[("student", &student[0])])
        .await;
    late.must_be(200).must_refuse("student_not_found");
    // A pupil's id that never was answers the same.
    let nobody = "0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a";
    head.browser
        .press(&asked, "Rattacher", &[("student", nobody)])
        .await
        .must_refuse("student_not_found");
}

#[tokio::test]
async fn a_link_is_undone_once_and_for_a_reason_that_can_be_read() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    linked(&demo, &school.code, 0).await;
    let changed = request_of(&demo, &school, CHANGED).await;
    let sheet = head.browser.get(&linked_students(head).await[0]).await;
    let button = "Défaire le rattachement";
    let press = async |page: &Page, reason: &str| {
        head.browser
            .press(page, button, &[("reason", reason)])
            .await
    };
    let missing = press(&sheet, "  ").await;
    missing.must_be(422).must_refuse("reason_missing");
    let long = "é".repeat(301);
    let refused = press(&missing, &long).await;
    refused.must_be(422).must_refuse("reason_too_long");
    assert_eq!(refused.attributes("input[name=reason]", "value"), [long]);
    let done = press(&refused, &"é".repeat(300)).await;
    done.must_be(200).must_say("Le rattachement est défait");
    let late = press(&sheet, "Encore.").await;
    late.must_be(200).must_refuse("not_linked");
    // Nor is there anything to move to the account that asks.
    head.browser
        .press(&changed, "C’est le même élève", &[])
        .await
        .must_refuse("not_linked");
}

#[tokio::test]
async fn an_account_is_one_student_s() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    linked(&demo, &school.code, 1).await;
    let other = linked_students(head).await.remove(0);
    let sheet = head.browser.get(&other).await;
    head.browser
        .press(
            &sheet,
            "Défaire le rattachement",
            &[("reason", "Pour voir.")],
        )
        .await
        .must_say("Le rattachement est défait");
    let former = linked(&demo, &school.code, 0).await;
    let first = linked_students(head).await.remove(0);
    let moved = request_of(&demo, &school, CHANGED).await;
    head.browser
        .press(&moved, "C’est le même élève", &[])
        .await
        .must_say("Le rattachement est passé au nouveau compte");
    // The former account asks in its turn, and is linked to somebody else.
    let who = somebody(&demo, ORDINARY, 0).await;
    let check = former.get(&format!("/parcours/{}", school.code)).await;
    let page = type_date(&former, &check, &who.born.unwrap()).await;
    former
        .press(&page, "Demander à mon enseignant", &[])
        .await
        .must_say("Ton enseignant est prévenu");
    let (found, id) = searched(head, &request(head).await, &other).await;
    head.browser
        .press(&found, "Rattacher", &[("student", &id)])
        .await
        .must_say("L’élève est rattaché");
    let sheet = head.browser.get(&first).await;
    let button = "Rendre le rattachement à l’ancien compte";
    let refused = head.browser.press(&sheet, button, &[]).await;
    refused.must_be(200).must_refuse("pupil_already_linked");
    // As it says: undone, the link goes back.
    let sheet = head.browser.get(&other).await;
    head.browser
        .press(
            &sheet,
            "Défaire le rattachement",
            &[("reason", "Ce n’est pas lui.")],
        )
        .await
        .must_say("Le rattachement est défait");
    head.browser
        .press(&refused, button, &[])
        .await
        .must_say("Le rattachement est rendu à l’ancien compte");
}

#[tokio::test]
async fn a_request_is_settled_once() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let asked = request_of(&demo, &school, MISSPELT).await;
    let student = asked.attributes("input[name=student][type=radio]", "value");
    head.browser
        .press(&asked, "Ce n’est pas un élève", &[])
        .await
        .must_say("La demande est refusée");
    for (button, chosen) in [
        ("Rattacher", vec![("student", student[0].as_str())]),
        ("Ce n’est pas un élève", Vec::new()),
    ] {
        let late = head.browser.press(&asked, button, &chosen).await;
        late.must_be(200)
            .must_refuse("request_already_settled")
            .must_say("Revenez à la liste des demandes");
    }
    head.browser
        .get(&asked.path)
        .await
        .must_refuse("request_already_settled");
    let nowhere = "/eleves/demandes/0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a";
    head.at(nowhere)
        .await
        .must_be(404)
        .must_refuse("request_not_found")
        .must_say("Revenez à la liste des demandes");
}

#[tokio::test]
async fn a_parcours_that_is_archived_is_not_modified() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let list = head.at("/parcours").await;
    let one = head.browser.follow(&list, "Rentrée").await;
    let edit = head.browser.follow(&one, "Modifier").await;
    let archived = head.browser.press(&one, "Archiver", &[]).await;
    archived.must_say("Le parcours est archivé");
    let late = head
        .browser
        .press(&edit, "Enregistrer", &[("title", "Trop tard")])
        .await;
    late.must_be(410)
        .must_say("Parcours archivé")
        .must_refuse("campaign_archived");
    head.browser
        .get(&edit.path)
        .await
        .must_be(410)
        .must_refuse("campaign_archived");
    let who = somebody(&demo, ORDINARY, 0).await;
    let pupil = demo.browser();
    enter(&pupil, &who).await;
    pupil
        .get(&format!("/parcours/{code}"))
        .await
        .must_say("Parcours terminé")
        .must_not_say("date de naissance");
    let reopened = head.browser.press(&archived, "Rouvrir", &[]).await;
    reopened.must_say("Le parcours est rouvert");
    head.browser
        .press(&edit, "Enregistrer", &[("title", "À temps")])
        .await
        .must_say("À temps");
    head.at("/parcours/0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a")
        .await
        .must_be(404)
        .must_refuse("campaign_not_found");
}

#[tokio::test]
async fn what_is_too_long_for_a_parcours_is_said_and_kept() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let form = head.at("/parcours/nouveau").await;
    let (title, introduction) = ("é".repeat(121), "é".repeat(2_001));
    let destination = format!("https://exemple.fr/{}", "a".repeat(2_000));
    let typed = [
        ("title", title.as_str()),
        ("introduction", &introduction),
        ("destination", &destination),
    ];
    let refused = head.browser.press(&form, "Créer le parcours", &typed).await;
    refused
        .must_be(422)
        .must_refuse("campaign_title_too_long")
        .must_refuse("campaign_introduction_too_long")
        .must_refuse("campaign_destination_too_long");
    assert_eq!(refused.attributes("input[name=title]", "value"), [title]);
    assert_eq!(refused.texts("textarea[name=introduction]"), [introduction]);
    assert_eq!(
        refused.attributes("input[name=destination]", "value"),
        [destination]
    );
    let shorter = [
        ("title", "É"),
        ("introduction", ""),
        ("destination", "https://exemple.fr/"),
    ];
    head.browser
        .press(&refused, "Créer le parcours", &shorter)
        .await
        .must_be(200)
        .must_say("Personne n’est encore entré");
}
