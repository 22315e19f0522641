//! The GAR as the configuration gives it: the provider we trust, the keys we sign with.

pub mod outlook;
pub mod words;

use std::path::Path;

use anyhow::Context as _;
use jiff::Timestamp;
use pix_orga_domain::pupil::contract::{Attribute, Contract};
use pix_orga_gar::certificate::Certificate;
use pix_orga_gar::keys::SigningKey;
use pix_orga_gar::metadata::IdentityProvider;
use pix_orga_gar::served::{self, ResourceUrl};
use pix_orga_web::GarSettings;

use crate::config::GarConfig;
use crate::files;

/// Keys at most: the one that signs, and the next.
const KEYS_MAX: usize = 2;

/// What is read of the files.
pub struct Gar {
    /// Whose signatures are trusted.
    pub provider: IdentityProvider,
    /// Our keys, the first signs: one at least.
    pub keys: Vec<SigningKey>,
    /// The resource's address, as it was declared.
    pub resource: ResourceUrl,
    /// What the resource's contract has.
    pub contract: Contract,
}

impl Gar {
    /// Reads the configuration and its files. `public_url` has no final slash.
    ///
    /// # Errors
    /// What is wrong, of which file or key, and what to do.
    pub fn load(config: &GarConfig, public_url: &str) -> anyhow::Result<Self> {
        Ok(Self {
            provider: provider(&config.metadata)?,
            keys: keys(config)?,
            resource: resource(config, public_url)?,
            contract: contract(config)?,
        })
    }

    /// What pages serve and count of it. `public_url` has no final slash.
    pub fn settings(&self, public_url: &str) -> GarSettings {
        let ours = || self.keys.iter().map(SigningKey::certificate);
        let departure = self.provider.sso_redirect_url();
        GarSettings {
            metadata: served::document(public_url, ours()),
            origin: departure.origin().ascii_serialization(),
            metadata_end: self.provider.valid_until(),
            provider_ends: ends(self.provider.signing_certificates()),
            our_ends: ends(ours()),
        }
    }
}

/// When certificates end.
pub fn ends<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Vec<Timestamp> {
    let certificates = certificates.into_iter();
    certificates.map(Certificate::not_after).collect()
}

/// Reads the provider's metadata.
///
/// # Errors
/// When the file cannot be read, or is refused.
pub fn provider(file: &Path) -> anyhow::Result<IdentityProvider> {
    provider_and_text(file).map(|(provider, _)| provider)
}

/// The same, with the text that was read.
///
/// # Errors
/// The same.
pub fn provider_and_text(file: &Path) -> anyhow::Result<(IdentityProvider, String)> {
    let text = std::fs::read_to_string(file).map_err(|cause| {
        anyhow::anyhow!(
            "Le fichier de gar.metadata ({}) ne peut pas être lu : {}",
            file.display(),
            files::why(&cause)
        )
    })?;
    let provider = IdentityProvider::parse(&text).map_err(|refusal| {
        anyhow::anyhow!(
            "Le fichier de gar.metadata ({}) ne convient pas : {}",
            file.display(),
            words::metadata(&refusal)
        )
    })?;
    Ok((provider, text))
}

/// Reads our keys.
///
/// # Errors
/// When there are not one or two, or one cannot be read, or is refused.
pub fn keys(config: &GarConfig) -> anyhow::Result<Vec<SigningKey>> {
    anyhow::ensure!(
        (1..=KEYS_MAX).contains(&config.keys.len()),
        "gar.keys veut un ou deux fichiers : la clé qui signe, et au besoin la suivante. pix-orga gar keys new en fait une."
    );
    config.keys.iter().map(|file| key(file)).collect()
}

/// The resource's address. `public_url` has no final slash.
///
/// # Errors
/// When it cannot be one.
pub fn resource(config: &GarConfig, public_url: &str) -> anyhow::Result<ResourceUrl> {
    let read = match &config.resource_url {
        Some(declared) => ResourceUrl::parse(declared),
        None => ResourceUrl::of_site(public_url),
    };
    read.map_err(|refusal| anyhow::anyhow!("gar.resource_url {}", words::resource(refusal)))
}

/// What the resource's contract has.
///
/// # Errors
/// When `gar.delivered` names something that we do not read, or not the identifier.
pub fn contract(config: &GarConfig) -> anyhow::Result<Contract> {
    let Some(names) = &config.delivered else {
        return Ok(Contract::default());
    };
    let read = |name: &String| {
        Attribute::parse(name).with_context(|| {
            let known = Attribute::ALL.map(Attribute::name).join(", ");
            format!(
                "gar.delivered nomme « {name} », qui n'est pas lu ici : choisissez parmi {known}."
            )
        })
    };
    let delivered: Vec<Attribute> = names.iter().map(read).collect::<anyhow::Result<_>>()?;
    Contract::of(&delivered).map_err(|_| {
        anyhow::anyhow!(
            "gar.delivered ne nomme pas IDO, sans quoi aucun élève n'est reconnu : ajoutez-le, et vérifiez que le \
             contrat de la ressource l'a."
        )
    })
}

fn key(file: &Path) -> anyhow::Result<SigningKey> {
    let text = std::fs::read_to_string(file).map_err(|cause| {
        anyhow::anyhow!(
            "Le fichier de gar.keys ({}) ne peut pas être lu : {}",
            file.display(),
            files::why(&cause)
        )
    })?;
    SigningKey::parse(&text).map_err(|refusal| {
        anyhow::anyhow!(
            "Le fichier de gar.keys ({}) ne convient pas : {} Faites-en une autre par pix-orga gar keys new.",
            file.display(),
            words::key(refusal)
        )
    })
}

#[cfg(test)]
mod tests {
    use pix_orga_gar::served;
    use pix_orga_web::{operating, pupil};

    #[test]
    fn what_we_declare_is_where_pages_answer() {
        assert_eq!(served::METADATA_PATH, operating::GAR_METADATA_PATH);
        assert_eq!(served::ACS_PATH, pupil::ANSWER_PATH);
        assert_eq!(served::RESOURCE_PATH, pupil::SIGN_IN_PATH);
    }
}
