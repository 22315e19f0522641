//! Manifests: each package says what it is, and takes the lints of the root.

use super::Tree;

pub fn faults(tree: &Tree) -> Vec<String> {
    tree.ending("Cargo.toml")
        .filter(|(_, text)| has_line(text, "[package]"))
        .flat_map(|(path, text)| package_faults(path, text))
        .collect()
}

fn package_faults(path: &str, text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let described = text.lines().any(|line| {
        line.starts_with("description = \"") && line.len() > "description = \"\"".len()
    });
    if !described {
        faults.push(format!("{path}: no description"));
    }
    let lints = text
        .lines()
        .skip_while(|line| *line != "[lints]")
        .nth(1)
        .is_some_and(|line| line == "workspace = true");
    if !lints {
        faults.push(format!("{path}: no `[lints] workspace = true`"));
    }
    if let Some(folder) = path
        .strip_prefix("crates/")
        .and_then(|rest| rest.strip_suffix("/Cargo.toml"))
        && !has_line(text, &format!("name = \"{}\"", package_of(folder)))
    {
        let package = package_of(folder);
        faults.push(format!("{path}: the package of this folder is `{package}`"));
    }
    faults
}

/// The program's package bears the program's name, so that it is what one installs.
fn package_of(folder: &str) -> String {
    if folder == "server" {
        return "pix-orga".to_owned();
    }
    format!("pix-orga-{folder}")
}

fn has_line(text: &str, wanted: &str) -> bool {
    text.lines().any(|line| line == wanted)
}

#[cfg(test)]
mod tests {
    use super::faults;
    use crate::tidy::Tree;

    const SOUND: &str = "[package]\nname = \"pix-orga-mail\"\ndescription = \"Notices.\"\n\n[lints]\nworkspace = true\n";

    fn count(path: &str, text: &str) -> usize {
        faults(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn a_sound_manifest_has_no_fault() {
        assert_eq!(count("crates/mail/Cargo.toml", SOUND), 0);
        assert_eq!(
            count("crates/server/Cargo.toml", &SOUND.replace("-mail", "")),
            0
        );
        assert_eq!(count("Cargo.toml", "[workspace]\n"), 0);
    }

    #[test]
    fn each_thing_missing_is_one_fault() {
        assert_eq!(
            count("crates/mail/Cargo.toml", &SOUND.replace("Notices.", "")),
            1
        );
        assert_eq!(
            count(
                "crates/mail/Cargo.toml",
                &SOUND.replace("[lints]", "[lint]")
            ),
            1
        );
        assert_eq!(count("crates/letters/Cargo.toml", SOUND), 1);
    }
}
