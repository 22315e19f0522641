//! What an answer claims against what was asked, and against the clock. Nothing here trusts the library, which checks
//! most of it too.

use jiff::{SignedDuration, Timestamp};

use crate::gate::Shown;
use crate::reason::Reason;

/// The difference of clocks that is accepted, on both sides.
pub const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_secs(60);
/// The longest life of an assertion, from its issue to its end. Honest ones live from thirty seconds to an hour.
pub const ASSERTION_LIFE_MAX: SignedDuration = SignedDuration::from_hours(1);

/// What an answer must match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// The identifier of the request it answers.
    pub request_id: String,
    /// The address where it comes, whole.
    pub acs_url: String,
    /// Our `entityID`.
    pub entity_id: String,
}

/// Compares.
///
/// # Errors
/// The first thing that is not as expected.
pub(crate) fn check(
    shown: &Shown,
    issuer: &str,
    expected: &Expected,
    now: Timestamp,
) -> Result<(), Reason> {
    addressed(shown, issuer, expected)?;
    timely(shown, now)
}

fn addressed(shown: &Shown, issuer: &str, expected: &Expected) -> Result<(), Reason> {
    let sender = shown.response_issuer.as_deref().unwrap_or(issuer);
    if shown.issuer != issuer || sender != issuer {
        return Err(Reason::Issuer);
    }
    if shown.destination != expected.acs_url {
        return Err(Reason::Destination);
    }
    let confirmation = &shown.confirmation;
    if confirmation.recipient != expected.acs_url {
        return Err(Reason::Recipient);
    }
    let answered = [&shown.in_response_to, &confirmation.in_response_to];
    if answered
        .iter()
        .any(|request| **request != expected.request_id)
    {
        return Err(Reason::InResponseTo);
    }
    let is_ours = |audiences: &Vec<String>| audiences.contains(&expected.entity_id);
    if !shown.audiences.iter().all(is_ours) {
        return Err(Reason::Audience);
    }
    Ok(())
}

/// An instant at the end of a period is out of it: SAML core, 2.5.1.2.
fn timely(shown: &Shown, now: Timestamp) -> Result<(), Reason> {
    let soon = later(now, CLOCK_SKEW_MAX);
    let ended = |end: Timestamp| later(end, CLOCK_SKEW_MAX) <= now;
    if [shown.response_issued, shown.issued, shown.authentication.at]
        .iter()
        .any(|past| *past > soon)
    {
        return Err(Reason::FromTheFuture);
    }
    if [shown.response_issued, shown.issued]
        .iter()
        .any(|issued| ended(later(*issued, ASSERTION_LIFE_MAX)))
    {
        return Err(Reason::Stale);
    }
    if [shown.not_before, shown.confirmation.not_before]
        .into_iter()
        .flatten()
        .any(|start| start > soon)
    {
        return Err(Reason::NotYet);
    }
    if ended(shown.not_on_or_after) {
        return Err(Reason::Expired);
    }
    if ended(shown.confirmation.not_on_or_after) {
        return Err(Reason::ConfirmationExpired);
    }
    let longest = later(later(shown.issued, ASSERTION_LIFE_MAX), CLOCK_SKEW_MAX);
    if shown.not_on_or_after > longest || shown.confirmation.not_on_or_after > longest {
        return Err(Reason::TooLongLived);
    }
    match shown.authentication.session_ends_at {
        Some(end) if end <= now => Err(Reason::SessionOver),
        _ => Ok(()),
    }
}

/// Until when the assertion could be brought again: it is remembered until then.
pub(crate) fn usable_until(shown: &Shown) -> Timestamp {
    later(
        shown
            .not_on_or_after
            .max(shown.confirmation.not_on_or_after),
        CLOCK_SKEW_MAX,
    )
}

fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.saturating_add(by).unwrap_or(Timestamp::MAX)
}
