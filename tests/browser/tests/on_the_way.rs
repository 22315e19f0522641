//! Pages that no address opens by itself: what a pupil meets, what a form answers, what an import would change.

use browser::axe::violations;
use browser::mediacentre::{come_as, come_with_a_spoilt_answer};
use browser::narrow::{NARROW, narrow_faults};
use browser::places::Lived;
use browser::{Chromium, Scripts, Tab};
use journeys::Demo;

/// What the médiacentre says of pupils who are linked by their date of birth.
const PUPIL: &str = "Élève de la liste";

#[tokio::test]
async fn each_page_a_pupil_meets_is_narrow_and_for_everyone() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    let pupil = chromium.person().await;
    let tab = pupil.tab(NARROW, Scripts::Off).await;
    let mut faults = Vec::new();
    let address = lived.demo.address();

    come_as(&tab, address, PUPIL, 4).await;
    tab.must_say("ton compte Pix est prêt").await;
    look(&tab, "welcome", &mut faults).await;
    tab.follow("Taper mon code").await;
    look(&tab, "code", &mut faults).await;
    tab.fill("Le code de ton parcours", "AZERTY123").await;
    tab.follow("Commencer").await;
    look(&tab, "unknown code", &mut faults).await;
    tab.fill("Le code de ton parcours", &lived.school.code)
        .await;
    tab.follow("Commencer").await;
    look(&tab, "identity", &mut faults).await;
    tab.follow("Oui, c’est moi").await;
    look(&tab, "identity without a date", &mut faults).await;
    for (part, value) in [("Jour", "1"), ("Mois", "2"), ("Année", "2012")] {
        tab.fill(part, value).await;
    }
    tab.follow("Oui, c’est moi").await;
    tab.must_say("Nous ne t’avons pas retrouvé").await;
    look(&tab, "not found", &mut faults).await;
    tab.follow("Demander à mon enseignant").await;
    tab.must_say("Ton enseignant est prévenu").await;
    look(&tab, "asked", &mut faults).await;
    tab.open(&format!("{address}/parcours/mes-parcours")).await;
    look(&tab, "mine, none", &mut faults).await;

    come_as(&tab, address, PUPIL, 0).await;
    tab.fill("Le code de ton parcours", &lived.school.code)
        .await;
    tab.follow("Commencer").await;
    tab.must_say("Te revoilà").await;
    look(&tab, "known already", &mut faults).await;
    tab.follow("Voir mes parcours").await;
    look(&tab, "mine", &mut faults).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn whoever_is_not_let_in_reads_a_page_that_is_narrow_and_for_everyone() {
    let demo = Demo::start().await;
    let chromium = Chromium::start().await;
    let somebody = chromium.person().await;
    let tab = somebody.tab(NARROW, Scripts::Off).await;
    let mut faults = Vec::new();
    for (who, name) in [("une enseignante", "teacher"), ("un parent", "parent")] {
        come_as(&tab, demo.address(), who, 0).await;
        tab.must_say("Vous travaillez dans l’établissement").await;
        tab.must_say("Vous êtes parent").await;
        look(&tab, name, &mut faults).await;
    }
    come_with_a_spoilt_answer(&tab, demo.address(), PUPIL, 0).await;
    tab.must_say("Ça ne marche toujours pas ?").await;
    look(&tab, "refused", &mut faults).await;
    tab.follow("Retourner au Médiacentre").await;
    tab.must_say("Le Médiacentre ouvre Pix").await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn a_form_that_is_refused_and_a_plan_of_import_are_narrow_and_for_everyone() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    let head = chromium.person().await;
    let tab = head.tab(NARROW, Scripts::Off).await;
    let mut faults = Vec::new();
    tab.open(&format!("{}/connexion", lived.demo.address()))
        .await;
    tab.follow("Se connecter").await;
    tab.must_say("à corriger").await;
    look(&tab, "sign-in refused", &mut faults).await;
    lived.sign_in(&tab).await;
    let at = |path: &str| {
        let space = &lived.school.head.space;
        format!("{}{space}{path}", lived.demo.address())
    };
    for (name, form, button) in [
        ("parcours refused", "/parcours/nouveau", "Créer le parcours"),
        (
            "invitation refused",
            "/equipe/inviter",
            "Envoyer les invitations",
        ),
        ("no file", "/eleves/importer", "Importer (.xml ou .zip)"),
    ] {
        tab.open(&at(form)).await;
        tab.follow(button).await;
        tab.must_say("à corriger").await;
        look(&tab, name, &mut faults).await;
    }

    tab.open(&at("/eleves")).await;
    tab.press("Classe par classe").await;
    tab.must_say("pas encore venu").await;
    look(&tab, "classes", &mut faults).await;

    tab.open(&at("/eleves/importer")).await;
    let next = head.download(&tab, "L’export suivant").await;
    tab.choose_file("Le fichier exporté de SIECLE", &next).await;
    tab.follow("Importer (.xml ou .zip)").await;
    tab.must_say("Ce que l’import va changer").await;
    look(&tab, "plan", &mut faults).await;
    tab.follow("Confirmer :").await;
    tab.must_say("Le dernier import peut être annulé").await;
    look(&tab, "after the plan", &mut faults).await;
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

async fn look(tab: &Tab, name: &str, faults: &mut Vec<String>) {
    faults.extend(narrow_faults(tab, name).await);
    for violation in violations(tab).await {
        faults.push(format!("{name}: {violation}"));
    }
}
