//! From the invitation to the space.

use journeys::people::{Head, PASSWORD, create_account, last_mail_to, link_of, school_link};
use journeys::{Browser, Demo};

#[tokio::test]
async fn a_school_joins_from_its_mail_to_its_space() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let front = browser.get("/demo").await;
    front.must_be(200).must_say("Découvrir Pix Orga");
    let invitation = browser.get(&school_link(&demo).await).await;
    invitation
        .must_be(200)
        .must_say("Collège Sophie Germain")
        .must_say("UAI 0059900J")
        .must_say("Accepter l’invitation");
    let account = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    account.must_say("Créer votre compte");
    let terms = create_account(
        &browser,
        &account,
        "Camille",
        "Durand",
        "camille@college.invalid",
    )
    .await;
    terms.must_say("Conditions d’utilisation");
    let refused = browser.press(&terms, "Accepter et entrer", &[]).await;
    refused.must_be(422).must_refuse("terms_unaccepted");
    let home = browser
        .press(&refused, "Accepter et entrer", &[("accept", "yes")])
        .await;
    home.must_be(200)
        .must_say("Quatre étapes suffisent")
        .must_say("Importer la liste des élèves");
    assert!(
        !home.attributes("li[aria-current=step]", "class").is_empty(),
        "no current step"
    );
}

#[tokio::test]
async fn every_page_says_that_this_is_a_demonstration_and_protects_itself() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    for path in ["", "/eleves", "/equipe", "/parcours", "/documentation"] {
        let page = head.at(path).await;
        page.must_be(200);
        assert_eq!(page.texts(".demo-banner").len(), 1, "{path}");
        assert!(
            page.header("content-security-policy")
                .contains("default-src 'none'"),
            "{path}"
        );
        assert!(
            !page
                .header("content-security-policy")
                .contains("unsafe-inline"),
            "{path}"
        );
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        assert_eq!(page.header("cache-control"), "no-store");
    }
}

#[tokio::test]
async fn reading_a_link_never_consumes_it_and_it_serves_once() {
    let demo = Demo::start().await;
    let link = school_link(&demo).await;
    for _ in 0..3 {
        demo.browser()
            .get(&link)
            .await
            .must_be(200)
            .must_say("Accepter l’invitation");
    }
    let head = Head::arrives(&demo).await;
    let again = head.browser.get(&link).await;
    again.must_be(410).must_say("Cette invitation a déjà servi");
    demo.browser()
        .get(&link)
        .await
        .must_be(410)
        .must_say("demandez à un administrateur");
    demo.browser()
        .get("/invitation/0123456789")
        .await
        .must_be(404)
        .must_say("Je n’ai rien reçu");
}

#[tokio::test]
async fn a_form_that_is_refused_keeps_what_was_typed_save_the_password() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let invitation = browser.get(&school_link(&demo).await).await;
    let account = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    let good = [
        ("first_name", "Camille"),
        ("last_name", "Durand"),
        ("email", "camille@college.invalid"),
        ("password", PASSWORD),
        ("accept", "yes"),
    ];
    for (field, value, code) in [
        ("password", "court", "password_too_short"),
        ("password", "motdepasse123456", "password_common"),
        ("password", "Camille Durand", "password_is_identity"),
        ("password", &"long".repeat(40), "password_too_long"),
        ("email", "camille", "email_invalid"),
        ("first_name", "", "name_invalid"),
        ("accept", "", "terms_unaccepted"),
    ] {
        let form: Vec<_> = good
            .iter()
            .map(|(name, kept)| (*name, if *name == field { value } else { *kept }))
            .collect();
        let page = browser.press(&account, "Créer mon compte", &form).await;
        page.must_be(422).must_refuse(code);
        let filled = page.form("Créer mon compte").unwrap().fields;
        let value_of = |name: &str| {
            filled
                .iter()
                .find(|(n, _)| n == name)
                .map(|(_, v)| v.as_str())
        };
        assert_eq!(value_of("last_name"), Some("Durand"), "{field}");
        assert_eq!(value_of("password"), Some(""), "{field}");
        assert!(!page.html.contains(PASSWORD), "{field}");
        assert!(page.texts("title")[0].starts_with("Erreur"), "{field}");
    }
}

#[tokio::test]
async fn somebody_with_an_account_signs_in_on_the_way_and_joins() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    invite(&head, "sacha@college.invalid").await;
    let link = link_of(&last_mail_to(&demo, "sacha@college.invalid").await);
    let browser = demo.browser();
    let account = browser
        .press(&browser.get(&link).await, "Accepter l’invitation", &[])
        .await;
    let wrong = [
        ("known_email", "CE.0059900j@ac-aix-marseille.fr.invalid"),
        ("known_password", "autre mot de passe"),
    ];
    let refused = browser
        .press(&account, "Se connecter et accepter", &wrong)
        .await;
    refused.must_be(401).must_refuse("credentials_refused");
    let right = [
        ("known_email", "CE.0059900j@ac-aix-marseille.fr.invalid"),
        ("known_password", PASSWORD),
    ];
    let home = browser
        .press(&refused, "Se connecter et accepter", &right)
        .await;
    home.must_be(200).must_say("Préparer votre espace");
}

#[tokio::test]
async fn an_invitation_tells_each_of_its_states() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    invite(&head, "cancel@college.invalid").await;
    let link = link_of(&last_mail_to(&demo, "cancel@college.invalid").await);
    let team = head.at("/equipe").await;
    head.browser.press(&team, "Annuler", &[]).await.must_be(200);
    demo.browser()
        .get(&link)
        .await
        .must_be(410)
        .must_say("Cette invitation a été annulée");
}

#[tokio::test]
async fn nothing_received_is_always_the_same_answer_and_writes_to_the_official_address_only() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let ask = |uai: &'static str| {
        let browser = demo.browser();
        async move {
            let page = browser.get("/je-n-ai-rien-recu").await;
            browser
                .press(&page, "Envoyer un message", &[("uai", uai)])
                .await
        }
    };
    let known = ask("0059900J").await;
    let unknown = ask("0690132U").await;
    known.must_be(200).must_say("C’est noté");
    assert_eq!(known.text(), unknown.text());
    ask("0059900A").await.must_be(422).must_refuse("uai_key");
    ask("bonjour").await.must_be(422).must_refuse("uai_format");
    let mails = browser
        .get("/demo/boite-aux-lettres")
        .await
        .texts("tbody tr");
    assert_eq!(
        mails.len(),
        2,
        "the first invitation and one more: {mails:#?}"
    );
    assert_eq!(ask("0059900J").await.text(), known.text());
    let mails = browser
        .get("/demo/boite-aux-lettres")
        .await
        .texts("tbody tr");
    assert_eq!(mails.len(), 2, "one an hour: {mails:#?}");
}

#[tokio::test]
async fn signing_in_and_out_and_a_forgotten_password() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let out = head.browser.press(&head.home, "Se déconnecter", &[]).await;
    out.must_say("Vous êtes déconnecté");
    head.at("/equipe").await.must_say("Se connecter");
    let email = pix_orga_demo::schools::all()[0].mail();
    let sign_in = |browser: Browser, password: String, email: String| async move {
        let page = browser.get("/connexion").await;
        let page = browser
            .press(
                &page,
                "Se connecter",
                &[("email", &email), ("password", &password)],
            )
            .await;
        (browser, page)
    };
    let (_, refused) = sign_in(demo.browser(), "autre mot de passe".into(), email.clone()).await;
    refused.must_be(401).must_refuse("credentials_refused");
    let (_, unknown) = sign_in(
        demo.browser(),
        "autre mot de passe".into(),
        "personne@college.invalid".into(),
    )
    .await;
    assert_eq!(
        refused.text(),
        unknown.text(),
        "an unknown address and a wrong password answer alike"
    );
    let (browser, page) = sign_in(demo.browser(), PASSWORD.into(), email.clone()).await;
    page.must_be(200).must_say("Préparer votre espace");

    let other = demo.browser();
    let forgotten = other.get("/mot-de-passe-oublie").await;
    other
        .press(&forgotten, "Recevoir le lien", &[("email", &email)])
        .await
        .must_say("Consultez vos e-mails");
    let link = link_of(&last_mail_to(&demo, &email).await);
    let reset = other.get(&link).await;
    other
        .press(&reset, "Enregistrer", &[("password", "court")])
        .await
        .must_be(422)
        .must_say("au moins 12");
    let done = other
        .press(
            &reset,
            "Enregistrer",
            &[("password", "cinq mots tout à fait neufs")],
        )
        .await;
    done.must_say("Votre mot de passe est enregistré");
    other.get(&link).await.must_say("Ce lien ne sert plus");
    browser.get("/espaces").await.must_say("Se connecter");
    let (_, page) = sign_in(demo.browser(), "cinq mots tout à fait neufs".into(), email).await;
    page.must_be(200).must_say("Préparer votre espace");
}

#[tokio::test]
async fn too_many_failures_make_one_wait() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let mut last = browser.get("/connexion").await;
    for _ in 0..6 {
        let form = [
            ("email", "personne@college.invalid"),
            ("password", "mauvais mot de passe"),
        ];
        last = browser.press(&last, "Se connecter", &form).await;
    }
    last.must_be(429).must_refuse("too_many_attempts");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let mut form = head.home.form("Se déconnecter").unwrap();
    form.fields.retain(|(name, _)| name != "csrf");
    head.browser
        .send(form)
        .await
        .must_be(403)
        .must_refuse("form_expired");
    head.at("")
        .await
        .must_be(200)
        .must_say("Préparer votre espace");
}

async fn invite(head: &Head, address: &str) {
    let page = head.at("/equipe/inviter").await;
    head.browser
        .press(&page, "Envoyer les invitations", &[("addresses", address)])
        .await
        .must_be(200);
}
