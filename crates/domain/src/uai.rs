//! The UAI: the national number of a school.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::academy;

/// The letters a UAI's key can be, in the order of `number mod 23`: the alphabet without I, O and Q.
const KEYS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
/// Digits before the key.
const DIGITS: usize = 7;

/// A school's national number: seven digits and the letter they command, such as `0810004P`.
///
/// Source: national register of schools (RAMSESE); the key held on all 17,999 real codes at hand.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Uai([u8; DIGITS + 1]);

/// Why a text is not a UAI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UaiError {
    /// Not seven digits and a letter once blanks are removed.
    #[error("uai_format")]
    Format,
    /// The letter is not the one the digits command: a typing error.
    #[error("uai_key")]
    Key,
    /// The first three digits are no département's.
    #[error("uai_prefix_unknown")]
    PrefixUnknown,
}

impl UaiError {
    /// The stable code of the refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Format => "uai_format",
            Self::Key => "uai_key",
            Self::PrefixUnknown => "uai_prefix_unknown",
        }
    }
}

impl Uai {
    /// Reads what a person or a file wrote: NFKC, blanks removed, upper-cased, then checked.
    ///
    /// # Errors
    /// [`UaiError`], the first of format, key and prefix that fails.
    ///
    /// ```
    /// use pix_orga_domain::uai::{Uai, UaiError};
    /// assert_eq!(Uai::parse("0810004 p").unwrap().as_str(), "0810004P");
    /// assert_eq!(Uai::parse("0810004A"), Err(UaiError::Key));
    /// ```
    pub fn parse(raw: &str) -> Result<Self, UaiError> {
        let mut bytes = [0; DIGITS + 1];
        let mut length = 0;
        for c in raw.nfkc().filter(|c| !c.is_whitespace()) {
            let byte = u8::try_from(c.to_ascii_uppercase()).map_err(|_| UaiError::Format)?;
            *bytes.get_mut(length).ok_or(UaiError::Format)? = byte;
            length += 1;
        }
        if length != DIGITS + 1
            || !bytes[..DIGITS].iter().all(u8::is_ascii_digit)
            || !bytes[DIGITS].is_ascii_uppercase()
        {
            return Err(UaiError::Format);
        }
        let number = bytes[..DIGITS]
            .iter()
            .fold(0_usize, |n, digit| n * 10 + usize::from(digit - b'0'));
        if KEYS[number % KEYS.len()] != bytes[DIGITS] {
            return Err(UaiError::Key);
        }
        let uai = Self(bytes);
        if academy::of_prefix(uai.prefix()).is_none() {
            return Err(UaiError::PrefixUnknown);
        }
        Ok(uai)
    }

    /// The eight characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The three digits of the département, such as `081`; Corsica is `620` and `720`.
    pub fn prefix(&self) -> &str {
        &self.as_str()[..3]
    }
}

impl fmt::Display for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uai({self})")
    }
}

impl FromStr for Uai {
    type Err = UaiError;
    fn from_str(raw: &str) -> Result<Self, UaiError> {
        Self::parse(raw)
    }
}

impl Serialize for Uai {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Uai {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Self::parse(&raw).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn real_codes_are_read_and_wrong_ones_refused() {
        for line in include_str!("uai/vectors.csv").lines().skip(1) {
            let (raw, expected) = line.rsplit_once(';').unwrap();
            assert_eq!(Uai::parse(raw).is_ok(), expected != "invalid", "{raw:?}");
        }
    }

    #[test]
    fn each_fault_has_its_own_error() {
        assert_eq!(Uai::parse("081004P"), Err(UaiError::Format));
        assert_eq!(Uai::parse(""), Err(UaiError::Format));
        assert_eq!(Uai::parse("0810004Q"), Err(UaiError::Key));
        assert_eq!(Uai::parse("0000000A"), Err(UaiError::PrefixUnknown));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_caught(position in 0_usize..7, shift in 1_u8..10) {
            let mut bytes = *b"0810004P";
            bytes[position] = b'0' + (bytes[position] - b'0' + shift) % 10;
            let raw = String::from_utf8(bytes.to_vec()).unwrap();
            prop_assert_eq!(Uai::parse(&raw), Err(UaiError::Key));
        }

        #[test]
        fn any_text_is_answered(raw in ".*") {
            let _ = Uai::parse(&raw);
        }
    }
}
