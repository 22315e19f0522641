//! What no page may do: ask elsewhere, break its own policy, leave an error in the console.

use crate::pipe::Event;

/// One sentence for each fault among what a tab said of itself. `address` is the product's.
pub fn faults(events: &[Event], address: &str) -> Vec<String> {
    events
        .iter()
        .filter_map(|event| fault(event, address))
        .collect()
}

fn fault(event: &Event, address: &str) -> Option<String> {
    let params = &event.params;
    match event.method.as_str() {
        "Network.requestWillBeSent" => {
            let url = params["request"]["url"].as_str().unwrap_or_default();
            let ours = url
                .strip_prefix(address)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
            (!ours && !url.starts_with("data:")).then(|| format!("asks elsewhere: {url}"))
        }
        "Network.loadingFailed" if params["canceled"] != true => Some(format!(
            "could not load a {}: {} {}",
            params["type"], params["errorText"], params["blockedReason"]
        )),
        "Log.entryAdded" if params["entry"]["level"] == "error" => {
            let entry = &params["entry"];
            Some(format!("console: {} {}", entry["text"], entry["url"]))
        }
        "Runtime.exceptionThrown" => Some(format!("script: {}", params["exceptionDetails"])),
        "Runtime.consoleAPICalled" => Some(format!("script says: {}", params["args"])),
        "Audits.issueAdded" => Some(format!("issue: {}", params["issue"])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::faults;
    use crate::pipe::Event;

    fn count(method: &str, params: Value) -> usize {
        let event = Event {
            session: String::new(),
            method: method.to_owned(),
            params,
        };
        faults(&[event], "http://127.0.0.1:8000").len()
    }

    #[test]
    fn only_the_products_own_address_may_be_asked() {
        let asked = |url: &str| {
            count(
                "Network.requestWillBeSent",
                json!({ "request": { "url": url } }),
            )
        };
        assert_eq!(asked("http://127.0.0.1:8000/static/pix-orga.css"), 0);
        assert_eq!(asked("data:image/png;base64,AAAA"), 0);
        assert_eq!(asked("http://127.0.0.1:80001/"), 1);
        assert_eq!(asked("https://fonts.example/nunito.woff2"), 1);
    }

    #[test]
    fn errors_scripts_and_issues_are_faults() {
        assert_eq!(
            count("Log.entryAdded", json!({ "entry": { "level": "error" } })),
            1
        );
        assert_eq!(
            count("Log.entryAdded", json!({ "entry": { "level": "info" } })),
            0
        );
        assert_eq!(count("Runtime.exceptionThrown", json!({})), 1);
        assert_eq!(count("Audits.issueAdded", json!({ "issue": {} })), 1);
        assert_eq!(
            count("Network.loadingFailed", json!({ "canceled": true })),
            0
        );
        assert_eq!(
            count("Network.loadingFailed", json!({ "canceled": false })),
            1
        );
    }
}
