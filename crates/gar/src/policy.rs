//! What is asked of the library, field by field: nothing is left to a default that a new version could change.

use saml_rs::constants::MessageSignatureOrder;
use saml_rs::xml::XmlLimits;
use saml_rs::{
    AcsEndpoint, AlgorithmPolicy, AssertionSignaturePolicy, AudienceValidationPolicy,
    AuthnRequestSigningPolicy, ClockSkew, Credentials, DataEncryptionAlgorithm, EntityId,
    KeyEncryptionAlgorithm, LogoutPolicy, LogoutSignaturePolicy, NameIdCreationPolicy,
    NameIdFormat, ResponseSignaturePolicy, Saml, SamlError, SignatureAlgorithm, Sp, SpConfig,
    SpMetadataConfig, SpValidationPolicy, TemplatePolicy, TransformAlgorithm, XmlEncryptionPolicy,
    XmlPolicy, XmlSignatureProfile,
};

use crate::claims::CLOCK_SKEW_MAX;
use crate::gate::{RESPONSE_BYTES_MAX, RESPONSE_DEPTH_MAX, RESPONSE_NODES_MAX};

/// Attributes of one element, for the library: an honest one has half a dozen.
const ATTRIBUTES_MAX: usize = 32;
/// Bytes of one attribute's value, for the library: the longest are addresses.
const ATTRIBUTE_VALUE_BYTES_MAX: usize = 4096;

/// The service provider, in the library's words. With a key it signs its requests; without, it can only verify.
///
/// # Errors
/// The library's, when an address is not one or a key is missing.
pub fn service(
    entity_id: &str,
    acs_url: &str,
    key: Option<Credentials>,
) -> Result<Saml<Sp>, SamlError> {
    let config = config(entity_id, acs_url, key)?;
    config.validate()?;
    Saml::sp(config)
}

/// What [`service`] is made of.
///
/// # Errors
/// The library's, when an address is not one.
pub fn config(
    entity_id: &str,
    acs_url: &str,
    key: Option<Credentials>,
) -> Result<SpConfig, SamlError> {
    let signing = match key {
        Some(_) => AuthnRequestSigningPolicy::Sign,
        None => AuthnRequestSigningPolicy::DoNotSignForCompatibility,
    };
    Ok(SpConfig {
        entity_id: EntityId::try_new(entity_id)?,
        metadata: SpMetadataConfig {
            name_id_format: vec![NameIdFormat::Transient],
            single_logout_service: Vec::new(),
            assertion_consumer_service: vec![AcsEndpoint::post(acs_url)?],
            elements_order: None,
        },
        credentials: key.unwrap_or_default(),
        validation: validation(signing),
        algorithms: algorithms(),
        xml: xml(),
        templates: TemplatePolicy::default(),
    })
}

/// Assertions are signed themselves, with RSA and SHA-2, and for us. A response's own signature is verified when there
/// is one. Logout messages are not received: were they, they would have to be signed.
fn validation(authn_requests: AuthnRequestSigningPolicy) -> SpValidationPolicy {
    SpValidationPolicy {
        assertions: AssertionSignaturePolicy::RequireSigned,
        responses: ResponseSignaturePolicy::RequireForEncryptedCbc,
        xml_signatures: XmlSignatureProfile::StrictRsaSha2,
        authn_requests,
        audience: AudienceValidationPolicy::Validate,
        name_id_creation: NameIdCreationPolicy::DoNotAllowCreate,
        logout: LogoutPolicy {
            requests: LogoutSignaturePolicy::RequireSigned,
            responses: LogoutSignaturePolicy::RequireSigned,
        },
    }
}

/// Nothing is encrypted; those algorithms are never used.
fn algorithms() -> AlgorithmPolicy {
    AlgorithmPolicy {
        signature: SignatureAlgorithm::RsaSha256,
        data_encryption: DataEncryptionAlgorithm::Aes128Gcm,
        key_encryption: KeyEncryptionAlgorithm::RsaOaepMgf1p,
        message_signing_order: MessageSignatureOrder::SignThenEncrypt,
        signed_reference_transforms: vec![
            TransformAlgorithm::EnvelopedSignature,
            TransformAlgorithm::ExclusiveCanonicalization,
        ],
    }
}

fn xml() -> XmlPolicy {
    XmlPolicy {
        clock_drifts: skew().as_millis(),
        redirect_inflate_max_bytes: RESPONSE_BYTES_MAX,
        limits: limits(),
        // Plain assertions; the library keeps the rest of this policy to itself.
        encryption: XmlEncryptionPolicy::default(),
    }
}

/// What the library's reader of XML takes: no less than the gate lets through.
pub fn limits() -> XmlLimits {
    XmlLimits {
        max_bytes: RESPONSE_BYTES_MAX,
        max_depth: RESPONSE_DEPTH_MAX,
        max_nodes: RESPONSE_NODES_MAX as usize,
        max_attributes_per_element: ATTRIBUTES_MAX,
        max_attribute_value_bytes: ATTRIBUTE_VALUE_BYTES_MAX,
        max_text_bytes: RESPONSE_BYTES_MAX,
    }
}

/// The clocks' difference that is accepted, on both sides.
pub fn skew() -> ClockSkew {
    let millis = i64::try_from(CLOCK_SKEW_MAX.as_millis()).unwrap_or(0);
    ClockSkew::from_millis(-millis, millis)
}
