//! The whole road, in one browser that runs no script: from the mailbox to a team, with a pupil in another window.

use browser::{Chromium, Scripts, Tab};
use journeys::Demo;
use journeys::people::PASSWORD;

const EMAIL: &str = "camille@college.invalid";

#[tokio::test]
async fn a_school_comes_into_its_space_without_a_script() {
    let demo = Demo::start().await;
    let chromium = Chromium::start().await;
    let head = chromium.person().await;
    let tab = head.tab(1280, Scripts::Off).await;
    invitation_account_and_terms(&demo, &tab).await;
    confirmed_address(&demo, &head, &tab).await;

    tab.follow("Élèves").await;
    tab.must_say("La liste des élèves n’est pas encore là")
        .await;
    let export = head
        .download(&tab, "Télécharger l’export de démonstration")
        .await;
    tab.follow("Importer (.xml ou .zip)").await;
    tab.choose_file("Le fichier exporté de SIECLE", &export)
        .await;
    tab.follow("Importer (.xml ou .zip)").await;
    tab.must_say("La liste des élèves est chargée").await;
    tab.follow("Élèves").await;
    tab.must_say("élèves, dont 0 rattaché").await;

    let code = campaign(&tab).await;
    let pupil = chromium.person().await;
    let pupils_tab = pupil.tab(1280, Scripts::Off).await;
    let name = a_pupil_is_linked(&demo, &pupils_tab, &code).await;

    tab.follow("Élèves").await;
    tab.must_say("élèves, dont 1 rattaché").await;
    tab.fill("Nom ou prénom", &name).await;
    tab.follow("Filtrer").await;
    let rows = "() => document.querySelector('tbody').innerText";
    let rows = tab.read(rows).await;
    assert!(rows.contains("Médiacentre"), "{rows}");

    invites(&demo, &tab).await;
    for tab in [&tab, &pupils_tab] {
        let faults = tab.faults(demo.address());
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

async fn invitation_account_and_terms(demo: &Demo, tab: &Tab) {
    tab.open(&format!("{}/demo", demo.address())).await;
    tab.follow("Ouvrir la boîte aux lettres").await;
    tab.must_say("Boîte aux lettres de la démonstration").await;
    follow_first_mail(tab).await;
    tab.must_say("Votre établissement est invité sur Pix Orga")
        .await;
    tab.follow("Accepter l’invitation").await;
    tab.must_say("Créer votre compte").await;
    tab.fill("Prénom", "Camille").await;
    tab.fill("Nom", "Durand").await;
    tab.fill("Votre adresse e-mail professionnelle", EMAIL)
        .await;
    tab.fill("Mot de passe", PASSWORD).await;
    tab.tick("J’ai lu les conditions du compte").await;
    tab.follow("Créer mon compte").await;
    tab.tick("J’ai lu les conditions d’utilisation").await;
    tab.follow("Accepter et entrer dans l’espace").await;
    tab.must_say("Quatre étapes suffisent").await;
}

/// Opens the newest mail of the mailbox, then the link it holds, in the tab of whoever reads it.
async fn follow_first_mail(tab: &Tab) {
    let first = "() => document.querySelector('tbody tr th a').textContent";
    tab.follow(&tab.read(first).await).await;
    let link = "() => document.querySelector('article a.button').textContent";
    tab.follow(&tab.read(link).await).await;
}

/// An address that is not the invited one is proven from its own mailbox.
async fn confirmed_address(demo: &Demo, head: &browser::Person<'_>, tab: &Tab) {
    let home = tab.path().await;
    let mailbox = head.tab(1280, Scripts::Off).await;
    mailbox
        .open(&format!("{}/demo/boite-aux-lettres", demo.address()))
        .await;
    follow_first_mail(&mailbox).await;
    mailbox.follow("C’est bien mon adresse").await;
    mailbox.must_say("Votre adresse est confirmée").await;
    tab.open(&format!("{}{home}", demo.address())).await;
}

async fn campaign(tab: &Tab) -> String {
    tab.follow("Parcours").await;
    tab.follow("Créer un parcours").await;
    tab.fill("Titre", "Rentrée numérique, 6e").await;
    tab.follow("Créer le parcours").await;
    tab.read("() => document.querySelector('input#code').value")
        .await
}

/// Enters as the first pupil of the list by the médiacentre, and gives their last name.
async fn a_pupil_is_linked(demo: &Demo, tab: &Tab, code: &str) -> String {
    tab.open(&format!("{}/demo/mediacentre", demo.address()))
        .await;
    let of_the_list = "() => {
        const row = [...document.querySelectorAll('tbody tr')].find(row => row.innerText.includes('Élève de la liste'));
        const [day, month, year] = row.innerText.match(/(\\d\\d)\\/(\\d\\d)\\/(\\d{4})/).slice(1);
        return { button: row.querySelector('button').textContent, day, month, year };
    }";
    let pupil = tab.evaluate(of_the_list, &serde_json::json!([])).await;
    let text = |name: &str| pupil[name].as_str().unwrap_or_default().to_owned();
    tab.follow(&text("button")).await;
    tab.must_say("Le Médiacentre ouvre Pix").await;
    tab.follow("Continuer").await;
    tab.must_say("ton compte Pix est prêt").await;
    tab.follow("Taper mon code").await;
    tab.fill("Le code de ton parcours", code).await;
    tab.follow("Commencer").await;
    tab.must_say("C’est bien toi ?").await;
    let last_name = "() => document.querySelectorAll('dl dd')[1].innerText";
    let last_name = tab.read(last_name).await;
    tab.fill("Jour", &text("day")).await;
    tab.fill("Mois", &text("month")).await;
    tab.fill("Année", &text("year")).await;
    tab.follow("Oui, c’est moi").await;
    tab.must_say("Tu es rattaché à ta classe").await;
    last_name
}

async fn invites(demo: &Demo, tab: &Tab) {
    tab.follow("Équipe").await;
    tab.follow("Inviter un membre").await;
    tab.fill("Adresses e-mail", "sacha@college.invalid").await;
    tab.follow("Envoyer les invitations").await;
    tab.must_say("sacha@college.invalid").await;
    tab.open(&format!("{}/demo/boite-aux-lettres", demo.address()))
        .await;
    tab.must_say("sacha@college.invalid").await;
}
