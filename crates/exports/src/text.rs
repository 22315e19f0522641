//! Values as people wrote them: blanks, accents, quotations; and damaged names, repaired.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use unicode_normalization::UnicodeNormalization;

use crate::limits::QUOTED_CHARS_MAX;

pub mod repair;

/// Trims, makes each run of inner blanks one space (no-break ones are blanks), and composes accents (NFC). What nobody
/// sees is left out: controls, save those that are letters of windows-1252 misread, and marks without a width.
pub fn clean(raw: Cow<'_, str>) -> Cow<'_, str> {
    if is_clean_ascii(raw.as_bytes()) {
        return raw;
    }
    let trimmed = match raw {
        Cow::Borrowed(raw) => Cow::Borrowed(raw.trim()),
        Cow::Owned(raw) => Cow::Owned(raw.trim().to_owned()),
    };
    let mut before = false;
    let sound = trimmed.chars().all(|c| {
        let blank = c.is_whitespace();
        let fine = if blank {
            c == ' ' && !before
        } else {
            c < COMBINING_FIRST && !c.is_control() && c != SOFT_HYPHEN
        };
        before = blank;
        fine
    });
    if sound {
        return trimmed;
    }
    let composed: String = trimmed
        .chars()
        .map(windows_1252)
        .filter(|c| c.is_whitespace() || !(c.is_control() || is_unseen(*c)))
        .nfc()
        .collect();
    Cow::Owned(composed.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether a value is what most are: visible ASCII, with single blanks inside.
fn is_clean_ascii(raw: &[u8]) -> bool {
    let mut before = b' ';
    for &byte in raw {
        if !(byte.is_ascii_graphic() || (byte == b' ' && before != b' ')) {
            return false;
        }
        before = byte;
    }
    before != b' ' || raw.is_empty()
}

/// Characters below are composed already.
const COMBINING_FIRST: char = '\u{300}';
const SOFT_HYPHEN: char = '\u{AD}';

/// A mark without a width: joiners, directions, a byte-order mark in the middle of a text.
fn is_unseen(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
}

/// What a character of the second set of controls is in windows-1252, where most are letters and signs: tools mistake
/// one encoding for the other, and numeric references too (`&#150;`). The next-line mark stays a blank.
pub fn windows_1252(c: char) -> char {
    match c {
        '\u{85}' => c,
        '\u{80}'..='\u{9F}' => {
            let byte = [u8::try_from(c).unwrap_or_default()];
            let (text, _) = WINDOWS_1252.decode_without_bom_handling(&byte);
            text.chars().next().unwrap_or(c)
        }
        _ => c,
    }
}

/// A text from the file, short enough to be quoted, without control characters.
pub fn quoted(raw: &str) -> String {
    let mut chars = raw.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut quoted: String = chars.by_ref().take(QUOTED_CHARS_MAX).collect();
    if chars.next().is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_trimmed_and_collapsed() {
        for (raw, cleaned) in [
            ("", ""),
            (" \n ", ""),
            ("3E 2", "3E 2"),
            ("3E  2", "3E 2"),
            (" 3E", "3E"),
            ("3E ", "3E"),
            (" 3E\u{a0}\t 2\n", "3E 2"),
            ("a\tb", "a b"),
        ] {
            assert_eq!(clean(Cow::Borrowed(raw)), cleaned);
            assert_eq!(clean(Cow::Owned(raw.to_owned())), cleaned);
        }
    }

    #[test]
    fn accents_are_composed_and_what_nobody_sees_is_left_out() {
        for (raw, cleaned) in [
            ("Zoe\u{301}", "Zoé"),
            ("Franc\u{327}ois", "François"),
            ("Nguye\u{302}\u{303}n", "Nguyễn"),
            ("C\u{9C}ur", "Cœur"),
            ("L\u{92}Hay", "L’Hay"),
            ("MAR\u{81}TIN\u{7F}", "MARTIN"),
            ("\u{FEFF}Le\u{200B}a\u{AD}", "Lea"),
            ("JEAN\u{202F}PAUL\u{2007}II\u{A0}", "JEAN PAUL II"),
            ("a\u{85}b", "a b"),
            ("D’Arc", "D’Arc"),
        ] {
            assert_eq!(clean(Cow::Borrowed(raw)), cleaned, "{raw:?}");
        }
    }

    #[test]
    fn quotations_are_short() {
        assert_eq!(quoted("a\nb"), "a b");
        assert_eq!(
            quoted(&"é".repeat(1000)).chars().count(),
            QUOTED_CHARS_MAX + 1
        );
    }
}
