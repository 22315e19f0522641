//! The identity provider: its key, its metadata, what it receives and what it answers.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use saml_rs::{
    AuthnRequestValidationPolicy, CertificatePem, Credentials, EntityId, Idp, IdpConfig,
    IdpValidationPolicy, LogoutPolicy, NameIdFormat, PrivateKeyPem, Saml, SsoEndpoint,
};

use crate::IdpError;
use crate::keys::SigningKey;
use crate::request::{self, Request, RequestRefusal, ServiceProvider};
use crate::response::{Assertion, Response, STATUS_SUCCESS, Signed, Subject, encoded};

/// An assertion holds this long: the time for a browser to bring it.
const ASSERTION_AGE_MAX: SignedDuration = SignedDuration::from_mins(5);
/// A session with the identity provider lasts this long: a school day.
const SESSION_MAX: SignedDuration = SignedDuration::from_hours(8);
/// Random bytes in an identifier, as the standard wants (Core, 1.3.4): 128 bits at least.
const IDENTIFIER_BYTES: usize = 20;

/// What an identity provider is, for those who talk to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `entityID`: the address of its metadata.
    pub entity_id: String,
    /// Where browsers bring requests, by HTTP-Redirect.
    pub sso_url: String,
    /// What a response's signature covers.
    pub signed: Signed,
}

/// An identity provider, on a key of its own.
pub struct IdentityProvider {
    settings: Settings,
    key: SigningKey,
    saml: Saml<Idp>,
}

impl fmt::Debug for IdentityProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityProvider")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl IdentityProvider {
    /// Draws its key, and certifies it for a year.
    ///
    /// # Errors
    /// When the machine has no randomness to give, or an address is none.
    pub fn new(settings: Settings, now: Timestamp) -> Result<Self, IdpError> {
        let key = SigningKey::draw(&settings.entity_id, now)?;
        let config = IdpConfig::builder(EntityId::try_new(settings.entity_id.as_str())?)
            .sso_endpoint(SsoEndpoint::redirect(settings.sso_url.as_str())?)
            .name_id_format(NameIdFormat::Transient)
            .credentials(Credentials {
                signing_key: Some(PrivateKeyPem::new(key.key_pem())),
                signing_certificate: Some(CertificatePem::new(key.certificate_pem())),
                ..Credentials::default()
            })
            .validation(IdpValidationPolicy {
                authn_requests: AuthnRequestValidationPolicy::RequireSigned,
                logout: LogoutPolicy::recommended(),
            })
            .build()?;
        Ok(Self {
            saml: Saml::idp(config)?,
            settings,
            key,
        })
    }

    /// Its metadata, in XML.
    pub fn metadata(&self) -> &str {
        self.saml.metadata_xml()
    }

    /// Its key, to sign what a test likes.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Reads what a browser brought: the query of the address, as it stands, from this service provider.
    ///
    /// # Errors
    /// When its signature, issuer, destination, age, or the place of the answer is wrong.
    pub fn receive(
        &self,
        query: &str,
        from: &ServiceProvider,
        now: Timestamp,
    ) -> Result<Request, RequestRefusal> {
        request::receive(&self.saml, query, from, now)
    }

    /// The response to a request, not signed yet.
    ///
    /// # Errors
    /// When the machine has no randomness to give.
    pub fn response(
        &self,
        request: &Request,
        subject: Subject,
        now: Timestamp,
    ) -> Result<Response, IdpError> {
        let later = |by| now.saturating_add(by).unwrap_or(now);
        let entity_id = &self.settings.entity_id;
        let until = later(ASSERTION_AGE_MAX);
        Ok(Response {
            id: identifier()?,
            issued_at: now,
            destination: request.acs_url.clone(),
            in_response_to: Some(request.id.clone()),
            issuer: entity_id.clone(),
            status: STATUS_SUCCESS.to_owned(),
            assertion: Assertion {
                id: identifier()?,
                issued_at: now,
                issuer: entity_id.clone(),
                subject,
                in_response_to: Some(request.id.clone()),
                recipient: Some(request.acs_url.clone()),
                confirmed_until: Some(until),
                not_before: Some(now),
                not_on_or_after: Some(until),
                audience: Some(request.service_provider.clone()),
                authenticated_at: Some(now),
                session_index: identifier()?,
                session_until: Some(later(SESSION_MAX)),
            },
        })
    }

    /// Answers a request: signed, and encoded as the form of HTTP-POST carries it.
    ///
    /// # Errors
    /// When the machine has no randomness to give, or the subject holds what XML cannot.
    pub fn respond(
        &self,
        request: &Request,
        subject: Subject,
        now: Timestamp,
    ) -> Result<String, IdpError> {
        let response = self.response(request, subject, now)?;
        Ok(encoded(&self.key.sign(&response, self.settings.signed)?))
    }
}

/// An identifier nobody guesses; an XML name begins with no digit.
fn identifier() -> Result<String, IdpError> {
    let mut bytes = [0; IDENTIFIER_BYTES];
    getrandom::fill(&mut bytes)?;
    let hex = bytes.iter().map(|byte| format!("{byte:02x}"));
    Ok(std::iter::once("_".to_owned()).chain(hex).collect())
}
