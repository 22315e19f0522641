//! The demo's médiacentre is a real identity provider: what it signs is for one request, one browser, once.

use journeys::demo::Demo;
use journeys::pupils::{MEDIACENTRE, choose, enter, somebody};

/// Somebody of the list who is linked by their date of birth.
const ORDINARY: &str = "Élève de la liste";
/// Where the médiacentre receives what Pix Orga asks.
const ASKING: &str = "/demo/gar/sso?SAMLRequest=";

#[tokio::test]
async fn who_is_signed_in_at_the_mediacentre_enters_again_without_choosing() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let asked = browser.get("/gar/login").await;
    assert!(asked.path.starts_with(ASKING), "{}", asked.path);
    asked
        .must_be(200)
        .must_say("choisissez qui vous voulez être");

    let pupil = somebody(&demo, ORDINARY, 1).await;
    let mut form = asked.form("Ouvrir Pix").expect("nobody to enter as");
    form.fields.retain(|(name, _)| name != "person");
    form.fields.push(("person".to_owned(), pupil.id.clone()));
    let signed = browser.send(form).await;
    signed.must_be(200).must_say("Le Médiacentre ouvre Pix");
    browser
        .press(&signed, "Continuer", &[])
        .await
        .must_be(200)
        .must_say("Bonjour");

    let again = browser.get("/gar/login").await;
    assert!(again.path.starts_with(ASKING), "{}", again.path);
    again.must_say("Le Médiacentre ouvre Pix");

    let list = browser.get(MEDIACENTRE).await;
    list.must_say("Vous êtes dans le Médiacentre comme");
    browser
        .press(&list, "Sortir du Médiacentre", &[])
        .await
        .must_be(200);
    browser
        .get("/gar/login")
        .await
        .must_say("choisissez qui vous voulez être");
}

#[tokio::test]
async fn a_signed_answer_serves_once_in_the_browser_that_asked() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let pupil = somebody(&demo, ORDINARY, 2).await;
    let signed = choose(&browser, &pupil).await;
    let answer = signed.form("Continuer").expect("no answer to bring");

    let thief = demo.browser();
    thief
        .send(answer.clone())
        .await
        .must_be(403)
        .must_refuse("gar_sign_in_refused");
    browser
        .send(answer.clone())
        .await
        .must_be(200)
        .must_say("Bonjour");
    // « Retour » in the browser posts it again: its pupil is in, and goes on.
    let again = browser.send(answer.clone()).await;
    again.must_be(200).must_say("Mes parcours");
    browser.press(&again, "Se déconnecter", &[]).await;
    browser
        .send(answer)
        .await
        .must_be(403)
        .must_refuse("gar_sign_in_refused");
}

#[tokio::test]
async fn a_teacher_and_a_parent_are_told_where_to_go() {
    let demo = Demo::start().await;
    for who in ["mais une enseignante", "mais un parent"] {
        let browser = demo.browser();
        let adult = somebody(&demo, who, 0).await;
        enter(&browser, &adult)
            .await
            .must_be(403)
            .must_refuse("not_a_pupil");
    }
}

#[tokio::test]
async fn the_mediacentre_answers_this_pix_orga_alone() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    for query in [
        "",
        "?SAMLRequest=AAAA",
        "?SAMLRequest=AAAA&SigAlg=x&Signature=y",
    ] {
        browser
            .get(&format!("/demo/gar/sso{query}"))
            .await
            .must_be(403)
            .must_say("Retourner au Médiacentre");
    }
    let list = browser.get(MEDIACENTRE).await;
    let nobody = [("person", "personne"), ("request", "")];
    browser.post(&list, MEDIACENTRE, &nobody).await.must_be(404);
    let somebody = somebody(&demo, ORDINARY, 0).await;
    let broken = [("person", somebody.id.as_str()), ("request", "a\r\nb")];
    browser.post(&list, MEDIACENTRE, &broken).await.must_be(400);
    for metadata in ["/demo/gar/metadata", "/gar/metadata"] {
        demo.browser().get(metadata).await.must_be(200);
    }
}
