//! A response and its assertion, as values: every field is open to whoever signs.

use std::fmt;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use crate::IdpError;

/// The status of an answer that says who somebody is.
pub(crate) const STATUS_SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

/// What the signature covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The assertion, as the GAR does.
    Assertion,
    /// The whole response, and not the assertion by itself.
    Response,
    /// The assertion, then the response.
    Both,
}

/// Who the assertion is about.
#[derive(Clone, PartialEq, Eq)]
pub struct Subject {
    /// `NameID`, transient: another at each answer.
    pub name_id: String,
    /// Attributes by plain `Name`, each with its values, in order.
    pub attributes: Vec<(String, Vec<String>)>,
}

/// `samlp:Response`, with one assertion.
#[derive(Clone, PartialEq, Eq, Template)]
#[template(path = "response.xml")]
pub struct Response {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`.
    pub issued_at: Timestamp,
    /// `Destination`: where the browser posts it.
    pub destination: String,
    /// `InResponseTo`.
    pub in_response_to: Option<String>,
    /// `Issuer`.
    pub issuer: String,
    /// `StatusCode`.
    pub status: String,
    /// The assertion.
    pub assertion: Assertion,
}

/// `saml:Assertion`, of a bearer.
#[derive(Clone, PartialEq, Eq)]
pub struct Assertion {
    /// `ID`.
    pub id: String,
    /// `IssueInstant`.
    pub issued_at: Timestamp,
    /// `Issuer`.
    pub issuer: String,
    /// `Subject` and `AttributeStatement`.
    pub subject: Subject,
    /// `SubjectConfirmationData/@InResponseTo`.
    pub in_response_to: Option<String>,
    /// `SubjectConfirmationData/@Recipient`.
    pub recipient: Option<String>,
    /// `SubjectConfirmationData/@NotOnOrAfter`.
    pub confirmed_until: Option<Timestamp>,
    /// `Conditions/@NotBefore`.
    pub not_before: Option<Timestamp>,
    /// `Conditions/@NotOnOrAfter`.
    pub not_on_or_after: Option<Timestamp>,
    /// `AudienceRestriction/Audience`.
    pub audience: Option<String>,
    /// `AuthnInstant`; without it, no `AuthnStatement` at all.
    pub authenticated_at: Option<Timestamp>,
    /// `SessionIndex`.
    pub session_index: String,
    /// `SessionNotOnOrAfter`.
    pub session_until: Option<Timestamp>,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Subject(…)")
    }
}

impl fmt::Debug for Assertion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertion(…)")
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Response(…)")
    }
}

impl Response {
    /// The XML, before any signature.
    ///
    /// # Errors
    /// When the template fails, which a value cannot cause.
    pub(crate) fn to_xml(&self) -> Result<String, IdpError> {
        Ok(self.render()?)
    }
}

/// A message as the form of HTTP-POST carries it.
pub fn encoded(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// `xs:dateTime` in universal time, to the second.
fn instant(at: &Timestamp) -> impl fmt::Display {
    at.strftime("%Y-%m-%dT%H:%M:%SZ")
}
