//! Schools.

use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::{
    AddressTrust, DirectoryFacts, DirectoryState, ImportPolicy, OfficialAddress, Organization,
};
use pix_orga_domain::store::{Failure, Revision};
use pix_orga_domain::uai::Uai;
use uuid::Uuid;

use crate::value::{address, instant, micros, some_instant, unreadable};

/// A row of `organizations`.
pub struct OrganizationRow {
    pub id: Uuid,
    pub uai: String,
    /// The numbers it had, the latest last, blanks between them.
    pub former_uais: Option<String>,
    pub name: String,
    pub commune: String,
    pub directory_mail: Option<String>,
    pub nature: String,
    pub sector: String,
    pub mother_uai: Option<String>,
    pub ministry: String,
    pub directory_state: String,
    pub address: Option<String>,
    pub address_trust: Option<String>,
    pub import_policy: String,
    pub imports_allowed: i64,
    pub works_alone_since: Option<i64>,
    pub closed_at: Option<i64>,
    pub created_at: i64,
    pub revision: i64,
}

impl OrganizationRow {
    /// The school.
    ///
    /// # Errors
    /// When a column holds what the program never writes.
    pub fn read(self) -> Result<Organization, Failure> {
        let uai = |text: &str| Uai::parse(text).map_err(|_| unreadable("organizations.uai"));
        let mail = |text: &str| address("organizations.directory_mail", text);
        Ok(Organization {
            id: OrganizationId(self.id),
            uai: uai(&self.uai)?,
            former_uais: former_uais(self.former_uais.as_deref())?,
            facts: DirectoryFacts {
                name: self.name,
                commune: self.commune,
                mail: self.directory_mail.as_deref().map(mail).transpose()?,
                nature: self.nature,
                sector: self.sector,
                mother: self.mother_uai.as_deref().map(uai).transpose()?,
                ministry: self.ministry,
                state: directory_state(&self.directory_state)?,
            },
            address: official_address(self.address.as_deref(), self.address_trust.as_deref())?,
            import_policy: import_policy(&self.import_policy, self.imports_allowed)?,
            works_alone_since: some_instant(self.works_alone_since)?,
            closed_at: some_instant(self.closed_at)?,
            created_at: instant(self.created_at)?,
            revision: Revision(self.revision),
        })
    }
}

fn former_uais(listed: Option<&str>) -> Result<Vec<Uai>, Failure> {
    let uais = listed
        .unwrap_or_default()
        .split_whitespace()
        .map(Uai::parse);
    uais.collect::<Result<_, _>>()
        .map_err(|_| unreadable("organization_uais.uai"))
}

fn official_address(mail: Option<&str>, trust: Option<&str>) -> Result<OfficialAddress, Failure> {
    let Some((mail, trust)) = mail.zip(trust) else {
        return Ok(OfficialAddress::Missing);
    };
    let trust = match trust {
        "trusted" => AddressTrust::Trusted,
        "to_confirm" => AddressTrust::ToConfirm,
        "confirmed" => AddressTrust::Confirmed,
        _ => return Err(unreadable("organizations.address_trust")),
    };
    Ok(OfficialAddress::Known(
        address("organizations.address", mail)?,
        trust,
    ))
}

const fn trust_code(trust: AddressTrust) -> &'static str {
    match trust {
        AddressTrust::Trusted => "trusted",
        AddressTrust::ToConfirm => "to_confirm",
        AddressTrust::Confirmed => "confirmed",
    }
}

fn directory_state(code: &str) -> Result<DirectoryState, Failure> {
    match code {
        "open" => Ok(DirectoryState::Open),
        "opening" => Ok(DirectoryState::Opening),
        "closing" => Ok(DirectoryState::Closing),
        "closed" => Ok(DirectoryState::Closed),
        _ => Err(unreadable("organizations.directory_state")),
    }
}

const fn state_code(state: DirectoryState) -> &'static str {
    match state {
        DirectoryState::Open => "open",
        DirectoryState::Opening => "opening",
        DirectoryState::Closing => "closing",
        DirectoryState::Closed => "closed",
    }
}

fn import_policy(code: &str, allowed: i64) -> Result<ImportPolicy, Failure> {
    match (code, u32::try_from(allowed)) {
        ("updatable", _) => Ok(ImportPolicy::Updatable),
        ("once", Ok(allowed)) => Ok(ImportPolicy::Once { allowed }),
        _ => Err(unreadable("organizations.import_policy")),
    }
}

/// The columns that a change sets and that are not its fields as they are.
pub struct Columns<'a> {
    pub directory_mail: Option<&'a str>,
    pub mother_uai: Option<&'a str>,
    pub directory_state: &'static str,
    pub address: Option<&'a str>,
    pub address_trust: Option<&'static str>,
    pub import_policy: &'static str,
    pub imports_allowed: i64,
    pub works_alone_since: Option<i64>,
    pub closed_at: Option<i64>,
    pub created_at: i64,
}

impl<'a> Columns<'a> {
    /// Those of a school.
    pub fn of(school: &'a Organization) -> Self {
        let (address, address_trust) = match &school.address {
            OfficialAddress::Missing => (None, None),
            OfficialAddress::Known(mail, trust) => (Some(mail.as_str()), Some(trust_code(*trust))),
        };
        let (import_policy, imports_allowed) = match school.import_policy {
            ImportPolicy::Updatable => ("updatable", 0),
            ImportPolicy::Once { allowed } => ("once", i64::from(allowed)),
        };
        Self {
            directory_mail: school.facts.mail.as_ref().map(EmailAddress::as_str),
            mother_uai: school.facts.mother.as_ref().map(Uai::as_str),
            directory_state: state_code(school.facts.state),
            address,
            address_trust,
            import_policy,
            imports_allowed,
            works_alone_since: school.works_alone_since.map(micros),
            closed_at: school.closed_at.map(micros),
            created_at: micros(school.created_at),
        }
    }
}
