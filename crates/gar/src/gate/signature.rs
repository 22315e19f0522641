//! The shape of the signatures: what is signed, and how. Whether they hold is for the library to say.

use roxmltree::Node;

use super::{DSIG, EXCLUSIVE, named, only};
use crate::reason::Reason;

/// XML Signature, 6.6.4.
const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
/// RSA with SHA-256, SHA-384 and SHA-512: RFC 9231, 2.3.2 to 2.3.4.
const SIGNATURES: [&str; 3] = [
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
/// SHA-256, SHA-384 and SHA-512: XML Encryption, 5.7.2 and 5.7.3; RFC 9231, 2.1.3.
const DIGESTS: [&str; 3] = [
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2001/04/xmldsig-more#sha384",
    "http://www.w3.org/2001/04/xmlenc#sha512",
];

/// The assertion has one signature; the response may have one too. Each signs the element it is in, and nothing else.
pub fn check(response: Node<'_, '_>, assertion: Node<'_, '_>) -> Result<(), Reason> {
    signature_of(response)?;
    signature_of(assertion)?.ok_or(Reason::Unsigned)?;
    Ok(())
}

/// The signature of an element, if it has one, which has then the right shape.
fn signature_of<'a, 'input>(parent: Node<'a, 'input>) -> Result<Option<Node<'a, 'input>>, Reason> {
    let mut found = named(parent, DSIG, "Signature");
    let first = found.next();
    if found.next().is_some() {
        return Err(Reason::SeveralSignatures);
    }
    if let Some(signature) = first {
        shape(signature, parent)?;
    }
    Ok(first)
}

fn shape(signature: Node<'_, '_>, signed: Node<'_, '_>) -> Result<(), Reason> {
    let info = only(signature, DSIG, "SignedInfo", Reason::SignatureShape)?;
    only(signature, DSIG, "SignatureValue", Reason::SignatureShape)?;
    if named(signature, DSIG, "KeyInfo").count() > 1 {
        return Err(Reason::SignatureShape);
    }
    let method = only(
        info,
        DSIG,
        "CanonicalizationMethod",
        Reason::Canonicalization,
    )?;
    one_of(method, &[EXCLUSIVE], Reason::Canonicalization)?;
    let method = only(info, DSIG, "SignatureMethod", Reason::SignatureAlgorithm)?;
    one_of(method, &SIGNATURES, Reason::SignatureAlgorithm)?;
    let reference = only(info, DSIG, "Reference", Reason::NotOneReference)?;
    refers_to(reference, signed)?;
    transforms(reference)?;
    only(reference, DSIG, "DigestValue", Reason::SignatureShape)?;
    let method = only(reference, DSIG, "DigestMethod", Reason::DigestAlgorithm)?;
    one_of(method, &DIGESTS, Reason::DigestAlgorithm)
}

fn one_of(method: Node<'_, '_>, allowed: &[&str], otherwise: Reason) -> Result<(), Reason> {
    match method.attribute("Algorithm") {
        Some(algorithm) if allowed.contains(&algorithm) => Ok(()),
        _ => Err(otherwise),
    }
}

fn refers_to(reference: Node<'_, '_>, signed: Node<'_, '_>) -> Result<(), Reason> {
    let id = signed.attribute("ID").unwrap_or_default();
    let target = reference
        .attribute("URI")
        .and_then(|uri| uri.strip_prefix('#'));
    match target {
        Some(target) if !target.is_empty() && target == id => Ok(()),
        _ => Err(Reason::ReferenceElsewhere),
    }
}

fn transforms(reference: Node<'_, '_>) -> Result<(), Reason> {
    let list = only(reference, DSIG, "Transforms", Reason::Transforms)?;
    let algorithms: Vec<_> = named(list, DSIG, "Transform")
        .map(|transform| transform.attribute("Algorithm").unwrap_or_default())
        .collect();
    if algorithms == [ENVELOPED, EXCLUSIVE] {
        Ok(())
    } else {
        Err(Reason::Transforms)
    }
}
