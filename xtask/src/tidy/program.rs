//! The commands of `pix-orga` that documents give, tried on the program: `--help` must know them.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;

use super::Tree;
use super::documents::{read, words_after};
use crate::metadata::Metadata;
use crate::process::{cargo, step};
use crate::test::BINARY;

/// How documents write a command of the program.
const WRITTEN: &[&str] = &["pix-orga ", "cargo run -- ", "cargo run --release -- "];

pub fn faults(tree: &Tree) -> Result<Vec<String>> {
    let metadata = Metadata::read()?;
    let builds_it = metadata.members().find(|package| {
        package
            .targets
            .iter()
            .any(|target| target.name == BINARY && target.kind.iter().any(|kind| kind == "bin"))
    });
    let Some(package) = builds_it else {
        return Ok(Vec::new());
    };
    step(
        "the program, to try its commands",
        cargo().args(["build", "--quiet", "--locked", "-p", &package.name]),
    )?;
    let program = metadata.target_directory.join("debug").join(BINARY);
    Ok(commands(tree)
        .into_iter()
        .filter(|words| !is_known(&program, words))
        .map(|words| {
            format!(
                "documents give `{BINARY} {}`, which it does not know",
                words.join(" ")
            )
        })
        .collect())
}

fn commands(tree: &Tree) -> BTreeSet<Vec<String>> {
    tree.ending(".md")
        .flat_map(|(_, text)| read(text))
        .flat_map(|line| line.code)
        .filter_map(|code| {
            WRITTEN
                .iter()
                .find_map(|written| words_after(&code, written))
        })
        .collect()
}

fn is_known(program: &Path, words: &[String]) -> bool {
    Command::new(program)
        .args(words)
        .arg("--help")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{commands, is_known};
    use crate::tidy::Tree;

    #[test]
    fn commands_are_read_up_to_their_values() {
        let tree = Tree::of(&[(
            "README.md",
            "`pix-orga roster check FILE --uai U`, `pix-orga`, pix-orga ici\n```\n$ cargo run -- demo --port 8080\n```\n",
        )]);
        let found: Vec<String> = commands(&tree)
            .iter()
            .map(|words| words.join(" "))
            .collect();
        assert_eq!(found, ["demo", "roster check"]);
    }

    #[test]
    fn a_command_the_program_refuses_is_not_known() {
        let words = |text: &str| vec![text.to_owned()];
        assert!(is_known(Path::new("true"), &words("serve")));
        assert!(!is_known(Path::new("false"), &words("serve")));
        assert!(!is_known(Path::new("no-such-program"), &words("serve")));
    }
}
