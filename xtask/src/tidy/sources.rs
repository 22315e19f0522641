//! Rust files: their size, their name, and what is never left in them.

use super::Tree;

/// The lines of a source file, its tests apart. Functions are clippy's (`too-many-lines-threshold`).
const FILE_LINES_MAX: usize = 500;

/// Written in pieces, or this file would be at fault.
const NEVER: &[(&str, &str)] = &[
    (
        concat!("#[", "ignore"),
        "a test that does not run proves nothing",
    ),
    (concat!("todo", "!("), "finish it or leave it out"),
    (concat!("unimplemented", "!("), "finish it or leave it out"),
    (concat!("dbg", "!("), "a trace of debugging"),
    (
        concat!("#[", "allow("),
        "silence with `expect` and its reason, which warns once it is useless",
    ),
];

/// What signs for the demonstration, and the only files of the binary that may name it.
const IDENTITY_PROVIDER: &str = "pix_orga_idp";
const SERVER: &str = "crates/server/src/";
const DEMO: &str = "crates/server/src/demo";

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".rs") {
        if path.ends_with("/mod.rs") {
            faults.push(format!("{path}: name it `foo.rs` beside `foo/`"));
        }
        let lines = product_lines(text);
        if !is_test(path) && lines > FILE_LINES_MAX {
            faults.push(format!(
                "{path}: {lines} lines, {FILE_LINES_MAX} at most; split it by subject"
            ));
        }
        if path.starts_with(SERVER) && !path.starts_with(DEMO) && text.contains(IDENTITY_PROVIDER) {
            faults.push(format!(
                "{path}: `{IDENTITY_PROVIDER}` signs for anybody: the demonstration alone names it"
            ));
        }
        for (number, line) in (1..).zip(text.lines()) {
            for (pattern, why) in NEVER {
                if line.contains(pattern) {
                    faults.push(format!("{path}:{number}: `{pattern}`: {why}"));
                }
            }
        }
    }
    faults
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || ["/tests.rs", "_test.rs", "_tests.rs"]
            .iter()
            .any(|end| path.ends_with(end))
}

/// The lines before the module of tests.
fn product_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .windows(2)
        .position(|pair| {
            pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod ") && pair[1].ends_with('{')
        })
        .unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::{FILE_LINES_MAX, faults};
    use crate::tidy::Tree;

    fn count(path: &str, text: &str) -> usize {
        faults(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_long_file_is_seen_its_tests_apart() {
        let long = "x\n".repeat(FILE_LINES_MAX);
        assert_eq!(count("a/src/b.rs", &long), 0);
        assert_eq!(count("a/src/b.rs", &format!("{long}x\n")), 1);
        assert_eq!(
            count(
                "a/src/b.rs",
                &format!("{long}#[cfg(test)]\nmod tests {{\n{long}}}\n")
            ),
            0
        );
        assert_eq!(count("a/tests/b.rs", &format!("{long}x\n")), 0);
        assert_eq!(count("a/src/b/tests.rs", &format!("{long}x\n")), 0);
    }

    #[test]
    fn what_is_never_left_is_seen_with_its_line() {
        for line in [
            concat!("#[", "ignore = \"slow\"]"),
            concat!("    todo", "!()"),
            concat!("dbg", "!(x)"),
            concat!("#[", "allow(dead_code)]"),
        ] {
            let found = faults(&Tree::of(&[(
                "a/src/b.rs",
                &format!("fn a() {{}}\n{line}\n"),
            )]));
            assert_eq!(found.len(), 1, "{line}");
            assert!(found[0].starts_with("a/src/b.rs:2:"), "{found:?}");
        }
    }

    #[test]
    fn the_demonstration_alone_names_its_identity_provider() {
        let line = "use pix_orga_idp::IdentityProvider;\n";
        assert_eq!(count("crates/server/src/serve.rs", line), 1);
        assert_eq!(count("crates/server/src/demo.rs", line), 0);
        assert_eq!(count("crates/server/src/demo/federation.rs", line), 0);
        assert_eq!(count("crates/gar/src/verify/tests.rs", line), 0);
    }

    #[test]
    fn a_module_is_not_called_mod() {
        assert_eq!(count("a/src/b/mod.rs", ""), 1);
        assert_eq!(count("a/src/b.rs", ""), 0);
    }
}
