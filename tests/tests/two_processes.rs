//! Two servers on one PostgreSQL: what one wrote the other reads, and what both do at once happens once.

use journeys::Browser;
use journeys::Demo;
use journeys::people::{Head, PASSWORD};
use pix_orga_demo::schools;

/// Two processes on one database, started at once on nothing.
async fn two() -> (Demo, Demo) {
    let one = Demo::start_on_postgres().await;
    let other = one.another().await;
    (one, other)
}

#[tokio::test]
async fn a_session_opened_on_one_works_on_the_other_and_ends_on_both() {
    let (one, other) = two().await;
    let head = Head::arrives(&one).await;
    let elsewhere = head.browser.at(other.address());
    elsewhere
        .get(&head.space)
        .await
        .must_be(200)
        .must_say("Préparer votre espace");
    // Signed in there too, and out here: it ends on both.
    let page = elsewhere.get(&format!("{}/equipe", head.space)).await;
    page.must_say("Membres");
    elsewhere.press(&page, "Se déconnecter", &[]).await;
    head.at("/equipe").await.must_say("Se connecter");
    let browser = Browser::new(one.address());
    let door = browser.get("/connexion").await;
    let email = schools::all()[0].mail();
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    let home = browser.press(&door, "Se connecter", &form).await;
    home.must_be(200).must_say("Préparer votre espace");
    browser
        .at(other.address())
        .get(&format!("{}/equipe", head.space))
        .await
        .must_say("Membres");
}
