//! Wrong passwords: how many are verified, and who waits.

use std::sync::Arc;

use journeys::people::{Head, PASSWORD, create_account, last_mail_to, link_of};
use journeys::{Browser, Demo, Page};

/// Wrong passwords that nobody waits for.
const FREE: usize = 5;
/// Sent at once.
const AT_ONCE: usize = 120;
/// Doubling from two seconds, the delays of so many more tries last longer than any of these journeys.
const BY_WAITING_MAX: usize = 5;

async fn types(browser: &Browser, email: &str, password: &str) -> Page {
    let door = browser.get("/connexion").await;
    let form = [("email", email), ("password", password)];
    browser.press(&door, "Se connecter", &form).await
}

/// Wrong passwords until one must wait.
async fn hammer(browser: &Browser, email: &str) -> Page {
    for _ in 0..FREE * 3 {
        let page = types(browser, email, "mauvais mot de passe").await;
        if page.status == 429 {
            return page;
        }
        page.must_be(401).must_refuse("credentials_refused");
    }
    panic!("nothing holds wrong passwords");
}

async fn head_of(demo: &Demo) -> (Head, String) {
    let head = Head::arrives(demo).await;
    let email = pix_orga_demo::schools::all()[0].mail();
    let out = head.browser.press(&head.home, "Se déconnecter", &[]).await;
    out.must_be(200);
    (head, email)
}

#[tokio::test]
async fn wrong_passwords_at_once_are_verified_no_more_than_one_after_the_other() {
    let demo = Demo::start().await;
    let (_, email) = head_of(&demo).await;
    let browser = demo.browser();
    let door = Arc::new(browser.get("/connexion").await);
    let tries: Vec<_> = (0..AT_ONCE)
        .map(|_| {
            let (browser, door, email) = (browser.clone(), door.clone(), email.clone());
            tokio::spawn(async move {
                let form = [
                    ("email", email.as_str()),
                    ("password", "mauvais mot de passe"),
                ];
                browser.press(&door, "Se connecter", &form).await.status
            })
        })
        .collect();
    let mut verified = 0;
    for one in tries {
        match one.await.unwrap() {
            401 => verified += 1,
            other => assert_eq!(other, 429),
        }
    }
    assert!(
        (FREE..=FREE + BY_WAITING_MAX).contains(&verified),
        "{verified} verified"
    );
}

#[tokio::test]
async fn who_must_wait_is_told_when_to_try_again() {
    let demo = Demo::start().await;
    let page = hammer(&demo.browser(), "personne@college.invalid").await;
    page.must_be(429).must_refuse("too_many_attempts");
    page.must_say("Prochain essai possible à ");
    let seconds: u32 = page.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    page.must_say(&format!("dans {seconds} seconde"));
}

#[tokio::test]
async fn an_owner_waits_for_nobody_elsewhere_nor_in_their_building() {
    let demo = Demo::start().await;
    let (head, email) = head_of(&demo).await;
    let elsewhere = Browser::on_network(demo.address(), "127.0.0.2");
    hammer(&elsewhere, &email).await;
    types(&demo.browser(), &email, PASSWORD).await.must_be(200);
    // In the same building now: where they signed in before, they still do at once.
    hammer(&demo.browser(), &email).await;
    let home = types(&head.browser, &email, PASSWORD).await;
    home.must_be(200).must_say("Préparer votre espace");
    let stranger = types(&demo.browser(), &email, PASSWORD).await;
    stranger.must_be(429).must_refuse("too_many_attempts");
}

#[tokio::test]
async fn the_typing_errors_of_some_block_nobody_else_in_a_building() {
    let demo = Demo::start().await;
    let (_, email) = head_of(&demo).await;
    for colleague in ["un@college.invalid", "deux@college.invalid", "sans arobase"] {
        hammer(&demo.browser(), colleague).await;
    }
    let home = types(&demo.browser(), &email, PASSWORD).await;
    home.must_be(200).must_say("Préparer votre espace");
}

#[tokio::test]
async fn a_new_password_by_mail_makes_the_browser_known() {
    let demo = Demo::start().await;
    let (_, email) = head_of(&demo).await;
    let browser = demo.browser();
    hammer(&browser, &email).await;
    let forgotten = browser.get("/mot-de-passe-oublie").await;
    let asked = browser
        .press(&forgotten, "Recevoir le lien", &[("email", &email)])
        .await;
    asked.must_be(200);
    let mail = last_mail_to(&demo, &email).await;
    let choose = browser.get(&link_of(&mail)).await;
    let new = "cinq mots tout à fait neufs";
    let chosen = browser
        .press(&choose, "Enregistrer le mot de passe", &[("password", new)])
        .await;
    chosen.must_say("Votre mot de passe est enregistré");
    types(&browser, &email, new).await.must_be(200);
}

#[tokio::test]
async fn a_link_does_not_list_who_has_an_account() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let colleague = "collegue@college.invalid";
    head.invite(colleague, "member").await.must_be(200);
    let email = pix_orga_demo::schools::all()[0].mail();
    let browser = demo.browser();
    let link = link_of(&last_mail_to(&demo, colleague).await);
    let invitation = browser.get(&link).await;
    let mut page = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    for _ in 0..10 {
        page = create_account(&browser, &page, "Dominique", "Moreau", &email).await;
        page.must_be(409).must_refuse("email_taken");
    }
    page = create_account(&browser, &page, "Dominique", "Moreau", &email).await;
    page.must_be(429).must_refuse("too_many_attempts");
}
