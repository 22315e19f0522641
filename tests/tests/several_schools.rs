//! One person in two schools, and what belongs to one school is nowhere in the other.
#![expect(clippy::unwrap_used, reason = "a journey that fails says so at once")]

use std::collections::BTreeSet;

use journeys::people::{Head, join, last_mail_to, link_of};
use journeys::pupils::{School, enter, school, somebody, type_date};
use journeys::{Browser, Demo, Page};
use pix_orga_demo::schools;

/// A file of one pupil, of the second school.
fn roster_of_the_second() -> Vec<u8> {
    let uai = schools::all()[1].uai;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><BEE_ELEVES VERSION=\"2.1\"><PARAMETRES><UAJ>{uai}</UAJ>\
         <ANNEE_SCOLAIRE>2026</ANNEE_SCOLAIRE></PARAMETRES><DONNEES><ELEVES><ELEVE ELEVE_ID=\"77\">\
         <NOM_DE_FAMILLE>AILLEURS</NOM_DE_FAMILLE><PRENOM>Zoé</PRENOM><DATE_NAISS>01/02/2014</DATE_NAISS>\
         <CODE_SEXE>2</CODE_SEXE></ELEVE></ELEVES><STRUCTURES><STRUCTURES_ELEVE ELEVE_ID=\"77\"><STRUCTURE>\
         <CODE_STRUCTURE>6Z</CODE_STRUCTURE><TYPE_STRUCTURE>D</TYPE_STRUCTURE></STRUCTURE></STRUCTURES_ELEVE>\
         </STRUCTURES></DONNEES></BEE_ELEVES>"
    )
    .into_bytes()
}

/// The link that another school gets at its official address, once somebody says that they received nothing.
async fn link_of_the_second(demo: &Demo) -> String {
    let browser = demo.browser();
    let second = &schools::all()[1];
    let page = browser.get("/je-n-ai-rien-recu").await;
    let uai = second.uai.to_string();
    browser
        .press(&page, "Envoyer un message", &[("uai", &uai)])
        .await
        .must_say("C’est noté");
    link_of(&last_mail_to(demo, &second.mail()).await)
}

/// The head of the first school, who takes the second one in charge too: the second space, as they see it.
async fn takes_the_second(demo: &Demo, head: &Head) -> Head {
    let browser = demo.browser();
    let sign_in = browser.get("/connexion").await;
    let email = schools::all()[0].mail();
    let form = [
        ("email", email.as_str()),
        ("password", journeys::people::PASSWORD),
    ];
    browser.press(&sign_in, "Se connecter", &form).await;
    let invitation = browser.get(&link_of_the_second(demo).await).await;
    invitation
        .must_say(schools::all()[1].name)
        .must_say(&format!("Vous êtes connecté avec {email}"));
    let home = browser
        .press(&invitation, "Accepter l’invitation", &[])
        .await;
    home.must_be(200).must_say("Vous avez rejoint l’espace");
    let space = home.path.clone();
    assert_ne!(space, head.space);
    Head {
        browser,
        home,
        space,
    }
}

#[tokio::test]
async fn one_person_in_two_schools_goes_from_one_to_the_other() {
    let demo = Demo::start().await;
    let School { head, .. } = school(&demo).await;
    let second = takes_the_second(&demo, &head).await;
    let (here, there) = (&schools::all()[0], &schools::all()[1]);
    for (space, name) in [(&head.space, here.name), (&second.space, there.name)] {
        let page = second.browser.get(&format!("{space}/equipe")).await;
        page.must_be(200).must_say("Camille Durand (vous)");
        assert!(page.texts("body")[0].contains(&journeys::page::readable(name)));
    }
    let switcher = second.browser.get("/espaces").await;
    for part in [
        "Choisir un établissement",
        here.name,
        there.name,
        there.town,
    ] {
        switcher.must_say(part);
    }
    assert!(switcher.html.contains(&there.uai.to_string()));
    let chosen = second.browser.follow(&switcher, there.name).await;
    assert_eq!(chosen.path, second.space);
    second
        .at("/eleves")
        .await
        .must_say("La liste des élèves n’est pas encore là");
    head.at("/eleves").await.must_say("1 à 50 sur");
    // The official address is told that the school has somebody, and gets no link.
    let browser = demo.browser();
    let page = browser.get("/je-n-ai-rien-recu").await;
    let uai = here.uai.to_string();
    browser
        .press(&page, "Envoyer un message", &[("uai", &uai)])
        .await
        .must_say("C’est noté");
    let told = last_mail_to(&demo, &here.mail()).await;
    assert!(
        !told
            .attributes("article a.button", "href")
            .iter()
            .any(|link| link.contains("/invitation/")),
        "{}",
        told.text()
    );
}

/// Every address of the page that leads inside this space.
fn inside(page: &Page, space: &str) -> BTreeSet<String> {
    let links = page.attributes("a[href]", "href");
    let forms = page.attributes("form[action]", "action");
    let forms = forms.into_iter().chain(links);
    forms
        .filter_map(|address| address.strip_prefix(space).map(str::to_owned))
        .filter(|address| address.contains("-7") && address.len() > 36)
        .collect()
}

/// The second school with something of each kind: a colleague, an invitation, a list, a parcours.
async fn filled(demo: &Demo, second: &Head) -> BTreeSet<String> {
    second.invite("paul@college.invalid", "member").await;
    join(demo, "paul@college.invalid", "Paul", "Petit").await;
    second.invite("lea@college.invalid", "member").await;
    second.import("liste.xml", roster_of_the_second()).await;
    let list = second.at("/eleves").await;
    list.must_say("AILLEURS");
    let form = second.at("/parcours/nouveau").await;
    let campaign = second
        .browser
        .press(&form, "Créer le parcours", &[("title", "Ailleurs")])
        .await;
    let mut addresses = BTreeSet::new();
    for page in ["/equipe", "/eleves", "/eleves/imports", "/parcours"] {
        addresses.extend(inside(&second.at(page).await, &second.space));
    }
    addresses.extend(inside(&campaign, &second.space));
    let student = list.attributes("tbody th a", "href").remove(0);
    let student = student.strip_prefix(&second.space).unwrap().to_owned();
    addresses.extend([format!("{student}/defaire"), format!("{student}/rendre")]);
    let import = addresses
        .iter()
        .find(|address| address.starts_with("/eleves/imports/"))
        .cloned()
        .unwrap();
    let import = &import[.."/eleves/imports/".len() + 36];
    for end in ["", "/apercu", "/abandonner", "/annuler", "/lignes.csv"] {
        addresses.insert(format!("{import}{end}"));
    }
    addresses
}

async fn must_find_nothing(browser: &Browser, page: &Page, space: &str, address: &str) {
    let at = format!("{space}{address}");
    let got = browser.get(&at).await;
    assert!(
        matches!(got.status, 404 | 405),
        "GET {address} answers {}: {}",
        got.status,
        got.text()
    );
    let fields = [
        ("role", "member"),
        ("reason", "Une erreur"),
        ("title", "Titre"),
        ("revision", "1"),
    ];
    let posted = browser.post(page, &at, &fields).await;
    assert!(
        matches!(posted.status, 404 | 405),
        "POST {address} answers {}: {}",
        posted.status,
        posted.text()
    );
    assert!(
        got.status == 404 || posted.status == 404,
        "{address} is no address at all"
    );
    let told = if got.status == 404 { &got } else { &posted };
    assert!(told.says("introuvable"), "{address}: {}", told.text());
}

#[tokio::test]
async fn what_is_of_another_school_is_not_found_even_by_its_own_administrator() {
    let demo = Demo::start().await;
    let school = school(&demo).await;
    let head = &school.head;
    let second = takes_the_second(&demo, head).await;
    let mut addresses = filled(&demo, &second).await;
    let kinds = [
        "/equipe/membres/",
        "/equipe/invitations/",
        "/eleves/imports/",
        "/parcours/",
        "/eleves/0",
    ];
    for kind in kinds {
        let of_kind = addresses.iter().any(|address| address.starts_with(kind));
        assert!(of_kind, "nothing of {kind} among {addresses:#?}");
    }
    addresses.retain(|address| !address.contains('?'));
    for address in &addresses {
        must_find_nothing(&second.browser, &second.home, &head.space, address).await;
    }
    // A request of a pupil of the first school, asked under the second one.
    let who = somebody(&demo, "N’est plus dans la liste", 0).await;
    let pupil = demo.browser();
    enter(&pupil, &who).await;
    let check = pupil.get(&format!("/parcours/{}", school.code)).await;
    let answer = type_date(&pupil, &check, &who.born.unwrap()).await;
    pupil
        .press(&answer, "Demander à mon enseignant", &[])
        .await
        .must_say("Ton enseignant est prévenu");
    let requests = head.at("/eleves/demandes").await;
    let request = requests.attributes("tbody a", "href").remove(0);
    let request = request.strip_prefix(&head.space).unwrap();
    for end in ["", "/refuser"] {
        let address = format!("{request}{end}");
        must_find_nothing(&second.browser, &second.home, &second.space, &address).await;
    }
    let student = head.at("/eleves").await.attributes("tbody th a", "href");
    let student = student[0].rsplit('/').next().unwrap();
    for end in ["/rattacher", "/deplacer"] {
        let at = format!("{}{request}{end}", second.space);
        let posted = second
            .browser
            .post(&second.home, &at, &[("student", student)])
            .await;
        posted.must_be(404);
    }
    head.at("/eleves/demandes").await.must_say("Demande");
    // Somebody of the first school alone sees nothing of the second.
    head.invite("claire@college.invalid", "administrator").await;
    let (claire, home) = join(&demo, "claire@college.invalid", "Claire", "Petit").await;
    for address in addresses {
        must_find_nothing(&claire, &home, &second.space, &address).await;
    }
    for page in ["", "/eleves", "/equipe", "/equipe/inviter", "/parcours"] {
        claire
            .get(&format!("{}{page}", second.space))
            .await
            .must_be(404)
            .must_say("Page introuvable");
    }
}
