//! Values as people wrote them: blanks, days, quotations; and damaged names, repaired.

use std::borrow::Cow;

use jiff::civil::Date;

use crate::limits::QUOTED_CHARS_MAX;

pub mod repair;

/// Trims, and makes each run of inner blanks one space.
pub fn clean(raw: Cow<'_, str>) -> Cow<'_, str> {
    let trimmed = match raw {
        Cow::Borrowed(raw) => Cow::Borrowed(raw.trim()),
        Cow::Owned(raw) => Cow::Owned(raw.trim().to_owned()),
    };
    let mut before = false;
    let sound = trimmed.chars().all(|c| {
        let blank = c.is_whitespace();
        let fine = !blank || (c == ' ' && !before);
        before = blank;
        fine
    });
    if sound {
        return trimmed;
    }
    Cow::Owned(trimmed.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A day written d/m/yyyy, or nothing.
pub fn day(value: &str) -> Option<Date> {
    let mut parts = value.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let digits = |part: &str| {
        let sound = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        sound.then(|| part.parse::<i16>().ok()).flatten()
    };
    let short = |part: &str| {
        let number = digits(part).filter(|_| part.len() <= 2)?;
        i8::try_from(number).ok()
    };
    Date::new(digits(year)?, short(month)?, short(day)?).ok()
}

/// A text from the file, short enough to be quoted, without control characters.
pub fn quoted(raw: &str) -> String {
    let mut chars = raw.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut quoted: String = chars.by_ref().take(QUOTED_CHARS_MAX).collect();
    if chars.next().is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_are_trimmed_and_collapsed() {
        for (raw, cleaned) in [
            ("", ""),
            (" \n ", ""),
            ("3E 2", "3E 2"),
            (" 3E\u{a0}\t 2\n", "3E 2"),
            ("a\tb", "a b"),
        ] {
            assert_eq!(clean(Cow::Borrowed(raw)), cleaned);
            assert_eq!(clean(Cow::Owned(raw.to_owned())), cleaned);
        }
    }

    #[test]
    fn days_are_real_and_written_the_french_way() {
        for (raw, read) in [
            ("01/09/2012", Some("2012-09-01")),
            ("1/9/2012", Some("2012-09-01")),
            ("29/02/2012", Some("2012-02-29")),
            ("29/02/2013", None),
            ("31/04/2012", None),
            ("00/09/2012", None),
            ("001/09/2012", None),
            ("01/09/12", None),
            ("01/09/02012", None),
            ("2012-09-01", None),
            ("2012/09/01", None),
            ("01/09/2012/", None),
            ("+1/09/2012", None),
            ("1 / 9 / 2012", None),
            ("//", None),
            ("", None),
            ("é/09/2012", None),
        ] {
            assert_eq!(
                day(raw).map(|day| day.to_string()).as_deref(),
                read,
                "{raw}"
            );
        }
    }

    #[test]
    fn quotations_are_short() {
        assert_eq!(quoted("a\nb"), "a b");
        assert_eq!(
            quoted(&"é".repeat(1000)).chars().count(),
            QUOTED_CHARS_MAX + 1
        );
    }
}
