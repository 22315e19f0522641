//! What a space refuses, to whom, and that nothing is lost nor kept by halves.

use journeys::people::{Head, PASSWORD, create_account, join, last_mail_to, link_of, school_link};
use journeys::{Demo, Page};

/// What one form may weigh, in bytes, and a little more.
const BEYOND_A_FORM_BYTES: usize = 70 * 1024;
/// What the server reads of a form at most, in bytes, and a little more.
const BEYOND_ANY_FORM_BYTES: usize = 3 * 1024 * 1024;
/// Beyond the longest introduction and address of a parcours, in characters.
const BEYOND_A_TEXT_CHARS: usize = 2_001;

/// The values of the fields of a button's form.
fn values(page: &Page, button: &str) -> Vec<(String, String)> {
    let form = page.form(button);
    let form = form.unwrap_or_else(|| panic!("no « {button} »:\n{}", page.text()));
    form.fields
        .into_iter()
        .filter(|(name, _)| name != "csrf")
        .collect()
}

/// Creates a parcours: its page.
async fn campaign(head: &Head, title: &str) -> Page {
    let form = head.at("/parcours/nouveau").await;
    let fields = [("title", title)];
    head.browser
        .press(&form, "Créer le parcours", &fields)
        .await
}

#[tokio::test]
async fn an_address_that_has_an_account_signs_in_and_the_form_keeps_the_rest() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    head.invite("sacha@college.invalid", "member").await;
    let link = link_of(&last_mail_to(&demo, "sacha@college.invalid").await);
    let browser = demo.browser();
    let invitation = browser.get(&link).await;
    let account = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    let taken = pix_orga_demo::schools::all()[0].mail().to_uppercase();
    let refused = create_account(&browser, &account, "Sacha", "Morel", &taken).await;
    refused.must_be(409).must_refuse("email_taken");
    let kept = values(&refused, "Créer mon compte");
    for (name, value) in [
        ("first_name", "Sacha"),
        ("last_name", "Morel"),
        ("email", taken.as_str()),
        ("password", ""),
    ] {
        assert!(
            kept.contains(&(name.to_owned(), value.to_owned())),
            "{name}: {kept:?}"
        );
    }
    assert!(!refused.html.contains(PASSWORD));
    let own = create_account(
        &browser,
        &refused,
        "Sacha",
        "Morel",
        "sacha@college.invalid",
    )
    .await;
    own.must_say("Conditions d’utilisation");
}

#[tokio::test]
async fn nothing_of_the_space_opens_before_its_terms_are_accepted() {
    let demo = Demo::start().await;
    let browser = demo.browser();
    let invitation = browser.get(&school_link(&demo).await).await;
    let account = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    let address = "camille@college.invalid";
    let terms = create_account(&browser, &account, "Camille", "Durand", address).await;
    let space = terms.path.strip_suffix("/conditions");
    let space = space.expect("the terms come first").to_owned();
    for page in ["", "/eleves", "/equipe", "/parcours", "/parcours/nouveau"] {
        let led = browser.get(&format!("{space}{page}")).await;
        led.must_be(200).must_say("lire les conditions");
        assert_eq!(led.path, terms.path, "{page}");
    }
    let at = |end: &str| format!("{space}{end}");
    let create = at("/parcours/nouveau");
    let posted = browser
        .post(&terms, &create, &[("title", "Trop tôt")])
        .await;
    posted.must_be(403).must_refuse("terms_required");
    let invite = [("addresses", "paul@college.invalid"), ("role", "member")];
    let sent = browser.post(&terms, &at("/equipe/inviter"), &invite).await;
    sent.must_be(403).must_refuse("terms_required");
    let back = browser.follow(&sent, "Lire les conditions").await;
    assert_eq!(back.path, terms.path);
    let home = browser
        .press(&back, "Accepter et entrer", &[("accept", "yes")])
        .await;
    home.must_be(200).must_say("Quatre étapes suffisent");
    let campaigns = browser.get(&at("/parcours")).await;
    campaigns.must_be(200).must_not_say("Trop tôt");
    let team = browser.get(&at("/equipe")).await;
    team.must_say("Aucune invitation en attente");
}

#[tokio::test]
async fn texts_of_a_parcours_that_are_refused_stay_in_the_form() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let (long, address) = (
        "é".repeat(BEYOND_A_TEXT_CHARS),
        format!("https://exemple.fr/{}", "a".repeat(BEYOND_A_TEXT_CHARS)),
    );
    let title = "Rentrée ".repeat(16);
    let good = [
        ("title", "Rentrée"),
        ("introduction", "À lire en classe."),
        ("destination", "https://exemple.fr/suite"),
    ];
    let form = head.at("/parcours/nouveau").await;
    let one = head
        .browser
        .press(&form, "Créer le parcours", &[("title", "Rentrée")])
        .await;
    let edit = head.browser.follow(&one, "Modifier").await;
    for (field, value, code) in [
        ("title", "  ", "campaign_title_missing"),
        ("title", title.as_str(), "campaign_title_too_long"),
        ("introduction", &long, "campaign_introduction_too_long"),
        (
            "destination",
            "http://exemple.fr",
            "campaign_destination_invalid",
        ),
        (
            "destination",
            "javascript:alert(1)",
            "campaign_destination_invalid",
        ),
        ("destination", &address, "campaign_destination_too_long"),
    ] {
        let typed = good.map(|(name, kept)| (name, if name == field { value } else { kept }));
        for (page, button) in [(&form, "Créer le parcours"), (&edit, "Enregistrer")] {
            let refused = head.browser.press(page, button, &typed).await;
            refused.must_be(422).must_refuse(code);
            assert_eq!(refused.attributes("[aria-invalid]", "name"), [field]);
            let kept = values(&refused, button);
            for (name, value) in typed {
                assert!(
                    kept.contains(&(name.to_owned(), value.to_owned())),
                    "{code} loses {name}: {kept:?}"
                );
            }
        }
    }
    let list = head.at("/parcours").await;
    assert_eq!(list.texts("tbody tr").len(), 1, "{}", list.text());
}

#[tokio::test]
async fn a_form_that_weighs_too_much_keeps_nothing() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let form = head.at("/parcours/nouveau").await;
    for weight in [BEYOND_A_FORM_BYTES, BEYOND_ANY_FORM_BYTES] {
        let heavy = "a".repeat(weight);
        let typed = [("title", "Trop lourd"), ("introduction", heavy.as_str())];
        let refused = head.browser.press(&form, "Créer le parcours", &typed).await;
        refused
            .must_be(413)
            .must_refuse("too_large")
            .must_say("too_large");
    }
    let mut twice = form.form("Créer le parcours").expect("a form");
    twice.fields.push(("title".to_owned(), "Un".to_owned()));
    twice.fields.push(("title".to_owned(), "Deux".to_owned()));
    let refused = head.browser.send(twice).await;
    refused.must_be(400).must_refuse("bad_request");
    let list = head.at("/parcours").await;
    assert!(list.texts("tbody tr").is_empty(), "{}", list.text());
}

#[tokio::test]
async fn a_parcours_is_changed_by_its_owner_and_administrators_alone() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let one = campaign(&head, "Rentrée").await;
    head.invite("claire@college.invalid", "member").await;
    let (claire, home) = join(&demo, "claire@college.invalid", "Claire", "Petit").await;
    let seen = claire.get(&one.path).await;
    seen.must_be(200)
        .must_say("Rentrée")
        .must_not_say("Modifier")
        .must_not_say("Archiver");
    let at = |end: &str| format!("{}{end}", one.path);
    let page = claire.get(&at("/modifier")).await;
    page.must_be(403).must_refuse("role_insufficient");
    for (end, fields) in [
        ("/modifier", &[("title", "Détourné")][..]),
        ("/modifier", &[("title", "")][..]),
        ("/archiver", &[]),
        ("/rouvrir", &[]),
    ] {
        let posted = claire.post(&home, &at(end), fields).await;
        posted.must_be(403).must_refuse("role_insufficient");
    }
    let kept = head.browser.get(&one.path).await;
    kept.must_say("Rentrée").must_not_say("Rouvrir");
    // Her own, she changes; and an administrator changes it too.
    let form = claire
        .get(&format!("{}/parcours/nouveau", head.space))
        .await;
    let own = claire
        .press(&form, "Créer le parcours", &[("title", "À Claire")])
        .await;
    let edit = claire.follow(&own, "Modifier").await;
    claire
        .press(&edit, "Enregistrer", &[("title", "À Claire, en mai")])
        .await
        .must_say("À Claire, en mai");
    let edit = head.browser.get(&format!("{}/modifier", own.path)).await;
    head.browser
        .press(&edit, "Enregistrer", &[("title", "À tous")])
        .await
        .must_say("À tous");
    // Nobody changes the texts of a parcours that is archived.
    let archived = head.browser.press(&kept, "Archiver", &[]).await;
    archived.must_be(200).must_say("Rouvrir");
    let shut = head.browser.get(&at("/modifier")).await;
    shut.must_be(410).must_refuse("campaign_archived");
    let late = head
        .browser
        .post(&archived, &at("/modifier"), &[("title", "Trop tard")])
        .await;
    late.must_be(410).must_refuse("campaign_archived");
    let nobody = "/parcours/0192f0c1-8c5e-7b7a-9d6c-1f2e3d4c5b6a";
    let unknown = head.at(nobody).await;
    unknown.must_be(404).must_refuse("campaign_not_found");
    let unknown = head.at("/parcours/pas-un-identifiant").await;
    unknown.must_be(404).must_refuse("not_found");
}

#[tokio::test]
async fn somebody_who_is_always_second_is_told_to_start_again() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let one = campaign(&head, "Rentrée").await;
    let mut database = demo.database().open().await;
    // Every write finds that somebody else wrote first.
    database
        .run(
            "CREATE TRIGGER others_first BEFORE UPDATE ON campaigns BEGIN SELECT RAISE(IGNORE); END",
            "CREATE FUNCTION others_first() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
             CREATE TRIGGER others_first BEFORE UPDATE ON campaigns FOR EACH ROW EXECUTE FUNCTION others_first()",
        )
        .await;
    let busy = head.browser.press(&one, "Archiver", &[]).await;
    busy.must_be(409).must_refuse("busy");
    database
        .run(
            "DROP TRIGGER others_first",
            "DROP TRIGGER others_first ON campaigns",
        )
        .await;
    let same = head.browser.get(&one.path).await;
    same.must_be(200).must_not_say("Rouvrir");
    let done = head.browser.press(&same, "Archiver", &[]).await;
    done.must_be(200).must_say("Rouvrir");
}

#[tokio::test]
async fn a_database_that_fails_is_told_as_such_and_the_service_comes_back() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let mut database = demo.database().open().await;
    let gone = "ALTER TABLE sessions RENAME TO away";
    database.run(gone, gone).await;
    for page in ["", "/eleves", "/equipe"] {
        head.at(page)
            .await
            .must_be(503)
            .must_refuse("unavailable")
            .must_not_say("sessions");
    }
    let back = "ALTER TABLE away RENAME TO sessions";
    database.run(back, back).await;
    head.at("")
        .await
        .must_be(200)
        .must_say("Préparer votre espace");
}

#[tokio::test]
async fn a_database_that_is_held_is_read_and_what_cannot_be_written_is_said() {
    let demo = Demo::start().await;
    let head = Head::arrives(&demo).await;
    let form = head.at("/parcours/nouveau").await;
    let mut database = demo.database().open().await;
    database
        .run(
            "BEGIN IMMEDIATE",
            "BEGIN; LOCK TABLE campaigns IN SHARE ROW EXCLUSIVE MODE",
        )
        .await;
    head.at("/parcours").await.must_be(200);
    let fields = [("title", "Rentrée")];
    let refused = head
        .browser
        .press(&form, "Créer le parcours", &fields)
        .await;
    refused.must_be(503).must_refuse("unavailable");
    database.run("ROLLBACK", "ROLLBACK").await;
    let none = head.at("/parcours").await;
    assert!(none.texts("tbody tr").is_empty(), "{}", none.text());
    let created = head
        .browser
        .press(&form, "Créer le parcours", &fields)
        .await;
    created.must_be(200).must_say("Rentrée");
}
