//! A row of the official directory, as a school.

use super::{AddressTrust, DirectoryFacts, DirectoryState, OfficialAddress, Organization, trust};
use crate::academy::MailDomains;
use crate::email::EmailAddress;
use crate::uai::{Uai, UaiError};

/// Natures of collèges and lycées in the directory (`code_nature`), agricultural ones, EREA (370) and attached SEGPA
/// (390) included.
pub const NATURES_IN_SCOPE: [&str; 14] = [
    "300", "301", "302", "306", "307", "310", "320", "334", "335", "340", "350", "352", "370",
    "390",
];

/// A row as the directory writes it: texts, by column name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryRow {
    /// `Identifiant_de_l_etablissement`.
    pub uai: String,
    /// `Nom_etablissement`.
    pub name: String,
    /// `Nom_commune`.
    pub commune: String,
    /// `Mail`, perhaps empty.
    pub mail: String,
    /// `code_nature`.
    pub nature: String,
    /// `Statut_public_prive`.
    pub sector: String,
    /// `etablissement_mere`, perhaps empty.
    pub mother: String,
    /// `ministere_tutelle`, perhaps empty.
    pub ministry: String,
    /// `etat`, perhaps empty.
    pub state: String,
}

crate::refusals! {
    /// Why a row is no school of ours.
    RowRefusal {
        /// See the UAI's rules.
        UaiFormat = "uai_format",
        /// See the UAI's rules.
        UaiKey = "uai_key",
        /// See the UAI's rules.
        UaiPrefixUnknown = "uai_prefix_unknown",
        /// No name.
        NameMissing = "school_name_missing",
        /// No commune.
        CommuneMissing = "school_commune_missing",
        /// Neither collège nor lycée.
        OutOfScope = "school_out_of_scope",
    }
}

impl From<UaiError> for RowRefusal {
    fn from(error: UaiError) -> Self {
        match error {
            UaiError::Format => Self::UaiFormat,
            UaiError::Key => Self::UaiKey,
            UaiError::PrefixUnknown => Self::UaiPrefixUnknown,
        }
    }
}

impl DirectoryRow {
    /// Reads the row.
    ///
    /// # Errors
    /// [`RowRefusal`], the first fault found. An unreadable `Mail` or mother school is no fault: the address then
    /// waits for an operator's word.
    pub fn parse(&self) -> Result<(Uai, DirectoryFacts), RowRefusal> {
        let uai = Uai::parse(&self.uai)?;
        let text = |raw: &str| raw.split_whitespace().collect::<Vec<_>>().join(" ");
        let facts = DirectoryFacts {
            name: text(&self.name),
            commune: text(&self.commune),
            mail: EmailAddress::parse(&self.mail).ok(),
            nature: text(&self.nature),
            sector: text(&self.sector),
            mother: Uai::parse(&self.mother).ok(),
            ministry: text(&self.ministry),
            state: DirectoryState::read(&self.state),
        };
        if !NATURES_IN_SCOPE.contains(&facts.nature.as_str()) {
            return Err(RowRefusal::OutOfScope);
        }
        if facts.name.is_empty() {
            return Err(RowRefusal::NameMissing);
        }
        if facts.commune.is_empty() {
            return Err(RowRefusal::CommuneMissing);
        }
        Ok((uai, facts))
    }
}

impl Organization {
    /// The address of a school under new facts: an operator's word holds as long as the address is the same.
    pub fn address_under(
        uai: Uai,
        facts: &DirectoryFacts,
        former: Option<&OfficialAddress>,
        domains: MailDomains,
    ) -> OfficialAddress {
        let Some(mail) = &facts.mail else {
            return OfficialAddress::Missing;
        };
        match former {
            Some(OfficialAddress::Known(known, AddressTrust::Confirmed)) if known == mail => {
                OfficialAddress::Known(mail.clone(), AddressTrust::Confirmed)
            }
            _ => OfficialAddress::Known(mail.clone(), trust(uai, facts, mail, domains)),
        }
    }
}
