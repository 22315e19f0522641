//! The official directory's CSV, read by column name and loaded row by row.

use anyhow::Context as _;
use pix_orga_domain::organization::directory::DirectoryRow;
use pix_orga_domain::organization::use_cases::Loaded;
use pix_orga_domain::refusal::Refusal as _;
use pix_orga_web::App;
use serde::{Deserialize, Serialize};

/// The directory's columns that matter, by name.
#[derive(Deserialize)]
struct Row {
    #[serde(rename = "Identifiant_de_l_etablissement")]
    uai: String,
    #[serde(rename = "Nom_etablissement")]
    name: String,
    #[serde(rename = "Nom_commune")]
    commune: String,
    #[serde(rename = "Mail", default)]
    mail: String,
    #[serde(rename = "code_nature")]
    nature: String,
    #[serde(rename = "Statut_public_prive", default)]
    sector: String,
    #[serde(rename = "etablissement_mere", default)]
    mother: String,
    #[serde(rename = "ministere_tutelle", default)]
    ministry: String,
    #[serde(rename = "etat", default)]
    state: String,
}

impl From<Row> for DirectoryRow {
    fn from(row: Row) -> Self {
        let Row {
            uai,
            name,
            commune,
            mail,
            nature,
            sector,
            mother,
            ministry,
            state,
        } = row;
        Self {
            uai,
            name,
            commune,
            mail,
            nature,
            sector,
            mother,
            ministry,
            state,
        }
    }
}

/// What loading a file did.
#[derive(Default, Serialize)]
pub struct LoadReport {
    /// New schools.
    pub created: u32,
    /// Schools whose facts changed.
    pub updated: u32,
    /// Schools already as the file says.
    pub unchanged: u32,
    /// Rows that are no school of ours.
    pub refused: Vec<RefusedRow>,
}

/// A row that is no school of ours.
#[derive(Serialize)]
pub struct RefusedRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// As written.
    pub uai: String,
    /// Why, by code.
    pub code: String,
}

/// The lines of a file, read forwards.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that a reader starts at a byte. Rows are not lines, since a cell may hold breaks; and the
    /// reader's own count is one behind where lines end with CRLF, for it starts a record between the two.
    fn of(&mut self, start: u64) -> u64 {
        let start = usize::try_from(start).unwrap_or(usize::MAX);
        let rest = self.bytes.get(start..).unwrap_or_default();
        let breaks = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let record = start.saturating_add(breaks.count());
        let passed = self.bytes.get(self.at..record).unwrap_or_default();
        for _ in passed.iter().filter(|byte| **byte == b'\n') {
            self.line += 1;
        }
        self.at = record.max(self.at);
        self.line
    }
}

/// Loads the official directory's CSV: each row has its own result, a bad one stops nobody.
///
/// # Errors
/// When a column is missing, or the store fails.
pub async fn load_directory(app: &App, bytes: &[u8]) -> anyhow::Result<LoadReport> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_reader(bytes);
    let headers = reader
        .headers()
        .context("L'en-tête du fichier ne peut pas être lu")?
        .clone();
    for column in [
        "Identifiant_de_l_etablissement",
        "Nom_etablissement",
        "Nom_commune",
        "Mail",
        "code_nature",
    ] {
        anyhow::ensure!(
            headers.iter().any(|header| header == column),
            "La colonne « {column} » manque : téléchargez l'annuaire officiel au format CSV, séparateur « ; »."
        );
    }
    let mut report = LoadReport::default();
    let mut lines = Lines {
        bytes,
        at: 0,
        line: 1,
    };
    for record in reader.records() {
        let position = match &record {
            Ok(record) => record.position(),
            Err(error) => error.position(),
        };
        let line = position.map_or(lines.line, |position| lines.of(position.byte()));
        let row = record
            .ok()
            .and_then(|record| record.deserialize::<Row>(Some(&headers)).ok());
        let Some(row) = row else {
            report.refused.push(RefusedRow {
                line,
                uai: String::new(),
                code: "row_unreadable".to_owned(),
            });
            continue;
        };
        let row = DirectoryRow::from(row);
        match app.organizations.load(&row).await {
            Ok(Loaded::Created) => report.created += 1,
            Ok(Loaded::Updated) => report.updated += 1,
            Ok(Loaded::Unchanged) => report.unchanged += 1,
            Ok(Loaded::Refused(refusal)) => {
                let code = refusal.code().to_owned();
                report.refused.push(RefusedRow {
                    line,
                    uai: row.uai,
                    code,
                });
            }
            Err(error) => return Err(anyhow::anyhow!("ligne {line} : {error}")),
        }
    }
    Ok(report)
}
