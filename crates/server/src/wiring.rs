//! Adapters to ports: the only place that knows them all.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use pix_orga_domain::academy::MailDomains;
use pix_orga_domain::account::use_cases::Accounts;
use pix_orga_domain::audit::use_cases::Trails;
use pix_orga_domain::campaign::use_cases::Campaigns;
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::dossier::use_cases::Dossiers;
use pix_orga_domain::invitation::joining::Joining;
use pix_orga_domain::invitation::use_cases::Invitations;
use pix_orga_domain::organization::ImportPolicy;
use pix_orga_domain::organization::use_cases::Organizations;
use pix_orga_domain::outbox::MailChannel;
use pix_orga_domain::outbox::store::OutboxStore;
use pix_orga_domain::pupil::contract::Contract;
use pix_orga_domain::pupil::sign_in::{FederatedSignIn, NoFederation};
use pix_orga_domain::pupil::use_cases::PupilSignIns;
use pix_orga_domain::reconciliation::judge::Judge;
use pix_orga_domain::reconciliation::settling::LinkingRequests;
use pix_orga_domain::reconciliation::use_cases::Reconciliation;
use pix_orga_domain::retention::use_cases::Retention;
use pix_orga_domain::roster::use_cases::Rosters;
use pix_orga_domain::roster::use_cases::imports::Imports;
use pix_orga_domain::session::use_cases::Sessions;
use pix_orga_domain::team::use_cases::Teams;
use pix_orga_domain::terms::TermsInForce;
use pix_orga_domain::terms::use_cases::Terms;
use pix_orga_domain::vitals::use_cases::Vitals;
use pix_orga_gar::sign_in::{Declared, GarSignIn};
use pix_orga_web::operating::{Alarms, Metrics};
use pix_orga_web::uploads::Uploads;
use pix_orga_web::{App, Settings};

use crate::database::Store;
use crate::gar::Gar;
use crate::reading;
use crate::secrets::{Argon2Hasher, ServerKey, ServerVault, SystemChance, SystemClock};
use crate::serve::hourly::Hourly;

/// What is decided before the server is wired.
pub struct Choices {
    /// For the pages.
    pub settings: Settings,
    /// Where uploads wait until they are whole.
    pub spool: PathBuf,
    /// The server's key.
    pub key: ServerKey,
    /// Whether mails can leave.
    pub mail: MailChannel,
    /// Which mail domains are those of académies.
    pub domains: MailDomains,
    /// What a second import may do in new schools.
    pub import_policy: ImportPolicy,
    /// The terms in force.
    pub terms: TermsInForce,
    /// Signs pupils in.
    pub federation: Federation,
}

/// Who signs pupils in.
pub enum Federation {
    /// Nobody: the GAR is not configured.
    Absent,
    /// The GAR.
    Gar(Box<Gar>),
    /// Somebody else, and what they deliver: the demonstration's.
    Other(Arc<dyn FederatedSignIn>, Contract),
}

impl Federation {
    /// What it delivers of whoever signs in.
    fn contract(&self) -> Contract {
        match self {
            Self::Gar(gar) => gar.contract.clone(),
            Self::Other(_, contract) => contract.clone(),
            Self::Absent => Contract::default(),
        }
    }
}

/// A wired server.
pub struct Wired {
    /// What handlers work with.
    pub app: Arc<App>,
    /// What is looked at every hour.
    pub hourly: Hourly,
    /// The outbox, for its worker.
    pub outbox: Arc<dyn OutboxStore>,
    /// The vault, for who renders mails.
    pub vault: Arc<ServerVault>,
}

/// Puts the use cases over a store.
///
/// # Errors
/// When the hasher cannot be made, or the GAR's keys or addresses make no request.
pub fn wire(store: &Arc<dyn Store>, choices: Choices) -> anyhow::Result<Wired> {
    let vault = Arc::new(ServerVault::new(&choices.key));
    let parts = Parts {
        store: store.clone(),
        clock: Arc::new(SystemClock),
        chance: Arc::new(SystemChance),
        hasher: Arc::new(Argon2Hasher::new()?),
        vault: vault.clone(),
        in_force: Arc::new(choices.terms),
        mail: choices.mail,
    };
    let contract = choices.federation.contract();
    let federation = parts.federation(choices.federation, &choices.settings.public_url)?;
    let app = App {
        settings: choices.settings,
        accounts: parts.accounts(),
        sessions: parts.sessions(),
        joining: parts.joining(),
        invitations: parts.invitations(),
        organizations: parts.organizations(choices.domains, choices.import_policy),
        teams: parts.teams(),
        terms: parts.terms(),
        rosters: Rosters {
            store: store.clone(),
            clock: parts.clock.clone(),
        },
        imports: parts.imports(),
        campaigns: parts.campaigns(),
        pupils: parts.pupils(federation, contract),
        reconciliation: parts.reconciliation(),
        linking: parts.linking(),
        dossiers: parts.dossiers(),
        trails: Trails {
            store: store.clone(),
        },
        vitals: parts.vitals(),
        uploads: Uploads::new(choices.spool),
        metrics: Metrics::default(),
        alarms: Alarms::default(),
    };
    let app = Arc::new(app);
    Ok(Wired {
        app: Arc::clone(&app),
        hourly: Hourly {
            retention: Arc::new(parts.retention()),
            judge: parts.judge(),
            app,
        },
        outbox: store.clone(),
        vault,
    })
}

/// What use cases are made of.
struct Parts {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    hasher: Arc<Argon2Hasher>,
    vault: Arc<ServerVault>,
    in_force: Arc<TermsInForce>,
    mail: MailChannel,
}

impl Parts {
    fn accounts(&self) -> Accounts {
        Accounts {
            store: self.store.clone(),
            throttle: self.store.clone(),
            hasher: self.hasher.clone(),
            vault: self.vault.clone(),
            mail: self.mail,
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn sessions(&self) -> Sessions {
        Sessions {
            store: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn joining(&self) -> Joining {
        Joining {
            store: self.store.clone(),
            teams: self.store.clone(),
            organizations: self.store.clone(),
            accounts: self.store.clone(),
            throttle: self.store.clone(),
            hasher: self.hasher.clone(),
            vault: self.vault.clone(),
            terms: self.in_force.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn invitations(&self) -> Invitations {
        Invitations {
            store: self.store.clone(),
            teams: self.store.clone(),
            accounts: self.store.clone(),
            organizations: self.store.clone(),
            throttle: self.store.clone(),
            vault: self.vault.clone(),
            mail: self.mail,
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn organizations(&self, domains: MailDomains, import_policy: ImportPolicy) -> Organizations {
        Organizations {
            store: self.store.clone(),
            domains,
            import_policy,
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn teams(&self) -> Teams {
        Teams {
            store: self.store.clone(),
            organizations: self.store.clone(),
            terms: self.store.clone(),
            in_force: self.in_force.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn terms(&self) -> Terms {
        Terms {
            store: self.store.clone(),
            teams: self.store.clone(),
            in_force: self.in_force.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn dossiers(&self) -> Dossiers {
        Dossiers {
            store: self.store.clone(),
            rosters: self.store.clone(),
            imports: self.store.clone(),
            organizations: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn retention(&self) -> Retention {
        Retention {
            store: self.store.clone(),
            vitals: self.store.clone(),
            rosters: self.store.clone(),
            imports: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn imports(&self) -> Imports {
        Imports {
            rosters: self.store.clone(),
            store: self.store.clone(),
            organizations: self.store.clone(),
            accounts: self.store.clone(),
            mail: self.mail,
            room: Arc::new(reading::Room),
            judge: self.judge(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn judge(&self) -> Arc<Judge> {
        Arc::new(Judge {
            links: self.store.clone(),
            requests: self.store.clone(),
            clock: self.clock.clone(),
        })
    }

    fn campaigns(&self) -> Campaigns {
        Campaigns {
            store: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn federation(
        &self,
        federation: Federation,
        public_url: &str,
    ) -> anyhow::Result<Arc<dyn FederatedSignIn>> {
        let gar = match federation {
            Federation::Absent => return Ok(Arc::new(NoFederation)),
            Federation::Other(other, _) => return Ok(other),
            Federation::Gar(gar) => gar,
        };
        let declared = Declared {
            public_url,
            resource: &gar.resource,
            key: gar.keys.first().context("gar.keys est vide")?,
        };
        let sign_in = GarSignIn::new(
            gar.provider,
            declared,
            self.store.clone(),
            self.clock.clone(),
            self.chance.clone(),
        );
        Ok(Arc::new(sign_in.context(
            "L'entrée par le GAR ne peut pas être préparée : lancez pix-orga doctor",
        )?))
    }

    fn pupils(&self, federation: Arc<dyn FederatedSignIn>, contract: Contract) -> PupilSignIns {
        PupilSignIns {
            federation,
            contract,
            store: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn reconciliation(&self) -> Reconciliation {
        Reconciliation {
            links: self.store.clone(),
            requests: self.store.clone(),
            campaigns: self.store.clone(),
            organizations: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn linking(&self) -> LinkingRequests {
        LinkingRequests {
            links: self.store.clone(),
            requests: self.store.clone(),
            pupils: self.store.clone(),
            campaigns: self.store.clone(),
            clock: self.clock.clone(),
            chance: self.chance.clone(),
        }
    }

    fn vitals(&self) -> Vitals {
        Vitals {
            store: self.store.clone(),
            outbox: self.store.clone(),
            clock: self.clock.clone(),
        }
    }
}
