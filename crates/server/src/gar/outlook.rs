//! How long signatures will be possible. The provider's: as long as one of its certificates lasts. Ours: as long as the
//! first lasts, which alone signs.

use jiff::Timestamp;
use pix_orga_web::GarSettings;

/// Days before an end from which it is said: what declaring a key to the GAR can take.
const SAID_DAYS_BEFORE: i64 = 30;

const DAY_SECONDS: i64 = 24 * 3_600;

/// What the end of certificates, or of the provider's metadata, means now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// The end is far.
    Fine {
        /// It.
        end: Timestamp,
    },
    /// The end comes.
    Soon {
        /// It.
        end: Timestamp,
        /// Whole days left.
        days: i64,
    },
    /// The end came: the provider's, and nobody signs in; ours, and the GAR may refuse us.
    Over {
        /// Since when.
        end: Timestamp,
    },
}

impl Outlook {
    /// Of an end.
    pub fn of(end: Timestamp, now: Timestamp) -> Self {
        let days = end.duration_since(now).as_secs().div_euclid(DAY_SECONDS);
        if end < now {
            Self::Over { end }
        } else if days < SAID_DAYS_BEFORE {
            Self::Soon { end, days }
        } else {
            Self::Fine { end }
        }
    }

    /// Of the provider's certificates.
    pub fn of_provider(ends: &[Timestamp], now: Timestamp) -> Self {
        Self::of(ends.iter().copied().max().unwrap_or_default(), now)
    }

    /// Of ours.
    pub fn of_ours(ends: &[Timestamp], now: Timestamp) -> Self {
        Self::of(ends.first().copied().unwrap_or_default(), now)
    }
}

/// Says in the log what ends soon, or has ended.
pub fn log(gar: &GarSettings, now: Timestamp) {
    log_metadata(gar.metadata_end, now);
    let provider = Outlook::of_provider(&gar.provider_ends, now);
    let ours = Outlook::of_ours(&gar.our_ends, now);
    for (role, outlook) in [("provider", provider), ("ours", ours)] {
        match outlook {
            Outlook::Fine { .. } => {}
            Outlook::Soon { end, days } => {
                tracing::warn!(code = "gar_certificate_ends", role, days, %end, "a certificate of the GAR sign-in ends soon");
            }
            Outlook::Over { end } => {
                tracing::error!(code = "gar_certificate_over", role, %end, "a certificate of the GAR sign-in has ended");
            }
        }
    }
}

fn log_metadata(end: Option<Timestamp>, now: Timestamp) {
    match end.map(|end| Outlook::of(end, now)) {
        None | Some(Outlook::Fine { .. }) => {}
        Some(Outlook::Soon { end, days }) => {
            tracing::warn!(code = "gar_metadata_ends", days, %end, "the metadata of the GAR end soon");
        }
        Some(Outlook::Over { end }) => {
            tracing::error!(code = "gar_metadata_over", %end, "the metadata of the GAR have ended");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_thirty_days_are_said_then_the_end() {
        let end = at("2027-03-01T00:00:00Z");
        let of = |now: &str| Outlook::of(end, at(now));
        assert_eq!(of("2027-01-30T00:00:00Z"), Outlook::Fine { end });
        assert_eq!(of("2027-01-30T00:00:01Z"), Outlook::Soon { end, days: 29 });
        assert_eq!(of("2027-03-01T00:00:00Z"), Outlook::Soon { end, days: 0 });
        assert_eq!(of("2027-03-01T00:00:01Z"), Outlook::Over { end });
    }

    #[test]
    fn the_provider_lasts_as_long_as_its_last_key_and_we_as_long_as_our_first() {
        let ends = [at("2026-01-01T00:00:00Z"), at("2028-01-01T00:00:00Z")];
        let now = at("2027-01-01T00:00:00Z");
        assert_eq!(
            Outlook::of_provider(&ends, now),
            Outlook::Fine { end: ends[1] }
        );
        assert_eq!(Outlook::of_ours(&ends, now), Outlook::Over { end: ends[0] });
    }
}
