//! A row of the official directory, as a school.

use super::{
    AddressTrust, DirectoryFacts, DirectoryState, OfficialAddress, Organization, is_of_school,
    trust,
};
use crate::academy::{self, MailDomains};
use crate::email::EmailAddress;
use crate::uai::{Uai, UaiError};

pub mod sifting;

/// Natures of collèges and lycées in the directory (`code_nature`), agricultural ones, EREA (370) and attached SEGPA
/// (390) included.
pub const NATURES_IN_SCOPE: [&str; 14] = [
    "300", "301", "302", "306", "307", "310", "320", "334", "335", "340", "350", "352", "370",
    "390",
];
/// What stands in a text for characters that an editor destroyed.
const REPLACEMENT_CHARACTER: char = '\u{FFFD}';

/// A row as the directory writes it: texts, by column name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DirectoryRow {
    /// `Identifiant_de_l_etablissement`.
    pub uai: String,
    /// `Nom_etablissement`.
    pub name: String,
    /// `Nom_commune`, perhaps empty.
    pub commune: String,
    /// `Mail`: an address, several, or none.
    pub mail: String,
    /// `code_nature`.
    pub nature: String,
    /// `libelle_nature`, perhaps empty: only reports show it.
    pub nature_label: String,
    /// `Statut_public_prive`, perhaps empty.
    pub sector: String,
    /// `etablissement_mere`; nothing when the file has no such column.
    pub mother: Option<String>,
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
        /// Accents were destroyed when the file was saved: the name would replace the right one.
        AccentsLost = "school_accents_lost",
        /// Its cells do not stand under the file's columns.
        Unreadable = "row_unreadable",
        /// Neither collège nor lycée.
        OutOfScope = "school_out_of_scope",
    }
}

crate::refusals! {
    /// Why a whole file is not read as the directory. Nothing is loaded.
    DirectoryRefusal {
        /// No byte, or blanks.
        Empty = "directory_empty",
        /// A workbook: the directory is also offered as such.
        Spreadsheet = "directory_spreadsheet",
        /// JSON, a web page, an archive…
        NotCsv = "directory_not_csv",
        /// Neither UTF-8, nor UTF-16, nor windows-1252: names would be damaged.
        EncodingUnknown = "directory_encoding_unknown",
        /// A column that schools cannot be read without is missing.
        ColumnsMissing = "directory_columns_missing",
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

/// A row of a school of ours, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRow {
    uai: Uai,
    name: String,
    commune: String,
    /// Each address of the cell, once, in its order.
    mails: Vec<EmailAddress>,
    /// The cell holds something, and no address.
    mail_unreadable: bool,
    nature: String,
    sector: String,
    /// Nothing when the file does not tell mother schools.
    mother: Option<Mother>,
    ministry: String,
    /// Nothing when the cell says nothing.
    state: Option<DirectoryState>,
}

/// What a file that tells mother schools says of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mother {
    /// It is attached to none, or to what is no UAI.
    None,
    /// It is attached to this one.
    Of(Uai),
}

impl DirectoryRow {
    /// Reads the row.
    ///
    /// # Errors
    /// [`RowRefusal`], the first fault found. An unreadable `Mail` or mother school is no fault: the address then
    /// waits for an operator's word. A missing town is none either.
    pub fn parse(&self) -> Result<ReadRow, RowRefusal> {
        let uai = Uai::parse(&self.uai)?;
        let nature = nature(&self.nature);
        if !nature.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(RowRefusal::Unreadable);
        }
        if !NATURES_IN_SCOPE.contains(&nature.as_str()) {
            return Err(RowRefusal::OutOfScope);
        }
        let (name, commune) = (in_line(&self.name), in_line(&self.commune));
        if name.is_empty() {
            return Err(RowRefusal::NameMissing);
        }
        if [&name, &commune]
            .iter()
            .any(|text| text.contains(REPLACEMENT_CHARACTER))
        {
            return Err(RowRefusal::AccentsLost);
        }
        let mails = addresses(&self.mail);
        let mother = self.mother.as_deref();
        Ok(ReadRow {
            uai,
            name,
            commune,
            mail_unreadable: mails.is_empty() && !self.mail.trim().is_empty(),
            mails,
            nature,
            sector: in_line(&self.sector),
            mother: mother.map(|cell| Uai::parse(cell).map_or(Mother::None, Mother::Of)),
            ministry: in_line(&self.ministry),
            state: DirectoryState::read(&self.state),
        })
    }
}

/// A text on one line, single blanks between its words.
fn in_line(raw: &str) -> String {
    raw.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A nature as three digits: a program that takes it for a decimal number writes `340.0`.
fn nature(raw: &str) -> String {
    let text = in_line(raw);
    match text.split_once(['.', ',']) {
        Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole.to_owned(),
        _ => text,
    }
}

/// The addresses of a cell, each once, whatever separates them.
fn addresses(cell: &str) -> Vec<EmailAddress> {
    let mut found = Vec::new();
    for piece in cell.split(|c: char| c.is_whitespace() || matches!(c, ';' | ',' | '/' | '|')) {
        let piece = piece.trim_matches(|c| matches!(c, '<' | '>' | '(' | ')'));
        if let Ok(address) = EmailAddress::parse(piece)
            && !found.contains(&address)
        {
            found.push(address);
        }
    }
    found
}

impl ReadRow {
    /// The school's number.
    pub const fn uai(&self) -> Uai {
        self.uai
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the row says of the school, over what is known of it: an empty cell says nothing, and erases nothing. Of
    /// several addresses, the one that follows the rule of [`trust`]; else the one that is known; else the first.
    pub fn facts(&self, known: Option<&Organization>, domains: MailDomains) -> DirectoryFacts {
        let former_uais = known.map_or(&[][..], |school| &school.former_uais);
        let known = known.map(|school| &school.facts);
        let said = |cell: &String, former: fn(&DirectoryFacts) -> &String| match known {
            Some(known) if cell.is_empty() => former(known).clone(),
            _ => cell.clone(),
        };
        let mut facts = DirectoryFacts {
            name: self.name.clone(),
            commune: said(&self.commune, |facts| &facts.commune),
            mail: None,
            nature: self.nature.clone(),
            sector: said(&self.sector, |facts| &facts.sector),
            mother: match self.mother {
                Some(Mother::Of(mother)) => Some(mother),
                Some(Mother::None) => None,
                None => known.and_then(|known| known.mother),
            },
            ministry: said(&self.ministry, |facts| &facts.ministry),
            state: self
                .state
                .or(known.map(|known| known.state))
                .unwrap_or_default(),
        };
        if facts.commune.is_empty() {
            facts.commune = academy::department(self.uai);
        }
        facts.mail = self.mail(&facts, former_uais, known, domains);
        facts
    }

    fn mail(
        &self,
        facts: &DirectoryFacts,
        former_uais: &[Uai],
        known: Option<&DirectoryFacts>,
        domains: MailDomains,
    ) -> Option<EmailAddress> {
        let former = known.and_then(|known| known.mail.as_ref());
        let trusted = self.mails.iter().find(|address| {
            trust(self.uai, former_uais, facts, address, domains) == AddressTrust::Trusted
        });
        let same = || self.mails.iter().find(|address| Some(*address) == former);
        let chosen = trusted.or_else(same).or_else(|| self.mails.first());
        chosen.or(former).cloned()
    }

    /// How well an address of the row bears the school's own number, or one it had: by the rule, at least in its local
    /// part, or not.
    fn bears_its_number(&self, former_uais: &[Uai], domains: MailDomains) -> u8 {
        let how_well = |number: Uai, address: &EmailAddress| {
            let local = address.local_part().to_ascii_uppercase();
            if is_of_school(number, self.uai, address, domains) {
                2
            } else {
                u8::from(local.contains(number.as_str()))
            }
        };
        let numbers = || std::iter::once(self.uai).chain(former_uais.iter().copied());
        self.mails
            .iter()
            .flat_map(|address| numbers().map(move |number| how_well(number, address)))
            .max()
            .unwrap_or_default()
    }
}

impl Organization {
    /// The address of a school under new facts: an operator's word holds as long as the address is the same.
    pub fn address_under(
        uai: Uai,
        facts: &DirectoryFacts,
        known: Option<&Self>,
        domains: MailDomains,
    ) -> OfficialAddress {
        let Some(mail) = &facts.mail else {
            return OfficialAddress::Missing;
        };
        let former_uais = known.map_or(&[][..], |school| &school.former_uais);
        let trust = match known.map(|school| &school.address) {
            Some(OfficialAddress::Known(confirmed, AddressTrust::Confirmed))
                if confirmed == mail =>
            {
                AddressTrust::Confirmed
            }
            _ => trust(uai, former_uais, facts, mail, domains),
        };
        OfficialAddress::Known(mail.clone(), trust)
    }
}

#[cfg(test)]
mod tests;
