//! What the file says of itself: its school, its year, its day.

use jiff::civil::Date;
use pix_orga_domain::roster::reading::{FileFacts, FileRefusal};
use pix_orga_domain::uai::Uai;
use pix_orga_exports::dates;
use pix_orga_exports::refusal::Position;
use pix_orga_exports::text::quoted;
use roxmltree::Node;

use crate::refusal;
use crate::tree::{Lines, attribute, first_children, named, value};

/// The children of `PARAMETRES` that matter.
pub struct Parameters {
    school: Option<School>,
    /// `ANNEE_SCOLAIRE` as written, and its line.
    pub year: Option<(String, u32)>,
}

struct School {
    raw: String,
    parsed: Option<Uai>,
    start: usize,
}

/// Reads `PARAMETRES`, wherever it is among the sections, and notes the facts.
pub fn read(root: Node<'_, '_>, lines: &mut Lines<'_>, facts: &mut FileFacts) -> Parameters {
    facts.version = attribute(root, "VERSION").map(|version| quoted(&version));
    let Some(section) = named(root, "PARAMETRES").next() else {
        return Parameters {
            school: None,
            year: None,
        };
    };
    let [school, year, exported, stamped] = first_children(
        section,
        &["UAJ", "ANNEE_SCOLAIRE", "DATE_EXPORT", "HORODATAGE"],
    );
    let school = school.and_then(|element| {
        let raw = value(element)?;
        Some(School {
            parsed: Uai::parse(&raw).ok(),
            raw: quoted(&raw),
            start: element.range().start,
        })
    });
    let year = year.and_then(|element| Some((quoted(&value(element)?), lines.of(element))));
    facts.uai = school.as_ref().and_then(|school| school.parsed);
    facts.school_year = year.as_ref().and_then(|(raw, _)| first_year(raw));
    facts.exported_on = exported
        .and_then(value)
        .and_then(|raw| dates::read(&raw))
        .or_else(|| dates::read(stamped.and_then(value)?.split([' ', 'T']).next()?))
        .map(|written| written.day);
    Parameters { school, year }
}

impl Parameters {
    /// Checks that the file is the expected school's. `position` says where a byte is.
    ///
    /// # Errors
    /// `uai_missing`, `uai_mismatch`.
    pub fn check_school(
        &self,
        expected: Uai,
        position: impl Fn(usize) -> Position,
    ) -> Result<(), FileRefusal> {
        let school = self
            .school
            .as_ref()
            .ok_or_else(|| refusal::uai_missing(expected))?;
        if school.parsed == Some(expected) {
            return Ok(());
        }
        let at = position(school.start);
        let found = school
            .parsed
            .map_or_else(|| school.raw.clone(), |uai| uai.to_string());
        Err(refusal::uai_mismatch(
            expected,
            &found,
            school.parsed.is_some(),
            at,
        ))
    }
}

/// « 2025 », or the first of « 2025-2026 ».
fn first_year(raw: &str) -> Option<i16> {
    let digits = raw.bytes().take_while(u8::is_ascii_digit).count();
    (digits == 4).then(|| raw[..digits].parse().ok()).flatten()
}

/// The school year a day is in: it starts on 1 August.
pub fn school_year(day: Date) -> i16 {
    if day.month() >= 8 {
        day.year()
    } else {
        day.year() - 1
    }
}

/// Whether a school year is the one of a day; until 30 September also the one before, and from 1 June the one to come:
/// schools prepare the one and finish the other.
pub fn is_expected(year: i16, on: Date) -> bool {
    let current = school_year(on);
    year == current
        || (matches!(on.month(), 8 | 9) && year == current - 1)
        || (matches!(on.month(), 6 | 7) && year == current + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_year_starts_in_august_and_its_neighbours_are_expected_around_the_summer() {
        for (on, expected) in [
            (date(2025, 5, 31), vec![2024]),
            (date(2025, 6, 1), vec![2024, 2025]),
            (date(2025, 7, 31), vec![2024, 2025]),
            (date(2025, 8, 1), vec![2024, 2025]),
            (date(2025, 9, 30), vec![2024, 2025]),
            (date(2025, 10, 1), vec![2025]),
            (date(2026, 1, 1), vec![2025]),
        ] {
            let found: Vec<i16> = (2022..2028).filter(|year| is_expected(*year, on)).collect();
            assert_eq!(found, expected, "{on}");
        }
    }

    #[test]
    fn years_are_four_digits() {
        assert_eq!(first_year("2025"), Some(2025));
        assert_eq!(first_year("2025-2026"), Some(2025));
        assert_eq!(first_year("25"), None);
        assert_eq!(first_year("20256"), None);
        assert_eq!(first_year("an 2025"), None);
    }
}
