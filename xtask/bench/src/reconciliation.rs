//! A pupil types a birth date, with a country's students stored: the use case on PostgreSQL, several askers at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use jiff::{Timestamp, ToSpan as _};
use journeys::database::Database;
use pix_orga_domain::chance::Chance;
use pix_orga_domain::clock::Clock;
use pix_orga_domain::pupil::contract::{Attribute, Contract};
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{FederatedIdentity, ProviderSession};
use pix_orga_domain::pupil::store::PupilStore as _;
use pix_orga_domain::pupil::{Ido, PupilAccount};
use pix_orga_domain::reconciliation::use_cases::{Reconciliation, Tried, TypedBirthdate};
use pix_orga_domain::refusal::Refusal as _;
use pix_orga_store_postgres::PgStore;
use xtask_cluster::{Binaries, Cluster};

use crate::chance::Numbers;
use crate::measure::{at_least, median, milliseconds, quantile, under};
use crate::program::wait_for;

mod country;

use country::{Country, Place};

/// Students stored, unless told otherwise; then those of the whole country.
pub const STUDENTS: u64 = 1_000_000;
/// Students of every collège and lycée.
pub const STUDENTS_LARGE: u64 = 6_500_000;

/// Askers at once.
const ASKERS: u64 = 8;
/// Tries measured, and not measured before.
const TRIES: u64 = 8_000;
const WARMING: u64 = 400;
/// One try in so many is of a date on which nobody is the pupil.
const WRONG_ONE_IN: u64 = 10;

/// Promised.
const REQUESTS_PER_SECOND_MIN: f64 = 300.0;
/// Promised: all but one try in a hundred, in milliseconds.
const P99_MILLISECONDS_MAX: f64 = 50.0;

/// Fills a database with so many students, and prints how fast pupils are linked.
pub fn run(students: u64) -> Result<()> {
    wait_for(measure(students))
}

async fn measure(students: u64) -> Result<()> {
    let binaries = Binaries::found().context("no PostgreSQL on this machine")?;
    let cluster = Cluster::start_durable(&binaries)?;
    let database = Database::on(cluster.url()).await;
    let store = Arc::new(PgStore::open(&database.url()).await?);
    store.migrate().await?;
    let country = Country::of(students);
    let start = Instant::now();
    country.fill(&database).await;
    let filled = start.elapsed().as_secs_f64();
    println!(
        "reconciliation: PostgreSQL, {} students in {} schools, {ASKERS} askers on the use case itself",
        country.students(),
        country.schools
    );
    println!("  stored in                    {filled:.0} s");
    let desk = Arc::new(Desk::new(store.clone(), country));
    ask(&desk, 0..WARMING).await?;
    let asked = ask(&desk, WARMING..WARMING + TRIES).await?;
    asked.print();
    store.close().await;
    Ok(())
}

/// The use case, and who comes to it.
struct Desk {
    store: Arc<PgStore>,
    reconciliation: Reconciliation,
    chance: Arc<Numbers>,
    country: Country,
}

/// The machine's clock.
struct Now;

impl Clock for Now {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// What was measured.
#[derive(Default)]
struct Asked {
    times: Vec<Duration>,
    linked: u64,
    asking: Duration,
}

impl Desk {
    fn new(store: Arc<PgStore>, country: Country) -> Self {
        let chance = Arc::new(Numbers::default());
        let reconciliation = Reconciliation {
            links: store.clone(),
            requests: store.clone(),
            campaigns: store.clone(),
            organizations: store.clone(),
            clock: Arc::new(Now),
            chance: chance.clone(),
        };
        Self {
            store,
            reconciliation,
            chance,
            country,
        }
    }

    /// Signs in the pupil who is a student: not measured.
    async fn signed_in(&self, place: Place) -> Result<PupilAccount> {
        let now = Timestamp::now();
        let name = self.country.name(place);
        let identity = FederatedIdentity {
            ido: Ido::parse(&format!("bench-{}-{}", place.school, place.pupil))?,
            uais: vec![country::uai(place.school)],
            profile: Some(Profile::Pupil),
            last_name: name.last_name.to_uppercase(),
            first_name: name.first_name.clone(),
            divisions: vec![country::division(place.pupil)],
            authenticated_at: now,
            session: ProviderSession::default(),
        };
        let chance: &dyn Chance = self.chance.as_ref();
        let contract = Contract::of(&[Attribute::Ido])?;
        let (signed_in, _) = PupilAccount::sign_in(None, &identity, &contract, chance, now)
            .map_err(|refusal| anyhow::anyhow!("{}", refusal.code()))?;
        self.store.record_sign_in(&signed_in).await?;
        Ok(signed_in.account)
    }

    /// One pupil types a date, right or wrong.
    async fn one(
        &self,
        number: u64,
        place: Place,
        asked: &mut Asked,
        pupil: &PupilAccount,
    ) -> Result<()> {
        let wrong = number.is_multiple_of(WRONG_ONE_IN);
        let born = country::birthdate(place);
        let date = if wrong {
            born.saturating_sub(4.years())
        } else {
            born
        };
        let typed = TypedBirthdate {
            day: date.day().to_string(),
            month: date.month().to_string(),
            year: date.year().to_string(),
        };
        let code = country::code(place.school);
        let start = Instant::now();
        let tried = self
            .reconciliation
            .submit_birthdate(pupil, &code, &typed)
            .await;
        asked.times.push(start.elapsed());
        match tried {
            Ok(Tried::In(_)) if !wrong => asked.linked += 1,
            Ok(Tried::Nobody { .. }) => {}
            Ok(Tried::In(_)) => bail!("a date that is nobody's linked a pupil"),
            Err(denied) => bail!("try {number}: {denied}"),
        }
        Ok(())
    }
}

/// Every asker signs its pupils in, waits for the others, then asks for one after the other.
async fn ask(desk: &Arc<Desk>, numbers: std::ops::Range<u64>) -> Result<Asked> {
    let ready = Arc::new(tokio::sync::Barrier::new(usize::try_from(ASKERS)?));
    let askers: Vec<_> = (0..ASKERS)
        .map(|asker| {
            let (desk, ready) = (Arc::clone(desk), Arc::clone(&ready));
            let mine: Vec<u64> = numbers.clone().filter(|n| n % ASKERS == asker).collect();
            tokio::spawn(async move {
                let mut pupils = Vec::with_capacity(mine.len());
                let mut failure = None;
                for number in mine {
                    let place = desk.country.place(number);
                    match desk.signed_in(place).await {
                        Ok(pupil) => pupils.push((number, place, pupil)),
                        Err(error) => failure = Some(error),
                    }
                }
                ready.wait().await;
                if let Some(error) = failure {
                    return Err(error);
                }
                let (mut asked, start) = (Asked::default(), Instant::now());
                for (number, place, pupil) in &pupils {
                    desk.one(*number, *place, &mut asked, pupil).await?;
                }
                asked.asking = start.elapsed();
                Ok(asked)
            })
        })
        .collect();
    let mut all = Asked::default();
    for asker in askers {
        let asked = asker.await??;
        all.times.extend(asked.times);
        all.linked += asked.linked;
        all.asking = all.asking.max(asked.asking);
    }
    ensure!(all.linked > 0, "nobody was linked");
    Ok(all)
}

impl Asked {
    fn print(mut self) {
        let tries = self.times.len();
        let rate = f64::from(u32::try_from(tries).unwrap_or(u32::MAX)) / self.asking.as_secs_f64();
        println!(
            "  tries                        {tries}, of which {} linked",
            self.linked
        );
        println!(
            "  tries a second               {}",
            at_least(rate, REQUESTS_PER_SECOND_MIN)
        );
        println!(
            "  median {}, p99 {} ms",
            milliseconds(median(&mut self.times)),
            under(
                quantile(&mut self.times, 0.99).as_secs_f64() * 1e3,
                P99_MILLISECONDS_MAX
            )
        );
    }
}
