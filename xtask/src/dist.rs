//! `cargo xtask dist`: the archive that is released, with everything a machine needs and whom it owes.

mod notices;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::metadata::Metadata;
use crate::process::{cargo, output, root, step};
use crate::test::BINARY;

/// The date of every file of the archive: the same tree gives the same bytes.
const EPOCH: &str = "@0";

/// What goes in beside the binary and the notices: where it is here, where it goes.
const FILES: [(&str, &str); 12] = [
    ("packaging/pix-orga.service", "pix-orga.service"),
    ("packaging/pix-orga.toml", "pix-orga.toml"),
    (
        "crates/server/texts/demo_terms_account.txt",
        "conditions-compte.txt",
    ),
    (
        "crates/server/texts/demo_terms_space.txt",
        "conditions-pix-orga.txt",
    ),
    ("docs/guide/install.md", "docs/guide/install.md"),
    ("docs/guide/operate.md", "docs/guide/operate.md"),
    ("docs/reference/retention.md", "docs/reference/retention.md"),
    ("docs/reference/refusals.md", "docs/reference/refusals.md"),
    ("docs/reference/siecle.md", "docs/reference/siecle.md"),
    ("docs/reference/fregata.md", "docs/reference/fregata.md"),
    ("LICENSE", "LICENSE"),
    ("packaging/README.md", "README.md"),
];

/// What a release can do beside what every build can.
const FEATURES: [&str; 2] = ["--features", "pix-orga/postgres-tls"];

/// What `dist` can be told.
#[derive(Args)]
pub struct Options {
    /// Where the archive goes.
    #[arg(long, default_value = "target/dist", value_name = "FOLDER")]
    folder: PathBuf,
}

/// Builds the program as it is released, and packs it.
pub fn run(options: &Options) -> Result<()> {
    step(
        "the program, in release",
        cargo()
            .args(["build", "--release", "--locked", "-p", BINARY])
            .args(FEATURES),
    )?;
    let metadata = Metadata::read()?;
    let binary = metadata.target_directory.join("release").join(BINARY);
    let name = format!("pix-orga-{}-{}", version(&metadata)?, host()?);
    let folder = root().join(&options.folder);
    let tree = tempfile::tempdir()?;
    lay_out(&tree.path().join(&name), &binary, &notices::text()?)?;
    fs::create_dir_all(&folder)?;
    let archive = folder.join(format!("{name}.tar.gz"));
    pack(tree.path(), &name, &archive)?;
    println!("dist: {}", archive.display());
    Ok(())
}

fn lay_out(folder: &Path, binary: &Path, notices: &str) -> Result<()> {
    fs::create_dir_all(folder)?;
    copy(binary, &folder.join(BINARY))?;
    for (from, to) in FILES {
        let to = folder.join(to);
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        copy(&root().join(from), &to)?;
    }
    fs::write(folder.join("THIRD-PARTY.txt"), notices)?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(())
}

fn pack(tree: &Path, name: &str, archive: &Path) -> Result<()> {
    step(
        "the archive",
        Command::new("tar")
            .args(["--sort=name", "--owner=0", "--group=0", "--numeric-owner"])
            .arg(format!("--mtime={EPOCH}"))
            .args(["--mode=u+rwX,go+rX,go-w", "--use-compress-program=gzip -9n"])
            .arg("--create")
            .arg("--file")
            .arg(archive)
            .arg("--directory")
            .arg(tree)
            .arg(name),
    )
}

fn version(metadata: &Metadata) -> Result<String> {
    let program = metadata.members().find(|package| package.name == BINARY);
    Ok(program.context("the program is no member")?.version.clone())
}

/// The machine it runs on, such as `x86_64-unknown-linux-gnu`.
fn host() -> Result<String> {
    let said = output(cargo().args(["-vV"]))?;
    let said = String::from_utf8(said)?;
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("cargo does not say its host")?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_holds_all_of_it_and_twice_the_same_bytes() {
        let work = tempfile::tempdir().unwrap();
        let binary = work.path().join("program");
        fs::write(&binary, "a program").unwrap();
        let archives = ["one.tar.gz", "two.tar.gz"].map(|file| {
            let tree = tempfile::tempdir().unwrap();
            lay_out(&tree.path().join("pix-orga-1"), &binary, "whom it owes").unwrap();
            let archive = work.path().join(file);
            pack(tree.path(), "pix-orga-1", &archive).unwrap();
            archive
        });
        let listed = output(Command::new("tar").arg("-tzf").arg(&archives[0])).unwrap();
        let listed = String::from_utf8(listed).unwrap();
        let mut expected = FILES.map(|(_, to)| to).to_vec();
        expected.extend([BINARY, "THIRD-PARTY.txt"]);
        for file in expected {
            let path = format!("pix-orga-1/{file}");
            assert!(listed.lines().any(|line| line == path), "{path}\n{listed}");
        }
        let [one, two] = archives.map(|archive| fs::read(archive).unwrap());
        assert!(one == two, "two archives of one tree differ");
    }

    fn laid_out() -> tempfile::TempDir {
        let tree = tempfile::tempdir().unwrap();
        let binary = tree.path().join("program");
        fs::write(&binary, "a program").unwrap();
        lay_out(&tree.path().join("archive"), &binary, "whom it owes").unwrap();
        tree
    }

    #[test]
    fn links_of_the_archive_s_documents_lead_into_the_archive() {
        let tree = laid_out();
        let folder = tree.path().join("archive");
        let mut followed = 0;
        for (_, to) in FILES
            .iter()
            .filter(|(_, to)| Path::new(to).extension().is_some_and(|end| end == "md"))
        {
            let document = folder.join(to);
            let text = fs::read_to_string(&document).unwrap();
            for link in text.split("](").skip(1) {
                let link = link.split(')').next().unwrap();
                if link.contains("://") || link.starts_with('#') {
                    continue;
                }
                let path = link.split('#').next().unwrap();
                let there = document.parent().unwrap().join(path).exists();
                assert!(there, "{to}: {link} leads nowhere");
                followed += 1;
            }
        }
        assert!(followed > 5, "no link was followed");
    }

    #[test]
    fn what_the_first_steps_install_is_in_the_archive() {
        let tree = laid_out();
        let folder = tree.path().join("archive");
        let guide = fs::read_to_string(root().join("docs/guide/operate.md")).unwrap();
        let installs = guide.lines().filter(|line| line.starts_with("install -m "));
        let mut installed = 0;
        for line in installs {
            let words: Vec<&str> = line.split_whitespace().collect();
            // The options and their values, then what is installed, then where.
            let mut words = words[1..words.len() - 1].iter();
            while let Some(word) = words.next() {
                if word.starts_with('-') {
                    words.next();
                    continue;
                }
                assert!(folder.join(word).is_file(), "{line}: no {word}");
                installed += 1;
            }
        }
        assert_eq!(
            installed, 5,
            "the binary, the unit, the configuration, two terms"
        );
    }
}
