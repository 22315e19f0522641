//! What a response of the right shape says. Nothing here is compared with what was asked: `claims` does.

use jiff::Timestamp;
use roxmltree::Node;

use super::{ASSERTION, DSIG, PROTOCOL, instant, named, only};
use crate::reason::Reason;

/// SAML core, 3.2.2.2.
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// SAML profiles, 3.3.
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";

/// What a response shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// The response's identifier.
    pub response_id: String,
    /// The request that the response answers.
    pub in_response_to: String,
    /// To whom the response is addressed.
    pub destination: String,
    /// Who sends the response, when it says so.
    pub response_issuer: Option<String>,
    /// When the response was issued.
    pub response_issued: Timestamp,
    /// The assertion's identifier.
    pub assertion_id: String,
    /// Who asserts.
    pub issuer: String,
    /// When the assertion was issued.
    pub issued: Timestamp,
    /// What confirms that the bearer is the subject.
    pub confirmation: Confirmation,
    /// From when the assertion holds.
    pub not_before: Option<Timestamp>,
    /// Until when, excluded.
    pub not_on_or_after: Timestamp,
    /// Each restriction's audiences: the service must be in every one.
    pub audiences: Vec<Vec<String>>,
    /// How the person authenticated.
    pub authentication: Authentication,
    /// Each `Attribute`, in order: one name may come again, in this statement or in another.
    pub attributes: Vec<Attribute>,
    /// Each certificate that a signature names, in base64 as it stands. None is believed.
    pub certificates: Vec<String>,
}

impl Shown {
    /// The values of a name, in order, whichever elements hold them.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.attributes.iter().filter(move |one| one.name == name);
        named.flat_map(|one| one.values.iter().map(String::as_str))
    }
}

/// `SubjectConfirmationData` of a bearer.
#[derive(Clone, PartialEq, Eq)]
pub struct Confirmation {
    /// Where the bearer may come.
    pub recipient: String,
    /// The request it answers.
    pub in_response_to: String,
    /// From when.
    pub not_before: Option<Timestamp>,
    /// Until when, excluded.
    pub not_on_or_after: Timestamp,
}

/// `AuthnStatement`.
#[derive(Clone, PartialEq, Eq)]
pub struct Authentication {
    /// When.
    pub at: Timestamp,
    /// The provider's name for its session.
    pub session_index: Option<String>,
    /// When that session ends.
    pub session_ends_at: Option<Timestamp>,
}

/// One `Attribute`, and its values in order.
#[derive(Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its values, as given.
    pub values: Vec<String>,
}

/// The sign-in succeeded, says the provider.
pub fn status(response: Node<'_, '_>) -> Result<(), Reason> {
    let status = only(response, PROTOCOL, "Status", Reason::NoStatus)?;
    let code = only(status, PROTOCOL, "StatusCode", Reason::NoStatus)?;
    match code.attribute("Value") {
        Some(SUCCESS) => Ok(()),
        Some(_) => Err(Reason::StatusFailed),
        None => Err(Reason::NoStatus),
    }
}

/// Reads a response whose shape was checked.
pub fn read(response: Node<'_, '_>, assertion: Node<'_, '_>) -> Result<Shown, Reason> {
    let conditions = only(assertion, ASSERTION, "Conditions", Reason::NotOneElement)?;
    Ok(Shown {
        response_id: filled(response, "ID", Reason::NoId)?,
        in_response_to: filled(response, "InResponseTo", Reason::Unsolicited)?,
        destination: filled(response, "Destination", Reason::NoDestination)?,
        response_issuer: response_issuer(response)?,
        response_issued: instant_of(response, "IssueInstant", Reason::Instant)?,
        assertion_id: filled(assertion, "ID", Reason::NoId)?,
        issuer: text(only(assertion, ASSERTION, "Issuer", Reason::NotOneElement)?)?,
        issued: instant_of(assertion, "IssueInstant", Reason::Instant)?,
        confirmation: confirmation(assertion)?,
        not_before: optional_instant(conditions, "NotBefore")?,
        not_on_or_after: instant_of(conditions, "NotOnOrAfter", Reason::NoEnd)?,
        audiences: audiences(conditions)?,
        authentication: authentication(assertion)?,
        attributes: attributes(assertion)?,
        certificates: certificates(response),
    })
}

fn response_issuer(response: Node<'_, '_>) -> Result<Option<String>, Reason> {
    let mut found = named(response, ASSERTION, "Issuer");
    match (found.next(), found.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => text(one).map(Some),
        _ => Err(Reason::NotOneElement),
    }
}

fn confirmation(assertion: Node<'_, '_>) -> Result<Confirmation, Reason> {
    let subject = only(assertion, ASSERTION, "Subject", Reason::NotOneElement)?;
    let subject_name = text(only(subject, ASSERTION, "NameID", Reason::NotOneElement)?)?;
    let bearer = only(
        subject,
        ASSERTION,
        "SubjectConfirmation",
        Reason::SubjectConfirmation,
    )?;
    if bearer.attribute("Method") != Some(BEARER) {
        return Err(Reason::SubjectConfirmation);
    }
    // Who may come in the subject's name (SAML core, 2.4.1.1): the subject, and nobody for them.
    for bearer_name in named(bearer, ASSERTION, "NameID") {
        if text(bearer_name)?.trim() != subject_name.trim() {
            return Err(Reason::SubjectConfirmation);
        }
    }
    let data = only(
        bearer,
        ASSERTION,
        "SubjectConfirmationData",
        Reason::SubjectConfirmation,
    )?;
    Ok(Confirmation {
        recipient: filled(data, "Recipient", Reason::SubjectConfirmation)?,
        in_response_to: filled(data, "InResponseTo", Reason::SubjectConfirmation)?,
        not_before: optional_instant(data, "NotBefore")?,
        not_on_or_after: instant_of(data, "NotOnOrAfter", Reason::SubjectConfirmation)?,
    })
}

fn audiences(conditions: Node<'_, '_>) -> Result<Vec<Vec<String>>, Reason> {
    let restrictions: Vec<Vec<String>> = named(conditions, ASSERTION, "AudienceRestriction")
        .map(|restriction| {
            named(restriction, ASSERTION, "Audience")
                .map(text)
                .collect()
        })
        .collect::<Result<_, _>>()?;
    if restrictions.is_empty() || restrictions.iter().any(Vec::is_empty) {
        return Err(Reason::NoAudience);
    }
    Ok(restrictions)
}

fn authentication(assertion: Node<'_, '_>) -> Result<Authentication, Reason> {
    let statement = only(
        assertion,
        ASSERTION,
        "AuthnStatement",
        Reason::NotOneElement,
    )?;
    Ok(Authentication {
        at: instant_of(statement, "AuthnInstant", Reason::Instant)?,
        session_index: statement.attribute("SessionIndex").map(str::to_owned),
        session_ends_at: optional_instant(statement, "SessionNotOnOrAfter")?,
    })
}

fn attributes(assertion: Node<'_, '_>) -> Result<Vec<Attribute>, Reason> {
    let mut read: Vec<Attribute> = Vec::new();
    for statement in named(assertion, ASSERTION, "AttributeStatement") {
        for attribute in named(statement, ASSERTION, "Attribute") {
            let name = filled(attribute, "Name", Reason::AttributeName)?;
            let values = named(attribute, ASSERTION, "AttributeValue").map(value);
            let values = values.collect::<Result<_, _>>()?;
            read.push(Attribute { name, values });
        }
    }
    Ok(read)
}

fn certificates(response: Node<'_, '_>) -> Vec<String> {
    let named = |node: &Node<'_, '_>| node.has_tag_name((DSIG, "X509Certificate"));
    let texts = response.descendants().filter(named);
    texts.filter_map(|node| value(node).ok()).collect()
}

/// A value: one text, or none.
fn value(element: Node<'_, '_>) -> Result<String, Reason> {
    let mut children = element.children();
    match (children.next(), children.next()) {
        (None, _) => Ok(String::new()),
        (Some(child), None) if child.is_text() => Ok(child.text().unwrap_or_default().to_owned()),
        _ => Err(Reason::AttributeMarkup),
    }
}

/// An element that holds one text, which is not blank.
fn text(element: Node<'_, '_>) -> Result<String, Reason> {
    let read = value(element).map_err(|_| Reason::NotAText)?;
    if read.trim().is_empty() {
        Err(Reason::NotAText)
    } else {
        Ok(read)
    }
}

fn filled(element: Node<'_, '_>, name: &str, otherwise: Reason) -> Result<String, Reason> {
    let read = element
        .attribute(name)
        .filter(|text| !text.trim().is_empty());
    read.map(str::to_owned).ok_or(otherwise)
}

fn instant_of(element: Node<'_, '_>, name: &str, otherwise: Reason) -> Result<Timestamp, Reason> {
    optional_instant(element, name)?.ok_or(otherwise)
}

fn optional_instant(element: Node<'_, '_>, name: &str) -> Result<Option<Timestamp>, Reason> {
    element.attribute(name).map(instant::read).transpose()
}
