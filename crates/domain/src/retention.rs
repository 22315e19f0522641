//! What is kept, and for how long: the daily job that forgets the rest.
//!
//! Everything here says *until when*; the store only deletes what is older. See `docs/reference/retention.md`.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::clock::day_in_paris;
use crate::roster::import::{FILE_KEPT_MAX, REPORT_KEPT_MAX};
use crate::session::SESSION_IDLE_MAX;
use crate::throttle::THROTTLE_MEMORY;

pub mod doubt;
pub mod store;
pub mod use_cases;

/// A pupil who left is made anonymous this many months after their last day.
pub const DEPARTED_KEPT_MONTHS: i32 = 3;
/// The account of a pupil whom no school's list knows is removed this many months after their last sign-in.
pub const PUPIL_ACCOUNT_KEPT_MONTHS: i32 = 3;
/// The audit trail is kept this long.
pub const AUDIT_KEPT_YEARS: i32 = 1;
/// An invitation that was accepted, was cancelled or expired is kept this long.
pub const ENDED_INVITATION_KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
/// A link of an account is kept this long after it expired, so that its page can say so.
pub const EXPIRED_LINK_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A mail is kept this long after it left or finally failed: it holds an address.
pub const SETTLED_MAIL_KEPT: SignedDuration = SignedDuration::from_hours(90 * 24);
/// Rows deleted by one write, so that nobody waits long behind it.
pub const BATCH_ROWS: u32 = 500;
/// The hour of Paris from which the daily job may run: people sleep.
pub const DAILY_HOUR: i8 = 3;
/// How long a process holds the daily job without saying that it is alive.
pub const RUN_LEASE: SignedDuration = SignedDuration::from_mins(5);

/// Rows that go as they are: nothing has to be decided about each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the instant its name says")]
pub enum Expired {
    /// Uploaded files that no open import reads.
    StagedFiles { staged_before: Timestamp },
    /// What would undo an import.
    Inverses { written_before: Timestamp },
    /// Remarks of imports, which name pupils. Counts stay.
    Reports { written_before: Timestamp },
    /// Invitations that were accepted or cancelled, or that expired, and their links.
    Invitations { ended_before: Timestamp },
    /// Accounts of pupils that no link holds, with what they tried, asked and entered.
    PupilAccounts { unseen_since: Timestamp },
    /// Sessions that are over at an instant, or whose last page is as old as the other.
    Sessions {
        over_at: Timestamp,
        idle_since: Timestamp,
    },
    /// Links of accounts.
    AccountLinks { expired_before: Timestamp },
    /// Counted tries.
    Tries { before: Timestamp },
    /// What can be used once and could no longer be.
    SpentProofs { usable_before: Timestamp },
    /// Sign-ins begun that no answer can name any more.
    BegunSignIns { over_at: Timestamp },
    /// Mails that left or finally failed, save those that carry a link of an invitation still kept.
    Mails { settled_before: Timestamp },
    /// Lines of the audit trail.
    AuditEntries { before: Timestamp },
}

impl Expired {
    /// Its stable code, as reports name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::StagedFiles { .. } => "staged_files",
            Self::Inverses { .. } => "import_inverses",
            Self::Reports { .. } => "import_reports",
            Self::Invitations { .. } => "invitations",
            Self::PupilAccounts { .. } => "pupil_accounts",
            Self::Sessions { .. } => "sessions",
            Self::AccountLinks { .. } => "account_links",
            Self::Tries { .. } => "tries",
            Self::SpentProofs { .. } => "spent_proofs",
            Self::BegunSignIns { .. } => "begun_sign_ins",
            Self::Mails { .. } => "mails",
            Self::AuditEntries { .. } => "audit_entries",
        }
    }
}

/// What is past its time at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadlines {
    /// Imports received before this and still open are ended: their file goes.
    pub imports_received_before: Timestamp,
    /// Pupils whose leave date is before this day have left: it is written.
    pub leaves_due_before: Date,
    /// Pupils who left on this day or before are made anonymous.
    pub departed_on: Date,
    /// What goes as it is. Invitations go before the mails that carried their links.
    pub expired: [Expired; 12],
}

impl Deadlines {
    /// Those of an instant. Days are days in Paris.
    pub fn at(now: Timestamp) -> Self {
        let day = day_in_paris(now);
        let files = now - FILE_KEPT_MAX;
        Self {
            imports_received_before: files,
            leaves_due_before: day,
            departed_on: day.saturating_sub(DEPARTED_KEPT_MONTHS.months()),
            expired: [
                Expired::StagedFiles {
                    staged_before: files,
                },
                Expired::Inverses {
                    written_before: files,
                },
                Expired::Reports {
                    written_before: now - REPORT_KEPT_MAX,
                },
                Expired::Invitations {
                    ended_before: now - ENDED_INVITATION_KEPT,
                },
                Expired::PupilAccounts {
                    unseen_since: start_of(day.saturating_sub(PUPIL_ACCOUNT_KEPT_MONTHS.months())),
                },
                Expired::Sessions {
                    over_at: now,
                    idle_since: now - SESSION_IDLE_MAX,
                },
                Expired::AccountLinks {
                    expired_before: now - EXPIRED_LINK_KEPT,
                },
                Expired::Tries {
                    before: now - THROTTLE_MEMORY,
                },
                Expired::SpentProofs { usable_before: now },
                Expired::BegunSignIns { over_at: now },
                Expired::Mails {
                    settled_before: now - SETTLED_MAIL_KEPT,
                },
                Expired::AuditEntries {
                    before: start_of(day.saturating_sub(AUDIT_KEPT_YEARS.years())),
                },
            ],
        }
    }
}

/// When the daily job last became due: done since, it has nothing to do.
pub fn due_since(now: Timestamp) -> Timestamp {
    let day = day_in_paris(now);
    let at = |day: Date| instant_in_paris(day, Time::constant(DAILY_HOUR, 0, 0, 0));
    let today = at(day);
    if today <= now {
        today
    } else {
        at(day.saturating_sub(1.day()))
    }
}

fn start_of(day: Date) -> Timestamp {
    instant_in_paris(day, Time::midnight())
}

fn instant_in_paris(day: Date, time: Time) -> Timestamp {
    let paris = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
    paris
        .to_ambiguous_timestamp(day.to_datetime(time))
        .compatible()
        .unwrap_or(Timestamp::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_pupil_is_anonymous_three_months_after_their_last_day_in_paris() {
        // 23:30 UTC is the next day in Paris.
        let deadlines = Deadlines::at(at("2026-11-30T23:30:00Z"));
        assert_eq!(deadlines.departed_on, date(2026, 9, 1));
        assert_eq!(deadlines.leaves_due_before, date(2026, 12, 1));
        // A month without that day gives its last one.
        let deadlines = Deadlines::at(at("2026-05-31T10:00:00Z"));
        assert_eq!(deadlines.departed_on, date(2026, 2, 28));
    }

    #[test]
    fn the_trail_is_kept_a_whole_year() {
        let deadlines = Deadlines::at(at("2028-02-29T10:00:00Z"));
        let [.., last] = deadlines.expired;
        let before = at("2027-02-27T23:00:00Z");
        assert_eq!(last, Expired::AuditEntries { before });
    }

    #[test]
    fn each_kind_is_named_once() {
        let mut codes = Deadlines::at(at("2026-11-24T12:00:00Z"))
            .expired
            .map(Expired::code);
        codes.sort_unstable();
        assert!(codes.windows(2).all(|two| two[0] != two[1]));
    }

    #[test]
    fn the_job_is_due_from_three_in_the_morning_of_paris() {
        assert_eq!(
            due_since(at("2026-11-24T12:00:00Z")),
            at("2026-11-24T02:00:00Z")
        );
        assert_eq!(
            due_since(at("2026-11-24T01:59:59Z")),
            at("2026-11-23T02:00:00Z")
        );
        assert_eq!(
            due_since(at("2026-11-24T02:00:00Z")),
            at("2026-11-24T02:00:00Z")
        );
        // Summer time: an hour earlier in UTC.
        assert_eq!(
            due_since(at("2026-07-01T12:00:00Z")),
            at("2026-07-01T01:00:00Z")
        );
    }
}
