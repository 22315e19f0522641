//! The identity provider, as its metadata file says it. The file is pinned: an operator reviewed it, and nothing but
//! an operator's command changes it; so no signature and no chain is looked at here. Past its `validUntil` it serves no
//! more (SAML metadata, 2.3.2). A `cacheDuration` is for who fetches by itself, and is not read.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use roxmltree::{Document, Node, ParsingOptions};
use saml_rs::constants::{Binding, namespace};
use saml_rs::metadata::{Endpoint, IdpMetadataConfig, generate_idp_metadata};
use url::{Host, Url};

use crate::certificate::{Certificate, CertificateRefusal};

/// Bytes of a metadata file: the GAR's has about ten thousand.
pub const METADATA_BYTES_MAX: usize = 256 * 1024;
/// Elements inside one another, the root being the first.
pub const METADATA_DEPTH_MAX: usize = 32;
/// Nodes of the tree: elements, texts, comments and instructions.
const METADATA_NODES_MAX: u32 = 20_000;
/// Signing keys: two during a rotation, some room beside.
pub const SIGNING_KEYS_MAX: usize = 8;
/// Bits of the provider's keys: less can be forged.
const PROVIDER_KEY_BITS_MIN: usize = 2048;
/// Characters of an entityID: SAML core, 8.3.6.
const ENTITY_ID_CHARS_MAX: usize = 1024;

/// The identity provider that pupils come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityProvider {
    entity_id: String,
    sso_redirect_url: Url,
    signing_certificates: Vec<Certificate>,
    valid_until: Option<Timestamp>,
}

/// Why a metadata file is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MetadataRefusal {
    /// More than [`METADATA_BYTES_MAX`] bytes.
    #[error("longer than {METADATA_BYTES_MAX} bytes")]
    TooLong,
    /// More than [`METADATA_DEPTH_MAX`] elements inside one another, or too many nodes.
    #[error("too many elements, or too deep")]
    TooDeep,
    /// It declares a document type: entities have no place here.
    #[error("a DTD")]
    Dtd,
    /// Not well-formed XML.
    #[error("not well-formed, at line {line}")]
    Malformed {
        /// From 1.
        line: u32,
    },
    /// The root is not one `EntityDescriptor` of SAML 2.0.
    #[error("the root is not an EntityDescriptor")]
    NotAnEntity,
    /// No `entityID`, or an endless one.
    #[error("no entityID")]
    NoEntityId,
    /// Not exactly one `IDPSSODescriptor` that speaks SAML 2.0.
    #[error("{found} identity providers for SAML 2.0 instead of one")]
    NotOneProvider {
        /// How many there are.
        found: usize,
    },
    /// Not exactly one address that takes requests by HTTP-Redirect.
    #[error("{found} addresses for HTTP-Redirect instead of one")]
    NotOneAddress {
        /// How many there are.
        found: usize,
    },
    /// That address is not https, nor http on this machine.
    #[error("the address for HTTP-Redirect is not https")]
    UnsafeAddress,
    /// No key verifies signatures: anybody could sign in as anybody.
    #[error("no signing key")]
    NoSigningKey,
    /// More than [`SIGNING_KEYS_MAX`].
    #[error("more than {SIGNING_KEYS_MAX} signing keys")]
    TooManyKeys,
    /// A `KeyDescriptor` for an unknown `use`, or without certificate.
    #[error("a key without certificate, or of unknown use")]
    UnusableKey,
    /// A `validUntil` that is no instant: nobody can tell when the file stops serving.
    #[error("validUntil is no instant")]
    ValidUntil,
    /// A signing certificate that cannot be used.
    #[error("a signing certificate: {0}")]
    Certificate(#[from] CertificateRefusal),
}

impl IdentityProvider {
    /// Reads a metadata file.
    ///
    /// # Errors
    /// The first thing that is wrong, limits first.
    pub fn parse(xml: &str) -> Result<Self, MetadataRefusal> {
        if xml.len() > METADATA_BYTES_MAX {
            return Err(MetadataRefusal::TooLong);
        }
        let tree = tree(xml)?;
        let entity = tree.root_element();
        if !is(entity, namespace::METADATA, "EntityDescriptor") {
            return Err(MetadataRefusal::NotAnEntity);
        }
        let entity_id = entity.attribute("entityID").unwrap_or_default();
        if entity_id.trim().is_empty() || entity_id.chars().count() > ENTITY_ID_CHARS_MAX {
            return Err(MetadataRefusal::NoEntityId);
        }
        let provider = provider(entity)?;
        Ok(Self {
            entity_id: entity_id.to_owned(),
            sso_redirect_url: sso_redirect_url(provider)?,
            signing_certificates: signing_certificates(provider)?,
            valid_until: valid_until([entity, provider])?,
        })
    }

    /// Its name: what `Issuer` must say.
    pub fn entity_id(&self) -> &str {
        &self.entity_id
    }

    /// Where requests go, by HTTP-Redirect: https, or http on this machine.
    pub fn sso_redirect_url(&self) -> &Url {
        &self.sso_redirect_url
    }

    /// Its signing certificates, in the file's order: one at least.
    pub fn signing_certificates(&self) -> &[Certificate] {
        &self.signing_certificates
    }

    /// Until when the file serves: the earlier `validUntil` of the entity and of its role, where there is one.
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }

    /// Whether the file still serves at an instant, its end included.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.valid_until.is_none_or(|end| now <= end)
    }

    /// Those that are valid at an instant: none once all have ended.
    fn signing_certificates_at(&self, now: Timestamp) -> impl Iterator<Item = &Certificate> {
        let valid = move |certificate: &&Certificate| certificate.valid_at(now);
        self.signing_certificates.iter().filter(valid)
    }

    /// What the library is given in the place of the file: what was read here and nothing else, every signing
    /// certificate included. `WantAuthnRequestsSigned` is true whatever the file says: the library refuses to sign
    /// otherwise.
    pub(crate) fn xml_in_memory(&self) -> String {
        self.xml_with(self.signing_certificates.iter())
    }

    /// [`Self::xml_in_memory`] with the certificates of [`Self::signing_certificates_at`] alone: a key whose
    /// certificate has ended signs nothing more. `None` once all have ended.
    ///
    /// The library refuses a signature that names any other certificate than these. So those that an answer names, in
    /// base64, are added where their key is the very key of one of these: a certificate was renewed over the same key, and
    /// what is believed is the key.
    pub(crate) fn xml_in_memory_at(&self, now: Timestamp, named: &[String]) -> Option<String> {
        let pinned: Vec<&Certificate> = self.signing_certificates_at(now).collect();
        if pinned.is_empty() {
            return None;
        }
        let read = |text: &String| Certificate::from_base64(text, PROVIDER_KEY_BITS_MIN).ok();
        let renewed: Vec<Certificate> = named
            .iter()
            .take(SIGNING_KEYS_MAX)
            .filter_map(read)
            .filter(|other| !pinned.contains(&other))
            .filter(|other| {
                pinned
                    .iter()
                    .any(|one| one.public_key() == other.public_key())
            })
            .collect();
        Some(self.xml_with(pinned.into_iter().chain(&renewed)))
    }

    fn xml_with<'a>(&self, certificates: impl Iterator<Item = &'a Certificate>) -> String {
        let address = Endpoint::new(Binding::Redirect, self.sso_redirect_url.as_str());
        generate_idp_metadata(&IdpMetadataConfig {
            entity_id: self.entity_id.clone(),
            signing_certs: certificates.map(Certificate::base64).collect(),
            want_authn_requests_signed: true,
            single_sign_on_service: vec![address],
            ..IdpMetadataConfig::default()
        })
    }
}

/// Whether an address may carry what signs somebody in: https, or http on this machine.
pub(crate) fn is_safe(url: &Url) -> bool {
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

fn tree(xml: &str) -> Result<Document<'_>, MetadataRefusal> {
    let options = ParsingOptions {
        nodes_limit: METADATA_NODES_MAX,
        ..ParsingOptions::default()
    };
    let tree = Document::parse_with_options(xml, options).map_err(|error| match error {
        roxmltree::Error::DtdDetected => MetadataRefusal::Dtd,
        roxmltree::Error::NodesLimitReached => MetadataRefusal::TooDeep,
        other => MetadataRefusal::Malformed {
            line: other.pos().row,
        },
    })?;
    if too_deep(&tree) {
        return Err(MetadataRefusal::TooDeep);
    }
    Ok(tree)
}

/// Whether an element has more than [`METADATA_DEPTH_MAX`] elements above it, itself included.
fn too_deep(tree: &Document<'_>) -> bool {
    let above = |node: &Node<'_, '_>| {
        let elements = node.ancestors().filter(Node::is_element);
        elements.take(METADATA_DEPTH_MAX + 1).count()
    };
    tree.descendants()
        .any(|node| above(&node) > METADATA_DEPTH_MAX)
}

fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.has_tag_name((namespace, name))
}

fn named<'a, 'input: 'a>(
    parent: Node<'a, 'input>,
    namespace: &'static str,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    parent
        .children()
        .filter(move |child| is(*child, namespace, name))
}

fn provider<'a, 'input>(entity: Node<'a, 'input>) -> Result<Node<'a, 'input>, MetadataRefusal> {
    let speaks_saml_2 = |node: &Node<'_, '_>| {
        node.attribute("protocolSupportEnumeration")
            .unwrap_or_default()
            .split_ascii_whitespace()
            .any(|protocol| protocol == namespace::PROTOCOL)
    };
    let found: Vec<Node<'_, '_>> = named(entity, namespace::METADATA, "IDPSSODescriptor")
        .filter(speaks_saml_2)
        .collect();
    match found[..] {
        [one] => Ok(one),
        _ => Err(MetadataRefusal::NotOneProvider { found: found.len() }),
    }
}

fn sso_redirect_url(provider: Node<'_, '_>) -> Result<Url, MetadataRefusal> {
    let found: Vec<&str> = named(provider, namespace::METADATA, "SingleSignOnService")
        .filter(|service| service.attribute("Binding") == Some(Binding::Redirect.urn()))
        .filter_map(|service| service.attribute("Location"))
        .collect();
    let [location] = found[..] else {
        return Err(MetadataRefusal::NotOneAddress { found: found.len() });
    };
    let url = Url::parse(location).map_err(|_| MetadataRefusal::UnsafeAddress)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if plain && is_safe(&url) {
        Ok(url)
    } else {
        Err(MetadataRefusal::UnsafeAddress)
    }
}

fn valid_until(nodes: [Node<'_, '_>; 2]) -> Result<Option<Timestamp>, MetadataRefusal> {
    let texts = nodes.iter().filter_map(|node| node.attribute("validUntil"));
    let ends: Result<Vec<_>, _> = texts.map(instant).collect();
    Ok(ends?.into_iter().min())
}

/// An `xs:dateTime`: in universal time unless it says another (SAML core, 1.3.3). « No end » is written 9999-12-31,
/// which is past the last instant of `jiff`.
fn instant(text: &str) -> Result<Timestamp, MetadataRefusal> {
    let text = text.trim();
    let civil = |text: &str| {
        let read: DateTime = text.parse().ok()?;
        Some(TimeZone::UTC.to_timestamp(read).unwrap_or(Timestamp::MAX))
    };
    let written_in_universal_time = text.strip_suffix('Z').unwrap_or(text);
    text.parse()
        .ok()
        .or_else(|| civil(written_in_universal_time))
        .ok_or(MetadataRefusal::ValidUntil)
}

fn signing_certificates(provider: Node<'_, '_>) -> Result<Vec<Certificate>, MetadataRefusal> {
    let mut certificates: Vec<Certificate> = Vec::new();
    for key in named(provider, namespace::METADATA, "KeyDescriptor") {
        match key.attribute("use") {
            Some("encryption") => continue,
            None | Some("signing") => {}
            Some(_) => return Err(MetadataRefusal::UnusableKey),
        }
        let found = certificates.len();
        for text in certificate_texts(key) {
            let certificate = Certificate::from_base64(&text, PROVIDER_KEY_BITS_MIN)?;
            certificates.push(certificate);
            if certificates.len() > SIGNING_KEYS_MAX {
                return Err(MetadataRefusal::TooManyKeys);
            }
        }
        if certificates.len() == found {
            return Err(MetadataRefusal::UnusableKey);
        }
    }
    let mut seen: Vec<Certificate> = Vec::new();
    for certificate in certificates {
        if !seen.contains(&certificate) {
            seen.push(certificate);
        }
    }
    if seen.is_empty() {
        return Err(MetadataRefusal::NoSigningKey);
    }
    Ok(seen)
}

/// `KeyInfo/X509Data/X509Certificate`: its own texts, comments apart.
fn certificate_texts<'a>(key: Node<'a, '_>) -> impl Iterator<Item = String> + use<'a> {
    let own_text = |element: Node<'_, '_>| {
        element
            .children()
            .filter(Node::is_text)
            .filter_map(|text| text.text())
            .collect()
    };
    let mut texts: Vec<String> = Vec::new();
    for info in named(key, namespace::DSIG, "KeyInfo") {
        for data in named(info, namespace::DSIG, "X509Data") {
            texts.extend(named(data, namespace::DSIG, "X509Certificate").map(own_text));
        }
    }
    texts.into_iter()
}

#[cfg(test)]
mod tests;
