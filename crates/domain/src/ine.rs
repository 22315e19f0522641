//! The INE: a pupil's national number.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A pupil's national number, eleven characters, upper case.
///
/// Three shapes (see `siecle.md`): nine digits and two letters since 2018, ten digits and a letter before, or an
/// apprentice's four digits, `A`, five digits and a letter. It never shows in `Debug`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Ine(String);

/// A text that has none of the three shapes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("ine_shape")]
pub struct IneShape;

impl Ine {
    /// Reads a number in any case, blanks around it ignored.
    ///
    /// # Errors
    /// [`IneShape`] when it has none of the three shapes.
    pub fn parse(raw: &str) -> Result<Self, IneShape> {
        let ine = raw.trim().to_ascii_uppercase();
        let shape: String = ine
            .chars()
            .map(|c| match c {
                '0'..='9' => '9',
                'A'..='Z' => 'A',
                _ => '?',
            })
            .collect();
        let apprentice = shape == "9999A99999A" && ine.as_bytes().get(4) == Some(&b'A');
        if apprentice || shape == "999999999AA" || shape == "9999999999A" {
            Ok(Self(ine))
        } else {
            Err(IneShape)
        }
    }

    /// The eleven characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Ine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ine(…)")
    }
}

impl TryFrom<String> for Ine {
    type Error = IneShape;
    fn try_from(raw: String) -> Result<Self, IneShape> {
        Self::parse(&raw)
    }
}

impl From<Ine> for String {
    fn from(ine: Ine) -> Self {
        ine.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_shapes_are_read_and_others_refused() {
        for good in ["123456789ab", "1234567890A", "1234A12345Z", " 123456789AB "] {
            assert!(Ine::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "123456789A",
            "1234B12345Z",
            "12345678ABC",
            "123456789AB1",
            "１23456789AB",
        ] {
            assert_eq!(Ine::parse(bad), Err(IneShape), "{bad}");
        }
    }

    #[test]
    fn debug_hides_it() {
        assert!(!format!("{:?}", Ine::parse("123456789AB").unwrap()).contains("123"));
    }
}
