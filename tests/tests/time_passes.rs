//! What only time brings: links that end, links that are replaced, sessions that go, tries that run out.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::time::Duration;

use journeys::people::{Head, PASSWORD, join, last_mail_to, link_of, school_link};
use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};
use pix_orga_demo::schools;

const CLAIRE: &str = "claire.petit@college.invalid";
/// In microseconds, as the database keeps time.
const MINUTE: i64 = 60_000_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Time goes by for every invitation.
async fn invitations_age(demo: &Demo, by: i64) {
    let links = "UPDATE invitation_links SET sent_at = sent_at - ?";
    assert!(demo.write(links, by).await > 0);
    let dates = "UPDATE invitations SET expires_at = expires_at - ?";
    demo.write(dates, by).await;
}

async fn last_link(demo: &Demo) -> String {
    link_of(&last_mail_to(demo, CLAIRE).await)
}

#[tokio::test]
async fn a_link_that_was_sent_again_says_that_a_newer_one_exists() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let mut team = head.invite(CLAIRE, "member").await;
    let first = last_link(&demo).await;
    for _ in 0..5 {
        invitations_age(&demo, 2 * MINUTE).await;
        team = head.browser.press(&team, "Renvoyer", &[]).await;
        team.must_say("Un nouveau lien est en route");
    }
    invitations_age(&demo, 2 * MINUTE).await;
    team = head.browser.press(&team, "Renvoyer", &[]).await;
    team.must_refuse("resend_too_soon");
    let replaced = demo.browser().get(&first).await;
    replaced
        .must_be(410)
        .must_say("Une invitation plus récente existe")
        .must_say("Cherchez le dernier message");
    let pressed = demo.browser().get(&last_link(&demo).await).await;
    pressed.must_be(200).must_say("Accepter l’invitation");

    // Inviting the same address again is a resend, and takes the new role.
    invitations_age(&demo, DAY).await;
    let again = head
        .invite(&format!("{CLAIRE}, faux"), "administrator")
        .await;
    again
        .must_say("Cette personne était déjà invitée")
        .must_say("n’est pas complète");
    head.at("/equipe").await.must_say("Administrateur");
    let (claire, _) = join(&demo, CLAIRE, "Claire", "Petit").await;
    claire
        .get(&format!("{}/equipe", head.space))
        .await
        .must_say("Inviter un membre");
}

#[tokio::test]
async fn a_link_whose_time_is_over_says_who_can_send_another() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.invite(CLAIRE, "member").await;
    let link = last_link(&demo).await;
    let browser = demo.browser();
    let page = browser.get(&link).await;
    invitations_age(&demo, 8 * DAY).await;
    browser
        .get(&link)
        .await
        .must_be(410)
        .must_say("Cette invitation n’est plus valable")
        .must_say("à Camille Durand de renvoyer");
    // The page opened in time gives no more.
    browser
        .press(&page, "Accepter l’invitation", &[])
        .await
        .must_be(410)
        .must_say("n’est plus valable");
    let team = head.at("/equipe").await;
    team.must_say("Expirée").must_say("depuis le");
    head.browser
        .press(&team, "Renvoyer", &[])
        .await
        .must_say("Un nouveau lien est en route")
        .must_not_say("Expirée");
    browser.get(&last_link(&demo).await).await.must_be(200);
}

#[tokio::test]
async fn a_school_whose_link_is_over_gets_another_at_its_official_address() {
    let demo = Demo::start().await;
    let link = school_link(&demo).await;
    invitations_age(&demo, 31 * DAY).await;
    let browser = demo.browser();
    let over = browser.get(&link).await;
    over.must_be(410)
        .must_say("Cette invitation n’est plus valable");
    let asked = browser
        .press(&over, "Envoyer un nouveau lien à l’établissement", &[])
        .await;
    asked.must_be(200).must_say("C’est noté");
    let fresh = school_link(&demo).await;
    assert_ne!(fresh, link);
    browser
        .get(&fresh)
        .await
        .must_be(200)
        .must_say("Accepter l’invitation");
    browser.get(&link).await.must_be(410);
}

#[tokio::test]
async fn a_message_that_was_not_delivered_is_shown_first_with_the_server_s_reason() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.invite(CLAIRE, "member").await;
    head.invite("paul@college.invalid", "member").await;
    let mut sent = head.at("/equipe").await;
    for _ in 0..50 {
        if !sent.says("En file d’attente") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        sent = head.at("/equipe").await;
    }
    sent.must_say("Envoyé").must_not_say("Non remis");
    let failed = "UPDATE outgoing_mails SET delivery = 'failed', failure = '550 boîte inconnue', settled_at = ? \
                  WHERE recipient LIKE 'claire%'";
    assert_eq!(demo.write(failed, 1_800_000_000_000_000).await, 1);
    let team = head.at("/equipe").await;
    team.must_say("Non remis")
        .must_say("Réponse du serveur : 550 boîte inconnue");
    let invited = team.texts("td[data-label=Message]");
    assert!(invited[0].contains("Non remis"), "{invited:?}");
}

#[tokio::test]
async fn a_link_to_choose_a_password_is_good_for_an_hour() {
    let demo = Demo::start().await;
    Head::arrives(&demo).await;
    let browser = demo.browser();
    let forgotten = browser.get("/mot-de-passe-oublie").await;
    let email = schools::all()[0].mail();
    browser
        .press(&forgotten, "Recevoir le lien", &[("email", &email)])
        .await;
    let link = link_of(&last_mail_to(&demo, &email).await);
    browser.get(&link).await.must_be(200);
    let age = "UPDATE account_links SET expires_at = expires_at - ?";
    demo.write(age, 2 * HOUR).await;
    browser
        .get(&link)
        .await
        .must_be(410)
        .must_say("Ce lien ne sert plus")
        .must_say("Recevoir un autre lien");
}

async fn signed_in(demo: &Demo) -> Browser {
    let browser = demo.browser();
    let page = browser.get("/connexion").await;
    let email = schools::all()[0].mail();
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    browser
        .press(&page, "Se connecter", &form)
        .await
        .must_be(200);
    browser
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_at_the_end_of_the_day() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let idle = "UPDATE sessions SET last_seen_at = last_seen_at - ?";
    demo.write(idle, HOUR).await;
    head.at("/equipe").await.must_say("Membres");
    demo.write(idle, 2 * HOUR + MINUTE).await;
    let asked = head.at("/equipe").await;
    asked.must_say("Se connecter").must_not_say("Membres");
    let email = schools::all()[0].mail();
    let form = [("email", email.as_str()), ("password", PASSWORD)];
    let back = head.browser.press(&asked, "Se connecter", &form).await;
    assert_eq!(
        back.path,
        format!("{}/equipe", head.space),
        "back where they were"
    );

    let browser = signed_in(&demo).await;
    let long = "UPDATE sessions SET ends_at = ends_at - ?, opened_at = opened_at - 43200000000";
    demo.write(long, 12 * HOUR).await;
    browser
        .get(&format!("{}/equipe", head.space))
        .await
        .must_say("Se connecter")
        .must_not_say("Membres");
}

/// Types a date that is nobody's, as often as the page lets them.
async fn tries(browser: &Browser, code: &str) -> (u32, Page) {
    let nobody = ["1", "2", "2012"].map(str::to_owned);
    let mut page = browser.get(&format!("/parcours/{code}")).await;
    let mut done = 0;
    while page.form("Oui, c’est moi").is_some() || page.form("Essayer encore").is_some() {
        page = type_date(browser, &page, &nobody).await;
        done += 1;
        assert!(done <= 10, "tries without end");
    }
    (done, page)
}

#[tokio::test]
async fn tries_come_back_the_next_day_and_not_for_ever() {
    let demo = Demo::start().await;
    let School { code, .. } = school(&demo).await;
    let who = somebody(&demo, "Élève de la liste", 0).await;
    let browser = demo.browser();
    enter(&browser, &who).await;
    let (first, page) = tries(&browser, &code).await;
    assert_eq!(first, 5);
    page.must_say("Demander à mon enseignant");
    let tomorrow = "UPDATE pupil_attempts SET at = at - ?";
    demo.write(tomorrow, DAY).await;
    let (second, _) = tries(&browser, &code).await;
    assert_eq!(second, 5);
    demo.write(tomorrow, DAY).await;
    let (third, page) = tries(&browser, &code).await;
    assert_eq!(third, 0);
    page.must_say("Demander à mon enseignant")
        .must_not_say("demain");
    // A page of before, sent again, is told the same.
    let door = browser.get("/parcours").await;
    let [day, month, year] = who.born.unwrap();
    let date = [
        ("birthdate-day", &*day),
        ("birthdate-month", &*month),
        ("birthdate-year", &*year),
    ];
    let late = browser
        .post(&door, &format!("/parcours/{code}"), &date)
        .await;
    late.must_be(200)
        .must_refuse("attempts_exhausted")
        .must_not_say("rattaché");
}

/// Enters, types their date, and is linked.
async fn linked(demo: &Demo, code: &str, who: &Somebody) -> Browser {
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let page = type_date(&browser, &check, who.born.as_ref().unwrap()).await;
    page.must_say("Tu es rattaché");
    browser
}

/// The pupil's new account asks, and an administrator moves the link: the student's page.
async fn moved(demo: &Demo, School { head, code }: &School) -> Page {
    linked(demo, code, &somebody(demo, "Élève de la liste", 0).await).await;
    let again = somebody(demo, "après un changement d’ENT", 0).await;
    let browser = demo.browser();
    enter(&browser, &again).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let page = type_date(&browser, &check, again.born.as_ref().unwrap()).await;
    browser.press(&page, "Demander à mon enseignant", &[]).await;
    let requests = head.at("/eleves/demandes").await;
    let request = requests.attributes("tbody a", "href").remove(0);
    let request = head.browser.get(&request).await;
    head.browser
        .press(&request, "C’est le même élève", &[])
        .await
        .must_say("Le rattachement est passé au nouveau compte");
    let list = head.at("/eleves?rattachement=linked").await;
    let student = list.attributes("tbody th a", "href").remove(0);
    head.browser.get(&student).await
}

#[tokio::test]
async fn a_link_that_was_moved_is_given_back_within_thirty_days() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let student = moved(&demo, &school).await;
    let button = "Rendre le rattachement à l’ancien compte";
    let age = "UPDATE student_links SET linked_at = linked_at - ?";
    demo.write(age, 31 * DAY).await;
    let late = head.browser.press(&student, button, &[]).await;
    late.must_be(200)
        .must_refuse("move_expired")
        .must_not_say(button);
    demo.write(age, -2 * DAY).await;
    let in_time = head.browser.get(&student.path).await;
    let back = head.browser.press(&in_time, button, &[]).await;
    back.must_say("Le rattachement est rendu à l’ancien compte")
        .must_not_say(button);
}
