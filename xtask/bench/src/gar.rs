//! A sign-in by the GAR: what a departure and an answer take of the processor.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context as _, Result};
use async_trait::async_trait;
use jiff::Timestamp;
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::pupil::sign_in::{
    Answer, BegunSignIn, BegunSignInStore, FederatedSignIn, Leaving,
};
use pix_orga_domain::store::Failure;
use pix_orga_gar::keys::SigningKey;
use pix_orga_gar::metadata::IdentityProvider;
use pix_orga_gar::served::{self, ResourceUrl};
use pix_orga_gar::sign_in::{Declared, GarSignIn};
use pix_orga_idp::{ServiceProvider, Settings, Signed, Subject};

use crate::measure::turn_by_turn;

const PUBLIC_URL: &str = "https://orga.example.invalid";
const ROUNDS: usize = 300;
/// What we answer for.
const VERIFIED_MAX: Duration = Duration::from_millis(5);

/// Sign-ins begun, in memory: the database is measured elsewhere.
#[derive(Default)]
struct Rows(Mutex<HashMap<String, BegunSignIn>>);

#[async_trait]
impl BegunSignInStore for Rows {
    async fn begin(&self, begun: &BegunSignIn) -> Result<(), Failure> {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rows.insert(begun.request.clone(), begun.clone());
        Ok(())
    }

    async fn find(&self, request: &str) -> Result<Option<BegunSignIn>, Failure> {
        let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(rows.get(request).cloned())
    }
}

/// The machine's clock; and no chance at all, which nothing here needs.
struct Machine;

impl Clock for Machine {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

impl Chance for Machine {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(7);
    }
}

/// Times departures and answers turn by turn.
pub fn run() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let now = Timestamp::now();
    let idp = pix_orga_idp::IdentityProvider::new(
        Settings {
            entity_id: "https://idp.example.invalid/idp/metadata".to_owned(),
            sso_url: "https://idp.example.invalid/idp/sso".to_owned(),
            signed: Signed::Assertion,
        },
        now,
    )?;
    let key = SigningKey::parse(&SigningKey::draw(now)?)?;
    let provider = IdentityProvider::parse(idp.metadata())?;
    let rows = Arc::new(Rows::default());
    let resource = ResourceUrl::of_site(PUBLIC_URL)?;
    let declared = Declared {
        public_url: PUBLIC_URL,
        resource: &resource,
        key: &key,
    };
    let gar = GarSignIn::new(
        provider,
        declared,
        rows,
        Arc::new(Machine),
        Arc::new(Machine),
    )?;

    let left = runtime.block_on(gar.depart(&Leaving::default()))?;
    let metadata = served::document(PUBLIC_URL, [key.certificate()]);
    let service = ServiceProvider::from_metadata(&metadata, resource.as_str())?;
    let (_, query) = left
        .location
        .split_once('?')
        .context("a departure has a query")?;
    let request = idp.receive(query, &service, Timestamp::now())?;
    let proof = idp.respond(&request, pupil(), Timestamp::now())?;
    let answer = Answer {
        proof,
        browser: left.browser,
    };

    let pair = turn_by_turn(
        ROUNDS,
        || {
            runtime
                .block_on(gar.verify(&answer))
                .map(drop)
                .context("an honest answer")
        },
        || {
            runtime
                .block_on(gar.depart(&Leaving::default()))
                .map(drop)
                .context("a departure")
        },
    )?;
    let share = pair.first.as_secs_f64() / VERIFIED_MAX.as_secs_f64();
    println!(
        "gar, an answer verified: median {:.2} ms, {share:.2} of what we answer for",
        millis(pair.first)
    );
    println!(
        "gar, a departure signed: median {:.2} ms",
        millis(pair.second)
    );
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The attributes of a pupil who does not exist.
fn pupil() -> Subject {
    let attributes = [
        ("IDO", "0f".repeat(64)),
        ("UAI", "9900001A".to_owned()),
        ("PRO", "National_elv".to_owned()),
        ("NOM", "D'Août".to_owned()),
        ("PRE", "Maëlys".to_owned()),
        ("DIV", "5B##5e B".to_owned()),
    ];
    Subject {
        name_id: "_transient".to_owned(),
        attributes: attributes
            .map(|(name, value)| (name.to_owned(), vec![value]))
            .to_vec(),
    }
}
