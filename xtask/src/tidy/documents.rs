//! Documents: what they point at exists, and the project's commands they give are real.

use clap::CommandFactory;

use super::Tree;
use crate::Cli;

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.ending(".md") {
        for line in read(text) {
            let missing = links(&line)
                .into_iter()
                .filter(|link| !tree.has(&resolve(place_of(path), link)))
                .chain(
                    paths(&line)
                        .into_iter()
                        .filter(|named| names_nothing(tree, named)),
                );
            faults.extend(
                missing.map(|what| format!("{path}:{}: `{what}` does not exist", line.number)),
            );
            faults.extend(
                line.code
                    .iter()
                    .filter_map(|code| words_after(code, "cargo xtask "))
                    .filter(|words| !is_task(words))
                    .map(|words| {
                        format!(
                            "{path}:{}: there is no `cargo xtask {}`",
                            line.number,
                            words.join(" ")
                        )
                    }),
            );
        }
    }
    // Code points at documents too, where it says the source of a rule.
    for (path, text) in tree.ending(".rs") {
        let comments = (1..)
            .zip(text.lines())
            .filter(|(_, line)| line.trim_start().starts_with("//"));
        for (number, line) in comments {
            let missing = line
                .split('`')
                .filter(|part| part.starts_with("docs/") && is_path(part) && !tree.has(part));
            faults
                .extend(missing.map(|named| format!("{path}:{number}: `{named}` does not exist")));
        }
    }
    faults
}

/// Where a document is read: the archive's own stands at its top, as this repository's does.
fn place_of(path: &str) -> &str {
    path.strip_prefix("packaging/").unwrap_or(path)
}

/// A line of Markdown, taken apart.
pub struct Line {
    /// From 1.
    pub number: usize,
    /// Its prose, code taken out; nothing inside a block of code.
    prose: String,
    /// Its spans of code, or the whole line inside a block.
    pub code: Vec<String>,
    /// Whether it is inside a block of code.
    block: bool,
}

/// Takes a document apart, line by line.
pub fn read(text: &str) -> Vec<Line> {
    let mut block = false;
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim_start().starts_with("```") {
            block = !block;
        } else if block {
            lines.push(Line {
                number,
                prose: String::new(),
                code: vec![line.trim().trim_start_matches("$ ").to_owned()],
                block,
            });
        } else {
            let (prose, code): (Vec<_>, Vec<_>) = line
                .split('`')
                .enumerate()
                .partition(|(index, _)| index % 2 == 0);
            lines.push(Line {
                number,
                prose: prose
                    .into_iter()
                    .map(|(_, part)| part)
                    .collect::<Vec<_>>()
                    .join("`"),
                code: code.into_iter().map(|(_, part)| part.to_owned()).collect(),
                block,
            });
        }
    }
    lines
}

/// The words that follow a command, up to the first that is an option, a value or a placeholder.
pub fn words_after(code: &str, command: &str) -> Option<Vec<String>> {
    let rest = code.strip_prefix(command)?;
    let words = rest
        .split_whitespace()
        .take_while(|word| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        })
        .map(str::to_owned)
        .collect::<Vec<_>>();
    (!words.is_empty()).then_some(words)
}

fn is_task(words: &[String]) -> bool {
    let mut command = &Cli::command();
    for word in words {
        if !command.has_subcommands() {
            return true;
        }
        let Some(next) = command.find_subcommand(word) else {
            return false;
        };
        command = next;
    }
    true
}

/// The relative links of a line, without their anchors.
fn links(line: &Line) -> Vec<String> {
    let opened = line
        .prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let images = line
        .prose
        .split("src=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    opened
        .chain(images)
        .filter_map(|target| target.split(['#', ' ']).next())
        .filter(|target| {
            !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:")
        })
        .map(str::to_owned)
        .collect()
}

/// The spans of code that have the shape of a path in the project.
fn paths(line: &Line) -> Vec<String> {
    if line.block {
        return Vec::new();
    }
    line.code
        .iter()
        .filter(|code| code.contains('/') && is_path(code))
        .cloned()
        .collect()
}

fn is_path(code: &str) -> bool {
    code.chars()
        .all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c))
}

/// A path is one of ours when it starts in a folder of ours: others are examples, or not paths.
fn names_nothing(tree: &Tree, named: &str) -> bool {
    let ours = named
        .split_once('/')
        .is_some_and(|(first, _)| tree.folders.contains(first));
    ours && !tree.has(named)
}

fn resolve(document: &str, link: &str) -> String {
    let mut parts: Vec<&str> = match link.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => document.split('/').collect(),
    };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::Tree;

    fn found(document: &str) -> Vec<String> {
        faults(&Tree::of(&[
            ("README.md", document),
            ("docs/guide/start.md", "[back](../../README.md#top)\n"),
            (
                "crates/domain/src/lib.rs",
                "//! As `docs/guide/start.md` says.\n",
            ),
        ]))
    }

    #[test]
    fn what_exists_is_not_at_fault() {
        let document = "See [the guide](docs/guide/start.md#first), `crates/domain/src/lib.rs`, `docs/guide/`,\n\
            [elsewhere](https://example.org/no), [here](#there), `subject/store.rs`, `application/json`.\n\
            `cargo xtask test`, `cargo xtask sqlx prepare`, `cargo xtask test --no-install`.\n\
            ```\ncargo xtask ci\n```\n";
        assert_eq!(found(document), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_exist_is_named_with_its_line() {
        for (document, what) in [
            ("\n[a](docs/guide/none.md)\n", "docs/guide/none.md"),
            ("\n![a](docs/shot.png)\n", "docs/shot.png"),
            ("\n<img src=\"docs/shot.png\">\n", "docs/shot.png"),
            ("\nin `crates/none/src/lib.rs`\n", "crates/none/src/lib.rs"),
            ("\n`cargo xtask nothing`\n", "cargo xtask nothing"),
            ("\n`cargo xtask sqlx nothing`\n", "cargo xtask sqlx nothing"),
        ] {
            let found = found(document);
            assert_eq!(found.len(), 1, "{document}: {found:?}");
            assert!(
                found[0].starts_with("README.md:2:") && found[0].contains(what),
                "{found:?}"
            );
        }
        assert_eq!(found("```\ncargo xtask nothing\n```\n").len(), 1);
    }

    #[test]
    fn code_that_cites_a_missing_document_is_named() {
        let tree = Tree::of(&[("a/src/b.rs", concat!("//! See `docs", "/none.md`.\n"))]);
        assert_eq!(
            faults(&tree),
            [concat!("a/src/b.rs:1: `docs", "/none.md` does not exist")]
        );
    }
}
