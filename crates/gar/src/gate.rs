//! The structural gate: what an honest response looks like, without cryptography. It accepts one shape, written
//! element by element, so that nothing is left for two readers to understand in two ways.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pix_orga_domain::pupil::sign_in::FederatedIdentity;
use roxmltree::{Document, Node, ParsingOptions};

use crate::identity;
use crate::reason::Reason;

pub(crate) mod instant;
mod places;
mod reading;
mod scan;
mod signature;

pub(crate) use reading::{Attribute, Shown};

/// Bytes of a response, decoded.
pub const RESPONSE_BYTES_MAX: usize = 256 * 1024;
/// Elements inside one another, the root being the first.
pub const RESPONSE_DEPTH_MAX: usize = 64;
/// Nodes of the tree: elements, texts and comments.
pub const RESPONSE_NODES_MAX: u32 = 10_000;

/// `samlp`: SAML core, 1.2.
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// `saml`: SAML core, 1.2.
pub(crate) const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// `ds`: XML Signature, 1.3.
pub(crate) const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// `ec`: Exclusive XML Canonicalization, 3 as a namespace; 4 as an algorithm, without comments.
const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";

/// A response that has the shape of an honest one. Nobody signed it yet.
#[derive(Clone, PartialEq, Eq)]
pub struct Passed {
    /// Its text.
    xml: String,
    /// What it shows.
    shown: Shown,
    /// Who it says the person is.
    identity: FederatedIdentity,
}

impl Passed {
    /// Its text, decoded: what the library is given.
    pub(crate) fn xml(&self) -> &str {
        &self.xml
    }

    /// What it shows, unverified.
    pub(crate) fn shown(&self) -> &Shown {
        &self.shown
    }

    /// Who it says the person is, unverified.
    pub(crate) fn identity(&self) -> &FederatedIdentity {
        &self.identity
    }

    /// The same text, said to show something else: a gate that read wrong.
    #[cfg(test)]
    pub(crate) fn misread(&self, change: impl FnOnce(&mut Shown)) -> Self {
        let mut other = self.clone();
        change(&mut other.shown);
        other
    }
}

impl std::fmt::Debug for Passed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passed(…)")
    }
}

/// Looks at a response as a browser posts it.
///
/// # Errors
/// The first thing that an honest response does not have; limits come first.
pub fn pass(response_base64: &str) -> Result<Passed, Reason> {
    let xml = decode(response_base64)?;
    let shown = look(&xml)?;
    let identity = identity::read(&shown)?;
    Ok(Passed {
        xml,
        shown,
        identity,
    })
}

/// Ends of lines alone are dropped: the binding encodes as RFC 2045 does, in lines (SAML bindings, 3.5.4).
fn decode(response_base64: &str) -> Result<String, Reason> {
    const ENCODED_MAX: usize = RESPONSE_BYTES_MAX.div_ceil(3) * 4;
    let letters = response_base64.bytes();
    let letters: Vec<u8> = letters
        .filter(|byte| !matches!(byte, b'\r' | b'\n'))
        .take(ENCODED_MAX + 1)
        .collect();
    if letters.len() > ENCODED_MAX {
        return Err(Reason::TooLong);
    }
    let bytes = STANDARD.decode(&letters).map_err(|_| Reason::NotBase64)?;
    if bytes.len() > RESPONSE_BYTES_MAX {
        return Err(Reason::TooLong);
    }
    let text = String::from_utf8(bytes).map_err(|_| Reason::NotUtf8)?;
    Ok(one_end_of_line(text))
}

/// Ends of lines as every reader of XML must pass them on: XML 1.0, 2.11. The library does not do it by itself. A carriage
/// return that is written `&#13;` is not one of them, and stays.
fn one_end_of_line(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

fn look(xml: &str) -> Result<Shown, Reason> {
    scan::look(xml, RESPONSE_DEPTH_MAX)?;
    let options = ParsingOptions {
        nodes_limit: RESPONSE_NODES_MAX,
        ..ParsingOptions::default()
    };
    let tree = Document::parse_with_options(xml, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => Reason::Dtd,
        roxmltree::Error::NodesLimitReached => Reason::TooManyNodes,
        _ => Reason::NotWellFormed,
    })?;
    let response = tree.root_element();
    if !response.has_tag_name((PROTOCOL, "Response")) {
        return Err(Reason::NotAResponse);
    }
    version(response)?;
    reading::status(response)?;
    let assertion = places::one_assertion(response)?;
    version(assertion)?;
    places::check(response)?;
    places::unique_ids(response)?;
    if assertion.descendants().any(|node| node.is_comment()) {
        return Err(Reason::Comment);
    }
    signature::check(response, assertion)?;
    reading::read(response, assertion)
}

fn version(element: Node<'_, '_>) -> Result<(), Reason> {
    match element.attribute("Version") {
        Some("2.0") => Ok(()),
        _ => Err(Reason::Version),
    }
}

/// The children of an element that have this name in this namespace.
fn named<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent
        .children()
        .filter(move |child| child.has_tag_name((namespace, name)))
}

/// The only child of that name.
fn only<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
    otherwise: Reason,
) -> Result<Node<'a, 'input>, Reason> {
    let mut found = named(parent, namespace, name);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        _ => Err(otherwise),
    }
}

#[cfg(test)]
mod tests;
