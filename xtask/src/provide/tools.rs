//! Archive makers and tools that save XML or CSV again, for the journeys that read what they write: Debian's, and `PyPI`'s
//! lxml, exactly as `tests/providers/lxml` pins it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask_cluster::binaries::cache_folder;

use super::foreign::{Provider, fill, python_packages, python_version};
use super::{Install, debian, in_path, path_folders};

/// Names the folder of lxml to the tests.
pub const LXML: &str = "PIX_ORGA_TEST_LXML";

/// A program, by the names it goes by, and Debian's package. The tests look for the same in `PATH`.
struct Tool {
    programs: &'static [&'static str],
    package: &'static str,
}

const TOOLS: [Tool; 11] = [
    Tool::of(&["zip"], "zip"),
    Tool::of(&["7zz"], "7zip"),
    Tool::of(&["bsdtar"], "libarchive-tools"),
    Tool::of(&["jar"], "default-jdk-headless"),
    Tool::of(&["xmllint"], "libxml2-utils"),
    Tool::of(&["xmlstarlet"], "xmlstarlet"),
    Tool::of(&["perl"], "perl"),
    Tool::of(&["python3"], "python3"),
    Tool::of(&["pip3", "pip"], "python3-pip"),
    Tool::of(&["mlr"], "miller"),
    Tool::of(&["csvformat"], "csvkit"),
];
/// A module of Perl, and Debian's package.
const TWIG: (&str, &str) = ("XML::Twig", "libxml-twig-perl");

impl Tool {
    const fn of(programs: &'static [&'static str], package: &'static str) -> Self {
        Self { programs, package }
    }
}

/// All of them, installed where they are missing: the variable of the tests, and the folder.
pub fn provide(install: Install) -> Result<(&'static str, PathBuf)> {
    let missing = missing();
    if !missing.is_empty() {
        debian("An archive maker, an XML or a CSV tool", &missing, install)?;
    }
    let cache = cache_folder().context("no folder for a cache: is HOME set?")?;
    let lxml = lxml(&cache, &python_version()?);
    fill(&lxml, install)?;
    Ok((LXML, lxml.place))
}

fn missing() -> Vec<&'static str> {
    let folders = path_folders();
    let mut missing: Vec<&str> = TOOLS
        .iter()
        .filter(|tool| in_path(tool.programs, &folders).is_none())
        .map(|tool| tool.package)
        .collect();
    let (module, package) = TWIG;
    let has_twig = Command::new("perl")
        .args([&format!("-M{module}"), "-e", "1"])
        .output()
        .is_ok_and(|out| out.status.success());
    if !has_twig {
        missing.push(package);
    }
    missing
}

fn lxml(cache: &Path, version: &str) -> Provider {
    python_packages("lxml", "packages/lxml/__init__.py", cache, version)
}
