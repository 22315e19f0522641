//! Pupils who ask before the list has them, and what the next list makes of their requests.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::export::{Export, sound};
use journeys::people::Head;
use journeys::pupils::{Somebody, enter, somebody, type_date};
use journeys::{Browser, Demo, Page};

const ORDINARY: &str = "Élève de la liste";

/// A school whose list has one pupil, and one campaign.
async fn short_list(demo: &Demo) -> (Head, String) {
    let head = Head::arrives(demo).await;
    head.import("un.xml", alone().bytes())
        .await
        .must_say("La liste des élèves est chargée");
    let form = head.at("/parcours/nouveau").await;
    let title = [("title", "Rentrée")];
    let created = head.browser.press(&form, "Créer le parcours", &title).await;
    let code = created.attributes("input#code", "value").remove(0);
    (head, code)
}

fn alone() -> Export {
    Export::default().with("1", "6A", &sound("000000001AB", "SEUL", "Zoé"))
}

/// A pupil as the médiacentre signs them.
struct Known {
    first_name: String,
    last_name: String,
    born: String,
}

impl Known {
    /// The list of before, with this pupil.
    fn imported(&self, division: &str) -> Vec<u8> {
        let Self {
            first_name,
            last_name,
            born,
        } = self;
        let children = [
            ("ID_NATIONAL", "000000300AB"),
            ("NOM_DE_FAMILLE", last_name),
            ("PRENOM", first_name),
            ("DATE_NAISS", born),
            ("CODE_SEXE", "1"),
        ];
        alone().with("300", division, &children).bytes()
    }
}

/// Comes with the code, is not found, and asks the teacher.
async fn asks(demo: &Demo, code: &str, who: &Somebody) -> (Browser, Known) {
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let names = check.texts("dl.definitions dd");
    let date = who.born.clone().unwrap();
    let page = type_date(&browser, &check, &date).await;
    page.must_say("Nous ne t’avons pas retrouvé");
    browser
        .press(&page, "Demander à mon enseignant", &[])
        .await
        .must_say("Ton enseignant est prévenu");
    let known = Known {
        first_name: names[0].clone(),
        last_name: names[1].clone(),
        born: date.join("/"),
    };
    (browser, known)
}

async fn only_request(head: &Head) -> Page {
    let requests = head.at("/eleves/demandes").await;
    let urls = requests.attributes("tbody a", "href");
    assert_eq!(urls.len(), 1, "{}", requests.text());
    head.browser.get(&urls[0]).await
}

#[tokio::test]
async fn a_pupil_imported_after_asking_is_shown_then_linked_by_coming_back() {
    let demo = Demo::start().await;
    let (head, code) = short_list(&demo).await;
    let who = somebody(&demo, ORDINARY, 0).await;
    let (pupil, known) = asks(&demo, &code, &who).await;
    let campaign = format!("/parcours/{code}");
    head.at("/eleves/demandes").await.must_say("Personne");
    only_request(&head)
        .await
        .must_say("Aucun élève de la liste ne lui ressemble");
    pupil
        .get(&campaign)
        .await
        .must_say("Ton enseignant est prévenu");

    let plan = head.import("deux.xml", known.imported("6E")).await;
    head.browser
        .press(&plan, "Confirmer", &[])
        .await
        .must_say("La liste des élèves est chargée");
    let to_check = head.at("/eleves?rattachement=to_check").await;
    assert_eq!(to_check.texts("tbody td[data-label=Classe]"), ["6E"]);
    let requests = head.at("/eleves/demandes").await;
    requests
        .must_say("Mêmes noms, même date")
        .must_say(&format!("{} {}, 6E", known.last_name, known.first_name));
    let request = only_request(&head).await;
    request.must_say("Mêmes noms, même date de naissance");
    let choices = request.attributes("input[name=student][type=radio]", "value");
    assert_eq!(choices.len(), 1);

    let linked = pupil.get(&campaign).await;
    linked
        .must_be(200)
        .must_say("Tu es rattaché à ta classe : 6E");
    head.at("/eleves/demandes")
        .await
        .must_say("Aucune demande en attente");
    let late = [("student", choices[0].as_str())];
    head.browser
        .press(&request, "Rattacher", &late)
        .await
        .must_refuse("request_already_settled");
    head.at("/eleves?rattachement=linked")
        .await
        .must_say(&known.last_name);
    head.at("/equipe/journal")
        .await
        .must_say("Un élève de la liste a été rattaché à un compte du Médiacentre");
    pupil
        .get("/parcours/mes-parcours")
        .await
        .must_say("Rentrée");
}

#[tokio::test]
async fn a_list_that_has_somebody_else_links_nobody() {
    let demo = Demo::start().await;
    let (head, code) = short_list(&demo).await;
    let who = somebody(&demo, ORDINARY, 0).await;
    let (pupil, mut known) = asks(&demo, &code, &who).await;
    // The twin: same surname, same day.
    let own = std::mem::replace(&mut known.first_name, "Philibert".to_owned());
    let plan = head.import("deux.xml", known.imported("6E")).await;
    head.browser.press(&plan, "Confirmer", &[]).await;
    head.at("/eleves/demandes").await.must_say("À comparer");
    only_request(&head).await.must_say("Philibert");
    let campaign = format!("/parcours/{code}");
    pupil
        .get(&campaign)
        .await
        .must_say("Ton enseignant est prévenu")
        .must_not_say("rattaché");
    // Undone, then the true one.
    known.first_name = own;
    let history = head.at("/eleves").await;
    head.browser
        .press(&history, "Annuler", &[])
        .await
        .must_be(200);
    head.at("/eleves/demandes").await.must_say("Personne");
    let plan = head.import("trois.xml", known.imported("5C")).await;
    head.browser.press(&plan, "Confirmer", &[]).await;
    pupil
        .get(&campaign)
        .await
        .must_say("Tu es rattaché à ta classe : 5C");
}

#[tokio::test]
async fn a_request_outlives_its_parcours() {
    let demo = Demo::start().await;
    let (head, code) = short_list(&demo).await;
    let who = somebody(&demo, ORDINARY, 0).await;
    let (pupil, known) = asks(&demo, &code, &who).await;
    let list = head.at("/parcours").await;
    let one = head.browser.follow(&list, "Rentrée").await;
    head.browser.press(&one, "Archiver", &[]).await;
    let plan = head.import("deux.xml", known.imported("6E")).await;
    head.browser.press(&plan, "Confirmer", &[]).await;
    pupil
        .get(&format!("/parcours/{code}"))
        .await
        .must_be(410)
        .must_say("Parcours terminé");
    let request = only_request(&head).await;
    request.must_say("Ce parcours est archivé : l’élève sera rattaché, sans y entrer");
    let student = request.attributes("input[name=student][type=radio]", "value");
    head.browser
        .press(&request, "Rattacher", &[("student", &student[0])])
        .await
        .must_say("L’élève est rattaché");
    head.at("/parcours?etat=archives").await.must_say("Rentrée");
    let one = head.browser.get(&one.path).await;
    one.must_say("Personne n’est encore entré");
}
