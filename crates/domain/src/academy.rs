//! Académies: which one a UAI belongs to, and the mail domains of its schools.

use crate::uai::Uai;

/// One département's academy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Academy {
    /// Two digits, such as `16` for Toulouse.
    pub code: &'static str,
    /// Its name in French, such as `Toulouse`.
    pub name: &'static str,
    /// The mail domain of its schools, such as `ac-toulouse.fr`.
    pub mail_domain: &'static str,
    /// A former domain still in use, or empty.
    pub legacy_mail_domain: &'static str,
    /// The département of the UAI's prefix in French, such as `Tarn`; `Étranger` abroad.
    pub department: &'static str,
}

/// Prefixes of the UAI, académies, mail domains and départements (DEPP, Licence Ouverte 2.0, derived).
const PREFIXES: &str = include_str!("uai/prefixes.csv");

/// The academy of a UAI prefix of three digits, or nothing when no département has it.
pub fn of_prefix(prefix: &str) -> Option<Academy> {
    PREFIXES.lines().skip(1).find_map(|line| {
        let mut cells = line.split(';');
        if cells.next()? != prefix {
            return None;
        }
        Some(Academy {
            code: cells.next()?,
            name: cells.next()?,
            mail_domain: cells.next()?,
            legacy_mail_domain: cells.next()?,
            department: cells.next()?,
        })
    })
}

/// The academy of a school. Every [`Uai`] has one, or it would not have been read.
pub fn of(uai: Uai) -> Option<Academy> {
    of_prefix(uai.prefix())
}

/// The département of a school as people read it in the place of a town, such as `Hautes-Alpes (05)`.
pub fn department(uai: Uai) -> String {
    let name = of(uai).map_or("", |academy| academy.department);
    let number = match uai.prefix() {
        ABROAD_PREFIX => return name.to_owned(),
        "620" => "2A",
        "720" => "2B",
        prefix => prefix.strip_prefix('0').unwrap_or(prefix),
    };
    format!("{name} ({number})")
}

/// What the UAI of a French school abroad starts with.
pub const ABROAD_PREFIX: &str = "099";

/// Which mail domains are those of académies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailDomains {
    /// The real ones.
    Official,
    /// The real ones followed by `.invalid`, so that no mail of a demo or a test can reach anybody.
    Fictitious,
}

impl MailDomains {
    const FICTITIOUS_SUFFIX: &'static str = ".invalid";

    /// Whether `domain`, in any case, is `official` under this table.
    pub fn is(self, domain: &str, official: &str) -> bool {
        if official.is_empty() {
            return false;
        }
        let domain = domain.to_ascii_lowercase();
        match self {
            Self::Official => domain == official,
            Self::Fictitious => domain.strip_suffix(Self::FICTITIOUS_SUFFIX) == Some(official),
        }
    }

    /// The domain as mails use it.
    pub fn spell(self, official: &str) -> String {
        match self {
            Self::Official => official.to_owned(),
            Self::Fictitious => format!("{official}{}", Self::FICTITIOUS_SUFFIX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::uai;

    #[test]
    fn a_departement_is_shown_with_its_number() {
        for (number, shown) in [
            ("0059900", "Hautes-Alpes (05)"),
            ("0810004", "Tarn (81)"),
            ("6200088", "Corse-du-Sud (2A)"),
            ("7209900", "Haute-Corse (2B)"),
            ("9740001", "La Réunion (974)"),
            ("0990001", "Étranger"),
        ] {
            assert_eq!(department(uai(number)), shown);
        }
    }

    #[test]
    fn every_prefix_has_its_departement() {
        for line in PREFIXES.lines().skip(1) {
            let prefix = &line[..3];
            let academy = of_prefix(prefix).unwrap();
            assert!(academy.department.len() > 1, "{prefix}");
        }
    }
}
