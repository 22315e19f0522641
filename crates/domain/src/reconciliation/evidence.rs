//! What the names of the GAR say about one student, in levels.
//!
//! The levels are those of `docs/reference/reconciliation.md`. Nothing here decides: see [`super::decision`].

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::names::distance::errors_between;
use crate::names::letters::division_key;
use crate::names::{FoldedName, known};

/// Letters of the shorter name from which one error may be a typing error.
pub const ONE_ERROR_LETTERS_MIN: usize = 4;
/// Letters of the shorter name from which two errors may be typing errors.
pub const TWO_ERRORS_LETTERS_MIN: usize = 8;
/// What separates the code of a class from its label in the GAR's `DIV`.
const DIVISION_SEPARATOR: &str = "##";

/// How well two names agree, from 0 to 3.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
pub enum Level {
    /// 0: nothing in common.
    Different = 0,
    /// 1: a typing error apart.
    Close = 1,
    /// 2: the same without particles, or the words of one within the other.
    Partial = 2,
    /// 3: the same once folded.
    Same = 3,
}

impl From<Level> for u8 {
    fn from(level: Level) -> Self {
        level as Self
    }
}

/// A number that is no level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("level_unknown")]
pub struct LevelUnknown;

impl TryFrom<u8> for Level {
    type Error = LevelUnknown;
    fn try_from(number: u8) -> Result<Self, LevelUnknown> {
        [Self::Different, Self::Close, Self::Partial, Self::Same]
            .get(usize::from(number))
            .copied()
            .ok_or(LevelUnknown)
    }
}

/// A student's names, folded once.
#[derive(Clone)]
pub struct StudentNames {
    family: FoldedName,
    usage: Option<FoldedName>,
    given: Vec<FoldedName>,
}

impl StudentNames {
    /// Folds the names of a roster. `given` are the first names in their order; an empty one counts for nothing but
    /// keeps its rank.
    pub fn of<'a>(
        family: &str,
        usage: Option<&str>,
        given: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self {
            family: FoldedName::of(family),
            usage: usage.map(FoldedName::of),
            given: given.into_iter().map(FoldedName::of).collect(),
        }
    }

    /// Whether one of the first names is this one.
    pub fn has_first_name(&self, first_name: &FoldedName) -> bool {
        self.given.iter().any(|given| given.same_as(first_name))
    }

    fn surnames(&self) -> impl Iterator<Item = &FoldedName> {
        std::iter::once(&self.family).chain(&self.usage)
    }
}

impl fmt::Debug for StudentNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StudentNames(…)")
    }
}

/// What the names and the class of the GAR say about one student. It holds no name: it can be logged and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Levels {
    /// The better of the family and the usage name.
    pub surname: Level,
    /// The best of the first names.
    pub first_name: Level,
    /// Which first name that is: 0 for the first.
    pub given: usize,
    /// The GAR's first and last names are the student's last and first, folded.
    pub swapped: bool,
    /// The GAR's class is the student's.
    pub division: bool,
}

impl Levels {
    /// Compares the names of the GAR with a student's. `division` is [`division_agrees`]'s answer.
    pub fn between(
        last_name: &FoldedName,
        first_name: &FoldedName,
        student: &StudentNames,
        division: bool,
    ) -> Self {
        let (level, given) = first_name_level(first_name, &student.given);
        Self {
            surname: surname_level(last_name, &student.family, student.usage.as_ref()),
            first_name: level,
            given,
            swapped: are_swapped(last_name, first_name, student),
            division,
        }
    }

    /// 3/3 on the first of the first names.
    pub fn exact(&self) -> bool {
        self.surname == Level::Same && self.first_name_is_first()
    }

    /// Whether the student may be the pupil: both names have something in common, or the surname does and a twin may
    /// be missing from the file, or the names are swapped.
    pub fn plausible(&self) -> bool {
        self.both_in_common() || self.surname >= Level::Partial
    }

    /// [`Self::plausible`], without the case of the twin: both names have something in common, or they are swapped.
    pub fn both_in_common(&self) -> bool {
        self.swapped || (self.surname >= Level::Close && self.first_name >= Level::Close)
    }

    /// Whether a first name and the class agree: whatever the surname, a person may know why it differs.
    pub fn first_name_in_division(&self) -> bool {
        self.first_name == Level::Same && self.division
    }

    /// Whether the first name is the student's first.
    pub fn first_name_is_first(&self) -> bool {
        self.first_name == Level::Same && self.given == 0
    }

    /// The stable text kept in the audit trail: surname and first name levels, then which first name when it is not
    /// the first, then what else was seen: `3/3`, `3/2`, `3/3 given-2 division`, `0/0 swapped division`.
    pub fn code(&self) -> String {
        let mut code = format!("{}/{}", u8::from(self.surname), u8::from(self.first_name));
        if self.given > 0 {
            code.push_str(" given-");
            code.push_str(&(self.given + 1).to_string());
        }
        if self.swapped {
            code.push_str(" swapped");
        }
        if self.division {
            code.push_str(" division");
        }
        code
    }
}

/// The level of the GAR's surname: the better of the family and the usage name, words in any order.
pub fn surname_level(gar: &FoldedName, family: &FoldedName, usage: Option<&FoldedName>) -> Level {
    let level = one_surname_level(gar, family);
    usage.map_or(level, |usage| level.max(one_surname_level(gar, usage)))
}

/// The level of the GAR's first name: the best of the given names, and which one it is (0 for the first; the earliest
/// when several are as good).
pub fn first_name_level(gar: &FoldedName, given: &[FoldedName]) -> (Level, usize) {
    let mut best = (Level::Different, 0);
    for (rank, name) in given.iter().enumerate() {
        let level = one_first_name_level(gar, name);
        if level > best.0 {
            best = (level, rank);
        }
    }
    best
}

/// Whether the GAR gives the student's surname as first name, and the reverse, both equal once folded.
pub fn are_swapped(
    last_name: &FoldedName,
    first_name: &FoldedName,
    student: &StudentNames,
) -> bool {
    student
        .given
        .first()
        .is_some_and(|first| first.same_as(last_name))
        && student
            .surnames()
            .any(|surname| surname.same_as(first_name))
}

/// Whether one of the GAR's classes is the student's: what stands before `##`, or the whole text without it, case,
/// marks, blanks and dots apart. No class agrees with nothing.
///
/// ```
/// use pix_orga_domain::reconciliation::evidence::division_agrees;
/// assert!(division_agrees(&["3E2##3EME 2".to_owned()], "3e 2"));
/// ```
pub fn division_agrees(gar: &[String], division: &str) -> bool {
    let ours = division_key(division);
    !ours.is_empty() && gar.iter().any(|raw| gar_division_key(raw) == ours)
}

fn gar_division_key(raw: &str) -> String {
    division_key(
        raw.split_once(DIVISION_SEPARATOR)
            .map_or(raw, |(code, _)| code),
    )
}

fn one_surname_level(gar: &FoldedName, student: &FoldedName) -> Level {
    if gar.same_as(student) || gar.same_words_as(student) {
        Level::Same
    } else if gar.within_or_around(student) {
        Level::Partial
    } else if typing_errors_apart(gar.letters(), student.letters())
        || typing_errors_apart(&gar.sorted_letters(), &student.sorted_letters())
    {
        Level::Close
    } else {
        Level::Different
    }
}

fn one_first_name_level(gar: &FoldedName, student: &FoldedName) -> Level {
    if gar.same_as(student) {
        Level::Same
    } else if gar.within_or_around(student) {
        Level::Partial
    } else if typing_errors_apart(gar.letters(), student.letters())
        && !known::are_different(gar, student)
    {
        Level::Close
    } else {
        Level::Different
    }
}

fn typing_errors_apart(left: &str, right: &str) -> bool {
    let shorter = left.chars().count().min(right.chars().count());
    let errors_max = match shorter {
        TWO_ERRORS_LETTERS_MIN.. => 2,
        ONE_ERROR_LETTERS_MIN.. => 1,
        _ => return false,
    };
    errors_between(left, right, errors_max).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surname(gar: &str, family: &str, usage: Option<&str>) -> u8 {
        let usage = usage.map(FoldedName::of);
        surname_level(
            &FoldedName::of(gar),
            &FoldedName::of(family),
            usage.as_ref(),
        )
        .into()
    }

    fn first_name(gar: &str, given: &[&str]) -> (u8, usize) {
        let given: Vec<_> = given.iter().map(|name| FoldedName::of(name)).collect();
        let (level, rank) = first_name_level(&FoldedName::of(gar), &given);
        (level.into(), rank)
    }

    #[test]
    fn surnames_row_by_row() {
        for (gar, family, usage, expected) in [
            ("LEFEVRE", "Lefèvre", None, 3),
            ("LE GOFF", "Legoff", None, 3),
            ("L HELGOUALCH", "L'Helgoualc'h", None, 3),
            ("COEUR", "Cœur", None, 3),
            ("WALESA", "Wałęsa", None, 3),
            ("MARTIN-DUPONT", "Dupont Martin", None, 3),
            ("BERNARD", "Petit", Some("Bernard"), 3),
            ("Ольга", "ОЛЬГА", None, 3),
            ("ST ETIENNE", "Saint-Étienne", None, 3),
            ("ETIENNE ST", "Saint-Étienne", None, 3),
            ("STE MARIE", "Sainte-Marie-Perrin", None, 2),
            ("ST ETIENE", "Saint-Étienne", None, 1),
            ("…", "…", None, 3),
            ("OLIVEIRA", "De Oliveira", None, 2),
            ("ABOVILLE", "d'Aboville", None, 2),
            ("MARTIN", "Martin-Dupont", None, 2),
            ("PETIT BERNARD", "Petit", Some("Bernard"), 2),
            ("DUPOND", "Dupont", None, 1),
            ("MARTIN DUPOND", "Dupont Martin", None, 1),
            ("RAKOTOMALALA", "Rakotomalada", None, 1),
            ("RAKOTOMALALA", "Rakotomadada", None, 1),
            ("DUPONT", "Dupart", None, 0),
            ("LEE", "Lea", None, 0),
            ("LE", "Le Goff", None, 0),
            ("", "", None, 0),
            ("…", "!", None, 0),
        ] {
            assert_eq!(
                surname(gar, family, usage),
                expected,
                "{gar} / {family} / {usage:?}"
            );
        }
    }

    #[test]
    fn first_names_row_by_row() {
        for (gar, given, expected) in [
            ("ELOISE", vec!["Éloïse"], (3, 0)),
            ("Jean Pierre", vec!["Jean-Pierre"], (3, 0)),
            ("JEANPIERRE", vec!["Jean-Pierre"], (3, 0)),
            ("Paul", vec!["Jean", "Paul", "Paul"], (3, 1)),
            ("Jean", vec!["Jean-Pierre", "Jean"], (3, 1)),
            ("Jean", vec!["Jean-Pierre"], (2, 0)),
            ("Pierre Jean", vec!["Jean-Pierre"], (2, 0)),
            ("Mathilda", vec!["Zoé", "Mathilde Rose"], (0, 0)),
            ("Emmma", vec!["Emma"], (1, 0)),
            ("Emma", vec!["Emmy"], (0, 0)),
            ("Lina", vec!["Léna"], (0, 0)),
            ("Léo", vec!["Léa"], (0, 0)),
            ("Emma", vec![], (0, 0)),
            ("", vec![""], (0, 0)),
        ] {
            assert_eq!(first_name(gar, &given), expected, "{gar} / {given:?}");
        }
    }

    #[test]
    fn swapped_names_are_seen_on_either_surname() {
        let student = StudentNames::of("Petit", Some("Bernard"), ["Éloi", "Jean"]);
        for (last_name, first_name, expected) in [
            ("ELOI", "PETIT", true),
            ("ELOI", "BERNARD", true),
            ("JEAN", "PETIT", false),
            ("ELOI", "MARTIN", false),
            ("ELOI", "PETI", false),
        ] {
            let (last, first) = (FoldedName::of(last_name), FoldedName::of(first_name));
            assert_eq!(
                are_swapped(&last, &first, &student),
                expected,
                "{last_name} {first_name}"
            );
        }
    }

    #[test]
    fn divisions_row_by_row() {
        for (gar, division, expected) in [
            (vec!["3E2##3EME 2"], "3E 2", true),
            (vec!["3E2"], "3e2", true),
            (vec!["6LV1ALL##"], "6LV1.ALL", true),
            (vec!["4A##4EME A", "3B##3EME B"], "3B", true),
            (vec!["3B##3A"], "3A", false),
            (vec!["##3A"], "3A", false),
            (vec![""], "", false),
            (vec!["."], " ", false),
            (vec![], "3A", false),
        ] {
            let gar: Vec<String> = gar.into_iter().map(str::to_owned).collect();
            assert_eq!(
                division_agrees(&gar, division),
                expected,
                "{gar:?} / {division}"
            );
        }
    }

    #[test]
    fn levels_have_a_stable_code() {
        let exact = Levels {
            surname: Level::Same,
            first_name: Level::Same,
            given: 0,
            swapped: false,
            division: false,
        };
        assert_eq!(exact.code(), "3/3");
        assert_eq!(
            Levels {
                given: 1,
                division: true,
                ..exact
            }
            .code(),
            "3/3 given-2 division"
        );
        let swapped = Levels {
            surname: Level::Different,
            first_name: Level::Different,
            swapped: true,
            ..exact
        };
        assert_eq!(swapped.code(), "0/0 swapped");
        for number in 0..=4 {
            assert_eq!(
                Level::try_from(number).map(u8::from).ok(),
                (number < 4).then_some(number)
            );
        }
    }

    #[test]
    fn debug_hides_the_names() {
        assert_eq!(
            format!("{:?}", StudentNames::of("Petit", None, ["Zoé"])),
            "StudentNames(…)"
        );
    }
}
