//! What the GAR and the pupil say, when it is not what the list says.

use jiff::ToSpan as _;
use jiff::civil::Date;
use pix_orga_domain::names::{fold_for_search, is_particle};
use pix_orga_domain::reconciliation::decision::{Attendance, Claim};

use crate::draw::Dice;
use crate::siecle::{self, GeneratedPupil};

/// How often each thing is not as the list has it, out of ten thousand pupils; where it says so, out of those whom it
/// can happen to. Nobody publishes these rates: they are said here so that they can be discussed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Faults {
    /// Names sent without accents, in capitals, hyphens and apostrophes lost.
    pub plain: u32,
    /// The family name sent although the list has a usage name; out of those who have one.
    pub family_name: u32,
    /// A usage name that the list lacks: another name altogether.
    pub unknown_usage_name: u32,
    /// Half of a compound surname; out of those who have one.
    pub half_surname: u32,
    /// A second surname added to the list's.
    pub added_surname: u32,
    /// Particles lost; out of the surnames that have some.
    pub particle: u32,
    /// One letter of the surname off.
    pub surname_letter: u32,
    /// One letter of the first name off.
    pub first_name_letter: u32,
    /// Half of a compound first name; out of those who have one.
    pub half_first_name: u32,
    /// A later given name; out of those who have one.
    pub other_first_name: u32,
    /// A first name that the list lacks.
    pub unknown_first_name: u32,
    /// Last and first names exchanged.
    pub swapped: u32,
    /// No class sent.
    pub no_class: u32,
    /// Another class than the list's: moved since, or written otherwise.
    pub other_class: u32,
    /// The date typed: day and month exchanged.
    pub date_swapped: u32,
    /// The date typed: one digit off.
    pub date_digit: u32,
    /// The date typed: any other.
    pub date_other: u32,
}

const CASES: u32 = 10_000;
/// How far another date is, in days.
const OTHER_DATE_DAYS: u32 = 700;

impl Faults {
    /// The rates that the product is judged on: 2.5 % of wrong dates, and the noise of names.
    pub const USUAL: Self = Self {
        plain: 6_000,
        family_name: 3_000,
        unknown_usage_name: 30,
        half_surname: 800,
        added_surname: 60,
        particle: 1_000,
        surname_letter: 40,
        first_name_letter: 30,
        half_first_name: 500,
        other_first_name: 60,
        unknown_first_name: 30,
        swapped: 10,
        no_class: 500,
        other_class: 500,
        date_swapped: 60,
        date_digit: 120,
        date_other: 70,
    };

    /// Everything is as the list has it.
    pub const NONE: Self = Self {
        plain: 0,
        family_name: 0,
        unknown_usage_name: 0,
        half_surname: 0,
        added_surname: 0,
        particle: 0,
        surname_letter: 0,
        first_name_letter: 0,
        half_first_name: 0,
        other_first_name: 0,
        unknown_first_name: 0,
        swapped: 0,
        no_class: 0,
        other_class: 0,
        date_swapped: 0,
        date_digit: 0,
        date_other: 0,
    };

    /// What a pupil is at the door.
    pub(super) fn claim(&self, dice: &mut Dice, pupil: &GeneratedPupil) -> Claim {
        let (mut last_name, mut first_name) =
            (self.surname(dice, pupil), self.first_name(dice, pupil));
        if happens(dice, self.plain) {
            last_name = fold_for_search(&last_name).to_uppercase();
            first_name = fold_for_search(&first_name);
        }
        if happens(dice, self.swapped) {
            std::mem::swap(&mut last_name, &mut first_name);
        }
        Claim {
            last_name,
            first_name,
            divisions: self.divisions(dice, pupil),
            birthdate: self.birthdate(dice, pupil.birthdate),
            attendance: Attendance::Signed,
        }
    }

    fn surname(&self, dice: &mut Dice, pupil: &GeneratedPupil) -> String {
        let family = happens(dice, self.family_name);
        let mut name = match &pupil.usage_name {
            Some(usage) if !family => usage.clone(),
            _ => pupil.last_name.clone(),
        };
        if happens(dice, self.unknown_usage_name) {
            name = siecle::any_last_name(dice);
        }
        let words: Vec<&str> = name.split([' ', '-']).filter(|w| !w.is_empty()).collect();
        let particles = words
            .iter()
            .filter(|w| is_particle(&w.to_lowercase()))
            .count();
        if words.len() >= 2 && particles == 0 && happens(dice, self.half_surname) {
            let half = dice.pick(&words).copied().unwrap_or_default().to_owned();
            name = half;
        } else if particles > 0 && happens(dice, self.particle) {
            let kept = words.iter().filter(|w| !is_particle(&w.to_lowercase()));
            name = kept.copied().collect::<Vec<_>>().join(" ");
        } else if happens(dice, self.added_surname) {
            name = format!("{name} {}", siecle::any_last_name(dice));
        }
        if happens(dice, self.surname_letter) {
            name = letter_off(dice, &name);
        }
        name
    }

    fn first_name(&self, dice: &mut Dice, pupil: &GeneratedPupil) -> String {
        let mut name = pupil.first_name.clone();
        let other = dice.pick(&pupil.other_first_names).cloned();
        if let Some(other) = other.filter(|_| happens(dice, self.other_first_name)) {
            name = other;
        } else if happens(dice, self.unknown_first_name) {
            name = siecle::any_first_name(dice, pupil.sex);
        }
        if name.contains('-') && happens(dice, self.half_first_name) {
            let halves: Vec<&str> = name.split('-').collect();
            let half = dice.pick(&halves).copied().unwrap_or_default().to_owned();
            name = half;
        }
        if happens(dice, self.first_name_letter) {
            name = letter_off(dice, &name);
        }
        name
    }

    fn divisions(&self, dice: &mut Dice, pupil: &GeneratedPupil) -> Vec<String> {
        let code = pupil.division.clone().unwrap_or_default();
        if happens(dice, self.no_class) {
            return vec![];
        }
        if happens(dice, self.other_class) {
            return vec![format!("{code}BIS##{code}")];
        }
        vec![format!("{code}##{code}")]
    }

    /// The date typed. A date whose day cannot be a month has one digit off instead.
    fn birthdate(&self, dice: &mut Dice, born: Date) -> Date {
        let at = dice.below(CASES);
        if at < self.date_swapped {
            let swapped = Date::new(born.year(), born.day(), born.month());
            let swapped = swapped.ok().filter(|swapped| *swapped != born);
            swapped.unwrap_or_else(|| digit_off(dice, born))
        } else if at < self.date_swapped + self.date_digit {
            digit_off(dice, born)
        } else if at < self.date_swapped + self.date_digit + self.date_other {
            born.saturating_sub(i64::from(dice.between(1, OTHER_DATE_DAYS)).days())
        } else {
            born
        }
    }
}

fn happens(dice: &mut Dice, of_ten_thousand: u32) -> bool {
    dice.below(CASES) < of_ten_thousand
}

/// A letter replaced, lost or doubled, or two neighbours exchanged.
fn letter_off(dice: &mut Dice, name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = dice.below(u32::try_from(letters.len()).unwrap_or(0)) as usize;
    if at >= letters.len() {
        return name.to_owned();
    }
    match dice.below(4) {
        0 => letters[at] = dice.letter(),
        1 if letters.len() > 1 => drop(letters.remove(at)),
        2 if at + 1 < letters.len() => letters.swap(at, at + 1),
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

/// The last digit of the day, the month or the year is another one.
fn digit_off(dice: &mut Dice, born: Date) -> Date {
    let near = |value: i8, dice: &mut Dice| {
        value / 10 * 10 + i8::try_from(dice.below(10)).unwrap_or_default()
    };
    loop {
        let typed = match dice.below(3) {
            0 => Date::new(born.year(), born.month(), near(born.day(), dice)),
            1 => Date::new(born.year(), near(born.month(), dice), born.day()),
            _ => Date::new(
                born.year() / 10 * 10 + i16::try_from(dice.below(10)).unwrap_or_default(),
                born.month(),
                born.day(),
            ),
        };
        if let Some(typed) = typed.ok().filter(|typed| *typed != born) {
            return typed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use pix_orga_domain::names::distance::errors_between;
    use pix_orga_domain::reconciliation::birthdate::{Slip, slip_between};

    #[test]
    fn one_letter_off_is_one_error() {
        let dice = &mut Dice::new(1, &[]);
        let names: Vec<_> = (0..500).map(|_| letter_off(dice, "RAKOTOMALALA")).collect();
        for name in &names {
            assert!(errors_between(name, "RAKOTOMALALA", 1).is_some(), "{name}");
        }
        assert!(
            names.iter().any(|name| name.len() > 12) && names.iter().any(|name| name.len() < 12)
        );
        assert_eq!(letter_off(dice, ""), "");
    }

    #[test]
    fn one_digit_off_is_one_slip() {
        let dice = &mut Dice::new(1, &[]);
        for born in [date(2012, 3, 5), date(2012, 2, 29), date(2010, 12, 31)] {
            for _ in 0..200 {
                let typed = digit_off(dice, born);
                assert_eq!(
                    slip_between(typed, born),
                    Some(Slip::OneDigitOff),
                    "{typed}"
                );
            }
        }
    }
}
