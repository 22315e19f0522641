//! From the characters of a name to plain letters.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text: marks dropped, case folded, the Latin letters that no accent explains written in plain ones.
///
/// Letters and digits of any alphabet make words, whatever else separates them; characters that cannot be seen (soft
/// hyphens, zero-width ones) and the letters written as apostrophes are nothing. Other alphabets keep their letters.
pub fn tokens(text: &str) -> Vec<String> {
    if text.is_ascii() {
        // Most names: nothing to decompose, to transliterate or to leave out.
        let words = text.split(|c: char| !c.is_ascii_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        return words.map(str::to_ascii_lowercase).collect();
    }
    let mut tokens = Vec::new();
    let mut token = String::new();
    for c in text.nfkd().filter(|&c| !is_latin_mark(c) && !is_unseen(c)) {
        if c.is_alphanumeric() || is_combining_mark(c) {
            push_plain(c, &mut token);
        } else if !token.is_empty() {
            tokens.push(std::mem::take(&mut token));
        }
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

/// A class's code as it is compared: case and marks folded, blanks and dots removed, other signs kept.
pub fn division_key(code: &str) -> String {
    let mut key = String::new();
    for c in code.nfkd() {
        if !is_latin_mark(c) && !is_unseen(c) && !c.is_whitespace() && c != '.' {
            push_plain(c, &mut key);
        }
    }
    key
}

/// Writes a decomposed character in lower case and plain letters. Going through upper case first makes one letter of
/// the two Greek sigmas, and two of ß.
fn push_plain(c: char, out: &mut String) {
    for lower in c.to_uppercase().flat_map(char::to_lowercase) {
        match plain(lower) {
            Some(letters) => out.push_str(letters),
            None if is_latin_mark(lower) => {}
            None => out.push(lower),
        }
    }
}

/// The plain letters for a lower-case Latin letter that does not decompose.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'œ' => "oe",
        'æ' => "ae",
        'ø' | 'ɔ' => "o",
        'ł' | 'ƚ' => "l",
        'ß' => "ss",
        'ı' | 'ɨ' => "i",
        'þ' => "th",
        'ð' | 'đ' | 'ɖ' | 'ɗ' => "d",
        'ħ' => "h",
        'ŧ' | 'ƭ' => "t",
        'ŋ' => "ng",
        'ĸ' | 'ƙ' => "k",
        'ə' | 'ɛ' | 'ǝ' => "e",
        'ɓ' | 'ƀ' => "b",
        'ƒ' => "f",
        'ɠ' | 'ǥ' => "g",
        'ɲ' | 'ɳ' => "n",
        'ƴ' => "y",
        'ƶ' | 'ʒ' => "z",
        _ => return None,
    })
}

/// The marks of Latin, Greek and Cyrillic letters. Marks of other alphabets are letters to their readers, and stay.
fn is_latin_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// Characters without width, and the modifier letters that stand for apostrophes.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
        | '\u{feff}' | '\u{2b9}'..='\u{2df}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_what_signs_separate() {
        for (text, expected) in [
            ("", vec![]),
            ("  -'. ", vec![]),
            ("D’Artagnan", vec!["d", "artagnan"]),
            ("Marie--Lou  (Léa)", vec!["marie", "lou", "lea"]),
            ("Ma\u{200b}rie", vec!["marie"]),
            ("Kaʻiulani", vec!["kaiulani"]),
            ("ŒUVRÉ", vec!["oeuvre"]),
            ("\u{fb01}lle", vec!["fille"]),
            ("Nikos Παπάς", vec!["nikos", "παπασ"]),
            ("राम", vec!["र\u{93e}म"]),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn plain_text_is_folded_as_any_other(text in "[ -~\\t\\n]{0,16}") {
            // A letter of no word, so that the whole goes the long way.
            let long = tokens(&format!("{text} \u{e9}"));
            let (last, words) = long.split_last().unwrap();
            prop_assert_eq!(last, "e");
            prop_assert_eq!(tokens(&text), words);
        }
    }

    #[test]
    fn a_class_keeps_its_signs_save_blanks_and_dots() {
        assert_eq!(division_key(" 3E 2"), "3e2");
        assert_eq!(division_key("6LV1.ALL"), "6lv1all");
        assert_eq!(division_key("6°1"), "6°1");
        assert_eq!(division_key("2-04"), "2-04");
        assert_eq!(division_key("6ÈME"), "6eme");
        assert_eq!(division_key(" . "), "");
    }
}
