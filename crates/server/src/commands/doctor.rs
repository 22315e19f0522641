//! `pix-orga doctor`: looks at all that serving needs, and says how to mend what does not hold.

mod checks;
mod gar;
mod place;

use std::fmt;
use std::process::ExitCode;

use clap::Args;
use serde::Serialize;

use super::{ConfigArgs, Format};
use crate::terminal::say;

/// How to look.
#[derive(Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    config: ConfigArgs,
    /// Forme du résultat.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// What a look found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// All is well.
    Ok,
    /// Serving works, and something will be missing.
    Warning,
    /// Serving would fail, or betray a secret.
    Failed,
}

/// One thing looked at.
#[derive(Debug, Serialize)]
struct Check {
    /// Its stable name.
    name: &'static str,
    state: State,
    /// What was found.
    said: String,
    /// What to do about it.
    mend: Option<String>,
}

#[derive(Serialize)]
struct Report {
    ok: bool,
    checks: Vec<Check>,
}

impl Check {
    fn ok(name: &'static str, said: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Ok,
            said: said.into(),
            mend: None,
        }
    }

    fn failed(name: &'static str, said: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            name,
            state: State::Failed,
            said: said.into(),
            mend: Some(mend.into()),
        }
    }

    fn warning(name: &'static str, said: impl Into<String>, mend: impl Into<String>) -> Self {
        Self {
            state: State::Warning,
            ..Self::failed(name, said, mend)
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.state {
            State::Ok => "✔",
            State::Warning => "!",
            State::Failed => "✘",
        };
        write!(f, "{mark} {}", self.said)?;
        match &self.mend {
            Some(mend) => write!(f, "\n    → {mend}"),
            None => Ok(()),
        }
    }
}

/// Looks, and says. 0 when serving would work, 1 otherwise.
///
/// # Errors
/// When the report cannot be written as JSON.
pub async fn run(args: &DoctorArgs) -> anyhow::Result<ExitCode> {
    let checks = match args.config.load() {
        Ok(config) => checks::all(&config).await,
        Err(error) => vec![Check::failed(
            "configuration",
            format!("{error:#}"),
            "Corrigez le fichier donné par --config, ou les variables PIX_ORGA_… : le guide d'installation les décrit.",
        )],
    };
    let ok = checks.iter().all(|check| check.state != State::Failed);
    let report = Report { ok, checks };
    match args.format {
        Format::Json => say(&serde_json::to_string_pretty(&report)?),
        Format::Text => {
            for check in &report.checks {
                say(&check.to_string());
            }
            say(if ok {
                "\nPix Orga peut servir."
            } else {
                "\nPix Orga ne peut pas servir ainsi : corrigez ce qui est marqué ✘, puis relancez pix-orga doctor."
            });
        }
    }
    Ok(if ok {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
