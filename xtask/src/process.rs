//! Running other programs, and saying so.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The cargo that runs us, started in the workspace's folder.
pub fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    // A developer's own database is none of the tests'.
    command.current_dir(root()).env_remove("DATABASE_URL");
    command
}

/// Says what is run, runs it with our own terminal, and fails when it does.
pub fn step(title: &str, command: &mut Command) -> Result<()> {
    announce(title);
    let status = command
        .status()
        .with_context(|| format!("cannot start {}", name(command)))?;
    accept(title, status)
}

/// The standard output of a program that must succeed.
pub fn output(command: &mut Command) -> Result<Vec<u8>> {
    let out = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", name(command)))?;
    ensure!(
        out.status.success(),
        "{} failed ({})",
        name(command),
        out.status
    );
    Ok(out.stdout)
}

/// Which of the two streams of a program is read on its way to the terminal.
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// Like [`step`], and gives the lines of one stream, which still go to the terminal as they come.
pub fn step_and_read(
    title: &str,
    command: &mut Command,
    stream: &Stream,
) -> Result<(ExitStatus, Vec<String>)> {
    announce(title);
    match stream {
        Stream::Out => command.stdout(Stdio::piped()),
        Stream::Err => command.stderr(Stdio::piped()),
    };
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot start {}", name(command)))?;
    let lines = match (child.stdout.take(), child.stderr.take()) {
        (Some(out), _) => copy(out, &mut std::io::stdout())?,
        (_, Some(err)) => copy(err, &mut std::io::stderr())?,
        (None, None) => bail!("no stream to read from {}", name(command)),
    };
    Ok((child.wait()?, lines))
}

/// Fails when a step did.
pub fn accept(title: &str, status: ExitStatus) -> Result<()> {
    ensure!(status.success(), "« {title} » failed ({status})");
    Ok(())
}

fn announce(title: &str) {
    println!("\n── {title}");
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn copy(from: impl Read, to: &mut impl Write) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for line in BufReader::new(from).split(b'\n') {
        let line = line?;
        to.write_all(&line)?;
        to.write_all(b"\n")?;
        lines.push(String::from_utf8_lossy(&line).into_owned());
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::{Stream, output, step, step_and_read};
    use std::process::Command;

    #[test]
    fn a_step_that_fails_names_itself() {
        let error = step("the false one", &mut Command::new("false")).unwrap_err();
        assert!(error.to_string().contains("the false one"));
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = output(&mut Command::new("no-such-program")).unwrap_err();
        assert!(error.to_string().contains("no-such-program"));
    }

    #[test]
    fn lines_of_the_chosen_stream_are_kept() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo seen; echo unseen >&2; exit 3"]);
        let (status, lines) = step_and_read("both", &mut command, &Stream::Out).unwrap();
        assert_eq!((status.code(), lines), (Some(3), vec!["seen".to_owned()]));
    }
}
