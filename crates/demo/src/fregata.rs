//! Fregata's export of a fictitious agricultural lycée, and the wrong files that such a school uploads in its place.
//!
//! The pupils are those of [`crate::siecle`]: the same generator, written another way.
//!
//! ```
//! use jiff::civil::date;
//! use pix_orga_demo::{fregata, schools, siecle::{Generator, SchoolSpec}};
//!
//! let school = schools::agricultural().expect("there is one");
//! let school = Generator::new(1).generate(&SchoolSpec::of(school), 40, 2026, date(2026, 10, 5));
//! let csv = fregata::csv(&school)?;
//! assert!(csv.starts_with("Identifiant unique*;Premier prénom*".as_bytes()));
//! # Ok::<(), std::io::Error>(())
//! ```

use std::io;

use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileRefusalCode, Sex};

use crate::siecle::{GeneratedPupil, School, XML_NAME, written_first_name, zip_of};

/// The name that schools give to the file.
pub const CSV_NAME: &str = "fregata_eleves.csv";

/// The columns of Fregata's export, in its order. `Code sexe*` is in recent files only.
pub const COLUMNS: [&str; 15] = [
    "Identifiant unique*",
    "Premier prénom*",
    "Deuxième prénom",
    "Troisième prénom",
    "Nom de famille*",
    "Nom d'usage",
    "Code sexe*",
    "Date de naissance (jj/mm/aaaa)*",
    "Code commune naissance**",
    "Libellé commune naissance**",
    "Code département naissance*",
    "Code pays naissance*",
    "Statut*",
    "Code MEF*",
    "Division*",
];
/// The rank of the last one, which a wrong file lacks.
const DIVISION_AT: usize = COLUMNS.len() - 1;

/// The export, `;` between cells, in UTF-8. It lists the pupils who are there: those who left are in it no more.
///
/// # Errors
/// Those of the CSV writer; writing to memory gives none.
pub fn csv(school: &School) -> io::Result<Vec<u8>> {
    write(school, COLUMNS.len())
}

/// The first columns of the export.
fn write(school: &School, columns: usize) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    writer.write_record(&COLUMNS[..columns])?;
    for pupil in school.present() {
        if let Some(record) = record(pupil) {
            writer.write_record(&record[..columns])?;
        }
    }
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

fn record(pupil: &GeneratedPupil) -> Option<[String; COLUMNS.len()]> {
    let other = |at: usize| pupil.other_first_names.get(at).cloned().unwrap_or_default();
    let birthplace = pupil.file.birthplace;
    Some([
        pupil.ine.as_ref()?.as_str().to_owned(),
        written_first_name(pupil),
        other(0),
        other(1),
        pupil.last_name.clone(),
        pupil.usage_name.clone().unwrap_or_default(),
        if pupil.sex == Sex::M { "M" } else { "F" }.to_owned(),
        french(pupil.birthdate),
        birthplace.code.to_owned(),
        birthplace.town.to_owned(),
        birthplace.department.to_owned(),
        birthplace.country.to_owned(),
        if pupil.file.apprentice { "AP" } else { "ST" }.to_owned(),
        pupil.mef.clone(),
        pupil.division.clone().unwrap_or_default(),
    ])
}

fn french(day: Date) -> String {
    day.strftime("%d/%m/%Y").to_string()
}

/// A file that must be refused in an agricultural lycée.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WrongFile {
    /// A SIECLE export of the same pupils.
    Siecle,
    /// The export saved as a spreadsheet.
    Spreadsheet,
    /// A list of pupils that another program made.
    OtherColumns,
    /// The export without its classes.
    WithoutDivisions,
    /// The export whose accents a text editor destroyed.
    AccentsLost,
}

impl WrongFile {
    /// Every wrong file.
    pub const ALL: [Self; 5] = [
        Self::Siecle,
        Self::Spreadsheet,
        Self::OtherColumns,
        Self::WithoutDivisions,
        Self::AccentsLost,
    ];

    /// A short name for a command line, such as `fregata-spreadsheet`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Siecle => "fregata-siecle",
            Self::Spreadsheet => "fregata-spreadsheet",
            Self::OtherColumns => "fregata-other-columns",
            Self::WithoutDivisions => "fregata-without-divisions",
            Self::AccentsLost => "fregata-accents-lost",
        }
    }

    /// What it is, for people, such as « L’export de SIECLE ».
    pub const fn label(self) -> &'static str {
        match self {
            Self::Siecle => "L’export de SIECLE",
            Self::Spreadsheet => "L’export enregistré en classeur de tableur",
            Self::OtherColumns => "Une liste d’élèves d’un autre logiciel",
            Self::WithoutDivisions => "L’export sans la colonne des classes",
            Self::AccentsLost => "L’export dont un éditeur de texte a détruit les accents",
        }
    }

    /// Why a reader must refuse it.
    pub const fn refusal(self) -> FileRefusalCode {
        match self {
            Self::Siecle => FileRefusalCode::WrongExport,
            Self::Spreadsheet | Self::OtherColumns => FileRefusalCode::NotSiecle,
            Self::WithoutDivisions => FileRefusalCode::ColumnsMissing,
            Self::AccentsLost => FileRefusalCode::AccentsLost,
        }
    }

    /// The file's name and its bytes, for a person who imports into `school`.
    ///
    /// # Errors
    /// Those of the writers.
    pub fn make(self, school: &School) -> io::Result<(&'static str, Vec<u8>)> {
        match self {
            Self::Siecle => Ok((XML_NAME, school.to_xml_bytes())),
            Self::Spreadsheet => Ok(("fregata_eleves.xlsx", spreadsheet()?)),
            Self::OtherColumns => Ok(("liste.csv", other_columns(school).into_bytes())),
            Self::WithoutDivisions => Ok((CSV_NAME, write(school, DIVISION_AT)?)),
            Self::AccentsLost => Ok((CSV_NAME, accents_lost(school)?)),
        }
    }
}

/// What tells a spreadsheet from another archive; nobody reads its cells.
fn spreadsheet() -> io::Result<Vec<u8>> {
    zip_of("[Content_Types].xml", |member| {
        member.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types/>")
    })
}

fn other_columns(school: &School) -> String {
    let mut text = String::from("Élève;Né(e) le;Classe\n");
    for pupil in school.present() {
        let line = [
            format!("{} {}", pupil.last_name, pupil.first_name),
            french(pupil.birthdate),
            pupil.division.clone().unwrap_or_default(),
        ];
        text.push_str(&line.join(";"));
        text.push('\n');
    }
    text
}

/// Every accent of the export becomes U+FFFD, as when windows-1252 is taken for UTF-8 and saved.
fn accents_lost(school: &School) -> io::Result<Vec<u8>> {
    let text = String::from_utf8_lossy(&csv(school)?).into_owned();
    let lost = |c: char| {
        if c.is_ascii() {
            c
        } else {
            char::REPLACEMENT_CHARACTER
        }
    };
    Ok(text.chars().map(lost).collect::<String>().into_bytes())
}
