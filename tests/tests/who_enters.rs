//! Who enters by the médiacentre: nothing says why a pupil is not found, and nobody keeps another's session.

use journeys::page::Form;
use journeys::pupils::{School, arrive, enter, school, somebody, type_date};
use journeys::served::Served;
use journeys::{Browser, Demo, Page};

/// The page, save the token of the browser and what was typed.
fn without_the_typed(page: &Page, date: &[String; 3]) -> String {
    let mut html = page.html.clone();
    for token in page.attributes("input[name=csrf]", "value") {
        html = html.replace(&token, "TOKEN");
    }
    for typed in date {
        html = html.replace(&format!("value=\"{typed}\""), "value=\"TYPED\"");
    }
    html
}

#[tokio::test]
async fn the_answer_is_the_same_whatever_the_reason() {
    let demo = Demo::start().await;
    let School { code, .. } = school(&demo).await;
    let link = format!("/parcours/{code}");
    let linked = somebody(&demo, "Élève de la liste", 0).await;
    let browser = demo.browser();
    enter(&browser, &linked).await;
    let check = browser.get(&link).await;
    let done = type_date(&browser, &check, &linked.born.clone().unwrap()).await;
    done.must_say("Tu es rattaché à ta classe");

    let wrong = ["1", "2", "2012"].map(str::to_owned);
    let mut answers = Vec::new();
    for (particularity, rank, date) in [
        ("Élève de la liste", 1, Some(wrong)), // no such date
        ("N'est plus dans la liste", 0, None), // left
        ("faute de frappe", 0, None),          // names differ
        ("changement d'ENT", 0, None),         // linked already
    ] {
        let who = somebody(&demo, particularity, rank).await;
        let date = date.or(who.born.clone()).unwrap();
        let browser = demo.browser();
        enter(&browser, &who).await;
        let check = browser.get(&link).await;
        let answer = type_date(&browser, &check, &date).await;
        answer
            .must_say("Nous ne t’avons pas retrouvé")
            .must_say("Demander à mon enseignant");
        answers.push((
            particularity,
            answer.status,
            without_the_typed(&answer, &date),
        ));
    }
    let (_, status, html) = answers[0].clone();
    for (particularity, other_status, other_html) in answers {
        assert_eq!(status, other_status, "{particularity}");
        assert_eq!(html, other_html, "{particularity}");
    }
}

#[tokio::test]
async fn five_tries_a_day_then_only_the_teacher() {
    let demo = Demo::start().await;
    let School { code, .. } = school(&demo).await;
    let who = somebody(&demo, "Élève de la liste", 2).await;
    let browser = demo.browser();
    enter(&browser, &who).await;
    let mut page = browser.get(&format!("/parcours/{code}")).await;
    let not_a_day = type_date(&browser, &page, &["31", "2", "2012"].map(str::to_owned)).await;
    not_a_day.must_be(422).must_refuse("birthdate_invalid");
    let too_old = type_date(&browser, &page, &["1", "2", "1912"].map(str::to_owned)).await;
    too_old.must_be(422).must_refuse("birthdate_out_of_range");
    for _ in 0..5 {
        page = type_date(&browser, &page, &["1", "2", "2012"].map(str::to_owned)).await;
        page.must_be(200).must_say("Nous ne t’avons pas retrouvé");
    }
    page.must_not_say("Essayer encore")
        .must_say("Demander à mon enseignant");
    // Even the right date, sent by a page of before, opens nothing any more.
    let [day, month, year] = who.born.unwrap();
    let dates = [
        ("birthdate-day", &*day),
        ("birthdate-month", &*month),
        ("birthdate-year", &*year),
    ];
    let form = posted(
        &begin_of(&browser).await,
        &format!("/parcours/{code}"),
        &dates,
    );
    let late = browser.send(form).await;
    late.must_refuse("attempts_exhausted_today")
        .must_not_say("rattaché");
}

#[tokio::test]
async fn a_pupil_takes_the_place_of_whoever_was_signed_in() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let link = format!("/parcours/{code}");
    head.browser
        .get(&link)
        .await
        .must_be(403)
        .must_say("Une page pour les élèves")
        .must_refuse("pupils_only");
    let teacher = somebody(&demo, "N'est pas un élève", 0).await;
    enter(&head.browser, &teacher)
        .await
        .must_be(403)
        .must_say("Cette entrée est celle des élèves")
        .must_not_say("Demande à ton enseignant")
        .must_say("Se connecter à Pix Orga")
        .must_say("Vous êtes parent")
        .must_refuse("not_a_pupil");
    head.at("")
        .await
        .must_be(200)
        .must_say("Préparer votre espace");
    let pupil = somebody(&demo, "Élève de la liste", 3).await;
    let arrived = enter(&head.browser, &pupil).await;
    assert_eq!(arrived.path, link, "the campaign they were on the way to");
    arrived.must_be(200).must_say("C’est bien toi ?");
    for path in ["", "/eleves", "/eleves/demandes", "/parcours", "/equipe"] {
        let page = head.at(path).await;
        page.must_be(403)
            .must_say("Une page pour les adultes")
            .must_refuse("adults_only");
    }
    let left = head.browser.press(&arrived, "Ce n’est pas moi", &[]).await;
    left.must_say("Tu es déconnecté");
    head.browser
        .get("/parcours")
        .await
        .must_say("Entre par ton Médiacentre");
    head.at("").await.must_say("Se connecter");
}

#[tokio::test]
async fn a_pupil_is_welcomed_once_and_told_to_close_the_browser() {
    let demo = Demo::start().await;
    let School { code, .. } = school(&demo).await;
    let who = somebody(&demo, "Élève de la liste", 5).await;
    let browser = demo.browser();
    browser.get(&format!("/parcours/{code}")).await;
    let welcome = arrive(&browser, &who).await;
    welcome
        .must_be(200)
        .must_say("ton compte Pix est prêt")
        .must_say("Ton parcours t’attend");
    let check = browser.follow(&welcome, "Continuer").await;
    check.must_say("C’est bien toi ?");
    browser
        .get("/parcours/bonjour")
        .await
        .must_say("Commencer")
        .must_not_say("ton compte Pix est prêt");
    let out = browser.press(&check, "Se déconnecter", &[]).await;
    out.must_say("Tu es déconnecté")
        .must_say("Ferme maintenant toutes les fenêtres du navigateur");
    let again = arrive(&browser, &who).await;
    again
        .must_say("Commencer")
        .must_not_say("ton compte Pix est prêt");
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_refused_in_plain_words() {
    let demo = Demo::start().await;
    let School { .. } = school(&demo).await;
    let browser = demo.browser();
    let begin = enter(&browser, &somebody(&demo, "Élève de la liste", 4).await).await;
    let nothing = posted(
        &begin,
        "/gar/acs",
        &[("RelayState", "https://mal.invalid/")],
    );
    let refused = browser.send(nothing).await;
    refused
        .must_be(403)
        .must_refuse("gar_sign_in_refused")
        .must_say("Ferme toutes les fenêtres du navigateur");
    assert_eq!(refused.path, "/gar/acs", "it leads nowhere else");
    let large = "A".repeat(600 * 1024);
    let large = posted(&begin, "/gar/acs", &[("SAMLResponse", large.as_str())]);
    browser
        .send(large)
        .await
        .must_be(413)
        .must_say("Retourner au Médiacentre");
    browser.get("/parcours").await.must_say("Commencer");
}

/// A form of this browser, sent elsewhere with other fields.
fn posted(page: &Page, action: &str, fields: &[(&str, &str)]) -> Form {
    let mut form = page.form("Commencer").expect("no code to type");
    action.clone_into(&mut form.action);
    for (name, value) in fields {
        form.fields.retain(|(known, _)| known != name);
        form.fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    form
}

#[tokio::test]
async fn each_door_that_stays_shut_says_what_to_do() {
    let demo = Demo::start().await;
    let School { code, .. } = school(&demo).await;
    let stranger = demo.browser();
    stranger
        .get("/parcours/mes-parcours")
        .await
        .must_be(200)
        .must_say("Entre par ton Médiacentre");
    stranger
        .get("/parcours/ABC")
        .await
        .must_be(404)
        .must_say("Aucun parcours n’a ce code");

    let browser = demo.browser();
    let begin = enter(&browser, &somebody(&demo, "Élève de la liste", 4).await).await;
    let forged = posted(&begin, "/gar/acs", &[("SAMLResponse", "forgé")]);
    browser
        .send(forged)
        .await
        .must_be(403)
        .must_refuse("gar_sign_in_refused")
        .must_say("Retourner au Médiacentre");
    let unknown = browser
        .press(&begin, "Commencer", &[("code", "ABCDEF234")])
        .await;
    unknown.must_be(404).must_say("Aucun parcours n’a ce code");
    assert_eq!(
        unknown.attributes("input#field-code", "value"),
        ["ABCDEF234"]
    );

    let elsewhere = demo.browser();
    enter(&elsewhere, &somebody(&demo, "autre établissement", 0).await).await;
    let link = format!("/parcours/{code}");
    elsewhere
        .get(&link)
        .await
        .must_be(403)
        .must_refuse("wrong_school");
    let dates = [
        ("birthdate-day", "1"),
        ("birthdate-month", "2"),
        ("birthdate-year", "2012"),
    ];
    for action in [link.clone(), format!("{link}/demande")] {
        let sent = elsewhere
            .send(posted(&begin_of(&elsewhere).await, &action, &dates))
            .await;
        sent.must_be(403).must_refuse("wrong_school");
    }
}

#[tokio::test]
async fn nobody_enters_an_archived_campaign_until_it_is_reopened() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let link = format!("/parcours/{code}");
    let browser = demo.browser();
    enter(&browser, &somebody(&demo, "Élève de la liste", 4).await).await;
    let list = head.at("/parcours").await;
    let campaign = head.browser.follow(&list, "Rentrée").await;
    head.browser
        .press(&campaign, "Archiver", &[])
        .await
        .must_say("Le parcours est archivé");
    browser
        .get(&link)
        .await
        .must_be(410)
        .must_say("Ce parcours est terminé");
    let archived = head.at("/parcours?etat=archives").await;
    let campaign = head.browser.follow(&archived, "Rentrée").await;
    head.browser
        .get(&format!("{}/modifier", campaign.path))
        .await
        .must_be(410)
        .must_refuse("campaign_archived");
    head.browser
        .press(&campaign, "Rouvrir", &[])
        .await
        .must_say("Le parcours est rouvert");
    browser
        .get(&link)
        .await
        .must_be(200)
        .must_say("C’est bien toi ?");
}

async fn begin_of(browser: &Browser) -> Page {
    browser.get("/parcours").await
}

/// `pix-orga serve` on a fresh database, with nothing configured to sign pupils in.
#[tokio::test]
async fn a_server_without_a_federation_says_so_and_lets_nobody_in() {
    let server = Served::start("").await;
    let browser = server.browser();
    let door = browser.get("/parcours").await;
    let shut = browser.follow(&door, "Aller au Médiacentre").await;
    shut.must_be(503)
        .must_say("L’entrée par le Médiacentre ne marche pas encore ici");
    let answer = Form {
        action: "/gar/acs".to_owned(),
        method: "post".to_owned(),
        multipart: false,
        fields: vec![("SAMLResponse".to_owned(), "forgé".to_owned())],
        names: Vec::new(),
    };
    browser.send(answer).await.must_be(503);
    browser.get("/demo/mediacentre").await.must_be(404);
}
