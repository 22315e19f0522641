//! Every text file: no blank at the end of a line, no path of one machine.

use super::Tree;

/// Kept byte for byte: what a program wrote, what a test reads as a school would send it, or what others publish.
const AS_THEY_ARE: &[&str] = &[
    "/fixtures/",
    "/fuzzed/",
    "/snapshots/",
    "/vendor/",
    ".snap",
    ".svg",
];

/// Written in pieces, or this file would be at fault.
const HOMES: &[&str] = &[
    concat!("/home", "/"),
    concat!("/root", "/"),
    concat!("/Users", "/"),
];

pub fn faults(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        let as_it_is = AS_THEY_ARE.iter().any(|part| path.contains(part));
        for (number, line) in (1..).zip(text.lines()) {
            if !as_it_is && line.ends_with([' ', '\t']) {
                faults.push(format!("{path}:{number}: blank at the end of the line"));
            }
            let machine = tree.machine.iter().map(String::as_str);
            if let Some(folder) = HOMES
                .iter()
                .copied()
                .chain(machine)
                .find(|folder| names_folder(line, folder))
            {
                faults.push(format!(
                    "{path}:{number}: `{folder}` is a folder of one machine"
                ));
            }
        }
        if !as_it_is && !text.is_empty() && !text.ends_with('\n') {
            faults.push(format!("{path}: no line break at the end of the file"));
        }
    }
    faults
}

/// Whether the line has this absolute path, and not one that only ends so.
fn names_folder(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        !line[..at]
            .chars()
            .next_back()
            .is_some_and(|before| before.is_alphanumeric() || "._-}>)".contains(before))
    })
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::Tree;

    fn found(path: &str, text: &str) -> Vec<String> {
        faults(&Tree::of(&[(path, text)]))
    }

    #[test]
    fn blanks_at_the_end_of_a_line_are_seen() {
        let line = format!("a\nb{}\n", ' ');
        assert_eq!(
            found("a.md", &line),
            ["a.md:2: blank at the end of the line"]
        );
        assert_eq!(found("a/fixtures/b.txt", &line).len(), 0);
        assert_eq!(found("a.csv", "a\r\nb\r\n").len(), 0);
        assert_eq!(found("a.md", "a").len(), 1);
    }

    #[test]
    fn a_path_of_one_machine_is_seen() {
        for path in [
            "/folder/of/one/machine/src",
            concat!("/home", "/someone"),
            concat!("`/root", "/.cargo`"),
        ] {
            assert_eq!(found("a.md", &format!("see {path}\n")).len(), 1, "{path}");
        }
        assert_eq!(found("a.md", concat!("routes/home", "/page\n")).len(), 0);
    }
}
