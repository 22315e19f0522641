//! Identity providers that nobody here wrote, for the journeys that sign pupils in: npm's saml-idp and samlify, `PyPI`'s
//! pysaml2, exactly as the lock files of `tests/providers` pin them, kept in the project's cache; and Debian's Lasso
//! `SimpleSAMLphp` and `LemonLDAP::NG`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use xtask_cluster::binaries::cache_folder;

use super::{Install, debian, in_path, path_folders};
use crate::process::{output, root, step};

/// Names the folder of npm's packages to the tests.
pub const SAML_IDP: &str = "PIX_ORGA_TEST_SAML_IDP";
/// Names the folder of samlify and what it needs to the tests.
pub const SAMLIFY: &str = "PIX_ORGA_TEST_SAMLIFY";
/// Names the folder of Python's packages to the tests.
pub const PYSAML2: &str = "PIX_ORGA_TEST_PYSAML2";

/// With what it needs of PHP, and no web server.
const SIMPLESAMLPHP: &[&str] = &[
    "simplesamlphp",
    "php-cgi",
    "php-cli",
    "php-mbstring",
    "php-xml",
];

/// Its portal, and what of Perl its SAML needs. Apache, which `SimpleSAMLphp` brings, is the web server that it asks for.
const LEMONLDAP_NG: &[&str] = &[
    "liblemonldap-ng-portal-perl",
    "liblasso-perl",
    "libio-string-perl",
    "libxml-simple-perl",
];

/// What one provider is made of.
pub(super) struct Provider {
    pub(super) name: &'static str,
    /// Its lock and what goes with it, in its room.
    pub(super) files: &'static [&'static str],
    /// Where it is kept.
    pub(super) place: PathBuf,
    /// Written last by who fills the place.
    pub(super) complete: &'static str,
    /// What fills the folder of its files, by hand as here.
    pub(super) command: &'static [&'static str],
}

/// All of them, installed where they are missing: the variables of the tests, and the folders.
pub fn provide(install: Install) -> Result<Vec<(&'static str, PathBuf)>> {
    program("Node.js with npm", "npm", &["nodejs", "npm"], install)?;
    python(install)?;
    program("xmlsec1", "xmlsec1", &["xmlsec1"], install)?;
    if !has_lasso() {
        debian("Lasso", &["python3-lasso"], install)?;
    }
    if !has_simplesamlphp() {
        debian("SimpleSAMLphp", SIMPLESAMLPHP, install)?;
    }
    if !has_lemonldap_ng() {
        debian("LemonLDAP::NG", LEMONLDAP_NG, install)?;
    }
    let cache = cache_folder().context("no folder for a cache: is HOME set?")?;
    let providers = [
        (SAML_IDP, of_npm("saml-idp", &cache)),
        (SAMLIFY, of_npm("samlify", &cache)),
        (PYSAML2, pysaml2(&cache, &python_version()?)),
    ];
    let mut kept = Vec::new();
    for (variable, provider) in providers {
        fill(&provider, install)?;
        kept.push((variable, provider.place));
    }
    Ok(kept)
}

fn of_npm(name: &'static str, cache: &Path) -> Provider {
    Provider {
        name,
        files: &["package-lock.json", "package.json", ".npmrc"],
        place: cache.join(name),
        complete: "node_modules/.package-lock.json",
        command: &["npm", "ci"],
    }
}

fn pysaml2(cache: &Path, version: &str) -> Provider {
    python_packages("pysaml2", "packages/saml2/__init__.py", cache, version)
}

/// Packages of `PyPI` that a lock pins. Compiled ones belong to one version of Python, as `3.11`.
pub(super) fn python_packages(
    name: &'static str,
    complete: &'static str,
    cache: &Path,
    version: &str,
) -> Provider {
    Provider {
        name,
        files: &["requirements.txt"],
        place: cache.join(format!("{name}-{version}")),
        complete,
        command: &[
            "python3",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "--target",
            "packages",
            "-r",
            "requirements.txt",
        ],
    }
}

pub(super) fn fill(provider: &Provider, install: Install) -> Result<()> {
    let room = root().join("tests/providers").join(provider.name);
    if is_kept(provider, &room) {
        return Ok(());
    }
    let by_hand = by_hand(provider, &room);
    let name = provider.name;
    if install == Install::Forbidden {
        bail!("{name} is missing, and nothing may be installed. Type:\n  {by_hand}");
    }
    let place = &provider.place;
    println!(
        "\n{name} is missing: downloading it into {} (`--no-install` forbids it)",
        place.display()
    );
    let cache = place.parent().context("the cache has no folder")?;
    fs::create_dir_all(cache)?;
    // Beside its place, so that what was cut short is never taken for the whole.
    let scratch = tempfile::tempdir_in(cache)?;
    let filled = scratch.path().join(name);
    fs::create_dir(&filled)?;
    for file in provider.files {
        fs::copy(room.join(file), filled.join(file))?;
    }
    let (program, arguments) = provider.command.split_first().context("no command")?;
    let mut command = Command::new(program);
    command.args(arguments).current_dir(&filled);
    step(name, &mut command).with_context(|| format!("to try again, type:\n  {by_hand}"))?;
    if place.exists() {
        fs::remove_dir_all(place)?;
    }
    Ok(fs::rename(&filled, place)?)
}

/// Whether it was made from the lock as it is now, to the end.
fn is_kept(provider: &Provider, room: &Path) -> bool {
    let same = |file: &&str| match (
        fs::read(room.join(file)),
        fs::read(provider.place.join(file)),
    ) {
        (Ok(wanted), Ok(kept)) => wanted == kept,
        _ => false,
    };
    provider.files.iter().all(same) && provider.place.join(provider.complete).exists()
}

fn by_hand(provider: &Provider, room: &Path) -> String {
    let place = provider.place.display();
    let files: Vec<String> = provider
        .files
        .iter()
        .map(|file| room.join(file).display().to_string())
        .collect();
    format!(
        "mkdir -p {place} && cp {} {place} && cd {place} && {}",
        files.join(" "),
        provider.command.join(" ")
    )
}

fn program(what: &str, name: &str, packages: &[&str], install: Install) -> Result<()> {
    if in_path(&[name], &path_folders()).is_some() {
        return Ok(());
    }
    debian(what, packages, install)
}

/// Python and its pip, installed where they are missing.
pub(super) fn python(install: Install) -> Result<()> {
    program("Python", "python3", &["python3", "python3-pip"], install)?;
    if has_pip() {
        return Ok(());
    }
    debian("Python's pip", &["python3-pip"], install)
}

fn has_pip() -> bool {
    Command::new("python3")
        .args(["-m", "pip", "--version"])
        .output()
        .is_ok_and(|out| out.status.success())
}

/// Whether Debian's own Python has Lasso: another Python on the machine does not see it.
fn has_lasso() -> bool {
    Command::new("/usr/bin/python3")
        .args(["-c", "import lasso"])
        .output()
        .is_ok_and(|out| out.status.success())
}

/// Whether it is where Debian puts it, and PHP has what it needs.
fn has_simplesamlphp() -> bool {
    let needed = "exit(is_file('/usr/share/simplesamlphp/www/_include.php') && class_exists('DOMDocument') \
                  && function_exists('mb_strlen') ? 0 : 1);";
    Command::new("php")
        .args(["-r", needed])
        .output()
        .is_ok_and(|out| out.status.success())
}

fn has_lemonldap_ng() -> bool {
    Command::new("perl")
        .args(["-MLemonldap::NG::Portal::Main", "-MLasso"])
        .args(["-MIO::String", "-MXML::Simple", "-e", "1"])
        .output()
        .is_ok_and(|out| out.status.success())
}

pub(super) fn python_version() -> Result<String> {
    let said = output(
        Command::new("python3").args(["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]),
    )?;
    Ok(String::from_utf8_lossy(&said).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{by_hand, fill, is_kept, pysaml2};
    use crate::provide::Install;

    #[test]
    fn what_was_made_from_another_lock_or_not_to_the_end_is_made_again() {
        let (cache, room) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let provider = pysaml2(cache.path(), "3.11");
        let kept = |file: &str, text: &str| {
            let path = provider.place.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        fs::write(room.path().join("requirements.txt"), "one").unwrap();
        assert!(!is_kept(&provider, room.path()));
        kept("requirements.txt", "one");
        assert!(!is_kept(&provider, room.path()));
        kept("packages/saml2/__init__.py", "");
        assert!(is_kept(&provider, room.path()));
        kept("requirements.txt", "another");
        assert!(!is_kept(&provider, room.path()));
    }

    #[test]
    fn a_forbidden_installation_says_the_one_command() {
        let cache = tempfile::tempdir().unwrap();
        let provider = pysaml2(cache.path(), "3.11");
        let said = fill(&provider, Install::Forbidden).unwrap_err().to_string();
        let room = crate::process::root().join("tests/providers/pysaml2");
        assert!(said.ends_with(&by_hand(&provider, &room)), "{said}");
        assert!(said.contains("--require-hashes"), "{said}");
    }
}
