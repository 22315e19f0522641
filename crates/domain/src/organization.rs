//! Schools (établissements).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::academy::{self, MailDomains};
use crate::email::EmailAddress;
use crate::ids::OrganizationId;
use crate::outbox::SchoolName;
use crate::store::Revision;
use crate::uai::Uai;

pub mod directory;
pub mod ministry;
pub mod onboarding;
pub mod replacement;
pub mod store;
pub mod use_cases;

/// The domain that agricultural schools may use under their ministry.
const AGRICULTURAL_DOMAIN: &str = "educagri.fr";

/// A school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id here.
    pub id: OrganizationId,
    /// Its national number.
    pub uai: Uai,
    /// The numbers it had before, the latest last. They answer with the present one.
    pub former_uais: Vec<Uai>,
    /// What the official directory says of it.
    pub facts: DirectoryFacts,
    /// How far the official address is trusted.
    pub address: OfficialAddress,
    /// What a second import may do.
    pub import_policy: ImportPolicy,
    /// When an administrator said that they work alone for now.
    pub works_alone_since: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// When it was provisioned.
    pub created_at: Timestamp,
    /// Guard of its own writes (not of its team's, nor of its roster's).
    pub revision: Revision,
}

/// What the official directory says of a school.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DirectoryFacts {
    /// Its name, such as `Collège Sophie Germain`. Always shown with commune and UAI.
    pub name: String,
    /// The town; where the directory gives none, the département, such as `Hautes-Alpes (05)`.
    pub commune: String,
    /// The directory's `Mail`, when it is an address.
    pub mail: Option<EmailAddress>,
    /// `code_nature`, three digits, such as `340` for a collège.
    pub nature: String,
    /// `Statut_public_prive`, as written.
    pub sector: String,
    /// The mother school (`etablissement_mere`), for a SEGPA and the like.
    pub mother: Option<Uai>,
    /// `ministere_tutelle`, as written, perhaps empty. [`ministry`] reads it.
    pub ministry: String,
    /// `etat`.
    pub state: DirectoryState,
}

/// What the directory says a school is about to be (`etat`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum DirectoryState {
    /// OUVERT, or nothing was ever said.
    #[default]
    Open,
    /// A OUVRIR: its first pupils come later.
    Opening,
    /// A FERMER: its pupils will be elsewhere.
    Closing,
    /// FERME.
    Closed,
}

impl DirectoryState {
    /// Reads `etat`, without case and accents; nothing when it is empty or not understood.
    pub fn read(said: &str) -> Option<Self> {
        match crate::names::fold_for_search(said).as_str() {
            "ouvert" | "ouverte" => Some(Self::Open),
            "a ouvrir" => Some(Self::Opening),
            "a fermer" => Some(Self::Closing),
            "ferme" | "fermee" => Some(Self::Closed),
            _ => None,
        }
    }
}

/// How far a school's official address is trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressTrust {
    /// It follows the rule: the académie's domain, the school's number.
    Trusted,
    /// It waits for an operator's word.
    ToConfirm,
    /// An operator vouched for it.
    Confirmed,
}

/// The address invitations go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficialAddress {
    /// The directory gives none.
    Missing,
    /// The directory's, and how far it is trusted.
    Known(EmailAddress, AddressTrust),
}

/// What a second import may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "policy")]
pub enum ImportPolicy {
    /// Import again at will (the default).
    Updatable,
    /// One import, then `roster_already_imported`, save those an operator allows.
    Once {
        /// How many more an operator allowed.
        allowed: u32,
    },
}

impl Organization {
    /// The address, when an invitation may go to it.
    pub fn invitable_address(&self) -> Option<&EmailAddress> {
        match &self.address {
            OfficialAddress::Known(address, AddressTrust::Trusted | AddressTrust::Confirmed) => {
                Some(address)
            }
            _ => None,
        }
    }
}

/// Whether an address can be trusted without an operator's word (`rules.md`, Schools): the académie's domain with
/// `ce.<UAI>` or `<UAI>` of the school, also under a number it had, or of its mother school; under its ministry, an
/// agricultural school's.
pub fn trust(
    uai: Uai,
    former_uais: &[Uai],
    facts: &DirectoryFacts,
    address: &EmailAddress,
    domains: MailDomains,
) -> AddressTrust {
    let named = std::iter::once(uai)
        .chain(former_uais.iter().copied())
        .chain(facts.mother)
        .any(|number| is_of_school(number, uai, address, domains));
    let agricultural =
        facts.is_agricultural() && domains.is(&address.domain(), AGRICULTURAL_DOMAIN);
    if named || agricultural {
        AddressTrust::Trusted
    } else {
        AddressTrust::ToConfirm
    }
}

/// Whether an address is `ce.<UAI>` or `<UAI>` of a number, on the mail domain of the school's académie.
fn is_of_school(number: Uai, school: Uai, address: &EmailAddress, domains: MailDomains) -> bool {
    let domain = address.domain();
    let local = address.local_part().to_ascii_lowercase();
    let number = number.as_str().to_ascii_lowercase();
    let of_academy = academy::of(school).is_some_and(|academy| {
        domains.is(&domain, academy.mail_domain) || domains.is(&domain, academy.legacy_mail_domain)
    });
    of_academy && (local == number || local.strip_prefix("ce.") == Some(number.as_str()))
}

impl Organization {
    /// Name, commune and UAI, which always go together: 136 collèges are called Saint-Joseph.
    pub fn name_in_full(&self) -> SchoolName {
        SchoolName {
            name: self.facts.name.clone(),
            commune: self.facts.commune.clone(),
            uai: self.uai,
        }
    }
}

#[cfg(test)]
mod tests;
