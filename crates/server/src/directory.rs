//! The official directory's CSV: read whole, sorted out, then loaded school by school.

use std::collections::{BTreeMap, HashMap};

use pix_orga_domain::organization::directory::sifting::{RefusedRow, RowRemark, Sifted};
use pix_orga_domain::organization::directory::{DirectoryRefusal, RowRefusal};
use pix_orga_domain::organization::replacement::possible_replacements;
use pix_orga_domain::organization::use_cases::Loaded;
use pix_orga_domain::refusal::Refusal as _;
use pix_orga_web::App;
use serde::Serialize;

use encoding::decode;
use table::Column;

mod encoding;
mod table;
pub mod words;

/// What loading a file did.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct LoadReport {
    /// Why nothing was loaded.
    pub refusal: Option<FileRefusal>,
    /// How the file was read.
    pub file: FileFacts,
    /// New schools.
    pub created: u32,
    /// Schools whose facts changed.
    pub updated: u32,
    /// Schools already as the file says.
    pub unchanged: u32,
    /// Rows that say again what another says, to the letter.
    pub repeated: u32,
    /// Rows that should be schools of ours and cannot be read; those out of scope too, when they are asked for.
    pub refused: Vec<RefusedLine>,
    /// Rows that are neither a collège nor a lycée.
    pub out_of_scope: OutOfScope,
    /// What is worth saying of rows that were loaded, or that change nothing.
    pub remarks: Vec<RemarkedLine>,
}

/// How a file was read.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct FileFacts {
    /// The encoding used, such as `UTF-8`.
    pub encoding: &'static str,
    /// What separates the cells.
    pub separator: String,
    /// What is worth saying of it, by code: `encoding_mismatch`.
    pub remarks: Vec<&'static str>,
}

/// A row that is no school of ours.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// Its line in the file, from 1.
    pub line: u64,
    /// As written.
    pub uai: String,
    /// Why, by code.
    pub code: &'static str,
}

/// Rows out of scope, counted.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct OutOfScope {
    /// All of them.
    pub count: u32,
    /// By nature, the most frequent first.
    pub natures: Vec<NatureCount>,
}

/// Rows out of scope of one nature.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct NatureCount {
    /// `code_nature`, perhaps empty.
    pub nature: String,
    /// `libelle_nature` of the first, perhaps empty.
    pub label: String,
    /// How many.
    pub count: u32,
}

/// What is worth saying of a row.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct RemarkedLine {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Its number.
    pub uai: String,
    /// What, by code.
    pub code: &'static str,
    /// The other school's number that it speaks of.
    pub other_uai: Option<String>,
}

/// Why a file is not the directory.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct FileRefusal {
    /// By code.
    pub code: &'static str,
    /// The required columns that it lacks, by their official names.
    pub missing_columns: Vec<&'static str>,
    /// In words.
    pub message: String,
}

impl FileRefusal {
    fn new(refusal: DirectoryRefusal, missing: &[Column]) -> Self {
        let missing_columns: Vec<_> = missing
            .iter()
            .map(|column| column.official_name())
            .collect();
        Self {
            code: refusal.code(),
            message: words::refused(refusal, &missing_columns),
            missing_columns,
        }
    }
}

/// Loads the official directory's CSV: each row has its own result, a bad one stops nobody. The whole file is read and
/// sorted out before anything is written; nothing is loaded of one that is refused. `verbose` lists the rows out of
/// scope.
///
/// # Errors
/// When the store fails.
pub async fn load_directory(app: &App, bytes: &[u8], verbose: bool) -> anyhow::Result<LoadReport> {
    let (sifted, file) = match read(bytes) {
        Ok(read) => read,
        Err(refusal) => {
            return Ok(LoadReport {
                refusal: Some(refusal),
                ..LoadReport::default()
            });
        }
    };
    let mut report = LoadReport {
        file,
        repeated: sifted.repeated,
        ..LoadReport::default()
    };
    for refused in sifted.refused {
        report.note_refused(refused, verbose);
    }
    report.refused.sort_by_key(|row| row.line);
    report.out_of_scope.sort();
    for rows in &sifted.schools {
        let line = rows.rows().next().map_or(0, |(line, _)| *line);
        let loaded = app.organizations.load(rows).await;
        let loaded = loaded.map_err(|error| anyhow::anyhow!("ligne {line} : {error}"))?;
        match loaded.done {
            Loaded::Created => report.created += 1,
            Loaded::Updated => report.updated += 1,
            Loaded::Unchanged => report.unchanged += 1,
        }
        for (line, remark) in loaded.remarks {
            report.note(line, rows.uai().to_string(), remark);
        }
    }
    let lines: HashMap<_, _> = sifted
        .schools
        .iter()
        .filter_map(|rows| Some((rows.uai(), rows.rows().next()?.0)))
        .collect();
    let known = app.organizations.all().await?;
    for (uai, remark) in possible_replacements(&known, &lines.keys().copied().collect()) {
        let line = lines.get(&uai).copied().unwrap_or_default();
        report.note(line, uai.to_string(), remark);
    }
    report.remarks.sort_by_key(|remark| remark.line);
    Ok(report)
}

/// The file's rows, sorted out.
fn read(bytes: &[u8]) -> Result<(Sifted, FileFacts), FileRefusal> {
    let decoded = decode(bytes).map_err(|refusal| FileRefusal::new(refusal, &[]))?;
    let table = table::read(&decoded.text)
        .map_err(|missing| FileRefusal::new(DirectoryRefusal::ColumnsMissing, &missing))?;
    let file = FileFacts {
        encoding: decoded.encoding,
        separator: table.separator.to_string(),
        remarks: (!decoded.is_official())
            .then_some("encoding_mismatch")
            .into_iter()
            .collect(),
    };
    let mut sifted = Sifted::of(table.rows);
    for (line, uai) in table.unreadable {
        sifted.refuse(line, uai, RowRefusal::Unreadable);
    }
    Ok((sifted, file))
}

impl LoadReport {
    fn note_refused(&mut self, refused: RefusedRow, verbose: bool) {
        let RefusedRow { line, refusal, row } = refused;
        let out_of_scope = refusal == RowRefusal::OutOfScope;
        if !out_of_scope || verbose {
            self.refused.push(RefusedLine {
                line,
                uai: row.uai.clone(),
                code: refusal.code(),
            });
        }
        if out_of_scope {
            self.out_of_scope.add(row.nature, row.nature_label);
        }
    }

    fn note(&mut self, line: u64, uai: String, remark: RowRemark) {
        self.remarks.push(RemarkedLine {
            line,
            uai,
            code: remark.code(),
            other_uai: remark.other().map(|uai| uai.to_string()),
        });
    }

    /// How many rows have each remark, by code.
    pub fn remark_counts(&self) -> BTreeMap<&'static str, u32> {
        let mut counts = BTreeMap::new();
        for remark in &self.remarks {
            *counts.entry(remark.code).or_default() += 1;
        }
        counts
    }
}

impl OutOfScope {
    fn add(&mut self, nature: String, label: String) {
        self.count += 1;
        let mut known = self.natures.iter_mut();
        match known.find(|known| known.nature == nature) {
            Some(known) => known.count += 1,
            None => self.natures.push(NatureCount {
                nature,
                label,
                count: 1,
            }),
        }
    }

    fn sort(&mut self) {
        self.natures
            .sort_by(|a, b| (b.count, &a.nature).cmp(&(a.count, &b.nature)));
    }
}
