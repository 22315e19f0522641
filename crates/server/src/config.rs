//! Configuration: a TOML file, then the environment over it. Unknown keys are refused; secrets never show.

mod database;
mod fault;
mod gar;
mod keys;
mod mail;
mod networks;
mod source;

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use crate::front::limits::LimitsConfig;
pub use database::{DatabaseUrl, authority, spool_folder};
pub use gar::GarConfig;
pub use mail::{MailConfig, some_number, unfit as mail_unfit};
pub use networks::Networks;
pub use source::{FILE_BY_DEFAULT, Source, found, load};

/// Everything that can be set. Every key can also be given by the environment: `PIX_ORGA_PUBLIC_URL`,
/// `PIX_ORGA_TERMS__SPACE__FILE`…
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The address people type, such as `https://orga.example.org`.
    pub public_url: String,
    /// Where the server listens.
    #[serde(default = "listen_by_default")]
    pub listen: SocketAddr,
    /// `sqlite:///path/to/file`, or `postgres://user@host/database`.
    pub database_url: DatabaseUrl,
    /// 64 hexadecimal characters, or a file that holds them.
    pub secret_key: SecretText,
    /// The two terms: `serve` refuses to start without them.
    pub terms: TermsConfig,
    /// The proxies in front: their `X-Forwarded-For` is taken, nobody else's.
    #[serde(default)]
    pub trusted_proxies: Networks,
    /// Who may read `/metrics`, beside this machine.
    #[serde(default)]
    pub metrics_from: Networks,
    /// The server that sends mails.
    pub mail: Option<MailConfig>,
    /// How pupils come from the GAR.
    pub gar: Option<GarConfig>,
    /// Who helps.
    #[serde(default)]
    pub contacts: ContactsConfig,
    /// What a second import may do in new schools.
    #[serde(default)]
    pub imports: ImportsConfig,
    /// What clients may take.
    #[serde(default)]
    pub limits: LimitsConfig,
    /// Where each key was read.
    #[serde(skip)]
    pub source: Source,
}

impl Config {
    /// `public_url` without a final slash, for what follows it.
    pub fn site(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }
}

/// A secret given in the clear or by a file. It never shows.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub enum SecretText {
    /// `{ file = "/etc/pix-orga/key" }`.
    File {
        /// Where it is.
        file: PathBuf,
    },
    /// The secret itself.
    Clear(String),
}

impl SecretText {
    /// The secret itself. `key` is its name in the configuration.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub fn read(&self, source: &Source, key: &str) -> anyhow::Result<String> {
        match self {
            Self::Clear(text) => Ok(text.clone()),
            Self::File { file } => source
                .text(key, file)
                .map(|text| text.trim_end_matches(['\r', '\n']).to_owned()),
        }
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(…)")
    }
}

impl Serialize for SecretText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::File { file } => serializer.serialize_str(&format!("(dans {})", file.display())),
            Self::Clear(_) => serializer.serialize_str("(masqué)"),
        }
    }
}

/// The terms in force.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TermsConfig {
    /// The account's.
    pub account: DocumentConfig,
    /// Pix Orga's.
    pub space: DocumentConfig,
}

/// A document.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentConfig {
    /// Its text.
    pub file: PathBuf,
    /// Its version, such as `2026-09-01`: a new one asks everybody again.
    pub version: String,
}

/// Who helps.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ContactsConfig {
    /// The académie's digital delegation, by name.
    pub dane_name: String,
    /// Its address.
    pub dane_url: Option<String>,
    /// Pix's support.
    pub support_url: String,
    /// Pix's community.
    pub community_url: String,
}

impl Default for ContactsConfig {
    fn default() -> Self {
        Self {
            dane_name: "la DANE de votre académie".to_owned(),
            dane_url: None,
            support_url: "https://support.pix.fr".to_owned(),
            community_url: "https://communaute.pix.fr".to_owned(),
        }
    }
}

/// What a second import may do in new schools.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct ImportsConfig {
    /// `updatable` (the default) or `once`.
    pub policy: ImportPolicyConfig,
}

/// See [`ImportsConfig`].
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportPolicyConfig {
    /// Import again at will.
    #[default]
    Updatable,
    /// One import, then those an operator allows.
    Once,
}

fn listen_by_default() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}
