//! `cargo xtask generate`: files as schools would send them, of people who do not exist.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use pix_orga_demo::fregata;
use pix_orga_demo::schools::{self, FictitiousSchool, SchoolKind};
use pix_orga_demo::siecle::{Generator, School, SchoolSpec};
use pix_orga_domain::uai::Uai;

/// What can be generated.
#[derive(Subcommand)]
pub enum File {
    /// A SIECLE export, « Élèves sans adresse ».
    Siecle(Siecle),
    /// A Fregata export, as agricultural lycées send it.
    Fregata(Fregata),
}

/// Which export.
#[derive(Args)]
pub struct Siecle {
    #[command(flatten)]
    school: Drawn,
    /// Where to write; the name ends in `.xml` or `.zip`.
    #[arg(long)]
    out: PathBuf,
}

/// Which export.
#[derive(Args)]
pub struct Fregata {
    #[command(flatten)]
    school: Drawn,
    /// Where to write; the name ends in `.csv`.
    #[arg(long)]
    out: PathBuf,
}

/// Whose pupils, and on which day.
#[derive(Args)]
struct Drawn {
    /// How many pupils the file has, those who left or have no class included.
    #[arg(long)]
    pupils: usize,
    /// The same seed gives the same pupils, to the byte.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The school; the first fictitious one of its kind by default. A school that is not fictitious is taken for a
    /// collège, or for an agricultural lycée.
    #[arg(long)]
    uai: Option<String>,
    /// First year of the school year: 2026 is 2026-27. The present one by default.
    #[arg(long)]
    year: Option<i16>,
    /// The same school's next export: some pupils came, changed or left, and one name is damaged.
    #[arg(long)]
    next: bool,
}

/// Writes the file.
pub fn run(file: &File) -> Result<()> {
    match file {
        File::Siecle(siecle) => siecle.write(),
        File::Fregata(fregata) => fregata.write(),
    }
}

/// The first fictitious school of a kind with so many pupils, always the same ones.
pub fn drawn(kind: SchoolKind, pupils: usize) -> Result<School> {
    let first = match kind {
        SchoolKind::LyceeAgricole => schools::agricultural(),
        _ => schools::all().first(),
    };
    let drawn = Drawn {
        pupils,
        seed: 1,
        uai: None,
        year: Some(2026),
        next: false,
    };
    drawn.draw(first, kind)
}

impl Siecle {
    fn write(&self) -> Result<()> {
        let school = self
            .school
            .draw(schools::all().first(), SchoolKind::College)?;
        let bytes = match extension(&self.out) {
            Some("xml") => school.to_xml_bytes(),
            Some("zip") => school.to_zip_bytes()?,
            _ => bail!("{}: the name must end in .xml or .zip", self.out.display()),
        };
        save(&self.out, &school, &bytes)
    }
}

impl Fregata {
    fn write(&self) -> Result<()> {
        let kind = SchoolKind::LyceeAgricole;
        let school = self.school.draw(schools::agricultural(), kind)?;
        if school.spec.kind != kind {
            bail!("{} is not an agricultural lycée", school.spec.uai);
        }
        if extension(&self.out) != Some("csv") {
            bail!("{}: the name must end in .csv", self.out.display());
        }
        save(&self.out, &school, &fregata::csv(&school)?)
    }
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|extension| extension.to_str())
}

fn save(out: &Path, school: &School, bytes: &[u8]) -> Result<()> {
    fs::write(out, bytes).with_context(|| format!("cannot write {}", out.display()))?;
    println!(
        "{}: {} pupils of {}, {} of them present, exported on {}, {} bytes",
        out.display(),
        school.pupils.len(),
        school.spec.uai,
        school.present().count(),
        school.exported_on,
        bytes.len()
    );
    Ok(())
}

impl Drawn {
    /// The school to draw unless one is named, and the kind of a school that is not fictitious.
    fn draw(&self, first: Option<&FictitiousSchool>, kind: SchoolKind) -> Result<School> {
        let spec = match &self.uai {
            None => SchoolSpec::of(first.context("there is no fictitious school")?),
            Some(raw) => {
                let uai =
                    Uai::parse(raw).map_err(|error| anyhow!("{raw} is not a UAI: {error}"))?;
                schools::find(uai).map_or(SchoolSpec { uai, kind }, SchoolSpec::of)
            }
        };
        let year = self.year.unwrap_or_else(this_school_year);
        let generator = Generator::new(self.seed);
        let school = generator.generate(&spec, self.pupils, year, first_export(year)?);
        if !self.next {
            return Ok(school);
        }
        Ok(generator.next_export(&school, next_export(year)?).school)
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
