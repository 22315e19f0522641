//! The birth date a pupil types: the only thing they control.

use jiff::ToSpan;
use jiff::civil::Date;

/// Youngest age of a pupil of a collège or a lycée, in completed years.
pub const AGE_YEARS_MIN: i32 = 9;
/// Oldest age, in completed years.
pub const AGE_YEARS_MAX: i32 = 25;
/// Digits of a typed year.
const YEAR_DIGITS: usize = 4;
/// Most digits of a typed day or month.
const DAY_DIGITS_MAX: usize = 2;

/// Why a typed date is refused, before it counts as a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BirthdateRefusal {
    /// The three fields are no day of the calendar.
    #[error("birthdate_invalid")]
    Invalid,
    /// Nobody born on that day is between [`AGE_YEARS_MIN`] and [`AGE_YEARS_MAX`] years old.
    #[error("birthdate_out_of_range")]
    OutOfRange,
}

impl BirthdateRefusal {
    /// The stable code of the refusal.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "birthdate_invalid",
            Self::OutOfRange => "birthdate_out_of_range",
        }
    }
}

/// The birth dates a pupil can have on a given day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BirthdateRange {
    earliest: Date,
    latest: Date,
}

impl BirthdateRange {
    /// The range on a day, which [`crate::clock::day_in_paris`] gives.
    pub fn on(today: Date) -> Self {
        let earliest = today
            .saturating_sub((AGE_YEARS_MAX + 1).years())
            .saturating_add(1.day());
        Self {
            earliest,
            latest: today.saturating_sub(AGE_YEARS_MIN.years()),
        }
    }

    /// Whether somebody born on that day is of an age to be a pupil.
    pub fn contains(&self, birthdate: Date) -> bool {
        (self.earliest..=self.latest).contains(&birthdate)
    }

    /// Reads the three typed fields: blanks around them ignored, one or two digits for the day and the month, four for
    /// the year.
    ///
    /// # Errors
    /// [`BirthdateRefusal::Invalid`] when they are no day of the calendar, [`BirthdateRefusal::OutOfRange`] when that
    /// day is no pupil's.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use pix_orga_domain::reconciliation::birthdate::{BirthdateRange, BirthdateRefusal};
    /// let range = BirthdateRange::on(date(2026, 9, 1));
    /// assert_eq!(range.read("5", "03", "2012"), Ok(date(2012, 3, 5)));
    /// assert_eq!(range.read("31", "02", "2012"), Err(BirthdateRefusal::Invalid));
    /// assert_eq!(range.read("5", "3", "1912"), Err(BirthdateRefusal::OutOfRange));
    /// ```
    pub fn read(&self, day: &str, month: &str, year: &str) -> Result<Date, BirthdateRefusal> {
        let day = number(day, 1..=DAY_DIGITS_MAX)?;
        let month = number(month, 1..=DAY_DIGITS_MAX)?;
        let year = number(year, YEAR_DIGITS..=YEAR_DIGITS)?;
        let (Ok(day), Ok(month)) = (i8::try_from(day), i8::try_from(month)) else {
            return Err(BirthdateRefusal::Invalid);
        };
        let date = Date::new(year, month, day).map_err(|_| BirthdateRefusal::Invalid)?;
        if self.contains(date) {
            Ok(date)
        } else {
            Err(BirthdateRefusal::OutOfRange)
        }
    }
}

/// How a typed date differs from a student's, when one slip explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slip {
    /// The day and the month are exchanged.
    DayMonthSwapped,
    /// One of the eight digits differs.
    OneDigitOff,
}

/// The slip between two dates, if there is exactly one. Equal dates have none.
pub fn slip_between(typed: Date, known: Date) -> Option<Slip> {
    if typed == known {
        return None;
    }
    if typed.year() == known.year() && typed.day() == known.month() && typed.month() == known.day()
    {
        return Some(Slip::DayMonthSwapped);
    }
    let fields = [
        typed.year() != known.year(),
        typed.month() != known.month(),
        typed.day() != known.day(),
    ];
    if fields.into_iter().filter(|&differs| differs).count() > 1 {
        return None;
    }
    let pairs = digits(typed).into_iter().zip(digits(known));
    (pairs.filter(|(a, b)| a != b).count() == 1).then_some(Slip::OneDigitOff)
}

/// The birth dates whose students a decision must see for a typed date: the date itself, then those one slip away, in
/// the order of the calendar. Some sixty at most: a store can ask for them by equality.
pub fn dates_to_compare(typed: Date) -> Vec<Date> {
    const NINE: u8 = 9;
    let mut near: Vec<Date> = Date::new(typed.year(), typed.day(), typed.month())
        .into_iter()
        .collect();
    for position in 0..digits(typed).len() {
        near.extend((0..=NINE).filter_map(|digit| {
            let mut changed = digits(typed);
            changed[position] = digit;
            from_digits(changed)
        }));
    }
    near.retain(|&date| date != typed);
    near.sort_unstable();
    near.dedup();
    near.insert(0, typed);
    near
}

fn number(raw: &str, digits: std::ops::RangeInclusive<usize>) -> Result<i16, BirthdateRefusal> {
    let raw = raw.trim();
    if !digits.contains(&raw.len()) || !raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(BirthdateRefusal::Invalid);
    }
    raw.parse().map_err(|_| BirthdateRefusal::Invalid)
}

/// The eight digits of a date as a French form writes it: day, month, year.
fn digits(date: Date) -> [u8; 8] {
    let (day, month) = (date.day().unsigned_abs(), date.month().unsigned_abs());
    let year = date.year().unsigned_abs();
    let digit = |power: u16| u8::try_from(year / power % 10).unwrap_or_default();
    [
        day / 10,
        day % 10,
        month / 10,
        month % 10,
        digit(1000),
        digit(100),
        digit(10),
        digit(1),
    ]
}

fn from_digits(digits: [u8; 8]) -> Option<Date> {
    let two = |tens: u8, units: u8| i8::try_from(tens * 10 + units).ok();
    let year = digits[4..]
        .iter()
        .fold(0_i16, |year, &digit| year * 10 + i16::from(digit));
    Date::new(year, two(digits[2], digits[3])?, two(digits[0], digits[1])?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn ages_are_completed_years() {
        let range = BirthdateRange::on(date(2026, 9, 1));
        for (born, expected) in [
            (date(2017, 9, 1), true),
            (date(2017, 9, 2), false),
            (date(2000, 9, 2), true),
            (date(2000, 9, 1), false),
            (date(2026, 9, 2), false),
        ] {
            assert_eq!(range.contains(born), expected, "{born}");
        }
    }

    #[test]
    fn typed_fields_row_by_row() {
        let range = BirthdateRange::on(date(2026, 9, 1));
        for (day, month, year) in [
            ("", "3", "2012"),
            ("5", "13", "2012"),
            ("5", "3", "12"),
            ("29", "2", "2011"),
            ("-5", "3", "2012"),
            ("5", "3", "20122"),
            ("٥", "3", "2012"),
            ("005", "3", "2012"),
            ("0", "3", "2012"),
        ] {
            assert_eq!(
                range.read(day, month, year),
                Err(BirthdateRefusal::Invalid),
                "{day}/{month}/{year}"
            );
        }
        assert_eq!(range.read(" 29 ", "02", "2012"), Ok(date(2012, 2, 29)));
    }

    #[test]
    fn slips_row_by_row() {
        for (typed, known, expected) in [
            (date(2012, 3, 5), date(2012, 3, 5), None),
            (
                date(2012, 3, 5),
                date(2012, 5, 3),
                Some(Slip::DayMonthSwapped),
            ),
            (date(2012, 3, 5), date(2013, 5, 3), None),
            (date(2012, 3, 5), date(2012, 3, 15), Some(Slip::OneDigitOff)),
            (date(2012, 3, 5), date(2011, 3, 5), Some(Slip::OneDigitOff)),
            (date(2012, 3, 5), date(2012, 4, 6), None),
        ] {
            assert_eq!(slip_between(typed, known), expected, "{typed} / {known}");
        }
    }

    proptest! {
        #[test]
        fn the_dates_to_compare_are_exactly_those_one_slip_away(
            day in 1_i8..=28, month in 1_i8..=12, year in 2000_i16..2018, shift in -400_i32..400,
        ) {
            let typed = date(year, month, day);
            let dates = dates_to_compare(typed);
            prop_assert_eq!(dates[0], typed);
            prop_assert!(dates.len() < 64);
            prop_assert!(dates[1..].iter().all(|&other| slip_between(typed, other).is_some()));
            let other = typed.saturating_add(shift.days());
            prop_assert_eq!(dates.contains(&other), other == typed || slip_between(typed, other).is_some());
        }
    }
}
