//! Instants as SAML writes them: `2026-09-01T08:00:00Z`, with or without a fraction of a second. SAML core, 1.3.3.

use jiff::Timestamp;

use crate::reason::Reason;

/// `2026-09-01T08:00:00`: what stands before the fraction.
const SECONDS_PATTERN: &[u8] = b"0000-00-00T00:00:00";
/// Figures of a fraction: nanoseconds.
const FRACTION_FIGURES_MAX: usize = 9;

/// Reads one. Any other form is refused: readers agree on this one. So is an instant that `jiff` does not reach, on the last
/// day of the year 9999: it leaves the library no room to add the difference of clocks.
pub fn read(text: &str) -> Result<Timestamp, Reason> {
    if !is_plain(text) {
        return Err(Reason::Instant);
    }
    text.parse().map_err(|_| Reason::Instant)
}

fn is_plain(text: &str) -> bool {
    let Some((seconds, fraction)) = text
        .as_bytes()
        .strip_suffix(b"Z")
        .and_then(|before| before.split_at_checked(SECONDS_PATTERN.len()))
    else {
        return false;
    };
    let patterned = seconds
        .iter()
        .zip(SECONDS_PATTERN)
        .all(|(byte, pattern)| match pattern {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        });
    let fraction = match fraction.split_first() {
        None => true,
        Some((b'.', figures)) => {
            (1..=FRACTION_FIGURES_MAX).contains(&figures.len())
                && figures.iter().all(u8::is_ascii_digit)
        }
        Some(_) => false,
    };
    patterned && fraction
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn one_form_alone_is_read() {
        let whole = read("2026-09-01T08:00:00Z").unwrap();
        assert_eq!(whole.to_string(), "2026-09-01T08:00:00Z");
        assert_eq!(read("2026-09-01T08:00:00.000Z"), Ok(whole));
        assert!(read("2026-09-01T08:00:00.1234567Z").unwrap() > whole);
        for other in [
            "",
            "Z",
            "2026-09-01T08:00:00",
            "2026-09-01T08:00:00+00:00",
            "2026-09-01 08:00:00Z",
            "2026-09-01t08:00:00z",
            " 2026-09-01T08:00:00Z",
            "2026-09-01T08:00:00Z ",
            "2026-09-01T08:00:00.Z",
            "2026-09-01T08:00:00,1Z",
            "2026-13-01T08:00:00Z",
            "2026-02-30T08:00:00Z",
            "2026-09-01T25:00:00Z",
            "2026-09-01T08:00:00.1234567890Z",
            "20260901T080000Z",
            "9999-12-31T23:59:59Z",
            "+02026-09-01T08:00:00Z",
            "2026-09-01T08:00:00é",
            "é026-09-01T08:00:00Z",
        ] {
            assert!(read(other).is_err(), "{other}");
        }
    }
}
