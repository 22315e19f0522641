//! Bytes to text, by evidence rather than by what the file declares.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use pix_orga_domain::roster::reading::FileRefusal;

use crate::prolog;
use crate::refusal;
use crate::text::{quoted, windows_1252};

/// A file whose bytes agree with ASCII, or one already decoded.
pub enum Source<'a> {
    /// Bytes after any UTF-8 byte-order mark, and whether there was one.
    Narrow {
        /// The bytes.
        bytes: Cow<'a, [u8]>,
        /// Whether there was a mark.
        marked: bool,
    },
    /// UTF-16, decoded.
    Wide {
        /// The text.
        text: String,
        /// How it was read.
        encoding: &'static Encoding,
        /// Some bytes made no sense: they are U+FFFD in the text.
        lossy: bool,
    },
}

/// A text, and how it was read.
pub struct Decoded<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// The encoding used.
    pub encoding: &'static Encoding,
    /// What the file declares, when the bytes are otherwise.
    pub mismatch: Option<String>,
    /// Some bytes made no sense: they are U+FFFD in the text.
    pub lossy: bool,
}

impl<'a> Source<'a> {
    /// Looks at the first bytes after any blanks: a byte-order mark wins; UTF-16 without one is seen by its zeros.
    pub fn open(bytes: Cow<'a, [u8]>) -> Self {
        let blanks = prolog::blanks(&bytes);
        let wide = match &bytes[blanks..] {
            [0xFF, 0xFE, ..] => Some((UTF_16LE, blanks)),
            [0xFE, 0xFF, ..] => Some((UTF_16BE, blanks)),
            _ => wide_without_mark(&bytes).map(|encoding| (encoding, 0)),
        };
        if let Some((encoding, start)) = wide {
            let (text, lossy) = encoding.decode_without_bom_handling(&bytes[start..]);
            let (_, marked) = marks(text.as_bytes());
            // The blanks are ASCII.
            let before: String = bytes[..start].iter().copied().map(char::from).collect();
            return Self::Wide {
                text: if before.is_empty() && !marked {
                    text.into_owned()
                } else {
                    before + &without_marks(&text)
                },
                encoding,
                lossy,
            };
        }
        let (end, marked) = marks(&bytes);
        let bytes = match bytes {
            Cow::Borrowed(bytes) if marked && end == MARK.len() => Cow::Borrowed(&bytes[end..]),
            bytes if marked => {
                let mut kept: Vec<u8> =
                    without_marks(&String::from_utf8_lossy(&bytes[..end])).into_bytes();
                kept.extend_from_slice(&bytes[end..]);
                Cow::Owned(kept)
            }
            other => other,
        };
        Self::Narrow { bytes, marked }
    }

    /// The bytes, which agree with ASCII.
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Narrow { bytes, .. } => bytes,
            Self::Wide { text, .. } => text.as_bytes(),
        }
    }

    /// The text, given the label of the XML declaration.
    ///
    /// # Errors
    /// `unsupported_encoding`, for a label the WHATWG standard does not know and no byte-order mark.
    pub fn decode(&self, label: Option<&[u8]>) -> Result<Decoded<'_>, FileRefusal> {
        let declared = label.and_then(Encoding::for_label_no_replacement);
        let name = label.map(|label| quoted(&String::from_utf8_lossy(label)));
        match self {
            Self::Wide {
                text,
                encoding,
                lossy,
            } => Ok(Decoded {
                text: Cow::Borrowed(text),
                encoding,
                mismatch: name.filter(|_| !declared.is_some_and(is_wide)),
                lossy: *lossy,
            }),
            Self::Narrow { bytes, marked } => {
                if let (Some(name), None, false) = (&name, declared, marked) {
                    return Err(refusal::unsupported_encoding(name));
                }
                let encoding = choose(bytes, declared.filter(|_| !marked));
                let expected = declared.or(name.is_none().then_some(UTF_8));
                let controls = has_controls_of(encoding) && has_second_controls(bytes);
                let mismatch = (expected != Some(encoding)
                    || (controls && !label.is_some_and(is_windows_1252)))
                .then(|| name.unwrap_or_else(|| UTF_8.name().to_owned()));
                let (mut text, lossy) = encoding.decode_without_bom_handling(bytes);
                if controls {
                    text = Cow::Owned(text.chars().map(windows_1252).collect());
                }
                let encoding = if controls { WINDOWS_1252 } else { encoding };
                Ok(Decoded {
                    text,
                    encoding,
                    mismatch,
                    lossy,
                })
            }
        }
    }
}

/// Whether an encoding has controls where windows-1252 has letters: the family of ISO-8859. `windows-1252` itself is
/// what the standard reads as ISO-8859-1.
fn has_controls_of(encoding: &'static Encoding) -> bool {
    encoding == WINDOWS_1252 || encoding.name().starts_with("ISO-8859-")
}

/// Whether there is a byte of the second set of controls, which no export has: a tool wrote windows-1252.
fn has_second_controls(bytes: &[u8]) -> bool {
    // Without an exit from each block, a processor looks at many bytes at once.
    bytes.chunks(BLOCK_BYTES).any(|block| {
        let found = block
            .iter()
            .fold(0, |found, byte| found | u8::from(byte & 0xE0 == 0x80));
        found != 0
    })
}

fn is_windows_1252(label: &[u8]) -> bool {
    let label = label.trim_ascii();
    [&b"windows-1252"[..], b"cp1252", b"x-cp1252"]
        .iter()
        .any(|known| label.eq_ignore_ascii_case(known))
}

/// Bytes looked at together.
const BLOCK_BYTES: usize = 1024;
/// The byte-order mark in UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// How long the blanks and byte-order marks at the start are, and whether there is a mark.
fn marks(bytes: &[u8]) -> (usize, bool) {
    let (mut at, mut marked) = (0, false);
    loop {
        let rest = &bytes[at..];
        let blanks = prolog::blanks(rest);
        if rest[blanks..].starts_with(MARK) {
            at += blanks + MARK.len();
            marked = true;
        } else {
            return (at, marked);
        }
    }
}

/// A text whose first marks are gone, its blanks still there: they count for lines.
fn without_marks(text: &str) -> String {
    let (end, _) = marks(text.as_bytes());
    let (start, rest) = text.split_at(end);
    start.replace('\u{FEFF}', "") + rest
}

/// UTF-16 that starts with a tag, after any blanks and marks.
fn wide_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let is_blank = |pair: &[u8]| match pair {
        [0, blank] | [blank, 0] => prolog::is_blank(*blank),
        [0xFF, 0xFE] | [0xFE, 0xFF] => true,
        _ => false,
    };
    let mut pairs = bytes.chunks_exact(2).skip_while(|pair| is_blank(pair));
    match (pairs.next()?, pairs.next()?) {
        ([b'<', 0], [next, 0]) if *next != 0 => Some(UTF_16LE),
        ([0, b'<'], [0, next]) if *next != 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// Without a declaration UTF-8 is assumed; so it is when UTF-16 is declared, since the bytes agree with ASCII.
fn choose(bytes: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    match declared.filter(|declared| *declared != UTF_8 && !is_wide(declared)) {
        None if std::str::from_utf8(bytes).is_ok() => UTF_8,
        None => ISO_8859_15,
        Some(declared)
            if declared.is_single_byte()
                && std::str::from_utf8(bytes).is_ok_and(|text| !text.is_ascii()) =>
        {
            UTF_8
        }
        Some(declared) => declared,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(bytes: &[u8], label: Option<&str>) -> (String, &'static str, bool) {
        let source = Source::open(Cow::Borrowed(bytes));
        let decoded = source.decode(label.map(str::as_bytes)).unwrap();
        (
            decoded.text.into_owned(),
            decoded.encoding.name(),
            decoded.mismatch.is_some(),
        )
    }

    #[test]
    fn evidence_decides() {
        type Case<'a> = (&'a [u8], Option<&'a str>, &'a str, &'a str, bool);
        let cases: [Case<'_>; 13] = [
            (b"<\xE9>", Some("ISO-8859-15"), "<é>", "ISO-8859-15", false),
            (b"<\xA4>", Some("iso-8859-15"), "<€>", "ISO-8859-15", false),
            (b"<\xE9>", Some("ISO-8859-1"), "<é>", "windows-1252", false),
            (b"<e>", Some("ISO-8859-15"), "<e>", "ISO-8859-15", false),
            ("<é>".as_bytes(), Some("ISO-8859-15"), "<é>", "UTF-8", true),
            ("<é>".as_bytes(), Some("UTF-8"), "<é>", "UTF-8", false),
            ("<é>".as_bytes(), None, "<é>", "UTF-8", false),
            (b"<\xE9>", Some("UTF-8"), "<é>", "ISO-8859-15", true),
            (b"<\xE9>", None, "<é>", "ISO-8859-15", true),
            (
                "\u{FEFF}<é>".as_bytes(),
                Some("UTF-8"),
                "<é>",
                "UTF-8",
                false,
            ),
            (
                "\u{FEFF}<é>".as_bytes(),
                Some("ISO-8859-15"),
                "<é>",
                "UTF-8",
                true,
            ),
            (
                "\u{FEFF}<é>".as_bytes(),
                Some("nimporte"),
                "<é>",
                "UTF-8",
                true,
            ),
            ("<é>".as_bytes(), Some("UTF-16"), "<é>", "UTF-8", true),
        ];
        for (bytes, label, text, encoding, mismatch) in cases {
            assert_eq!(
                decode(bytes, label),
                (text.to_owned(), encoding, mismatch),
                "{bytes:?} {label:?}"
            );
        }
    }

    #[test]
    fn the_second_set_of_controls_is_windows_1252_whatever_the_label() {
        for (bytes, label, text, mismatch) in [
            (&b"C\x9Cur \xE9"[..], Some("ISO-8859-15"), "Cœur é", true),
            // What each label says of the other bytes stays.
            (b"C\x9Cur C\xBDur", Some("ISO-8859-15"), "Cœur Cœur", true),
            (b"C\x9Cur \xE9", Some("ISO-8859-1"), "Cœur é", true),
            (b"C\x9Cur \xE9", Some("latin1"), "Cœur é", true),
            (b"C\x9Cur \xE9", Some("Windows-1252"), "Cœur é", false),
            (b"C\x9Cur \xE9", Some("cp1252"), "Cœur é", false),
            (b"C\x9Cur \xE9", Some("ISO-8859-2"), "Cœur é", true),
            (b"C\x9Cur \xE9", Some("UTF-8"), "Cœur é", true),
            (b"C\x9Cur \xE9", None, "Cœur é", true),
        ] {
            assert_eq!(
                decode(bytes, label),
                (text.to_owned(), "windows-1252", mismatch),
                "{label:?}"
            );
        }
        // These bytes are letters there.
        assert_eq!(decode(b"\x8E", Some("macintosh")).0, "é");
        assert_eq!(decode(b"\x8A", Some("windows-1250")).0, "Š");
    }

    #[test]
    fn utf_16_is_read() {
        let little: Vec<u8> = "\u{FEFF}<é>"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = "\u{FEFF}<é>"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(
            decode(&little, Some("UTF-16")),
            ("<é>".into(), "UTF-16LE", false)
        );
        assert_eq!(
            decode(&big, Some("utf-16")),
            ("<é>".into(), "UTF-16BE", false)
        );
        assert_eq!(decode(&big, None), ("<é>".into(), "UTF-16BE", false));
        assert!(decode(&little, Some("ISO-8859-15")).2);
        assert_eq!(decode(b"\n\0<\0a\0", None).1, "UTF-16LE");
        assert_eq!(decode(b"<\0a\0", None).1, "UTF-16LE");
        assert_eq!(decode(b"\0<\0a", None).1, "UTF-16BE");
    }

    #[test]
    fn blanks_may_come_before_a_byte_order_mark_and_marks_may_repeat() {
        let text = "<é>".to_owned();
        for bytes in [
            "\u{FEFF}\u{FEFF}<é>",
            "\n\u{FEFF}<é>",
            "\u{FEFF}\r\n\u{FEFF}<é>",
        ] {
            let (read, encoding, mismatch) = decode(bytes.as_bytes(), Some("UTF-8"));
            assert_eq!(read.trim_start(), text, "{bytes:?}");
            assert_eq!(read.matches('\n').count(), bytes.matches('\n').count());
            assert_eq!((encoding, mismatch), ("UTF-8", false));
        }
        for first in ["\u{FEFF}", "\u{FEFF}\u{FEFF}", "\n\u{FEFF}"] {
            let wide: Vec<u8> = format!("{first}<é>")
                .encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect();
            assert_eq!(decode(&wide, None).0.trim_start(), text, "{first:?}");
        }
        // A line break of one byte, before a file of two.
        assert_eq!(
            decode(b"\n\xFF\xFE<\0a\0", None),
            ("\n<a".to_owned(), "UTF-16LE", false)
        );
    }

    #[test]
    fn unknown_labels_are_refused() {
        for label in ["klingon", "", "iso-2022-kr"] {
            let source = Source::open(Cow::Borrowed(b"<a/>"));
            assert!(source.decode(Some(label.as_bytes())).is_err(), "{label}");
        }
    }
}
