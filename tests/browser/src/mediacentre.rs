//! The demo's médiacentre, in a tab: who one comes as, and what becomes of the answer on its way.

use serde_json::json;

use crate::tab::Tab;

/// The buttons of those of whom the médiacentre says so.
const BUTTONS: &str = "note => [...document.querySelectorAll('tbody tr')]
    .filter(row => row.innerText.includes(note)).map(row => row.querySelector('button').textContent)";
/// The answer is lost on the way.
const SPOIL: &str =
    "() => { document.querySelector('input[name=SAMLResponse]').value = 'PGEvPg=='; }";

/// Opens the médiacentre at this address, and chooses the n-th of those of whom it says so: the page that carries the
/// signed answer comes next.
///
/// # Panics
/// When there is nobody such.
pub async fn choose(tab: &Tab, address: &str, note: &str, rank: usize) {
    tab.open(&format!("{address}/demo/mediacentre")).await;
    let buttons = tab.evaluate(BUTTONS, &json!([note])).await;
    let button = buttons[rank]
        .as_str()
        .unwrap_or_else(|| panic!("nobody is « {note} »: {buttons}"));
    tab.follow(button).await;
    tab.must_say("Le Médiacentre ouvre Pix").await;
}

/// Chooses somebody and goes on to Pix, where they arrive.
pub async fn come_as(tab: &Tab, address: &str, note: &str, rank: usize) {
    choose(tab, address, note, rank).await;
    tab.follow("Continuer").await;
}

/// Chooses somebody whose answer is lost on the way, and goes on to Pix.
pub async fn come_with_a_spoilt_answer(tab: &Tab, address: &str, note: &str, rank: usize) {
    choose(tab, address, note, rank).await;
    tab.evaluate(SPOIL, &json!([])).await;
    tab.follow("Continuer").await;
}
