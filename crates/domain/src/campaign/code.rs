//! The code of a campaign: what a teacher writes on the board and a pupil types.

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::chance::Chance;

/// Letters that are not taken for another: no I, O, Q.
const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
/// Digits that are not taken for a letter: no 0, 1.
const DIGITS: &[u8; 8] = b"23456789";
/// Letters of a code.
const LETTERS_COUNT: usize = 6;
/// Characters of a code.
const CODE_CHARS: usize = 9;

/// Six letters and three digits without look-alikes, such as `ABCDEF234`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CampaignCode([u8; CODE_CHARS]);

/// A text that cannot be a code: to the pupil, a campaign that is not found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("campaign_not_found")]
pub struct CodeShape;

impl CampaignCode {
    /// Draws one at random: seventy-five thousand million are possible.
    pub fn draw(chance: &dyn Chance) -> Self {
        let mut code = [0; CODE_CHARS];
        for (position, character) in code.iter_mut().enumerate() {
            *character = draw_among(alphabet(position), chance);
        }
        Self(code)
    }

    /// Reads what somebody typed, whatever its case, blanks and dashes.
    ///
    /// # Errors
    /// [`CodeShape`] when it is not six letters and three digits of the alphabet.
    ///
    /// ```
    /// use pix_orga_domain::campaign::code::CampaignCode;
    /// assert_eq!(CampaignCode::parse(" abc-def 234").unwrap().to_string(), "ABCDEF234");
    /// assert!(CampaignCode::parse("ABCDEO234").is_err());
    /// ```
    pub fn parse(raw: &str) -> Result<Self, CodeShape> {
        let mut code = [0; CODE_CHARS];
        let mut length = 0;
        for c in raw.nfkc().filter(|c| !is_separator(*c)) {
            let byte = u8::try_from(c.to_ascii_uppercase()).map_err(|_| CodeShape)?;
            let place = code.get_mut(length).ok_or(CodeShape)?;
            if !alphabet(length).contains(&byte) {
                return Err(CodeShape);
            }
            *place = byte;
            length += 1;
        }
        if length == CODE_CHARS {
            Ok(Self(code))
        } else {
            Err(CodeShape)
        }
    }

    /// The nine characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for CampaignCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for CampaignCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CampaignCode({self})")
    }
}

fn alphabet(position: usize) -> &'static [u8] {
    if position < LETTERS_COUNT {
        LETTERS
    } else {
        DIGITS
    }
}

fn is_separator(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '\u{2010}'..='\u{2015}' | '_' | '.' | '\u{200b}' | '\u{feff}'
        )
}

/// Each character is as likely as another: bytes past the last whole multiple are drawn again.
fn draw_among(alphabet: &[u8], chance: &dyn Chance) -> u8 {
    let fair = 256 - 256 % alphabet.len();
    loop {
        let mut byte = [0];
        chance.fill(&mut byte);
        let drawn = usize::from(byte[0]);
        if drawn < fair {
            return alphabet[drawn % alphabet.len()];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Counting(AtomicU8);

    impl Chance for Counting {
        fn fill(&self, bytes: &mut [u8]) {
            for byte in bytes {
                *byte = self.0.fetch_add(37, Ordering::Relaxed);
            }
        }
    }

    #[test]
    fn look_alikes_are_in_no_code() {
        for alphabet in [LETTERS.as_slice(), DIGITS] {
            assert!(!alphabet.iter().any(|c| b"IOQ01".contains(c)));
        }
        for bad in [
            "",
            "ABCDEF23",
            "ABCDEF2345",
            "ABCDE2234",
            "ABCDEI234",
            "ABCDEF204",
            "ÀBCDEF234",
        ] {
            assert_eq!(CampaignCode::parse(bad), Err(CodeShape), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn a_drawn_code_is_read_back_however_it_is_typed(seed: u8) {
            let code = CampaignCode::draw(&Counting(AtomicU8::new(seed)));
            let typed = format!(" {}–{} {}\u{a0}", &code.as_str()[..3].to_lowercase(), &code.as_str()[3..6], &code.as_str()[6..]);
            prop_assert_eq!(CampaignCode::parse(&typed), Ok(code));
        }

        #[test]
        fn any_text_is_answered(raw in ".*") {
            let _ = CampaignCode::parse(&raw);
        }
    }
}
