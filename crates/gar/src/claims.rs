//! What an answer claims against what was asked, and against the clock. Nothing here trusts the library, which checks
//! most of it too.

use jiff::{SignedDuration, Timestamp};

use pix_orga_domain::pupil::sign_in::BEGUN_SIGN_IN_MAX;

use crate::gate::Shown;
use crate::reason::Reason;

/// The difference of clocks that is accepted, on both sides.
pub const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_secs(60);
/// An assertion is brought within this time of its issue, however long it says that it lives: from thirty seconds to
/// twenty hours, as providers come. It answers a request, which holds for less.
pub const ASSERTION_AGE_MAX: SignedDuration = SignedDuration::from_hours(1);
/// An assertion that served is remembered until its end, this long at most.
pub const REMEMBERED_MAX: SignedDuration = SignedDuration::from_hours(24);

// What is forgotten is too old to serve again: an assertion that is new by a clock that is late, and old by one that is
// early. And no request outlives the age of its answer.
const _: () =
    assert!(ASSERTION_AGE_MAX.as_secs() + 2 * CLOCK_SKEW_MAX.as_secs() < REMEMBERED_MAX.as_secs());
const _: () = assert!(BEGUN_SIGN_IN_MAX.as_secs() < ASSERTION_AGE_MAX.as_secs());

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

/// Compares all that does not depend on the time.
///
/// # Errors
/// The same.
pub(crate) fn addressed(shown: &Shown, issuer: &str, expected: &Expected) -> Result<(), Reason> {
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
        .any(|issued| ended(later(*issued, ASSERTION_AGE_MAX)))
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
    match shown.authentication.session_ends_at {
        Some(end) if end <= now => Err(Reason::SessionOver),
        _ => Ok(()),
    }
}

/// Until when the assertion says that it serves, the difference of clocks included.
pub(crate) fn ends_at(shown: &Shown) -> Timestamp {
    let end = shown.not_on_or_after;
    later(end.max(shown.confirmation.not_on_or_after), CLOCK_SKEW_MAX)
}

/// Until when an assertion that serves now is remembered: longer than it could serve again, whatever end it gives.
pub(crate) fn remembered_until(shown: &Shown, now: Timestamp) -> Timestamp {
    ends_at(shown).min(later(now, REMEMBERED_MAX))
}

fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.saturating_add(by).unwrap_or(Timestamp::MAX)
}
