//! Builders: values that hold together, each different from the last, and short ways to store them.

pub mod pupil;
pub mod roster;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::audit::{Action, Actor, AuditEntry};
use pix_orga_domain::chance::{Chance, new_id};
use pix_orga_domain::clock::Clock;
use pix_orga_domain::email::EmailAddress;
use pix_orga_domain::ids::OrganizationId;
use pix_orga_domain::organization::store::OrganizationChange;
use pix_orga_domain::organization::{
    AddressTrust, DirectoryFacts, DirectoryState, ImportPolicy, OfficialAddress, Organization,
};
use pix_orga_domain::store::Revision;
use pix_orga_domain::uai::Uai;
use uuid::Uuid;

use crate::fakes::{PlainVault, SeededChance, SteppingClock};
use crate::stores::Stores;

pub mod people;

/// Makes values: each call gives another school, another address, a later instant.
#[derive(Debug)]
pub struct Build {
    /// Moves by a millisecond each time it is asked.
    pub clock: Arc<SteppingClock>,
    /// The same identifiers in each run.
    pub chance: Arc<SeededChance>,
    /// Seals the links it mails, readable.
    pub vault: PlainVault,
    next: AtomicU32,
}

impl Default for Build {
    fn default() -> Self {
        Self::new()
    }
}

impl Build {
    /// Starts on 1 September 2026 at 8 o'clock UTC.
    pub fn new() -> Self {
        let start: Timestamp = "2026-09-01T08:00:00Z".parse().unwrap();
        Self {
            clock: Arc::new(SteppingClock::from(start, SignedDuration::from_millis(1))),
            chance: Arc::new(SeededChance::new(2026)),
            vault: PlainVault,
            next: AtomicU32::new(1),
        }
    }

    /// Now, later than any instant given before.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new identifier, to be wrapped.
    pub fn id(&self) -> Uuid {
        new_id(self.chance.as_ref(), self.now())
    }

    /// A number that was not given before.
    pub fn number(&self) -> u32 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// A UAI of the Tarn that was not given before.
    pub fn uai(&self) -> Uai {
        const KEYS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
        let number = 810_000 + self.number();
        let key = char::from(KEYS[number as usize % KEYS.len()]);
        Uai::parse(&format!("{number:07}{key}")).unwrap()
    }

    /// An address that was not given before, in no real domain.
    pub fn email(&self) -> EmailAddress {
        EmailAddress::parse(&format!("Personne.{}@exemple.fr.invalid", self.number())).unwrap()
    }

    /// Random bytes, for hashes and keys.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.chance.fill(&mut bytes);
        bytes
    }

    /// An open school with a trusted address, not stored.
    pub fn organization(&self) -> Organization {
        let uai = self.uai();
        let mail = format!("ce.{uai}@ac-toulouse.fr.invalid");
        let mail = EmailAddress::parse(&mail).unwrap();
        Organization {
            id: OrganizationId(self.id()),
            uai,
            former_uais: Vec::new(),
            facts: DirectoryFacts {
                name: format!("Collège n° {uai}"),
                commune: "Albi".to_owned(),
                mail: Some(mail.clone()),
                nature: "340".to_owned(),
                sector: "Public".to_owned(),
                mother: None,
                ministry: "MINISTERE DE L'EDUCATION NATIONALE".to_owned(),
                state: DirectoryState::Open,
            },
            address: OfficialAddress::Known(mail, AddressTrust::Trusted),
            import_policy: ImportPolicy::Updatable,
            works_alone_since: None,
            closed_at: None,
            created_at: self.now(),
            revision: Revision::default(),
        }
    }

    /// The creation of such a school.
    pub fn creation(&self) -> OrganizationChange {
        let organization = self.organization();
        let audit = self.audit(organization.id, Action::OrganizationCreated);
        OrganizationChange {
            organization,
            expected: None,
            audit,
        }
    }

    /// A line of the trail, by an operator.
    pub fn audit(&self, organization: OrganizationId, action: Action) -> AuditEntry {
        let (chance, now) = (self.chance.as_ref(), self.now());
        AuditEntry::new(organization, Actor::Operator, action, chance, now)
    }

    /// Such a school, stored.
    pub async fn school(&self, stores: &Stores) -> Organization {
        let creation = self.creation();
        stores.organizations.record(&creation).await.unwrap();
        creation.organization
    }

    /// Writes the school again as it is, with a line of the trail.
    pub async fn change_school(&self, stores: &Stores, id: OrganizationId, action: Action) {
        let mut organization = stores.organizations.find(id).await.unwrap().unwrap();
        let expected = Some(organization.revision);
        organization.revision = organization.revision.next();
        let audit = self.audit(id, action);
        let change = OrganizationChange {
            organization,
            expected,
            audit,
        };
        stores.organizations.record(&change).await.unwrap();
    }
}
