//! The columns of Fregata's export, found by their headers in any order.

use std::sync::LazyLock;

use pix_orga_domain::names::fold_for_search;

use crate::limits::{COLUMNS_MAX, HEADER_BYTES_MAX};

/// A column that is read, or by which the export is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Identifier,
    FirstName,
    SecondName,
    ThirdName,
    LastName,
    UsageName,
    Sex,
    Birthdate,
    BirthTownCode,
    BirthTown,
    BirthDepartment,
    BirthCountry,
    Status,
    Mef,
    Division,
}

/// Of these columns at least, a header is Fregata's.
const RECOGNISED_MIN: usize = 4;
/// What the header of the birth date says of its format, or not.
const DAY_FORMAT: &str = "jjmmaaaa";

impl Column {
    pub const ALL: [Self; 15] = [
        Self::Identifier,
        Self::FirstName,
        Self::SecondName,
        Self::ThirdName,
        Self::LastName,
        Self::UsageName,
        Self::Sex,
        Self::Birthdate,
        Self::BirthTownCode,
        Self::BirthTown,
        Self::BirthDepartment,
        Self::BirthCountry,
        Self::Status,
        Self::Mef,
        Self::Division,
    ];

    /// Its header, without stars.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Identifier => "Identifiant unique",
            Self::FirstName => "Premier prénom",
            Self::SecondName => "Deuxième prénom",
            Self::ThirdName => "Troisième prénom",
            Self::LastName => "Nom de famille",
            Self::UsageName => "Nom d’usage",
            Self::Sex => "Code sexe",
            Self::Birthdate => "Date de naissance (jj/mm/aaaa)",
            Self::BirthTownCode => "Code commune naissance",
            Self::BirthTown => "Libellé commune naissance",
            Self::BirthDepartment => "Code département naissance",
            Self::BirthCountry => "Code pays naissance",
            Self::Status => "Statut",
            Self::Mef => "Code MEF",
            Self::Division => "Division",
        }
    }

    /// Whether a file without it is refused. The birthplace has stars too, but it is not read: a school may take it
    /// out. `Code sexe` is in recent files only.
    pub const fn is_required(self) -> bool {
        matches!(
            self,
            Self::Identifier
                | Self::FirstName
                | Self::LastName
                | Self::Birthdate
                | Self::Status
                | Self::Mef
                | Self::Division
        )
    }
}

/// How the header of a column is recognised.
struct Name {
    folded: String,
    /// Without the letters that an encoding can destroy, when it has some.
    plain: Option<String>,
}

static NAMES: LazyLock<[Name; Column::ALL.len()]> = LazyLock::new(|| {
    Column::ALL.map(|column| {
        let header = column.header();
        Name {
            folded: fold(header),
            plain: (!header.is_ascii()).then(|| plain_letters(header)),
        }
    })
});

/// Which column a header is of, whatever its case, accents, stars, apostrophes and blanks; and whether its accented
/// letters were destroyed or became other characters.
fn named(header: &str) -> Option<(usize, bool)> {
    if header.len() > HEADER_BYTES_MAX {
        return None;
    }
    let folded = fold(header);
    let sound = NAMES.iter().position(|name| {
        let short = name.folded.strip_suffix(DAY_FORMAT);
        folded == name.folded || short == Some(&folded)
    });
    if let Some(column) = sound {
        return Some((column, false));
    }
    let plain = plain_letters(header);
    let damaged = NAMES
        .iter()
        .position(|name| name.plain.as_ref() == Some(&plain));
    damaged.map(|column| (column, true))
}

fn fold(header: &str) -> String {
    let mut folded = fold_for_search(header);
    folded.retain(|c| c != ' ');
    folded
}

/// The letters and digits that no encoding writes otherwise.
fn plain_letters(text: &str) -> String {
    text.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Where each column is, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    at: [Option<usize>; Column::ALL.len()],
    /// How many cells the header has, empty ones at its end apart.
    pub width: usize,
    /// Some header lost its accents.
    pub damaged: bool,
}

impl Places {
    /// Reads a header. Of two columns of one name the first counts.
    pub fn of<'a>(header: impl Iterator<Item = &'a str>) -> Self {
        let mut found = Self {
            at: [None; Column::ALL.len()],
            width: 0,
            damaged: false,
        };
        for (at, cell) in header.take(COLUMNS_MAX).enumerate() {
            if !cell.trim().is_empty() {
                found.width = at + 1;
            }
            if let Some((column, damaged)) = named(cell) {
                found.damaged |= damaged;
                found.at[column].get_or_insert(at);
            }
        }
        found
    }

    /// Where a column is.
    pub fn get(&self, column: Column) -> Option<usize> {
        self.at[column as usize]
    }

    /// How many columns were found.
    pub fn count(&self) -> usize {
        self.at.iter().flatten().count()
    }

    /// Whether the header is Fregata's, complete or not.
    pub fn are_fregata(&self) -> bool {
        self.count() >= RECOGNISED_MIN
            && (self.get(Column::Identifier).is_some() || self.get(Column::FirstName).is_some())
    }

    /// The required columns that are not there, by their headers.
    pub fn missing(&self) -> Vec<String> {
        Column::ALL
            .into_iter()
            .filter(|column| column.is_required() && self.get(*column).is_none())
            .map(|column| column.header().to_owned())
            .collect()
    }

    /// How many cells a row needs to have all that is required.
    pub fn needed(&self) -> usize {
        Column::ALL
            .into_iter()
            .filter(|column| column.is_required())
            .filter_map(|column| self.get(column))
            .max()
            .map_or(0, |last| last + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICIAL: &str = "Identifiant unique*;Premier prénom*;Deuxième prénom;Troisième prénom;Nom de famille*;\
                            Nom d'usage;Code sexe*;Date de naissance (jj/mm/aaaa)*;Code commune naissance**;\
                            Libellé commune naissance**;Code département naissance*;Code pays naissance*;Statut*;\
                            Code MEF*;Division*";

    fn places(header: &str) -> Places {
        Places::of(header.split(';'))
    }

    #[test]
    fn the_official_header_is_whole() {
        let found = places(OFFICIAL);
        for (at, column) in Column::ALL.into_iter().enumerate() {
            assert_eq!(found.get(column), Some(at), "{column:?}");
            assert_eq!(column as usize, at);
        }
        assert!(found.are_fregata() && found.missing().is_empty() && !found.damaged);
        assert_eq!((found.width, found.needed()), (15, 15));
    }

    #[test]
    fn headers_are_compared_without_case_accents_stars_apostrophes_and_blanks() {
        for header in [
            OFFICIAL.to_uppercase(),
            OFFICIAL.replace('*', ""),
            OFFICIAL.replace('*', " * "),
            OFFICIAL.replace('\'', "’"),
            OFFICIAL.replace('\'', ""),
            OFFICIAL.replace(' ', "\u{a0}"),
            OFFICIAL.replace(' ', "  "),
            OFFICIAL.replace(' ', ""),
            OFFICIAL.replace('é', "e\u{301}").replace('è', "e\u{300}"),
            OFFICIAL.replace(['é', 'è'], "e"),
            OFFICIAL.replace(" (jj/mm/aaaa)", ""),
            OFFICIAL
                .replace("naissance", "Naissance")
                .replace('*', "**"),
            format!("{OFFICIAL};;;"),
        ] {
            let found = places(&header);
            assert_eq!(found.count(), Column::ALL.len(), "{header}");
            assert!(!found.damaged && found.width == 15, "{header}");
        }
    }

    #[test]
    fn any_order_will_do_and_the_first_of_two_counts() {
        let header: Vec<&str> = OFFICIAL.split(';').rev().collect();
        let found = Places::of(header.into_iter().chain(["Division*", "Autre"]));
        assert_eq!(found.get(Column::Division), Some(0));
        assert_eq!(found.get(Column::Identifier), Some(14));
        assert_eq!(found.width, 17);
    }

    #[test]
    fn destroyed_accents_are_seen() {
        for lost in ["\u{fffd}", "?", "‚", "\u{fffd}\u{fffd}", ""] {
            let found = places(&OFFICIAL.replace(['é', 'è'], lost));
            assert!(found.damaged, "{lost}");
            assert_eq!(found.count(), Column::ALL.len(), "{lost}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let found = places(
            &OFFICIAL
                .replace("Division*", "Classe")
                .replace("Nom de famille*;", ""),
        );
        assert!(found.are_fregata());
        assert_eq!(found.missing(), ["Nom de famille", "Division"]);
        let without_birthplace: Vec<&str> = OFFICIAL
            .split(';')
            .filter(|name| !name.contains("naissance*") && !name.contains("sexe"))
            .collect();
        assert_eq!(without_birthplace.len(), 10);
        let found = Places::of(without_birthplace.into_iter());
        assert!(found.are_fregata() && found.missing().is_empty());
    }

    #[test]
    fn other_tables_are_not_fregata_s() {
        for header in [
            "NOM;PRENOM;SEXE;NE(E) LE;MEF;DIV.;REG.;OPT1;OPT2;DIV. PREC.;Doublant",
            "Nom;Prénom;Date de naissance;Division;Statut",
            "Nom de famille;Date de naissance;Division;Statut;Code MEF",
            "Identifiant_de_l_etablissement;Nom_etablissement;Statut_public_prive",
            "",
            "?;?;?;?",
        ] {
            assert!(!places(header).are_fregata(), "{header}");
        }
    }
}
