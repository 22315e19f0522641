//! An ENT changes: every pupil comes back with a new identifier, and an administrator moves their links together.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::page::Form;
use journeys::people::{Head, join};
use journeys::pupils::{School, Somebody, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};

const ORDINARY: &str = "Élève de la liste";
const CHANGED: &str = "après un changement d’ENT";
const TOGETHER: &str = "/eleves/demandes/ensemble";
const CLAIRE: &str = "claire.petit@college.invalid";

async fn comes(demo: &Demo, code: &str, who: &Somebody) -> (Browser, Page) {
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let page = type_date(&browser, &check, who.born.as_ref().unwrap()).await;
    (browser, page)
}

/// The accounts of so many pupils, former then new: each is linked, comes back with another identifier, and asks.
async fn change(demo: &Demo, code: &str, pupils: usize) -> Vec<[Browser; 2]> {
    let mut accounts = Vec::new();
    for rank in 0..pupils {
        let (former, linked) = comes(demo, code, &somebody(demo, ORDINARY, rank).await).await;
        linked.must_say("Tu es rattaché à ta classe");
        let (new, neutral) = comes(demo, code, &somebody(demo, CHANGED, rank).await).await;
        new.press(&neutral, "Demander à mon enseignant", &[])
            .await
            .must_say("Ton enseignant est prévenu");
        accounts.push([former, new]);
    }
    accounts
}

/// Ticks boxes of the page, by their rank, and sends the choice.
async fn tick(head: &Head, page: &Page, ranks: &[usize]) -> Page {
    let values = page.attributes("input[name=choisi]", "value");
    let mut form = page.form("Vérifier mon choix").unwrap();
    form.fields.retain(|(name, _)| name != "choisi");
    let chosen = ranks.iter().map(|rank| values[*rank].clone());
    form.fields
        .extend(chosen.map(|value| ("choisi".to_owned(), value)));
    head.browser.send(form).await
}

fn ticked(page: &Page) -> usize {
    page.attributes("input[name=choisi][checked]", "value")
        .len()
}

async fn is_linked(browser: &Browser, code: &str) -> bool {
    let page = browser.get(&format!("/parcours/{code}")).await;
    page.says("Te revoilà")
}

/// Gives each moved link back, by itself, and counts them.
async fn give_back(head: &Head) -> usize {
    let linked = head.at("/eleves?rattachement=linked").await;
    let mut back = 0;
    for student in linked.attributes("tbody th a", "href") {
        let sheet = head.browser.get(&student).await;
        let button = "Rendre le rattachement à l’ancien compte";
        if sheet.form(button).is_some() {
            head.browser
                .press(&sheet, button, &[])
                .await
                .must_say("Le rattachement est rendu à l’ancien compte");
            back += 1;
        }
    }
    back
}

#[tokio::test]
async fn an_administrator_moves_many_links_and_reads_what_became_of_each() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let accounts = change(&demo, &code, 3).await;
    let requests = head.at("/eleves/demandes").await;
    requests.must_say("3 élèves semblent avoir changé d’identifiant");
    let list = head.browser.follow(&requests, "Les traiter ensemble").await;
    list.must_be(200)
        .must_say("Nouveau compte")
        .must_say("Ancien compte")
        .must_say("Vu le");
    assert_eq!(list.texts("tbody tr").len(), 3);
    // Nothing is ticked by itself, and nothing is done without a choice.
    assert_eq!(ticked(&list), 0);
    let nothing = tick(&head, &list, &[]).await;
    nothing.must_be(422).must_refuse("nothing_chosen");
    let all = head
        .browser
        .follow(&list, "Cocher les 3 qui sont sûrs")
        .await;
    assert_eq!(ticked(&all), 3);
    let none = head.browser.follow(&all, "Tout décocher").await;
    assert_eq!(ticked(&none), 0);

    let figures = tick(&head, &all, &[0, 1, 2]).await;
    figures
        .must_be(200)
        .must_say("3 rattachements passent aux nouveaux comptes");
    assert!(
        !is_linked(&accounts[0][1], &code).await,
        "nothing is done yet"
    );
    assert!(is_linked(&accounts[0][0], &code).await);

    // A colleague settles one of them meanwhile.
    let other = head
        .browser
        .get(&requests.attributes("tbody a", "href")[1])
        .await;
    let name = requests.texts("tbody th a").remove(1);
    head.browser
        .press(&other, "Ce n’est pas un élève", &[])
        .await
        .must_say("La demande est refusée");
    let done = head
        .browser
        .press(&figures, "Confirmer les 3 passages", &[])
        .await;
    done.must_be(200)
        .must_say("2 rattachements sont passés aux nouveaux comptes")
        .must_say("Un élève n’a pas été touché")
        .must_refuse("request_already_settled");
    let row = done.texts("tbody th").remove(0);
    assert!(
        name.split(' ').all(|word| row.contains(word)),
        "{row}: {name}"
    );
    for (rank, [former, new]) in accounts.iter().enumerate() {
        assert_eq!(is_linked(new, &code).await, rank != 1, "{rank}");
        assert_eq!(is_linked(former, &code).await, rank == 1, "{rank}");
    }
    // Sent again, nothing is done twice.
    head.browser
        .press(&figures, "Confirmer les 3 passages", &[])
        .await
        .must_say("3 élèves n’ont pas été touchés");
    head.at("/equipe/journal")
        .await
        .must_say("Le rattachement d’un élève est passé à son autre compte du Médiacentre");

    assert_eq!(give_back(&head).await, 2);
    for [former, new] in &accounts {
        assert!(is_linked(former, &code).await && !is_linked(new, &code).await);
    }
}

#[tokio::test]
async fn all_that_is_chosen_is_done_and_counted() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let accounts = change(&demo, &code, 2).await;
    let list = head.at(&format!("{TOGETHER}?cocher=tout")).await;
    let figures = head.browser.press(&list, "Vérifier mon choix", &[]).await;
    head.browser
        .press(&figures, "Confirmer les 2 passages", &[])
        .await
        .must_say("2 rattachements sont passés aux nouveaux comptes")
        .must_say("Aucune demande en attente");
    for [former, new] in &accounts {
        assert!(is_linked(new, &code).await && !is_linked(former, &code).await);
    }
    head.at(TOGETHER)
        .await
        .must_say("Aucun changement de ce genre");
}

#[tokio::test]
async fn a_request_without_the_class_is_looked_at_by_itself() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    change(&demo, &code, 2).await;
    let no_class = "UPDATE pupils SET divisions = '[]' \
                    WHERE created_at = (SELECT MAX(created_at) FROM pupils) AND 1 = ?";
    assert_eq!(demo.write(no_class, 1).await, 1);
    let list = head.at(TOGETHER).await;
    assert_eq!(list.texts("tbody tr").len(), 1);
    // A former account that comes back is not among the sure ones.
    let former = somebody(&demo, ORDINARY, 0).await;
    enter(&demo.browser(), &former).await;
    let list = head.at(TOGETHER).await;
    list.must_say("A servi depuis la demande")
        .must_not_say("Cocher");
    assert_eq!(list.texts("tbody tr").len(), 1);
    let look = head.browser.follow(&list, "Regarder").await;
    look.must_say("avec un nouvel identifiant");
    let all = head.at(&format!("{TOGETHER}?cocher=tout")).await;
    assert_eq!(ticked(&all), 0);
}

#[tokio::test]
async fn what_is_no_longer_what_was_shown_is_not_done() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    let accounts = change(&demo, &code, 2).await;
    let list = head.at(TOGETHER).await;
    let figures = tick(&head, &list, &[0, 1]).await;
    // Both links are undone in another window.
    let linked = head.at("/eleves?rattachement=linked").await;
    for student in linked.attributes("tbody th a", "href") {
        let sheet = head.browser.get(&student).await;
        let reason = [("reason", "Mauvais compte.")];
        head.browser
            .press(&sheet, "Défaire le rattachement", &reason)
            .await
            .must_say("Le rattachement est défait");
    }
    head.browser
        .press(&figures, "Confirmer les 2 passages", &[])
        .await
        .must_be(200)
        .must_say("2 élèves n’ont pas été touchés")
        .must_refuse("move_uncertain");
    tick(&head, &list, &[0, 1])
        .await
        .must_refuse("move_uncertain");
    // Freed, the students are theirs again: the new accounts come back and are linked.
    for [_, new] in &accounts {
        new.get(&format!("/parcours/{code}"))
            .await
            .must_say("Tu es rattaché à ta classe");
    }
}

#[tokio::test]
async fn members_read_why_they_cannot_and_too_many_are_refused() {
    let demo = Demo::start().await;
    let School { head, code } = school(&demo).await;
    change(&demo, &code, 1).await;
    let list = head.at(TOGETHER).await;
    let value = list.attributes("input[name=choisi]", "value").remove(0);
    head.invite(CLAIRE, "member").await;
    let (claire, _) = join(&demo, CLAIRE, "Claire", "Petit").await;
    let at = |path: &str| format!("{}{path}", head.space);
    let requests = claire.get(&at("/eleves/demandes")).await;
    let seen = claire.follow(&requests, "Voir ce changement").await;
    seen.must_be(200)
        .must_say("Un administrateur doit trancher")
        .must_not_say("Vérifier mon choix");
    assert_eq!(seen.texts("tbody tr").len(), 1);
    for path in [TOGETHER.to_owned(), format!("{TOGETHER}/confirmer")] {
        let chosen = [("choisi", value.as_str())];
        claire
            .post(&seen, &at(&path), &chosen)
            .await
            .must_be(403)
            .must_refuse("role_insufficient");
    }

    // A thousand and one, all different and none of ours.
    let link = value.split_once('.').unwrap().1;
    let many = (0..=1_000).map(|number| {
        let request = format!("0192f0c1-8c5e-7b7a-9d6c-{number:012x}");
        ("choisi".to_owned(), format!("{request}.{link}"))
    });
    let form = list.form("Vérifier mon choix").unwrap();
    let sent = Form {
        fields: form.fields.iter().cloned().chain(many).collect(),
        ..form
    };
    head.browser
        .send(sent)
        .await
        .must_be(422)
        .must_refuse("too_many_moves");
}
