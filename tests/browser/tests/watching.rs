//! The watchers see what they are there to see: a page is spoilt on purpose, and they say so.

use browser::axe::violations;
use browser::places::Lived;
use browser::{Chromium, Scripts};
use journeys::Demo;
use serde_json::json;

#[tokio::test]
async fn a_page_that_is_spoilt_is_seen_by_each_watcher() {
    let demo = Demo::start().await;
    let chromium = Chromium::start().await;
    let somebody = chromium.person().await;
    let tab = somebody.tab(1280, Scripts::Off).await;
    tab.open(&format!("{}/connexion", demo.address())).await;
    assert!(violations(&tab).await.is_empty());
    assert!(tab.faults(demo.address()).is_empty());

    let spoil = "() => {
        document.querySelector('label').remove();
        document.querySelector('h1').style.color = '#eeeeee';
        const image = document.createElement('img');
        image.src = 'https://elsewhere.invalid/image.png';
        document.body.append(image);
    }";
    tab.evaluate(spoil, &json!([])).await;
    let seen = violations(&tab).await.join("\n");
    for rule in ["label: ", "color-contrast: ", "image-alt: "] {
        assert!(seen.contains(rule), "{rule}{seen}");
    }
    let faults = tab.faults(demo.address()).join("\n");
    assert!(faults.contains("elsewhere.invalid"), "{faults}");
}

#[tokio::test]
async fn a_script_only_adds_its_own_buttons_and_runs_only_where_it_may() {
    let lived = Lived::new().await;
    let chromium = Chromium::start().await;
    for (scripts, buttons) in [(Scripts::Off, 0), (Scripts::On, 1)] {
        let head = chromium.person().await;
        let tab = head.tab(1280, scripts).await;
        lived.sign_in(&tab).await;
        let note = format!("{}/eleves/note", lived.school.head.space);
        tab.open(&format!("{}{note}", lived.demo.address())).await;
        let shown =
            "() => [...document.querySelectorAll('button[data-print]')].filter(shown).length";
        let shown = tab.evaluate(shown, &json!([])).await;
        assert_eq!(shown, buttons, "{scripts:?}");
        let faults = tab.faults(lived.demo.address());
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}
