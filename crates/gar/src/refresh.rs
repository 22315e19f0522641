//! The provider's metadata taken again at its address, and what differs from the pinned file. Nothing takes effect here:
//! an operator reads the difference first.

use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, StatusCode};
use url::Url;

use crate::certificate::Certificate;
use crate::metadata::{IdentityProvider, METADATA_BYTES_MAX, is_safe};

/// How long the whole answer may take.
const FETCH_MAX: Duration = Duration::from_secs(30);
/// How long the connection may take.
const CONNECT_MAX: Duration = Duration::from_secs(10);
/// Redirects followed.
const REDIRECTS_MAX: usize = 3;

/// Why no metadata came.
#[derive(Debug, thiserror::Error)]
pub enum FetchTrouble {
    /// The address, or one it leads to, is not https, nor http on this machine.
    #[error("the address is not https")]
    UnsafeAddress,
    /// Nobody answers, or not in time, or the certificate of the connection is not trusted.
    #[error("no answer: {0}")]
    Unreachable(#[source] reqwest::Error),
    /// Another answer than 200.
    #[error("the answer is {0}")]
    Status(StatusCode),
    /// More than [`METADATA_BYTES_MAX`] bytes.
    #[error("longer than {METADATA_BYTES_MAX} bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("not a text")]
    NotText,
}

/// Takes the metadata at an address.
///
/// # Errors
/// [`FetchTrouble`].
pub async fn fetch(url: &Url) -> Result<String, FetchTrouble> {
    if !is_safe(url) {
        return Err(FetchTrouble::UnsafeAddress);
    }
    let client = Client::builder()
        .connect_timeout(CONNECT_MAX)
        .timeout(FETCH_MAX)
        .redirect(Policy::custom(follow))
        .build()
        .map_err(FetchTrouble::Unreachable)?;
    let mut response = client.get(url.clone()).send().await.map_err(|error| {
        if error.is_redirect() {
            FetchTrouble::UnsafeAddress
        } else {
            FetchTrouble::Unreachable(error)
        }
    })?;
    if response.status() != StatusCode::OK {
        return Err(FetchTrouble::Status(response.status()));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(FetchTrouble::Unreachable)? {
        if bytes.len() + piece.len() > METADATA_BYTES_MAX {
            return Err(FetchTrouble::TooLong);
        }
        bytes.extend_from_slice(&piece);
    }
    String::from_utf8(bytes).map_err(|_| FetchTrouble::NotText)
}

/// A redirect is followed to https alone, or from this machine to itself.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let from_https = attempt.previous().iter().any(|url| url.scheme() == "https");
    let lowered = from_https && attempt.url().scheme() != "https";
    if lowered || !is_safe(attempt.url()) || attempt.previous().len() > REDIRECTS_MAX {
        return attempt.error(FetchTrouble::UnsafeAddress);
    }
    attempt.follow()
}

/// What differs between the pinned file and another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Signing certificates of the other file alone.
    pub added: Vec<Certificate>,
    /// Signing certificates of the pinned file alone.
    pub removed: Vec<Certificate>,
    /// Signing certificates of both.
    pub kept: Vec<Certificate>,
    /// The address of requests, before and after, where it changes.
    pub address: Option<(Url, Url)>,
    /// The entityID, before and after, where it changes: it is then another provider.
    pub entity_id: Option<(String, String)>,
}

impl Difference {
    /// Compares.
    pub fn between(pinned: &IdentityProvider, other: &IdentityProvider) -> Self {
        let (before, after) = (pinned.signing_certificates(), other.signing_certificates());
        let (kept, removed) = before
            .iter()
            .cloned()
            .partition(|certificate| after.contains(certificate));
        let added = after
            .iter()
            .filter(|certificate| !before.contains(certificate));
        Self {
            added: added.cloned().collect(),
            removed,
            kept,
            address: differ(pinned.sso_redirect_url(), other.sso_redirect_url()),
            entity_id: differ(pinned.entity_id(), other.entity_id()),
        }
    }

    /// Whether nothing that counts differs.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty()
            && self.removed.is_empty()
            && self.address.is_none()
            && self.entity_id.is_none()
    }

    /// Whether no key of the pinned file stays: an honest rotation keeps one, an impostor's file keeps none.
    pub fn replaces_every_key(&self) -> bool {
        self.kept.is_empty()
    }
}

fn differ<T: ToOwned + PartialEq + ?Sized>(before: &T, after: &T) -> Option<(T::Owned, T::Owned)> {
    (before != after).then(|| (before.to_owned(), after.to_owned()))
}

#[cfg(test)]
mod tests;
