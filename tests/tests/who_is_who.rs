//! The same pupil or another: what the numbers of two lists say, and what nobody can tell.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use journeys::export::{Export, sound};
use journeys::people::Head;
use journeys::pupils::{Somebody, enter, somebody, type_date};
use journeys::{Browser, Demo, Page};

/// One pupil of a list written by hand.
#[derive(Clone)]
struct Pupil {
    eleve_id: &'static str,
    ine: &'static str,
    last_name: String,
    first_name: String,
    born: String,
    class: &'static str,
}

fn pupil(eleve_id: &'static str, ine: &'static str, names: [&str; 2], born: &str) -> Pupil {
    Pupil {
        eleve_id,
        ine,
        last_name: names[0].to_owned(),
        first_name: names[1].to_owned(),
        born: born.to_owned(),
        class: "3A",
    }
}

fn tom() -> Pupil {
    pupil("7", "130000007AB", ["AUTRE", "Tom"], "05/05/2012")
}

fn list(pupils: &[&Pupil]) -> Vec<u8> {
    let mut export = Export::default();
    for pupil in pupils {
        let mut children = sound(pupil.ine, &pupil.last_name, &pupil.first_name).to_vec();
        children[3].1 = &pupil.born;
        children.retain(|(_, value)| !value.is_empty());
        export = export.with(pupil.eleve_id, pupil.class, &children);
    }
    export.bytes()
}

async fn first(demo: &Demo, pupils: &[&Pupil]) -> Head {
    let head = Head::arrives(demo).await;
    head.import("premiere.xml", list(pupils))
        .await
        .must_say("La liste des élèves est chargée");
    head
}

async fn confirm(head: &Head, plan: &Page) -> Page {
    let done = head.browser.press(plan, "Confirmer", &[]).await;
    done.must_say("La liste des élèves est chargée");
    done
}

/// The pupils of the list, as the file for a spreadsheet has them.
async fn pupils(head: &Head) -> Vec<String> {
    let path = format!("{}/eleves/export.csv", head.space);
    let csv = String::from_utf8(head.browser.download(&path).await).unwrap();
    csv.lines().skip(1).map(str::to_owned).collect()
}

/// Somebody of the médiacentre, in the list by the names they sign in with.
async fn listed(demo: &Demo, eleve_id: &'static str, ine: &'static str) -> (Somebody, Pupil) {
    for rank in 0.. {
        let who = somebody(demo, "Élève de la liste", rank).await;
        let names: Vec<_> = who.name.split(' ').collect();
        if let [first_name, last_name] = names[..] {
            let born = who.born.clone().unwrap().join("/");
            let listed = pupil(eleve_id, ine, [last_name, first_name], &born);
            return (who, listed);
        }
    }
    unreachable!("a rank is always found")
}

/// A parcours is made, and somebody of the médiacentre enters its code, then their date of birth.
async fn comes(demo: &Demo, head: &Head, who: &Somebody) -> (Browser, Page) {
    let form = head.at("/parcours/nouveau").await;
    let created = head
        .browser
        .press(&form, "Créer le parcours", &[("title", "Rentrée")])
        .await;
    let code = created.attributes("input#code", "value").remove(0);
    let browser = demo.browser();
    enter(&browser, who).await;
    let check = browser.get(&format!("/parcours/{code}")).await;
    let page = type_date(&browser, &check, &who.born.clone().unwrap()).await;
    (browser, page)
}

#[tokio::test]
async fn an_ine_alone_never_carries_a_link_to_another_pupil() {
    let demo = Demo::start().await;
    let (who, linked) = listed(&demo, "900", "130000900AB").await;
    let head = first(&demo, &[&linked, &tom()]).await;
    let (_, page) = comes(&demo, &head, &who).await;
    page.must_say("Tu es rattaché");
    let connected = async || head.at("/eleves?rattachement=linked").await;
    connected().await.must_say(&linked.last_name);

    let rose = pupil("901", linked.ine, ["PETITJEAN", "Rose"], "01/01/2013");
    let plan = head.import("suivante.xml", list(&[&rose, &tom()])).await;
    plan.must_say("1 arrivée, 0 modification, 1 départ")
        .must_say("Absent du fichier ; son INE est celui d’un autre élève du fichier")
        .must_not_say("Refusés");
    confirm(&head, &plan).await;
    head.at("/eleves").await.must_say("PETITJEAN");
    connected().await.must_say("Aucun élève ne correspond");

    // The link stayed with whoever left, and comes back with them.
    let again = Pupil {
        ine: "130000902AB",
        ..linked.clone()
    };
    let both = list(&[&rose, &again, &tom()]);
    let plan = head.import("retour.xml", both.clone()).await;
    plan.must_say("De retour").must_not_say("Refusés");
    confirm(&head, &plan).await;
    connected()
        .await
        .must_say(&linked.last_name)
        .must_not_say("PETITJEAN");
    let same = head.import("retour.xml", both).await;
    same.must_say("La liste est déjà à jour");
}

#[tokio::test]
async fn an_ine_corrected_is_an_update_and_its_true_holder_is_added() {
    let demo = Demo::start().await;
    let zoe = pupil("1", "130000001AB", ["DURAND", "Zoé"], "15/04/2012");
    let hugo = pupil("2", "130000001AB", ["BERNARD", "Hugo"], "09/09/2012");
    let head = first(&demo, &[&zoe, &tom()]).await;
    let corrected = Pupil {
        ine: "130000002AB",
        ..zoe
    };
    let next = list(&[&corrected, &hugo, &tom()]);
    let plan = head.import("suivante.xml", next.clone()).await;
    plan.must_say("1 arrivée, 1 modification, 0 départ")
        .must_say("130000001AB")
        .must_say("130000002AB")
        .must_not_say("Refusés");
    confirm(&head, &plan).await;
    head.import("suivante.xml", next)
        .await
        .must_say("La liste est déjà à jour");
}

#[tokio::test]
async fn ines_are_exchanged_in_one_write_and_put_back_in_one() {
    let demo = Demo::start().await;
    let twins = [
        pupil("1", "130000001AB", ["DUO", "Léa"], "15/04/2012"),
        pupil("2", "130000002AB", ["DUO", "Tim"], "15/04/2012"),
    ];
    let third = pupil("3", "130000003AB", ["TROIS", "Ana"], "16/04/2012");
    let [lea, tim] = &twins;
    let head = first(&demo, &[lea, tim, &third]).await;
    let before = pupils(&head).await;
    let exchange = |one: &Pupil, other: &Pupil| Pupil {
        ine: other.ine,
        ..one.clone()
    };
    for next in [
        list(&[&exchange(lea, tim), &exchange(tim, lea), &third]),
        list(&[
            &exchange(lea, tim),
            &exchange(tim, &third),
            &exchange(&third, lea),
        ]),
    ] {
        let plan = head.import("suivante.xml", next.clone()).await;
        plan.must_say("0 départ").must_not_say("Refusés");
        let shown = confirm(&head, &plan).await;
        head.import("suivante.xml", next)
            .await
            .must_say("La liste est déjà à jour");
        head.browser
            .press(&shown, "Annuler le dernier import", &[])
            .await
            .must_say("L’import est annulé");
        assert_eq!(pupils(&head).await, before);
        head.import("premiere.xml", list(&[lea, tim, &third]))
            .await
            .must_say("La liste est déjà à jour");
    }
}

#[tokio::test]
async fn in_a_base_made_again_everybody_keeps_their_record() {
    let demo = Demo::start().await;
    let zoe = pupil("1", "130000001AB", ["DURAND", "Zoé"], "15/04/2012");
    let hugo = pupil("2", "130000002AB", ["BERNARD", "Hugo"], "09/09/2012");
    let head = first(&demo, &[&zoe, &hugo, &tom()]).await;
    // Hugo leaves; then Zoé has his number, and somebody new has hers.
    let plan = head.import("sans-hugo.xml", list(&[&zoe, &tom()])).await;
    confirm(&head, &plan).await;
    let moved = Pupil {
        eleve_id: "2",
        ..zoe.clone()
    };
    let new = pupil("1", "130000009AB", ["NOUVEAU", "Ali"], "20/10/2012");
    let again = list(&[&moved, &new, &tom()]);
    let plan = head.import("refaite.xml", again.clone()).await;
    plan.must_say("1 arrivée, 1 modification, 0 départ")
        .must_say("Numéros repris")
        .must_say("BERNARD")
        .must_not_say("Refusés");
    confirm(&head, &plan).await;
    head.import("refaite.xml", again)
        .await
        .must_say("La liste est déjà à jour");
}

#[tokio::test]
async fn what_nobody_can_tell_is_refused_and_the_page_does_not_say_up_to_date() {
    let demo = Demo::start().await;
    let zoe = pupil("1", "130000001AB", ["DURAND", "Zoé"], "15/04/2012");
    let hugo = pupil("2", "130000002AB", ["BERNARD", "Hugo"], "09/09/2012");
    let head = first(&demo, &[&zoe, &hugo, &tom()]).await;
    let before = pupils(&head).await;
    let stranger = pupil("1", "130000009AB", ["NOUVEAU", "Ali"], "20/10/2012");
    let between = Pupil {
        born: hugo.born.clone(),
        eleve_id: "2",
        ..zoe.clone()
    };
    let twin = Pupil {
        first_name: "Tim".to_owned(),
        eleve_id: "3",
        ..zoe.clone()
    };
    for (rows, said) in [
        (
            vec![&stranger, &hugo],
            "Le numéro SIECLE de Ali NOUVEAU (3A) est, dans la liste, celui de Zoé DURAND (3A) (nº 1)",
        ),
        (
            vec![&between],
            "le numéro SIECLE de Hugo BERNARD (3A) (nº 2) et l’INE de Zoé DURAND (3A) (nº 1)",
        ),
        (vec![&twin, &hugo], "peut-être un jumeau ou une jumelle"),
    ] {
        let others = tom();
        let rows = [rows, vec![&others]].concat();
        let page = head.import("doute.xml", list(&rows)).await;
        assert_eq!(page.heading(), "Des élèves du fichier sont refusés");
        page.must_be(200)
            .must_say("Rien n’a changé dans la liste")
            .must_say(said)
            .must_say("Vérifiez ces fiches dans SIECLE")
            .must_say("Si tout y est juste, c’est la liste qui se trompe")
            .must_not_say("déjà à jour");
        assert_eq!(pupils(&head).await, before);
        let history = head.at("/eleves/imports").await;
        history
            .must_say("Élèves refusés")
            .must_not_say("Rien à changer");
    }
    // The way out that the text names: the list forgets who it took for somebody else.
    let list_page = head.at("/eleves").await;
    let rows = list_page.texts("tbody tr th");
    let at = rows.iter().position(|row| row.contains("DURAND")).unwrap();
    let address = list_page.attributes("tbody tr th a", "href").remove(at);
    let page = head.browser.get(&address).await;
    let question = head.browser.follow(&page, "Effacer cet élève").await;
    head.browser
        .press(&question, "Effacer cet élève", &[])
        .await
        .must_not_say("DURAND");
    let plan = head
        .import("siecle-a-raison.xml", list(&[&stranger, &hugo, &tom()]))
        .await;
    plan.must_say("1 arrivée, 0 modification, 0 départ")
        .must_not_say("Refusés");
}

#[tokio::test]
async fn a_pupil_entered_twice_is_said_and_not_refused() {
    let demo = Demo::start().await;
    let zoe = pupil("1", "130000001AB", ["Lefèvre", "Zoé"], "15/04/2012");
    let again = Pupil {
        class: "3B",
        ..pupil("2", "", ["LEFEVRE", "ZOE"], "15/04/2012")
    };
    let head = Head::arrives(&demo).await;
    let report = head.import("premiere.xml", list(&[&zoe, &again])).await;
    let both = "ZOE LEFEVRE (3B), nº 2, a les mêmes noms et la même date de naissance que Zoé Lefèvre (3A), nº 1, à la \
                ligne 5 : peut-être le même élève, entré deux fois";
    report
        .must_say("La liste des élèves est chargée")
        .must_say(both)
        .must_not_say("Refusés");
    assert_eq!(pupils(&head).await.len(), 2);
    // One on the list already, the other new; then a new one in place of one that the file no longer has.
    let third = pupil("3", "130000003AB", ["Lefèvre", "Zoé"], "15/04/2012");
    let plan = head
        .import("suivante.xml", list(&[&zoe, &again, &third]))
        .await;
    plan.must_say("1 arrivée, 0 modification, 0 départ")
        .must_say(both)
        .must_say("Zoé Lefèvre (3A), nº 3, a les mêmes noms");
    let plan = head.import("suivante.xml", list(&[&third])).await;
    plan.must_say("que le fichier n’a plus : peut-être le même élève, avec une nouvelle fiche")
        .must_not_say("Refusés");
}

#[tokio::test]
async fn a_teacher_tells_two_records_of_one_pupil_apart() {
    let demo = Demo::start().await;
    let (who, with_ine) = listed(&demo, "10", "130000010AB").await;
    let without = Pupil {
        eleve_id: "11",
        ine: "",
        ..with_ine.clone()
    };
    let head = first(&demo, &[&with_ine, &without, &tom()]).await;
    let (browser, page) = comes(&demo, &head, &who).await;
    page.must_say("Nous ne t’avons pas retrouvé");
    browser
        .press(&page, "Demander à mon enseignant", &[])
        .await
        .must_say("Ton enseignant est prévenu");
    let requests = head.at("/eleves/demandes").await;
    let address = requests.attributes("a[href*='/eleves/demandes/']", "href");
    let request = head.browser.get(&address[0]).await;
    request
        .must_say("Fiche nº 10, avec un INE.")
        .must_say("Fiche nº 11, sans INE.");
    let student = request
        .attributes("input[name=student]", "value")
        .into_iter()
        .zip(request.texts(".choice .hint"))
        .find(|(_, hint)| hint.contains("nº 10"))
        .map(|(student, _)| student);
    let chosen = [("student", &*student.unwrap())];
    let done = head.browser.press(&request, "Rattacher", &chosen).await;
    done.must_say("L’élève est rattaché");
}
