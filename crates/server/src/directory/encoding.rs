//! A file's bytes as text, by evidence: what saved it again rarely says how.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use pix_orga_domain::organization::directory::DirectoryRefusal;

/// How an archive starts, hence a workbook of today.
const ZIP: &[u8] = b"PK\x03\x04";
/// How a workbook of before 2007 starts.
const OLE: &[u8] = b"\xD0\xCF\x11\xE0";
/// What a workbook's archive names first: `.xlsx`, then `.ods`.
const WORKBOOK_MEMBERS: [&[u8]; 2] = [b"[Content_Types].xml", b"mimetype"];
/// What other files start with: gzip, PDF.
const OTHERS: [&[u8]; 2] = [b"\x1F\x8B", b"%PDF"];
/// What starts JSON and markup, which the directory is offered as, too.
const NOT_CSV: [char; 3] = ['{', '[', '<'];
/// Letters of the DOS code page 850 (é, è, ê, ç, â, ë) as windows-1252 shows them: never between two small letters.
const DOS_LETTERS: [char; 6] = ['‚', 'Š', 'ˆ', '‡', 'ƒ', '‰'];
/// What starts most accented letters of UTF-8 that was read in one byte a letter, and saved so: « CollÃ¨ge ».
const READ_TWICE: char = 'Ã';
/// The letters Œ and œ of ISO-8859-15 as windows-1252 shows them.
const LATIN_9_LETTERS: [char; 2] = ['¼', '½'];

/// A file's text.
#[derive(Debug, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// Without byte-order mark.
    pub text: Cow<'a, str>,
    /// The encoding's name: not UTF-8 when the file was saved again.
    pub encoding: &'static str,
}

impl Decoded<'_> {
    /// Whether the file is as the ministry publishes it.
    pub fn is_official(&self) -> bool {
        self.encoding == UTF_8.name()
    }
}

/// Reads bytes as text.
///
/// # Errors
/// [`DirectoryRefusal`], when they are no text, or one whose accents would be damaged.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, DirectoryRefusal> {
    if bytes.starts_with(OLE) {
        return Err(DirectoryRefusal::Spreadsheet);
    }
    if bytes.starts_with(ZIP) {
        let names = |member: &&[u8]| bytes.windows(member.len()).any(|window| window == *member);
        return Err(if WORKBOOK_MEMBERS.iter().any(names) {
            DirectoryRefusal::Spreadsheet
        } else {
            DirectoryRefusal::NotCsv
        });
    }
    if OTHERS.iter().any(|start| bytes.starts_with(start)) {
        return Err(DirectoryRefusal::NotCsv);
    }
    let (encoding, bytes) = evidence(bytes);
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let decoded = if damaged && encoding == UTF_8 && !is_mostly_utf_8(&text) {
        eight_bits(bytes)?
    } else {
        Decoded {
            text,
            encoding: encoding.name(),
        }
    };
    match decoded.text.trim_start().chars().next() {
        None => Err(DirectoryRefusal::Empty),
        Some(first) if NOT_CSV.contains(&first) => Err(DirectoryRefusal::NotCsv),
        Some(_) if decoded.text.contains('\0') || is_read_twice(&decoded.text) => {
            Err(DirectoryRefusal::EncodingUnknown)
        }
        Some(_) => Ok(decoded),
    }
}

/// The encoding that the first bytes tell, and what follows the byte-order mark. UTF-16 without a mark is told by the
/// zero that is half of its first letter.
fn evidence(bytes: &[u8]) -> (&'static Encoding, &[u8]) {
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return (encoding, bytes.get(length..).unwrap_or_default());
    }
    match bytes {
        [0, second, ..] if *second != 0 => (UTF_16BE, bytes),
        [first, 0, ..] if *first != 0 => (UTF_16LE, bytes),
        _ => (UTF_8, bytes),
    }
}

/// Whether accents were read in one byte a letter once, and saved so: most names would be wrong.
fn is_read_twice(text: &str) -> bool {
    let (mut accents, mut pairs, mut before) = (0_usize, 0_usize, None);
    for c in text.chars() {
        accents += usize::from(!c.is_ascii());
        let ends_pair = before == Some(READ_TWICE) && matches!(c, '\u{A0}'..='\u{BF}');
        pairs += usize::from(ends_pair);
        before = Some(c);
    }
    pairs * 2 > accents / 2
}

/// Whether a few bytes are damaged in a text that is UTF-8 otherwise. Read in one byte a letter, every name of it would
/// be wrong; read so, only the rows that are damaged are refused.
fn is_mostly_utf_8(text: &str) -> bool {
    let (mut letters, mut damaged) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        if c == char::REPLACEMENT_CHARACTER {
            damaged += 1;
        } else {
            letters += 1;
        }
    }
    letters > damaged
}

/// One byte a letter.
fn eight_bits(bytes: &[u8]) -> Result<Decoded<'_>, DirectoryRefusal> {
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let mut encoding = WINDOWS_1252;
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text
            .get(at + c.len_utf8()..)
            .and_then(|text| text.chars().next());
        let between_small = [before, after]
            .iter()
            .all(|c| c.is_some_and(|c| c.is_ascii_lowercase()));
        if c.is_control() || (DOS_LETTERS.contains(&c) && between_small) {
            return Err(DirectoryRefusal::EncodingUnknown);
        }
        if LATIN_9_LETTERS.contains(&c) {
            encoding = ISO_8859_15;
        }
    }
    if encoding == ISO_8859_15 {
        let (text, _) = ISO_8859_15.decode_without_bom_handling(bytes);
        return Ok(Decoded {
            text,
            encoding: encoding.name(),
        });
    }
    Ok(Decoded {
        text,
        encoding: encoding.name(),
    })
}

#[cfg(test)]
mod tests;
