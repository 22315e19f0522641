//! The directory's CSV as rows, read by column name, whatever saved it again.

use csv::{ReaderBuilder, StringRecord};
use pix_orga_domain::names::fold_for_search;
use pix_orga_domain::organization::directory::DirectoryRow;
use pix_orga_domain::organization::directory::sifting::Numbered;

/// What may stand between cells, most likely first.
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];
/// The columns' names are looked for in so many records: some tools write titles above them.
const HEADER_RECORDS_MAX: usize = 20;
/// A cell of several lines that holds so many separators is the rest of a row, after a quote that was never closed.
const TORN_SEPARATORS_MIN: usize = 4;
/// Quotes never closed, past which the rest of the file is not looked at.
const TORN_ROWS_MAX: usize = 1_000;
/// Words that one spelling of the columns' names has and another has not: « Identifiant de l'établissement »,
/// `Identifiant_de_l_etablissement`.
const SMALL_WORDS: [&str; 7] = ["de", "du", "des", "d", "la", "le", "l"];

/// A column that matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Uai,
    Name,
    Commune,
    Mail,
    Nature,
    NatureLabel,
    Sector,
    Mother,
    Ministry,
    State,
}

impl Column {
    const ALL: [Self; 10] = [
        Self::Uai,
        Self::Name,
        Self::Commune,
        Self::Mail,
        Self::Nature,
        Self::NatureLabel,
        Self::Sector,
        Self::Mother,
        Self::Ministry,
        Self::State,
    ];
    /// Those without which no school can be read.
    const REQUIRED: [Self; 5] = [
        Self::Uai,
        Self::Name,
        Self::Commune,
        Self::Mail,
        Self::Nature,
    ];

    /// As the official file names it.
    pub const fn official_name(self) -> &'static str {
        match self {
            Self::Uai => "Identifiant_de_l_etablissement",
            Self::Name => "Nom_etablissement",
            Self::Commune => "Nom_commune",
            Self::Mail => "Mail",
            Self::Nature => "code_nature",
            Self::NatureLabel => "libelle_nature",
            Self::Sector => "Statut_public_prive",
            Self::Mother => "etablissement_mere",
            Self::Ministry => "ministere_tutelle",
            Self::State => "etat",
        }
    }

    /// The column that a name of a file is, in any spelling.
    fn named(name: &str) -> Option<Self> {
        let spelt = spelling(name);
        Self::ALL
            .into_iter()
            .find(|column| spelling(column.official_name()) == spelt)
    }
}

/// A column's name without what spellings differ by: case, accents, signs, small words.
fn spelling(name: &str) -> String {
    let folded = fold_for_search(name);
    let words = folded.split(' ').filter(|word| !SMALL_WORDS.contains(word));
    words.collect()
}

/// Where the columns are, and what separates them.
#[derive(Debug)]
struct Header {
    separator: u8,
    /// Where each column stands; a name written twice has two places.
    places: Vec<(Column, usize)>,
    /// How many columns, with and without a name.
    width: usize,
    /// Where the record after the names starts, in bytes.
    end: usize,
}

/// A file's rows.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// What separates the cells.
    pub separator: char,
    /// The rows, by line.
    pub rows: Vec<Numbered<DirectoryRow>>,
    /// The lines whose cells do not stand under the columns, with what stands under the UAI's.
    pub unreadable: Vec<Numbered<String>>,
}

/// Reads a file's rows.
///
/// # Errors
/// The required columns that it lacks.
pub fn read(text: &str) -> Result<Table, Vec<Column>> {
    let header = Header::find(text)?;
    let mut table = Table {
        separator: char::from(header.separator),
        rows: Vec::new(),
        unreadable: Vec::new(),
    };
    let mut lines = Lines::of(text);
    let (mut start, mut torn_rows) = (header.end, 0);
    while let Some(torn) = header.read_from(text, start, &mut lines, &mut table) {
        table.unreadable.push((lines.at(torn), String::new()));
        torn_rows += 1;
        if torn_rows > TORN_ROWS_MAX {
            break;
        }
        start = next_line(text, torn);
    }
    Ok(table)
}

impl Header {
    fn find(text: &str) -> Result<Self, Vec<Column>> {
        let mut missing = Column::REQUIRED.to_vec();
        for separator in SEPARATORS {
            let mut reader = reader(text, separator);
            let mut record = StringRecord::new();
            for _ in 0..HEADER_RECORDS_MAX {
                if !reader.read_record(&mut record).unwrap_or(false) {
                    break;
                }
                let places: Vec<_> = record
                    .iter()
                    .enumerate()
                    .filter_map(|(place, name)| Some((Column::named(name)?, place)))
                    .collect();
                let lacks = |column: &Column| !places.iter().any(|(known, _)| known == column);
                let lacking: Vec<_> = Column::REQUIRED.into_iter().filter(lacks).collect();
                if lacking.is_empty() {
                    return Ok(Self {
                        separator,
                        places,
                        width: record.len(),
                        end: byte(reader.position()),
                    });
                }
                if lacking.len() < missing.len() {
                    missing = lacking;
                }
            }
        }
        Err(missing)
    }

    /// Reads rows from a place on, until the end or a row that a quote never closed tore: where it starts.
    fn read_from(
        &self,
        text: &str,
        start: usize,
        lines: &mut Lines<'_>,
        table: &mut Table,
    ) -> Option<usize> {
        let rest = text.get(start..).unwrap_or_default();
        let mut reader = reader(rest, self.separator);
        let mut record = StringRecord::new();
        while reader.read_record(&mut record).unwrap_or(false) {
            let at = start + record.position().map_or(0, byte);
            if is_torn(&record, self.separator) {
                return Some(at);
            }
            let (width, row) = (width(&record), self.row(&record));
            if width == 0 || repeats_names(&row) {
                continue;
            }
            let needed = |column| self.place(column).is_some_and(|place| place < record.len());
            let stands = [Column::Uai, Column::Name, Column::Nature]
                .into_iter()
                .all(needed);
            if stands && width <= self.width {
                table.rows.push((lines.at(at), row));
            } else {
                table.unreadable.push((lines.at(at), row.uai));
            }
        }
        None
    }

    fn place(&self, column: Column) -> Option<usize> {
        let (_, place) = self.places.iter().find(|(known, _)| *known == column)?;
        Some(*place)
    }

    fn row(&self, record: &StringRecord) -> DirectoryRow {
        let cell = |column| self.cell(record, column).unwrap_or_default();
        DirectoryRow {
            uai: cell(Column::Uai),
            name: cell(Column::Name),
            commune: cell(Column::Commune),
            mail: cell(Column::Mail),
            nature: cell(Column::Nature),
            nature_label: cell(Column::NatureLabel),
            sector: cell(Column::Sector),
            mother: self.cell(record, Column::Mother),
            ministry: cell(Column::Ministry),
            state: cell(Column::State),
        }
    }

    /// The first cell of a column that holds something; nothing when the file has no such column.
    fn cell(&self, record: &StringRecord, column: Column) -> Option<String> {
        let mut cells = self
            .places
            .iter()
            .filter(|(known, _)| *known == column)
            .map(|(_, place)| bare(record.get(*place).unwrap_or_default()));
        let first = cells.next()?;
        let filled = std::iter::once(first)
            .chain(cells)
            .find(|cell| !cell.is_empty());
        Some(filled.unwrap_or_default().to_owned())
    }
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes())
}

fn byte(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(usize::MAX)
}

/// A cell without the guards by which programs keep a spreadsheet from reading a number: `="0059900J"`.
fn bare(cell: &str) -> &str {
    let cell = cell.trim();
    cell.strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'))
        .map_or(cell, str::trim)
}

/// How many cells, the empty ones at the end apart: spreadsheets add and drop those.
fn width(record: &StringRecord) -> usize {
    let places = record.iter().enumerate();
    let filled = places.filter(|(_, cell)| !cell.trim().is_empty()).last();
    filled.map_or(0, |(last, _)| last + 1)
}

fn is_torn(record: &StringRecord, separator: u8) -> bool {
    let separators = |cell: &str| cell.bytes().filter(|byte| *byte == separator).count();
    record
        .iter()
        .any(|cell| cell.contains(['\r', '\n']) && separators(cell) >= TORN_SEPARATORS_MIN)
}

/// Whether a row is the columns' names again, as files put end to end have.
fn repeats_names(row: &DirectoryRow) -> bool {
    row.uai.starts_with(char::is_alphabetic) && Column::named(&row.uai) == Some(Column::Uai)
}

/// Where the line after a record's first one starts.
fn next_line(text: &str, at: usize) -> usize {
    let at = at + breaks_before(text, at);
    let rest = text.get(at..).unwrap_or_default();
    let end = rest.find(['\r', '\n']).unwrap_or(rest.len());
    at + end
}

/// The line breaks that stand where a reader says that a record starts: it counts the second half of CRLF, and empty
/// lines, with what follows.
fn breaks_before(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.len() - rest.trim_start_matches(['\r', '\n']).len()
}

/// The lines of a file, read forwards: rows are not lines, since a cell may hold breaks.
struct Lines<'a> {
    text: &'a str,
    passed: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    const fn of(text: &'a str) -> Self {
        Self {
            text,
            passed: 0,
            line: 1,
        }
    }

    /// The line of the record that a reader starts at a byte.
    fn at(&mut self, start: usize) -> u64 {
        let record = start + breaks_before(self.text, start);
        let passed = self.text.get(self.passed..record).unwrap_or_default();
        let mut before = None;
        for c in passed.chars() {
            let ends = c == '\n' && before != Some('\r') || c == '\r';
            self.line += u64::from(ends);
            before = Some(c);
        }
        self.passed = record.max(self.passed);
        self.line
    }
}

#[cfg(test)]
mod tests;
