//! What is said when a limit bites: a counter each time, a line of the log at most once a minute for each limit.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use pix_orga_web::App;
use tokio::time::Instant;

/// Between two lines on the same limit.
const SAY_EVERY: Duration = Duration::from_mins(1);

/// A limit of the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Connections at once: the one that had waited longest for a request gave way.
    Connections,
    /// The process's open files.
    Descriptors,
    /// The head of a request.
    Head,
    /// A connection without a request.
    Idle,
    /// The pace of a body.
    Body,
    /// The pace of a reader.
    Answer,
    /// A whole request.
    Request,
    /// Requests at once, of people who are not signed in.
    Anonymous,
    /// Requests at once, of everybody.
    Requests,
    /// `/healthz`, `/readyz` and `/metrics` at once.
    Watches,
    /// What was still under way at the end of the grace of SIGTERM.
    Stop,
}

impl Limit {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Connections,
        Self::Descriptors,
        Self::Head,
        Self::Idle,
        Self::Body,
        Self::Answer,
        Self::Request,
        Self::Anonymous,
        Self::Requests,
        Self::Watches,
        Self::Stop,
    ];

    /// Its stable name, in the figures and in the log.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Connections => "connections",
            Self::Descriptors => "descriptors",
            Self::Head => "head",
            Self::Idle => "idle",
            Self::Body => "body",
            Self::Answer => "answer",
            Self::Request => "request",
            Self::Anonymous => "anonymous",
            Self::Requests => "requests",
            Self::Watches => "watches",
            Self::Stop => "stop",
        }
    }
}

/// Counts and says.
pub struct Tally {
    app: Arc<App>,
    quiet: Mutex<[Quiet; Limit::ALL.len()]>,
}

impl Tally {
    /// With every counter at zero, so that alarms can be set on each.
    pub fn new(app: Arc<App>) -> Self {
        for limit in Limit::ALL {
            app.metrics.knows_limit(limit.code());
        }
        Self {
            app,
            quiet: Mutex::default(),
        }
    }

    /// A limit bit.
    pub fn bites(&self, limit: Limit) {
        self.app.metrics.limit_bit(limit.code());
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(times) = quiet[limit as usize].say(Instant::now()) else {
            return;
        };
        drop(quiet);
        let limit_name = limit.code();
        // A connection that nobody used and that closes is no news for anybody.
        if limit == Limit::Idle {
            tracing::debug!(limit = limit_name, times, "a limit bit");
        } else {
            tracing::warn!(limit = limit_name, times, "a limit bit");
        }
    }
}

/// Keeps one limit from filling the log.
#[derive(Debug, Default, Clone, Copy)]
struct Quiet {
    said: Option<Instant>,
    unsaid: u64,
}

impl Quiet {
    /// How many times it bit since the last line, when a line is due.
    fn say(&mut self, now: Instant) -> Option<u64> {
        self.unsaid += 1;
        let due = self
            .said
            .is_none_or(|said| now.duration_since(said) >= SAY_EVERY);
        if !due {
            return None;
        }
        self.said = Some(now);
        Some(std::mem::take(&mut self.unsaid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_time_is_said_and_then_once_a_minute_how_many() {
        let mut quiet = Quiet::default();
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        for (seconds, said) in [
            (0, Some(1)),
            (1, None),
            (59, None),
            (60, Some(3)),
            (61, None),
            (200, Some(2)),
        ] {
            assert_eq!(quiet.say(after(seconds)), said, "{seconds}");
        }
    }

    #[test]
    fn every_limit_has_a_name_of_its_own() {
        for (place, limit) in Limit::ALL.into_iter().enumerate() {
            assert_eq!(limit as usize, place);
            let same = Limit::ALL
                .iter()
                .filter(|other| other.code() == limit.code());
            assert_eq!(same.count(), 1);
        }
    }
}
