//! What an attempt to send gave, and what follows from it. Pure: the worker asks, and records the answer.

use jiff::{SignedDuration, Timestamp};

/// Characters of a server's words that are kept.
pub const SERVER_WORDS_CHARS_MAX: usize = 300;
/// How long a worker holds a mail without saying that it is alive.
pub const LEASE: SignedDuration = SignedDuration::from_secs(15);
/// How often it says so.
pub const HEARTBEAT: SignedDuration = SignedDuration::from_secs(5);
/// Mails to one domain in a second, unless the configuration says otherwise.
pub const PACE_PER_SECOND: u32 = 2;
/// After each temporary failure, how long until the mail is tried again. A day in all at most.
pub const RETRY_DELAYS: [SignedDuration; 7] = [
    SignedDuration::from_mins(1),
    SignedDuration::from_mins(5),
    SignedDuration::from_mins(15),
    SignedDuration::from_hours(1),
    SignedDuration::from_hours(3),
    SignedDuration::from_hours(7),
    SignedDuration::from_hours(12),
];
/// Times a mail is tried on a server that answers, or claimed by workers that died.
pub const ATTEMPTS_MAX: u32 = 8;
/// While no server can be reached, delays grow to this one of [`RETRY_DELAYS`] at most: an hour after a server is back,
/// every mail has been tried again.
const UNREACHED_DELAYS_MAX: usize = 3;
/// How long a mail without an end of its own waits for a server.
pub const UNREACHED_KEPT_MAX: SignedDuration = SignedDuration::from_hours(24);

/// Codes of SMTP that never speak of the recipient: our credentials (RFC 4954, 6), or commands that the two programs do
/// not understand alike (RFC 5321, 4.2.2). An operator mends them, and no mail should be lost meanwhile.
const OUR_OWN_CODES: [u16; 8] = [500, 502, 503, 504, 530, 534, 535, 538];

/// What a server, or the lack of one, said: one line without control characters, of bounded length. It may hold an
/// address: administrators read it, logs never do.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerWords(String);

impl ServerWords {
    /// Cleans what was said.
    pub fn new(said: &str) -> Self {
        let visible: String = said
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .filter(|c| !is_hidden(*c))
            .collect();
        let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= SERVER_WORDS_CHARS_MAX {
            return Self(line);
        }
        let kept: String = line.chars().take(SERVER_WORDS_CHARS_MAX - 1).collect();
        Self(format!("{}…", kept.trim_end()))
    }

    /// The line.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ServerWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerWords(…)")
    }
}

/// Zero-width characters and direction marks: a server could make a line read otherwise than it is.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// What an attempt gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// The server took the mail.
    Sent,
    /// Not now, said the server: of this mail, or of its recipient.
    Delayed(ServerWords),
    /// No server could be spoken to, or not as we must: nothing was said of this mail. Somebody mends it.
    Unreached(ServerWords),
    /// Never.
    Refused(ServerWords),
}

impl SendOutcome {
    /// From a server's reply (RFC 5321, 4.2.1).
    pub fn of_reply(code: u16, words: &str) -> Self {
        match code {
            200..300 => Self::Sent,
            code if OUR_OWN_CODES.contains(&code) => Self::Unreached(ServerWords::new(words)),
            500..600 => Self::Refused(ServerWords::new(words)),
            _ => Self::Delayed(ServerWords::new(words)),
        }
    }

    /// Its stable name, for logs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Delayed(_) => "delayed",
            Self::Unreached(_) => "unreached",
            Self::Refused(_) => "refused",
        }
    }
}

/// What to record after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// It left.
    Sent,
    /// Try again.
    Retry {
        /// When.
        at: Timestamp,
        /// Why it did not leave.
        reason: ServerWords,
    },
    /// Try again, as if this attempt had not been made.
    WaitForServer {
        /// When.
        at: Timestamp,
        /// Why no server was spoken to.
        reason: ServerWords,
    },
    /// Give up.
    Fail {
        /// Why.
        reason: ServerWords,
    },
}

impl NextStep {
    /// Its stable name, for logs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Retry { .. } => "delayed",
            Self::WaitForServer { .. } => "unreached",
            Self::Fail { .. } => "failed",
        }
    }
}

/// How often a mail was tried, this time included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    /// On a server that answered, or by workers that died.
    pub counted: u32,
    /// Before this one, without a server to speak to.
    pub unreached: u32,
}

/// What follows from the outcome of an attempt that ended at `now`, for a mail that is of no use from `useless_at` on.
pub fn next_step(
    outcome: SendOutcome,
    attempts: Attempts,
    useless_at: Timestamp,
    now: Timestamp,
) -> NextStep {
    match outcome {
        SendOutcome::Sent => NextStep::Sent,
        SendOutcome::Refused(reason) => NextStep::Fail { reason },
        SendOutcome::Delayed(reason) => {
            let failures = usize::try_from(attempts.counted).unwrap_or(usize::MAX);
            let delay = RETRY_DELAYS.get(failures.saturating_sub(1));
            match delay.and_then(|delay| now.checked_add(*delay).ok()) {
                Some(at) => NextStep::Retry { at, reason },
                None => NextStep::Fail { reason },
            }
        }
        SendOutcome::Unreached(reason) => {
            let before = usize::try_from(attempts.unreached).unwrap_or(usize::MAX);
            let delay = RETRY_DELAYS[before.min(UNREACHED_DELAYS_MAX)];
            match now.checked_add(delay).ok().filter(|at| *at < useless_at) {
                Some(at) => NextStep::WaitForServer { at, reason },
                None => NextStep::Fail { reason },
            }
        }
    }
}

/// Whether the words of a failure are a server's that would never have the mail: they begin with its code. The others
/// may be sent again one day.
pub fn is_refused_for_good(reason: &str) -> bool {
    let code = reason.get(..3).filter(|_| {
        let after = reason[3..].chars().next();
        after.is_none_or(|next| !next.is_ascii_digit())
    });
    let code = code.and_then(|code| code.parse().ok());
    code.is_some_and(|code| matches!(SendOutcome::of_reply(code, ""), SendOutcome::Refused(_)))
}

/// Between two mails to one domain. Zero asks for no more than one a second.
pub fn pace(per_second: u32) -> SignedDuration {
    SignedDuration::from_secs(1) / i32::try_from(per_second.max(1)).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn outcomes() -> impl Strategy<Value = SendOutcome> {
        (0u16..700, ".{0,40}").prop_map(|(code, words)| SendOutcome::of_reply(code, &words))
    }

    proptest! {
        #[test]
        fn words_are_one_clean_line_of_bounded_length(said in ".{0,700}") {
            let words = ServerWords::new(&said);
            prop_assert!(words.as_str().chars().count() <= SERVER_WORDS_CHARS_MAX);
            prop_assert!(!words.as_str().chars().any(|c| c.is_control() || is_hidden(c)));
            prop_assert_eq!(ServerWords::new(words.as_str()), words);
        }

        #[test]
        fn a_mail_is_tried_again_later_and_later_and_given_up_within_a_day(
            start in 0i64..4_000_000_000,
            outcomes in proptest::collection::vec(outcomes(), 1..12),
        ) {
            let start = Timestamp::from_second(start).unwrap();
            let mut now = start;
            let mut waited = SignedDuration::ZERO;
            for (tried, outcome) in outcomes.into_iter().enumerate() {
                let counted = u32::try_from(tried + 1).unwrap();
                let attempts = Attempts { counted, unreached: 0 };
                match next_step(outcome.clone(), attempts, Timestamp::MAX, now) {
                    NextStep::WaitForServer { .. } => break,
                    NextStep::Sent => { prop_assert_eq!(outcome, SendOutcome::Sent); break; }
                    NextStep::Fail { reason } => {
                        let given_up = outcome == SendOutcome::Delayed(reason.clone()) && tried == RETRY_DELAYS.len();
                        prop_assert!(given_up || outcome == SendOutcome::Refused(reason));
                        break;
                    }
                    NextStep::Retry { at, reason } => {
                        prop_assert_eq!(outcome, SendOutcome::Delayed(reason));
                        let wait = at.duration_since(now);
                        prop_assert!(wait > waited);
                        (now, waited) = (at, wait);
                    }
                }
            }
            prop_assert!(now.duration_since(start) <= SignedDuration::from_hours(24));
        }
    }

    #[test]
    fn a_mail_waits_for_a_server_as_long_as_it_is_of_use_and_leaves_within_an_hour() {
        let start = Timestamp::from_second(1_800_000_000).unwrap();
        let month = start + SignedDuration::from_hours(30 * 24);
        let (mut now, mut tried) = (start, 0);
        let words = ServerWords::new("Le serveur d’envoi ne peut pas être joint");
        loop {
            let attempts = Attempts {
                counted: 1,
                unreached: tried,
            };
            let outcome = SendOutcome::Unreached(words.clone());
            match next_step(outcome, attempts, month, now) {
                NextStep::WaitForServer { at, .. } => {
                    assert!(at.duration_since(now) <= SignedDuration::from_hours(1));
                    (now, tried) = (at, tried + 1);
                }
                NextStep::Fail { .. } => break,
                other => panic!("{other:?}"),
            }
        }
        assert!(
            month.duration_since(now) <= SignedDuration::from_hours(1),
            "{now}"
        );
        // Greylisted once the server is back: as after a first attempt.
        let attempts = Attempts {
            counted: 1,
            unreached: tried,
        };
        let greylisted = next_step(SendOutcome::Delayed(words), attempts, month, start);
        let NextStep::Retry { at, .. } = greylisted else {
            panic!("{greylisted:?}");
        };
        assert_eq!(at.duration_since(start), RETRY_DELAYS[0]);
    }

    #[test]
    fn what_a_server_refused_for_good_is_told_by_its_code() {
        for reason in ["550 5.1.1 boîte inconnue", "554", "552-trop"] {
            assert!(is_refused_for_good(reason), "{reason}");
        }
        for reason in [
            "451 4.7.1 liste grise",
            "535 5.7.8 mot de passe",
            "Le serveur d’envoi ne peut pas être joint",
            "5501 choses",
            "é55",
            "",
        ] {
            assert!(!is_refused_for_good(reason), "{reason}");
        }
    }

    #[test]
    fn replies_are_told_apart_by_their_code() {
        for (code, expected) in [
            (250, "sent"),
            (421, "delayed"),
            (450, "delayed"),
            (530, "unreached"),
            (503, "unreached"),
            (535, "unreached"),
            (550, "refused"),
            (554, "refused"),
            (334, "delayed"),
            (0, "delayed"),
        ] {
            assert_eq!(SendOutcome::of_reply(code, "").code(), expected, "{code}");
        }
    }

    #[test]
    fn there_is_an_attempt_before_and_after_each_delay() {
        assert_eq!(usize::try_from(ATTEMPTS_MAX), Ok(RETRY_DELAYS.len() + 1));
    }

    #[test]
    fn the_pace_is_a_share_of_a_second() {
        for (per_second, millis) in [(0, 1000), (1, 1000), (2, 500), (50, 20)] {
            assert_eq!(pace(per_second), SignedDuration::from_millis(millis));
        }
    }
}
