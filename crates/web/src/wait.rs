//! When the next try can be made: said on the page to people, in `Retry-After` to programs.

use axum::http::StatusCode;
use axum::http::header::{HeaderValue, RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::account::use_cases::signing_in::PasswordDenial;
use pix_orga_domain::clock::in_paris;

use crate::refusals;
use crate::texts::text_with;
use crate::views::FormErrors;
use crate::visitor::Visitor;

/// A wait up to this long is said in seconds beside the hour: a clock on the wall need not be right.
const SAID_IN_SECONDS_MAX: SignedDuration = SignedDuration::from_mins(2);

/// How long somebody must wait, or nothing.
#[derive(Clone, Copy)]
pub struct Wait(Option<Pause>);

#[derive(Clone, Copy)]
struct Pause {
    until: Timestamp,
    /// Rounded up, one at least.
    seconds: i64,
}

impl Wait {
    /// The one of a password that was not taken.
    pub fn of(visitor: &Visitor, denial: PasswordDenial) -> Self {
        Self::between(visitor.app.accounts.clock.now(), denial.next_try)
    }

    fn between(now: Timestamp, until: Option<Timestamp>) -> Self {
        Self(until.map(|until| Pause {
            until,
            seconds: until.duration_since(now).as_secs().max(0) + 1,
        }))
    }

    /// What was refused beside its field, by its code, and when to try again.
    pub fn beside(self, field: &'static str, code: &str) -> FormErrors {
        let refused = refusals::text(code);
        let mut errors = FormErrors::default();
        match self.0.map(Pause::text) {
            Some(wait) => errors.add(field, format!("{refused} {wait}")),
            None => errors.add(field, refused),
        }
        errors
    }

    /// A page with its status, and how long to wait.
    pub fn answer(self, status: StatusCode, page: Response) -> Response {
        let mut response = (status, page).into_response();
        if let Some(pause) = self.0 {
            let seconds = HeaderValue::from(pause.seconds);
            response.headers_mut().insert(RETRY_AFTER, seconds);
        }
        response
    }
}

impl Pause {
    fn text(self) -> String {
        // The second that has begun when one may try.
        let next = self.until + SignedDuration::from_millis(999);
        let hour = in_paris(next);
        let hour = hour
            .strftime("%-H\u{a0}h\u{a0}%M\u{a0}min\u{a0}%S\u{a0}s")
            .to_string();
        let key = if self.seconds <= SAID_IN_SECONDS_MAX.as_secs() {
            "wait-seconds"
        } else {
            "wait-until"
        };
        let seconds = ("seconds", self.seconds.into());
        text_with(key, &[("hour", hour.into()), seconds])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "busy";

    fn said(seconds: i64) -> String {
        let now: Timestamp = "2026-09-01T08:00:00Z".parse().unwrap();
        let until = now + SignedDuration::from_millis(seconds * 1000 - 300);
        let wait = Wait::between(now, Some(until));
        wait.beside("email", CODE).of("email").to_owned()
    }

    #[test]
    fn the_next_try_is_said_by_its_hour_in_paris_and_by_seconds_while_they_are_few() {
        let hour = "10\u{a0}h\u{a0}00\u{a0}min";
        let one = said(1);
        assert!(one.contains("dans 1 seconde."), "{one}");
        assert!(one.contains(&format!("{hour}\u{a0}01\u{a0}s")), "{one}");
        assert!(said(59).contains("dans 59 secondes."), "{}", said(59));
        let long = said(3600);
        assert!(long.contains("11\u{a0}h\u{a0}00"), "{long}");
        assert!(!long.contains("secondes"), "{long}");
    }

    #[test]
    fn without_a_wait_the_refusal_stands_alone_and_no_header_is_given() {
        let wait = Wait::between(Timestamp::UNIX_EPOCH, None);
        let errors = wait.beside("email", CODE);
        assert_eq!(errors.of("email"), refusals::text(CODE));
        let answer = wait.answer(StatusCode::UNAUTHORIZED, StatusCode::OK.into_response());
        assert!(!answer.headers().contains_key(RETRY_AFTER));
    }
}
