//! The map from threats to tests: each test and each response that it names is there.

use super::Tree;
use super::documents::read;

/// The map.
const MAP: &str = "docs/reference/gar-security.md";
/// Where the responses that it names are.
const CORPUS: &str = "crates/gar/tests/corpus/fixtures/";

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(MAP) {
        for line in read(text) {
            for name in line.code.iter().filter(|code| !is_there(tree, code)) {
                faults.push(format!("{path}:{}: no test is `{name}`", line.number));
            }
        }
    }
    faults
}

/// What is no name of a test, nor of a response, is no affair of ours.
fn is_there(tree: &Tree, code: &str) -> bool {
    let is_name = |text: &str, marks: &str| {
        text.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || marks.contains(c))
    };
    if let Some((family, case)) = code.split_once('/') {
        let is_case = is_name(family, "-") && is_name(case, "-") && family != "docs";
        return !is_case
            || [".xml", ".b64"]
                .iter()
                .any(|end| tree.has(&format!("{CORPUS}{code}{end}")));
    }
    let is_test = code.matches('_').count() > 1 && is_name(code, "_");
    !is_test
        || tree
            .ending(".rs")
            .any(|(_, text)| text.contains(&format!("fn {code}(")))
}

#[cfg(test)]
mod tests {
    use super::{CORPUS, MAP, faults};
    use crate::tidy::Tree;

    #[test]
    fn a_test_or_a_response_that_is_gone_is_seen() {
        let map = "`a_test_there`, `a_test_gone`, `wrapped/there`, `wrapped/gone`, `AuthnInstant`, `a/B.rs`";
        let response = format!("{CORPUS}wrapped/there.xml");
        let tree = Tree::of(&[
            (MAP, map),
            ("a.rs", "fn a_test_there() {}"),
            (&response, ""),
        ]);
        let found = faults(&tree);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].ends_with("`a_test_gone`"));
        assert!(found[1].ends_with("`wrapped/gone`"));
    }
}
