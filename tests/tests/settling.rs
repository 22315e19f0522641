//! A parcours, the pupils it links, and what a member settles.

use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};

/// Enters as somebody, types the code and the right date of birth.
async fn comes(demo: &Demo, school: &School, who: &Somebody) -> (Browser, Page) {
    let browser = demo.browser();
    let door = enter(&browser, who).await;
    let check = browser
        .press(&door, "Commencer", &[("code", &school.code)])
        .await;
    check.must_be(200).must_say("C’est bien toi ?");
    let date = who.born.clone().expect("a pupil is born some day");
    let page = type_date(&browser, &check, &date).await;
    (browser, page)
}

/// Comes, is not recognised, and asks the teacher.
async fn asks(demo: &Demo, school: &School, particularity: &str) -> Browser {
    let who = somebody(demo, particularity, 0).await;
    let (browser, page) = comes(demo, school, &who).await;
    page.must_say("Nous ne t’avons pas retrouvé");
    let asked = browser.press(&page, "Demander à mon enseignant", &[]).await;
    asked.must_say("Ton enseignant est prévenu");
    browser
}

#[tokio::test]
async fn a_parcours_is_created_with_its_code_and_link_and_a_mistake_keeps_what_was_typed() {
    let demo = Demo::start().await;
    let School { head, .. } = school(&demo).await;
    let form = head.at("/parcours/nouveau").await;
    let typed = [
        ("title", ""),
        ("introduction", "À lire en classe."),
        ("destination", "http://exemple.fr"),
    ];
    let refused = head.browser.press(&form, "Créer le parcours", &typed).await;
    refused
        .must_be(422)
        .must_say("réponses sont à corriger")
        .must_say("https://");
    assert_eq!(
        refused.texts("textarea[name=introduction]"),
        ["À lire en classe."]
    );
    let good = [
        ("title", "Seconde, avril"),
        ("destination", "https://exemple.fr/suite"),
    ];
    let one = head
        .browser
        .press(&refused, "Créer le parcours", &good)
        .await;
    one.must_be(200)
        .must_say("Seconde, avril")
        .must_say("Personne n’est encore entré");
    let code = one.attributes("input#code", "value").remove(0);
    assert!(
        one.html
            .contains(&format!("{}/parcours/{code}", demo.address())),
        "no direct link"
    );
    let edit = head.browser.follow(&one, "Modifier").await;
    let edited = head
        .browser
        .press(&edit, "Enregistrer", &[("title", "Seconde, mai")])
        .await;
    edited.must_say("Seconde, mai");
}

#[tokio::test]
async fn a_pupil_is_linked_once_and_asked_nothing_the_next_time() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    head.at("/eleves")
        .await
        .must_say("Le dernier import peut être annulé");
    let who = somebody(&demo, "Élève de la liste", 0).await;
    let (pupil, linked) = comes(&demo, &school, &who).await;
    linked.must_be(200).must_say("Tu es rattaché à ta classe");
    let list = head.at("/eleves?rattachement=linked").await;
    assert_eq!(list.texts("tbody tr").len(), 1);
    list.must_say("Médiacentre")
        .must_not_say("Le dernier import peut être annulé");
    let history = head.at("/eleves/imports").await;
    let import = head
        .browser
        .get(&history.attributes("tbody a", "href")[0])
        .await;
    assert!(
        import.form("Annuler cet import").is_none(),
        "a link ends the undo"
    );

    let form = head.at("/parcours/nouveau").await;
    let second = head
        .browser
        .press(&form, "Créer le parcours", &[("title", "Le second")])
        .await;
    let code = second.attributes("input#code", "value").remove(0);
    let inside = pupil.get(&format!("/parcours/{code}")).await;
    inside
        .must_be(200)
        .must_say("Le second")
        .must_not_say("date de naissance");
    pupil
        .get("/parcours/mes-parcours")
        .await
        .must_say("Le second")
        .must_say("Rentrée");
    head.browser
        .get(&second.path)
        .await
        .must_say("Participants");
}

#[tokio::test]
async fn a_member_settles_a_request_by_linking() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let pupil = asks(&demo, &school, "faute de frappe").await;
    let list = head.at("/eleves?rattachement=to_check").await;
    list.must_say("Demande à vérifier")
        .must_say("Vérifier la demande");
    let requests = head.at("/eleves/demandes").await;
    let request = head
        .browser
        .get(&requests.attributes("tbody a", "href")[0])
        .await;
    request.must_be(200).must_say("noms qui se ressemblent");
    let student = request
        .attributes("input[name=student][type=radio]", "value")
        .remove(0);
    let nobody = head.browser.press(&request, "Rattacher", &[]).await;
    assert_eq!(nobody.status, 422, "nobody was chosen: {}", nobody.text());
    let done = head
        .browser
        .press(&request, "Rattacher", &[("student", &student)])
        .await;
    done.must_be(200).must_not_say("Demande à vérifier");
    head.browser
        .press(&request, "Rattacher", &[("student", &student)])
        .await
        .must_refuse("request_already_settled");
    pupil
        .get(&format!("/parcours/{}", school.code))
        .await
        .must_be(200)
        .must_not_say("C’est bien toi ?");

    let linked = head.at("/eleves?rattachement=linked").await;
    let page = head
        .browser
        .get(&linked.attributes("tbody th a", "href")[0])
        .await;
    let refused = head
        .browser
        .press(&page, "Défaire le rattachement", &[])
        .await;
    refused.must_be(422);
    let undone = head
        .browser
        .press(
            &page,
            "Défaire le rattachement",
            &[("reason", "Erreur de compte")],
        )
        .await;
    undone.must_be(200).must_say("Non rattaché");
}

#[tokio::test]
async fn a_member_refuses_a_request() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    asks(&demo, &school, "N’est plus dans la liste").await;
    let requests = school.head.at("/eleves/demandes").await;
    let request = school
        .head
        .browser
        .get(&requests.attributes("tbody a", "href")[0])
        .await;
    let done = school
        .head
        .browser
        .press(&request, "Ce n’est pas un élève", &[])
        .await;
    done.must_be(200);
    school
        .head
        .at("/eleves/demandes")
        .await
        .must_say("Aucune demande en attente");
}

#[tokio::test]
async fn an_administrator_moves_the_link_to_a_new_identity() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let first = somebody(&demo, "Élève de la liste", 0).await;
    let (_, linked) = comes(&demo, &school, &first).await;
    linked.must_say("Tu es rattaché");
    let pupil = asks(&demo, &school, "après un changement d’ENT").await;
    let requests = school.head.at("/eleves/demandes").await;
    let request = school
        .head
        .browser
        .get(&requests.attributes("tbody a", "href")[0])
        .await;
    request.must_say("avec un nouvel identifiant");
    let moved = school
        .head
        .browser
        .press(&request, "C’est le même élève", &[])
        .await;
    moved.must_be(200);
    pupil
        .get(&format!("/parcours/{}", school.code))
        .await
        .must_not_say("C’est bien toi ?");
}
