//! The verification of an answer, whole and pure: no store, no clock, no key of ours.

use std::fmt;

use jiff::Timestamp;
use pix_orga_domain::pupil::Ido;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
use saml_rs::{ReplayKey, SsoSession, VerifiedXmlSignatureCoverage};

use crate::claims;
use crate::gate::{self, Attribute, Passed, Shown, instant};
use crate::library::{self, LibraryReading};
use crate::metadata::IdentityProvider;
use crate::reason::Reason;

pub use crate::claims::Expected;

/// An identity that the provider signed, for us, now, in answer to our request. Nothing of it shows in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedAssertion {
    /// Who.
    pub identity: FederatedIdentity,
    /// The assertion's identifier: it is used once.
    pub assertion_id: String,
    /// Until when it must be remembered that the assertion served.
    pub until: Timestamp,
}

impl fmt::Debug for SignedAssertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedAssertion")
            .field("until", &self.until)
            .finish_non_exhaustive()
    }
}

/// Verifies an answer as a browser posts it: `SAMLResponse`, in base64.
///
/// # Errors
/// The cause, for the log.
pub fn verify(
    provider: &IdentityProvider,
    response_base64: &str,
    expected: &Expected,
    now: Timestamp,
) -> Result<SignedAssertion, Reason> {
    let passed = gate::pass(response_base64)?;
    verify_passed(provider, &passed, expected, now)
}

/// Verifies an answer that went through the gate: the claims, the signature, then whether the two readings agree.
///
/// # Errors
/// The cause, for the log.
pub(crate) fn verify_passed(
    provider: &IdentityProvider,
    passed: &Passed,
    expected: &Expected,
    now: Timestamp,
) -> Result<SignedAssertion, Reason> {
    let metadata = trusted(provider, passed, now)?;
    claims::check(passed.shown(), provider.entity_id(), expected, now)?;
    let reading = library::read(&metadata, passed.xml(), expected, now)?;
    conclude(passed, &reading, now)
}

/// Of whom an answer speaks that the provider signed for us, however long ago; the request expected is the one that it
/// names. This opens nothing: the answer may have served, or come from another browser.
///
/// # Errors
/// The cause: everything is verified but the time and the request.
pub(crate) fn recognise(
    provider: &IdentityProvider,
    passed: &Passed,
    expected: &Expected,
    now: Timestamp,
) -> Result<Ido, Reason> {
    let metadata = trusted(provider, passed, now)?;
    let shown = passed.shown();
    claims::addressed(shown, provider.entity_id(), expected)?;
    let reading = library::read(&metadata, passed.xml(), expected, shown.issued)?;
    let signed = conclude(passed, &reading, now)?;
    Ok(signed.identity.ido)
}

/// The provider's metadata as the library takes them: those whose keys are believed now.
fn trusted(provider: &IdentityProvider, passed: &Passed, now: Timestamp) -> Result<String, Reason> {
    if !provider.holds_at(now) {
        return Err(Reason::MetadataOver);
    }
    provider
        .xml_in_memory_at(now, &passed.shown().certificates)
        .ok_or(Reason::NoValidCertificate)
}

/// What both readings give, once the library's is about the assertion and says the same as the gate's.
fn conclude(
    passed: &Passed,
    reading: &LibraryReading,
    now: Timestamp,
) -> Result<SignedAssertion, Reason> {
    let shown = passed.shown();
    covered(&reading.session)?;
    if !agree(shown, reading) || !remembers(shown, reading) {
        return Err(Reason::ReadingsDiffer);
    }
    Ok(SignedAssertion {
        identity: passed.identity().clone(),
        assertion_id: shown.assertion_id.clone(),
        until: claims::remembered_until(shown, now),
    })
}

/// One verified signature is about the assertion that was consumed, itself. The library asks for it too.
fn covered(session: &SsoSession) -> Result<(), Reason> {
    let direct =
        session
            .verified_xml_signatures()
            .iter()
            .any(|signature| match signature.coverage() {
                VerifiedXmlSignatureCoverage::ConsumedAssertion
                | VerifiedXmlSignatureCoverage::ResponseRootAndConsumedAssertion => true,
                VerifiedXmlSignatureCoverage::ResponseRoot => false,
            });
    if direct {
        Ok(())
    } else {
        Err(Reason::NotCovered)
    }
}

/// Whether the library read what the gate read.
fn agree(shown: &Shown, reading: &LibraryReading) -> bool {
    let session = &reading.session;
    let audiences: Vec<&str> = session
        .audience()
        .iter()
        .map(saml_rs::EntityId::as_str)
        .collect();
    let shown_audiences: Vec<&str> = shown
        .audiences
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    session.response_id().as_str() == shown.response_id
        && same_instant(
            Some(session.response_issue_instant()),
            Some(shown.response_issued),
        )
        && session.assertion_id().as_str() == shown.assertion_id
        && same_instant(Some(session.assertion_issue_instant()), Some(shown.issued))
        && session.issuer().as_str() == shown.issuer
        && session.in_response_to().map(saml_rs::MessageId::as_str) == Some(&*shown.in_response_to)
        && same_instant(session.not_before(), shown.not_before)
        && same_instant(session.not_on_or_after(), Some(shown.not_on_or_after))
        && audiences == shown_audiences
        && same_authentication(shown, session)
        && same_attributes(shown, reading)
}

fn same_authentication(shown: &Shown, session: &SsoSession) -> bool {
    let [read] = session.authn_sessions() else {
        return false;
    };
    let ours = &shown.authentication;
    read.session_index().map(saml_rs::SessionIndex::as_str) == ours.session_index.as_deref()
        && same_instant(read.authn_instant(), Some(ours.at))
        && same_instant(read.not_on_or_after(), ours.session_ends_at)
}

/// The library's reader finds the same elements, in the same order, each with the same values in the same order; and its
/// session has what the library makes of them.
fn same_attributes(shown: &Shown, reading: &LibraryReading) -> bool {
    let in_session = reading.session.attributes().as_slice();
    let in_session = in_session.iter().map(|one| Attribute {
        name: one.name().to_owned(),
        values: one
            .values()
            .iter()
            .map(|one| one.as_str().to_owned())
            .collect(),
    });
    shown.attributes == reading.attributes
        && library::merged(&shown.attributes)
            .into_iter()
            .eq(in_session)
}

fn same_instant(read: Option<&saml_rs::SamlInstant>, ours: Option<Timestamp>) -> bool {
    match (read, ours) {
        (None, None) => true,
        (Some(read), Some(ours)) => instant::read(read.as_str()) == Ok(ours),
        _ => false,
    }
}

/// Whether the library would remember this assertion alone, and not past the end that the gate read.
fn remembers(shown: &Shown, reading: &LibraryReading) -> bool {
    let until = library::system_time(claims::ends_at(shown));
    let mut assertions = reading
        .remembered
        .iter()
        .filter_map(|(key, expires)| match key {
            ReplayKey::AssertionId(id) => Some((id.as_str(), *expires)),
            _ => None,
        });
    match (assertions.next(), assertions.next()) {
        (Some((id, expires)), None) => id == shown.assertion_id && expires <= until,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
