//! A parcours, the pupils it links, and what a member settles.

use journeys::page::readable;
use journeys::people::join;
use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};

const CLAIRE: &str = "claire.petit@college.invalid";

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

/// Everybody of a list, page after page, as « Nom Prénom ».
async fn everybody_of(browser: &Browser, first: Page) -> Vec<String> {
    let mut names = first.texts("tbody th");
    let mut page = first;
    while let Some(next) = page.link("Suivante") {
        page = browser.get(&next).await;
        names.extend(page.texts("tbody th"));
    }
    names
}

/// Everybody of a file, as the list names them, and its class for each.
fn everybody_in(csv: &str) -> Vec<(String, String)> {
    let rows = csv.lines().skip(1);
    rows.map(|row| {
        let cells: Vec<_> = row.split(';').collect();
        assert_eq!(cells.len(), 7, "{row}");
        let usage = match cells[1] {
            "" => String::new(),
            usage => format!(" ({usage})"),
        };
        let name = readable(&format!("{}{usage} {}", cells[0], cells[2]));
        (name, cells[4].to_owned())
    })
    .collect()
}

#[tokio::test]
async fn who_never_came_is_one_click_away_and_exported_as_shown() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let everybody = everybody_of(&head.browser, head.at("/eleves").await).await;
    for rank in 0..3 {
        let who = somebody(&demo, "Élève de la liste", rank).await;
        let (_, linked) = comes(&demo, &school, &who).await;
        linked.must_say("Tu es rattaché à ta classe");
    }
    let linked = head.at("/eleves?rattachement=linked").await;
    linked.must_say("3 élèves rattachés");
    let came = linked.texts("tbody th");
    let class = linked.texts("tbody td[data-label=Classe]").remove(0);

    head.invite(CLAIRE, "member").await;
    let (claire, home) = join(&demo, CLAIRE, "Claire", "Petit").await;
    let left = format!("{} élèves ne sont pas encore venus", everybody.len() - 3);
    home.must_say(&left.replace("élèves ", ""));
    let list = claire.follow(&home, "Voir les élèves").await;
    let all = list.link("Exporter tous les élèves").unwrap();
    let all = claire.get(&all).await;
    assert_eq!(everybody_in(&all.html).len(), everybody.len());

    let never_came = claire.follow(&list, &left).await;
    never_came
        .must_be(200)
        .must_say("Donnez-leur le code d’un parcours")
        .must_not_say("Exporter tous les élèves");
    assert_eq!(never_came.texts("caption").len(), 1);
    assert!(never_came.texts("caption")[0].starts_with(&left));
    let export = claire.follow(&never_came, "Exporter cette liste").await;
    assert!(
        export
            .header("content-disposition")
            .contains("-extrait.csv")
    );
    let exported = everybody_in(&export.html);
    let shown = everybody_of(&claire, never_came).await;
    let names: Vec<_> = exported.iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, shown);
    let others: Vec<_> = everybody
        .into_iter()
        .filter(|name| !came.contains(name))
        .collect();
    assert_eq!(shown, others);

    let of_class: Vec<_> = exported
        .into_iter()
        .filter(|(_, of)| *of == class)
        .collect();
    let in_class = format!("{} pas encore venus , en {class}", of_class.len());
    let one_class = claire.follow(&list, &in_class).await;
    let title = format!(
        "{class} : {} élèves ne sont pas encore venus",
        of_class.len()
    );
    one_class.must_say(&title);
    let export = claire.follow(&one_class, "Exporter cette liste").await;
    assert_eq!(everybody_in(&export.html), of_class);
}

#[tokio::test]
async fn a_member_settles_a_request_by_linking() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let pupil = asks(&demo, &school, "faute de frappe").await;
    let list = head.at("/eleves?rattachement=to_check").await;
    list.must_say("Demande à vérifier")
        .must_say("Vérifier sa demande");
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
