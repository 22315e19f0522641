//! axe-core, run on a page as it stands.

use serde_json::Value;

use crate::tab::Tab;

const AXE: &str = include_str!("../vendor/axe-core/axe.min.js");
const RUN: &str =
    "axe.run(document, { resultTypes: ['violations'] }).then(found => found.violations)";

/// What axe finds serious or critical, one sentence each.
pub async fn violations(tab: &Tab) -> Vec<String> {
    let found = tab.run_with_scripts(&[AXE, RUN]).await;
    let found = found.as_array().expect("axe gives a list");
    found.iter().filter(|each| grave(each)).map(said).collect()
}

fn grave(violation: &Value) -> bool {
    violation["impact"] == "serious" || violation["impact"] == "critical"
}

fn said(violation: &Value) -> String {
    let text = |of: &Value, name: &str| of[name].as_str().unwrap_or_default().to_owned();
    let nodes = violation["nodes"].as_array();
    let nodes: Vec<_> = nodes
        .into_iter()
        .flatten()
        .map(|node| format!("{} {}", text(node, "html"), text(node, "failureSummary")))
        .collect();
    format!(
        "{}: {}\n    {}",
        text(violation, "id"),
        text(violation, "help"),
        nodes.join("\n    ")
    )
}
