//! Instants as people read them.

use jiff::{Timestamp, tz::TimeZone};

const DAYS: [&str; 7] = [
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
];
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// Such as « vendredi 20 février 2026 à 14 h 05 (heure de Paris) », seconds left out.
///
/// # Errors
/// When the compiled tables have no Europe/Paris.
pub fn in_paris(instant: Timestamp) -> Result<String, jiff::Error> {
    let at = instant.to_zoned_datetime(TimeZone::get("Europe/Paris")?);
    let day = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
    let month = usize::from((at.month() - 1).unsigned_abs());
    Ok(format!(
        "{} {}\u{a0}{} {} à {}\u{a0}h\u{a0}{:02} (heure\u{a0}de\u{a0}Paris)",
        DAYS.get(day).copied().unwrap_or_default(),
        if at.day() == 1 {
            "1er".to_owned()
        } else {
            at.day().to_string()
        },
        MONTHS.get(month).copied().unwrap_or_default(),
        at.year(),
        at.hour(),
        at.minute(),
    ))
}

#[cfg(test)]
mod tests {
    use super::in_paris;

    #[test]
    fn summer_and_winter_are_told_in_paris_time() {
        for (instant, expected) in [
            (
                "2026-02-20T13:05:59Z",
                "vendredi 20 février 2026 à 14 h 05 (heure de Paris)",
            ),
            (
                "2026-07-31T22:00:00Z",
                "samedi 1er août 2026 à 0 h 00 (heure de Paris)",
            ),
            (
                "2026-12-27T23:30:00Z",
                "lundi 28 décembre 2026 à 0 h 30 (heure de Paris)",
            ),
        ] {
            let told = in_paris(instant.parse().unwrap()).unwrap();
            assert_eq!(told.replace('\u{a0}', " "), expected);
        }
    }
}
