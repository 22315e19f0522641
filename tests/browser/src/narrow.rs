//! A page in the narrowest window the product answers for, and from the keyboard.

use serde_json::json;

use crate::tab::Tab;

/// The narrowest window the product answers for, in pixels.
pub const NARROW: u32 = 320;

/// As many stops as show that the focus is seen: the rest of a long list is more of the same.
const TABS_MAX: usize = 25;

/// What a narrow window or a keyboard finds wrong in the page that is open, one sentence each.
pub async fn narrow_faults(tab: &Tab, name: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let wide = "() => document.documentElement.scrollWidth - innerWidth";
    let wide = tab.evaluate(wide, &json!([])).await;
    if wide.as_i64().is_none_or(|pixels| pixels > 0) {
        let who = "() => [...document.querySelectorAll('body *')]
            .filter(each => shown(each) && each.getBoundingClientRect().right > innerWidth + 1)
            .map(each => `${each.localName}.${each.className}`).slice(0, 6).join(', ')";
        let who = tab.evaluate(who, &json!([])).await;
        faults.push(format!("{name}: {wide} pixels too wide: {who}"));
    }
    let headings = "() => [...document.querySelectorAll('h1')].filter(shown).length";
    let headings = tab.evaluate(headings, &json!([])).await;
    if headings != 1 {
        faults.push(format!("{name}: {headings} headings of the first level"));
    }
    // A form that comes back puts the person on what is to be corrected; any other page at its very beginning.
    let brought_to_errors = !tab.focus().await.on.is_empty();
    let first = tab.tabulate().await;
    if (!brought_to_errors && first.name != "Aller au contenu") || !first.visible {
        faults.push(format!("{name}: the first stop is {first:?}"));
    }
    for _ in 0..TABS_MAX {
        let stop = tab.tabulate().await;
        if stop.on.is_empty() || stop.on == first.on {
            break;
        }
        if !stop.visible {
            faults.push(format!("{name}: nobody sees the focus on {stop:?}"));
        }
    }
    faults
}
