//! Every main page: narrow, from the keyboard, and as axe sees it.

use browser::axe::violations;
use browser::narrow::{NARROW, narrow_faults};
use browser::places::{Lived, Place, head_address};
use browser::{Chromium, Scripts, Tab};
use journeys::people::PASSWORD;

#[tokio::test]
async fn every_page_holds_in_320_pixels_and_shows_where_the_keyboard_is() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    let head = chromium.person().await;
    let tab = head.tab(NARROW, Scripts::Off).await;
    let mut faults = Vec::new();
    for place in lived.public().await {
        tab.open(&lived.url(&place)).await;
        faults.extend(narrow_faults(&tab, place.name).await);
    }
    lived.sign_in(&tab).await;
    for place in lived.space().await {
        tab.open(&lived.url(&place)).await;
        faults.extend(narrow_faults(&tab, place.name).await);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn a_head_signs_in_and_skips_to_the_content_from_the_keyboard_alone() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    let head = chromium.person().await;
    let tab = head.tab(NARROW, Scripts::Off).await;
    tab.open(&format!("{}/connexion", lived.demo.address()))
        .await;
    tab_to(&tab, "Adresse e-mail").await;
    tab.write(&head_address()).await;
    tab_to(&tab, "Mot de passe").await;
    tab.write(PASSWORD).await;
    tab.enter().await;
    tab.must_say("Préparer votre espace").await;

    assert_eq!(tab.tabulate().await.name, "Aller au contenu");
    let content = tab.enter_here().await;
    let place = content.on.rsplit(' ').next().unwrap();
    assert!(place.starts_with("main:"), "{content:?}");
    tab.open(&format!(
        "{}{}/eleves",
        lived.demo.address(),
        lived.school.head.space
    ))
    .await;
    tab_to(&tab, "Nom ou prénom").await;
    tab.write("zzz").await;
    tab.enter().await;
    tab.must_say("Aucun élève ne correspond").await;
}

/// Presses Tab until the focus is on the thing that says this.
async fn tab_to(tab: &Tab, name: &str) {
    let mut seen = Vec::new();
    for _ in 0..60 {
        let stop = tab.tabulate().await;
        if stop.name.starts_with(name) {
            assert!(stop.visible, "nobody sees the focus on {stop:?}");
            return;
        }
        seen.push(stop.name);
    }
    panic!("the keyboard never comes to « {name} »: {seen:?}");
}

#[tokio::test]
async fn axe_finds_nothing_serious_on_any_page() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    let head = chromium.person().await;
    let tab = head.tab(1280, Scripts::On).await;
    let mut faults = Vec::new();
    let mut look = async |place: Place| {
        tab.open(&lived.url(&place)).await;
        for violation in violations(&tab).await {
            faults.push(format!("{}: {violation}", place.name));
        }
    };
    for place in lived.public().await {
        look(place).await;
    }
    lived.sign_in(&tab).await;
    for place in lived.space().await {
        look(place).await;
    }
    // What the demo's pages answer on purpose with 404 and 410 is an error of the console, and of nobody.
    let answered =
        |fault: &String| fault.contains("status of 404") || fault.contains("status of 410");
    faults.extend(
        tab.faults(lived.demo.address())
            .into_iter()
            .filter(|fault| !answered(fault)),
    );
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
