//! « Mon compte »: who one is, and another password.

use journeys::Demo;
use journeys::people::{Head, PASSWORD};

const NEW: &str = "cinq autres mots bien choisis";

#[tokio::test]
async fn another_password_ends_every_session() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let account = head.browser.follow(&head.home, "Mon compte").await;
    account
        .must_be(200)
        .must_say("Camille Durand")
        .must_say("Adresse confirmée")
        .must_say("0059900J")
        .must_not_say("Renvoyer le message");

    let change = |current: &'static str, password: &'static str| {
        let fields = [("current", current), ("password", password)];
        let (browser, account) = (&head.browser, &account);
        async move {
            browser
                .press(account, "Changer le mot de passe", &fields)
                .await
        }
    };
    let wrong = change("pas le bon mot", NEW).await;
    wrong
        .must_be(422)
        .must_say("Ce n’est pas votre mot de passe actuel");
    let wrong_fields = wrong.attributes("[aria-invalid]", "name");
    assert_eq!(wrong_fields, ["current"]);
    let short = change(PASSWORD, "court").await;
    short.must_be(422).must_refuse("password_too_short");
    assert_eq!(short.attributes("[aria-invalid]", "name"), ["password"]);
    assert!(
        !short.html.contains(PASSWORD),
        "a password is never sent back"
    );

    let email = &account.texts("dd")[1];
    let elsewhere = demo.browser();
    let sign_in = elsewhere.get("/connexion").await;
    let fields = [("email", email.as_str()), ("password", PASSWORD)];
    elsewhere
        .press(&sign_in, "Se connecter", &fields)
        .await
        .must_say("Préparer votre espace");

    let changed = change(PASSWORD, NEW).await;
    changed.must_say("Votre mot de passe est enregistré");
    assert_eq!(changed.path, "/connexion");
    for browser in [&head.browser, &elsewhere] {
        let page = browser.get("/compte").await;
        assert!(page.path.starts_with("/connexion"), "{}", page.path);
    }
    let former = head.browser.press(&changed, "Se connecter", &fields).await;
    former.must_be(401).must_refuse("credentials_refused");
    let right = [("email", email.as_str()), ("password", NEW)];
    head.browser
        .press(&former, "Se connecter", &right)
        .await
        .must_be(200)
        .must_say("Préparer votre espace");
}

#[tokio::test]
async fn a_confirmation_link_that_is_dead_says_so_before_any_button() {
    let demo = Demo::start().await;
    let page = demo.browser().get("/confirmer/unknown").await;
    page.must_be(404);
    assert!(page.form("Confirmer").is_none(), "{}", page.text());
}
