//! Bytes to text, by evidence rather than by what the file declares.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE};
use pix_orga_domain::roster::reading::FileRefusal;

use crate::refusal;
use crate::text::quoted;

/// A file whose bytes agree with ASCII, or one already decoded.
pub enum Source<'a> {
    /// Bytes after any UTF-8 byte-order mark, and whether there was one.
    Narrow { bytes: Cow<'a, [u8]>, marked: bool },
    /// UTF-16, decoded.
    Wide {
        text: String,
        encoding: &'static Encoding,
        lossy: bool,
    },
}

/// A text, and how it was read.
pub struct Decoded<'a> {
    pub text: Cow<'a, str>,
    /// The encoding used.
    pub encoding: &'static Encoding,
    /// What the file declares, when the bytes are otherwise.
    pub mismatch: Option<String>,
    /// Some bytes made no sense: they are U+FFFD in the text.
    pub lossy: bool,
}

impl<'a> Source<'a> {
    /// Looks at the first bytes: a byte-order mark wins; UTF-16 without one is seen by its zeros.
    pub fn open(bytes: Cow<'a, [u8]>) -> Self {
        let wide = match bytes.as_ref() {
            [0xFF, 0xFE, ..] => Some((UTF_16LE, 2)),
            [0xFE, 0xFF, ..] => Some((UTF_16BE, 2)),
            [b'<', 0, next, 0, ..] if *next != 0 => Some((UTF_16LE, 0)),
            [0, b'<', 0, next, ..] if *next != 0 => Some((UTF_16BE, 0)),
            _ => None,
        };
        if let Some((encoding, mark)) = wide {
            let (text, lossy) = encoding.decode_without_bom_handling(&bytes[mark..]);
            return Self::Wide {
                text: text.into_owned(),
                encoding,
                lossy,
            };
        }
        let marked = bytes.starts_with(&[0xEF, 0xBB, 0xBF]);
        let bytes = match bytes {
            Cow::Borrowed(bytes) if marked => Cow::Borrowed(&bytes[3..]),
            Cow::Owned(mut bytes) if marked => {
                bytes.drain(..3);
                Cow::Owned(bytes)
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
                let mismatch = (expected != Some(encoding))
                    .then(|| name.unwrap_or_else(|| UTF_8.name().to_owned()));
                let (text, lossy) = encoding.decode_without_bom_handling(bytes);
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
        assert_eq!(decode(b"<\0a\0", None).1, "UTF-16LE");
        assert_eq!(decode(b"\0<\0a", None).1, "UTF-16BE");
    }

    #[test]
    fn unknown_labels_are_refused() {
        for label in ["klingon", "", "iso-2022-kr"] {
            let source = Source::open(Cow::Borrowed(b"<a/>"));
            assert!(source.decode(Some(label.as_bytes())).is_err(), "{label}");
        }
    }
}
