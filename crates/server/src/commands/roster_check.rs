//! `pix-orga roster check`: reads a file as an import would, writes nothing, needs no database.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use pix_orga_domain::clock::day_in_paris;
use pix_orga_domain::roster::reader::ReadFor;
use pix_orga_domain::roster::source::RosterSource;
use pix_orga_domain::uai::Uai;
use pix_orga_remarks::check;
use pix_orga_siecle::limits::UPLOAD_BYTES_MAX;

use super::Format;
use crate::reading;
use crate::terminal::{say, say_error};

/// What to read, and how.
#[derive(Args)]
pub struct RosterCheckArgs {
    /// Fichier exporté de SIECLE (.xml ou .zip), ou de Fregata (.csv).
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// UAI de l'établissement : sept chiffres et une lettre. Fregata ne l'écrit pas : il n'y est pas nécessaire.
    #[arg(long, value_parser = parse_uai)]
    uai: Option<Uai>,
    /// Application de l'établissement. Sans elle, le contenu du fichier la dit.
    #[arg(long, value_enum, value_name = "APPLICATION")]
    system: Option<System>,
    /// Jour de référence, AAAA-MM-JJ. Sans lui, aujourd'hui à Paris.
    #[arg(long, value_name = "DATE", value_parser = parse_day)]
    on: Option<Date>,
    /// Forme du résultat.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Where pupils are kept.
#[derive(Clone, Copy, ValueEnum)]
enum System {
    /// Éducation nationale.
    Siecle,
    /// Lycées agricoles.
    Fregata,
}

impl System {
    const fn source(self) -> RosterSource {
        match self {
            Self::Siecle => RosterSource::Siecle,
            Self::Fregata => RosterSource::Fregata,
        }
    }
}

fn parse_uai(raw: &str) -> Result<Uai, String> {
    Uai::parse(raw).map_err(|error| pix_orga_web::refusals::text(error.code()))
}

fn parse_day(raw: &str) -> Result<Date, String> {
    let shaped = raw.len() == 10 && raw.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    let day = shaped.then(|| raw.parse().ok()).flatten();
    day.ok_or_else(|| "Écrivez le jour ainsi : 2026-09-01.".to_owned())
}

/// Exit code 2 when the file cannot be opened, 1 when it is refused, 0 when it is accepted.
pub fn run(args: &RosterCheckArgs) -> ExitCode {
    let bytes = match read_bounded(&args.file) {
        Ok(bytes) => bytes,
        Err(error) => {
            say_error(&format!(
                "Le fichier {} ne peut pas être ouvert : {error}.",
                args.file.display()
            ));
            return ExitCode::from(2);
        }
    };
    let on = args.on.unwrap_or_else(|| day_in_paris(Timestamp::now()));
    let source = args
        .system
        .map_or_else(|| reading::source_of(&bytes), System::source);
    let result = match (source, args.uai) {
        (source, Some(uai)) => reading::read(&bytes, ReadFor { uai, source }, on),
        (RosterSource::Fregata, None) => reading::read_fregata(&bytes, on),
        (RosterSource::Siecle, None) => {
            say_error("Un fichier de SIECLE se vérifie pour un établissement : ajoutez --uai.");
            return ExitCode::from(2);
        }
    };
    match args.format {
        Format::Json => match serde_json::to_string_pretty(&check::to_json(&result, source)) {
            Ok(json) => say(&json),
            Err(error) => say_error(&error.to_string()),
        },
        Format::Text => say(check::to_text(&result, source).trim_end()),
    }
    if result.is_ok() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// One byte beyond the limit is enough for the reader to refuse.
fn read_bounded(path: &std::path::Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let limit = u64::try_from(UPLOAD_BYTES_MAX)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(limit)
        .read_to_end(&mut bytes)?;
    Ok(bytes)
}
