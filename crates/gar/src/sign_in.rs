//! The federation's port, kept by SAML: a signed request leaves, an answer comes back, and what is wrong is logged by
//! its code alone.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::pupil::sign_in::{
    Answer, BegunSignIn, BegunSignInStore, Departure, FederatedSignIn, Leaving, SpentProof,
    Verified,
};
use pix_orga_domain::pupil::{Ido, PupilRefusal};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::token::RawToken;
use saml_rs::{
    CertificatePem, Credentials, IdpDescriptor, MetadataTrustPolicy, PrivateKeyPem, Saml,
    SamlError, Sp, SsoResponseBinding, StartSso,
};

use crate::gate;
use crate::keys::SigningKey;
use crate::metadata::IdentityProvider;
use crate::policy;
use crate::reason::Reason;
use crate::served::{self, ResourceUrl};
use crate::verify::{self, Expected};

/// What assertions are called among the proofs that are used up.
const ASSERTION_KIND: &str = "saml_assertion";
/// What our requests are called there.
const REQUEST_KIND: &str = "saml_request";

/// The keys or the addresses cannot make a request.
#[derive(Debug, thiserror::Error)]
#[error("the service provider cannot be set up")]
pub struct SetUpFailure(#[from] SamlError);

/// What the GAR was told of us.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// The site's address, without a final slash.
    pub public_url: &'a str,
    /// The resource's address.
    pub resource: &'a ResourceUrl,
    /// The key that signs our requests.
    pub key: &'a SigningKey,
}

/// Signs pupils in by the GAR.
pub struct GarSignIn {
    provider: IdentityProvider,
    /// The same, as the library takes it to make requests.
    destination: IdpDescriptor,
    /// Ourselves, with the key that signs.
    service: Saml<Sp>,
    entity_id: String,
    acs_url: String,
    resource: ResourceUrl,
    begun: Arc<dyn BegunSignInStore>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl fmt::Debug for GarSignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GarSignIn")
            .field("provider", &self.provider)
            .field("entity_id", &self.entity_id)
            .finish_non_exhaustive()
    }
}

impl GarSignIn {
    /// Sets it up.
    ///
    /// # Errors
    /// When the library refuses the addresses or the key.
    pub fn new(
        provider: IdentityProvider,
        declared: Declared<'_>,
        begun: Arc<dyn BegunSignInStore>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Chance>,
    ) -> Result<Self, SetUpFailure> {
        let Declared {
            public_url, key, ..
        } = declared;
        let (entity_id, acs_url) = (served::entity_id(public_url), served::acs_url(public_url));
        let credentials = Credentials {
            signing_key: Some(PrivateKeyPem::new(key.private_key_pem())),
            signing_key_passphrase: None,
            signing_certificate: Some(CertificatePem::new(key.certificate_pem())),
            encryption_certificate: None,
            decryption_key: None,
            decryption_key_passphrase: None,
        };
        let trust = MetadataTrustPolicy::UnsignedForCompatibility;
        Ok(Self {
            destination: IdpDescriptor::from_metadata_xml(&provider.xml_in_memory(), trust)?,
            service: policy::service(&entity_id, &acs_url, Some(credentials))?,
            provider,
            entity_id,
            acs_url,
            resource: declared.resource.clone(),
            begun,
            clock,
            chance,
        })
    }

    /// A signed request by HTTP-Redirect: its identifier, fresh, and the address that carries it. The answer is to come
    /// by HTTP-POST. `RelayState` is the resource's address, and is signed with the request; what comes back in it is
    /// never read.
    fn request(&self) -> Result<(String, String), SamlError> {
        let options = StartSso::redirect()
            .relay_state(self.resource.relay_state()?)
            .response_binding(SsoResponseBinding::Post)
            .apply_web_browser_sso_generation_rules();
        let started = self.service.start_sso(&self.destination, options)?;
        let location = started.outbound.redirect_url()?.to_string();
        Ok((started.pending.id().as_str().to_owned(), location))
    }

    /// The request that an answer names is ours, this browser's, and not over; it is compared in constant time.
    fn named(
        begun: Option<BegunSignIn>,
        browser: Option<&RawToken>,
        now: Timestamp,
    ) -> Result<BegunSignIn, Reason> {
        let begun = begun.ok_or(Reason::UnknownRequest)?;
        if browser.is_none_or(|browser| browser.hash() != begun.browser) {
            return Err(Reason::OtherBrowser);
        }
        if begun.holds(now) {
            Ok(begun)
        } else {
            Err(Reason::RequestOver)
        }
    }

    /// What an answer to a request must match.
    fn expected(&self, request_id: String) -> Expected {
        Expected {
            request_id,
            acs_url: self.acs_url.clone(),
            entity_id: self.entity_id.clone(),
        }
    }

    fn verified(
        &self,
        passed: &gate::Passed,
        begun: BegunSignIn,
        now: Timestamp,
    ) -> Result<Verified, Reason> {
        let expected = self.expected(begun.request);
        let signed = verify::verify_passed(&self.provider, passed, &expected, now)?;
        Ok(Verified {
            identity: signed.identity,
            spent: vec![
                SpentProof::of(ASSERTION_KIND, &signed.assertion_id, signed.until),
                SpentProof::of(REQUEST_KIND, &expected.request_id, begun.until),
            ],
            replaces: begun.replaces,
        })
    }
}

#[async_trait]
impl FederatedSignIn for GarSignIn {
    async fn depart(&self, leaving: &Leaving) -> Result<Departure, Denied<PupilRefusal>> {
        let now = self.clock.now();
        if !self.provider.holds_at(now) {
            return Err(not_made(Reason::MetadataOver).into());
        }
        let made = self.request();
        let (request, location) = made.map_err(|_| not_made(Reason::RequestNotMade))?;
        let browser = match &leaving.browser {
            Some(browser) => browser.clone(),
            None => RawToken::draw(self.chance.as_ref()),
        };
        let begun = BegunSignIn::new(request, &browser, leaving.session, now);
        self.begun.begin(&begun).await?;
        Ok(Departure {
            location,
            browser: Some(browser),
        })
    }

    async fn verify(&self, answer: &Answer) -> Result<Verified, Denied<PupilRefusal>> {
        let passed = gate::pass(&answer.proof).map_err(refused)?;
        let begun = self.begun.find(&passed.shown().in_response_to).await?;
        let now = self.clock.now();
        let begun = Self::named(begun, answer.browser.as_ref(), now).map_err(refused)?;
        Ok(self.verified(&passed, begun, now).map_err(refused)?)
    }

    async fn recognise(&self, answer: &Answer) -> Option<Ido> {
        let passed = gate::pass(&answer.proof).ok()?;
        let expected = self.expected(passed.shown().in_response_to.clone());
        verify::recognise(&self.provider, &passed, &expected, self.clock.now()).ok()
    }
}

/// No answer is at fault: our keys, addresses or files are. The pupil sees the same page.
fn not_made(reason: Reason) -> PupilRefusal {
    let reason = reason.code();
    tracing::error!(reason, "a request to the GAR could not be made");
    PupilRefusal::SignInRefused
}

/// The cause goes to the log, by its code; the pupil sees one page.
fn refused(reason: Reason) -> PupilRefusal {
    tracing::info!(reason = reason.code(), "an answer of the GAR was refused");
    PupilRefusal::SignInRefused
}

#[cfg(test)]
mod tests;
