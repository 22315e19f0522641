//! One pupil, drawn whole.

use std::sync::LazyLock;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use pix_orga_domain::roster::reading::Sex;
use pix_orga_domain::uai::Uai;
use sha2::{Digest, Sha512};

use super::ledger::{Ledger, old_number};
use super::levels::Division;
use super::{GeneratedPupil, Standing, names};
use crate::draw::{Dice, Pool, rows};

/// Pupils born abroad, out of a thousand, and among them those who are not French.
const BORN_ABROAD_PERMILLE: u32 = 60;
const FOREIGN_PERMILLE: u32 = 550;
/// Pupils born in France but not near their school, out of a thousand.
const BORN_ELSEWHERE_PERMILLE: u32 = 300;
/// Pupils with a usage name, out of a thousand.
const USAGE_NAME_PERMILLE: u32 = 35;
/// Pupils in the same level as last year, out of a thousand.
const REPEATING_PERMILLE: u32 = 15;
/// Pupils whose mail, then mobile number, the school wrote down, out of a thousand.
const MAIL_PERMILLE: u32 = 180;
const MOBILE_PERMILLE: u32 = 250;
/// `CODE_PAYS` of France.
const FRANCE: &str = "100";
/// Days before the export in which a file was last changed.
const CHANGE_DAYS: u32 = 60;
/// Announced leaves are in the last days of the school year, this many.
const LAST_DAYS: u32 = 26;

/// What only the file needs of a pupil.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct FileOnly {
    pub(crate) apprentice: bool,
    pub(super) old_ine: Option<String>,
    pub(crate) birthplace: Birthplace,
    pub(super) nationality: &'static str,
    pub(super) regime: u32,
    pub(super) repeating: bool,
    pub(super) accepts_sms: bool,
    pub(super) mail: Option<String>,
    pub(super) mobile: Option<String>,
    pub(super) entered_on: Date,
    pub(super) modified_on: Date,
    pub(super) options: Vec<(&'static str, &'static str)>,
    pub(super) last_mef: String,
    pub(super) last_division: String,
}

/// A town, in France or abroad. `department` and `code` are empty abroad.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Birthplace {
    pub(crate) country: &'static str,
    pub(crate) department: &'static str,
    pub(crate) code: &'static str,
    pub(crate) town: &'static str,
}

static PLACES: LazyLock<Vec<(Birthplace, u32)>> = LazyLock::new(|| {
    rows(include_str!("../../data/birthplaces.csv"))
        .filter_map(|cells| {
            let &[country, department, code, town, weight] = cells.as_slice() else {
                return None;
            };
            Some((
                Birthplace {
                    country,
                    department,
                    code,
                    town,
                },
                weight.parse().ok()?,
            ))
        })
        .collect()
});
static AT_HOME: LazyLock<Pool<Birthplace>> = LazyLock::new(|| {
    Pool::new(
        PLACES
            .iter()
            .copied()
            .filter(|(at, _)| at.country == FRANCE),
    )
});
static ABROAD: LazyLock<Pool<Birthplace>> = LazyLock::new(|| {
    Pool::new(
        PLACES
            .iter()
            .copied()
            .filter(|(at, _)| at.country != FRANCE),
    )
});

const NOWHERE: Birthplace = Birthplace {
    country: FRANCE,
    department: "",
    code: "",
    town: "",
};

/// The school and the day a pupil is drawn for.
pub(super) struct Setting {
    pub(super) uai: Uai,
    pub(super) school_year: i16,
    pub(super) exported_on: Date,
}

impl Setting {
    /// The day the school year begins, such as 1 September 2026.
    fn first_day(&self) -> Date {
        date(self.school_year.clamp(1900, 9000), 9, 1)
    }

    fn birthplace(&self, dice: &mut Dice) -> Birthplace {
        if dice.permille(BORN_ABROAD_PERMILLE) {
            return ABROAD.draw(dice).copied().unwrap_or(NOWHERE);
        }
        let near = PLACES
            .iter()
            .find(|(place, _)| place.department == self.uai.prefix());
        match near {
            Some((place, _)) if !dice.permille(BORN_ELSEWHERE_PERMILLE) => *place,
            _ => AT_HOME.draw(dice).copied().unwrap_or(NOWHERE),
        }
    }

    /// A day of birth for this class: some pupils are a year late or ahead.
    pub(super) fn birthdate(&self, dice: &mut Dice, division: &Division) -> Date {
        let (age, late, ahead) = division.level().map_or((15, 0, 0), |level| {
            (level.age, level.late_permille, level.ahead_permille)
        });
        let at = dice.below(1000);
        let shift = if at < late {
            // One in six of those who are late is two years late.
            1 + i16::from(dice.below(6) == 0)
        } else if at < late + ahead {
            -1
        } else {
            0
        };
        let year = self.school_year.clamp(1900, 9000) - age - shift;
        let january = date(year, 1, 1);
        let day = dice.below(u32::from(january.days_in_year().unsigned_abs()));
        january.saturating_add(i64::from(day).days())
    }

    /// A pupil of this class, with numbers from the ledger.
    pub(super) fn pupil(
        &self,
        dice: &mut Dice,
        ledger: &mut Ledger,
        division: &Division,
    ) -> GeneratedPupil {
        let (eleve_id, elenoet) = ledger.register(dice);
        let apprentice = dice.permille(division.apprentice_permille);
        let sex = if dice.permille(488) { Sex::F } else { Sex::M };
        let last_name = names::last_name(dice);
        let usage_name = dice
            .permille(USAGE_NAME_PERMILLE)
            .then(|| names::usage_name(dice, &last_name));
        let mefs = Pool::new(division.mefs.iter().map(|(mef, weight)| (mef, *weight)));
        let groups = division.groups(dice);
        GeneratedPupil {
            ido: ido(self.uai, &eleve_id),
            file: self.file_only(dice, division, &groups, apprentice, &eleve_id),
            elenoet,
            eleve_id,
            ine: ledger.ine(dice, apprentice),
            usage_name,
            last_name,
            first_name: names::first_name(dice, sex),
            other_first_names: names::other_first_names(dice, sex),
            birthdate: self.birthdate(dice, division),
            sex,
            division: Some(division.code.clone()),
            groups: groups.into_iter().map(|(code, _, _)| code).collect(),
            mef: mefs
                .draw(dice)
                .map_or_else(String::new, |mef| (*mef).clone()),
            standing: Standing::Present,
            damaged: false,
        }
    }

    fn file_only(
        &self,
        dice: &mut Dice,
        division: &Division,
        groups: &[(String, &'static str, &'static str)],
        apprentice: bool,
        eleve_id: &str,
    ) -> FileOnly {
        let birthplace = self.birthplace(dice);
        let foreign = birthplace.country != FRANCE && dice.permille(FOREIGN_PERMILLE);
        FileOnly {
            apprentice,
            old_ine: dice.permille(700).then(|| old_number(dice)),
            birthplace,
            nationality: if foreign { birthplace.country } else { FRANCE },
            regime: [0, 2, 2, 2, 3][dice.below(5) as usize],
            repeating: dice.permille(REPEATING_PERMILLE),
            accepts_sms: dice.permille(600),
            mail: dice
                .permille(MAIL_PERMILLE)
                .then(|| format!("eleve.{eleve_id}@famille.invalid")),
            mobile: dice
                .permille(MOBILE_PERMILLE)
                .then(|| format!("063998{:04}", dice.below(10_000))),
            entered_on: self.first_day().min(self.exported_on),
            modified_on: self.days_before_export(dice, CHANGE_DAYS),
            options: groups
                .iter()
                .map(|(_, subject, mode)| (*subject, *mode))
                .collect(),
            last_mef: division.previous_mef.clone(),
            last_division: division.previous_code.clone(),
        }
    }

    /// A day before the export, at most so many days before.
    pub(super) fn days_before_export(&self, dice: &mut Dice, at_most: u32) -> Date {
        self.exported_on
            .saturating_sub(i64::from(dice.between(1, at_most)).days())
    }

    /// A day of this school year on which a pupil left before the export.
    pub(super) fn leave_day(&self, dice: &mut Dice) -> Date {
        let before = self.exported_on.saturating_sub(1.day());
        self.days_before_export(dice, CHANGE_DAYS)
            .max(self.first_day())
            .min(before)
    }

    /// A day on which a pupil will leave, on or after the export: in the last weeks of the school year, so that a file
    /// read months after its export still announces it.
    pub(super) fn coming_leave_day(&self, dice: &mut Dice) -> Date {
        date(self.school_year.clamp(1900, 9000) + 1, 7, 31)
            .saturating_sub(i64::from(dice.between(0, LAST_DAYS)).days())
            .max(self.exported_on)
    }
}

/// The identifier a GAR would give: 128 hexadecimal characters, from nothing but who the pupil is.
fn ido(uai: Uai, eleve_id: &str) -> String {
    let mut hash = Sha512::new();
    for part in ["pix-orga-demo ido", uai.as_str(), eleve_id] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize()
        .iter()
        .fold(String::with_capacity(128), |mut text, byte| {
            for half in [byte >> 4, byte & 15] {
                text.push(char::from(b"0123456789abcdef"[usize::from(half)]));
            }
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_birthplace_is_read() {
        let lines = include_str!("../../data/birthplaces.csv").lines().count() - 1;
        assert_eq!(PLACES.len(), lines);
        assert!(AT_HOME.len() >= 30 && AT_HOME.len() + ABROAD.len() == lines);
    }
}
