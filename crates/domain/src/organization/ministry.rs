//! Which ministry a school is under, and hence where its list of pupils comes from.

use super::{DirectoryFacts, DirectoryState, Organization};
use crate::academy::ABROAD_PREFIX;
use crate::names::fold_for_search;
use crate::roster::source::RosterSource;
use crate::uai::Uai;

/// The nature of agricultural lycées. Most of them bear another one: their ministry tells them.
const AGRICULTURAL_NATURE: &str = "307";
/// The nature of a SEGPA, a section of a collège with a UAI of its own.
pub const SEGPA_NATURE: &str = "390";
/// A cell with fewer letters, such as `-` or `X`, names no ministry.
const LETTERS_MIN: usize = 3;

/// The ministry of a school, as far as the product must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ministry {
    /// Éducation nationale.
    Education,
    /// Agriculture, under its many names.
    Agriculture,
    /// Foreign affairs: the schools of the AEFE.
    ForeignAffairs,
    /// Another one: armed forces, sea, culture…
    Other,
    /// The directory does not say.
    Unsaid,
}

impl Ministry {
    /// Reads `ministere_tutelle`, whose wording changes with governments: case, accents and the rest of the title do
    /// not count.
    ///
    /// ```
    /// use pix_orga_domain::organization::ministry::Ministry;
    /// let said = "Ministère de l’agriculture et de la souveraineté alimentaire";
    /// assert_eq!(Ministry::read(said), Ministry::Agriculture);
    /// assert_eq!(Ministry::read(""), Ministry::Unsaid);
    /// ```
    pub fn read(said: &str) -> Self {
        let folded = fold_for_search(said);
        let names = |start: &str| folded.split(' ').any(|word| word.starts_with(start));
        if folded.chars().filter(|c| c.is_alphabetic()).count() < LETTERS_MIN {
            Self::Unsaid
        } else if names("agricult") {
            Self::Agriculture
        } else if names("etranger") || names("aefe") {
            Self::ForeignAffairs
        } else if names("education") {
            Self::Education
        } else {
            Self::Other
        }
    }
}

/// Why a school has no list of pupils of its own to give. Such a school is never invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WithoutStudentSystem {
    /// A French school abroad: neither SIECLE nor Fregata.
    Abroad,
    /// A SEGPA: its pupils are in the export of its collège.
    InItsCollege,
}

impl DirectoryFacts {
    /// The school's ministry.
    pub fn ministry(&self) -> Ministry {
        Ministry::read(&self.ministry)
    }

    /// Whether the school is under the ministry of agriculture. Nature 307 tells it only where the directory names no
    /// ministry: most agricultural lycées bear the natures of the other lycées.
    pub fn is_agricultural(&self) -> bool {
        match self.ministry() {
            Ministry::Agriculture => true,
            Ministry::Unsaid => self.nature == AGRICULTURAL_NATURE,
            Ministry::Education | Ministry::ForeignAffairs | Ministry::Other => false,
        }
    }

    /// Where the list of the school's pupils comes from.
    ///
    /// # Errors
    /// [`WithoutStudentSystem`], when it has none of its own.
    pub fn student_system(&self, uai: Uai) -> Result<RosterSource, WithoutStudentSystem> {
        if uai.prefix() == ABROAD_PREFIX || self.ministry() == Ministry::ForeignAffairs {
            Err(WithoutStudentSystem::Abroad)
        } else if self.nature == SEGPA_NATURE {
            Err(WithoutStudentSystem::InItsCollege)
        } else if self.is_agricultural() {
            Ok(RosterSource::Fregata)
        } else {
            Ok(RosterSource::Siecle)
        }
    }
}

impl Organization {
    /// Where the list of this school's pupils comes from: see [`DirectoryFacts::student_system`].
    ///
    /// # Errors
    /// [`WithoutStudentSystem`].
    pub fn student_system(&self) -> Result<RosterSource, WithoutStudentSystem> {
        self.facts.student_system(self.uai)
    }

    /// Whether an operator who invites every school invites this one: it is open, and has a list of pupils to give.
    pub fn is_invited_with_all(&self) -> bool {
        self.facts.state == DirectoryState::Open && self.student_system().is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{school, uai};

    #[test]
    fn a_ministry_is_read_under_its_many_names() {
        let cases = [
            ("MINISTERE DE L'EDUCATION NATIONALE", Ministry::Education),
            (
                "ministère de l’éducation nationale et de la jeunesse",
                Ministry::Education,
            ),
            ("AGRICULTURE", Ministry::Agriculture),
            ("MINISTERE DE L'AGRICULTURE", Ministry::Agriculture),
            (
                "Ministère de l'agriculture, de l'agroalimentaire et de la forêt",
                Ministry::Agriculture,
            ),
            (
                "MINISTERE DE L'ALIMENTATION, DE L'AGRICULTURE ET DE LA PECHE",
                Ministry::Agriculture,
            ),
            (
                "MINISTERE DE L'EUROPE ET DES AFFAIRES ETRANGERES",
                Ministry::ForeignAffairs,
            ),
            ("MINISTERE DES ARMEES", Ministry::Other),
            ("MINISTERE DE LA MER", Ministry::Other),
            ("", Ministry::Unsaid),
            (" - ", Ministry::Unsaid),
            ("X", Ministry::Unsaid),
        ];
        for (said, ministry) in cases {
            assert_eq!(Ministry::read(said), ministry, "{said:?}");
        }
    }

    #[test]
    fn the_ministry_says_where_a_list_of_pupils_comes_from() {
        use RosterSource::{Fregata, Siecle};
        use WithoutStudentSystem::{Abroad, InItsCollege};
        let education = "MINISTERE DE L'EDUCATION NATIONALE";
        let agriculture = "MINISTERE DE L'AGRICULTURE";
        let cases = [
            ("0810004", education, "340", Ok(Siecle)),
            ("0810004", "", "340", Ok(Siecle)),
            ("0810004", "MINISTERE DES ARMEES", "302", Ok(Siecle)),
            ("0810004", agriculture, "300", Ok(Fregata)),
            ("0810004", agriculture, "320", Ok(Fregata)),
            ("0810004", agriculture, "307", Ok(Fregata)),
            ("0810004", "", "307", Ok(Fregata)),
            ("0810004", education, "307", Ok(Siecle)),
            ("0810004", education, "370", Ok(Siecle)),
            ("0810004", education, "390", Err(InItsCollege)),
            ("0990004", "", "302", Err(Abroad)),
            ("0990004", education, "302", Err(Abroad)),
            (
                "0810004",
                "MINISTERE DES AFFAIRES ETRANGERES",
                "302",
                Err(Abroad),
            ),
        ];
        for (number, ministry, nature, expected) in cases {
            let facts = DirectoryFacts {
                ministry: ministry.to_owned(),
                nature: nature.to_owned(),
                ..school().facts
            };
            let system = facts.student_system(uai(number));
            assert_eq!(system, expected, "{number} {ministry:?} {nature}");
        }
    }
}
