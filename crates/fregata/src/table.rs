//! A text in columns, from its bytes to its header: the checks of the file, in their order.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use pix_orga_domain::roster::reading::{FileRefusal, FileRefusalCode as Code};
use pix_orga_domain::roster::values::Values;
use pix_orga_exports::encoding::Source;
use pix_orga_exports::prolog::{self, is_blank};
use pix_orga_exports::recognise::{foreign, head, is_compressed, is_text, is_web_page, magic};
use pix_orga_exports::refusal::{self, refuse};
use pix_orga_exports::text::repair::repair;

use crate::columns::Places;
use crate::limits::{CELLS_MAX, HEAD_BYTES, TEXT_BYTES_MAX, UPLOAD_BYTES_MAX};
use crate::rows::{BrokenQuotes, Rows};

/// What may part two cells: Fregata's own first.
const DELIMITERS: [u8; 3] = [b';', b'\t', b','];
/// How a spreadsheet writes on the first line which delimiter it uses.
const SEPARATOR_LINE: &str = "sep=";

/// A text whose header is Fregata's.
pub struct Table<'a> {
    /// How it was read.
    pub encoding: &'static Encoding,
    text: Cow<'a, str>,
    layout: Layout,
}

/// How a table is laid out.
struct Layout {
    delimiter: u8,
    places: Places,
}

impl<'a> Table<'a> {
    /// Opens a table whose required columns are there.
    ///
    /// # Errors
    /// `empty_file`, `too_large`, `wrong_export`, `not_siecle`, `malformed_csv`, `columns_missing`.
    pub fn open(bytes: Cow<'a, [u8]>) -> Result<Self, FileRefusal> {
        let (text, encoding) = decode(recognised(bytes)?);
        if text.len() > TEXT_BYTES_MAX {
            return Err(refusal::too_heavy("content", TEXT_BYTES_MAX));
        }
        let Some(layout) = Layout::of(&text)? else {
            return Err(refusal::not_siecle(Values::of_case(looks_like(&text))));
        };
        // A row keeps the place of each of its cells.
        if memchr::memchr_iter(layout.delimiter, text.as_bytes()).count() > CELLS_MAX {
            return Err(refusal::too_many("cells", CELLS_MAX));
        }
        let missing = layout.places.missing();
        if !missing.is_empty() {
            let values = Values::default().with("columns", missing);
            return Err(refuse(Code::ColumnsMissing, values));
        }
        Ok(Self {
            encoding,
            text,
            layout,
        })
    }

    /// Where the columns are.
    pub fn places(&self) -> &Places {
        &self.layout.places
    }

    /// The rows after the header.
    ///
    /// # Errors
    /// [`BrokenQuotes`] in the header.
    pub fn rows(&self) -> Result<Rows<'_>, BrokenQuotes> {
        let mut rows = Rows::of(&self.text, self.layout.delimiter);
        if let Some(first) = rows.read_next()?
            && is_separator_line(first.cells.get(0).unwrap_or_default())
        {
            rows.read_next()?;
        }
        Ok(rows)
    }
}

impl Layout {
    /// How a text is laid out; nothing when its header is not Fregata's.
    ///
    /// # Errors
    /// `malformed_csv`, when the header cannot be told apart from what follows.
    fn of(text: &str) -> Result<Option<Self>, FileRefusal> {
        let mut broken = None;
        for delimiter in DELIMITERS {
            match header(text, delimiter) {
                Ok(places) if places.are_fregata() => {
                    return Ok(Some(Self { delimiter, places }));
                }
                Ok(_) => {}
                Err(quotes) => broken = Some(quotes),
            }
        }
        // Broken quotes say nothing of a text that is no table.
        match broken {
            Some(quotes) if names_columns(text) => {
                let blanks = text.len() - text.trim_start().len();
                Err(broken_quotes(quotes.after(&text[..blanks])))
            }
            _ => Ok(None),
        }
    }
}

/// Where the columns are, by the first row that has something in it.
fn header(text: &str, delimiter: u8) -> Result<Places, BrokenQuotes> {
    let mut rows = Rows::of(beginning(text), delimiter);
    let mut first = rows.read_next()?;
    let announced =
        |row: &crate::rows::Row| is_separator_line(row.cells.get(0).unwrap_or_default());
    if first.as_ref().is_some_and(announced) {
        first = rows.read_next()?;
    }
    Ok(match &first {
        None => Places::of(std::iter::empty()),
        Some(row) => {
            let cells: Vec<Cow<'_, str>> = row.cells.iter().map(mended).collect();
            Places::of(cells.iter().map(AsRef::as_ref))
        }
    })
}

/// A header whose accents were damaged in a way that can be mended.
fn mended(header: &str) -> Cow<'_, str> {
    repair(header).map_or(Cow::Borrowed(header), Cow::Owned)
}

fn is_separator_line(cell: &str) -> bool {
    let start = cell.get(..SEPARATOR_LINE.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(SEPARATOR_LINE))
}

/// Whether the first line names some of the columns, whatever its quotes are.
fn names_columns(text: &str) -> bool {
    let line = first_line(text);
    DELIMITERS.iter().any(|delimiter| {
        let cells = line.split(char::from(*delimiter));
        Places::of(cells.map(|cell| cell.trim_matches('"'))).are_fregata()
    })
}

/// The beginning of a text, after blanks: enough for a header.
fn beginning(text: &str) -> &str {
    let text = text.trim_start();
    let mut end = text.len().min(HEAD_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The first line that is not blank, or its beginning.
fn first_line(text: &str) -> &str {
    let lines = beginning(text).split(['\n', '\r']);
    lines.into_iter().next().unwrap_or_default()
}

/// Quotes that cannot be told apart, from this line on.
pub fn broken_quotes(quotes: BrokenQuotes) -> FileRefusal {
    FileRefusal {
        line: Some(quotes.line),
        ..refuse(Code::MalformedCsv, Values::of_case("quotes"))
    }
}

/// Says what a file too large to be read is.
pub fn oversized(bytes: &[u8]) -> FileRefusal {
    if bytes.iter().all(|byte| is_blank(*byte)) {
        refusal::empty()
    } else {
        refusal::too_heavy("upload", UPLOAD_BYTES_MAX)
    }
}

/// Whether the beginning of a text is Fregata's.
pub fn is_fregata(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    // Cut in the middle of a character, UTF-8 would not be UTF-8 any more.
    let end = head.iter().rposition(u8::is_ascii_whitespace);
    let head = if head.len() < bytes.len() {
        &head[..end.unwrap_or_default()]
    } else {
        head
    };
    let Ok(source) = recognised(Cow::Borrowed(head)) else {
        return false;
    };
    let (text, _) = decode(source);
    let found = |delimiter: &u8| header(&text, *delimiter).is_ok_and(|places| places.are_fregata());
    DELIMITERS.iter().any(found) || names_columns(&text)
}

/// A file that may be a table: no web page, no document of another kind.
fn recognised(bytes: Cow<'_, [u8]>) -> Result<Source<'_>, FileRefusal> {
    let source = Source::open(bytes);
    let looks_like = |values| Err(refusal::not_siecle(values));
    let bytes = source.bytes();
    if bytes.iter().all(|byte| is_blank(*byte)) {
        return Err(refusal::empty());
    }
    if let Some(what) = magic(bytes) {
        return looks_like(Values::of_case(what));
    }
    let prolog = prolog::scan(bytes);
    if is_web_page(&prolog) {
        return looks_like(Values::of_case("web_page"));
    }
    if let Some((_, root)) = prolog.root {
        return looks_like(foreign(&String::from_utf8_lossy(root)));
    }
    let head = head(bytes);
    if !is_text(head) {
        let compressed = is_compressed(head);
        let what = if compressed { "compressed" } else { "binary" };
        return looks_like(Values::of_case(what));
    }
    Ok(source)
}

/// The text: UTF-8 when it is, else windows-1252.
fn decode(source: Source<'_>) -> (Cow<'_, str>, &'static Encoding) {
    match source {
        Source::Wide { text, encoding, .. } => (Cow::Owned(text), encoding),
        Source::Narrow { bytes, .. } => {
            let encoding = if std::str::from_utf8(&bytes).is_ok() {
                UTF_8
            } else {
                WINDOWS_1252
            };
            let text = match bytes {
                Cow::Borrowed(bytes) => encoding.decode_without_bom_handling(bytes).0,
                Cow::Owned(bytes) => {
                    let text = encoding.decode_without_bom_handling(&bytes).0;
                    Cow::Owned(text.into_owned())
                }
            };
            (text, encoding)
        }
    }
}

/// What a text is when it is not Fregata's.
fn looks_like(text: &str) -> &'static str {
    let line = first_line(text);
    let parted = |delimiter: &u8| line.contains(char::from(*delimiter));
    if DELIMITERS.iter().any(parted) {
        "columns"
    } else {
        "text"
    }
}
