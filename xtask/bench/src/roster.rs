//! The page that lists pupils, as a browser gets it: one asker at a time, then several at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use jiff::Timestamp;
use journeys::Browser;
use pix_orga_domain::audit::Actor;
use pix_orga_domain::ids::AccountId;
use pix_orga_domain::pupil::contract::{Attribute, Contract};
use pix_orga_domain::pupil::profile::Profile;
use pix_orga_domain::pupil::sign_in::{FederatedIdentity, ProviderSession};
use pix_orga_domain::pupil::{Ido, PupilAccount};
use pix_orga_domain::reconciliation::linking::{Hand, Linking};
use pix_orga_domain::refusal::Refusal as _;
use pix_orga_domain::roster::{Roster, Student};

use crate::chance::Numbers;
use crate::measure::{at_least, median, milliseconds, quantile, under};
use crate::process::Process;
use crate::program::{On, Program, export, wait_for};

const PUPILS: usize = 3_000;
/// Of the pupils, those with a linked account: the others make the filters by connection select something.
const LINKED_OF_THREE: usize = 2;
/// Times each page is asked for, alone.
const ALONE: usize = 200;
/// Times each page is not counted before.
const WARMING: usize = 10;
/// Askers at once, and how long they ask.
const ASKERS: usize = 8;
const TOGETHER: Duration = Duration::from_secs(10);

/// Promised: all but one request in a hundred, in milliseconds.
const P99_MILLISECONDS_MAX: f64 = 25.0;
/// Promised: requests a second.
const REQUESTS_PER_SECOND_MIN: f64 = 500.0;

/// Measures the pages and prints their times and rates.
pub fn run() -> Result<()> {
    for on in On::both()? {
        wait_for(measure(&on))?;
    }
    Ok(())
}

async fn measure(on: &On) -> Result<()> {
    let program = Arc::new(Program::start(on).await?);
    let imported = program.import(export(PUPILS).to_zip_bytes()?).await?;
    let fixed = alone(&program, "/documentation").await?;
    let just_imported = alone(&program, "/eleves").await?;
    let roster = program.store.load(program.school).await?;
    let linked = link(&program, &roster, imported.import.by).await?;
    program.settle().await;
    println!(
        "roster: {}, its page at {} pupils present, {linked} of them linked",
        on.name(),
        roster.students.len()
    );
    println!(
        "  one asker, {ALONE} times each{:>27}{:>10}{:>22}",
        "median", "p99", "processor a request"
    );
    fixed.print("a page without pupils");
    just_imported.print("just imported, undo offered");
    let mut paths = Vec::new();
    for (name, query) in queries(&roster) {
        let path = format!("/eleves{query}");
        alone(&program, &path).await?.print(name);
        paths.push(path);
    }
    let paths = Arc::new(paths);
    let alone = [program.head.browser.at(program.demo.address())];
    together(&program, alone.to_vec(), &[program.process()?], &paths).await?;
    if matches!(on, On::Postgres(_)) {
        let second = program.demo.another().await;
        let process = second.process_id().map(Process);
        let processes = [program.process()?, process.context("it ended")?];
        let [one] = alone;
        let two = one.at(second.address());
        together(&program, vec![one, two], &processes, &paths).await?;
    }
    Ok(())
}

/// What people ask of the list.
fn queries(roster: &Roster) -> Vec<(&'static str, String)> {
    let somebody = &roster.students[roster.students.len() / 2];
    let start = |text: &str| text.chars().take(3).collect::<String>().to_lowercase();
    let letters = start(&somebody.last_name);
    let words = format!("{}+{}", start(&somebody.first_name), letters);
    vec![
        ("the first page", String::new()),
        ("a page far away", "?page=40".to_owned()),
        (
            "a class",
            format!("?classe={}", somebody.division.replace(' ', "+")),
        ),
        ("not linked", "?rattachement=not_linked".to_owned()),
        (
            "a class, not linked",
            format!(
                "?classe={}&rattachement=not_linked",
                somebody.division.replace(' ', "+")
            ),
        ),
        ("a search", format!("?recherche={letters}")),
        ("a search of two words", format!("?recherche={words}")),
        ("a search, nobody found", "?recherche=zzzzzz".to_owned()),
        ("by birth date", "?tri=birthdate&sens=desc".to_owned()),
        (
            "by date of linking",
            "?tri=linked_since&sens=desc".to_owned(),
        ),
    ]
}

struct Alone {
    times: Vec<Duration>,
    processor: Duration,
}

impl Alone {
    fn print(mut self, name: &str) {
        println!(
            "    {name:<30}{:>16}{:>10}{:>14}",
            milliseconds(median(&mut self.times)),
            milliseconds(quantile(&mut self.times, 0.99)),
            milliseconds(self.processor),
        );
    }
}

async fn alone(program: &Program, path: &str) -> Result<Alone> {
    for _ in 0..WARMING {
        ask(&program.head.browser, program, path).await?;
    }
    let process = program.process()?;
    let worked = process.processor_time()?;
    let mut times = Vec::with_capacity(ALONE);
    for _ in 0..ALONE {
        times.push(ask(&program.head.browser, program, path).await?);
    }
    let rounds = u32::try_from(ALONE)?;
    Ok(Alone {
        times,
        processor: process.processor_time_since(worked)? / rounds,
    })
}

async fn ask(browser: &Browser, program: &Program, path: &str) -> Result<Duration> {
    let start = Instant::now();
    let page = browser.get(&format!("{}{path}", program.head.space)).await;
    let took = start.elapsed();
    ensure!(
        page.status == 200 && page.html.trim_end().ends_with("</html>"),
        "{path} is answered {}",
        page.status
    );
    Ok(took)
}

/// Several askers, each waiting for its page before it asks for the next: what the askers themselves cost is on the
/// same machine.
async fn together(
    program: &Arc<Program>,
    browsers: Vec<Browser>,
    processes: &[Process],
    paths: &Arc<Vec<String>>,
) -> Result<()> {
    let worked = processor_time(processes)?;
    let start = Instant::now();
    let askers: Vec<_> = (0..ASKERS)
        .map(|asker| {
            let browser = browsers[asker % browsers.len()].clone();
            let (program, paths) = (Arc::clone(program), Arc::clone(paths));
            tokio::spawn(async move {
                let mut times = Vec::new();
                while start.elapsed() < TOGETHER {
                    let path = &paths[(asker + times.len()) % paths.len()];
                    times.push(ask(&browser, &program, path).await?);
                }
                anyhow::Ok(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for asker in askers {
        times.extend(asker.await??);
    }
    let took = start.elapsed().as_secs_f64();
    let processor = processor_time(processes)?.saturating_sub(worked);
    let processor = processor.as_secs_f64();
    let requests = f64::from(u32::try_from(times.len())?);
    println!(
        "  {ASKERS} askers at once, all these pages in turn, {} s, on {} process(es)",
        TOGETHER.as_secs(),
        processes.len()
    );
    println!(
        "    requests a second          {}",
        at_least(requests / took, REQUESTS_PER_SECOND_MIN)
    );
    println!(
        "    requests a processor second of the program  {:.0}",
        requests / processor
    );
    println!(
        "    median {}, p99 {} ms",
        milliseconds(median(&mut times)),
        under(
            quantile(&mut times, 0.99).as_secs_f64() * 1e3,
            P99_MILLISECONDS_MAX
        )
    );
    Ok(())
}

fn processor_time(processes: &[Process]) -> Result<Duration> {
    processes.iter().copied().map(Process::processor_time).sum()
}

/// Links accounts to part of the pupils, by the store's own ports: signing thousands in would measure nothing more.
async fn link(program: &Program, roster: &Roster, by: AccountId) -> Result<usize> {
    let numbers = Numbers::default();
    let mut linked = 0;
    for (rank, student) in roster.students.iter().enumerate() {
        if rank % 3 >= LINKED_OF_THREE {
            continue;
        }
        let now = Timestamp::now();
        let identity = identity(student, rank, now)?;
        let contract = Contract::of(&[Attribute::Ido])?;
        let (signed_in, _) = PupilAccount::sign_in(None, &identity, &contract, &numbers, now)
            .map_err(|refusal| anyhow::anyhow!("{}", refusal.code()))?;
        program.store.record_sign_in(&signed_in).await?;
        let hand = Hand {
            actor: Actor::Account(by),
            chance: &numbers,
            now,
        };
        let pupil = signed_in.account.id;
        let linking = Linking::by_person(
            program.school,
            pupil,
            student.id,
            roster.revision,
            "3/3".to_owned(),
            hand,
        );
        program.store.record_linking(&linking).await?;
        linked += 1;
    }
    Ok(linked)
}

fn identity(student: &Student, rank: usize, now: Timestamp) -> Result<FederatedIdentity> {
    Ok(FederatedIdentity {
        ido: Ido::parse(&format!("bench-{rank}"))?,
        uais: vec![crate::siecle::spec().uai.to_string()],
        profile: Some(Profile::Pupil),
        last_name: student.last_name.clone(),
        first_name: student.first_name.clone(),
        divisions: vec![student.division.clone()],
        authenticated_at: now,
        session: ProviderSession::default(),
    })
}
