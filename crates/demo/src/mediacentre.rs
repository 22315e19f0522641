//! The demo's médiacentre: fictitious people one may enter as, and the adapter that signs them in.
//!
//! In reality a pupil comes from their ENT, and the GAR signs who they are. Here a page lists invented pupils; choosing
//! one issues a ticket, good once and for a minute, that the sign-in's port exchanges for the identity. Nothing
//! pretends to be signed: the ticket never leaves the process, and only `demo` wires this.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{
    Answer, Departure, FederatedIdentity, FederatedSignIn, Leaving, ProviderSession, SpentProof,
    Verified,
};
use pix_orga_domain::pupil::{Ido, PupilRefusal};
use pix_orga_domain::refusal::Denied;
use pix_orga_domain::token::RawToken;

use crate::siecle::School;

mod people;

pub use people::{Particularity, Person};

/// Where the demo shows its médiacentre.
pub const MEDIACENTRE_PATH: &str = "/demo/mediacentre";
/// A ticket holds this long.
pub const TICKET_MAX: SignedDuration = SignedDuration::from_secs(60);
/// Tickets that wait at once; the oldest go first.
const TICKETS_WAITING_MAX: usize = 1_000;
/// What tickets are called among the proofs that are used up.
const PROOF_KIND: &str = "demo_ticket";

/// The médiacentre of a demo.
pub struct Mediacentre {
    people: Vec<Person>,
    tickets: Mutex<HashMap<String, Ticket>>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

/// What a ticket opens, and until when.
#[derive(Clone, Copy)]
struct Ticket {
    person: usize,
    until: Timestamp,
}

impl fmt::Debug for Mediacentre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mediacentre")
            .field("people", &self.people.len())
            .finish_non_exhaustive()
    }
}

impl Mediacentre {
    /// The people of these schools: of the first one, pupils of every particularity, a teacher and a parent; of the
    /// others, a few pupils, who are in the wrong school when they enter the first one's campaigns.
    pub fn new(schools: &[School], clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self {
            people: people::of(schools),
            tickets: Mutex::default(),
            clock,
            chance,
        }
    }

    /// Everybody, school by school.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Issues a ticket for somebody chosen on the page, or nothing when nobody has this id.
    pub fn enter_as(&self, person: &str) -> Option<Answer> {
        let person = self.people.iter().position(|one| one.id == person)?;
        let ticket = RawToken::draw(self.chance.as_ref()).expose().to_owned();
        let now = self.clock.now();
        let until = now.saturating_add(TICKET_MAX).unwrap_or(now);
        let mut waiting = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, ticket| ticket.until > now);
        if waiting.len() >= TICKETS_WAITING_MAX {
            waiting.clear();
        }
        waiting.insert(ticket.clone(), Ticket { person, until });
        Some(Answer {
            proof: ticket,
            browser: None,
        })
    }

    fn identity(&self, person: usize, now: Timestamp) -> Option<FederatedIdentity> {
        let attributes = self.people.get(person)?.attributes();
        let values = |name: &str| {
            let mut known = attributes.iter().filter(|(known, _)| known == name);
            known
                .next()
                .map(|(_, values)| values.clone())
                .unwrap_or_default()
        };
        let one = |name: &str| values(name).into_iter().next();
        Some(FederatedIdentity {
            ido: Ido::parse(&one("IDO")?).ok()?,
            uais: values("UAI"),
            profile: Profile::parse(&one("PRO")?),
            last_name: one("NOM")?,
            first_name: one("PRE")?,
            divisions: values("DIV"),
            authenticated_at: now,
            session: ProviderSession::default(),
        })
    }
}

#[async_trait]
impl FederatedSignIn for Mediacentre {
    async fn depart(&self, _leaving: &Leaving) -> Result<Departure, Denied<PupilRefusal>> {
        Ok(Departure {
            location: MEDIACENTRE_PATH.to_owned(),
            browser: None,
        })
    }

    async fn verify(&self, answer: &Answer) -> Result<Verified, Denied<PupilRefusal>> {
        let now = self.clock.now();
        let ticket = {
            let mut waiting = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
            waiting.retain(|_, ticket| ticket.until > now);
            waiting.get(&answer.proof).copied()
        };
        let ticket = ticket.ok_or(PupilRefusal::SignInRefused)?;
        let identity = self.identity(ticket.person, now);
        Ok(Verified {
            identity: identity.ok_or(PupilRefusal::SignInRefused)?,
            spent: vec![SpentProof::of(PROOF_KIND, &answer.proof, ticket.until)],
            replaces: None,
        })
    }
}
