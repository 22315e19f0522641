//! `cargo xtask test`: every test, with what it needs.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use clap::Args;

use crate::metadata::{Metadata, Package};
use crate::postgres::Server;
use crate::process::{Stream, accept, cargo, step, step_and_read};
use crate::provide::{Install, chromium, exim, foreign, nginx, pgbouncer, tools};

/// The package that drives a browser.
const BROWSER: &str = "browser";
/// The package that speaks to a mail server.
const MAIL: &str = "pix-orga-mail-smtp";

/// The package whose tests are run once more on PostgreSQL; a variable tells them.
const JOURNEYS: &str = "journeys";
const DATABASE_VARIABLE: &str = "PIX_ORGA_TEST_DATABASE";
/// Those that are on PostgreSQL already, or that no database changes.
const ONCE: &str = "not binary(two_processes) and not binary(backup) and not binary(foreign_providers) \
                    and not binary(other_tools) and not binary(poolers)";

/// The packages whose tests speak to a PostgreSQL.
const ON_POSTGRES: &[&str] = &[STORE_POSTGRES, JOURNEYS, "xtask-cluster"];
const STORE_POSTGRES: &str = "pix-orga-store-postgres";

/// The product's program. Tests that run it read its path in [`BINARY_VARIABLE`].
pub const BINARY: &str = "pix-orga";
/// The variable that names the program under test.
pub const BINARY_VARIABLE: &str = "PIX_ORGA_TEST_BINARY";
/// The packages whose tests run it.
const ON_THE_PROGRAM: &[&str] = &[JOURNEYS, BROWSER];

/// Selects every package.
const WORKSPACE: &str = "--workspace";

/// What `test` can be told.
#[derive(Args)]
pub struct Options {
    /// Install nothing: say what to type instead.
    #[arg(long)]
    no_install: bool,
    /// Passed to the runner as it is, such as `-p pix-orga-domain` or a test's name. Without it: everything.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    args: Vec<String>,
}

impl Options {
    /// Every test.
    pub fn all(no_install: bool) -> Self {
        Self {
            no_install,
            args: Vec::new(),
        }
    }

    fn install(&self) -> Install {
        Install::unless(self.no_install)
    }

    fn names_packages(&self) -> bool {
        self.args.iter().any(|arg| names_package(arg))
    }

    fn runs(&self, package: &str) -> bool {
        let told = |arg: &String| arg == WORKSPACE || arg.contains(package);
        !self.names_packages() || self.args.iter().any(told)
    }

    /// What is built before the tests; nothing when none of them runs the program: the runner builds the rest.
    fn builds(&self) -> Option<Vec<&'static str>> {
        if self.args.is_empty() {
            // With the tests' own selection, so that the program and the tests share every built dependency.
            return Some(vec![WORKSPACE, "--all-targets"]);
        }
        // The runner of a selection leaves the program as an earlier build made it.
        let runs_it = ON_THE_PROGRAM.iter().any(|package| self.runs(package));
        runs_it.then(|| vec!["-p", BINARY])
    }
}

/// Builds, provides, runs, and repeats the runners' closing lines at the end.
pub fn run(options: &Options) -> Result<()> {
    let metadata = Metadata::read()?;
    let environment = provide(options, &metadata)?;
    // Held to the end: its drop removes it.
    let server = ON_POSTGRES
        .iter()
        .any(|package| options.runs(package))
        .then(|| Server::provide(options.install()))
        .transpose()?;
    if let Some(selection) = options.builds() {
        step("build", cargo().args(["build", "--locked"]).args(selection))?;
    }
    let nextest = has_nextest();
    let mut runs = vec![main_run(options, nextest)];
    if options.runs(JOURNEYS) {
        runs.push(journeys_on_postgres(options, nextest));
    }
    if options.args.is_empty() {
        runs.push(stores_over_tls(nextest));
    }
    if options.args.is_empty() && nextest && metadata.members().any(has_doc_tests) {
        runs.push(doc_run());
    }
    let mut closing = Vec::new();
    let mut failed = Vec::new();
    for mut run in runs {
        run.command
            .envs(environment.iter().map(|(name, path)| (name, path)))
            .envs(server.iter().flat_map(Server::environment));
        let (status, lines) = step_and_read(run.title, &mut run.command, &run.stream)?;
        closing.extend(closing_lines(&lines));
        if let Err(error) = accept(run.title, status) {
            failed.push(error.to_string());
        }
    }
    println!("\n── closing lines\n{}", closing.join("\n"));
    if failed.is_empty() {
        return Ok(());
    }
    bail!("{}", failed.join("; "))
}

struct Run {
    title: &'static str,
    command: Command,
    stream: Stream,
}

impl Run {
    fn of(title: [&'static str; 2], nextest: bool) -> Self {
        let mut command = cargo();
        if nextest {
            command.args(["nextest", "run"]);
        } else {
            command.args(["test", "--no-fail-fast"]);
        }
        command.arg("--locked");
        Self {
            title: if nextest { title[0] } else { title[1] },
            command,
            stream: if nextest { Stream::Err } else { Stream::Out },
        }
    }
}

fn main_run(options: &Options, nextest: bool) -> Run {
    let mut run = Run::of(["tests (nextest)", "tests (cargo test)"], nextest);
    if !options.names_packages() {
        run.command.arg(WORKSPACE);
    }
    run.command.args(&options.args);
    run
}

fn journeys_on_postgres(options: &Options, nextest: bool) -> Run {
    let title = [
        "journeys on PostgreSQL (nextest)",
        "journeys on PostgreSQL (cargo test)",
    ];
    let mut run = Run::of(title, nextest);
    run.command.env(DATABASE_VARIABLE, "postgres");
    if nextest {
        // Names of tests that are no journey's leave nothing to run.
        run.command.args(["--no-tests", "pass", "-E", ONCE]);
    }
    run.command
        .args(["-p", JOURNEYS])
        .args(without_packages(&options.args));
    run
}

/// Releases speak TLS to PostgreSQL, and everyday builds do not: it would take minutes more of each.
fn stores_over_tls(nextest: bool) -> Run {
    let title = [
        "TLS to PostgreSQL (nextest)",
        "TLS to PostgreSQL (cargo test)",
    ];
    let mut run = Run::of(title, nextest);
    let selection = ["-p", STORE_POSTGRES, "--features", "tls", "tls::"];
    run.command.args(selection);
    run
}

/// What is passed to the runner, save which packages.
fn without_packages(args: &[String]) -> Vec<&String> {
    let mut kept = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if arg == "-p" || arg == "--package" {
            args.next();
        } else if !names_package(arg) {
            kept.push(arg);
        }
    }
    kept
}

fn names_package(arg: &str) -> bool {
    arg.starts_with("-p") || arg.starts_with("--package") || arg == WORKSPACE
}

fn doc_run() -> Run {
    let mut command = cargo();
    command.args(["test", "--doc", "--workspace", "--locked", "--no-fail-fast"]);
    Run {
        title: "examples of the documentation",
        command,
        stream: Stream::Out,
    }
}

fn has_doc_tests(package: &Package) -> bool {
    package
        .targets
        .iter()
        .any(|target| target.kind.iter().any(|kind| kind == "lib"))
}

fn has_nextest() -> bool {
    cargo()
        .args(["nextest", "--version"])
        .output()
        .is_ok_and(|out| out.status.success())
}

fn provide(options: &Options, metadata: &Metadata) -> Result<Vec<(&'static str, PathBuf)>> {
    let program = metadata.target_directory.join("debug").join(BINARY);
    let mut environment = vec![(BINARY_VARIABLE, program)];
    if metadata.has_member(BROWSER) && options.runs(BROWSER) {
        environment.push((chromium::VARIABLE, chromium::provide(options.install())?));
    }
    if metadata.has_member(MAIL) && options.runs(MAIL) {
        environment.push((exim::VARIABLE, exim::provide(options.install())?));
    }
    if metadata.has_member(JOURNEYS) && options.runs(JOURNEYS) {
        environment.extend(foreign::provide(options.install())?);
        environment.push(tools::provide(options.install())?);
        environment.push((nginx::VARIABLE, nginx::provide(options.install())?));
    }
    if ON_POSTGRES.iter().any(|package| options.runs(package)) {
        environment.push((pgbouncer::VARIABLE, pgbouncer::provide(options.install())?));
    }
    Ok(environment)
}

/// What nextest says from its summary on, and each result of `cargo test` that ran something.
fn closing_lines(lines: &[String]) -> Vec<String> {
    let from = lines
        .iter()
        .rposition(|line| line.contains("Summary") && line.contains(" run: "));
    if let Some(from) = from {
        return lines[from..].to_vec();
    }
    lines
        .iter()
        .filter(|line| {
            line.starts_with("test result:") && !line.contains(" 0 passed; 0 failed; 0 ignored")
        })
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Options, closing_lines, without_packages};

    fn lines(text: &str) -> Vec<String> {
        text.lines().map(str::to_owned).collect()
    }

    #[test]
    fn nextest_closes_with_its_summary_and_its_failures() {
        let seen = lines(
            "    PASS one\n------------\n     Summary [   0.1s] 2 tests run: 1 passed, 1 failed, 0 skipped\n    FAIL two",
        );
        assert_eq!(closing_lines(&seen), seen[2..].to_vec());
    }

    #[test]
    fn cargo_test_closes_with_each_result_that_ran_something() {
        let seen = lines(
            "test a ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored\ntest result: ok. 0 passed; 0 failed; 0 ignored; 0 measured",
        );
        assert_eq!(closing_lines(&seen), vec![seen[1].clone()]);
    }

    #[test]
    fn the_journeys_alone_are_run_again() {
        for (given, kept) in [
            ("", ""),
            ("-p journeys -p browser a_school", "a_school"),
            ("--package=journeys --nocapture", "--nocapture"),
            (
                "--workspace -pjourneys --package browser one two",
                "one two",
            ),
        ] {
            let args: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
            let rest: Vec<String> = without_packages(&args).into_iter().cloned().collect();
            assert_eq!(rest.join(" "), kept, "{given}");
        }
    }

    fn options(args: &str) -> Options {
        Options {
            no_install: false,
            args: args.split_whitespace().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn a_selection_of_packages_leaves_the_browser_out() {
        assert!(options("").runs("browser"));
        assert!(options("some_test").runs("browser"));
        assert!(options("-p browser").runs("browser"));
        assert!(options("--workspace some_test").runs("browser"));
        assert!(!options("-p pix-orga-domain").runs("browser"));
    }

    #[test]
    fn tests_that_run_the_program_never_meet_a_former_one() {
        for (given, built) in [
            ("", "--workspace --all-targets"),
            ("-p journeys --test settling", "-p pix-orga"),
            ("--package=browser", "-p pix-orga"),
            ("-p pix-orga-domain -p journeys", "-p pix-orga"),
            ("--workspace some_test", "-p pix-orga"),
            ("some_test", "-p pix-orga"),
        ] {
            let selection = options(given).builds().unwrap_or_default();
            assert_eq!(selection.join(" "), built, "{given}");
        }
        for given in ["-p pix-orga-domain", "-p pix-orga some_test", "-p xtask"] {
            assert_eq!(options(given).builds(), None, "{given}");
        }
    }
}
