//! Days, as SIECLE writes them and as other tools write them again.
//!
//! SIECLE writes d/m/yyyy. A spreadsheet or a script that saves the file writes dates its own way: those that say one
//! day alone are read, and the file is remarked upon once. Months written before days look like SIECLE's own dates, one
//! by one: only the whole file tells, so that [`Habits`] gathers what each date proves.

use jiff::civil::Date;

/// Dates that only make sense with the month first, at least: fewer may be slips of the keyboard.
const MONTH_FIRST_DATES_MIN: usize = 2;
/// One date in so many, at least, since days above 12 are 60 % of all.
const MONTH_FIRST_DATES_SHARE: usize = 3;
/// Years a compact date may have: other eight digits are no date.
const COMPACT_YEARS: std::ops::RangeInclusive<i16> = 1900..=2099;
/// Days since 1900 that spreadsheets write for birth dates: 1954 to 2064.
const SERIAL_NUMBERS: std::ops::RangeInclusive<u32> = 20_000..=60_000;

/// A date that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The day.
    pub day: Date,
    /// How it is written, when it is not as SIECLE does.
    pub form: Option<&'static str>,
    /// Whether its two first numbers are a day and a month, in that order.
    pub day_before_month: bool,
}

/// Reads a date, of SIECLE or unambiguous.
pub fn read(value: &str) -> Option<Written> {
    if let Some(day) = french(value) {
        return Some(Written {
            day,
            form: None,
            day_before_month: true,
        });
    }
    let (date, timed) = without_midnight(value)?;
    if timed && let Some(day) = french(date) {
        return Some(Written {
            day,
            form: Some("jj/mm/aaaa hh:mm"),
            day_before_month: true,
        });
    }
    compact(date).or_else(|| separated(date))
}

/// A day written d/m/yyyy.
fn french(value: &str) -> Option<Date> {
    if let &[d, e, b'/', m, n, b'/', y, z, a, b] = value.as_bytes()
        && [d, e, m, n, y, z, a, b].iter().all(u8::is_ascii_digit)
    {
        let digit = |byte: u8| i16::from(byte - b'0');
        let two = |tens, ones| i8::try_from(digit(tens) * 10 + digit(ones)).ok();
        let year = digit(y) * 1000 + digit(z) * 100 + digit(a) * 10 + digit(b);
        return Date::new(year, two(m, n)?, two(d, e)?).ok();
    }
    let [day, month, year] = three(value, '/')?;
    if year.len() != 4 {
        return None;
    }
    Date::new(number(year)?, short(month)?, short(day)?).ok()
}

/// The three parts between two separators.
fn three(value: &str, separator: char) -> Option<[&str; 3]> {
    let mut parts = value.split(separator);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    parts.next().is_none().then_some(three)
}

fn number(part: &str) -> Option<i16> {
    let sound = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    sound.then(|| part.parse().ok()).flatten()
}

fn short(part: &str) -> Option<i8> {
    i8::try_from(number(part).filter(|_| part.len() <= 2)?).ok()
}

/// A date without its time, when that is midnight, and without its time zone: such as `2012-02-01T00:00:00Z`. Another
/// time might be another day.
fn without_midnight(value: &str) -> Option<(&str, bool)> {
    let Some(at) = value.find(['T', ' ']) else {
        let zoned = value.len() > 10 && value.is_char_boundary(10) && is_zone(&value[10..]);
        return Some((if zoned { &value[..10] } else { value }, false));
    };
    let (date, time) = (&value[..at], value[at + 1..].trim_start());
    let end = time
        .find(|c: char| !(c.is_ascii_digit() || matches!(c, ':' | '.' | ',')))
        .unwrap_or(time.len());
    let (clock, zone) = time.split_at(end);
    let midnight = clock.contains(':') && clock.chars().all(|c| !c.is_ascii_digit() || c == '0');
    (midnight && is_zone(zone.trim_start())).then_some((date, true))
}

fn is_zone(text: &str) -> bool {
    let offset = |c: char| c.is_ascii_digit() || c == ':';
    text.is_empty()
        || text == "Z"
        || text
            .strip_prefix(['+', '-'])
            .is_some_and(|rest| (2..=5).contains(&rest.len()) && rest.chars().all(offset))
}

/// Eight digits: no text is a day both ways, since no month is 19 nor 20.
fn compact(value: &str) -> Option<Written> {
    if value.len() != 8 || !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let day = |year: &str, month: &str, day: &str| {
        let year = number(year).filter(|year| COMPACT_YEARS.contains(year))?;
        Date::new(year, short(month)?, short(day)?).ok()
    };
    let written = |day, form| Written {
        day,
        form: Some(form),
        day_before_month: false,
    };
    let year_first = day(&value[..4], &value[4..6], &value[6..]);
    year_first.map(|day| written(day, "aaaammjj")).or_else(|| {
        Some(written(
            day(&value[4..], &value[2..4], &value[..2])?,
            "jjmmaaaa",
        ))
    })
}

/// Year first with any separator, or day first with another than SIECLE's.
fn separated(value: &str) -> Option<Written> {
    let (separator, year_first, day_first) = match value.chars().find(|c| !c.is_ascii_digit())? {
        '-' => ('-', "aaaa-mm-jj", "jj-mm-aaaa"),
        '.' => ('.', "aaaa.mm.jj", "jj.mm.aaaa"),
        // Day first is SIECLE's own.
        '/' => ('/', "aaaa/mm/jj", "jj/mm/aaaa"),
        _ => return None,
    };
    let [first, month, last] = three(value, separator)?;
    let (year, day, form, day_before_month) = match (first.len(), last.len()) {
        (4, 1 | 2) => (first, last, year_first, false),
        (1 | 2, 4) => (last, first, day_first, true),
        _ => return None,
    };
    Some(Written {
        day: Date::new(number(year)?, short(month)?, short(day)?).ok()?,
        form: Some(form),
        day_before_month,
    })
}

/// Whether a text that is no day is one with the month first.
pub fn is_month_first(value: &str) -> bool {
    let value = without_midnight(value).map_or(value, |(date, _)| date);
    ['/', '-', '.'].into_iter().any(|separator| {
        three(value, separator).is_some_and(|[month, day, year]| {
            let real = || Date::new(number(year)?, short(month)?, short(day)?).ok();
            year.len() == 4 && real().is_some()
        })
    })
}

/// Whether a text that is no day is what spreadsheets make of one: a year of two digits, a number of days, a month in
/// letters.
fn is_a_spreadsheets(value: &str) -> bool {
    let two_digit_year = ['/', '-', '.'].into_iter().any(|separator| {
        three(value, separator).is_some_and(|parts| parts.iter().all(|part| short(part).is_some()))
    });
    let serial = value
        .split(['.', ','])
        .next()
        .and_then(|whole| whole.parse().ok())
        .is_some_and(|days: u32| value.len() >= 5 && SERIAL_NUMBERS.contains(&days));
    let letters = value.chars().filter(|c| c.is_alphabetic()).count();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    two_digit_year || serial || (letters >= 3 && digits >= 3)
}

/// How the dates of a file are written.
#[derive(Debug, Default)]
pub struct Habits {
    dates: usize,
    day_first: usize,
    /// Days with the month first alone.
    pub month_first: Seen,
    /// Read, and not as SIECLE writes: how many, the line of the first, its form.
    pub otherwise: Seen,
    /// Not read, and as a spreadsheet writes.
    pub unreadable: Seen,
}

/// Dates of a kind.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many dates are written so.
    pub count: usize,
    /// The line of the first.
    pub line: u32,
    /// How the first is written.
    pub form: &'static str,
}

impl Seen {
    fn add(&mut self, line: u32, form: &'static str) {
        if self.count == 0 {
            (self.line, self.form) = (line, form);
        }
        self.count += 1;
    }
}

impl Habits {
    /// Takes note of a date that was read.
    pub fn note(&mut self, written: &Written, line: u32) {
        self.dates += 1;
        if written.day_before_month && written.day.day() > 12 {
            self.day_first += 1;
        }
        if let Some(form) = written.form {
            self.otherwise.add(line, form);
        }
    }

    /// Takes note of a text that is no day.
    pub fn note_unreadable(&mut self, value: &str, line: u32) {
        self.dates += 1;
        if is_month_first(value) {
            self.month_first.add(line, "");
        } else if is_a_spreadsheets(value) {
            self.unreadable.add(line, "");
        }
    }

    /// Whether the file writes months before days: some dates make sense that way alone, and none the other.
    pub fn month_first(&self) -> bool {
        let seen = self.month_first.count;
        self.day_first == 0
            && seen >= MONTH_FIRST_DATES_MIN
            && seen * MONTH_FIRST_DATES_SHARE >= self.dates
    }

    /// Whether most dates cannot be read because a spreadsheet wrote them again.
    pub fn are_a_spreadsheets(&self) -> bool {
        self.month_first() || self.unreadable.count * 2 > self.dates
    }
}

#[cfg(test)]
mod tests;
