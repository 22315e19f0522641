//! `cargo xtask generate`: files as schools would send them, of people who do not exist.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use pix_orga_demo::schools::{self, SchoolKind};
use pix_orga_demo::siecle::{Generator, School, SchoolSpec};
use pix_orga_domain::uai::Uai;

/// What can be generated.
#[derive(Subcommand)]
pub enum File {
    /// A SIECLE export, « Élèves sans adresse ».
    Siecle(Siecle),
}

/// Which export.
#[derive(Args)]
pub struct Siecle {
    /// How many pupils the file has, those who left or have no class included.
    #[arg(long)]
    pupils: usize,
    /// The same seed gives the same pupils, to the byte.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The school; the first fictitious one by default. A school that is not fictitious is taken for a collège.
    #[arg(long)]
    uai: Option<String>,
    /// First year of the school year: 2026 is 2026-27. The present one by default.
    #[arg(long)]
    year: Option<i16>,
    /// The same school's next export: some pupils came, changed or left, and one name is damaged.
    #[arg(long)]
    next: bool,
    /// Where to write; the name ends in `.xml` or `.zip`.
    #[arg(long)]
    out: PathBuf,
}

/// Writes the file.
pub fn run(file: &File) -> Result<()> {
    match file {
        File::Siecle(siecle) => siecle.write(),
    }
}

impl Siecle {
    fn write(&self) -> Result<()> {
        let school = self.school()?;
        let bytes = match self
            .out
            .extension()
            .and_then(|extension| extension.to_str())
        {
            Some("xml") => school.to_xml_bytes(),
            Some("zip") => school.to_zip_bytes()?,
            _ => bail!("{}: the name must end in .xml or .zip", self.out.display()),
        };
        fs::write(&self.out, &bytes)
            .with_context(|| format!("cannot write {}", self.out.display()))?;
        println!(
            "{}: {} pupils of {}, {} of them present, exported on {}, {} bytes",
            self.out.display(),
            school.pupils.len(),
            school.spec.uai,
            school.present().count(),
            school.exported_on,
            bytes.len()
        );
        Ok(())
    }

    fn school(&self) -> Result<School> {
        let year = self.year.unwrap_or_else(this_school_year);
        let generator = Generator::new(self.seed);
        let school = generator.generate(&self.spec()?, self.pupils, year, first_export(year)?);
        if !self.next {
            return Ok(school);
        }
        Ok(generator.next_export(&school, next_export(year)?).school)
    }

    fn spec(&self) -> Result<SchoolSpec> {
        let Some(raw) = &self.uai else {
            let first = schools::all()
                .first()
                .context("there is no fictitious school")?;
            return Ok(SchoolSpec::of(first));
        };
        let uai = Uai::parse(raw).map_err(|error| anyhow!("{raw} is not a UAI: {error}"))?;
        Ok(schools::find(uai).map_or(
            SchoolSpec {
                uai,
                kind: SchoolKind::College,
            },
            SchoolSpec::of,
        ))
    }
}

/// A school year starts on 1 August.
fn this_school_year() -> i16 {
    let today = jiff::Timestamp::now()
        .to_zoned_datetime(jiff::tz::TimeZone::UTC)
        .date();
    if today.month() >= 8 {
        today.year()
    } else {
        today.year() - 1
    }
}

fn first_export(year: i16) -> Result<Date> {
    Date::new(year, 10, 5).with_context(|| format!("{year} is not a school year"))
}

fn next_export(year: i16) -> Result<Date> {
    Date::new(year, 11, 9).with_context(|| format!("{year} is not a school year"))
}
