//! The library's own reading: it verifies the signature, and says what the signed assertion holds.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use saml_rs::util::Value;
use saml_rs::xml::{ExtractorField, extract_with_limits};
use saml_rs::{
    AcsEndpoint, BrowserInput, EntityId, FormField, IdpDescriptor, MessageId, MetadataTrustPolicy,
    PendingAuthnRequest, RelayStateParam, ReplayCache, ReplayKey, ReplayPolicy, Saml, SamlError,
    SamlValidationContext, Sp, SsoResponse, SsoResponseBinding, SsoSession,
};

use crate::claims::Expected;
use crate::gate::Attribute;
use crate::policy;
use crate::reason::Reason;

/// What the library verified, and what it says to remember so that nothing serves twice.
pub struct LibraryReading {
    /// The session it read.
    pub session: SsoSession,
    /// Each key, and until when.
    pub remembered: Vec<(ReplayKey, SystemTime)>,
    /// Each `Attribute` of the assertion, in order, by the library's reader.
    pub attributes: Vec<Attribute>,
}

/// Its cache is synchronous, and ours is a database: keys are collected, and written with the session.
#[derive(Default)]
struct Collected(Vec<(ReplayKey, SystemTime)>);

impl ReplayCache for Collected {
    fn check_and_store(&mut self, key: ReplayKey, expires_at: SystemTime) -> Result<(), SamlError> {
        self.0.push((key, expires_at));
        Ok(())
    }
}

/// Has the library verify and read a response, by the provider's metadata in memory.
///
/// # Errors
/// What [`reason`] makes of the library's errors.
pub fn read(
    metadata: &str,
    xml: &str,
    expected: &Expected,
    now: Timestamp,
) -> Result<LibraryReading, Reason> {
    policy::service(&expected.entity_id, &expected.acs_url, None)
        .and_then(|service| finish(&service, metadata, xml, expected, now))
        .map_err(|error| reason(&error))
}

/// [`read`] by a service provider whose policy is given.
///
/// # Errors
/// The library's.
pub fn finish(
    service: &Saml<Sp>,
    metadata: &str,
    xml: &str,
    expected: &Expected,
    now: Timestamp,
) -> Result<LibraryReading, SamlError> {
    let provider =
        IdpDescriptor::from_metadata_xml(metadata, MetadataTrustPolicy::UnsignedForCompatibility)?;
    let pending = PendingAuthnRequest::try_new(
        MessageId::try_new(expected.request_id.as_str())?,
        RelayStateParam::absent(),
        AcsEndpoint::post(expected.acs_url.as_str())?,
        SsoResponseBinding::Post,
        EntityId::try_new(provider.entity_id().as_str())?,
    )?;
    let field = FormField::new("SAMLResponse", STANDARD.encode(xml));
    let input = BrowserInput::<SsoResponse>::post(vec![field]);
    let mut collected = Collected::default();
    let context =
        SamlValidationContext::new(system_time(now), ReplayPolicy::RequireCache(&mut collected))
            .with_clock_skew(policy::skew());
    let session = service.finish_sso(&provider, &pending, input, context)?;
    Ok(LibraryReading {
        session,
        remembered: collected.0,
        attributes: attributes(xml)?,
    })
}

/// Each `Attribute` of the one assertion, by the library's reader of XML: what its session keeps of them is less.
fn attributes(xml: &str) -> Result<Vec<Attribute>, SamlError> {
    const PATH: [&str; 4] = ["Response", "Assertion", "AttributeStatement", "Attribute"];
    let limits = policy::limits();
    let whole = ExtractorField::new("attributes", &PATH).with_context();
    let found = extract_with_limits(xml, &[whole], limits)?;
    let fields = [
        ExtractorField::new("name", &["Attribute"]).attrs(&["Name"]),
        ExtractorField::new("values", &["Attribute", "AttributeValue"]),
    ];
    texts(found.get("attributes"))
        .into_iter()
        .map(|element| {
            let read = extract_with_limits(&element, &fields, limits)?;
            Ok(Attribute {
                name: read.get_str("name").unwrap_or_default().to_owned(),
                values: texts(read.get("values")),
            })
        })
        .collect()
}

/// What the library's reader found: nothing, one text, or several.
fn texts(found: Option<&Value>) -> Vec<String> {
    match found {
        Some(Value::Str(one)) => vec![one.clone()],
        Some(Value::Array(several)) => several
            .iter()
            .filter_map(|one| one.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

/// What the library's session makes of these: one attribute for each name. Of an element whose name came before, it keeps
/// the value when there is one, and loses them all when there are several.
pub fn merged(attributes: &[Attribute]) -> Vec<Attribute> {
    let mut merged: Vec<Attribute> = Vec::new();
    for one in attributes {
        match merged.iter_mut().find(|known| known.name == one.name) {
            None => merged.push(one.clone()),
            Some(known) if one.values.len() == 1 => known.values.extend_from_slice(&one.values),
            Some(_) => {}
        }
    }
    merged
}

/// An instant as the library takes it; none of ours is before 1970.
pub fn system_time(instant: Timestamp) -> SystemTime {
    let since = Duration::try_from(instant.duration_since(Timestamp::UNIX_EPOCH));
    SystemTime::UNIX_EPOCH + since.unwrap_or_default()
}

/// A name for an error of the library. Ours come first and are finer: what arrives here is mostly about signatures.
fn reason(error: &SamlError) -> Reason {
    match error {
        SamlError::SignatureVerification { .. } => Reason::SignatureInvalid,
        SamlError::CertificateMismatch => Reason::UnknownCertificate,
        SamlError::SignedReferenceMismatch | SamlError::AssertionSignatureRequired => {
            Reason::NotCovered
        }
        SamlError::IssuerMismatch { .. } => Reason::Issuer,
        SamlError::AudienceMismatch { .. } => Reason::Audience,
        SamlError::DestinationMismatch { .. } => Reason::Destination,
        SamlError::InResponseToMismatch { .. } => Reason::InResponseTo,
        _ => Reason::Library,
    }
}
