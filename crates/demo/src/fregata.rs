//! Fregata's export of a fictitious agricultural lycée.
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
use pix_orga_domain::roster::reading::Sex;

use crate::siecle::{GeneratedPupil, School, written_first_name};

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

/// The export, `;` between cells, in UTF-8. It lists the pupils who are there: those who left are in it no more.
///
/// # Errors
/// Those of the CSV writer; writing to memory gives none.
pub fn csv(school: &School) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(Vec::new());
    writer.write_record(COLUMNS)?;
    for pupil in school.present() {
        if let Some(record) = record(pupil) {
            writer.write_record(record)?;
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
