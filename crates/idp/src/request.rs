//! A service provider, and the requests it signs.

use std::time::{Duration, SystemTime};

use jiff::{SignedDuration, Timestamp};
use saml_rs::constants::signature_algorithm::RSA_SHA256;
use saml_rs::error::TimeWindowField;
use saml_rs::raw::Binding;
use saml_rs::{
    AuthnRequest, AuthnRequestAgePolicy, BrowserInput, ClockSkew, Idp, MetadataTrustPolicy,
    Received, ReplayPolicy, Saml, SamlError, SamlValidationContext, SpDescriptor,
    SsoResponseBinding,
};
use url::form_urlencoded;

use crate::IdpError;

/// A request holds this long: the time to choose who one is.
const REQUEST_AGE_MAX: SignedDuration = SignedDuration::from_mins(10);
/// Clocks may differ by this much, in milliseconds.
const SKEW_MS_MAX: i64 = 60_000;
/// A query longer than this is no request: browsers and servers stop near there.
const QUERY_BYTES_MAX: usize = 16 * 1024;

/// A service provider, by its metadata, trusted as given, and the address of the resource that it declared.
#[derive(Debug, Clone)]
pub struct ServiceProvider {
    descriptor: SpDescriptor,
    acs_url: String,
    resource_url: String,
}

impl ServiceProvider {
    /// Reads its metadata. `resource_url` is the declared address of its resource, which each of its requests must carry.
    ///
    /// # Errors
    /// When it is no metadata of a service provider that receives by HTTP-POST.
    pub fn from_metadata(xml: &str, resource_url: &str) -> Result<Self, IdpError> {
        let trust = MetadataTrustPolicy::UnsignedForCompatibility;
        let descriptor = SpDescriptor::from_metadata_xml(xml, trust)?;
        let acs_url = descriptor
            .metadata()
            .get_assertion_consumer_service(Binding::Post)
            .ok_or_else(|| SamlError::MissingMetadata("AssertionConsumerService".to_owned()))?;
        Ok(Self {
            descriptor,
            acs_url,
            resource_url: resource_url.to_owned(),
        })
    }

    /// Its `entityID`.
    fn entity_id(&self) -> &str {
        self.descriptor.entity_id().as_str()
    }
}

/// A request whose signature, issuer, destination and age are good, from a service provider that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `ID`, which the response names.
    pub id: String,
    /// Who asks: the audience of the response.
    pub service_provider: String,
    /// Where the response goes, as the service provider's metadata declares it.
    pub acs_url: String,
    /// What the service provider wants back beside the response: the declared address of its resource.
    pub relay_state: String,
}

/// Why a request is not answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefusal {
    /// It was made too long ago, or in the future: the service provider makes another.
    #[error("the request is too old, or in the future")]
    Age,
    /// It is not signed by RSA-SHA256.
    #[error("the request is not signed by RSA-SHA256")]
    Algorithm,
    /// Its `RelayState` is not the declared address of the resource: the GAR refuses it too.
    #[error("the RelayState of the request is not the resource's declared address")]
    RelayState,
    /// It wants its response elsewhere than the metadata declares, or by another binding.
    #[error("the request wants its response where the metadata declares nothing")]
    ResponseElsewhere,
    /// It cannot be read, or its signature, its issuer or its destination is wrong.
    #[error("the request is refused: {0}")]
    Refused(String),
}

/// Reads what a browser brought by HTTP-Redirect: the query as it stands in the address.
pub(crate) fn receive(
    idp: &Saml<Idp>,
    query: &str,
    from: &ServiceProvider,
    now: Timestamp,
) -> Result<Request, RequestRefusal> {
    if query.len() > QUERY_BYTES_MAX {
        return Err(RequestRefusal::Refused("too long".to_owned()));
    }
    let mut fields = form_urlencoded::parse(query.as_bytes());
    if !fields.any(|(name, value)| name == "SigAlg" && value == RSA_SHA256) {
        return Err(RequestRefusal::Algorithm);
    }
    let input = BrowserInput::<AuthnRequest>::redirect(query);
    let received = idp
        .receive_sso(&from.descriptor, input, context(now))
        .map_err(refusal)?;
    let relay_state = received.relay_state().as_deref().unwrap_or_default();
    if relay_state != from.resource_url {
        return Err(RequestRefusal::RelayState);
    }
    if !answers_where_declared(&received, from) {
        return Err(RequestRefusal::ResponseElsewhere);
    }
    Ok(Request {
        id: received.message().id().as_str().to_owned(),
        service_provider: from.entity_id().to_owned(),
        acs_url: from.acs_url.clone(),
        relay_state: relay_state.to_owned(),
    })
}

/// The age alone is checked against the clock; answering the same request twice harms nobody here: the service
/// provider takes one answer.
fn context(now: Timestamp) -> SamlValidationContext<'static> {
    let since_1970 = Duration::from_secs(u64::try_from(now.as_second()).unwrap_or_default());
    let now = SystemTime::UNIX_EPOCH + since_1970;
    SamlValidationContext::new(now, ReplayPolicy::DisabledForCompatibility)
        .with_clock_skew(ClockSkew::from_millis(-SKEW_MS_MAX, SKEW_MS_MAX))
        .with_authn_request_age(AuthnRequestAgePolicy::Bounded {
            max_age: REQUEST_AGE_MAX.unsigned_abs(),
        })
}

fn answers_where_declared(received: &Received<AuthnRequest>, from: &ServiceProvider) -> bool {
    let request = received.message();
    let asked = request.acs_url().map(saml_rs::EndpointUrl::as_str);
    let binding = request.protocol_binding();
    request.acs_index().is_none()
        && asked.is_none_or(|asked| asked == from.acs_url)
        && binding.is_none_or(|binding| binding == SsoResponseBinding::Post)
}

fn refusal(error: SamlError) -> RequestRefusal {
    match error {
        SamlError::TimeWindowInvalid {
            field: TimeWindowField::AuthnRequestIssueInstant,
        } => RequestRefusal::Age,
        other => RequestRefusal::Refused(other.to_string()),
    }
}
