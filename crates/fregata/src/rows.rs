//! The rows of a table in CSV, each with its line, and its quotes checked.

use csv::{Reader, ReaderBuilder, StringRecord};

/// A row that has something in it.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    /// The line it starts on, from 1.
    pub line: u32,
    pub cells: StringRecord,
    /// Whether the file goes on after it, or at least ends its line.
    pub ended: bool,
}

impl Row {
    /// How many cells it has, empty ones at its end apart.
    pub fn width(&self) -> usize {
        let cells = self.cells.iter().enumerate();
        let filled = cells.filter(|(_, cell)| !cell.trim().is_empty());
        filled.last().map_or(0, |(at, _)| at + 1)
    }
}

/// A quote that is not closed, or a closed one with more after it, in the row that starts on this line. What follows
/// cannot be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BrokenQuotes {
    pub line: u32,
}

impl BrokenQuotes {
    /// The same in a text that has this before.
    pub fn after(self, blanks: &str) -> Self {
        let mut rows = Rows::of(blanks, b';');
        let before = rows.line_of(blanks.len()) - 1;
        Self {
            line: self.line.saturating_add(before),
        }
    }
}

/// Reads rows one after the other, blank ones apart.
pub struct Rows<'a> {
    text: &'a str,
    delimiter: u8,
    reader: Reader<&'a [u8]>,
    /// Up to where lines were counted, and the line there.
    counted: (usize, u32),
}

impl<'a> Rows<'a> {
    /// The rows of a text. Lines end by LF, CRLF or CR.
    pub fn of(text: &'a str, delimiter: u8) -> Self {
        Self {
            text,
            delimiter,
            reader: ReaderBuilder::new()
                .delimiter(delimiter)
                .has_headers(false)
                .flexible(true)
                .from_reader(text.as_bytes()),
            counted: (0, 1),
        }
    }

    /// The next row that has something in it.
    ///
    /// # Errors
    /// [`BrokenQuotes`].
    pub fn read_next(&mut self) -> Result<Option<Row>, BrokenQuotes> {
        let mut cells = StringRecord::new();
        loop {
            let from = self.at();
            // The text is UTF-8 and its rows may have any length: nothing can fail.
            if !self.reader.read_record(&mut cells).unwrap_or(false) {
                return Ok(None);
            }
            let raw = self.text.get(from..self.at()).unwrap_or_default();
            let start = from + raw.len() - raw.trim_start_matches(['\r', '\n']).len();
            let line = self.line_of(start);
            let whole = raw.trim_matches(['\r', '\n']);
            if whole.contains('"') && !is_sound(whole, char::from(self.delimiter)) {
                return Err(BrokenQuotes { line });
            }
            let row = Row {
                line,
                ended: raw.ends_with(['\r', '\n']),
                cells: unwrapped(std::mem::take(&mut cells), self.delimiter)
                    .ok_or(BrokenQuotes { line })?,
            };
            if row.width() > 0 {
                return Ok(Some(row));
            }
        }
    }

    fn at(&self) -> usize {
        usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX)
    }

    /// The line of a byte after those already asked for.
    fn line_of(&mut self, at: usize) -> u32 {
        let (from, line) = self.counted;
        let between = self.text.as_bytes().get(from..at).unwrap_or_default();
        let breaks = between.iter().enumerate().filter(|(here, byte)| {
            // The LF of a CRLF counts, its CR does not.
            let next = self.text.as_bytes().get(from + here + 1);
            **byte == b'\n' || (**byte == b'\r' && next != Some(&b'\n'))
        });
        let breaks = u32::try_from(breaks.count()).unwrap_or(u32::MAX);
        self.counted = (at, line.saturating_add(breaks));
        self.counted.1
    }
}

/// The cells of a row whose only cell is a whole row, as a program writes it that was told another delimiter. Nothing
/// when that cell is more than a row.
fn unwrapped(cells: StringRecord, delimiter: u8) -> Option<StringRecord> {
    let mut inner = match cells.get(0) {
        Some(cell) if cells.len() == 1 && cell.contains(char::from(delimiter)) => {
            Rows::of(cell, delimiter)
        }
        _ => return Some(cells),
    };
    let row = inner.read_next().ok()??;
    matches!(inner.read_next(), Ok(None)).then_some(row.cells)
}

/// Whether each quoted cell of a row ends where its quotes do.
fn is_sound(row: &str, delimiter: char) -> bool {
    let mut rest = row;
    loop {
        rest = match rest.strip_prefix('"') {
            None => rest,
            Some(quoted) => match after_quote(quoted) {
                None => return false,
                Some(after) => {
                    let after = after.trim_start_matches(' ');
                    if !after.is_empty() && !after.starts_with(delimiter) {
                        return false;
                    }
                    after
                }
            },
        };
        match rest.split_once(delimiter) {
            None => return true,
            Some((_, next)) => rest = next,
        }
    }
}

/// What comes after the quote that closes a cell. Two quotes in it are one.
fn after_quote(mut quoted: &str) -> Option<&str> {
    loop {
        let (_, after) = quoted.split_once('"')?;
        match after.strip_prefix('"') {
            Some(more) => quoted = more,
            None => return Some(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u32, Vec<String>)>, BrokenQuotes> {
        let mut rows = Rows::of(text, b';');
        let mut all = Vec::new();
        while let Some(row) = rows.read_next()? {
            all.push((row.line, row.cells.iter().map(str::to_owned).collect()));
        }
        Ok(all)
    }

    fn lines(text: &str) -> Vec<u32> {
        read(text)
            .unwrap()
            .into_iter()
            .map(|(line, _)| line)
            .collect()
    }

    #[test]
    fn lines_stay_right_whatever_ends_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a;b", "", ";;", "\"c", "d\";e", "f;g", "", "h"].join(end);
            assert_eq!(lines(&text), [1, 4, 6, 8], "{end:?}");
            let begun = format!("{end}{end}{text}{end}");
            assert_eq!(lines(&begun), [3, 6, 8, 10], "{end:?}");
        }
        assert_eq!(lines("a\r\r\nb\n\rc"), [1, 3, 5]);
    }

    #[test]
    fn quoted_cells_hold_delimiters_breaks_and_quotes() {
        let read = read("\"a;b\";\"c\nd\";\"e \"\"f\"\"\";\"\"\ng\"h;i\"\n").unwrap();
        assert_eq!(read[0].1, ["a;b", "c\nd", "e \"f\"", ""]);
        assert_eq!(read[1], (3, vec!["g\"h".to_owned(), "i\"".to_owned()]));
        assert_eq!(lines("\"a\" ;\"b\"\nc"), [1, 2]);
    }

    #[test]
    fn a_row_that_became_one_cell_is_a_row() {
        let read = read("\"a;\"\"b;c\"\";d\"\ne;f\n\"g;h, i\"").unwrap();
        assert_eq!(read[0], (1, ["a", "b;c", "d"].map(str::to_owned).to_vec()));
        assert_eq!(read[2], (3, ["g", "h, i"].map(str::to_owned).to_vec()));
    }

    #[test]
    fn quotes_that_swallow_rows_are_seen() {
        for (text, line) in [
            ("a;b\nc;\"d\ne;f\n", 2),
            ("a;b\nc;\"d\ne;\"f\ng;h\n", 2),
            ("a;\"b\"c;d\n", 1),
            ("\"", 1),
            ("a\n\n\"b\"\"", 3),
            ("a;b\n\"c;d\ne;f\"", 2),
            ("a;b\n\"c;\"\"d\"\n", 2),
        ] {
            assert_eq!(read(text), Err(BrokenQuotes { line }), "{text:?}");
        }
    }

    #[test]
    fn a_row_knows_whether_its_line_ends() {
        let mut rows = Rows::of("a;b\nc;;", b';');
        let first = rows.read_next().unwrap().unwrap();
        let last = rows.read_next().unwrap().unwrap();
        assert!(first.ended && !last.ended);
        assert_eq!((last.cells.len(), last.width()), (3, 1));
        assert_eq!(rows.read_next(), Ok(None));
    }
}
