//! The demo's federation: the real sign-in by the GAR, and the identity provider that plays the GAR.
//!
//! Both keys are drawn when somebody first comes this way, off the server's own threads, and kept in memory: the demo
//! starts at once, and what it signs is worth nothing once it stops.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::pupil::sign_in::{
    Answer, BegunSignInStore, Departure, FederatedSignIn, Leaving, Verified,
};
use pix_orga_domain::pupil::{Ido, PupilRefusal};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::store::Failure;
use pix_orga_gar::keys::SigningKey;
use pix_orga_gar::metadata;
use pix_orga_gar::served::{self, ResourceUrl};
use pix_orga_gar::sign_in::{Declared, GarSignIn};
use pix_orga_idp::{IdentityProvider, ServiceProvider, Settings, Signed};
use tokio::sync::OnceCell;

use crate::secrets::{SystemChance, SystemClock};

/// Where the identity provider's metadata is: its full address is its entityID.
pub const IDP_METADATA_PATH: &str = "/demo/gar/metadata";
/// Where browsers bring requests.
pub const SSO_PATH: &str = "/demo/gar/sso";

/// Signs pupils in by an identity provider of the demo's own.
pub struct DemoFederation {
    public_url: String,
    store: Arc<dyn BegunSignInStore>,
    pair: OnceCell<Pair>,
}

/// The two sides of a sign-in, each of which knows the other by its metadata.
pub struct Pair {
    /// Who the demo's people are signed by.
    pub provider: IdentityProvider,
    /// The demo's Pix Orga, as the identity provider knows it.
    pub service: ServiceProvider,
    /// What it knows of it: our metadata.
    pub served: String,
    sign_in: GarSignIn,
}

impl DemoFederation {
    /// For the demo at this address, which has no final slash.
    pub fn new(public_url: String, store: Arc<dyn BegunSignInStore>) -> Self {
        Self {
            public_url,
            store,
            pair: OnceCell::new(),
        }
    }

    /// The two sides, made the first time.
    ///
    /// # Errors
    /// When the machine cannot draw a key.
    pub async fn pair(&self) -> Result<&Pair, Failure> {
        let make = || async {
            let (public_url, store) = (self.public_url.clone(), self.store.clone());
            let made = tokio::task::spawn_blocking(move || Pair::make(&public_url, store));
            made.await.map_err(Failure::new)?.map_err(Failure::new)
        };
        self.pair.get_or_try_init(make).await
    }
}

impl Pair {
    fn make(public_url: &str, store: Arc<dyn BegunSignInStore>) -> anyhow::Result<Self> {
        let now = Timestamp::now();
        let key = SigningKey::parse(&SigningKey::draw(now)?)?;
        let service = served::document(public_url, [key.certificate()]);
        let resource = ResourceUrl::of_site(public_url)?;
        let provider = IdentityProvider::new(
            Settings {
                entity_id: format!("{public_url}{IDP_METADATA_PATH}"),
                sso_url: format!("{public_url}{SSO_PATH}"),
                signed: Signed::Assertion,
            },
            now,
        )?;
        let known = metadata::IdentityProvider::parse(provider.metadata())?;
        Ok(Self {
            service: ServiceProvider::from_metadata(&service, resource.as_str())?,
            sign_in: GarSignIn::new(
                known,
                Declared {
                    public_url,
                    resource: &resource,
                    key: &key,
                },
                store,
                Arc::new(SystemClock),
                Arc::new(SystemChance),
            )?,
            provider,
            served: service,
        })
    }
}

#[async_trait]
impl FederatedSignIn for DemoFederation {
    async fn depart(&self, leaving: &Leaving) -> Result<Departure, Denied<PupilRefusal>> {
        self.pair().await?.sign_in.depart(leaving).await
    }

    async fn verify(&self, answer: &Answer) -> Result<Verified, Denied<PupilRefusal>> {
        self.pair().await?.sign_in.verify(answer).await
    }

    async fn recognise(&self, answer: &Answer) -> Option<Ido> {
        self.pair().await.ok()?.sign_in.recognise(answer).await
    }
}

#[cfg(test)]
mod tests;
