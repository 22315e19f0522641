//! The place of each element: what may stand in a response, and under what. Whatever is not written here is refused, so
//! that no assertion, signature or value can hide where another reader would look.

use std::collections::HashSet;

use roxmltree::Node;

use super::{ASSERTION, DSIG, EXCLUSIVE, PROTOCOL};
use crate::reason::Reason;

/// Of `xml:id` and `xml:lang`.
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// The attributes that identify an element, for one reader or another.
const ID_NAMES: [&str; 4] = ["ID", "Id", "id", "AssertionID"];

/// Elements, and the elements they may be in: SAML core 2.5 and 2.7, 3.2 and 3.4; XML Signature 4.
const PLACES: &[(&str, &str, &[&str])] = &[
    (PROTOCOL, "Status", &["Response"]),
    (PROTOCOL, "StatusCode", &["Status", "StatusCode"]),
    (PROTOCOL, "StatusMessage", &["Status"]),
    (PROTOCOL, "StatusDetail", &["Status"]),
    (ASSERTION, "Issuer", &["Response", "Assertion"]),
    (ASSERTION, "Assertion", &["Response"]),
    (ASSERTION, "Subject", &["Assertion"]),
    (ASSERTION, "NameID", &["Subject", "SubjectConfirmation"]),
    (ASSERTION, "SubjectConfirmation", &["Subject"]),
    (
        ASSERTION,
        "SubjectConfirmationData",
        &["SubjectConfirmation"],
    ),
    (ASSERTION, "Conditions", &["Assertion"]),
    (ASSERTION, "AudienceRestriction", &["Conditions"]),
    (ASSERTION, "Audience", &["AudienceRestriction"]),
    (ASSERTION, "OneTimeUse", &["Conditions"]),
    (ASSERTION, "ProxyRestriction", &["Conditions"]),
    (ASSERTION, "AuthnStatement", &["Assertion"]),
    (ASSERTION, "SubjectLocality", &["AuthnStatement"]),
    (ASSERTION, "AuthnContext", &["AuthnStatement"]),
    (ASSERTION, "AuthnContextClassRef", &["AuthnContext"]),
    (ASSERTION, "AuthnContextDeclRef", &["AuthnContext"]),
    (ASSERTION, "AuthenticatingAuthority", &["AuthnContext"]),
    (ASSERTION, "AttributeStatement", &["Assertion"]),
    (ASSERTION, "Attribute", &["AttributeStatement"]),
    (ASSERTION, "AttributeValue", &["Attribute"]),
    (DSIG, "Signature", &["Response", "Assertion"]),
    (DSIG, "SignedInfo", &["Signature"]),
    (DSIG, "CanonicalizationMethod", &["SignedInfo"]),
    (DSIG, "SignatureMethod", &["SignedInfo"]),
    (DSIG, "Reference", &["SignedInfo"]),
    (DSIG, "Transforms", &["Reference"]),
    (DSIG, "Transform", &["Transforms"]),
    (DSIG, "DigestMethod", &["Reference"]),
    (DSIG, "DigestValue", &["Reference"]),
    (DSIG, "SignatureValue", &["Signature"]),
    (DSIG, "KeyInfo", &["Signature"]),
    (DSIG, "KeyName", &["KeyInfo"]),
    (DSIG, "KeyValue", &["KeyInfo"]),
    (DSIG, "RSAKeyValue", &["KeyValue"]),
    (DSIG, "Modulus", &["RSAKeyValue"]),
    (DSIG, "Exponent", &["RSAKeyValue"]),
    (DSIG, "X509Data", &["KeyInfo"]),
    (DSIG, "X509Certificate", &["X509Data"]),
    (DSIG, "X509SubjectName", &["X509Data"]),
    (DSIG, "X509SKI", &["X509Data"]),
    (DSIG, "X509IssuerSerial", &["X509Data"]),
    (DSIG, "X509IssuerName", &["X509IssuerSerial"]),
    (DSIG, "X509SerialNumber", &["X509IssuerSerial"]),
    (
        EXCLUSIVE,
        "InclusiveNamespaces",
        &["Transform", "CanonicalizationMethod"],
    ),
];

/// Whose elements are nowhere but in their place.
const KNOWN_NAMESPACES: [&str; 5] = [
    PROTOCOL,
    ASSERTION,
    DSIG,
    EXCLUSIVE,
    "http://www.w3.org/2001/04/xmlenc#",
];

/// Elements with a meaning of their own for readers of SAML or of signatures, and no place in a response.
const ROOTS: [&str; 4] = ["Response", "Object", "Extensions", "Advice"];

/// The attributes that we or the library read, by their local name: none may come from another namespace.
const READ_ATTRIBUTES: &[&str] = &[
    "Algorithm",
    "AuthnInstant",
    "Destination",
    "Format",
    "InResponseTo",
    "IssueInstant",
    "Method",
    "Name",
    "NotBefore",
    "NotOnOrAfter",
    "Recipient",
    "SessionIndex",
    "SessionNotOnOrAfter",
    "URI",
    "Value",
    "Version",
];

/// The only assertion, child of the response.
pub fn one_assertion<'a, 'input>(response: Node<'a, 'input>) -> Result<Node<'a, 'input>, Reason> {
    let local =
        |node: &Node<'_, '_>, name: &str| node.is_element() && node.tag_name().name() == name;
    let encrypted = [
        "EncryptedAssertion",
        "EncryptedID",
        "EncryptedAttribute",
        "EncryptedData",
    ];
    if response
        .descendants()
        .any(|node| encrypted.iter().any(|name| local(&node, name)))
    {
        return Err(Reason::Encrypted);
    }
    let mut found = response
        .descendants()
        .filter(|node| local(node, "Assertion"));
    let assertion = found.next().ok_or(Reason::NoAssertion)?;
    if found.next().is_some() {
        return Err(Reason::SeveralAssertions);
    }
    if assertion.parent() != Some(response) || !assertion.has_tag_name((ASSERTION, "Assertion")) {
        return Err(Reason::NoAssertion);
    }
    Ok(assertion)
}

/// Each element is one that is expected under its parent, and its attributes pass for no other.
pub fn check(response: Node<'_, '_>) -> Result<(), Reason> {
    for element in response.descendants().filter(Node::is_element) {
        foreign_attributes(element)?;
        if element == response {
            continue;
        }
        if is_detail(element) {
            continue;
        }
        let parent = element
            .parent()
            .map_or("", |parent| parent.tag_name().name());
        let place = PLACES
            .iter()
            .find(|(namespace, name, _)| element.has_tag_name((*namespace, *name)));
        match place {
            Some((_, _, parents)) if parents.contains(&parent) => {}
            _ => return Err(refusal(element, parent)),
        }
    }
    Ok(())
}

/// Whether an element is what a provider says of its status, in words of its own (SAML core, 3.2.2.4): it stands in a
/// `StatusDetail`, and passes for nothing that any reader looks for, whatever reader of namespaces it is.
fn is_detail(element: Node<'_, '_>) -> bool {
    let is_status_detail = |node: Node<'_, '_>| node.has_tag_name((PROTOCOL, "StatusDetail"));
    let name = element.tag_name();
    element.ancestors().skip(1).any(is_status_detail)
        && !name
            .namespace()
            .is_some_and(|uri| KNOWN_NAMESPACES.contains(&uri))
        && !PLACES.iter().any(|(_, known, _)| *known == name.name())
        && !ROOTS.contains(&name.name())
        && !element
            .attributes()
            .any(|one| ID_NAMES.contains(&one.name()))
}

/// A name for what is most often tried.
fn refusal(element: Node<'_, '_>, parent: &str) -> Reason {
    match element.tag_name().name() {
        "Object" => Reason::SignatureObject,
        _ if parent == "AttributeValue" => Reason::AttributeMarkup,
        _ => Reason::UnexpectedElement,
    }
}

fn foreign_attributes(element: Node<'_, '_>) -> Result<(), Reason> {
    for attribute in element.attributes().filter(|one| one.namespace().is_some()) {
        let is_xml_id = attribute.namespace() == Some(XML) && attribute.name() == "id";
        let passes =
            READ_ATTRIBUTES.contains(&attribute.name()) || ID_NAMES.contains(&attribute.name());
        if passes && !is_xml_id {
            return Err(Reason::ForeignAttribute);
        }
    }
    Ok(())
}

/// No identifier is there twice, whichever attribute says it.
pub fn unique_ids(response: Node<'_, '_>) -> Result<(), Reason> {
    let mut seen = HashSet::new();
    let attributes = response
        .descendants()
        .flat_map(|element| element.attributes());
    for attribute in attributes.filter(|one| ID_NAMES.contains(&one.name())) {
        if !seen.insert(attribute.value()) {
            return Err(Reason::DuplicateId);
        }
    }
    Ok(())
}
