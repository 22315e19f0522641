//! Importing a list over HTTP on each database, from the upload to what is committed, beside reading alone; then the same
//! file again, which must rewrite nothing.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use anyhow::{Result, ensure};
use jiff::Timestamp;
use pix_orga_domain::clock::day_in_paris;
use pix_orga_domain::ids::StudentId;
use pix_orga_domain::roster::import::{ImportState, Mark, Phases};
use pix_orga_domain::roster::{Roster, Student};

use crate::measure::{median, milliseconds, time, under};
use crate::program::{Imported, On, Program, export, wait_for};
use crate::siecle::read;

const PUPILS: [usize; 2] = [3_000, 10_000];
/// Promised, in seconds, for each of [`PUPILS`].
const SECONDS_MAX: [f64; 2] = [1.0, 3.0];
/// Fresh programs for each size: a first import happens once in a database.
const ROUNDS: usize = 3;
const READINGS: usize = 5;
/// The server's counters are a moment late: how long they are waited for.
const COUNTERS_EVERY: Duration = Duration::from_millis(200);
const COUNTERS_LOOKED_AT_MAX: usize = 50;

/// Imports each size and prints its phases and ratios.
pub fn run() -> Result<()> {
    for on in On::both()? {
        println!(
            "import: {}, over HTTP, upload to committed ({ROUNDS} fresh programs, the median one shown)",
            on.name()
        );
        for (pupils, most) in PUPILS.into_iter().zip(SECONDS_MAX) {
            report(&on, pupils, most)?;
        }
    }
    Ok(())
}

struct Round {
    first: Imported,
    again: Imported,
}

fn report(on: &On, pupils: usize, most: f64) -> Result<()> {
    let school = export(pupils);
    let zip = school.to_zip_bytes()?;
    let today = day_in_paris(Timestamp::now());
    let mut readings = Vec::with_capacity(READINGS);
    let mut present = 0;
    for _ in 0..READINGS {
        readings.push(time(&mut || {
            present = black_box(read(&zip, today)?).students.len();
            Ok(())
        })?);
    }
    let reading = median(&mut readings);
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        rounds.push(wait_for(round(on, &zip, present))?);
    }
    rounds.sort_by_key(|round| round.first.took);
    let Round { first, again } = &rounds[ROUNDS / 2];
    println!("  {pupils} pupils, {} KiB zipped", zip.len() / 1024);
    println!(
        "    first   {} s; {}",
        under(first.took.as_secs_f64(), most),
        details(first)
    );
    println!(
        "            over reading alone ({}): {:.2}",
        milliseconds(reading),
        ratio(first.took, reading)
    );
    println!(
        "    again   {}; {}",
        milliseconds(again.took),
        details(again)
    );
    println!(
        "            over the first: {:.2}; no row rewritten",
        ratio(again.took, first.took)
    );
    Ok(())
}

/// A first import into a fresh database, then the same file: the roster keeps its revision, which any write of it
/// moves, and its rows.
async fn round(on: &On, zip: &[u8], present: usize) -> Result<Round> {
    let mut program = Program::start(on).await?;
    let first = program.import(zip.to_vec()).await?;
    ensure!(
        matches!(first.import.state, ImportState::Written { .. }),
        "the first import ends {}",
        first.import.state.code()
    );
    let before = program.store.load(program.school).await?;
    ensure!(
        before.students.len() == present,
        "{} pupils written of {present}",
        before.students.len()
    );
    let again = program.import(zip.to_vec()).await?;
    ensure!(
        matches!(again.import.state, ImportState::NothingToDo { .. }),
        "the second import ends {}",
        again.import.state.code()
    );
    let after = program.store.load(program.school).await?;
    ensure!(
        after.revision == before.revision,
        "the same file moved the roster's revision"
    );
    ensure!(
        by_id(after) == by_id(before),
        "the same file rewrote pupils"
    );
    if matches!(on, On::Postgres(_)) {
        counted(&mut program, present).await?;
    }
    Ok(Round { first, again })
}

fn by_id(roster: Roster) -> BTreeMap<StudentId, Student> {
    roster
        .students
        .into_iter()
        .map(|student| (student.id, student))
        .collect()
}

/// PostgreSQL's own counters, which a connection that ends hands in: each pupil was inserted once, by the first import,
/// and no row of theirs was written again.
async fn counted(program: &mut Program, present: usize) -> Result<()> {
    program.demo.kill().await;
    let query = "select concat_ws(' ', n_tup_ins, n_tup_upd, n_tup_del)
                 from pg_stat_user_tables where relname = 'students'";
    let expected = format!("{present} 0 0");
    let mut counters = String::new();
    for _ in 0..COUNTERS_LOOKED_AT_MAX {
        let mut link = program.demo.database().open().await;
        counters = link.rows("", query).await.concat();
        if counters == expected {
            return Ok(());
        }
        tokio::time::sleep(COUNTERS_EVERY).await;
    }
    anyhow::bail!("rows of pupils inserted, updated, deleted: {counters}, not {expected}")
}

/// How long each phase took, the last one being from the decision to its commit, and the server's own time.
fn details(imported: &Imported) -> String {
    let Phases {
        received,
        checked,
        compared,
        written,
    } = imported.import.phases;
    let took = jiff::SignedDuration::try_from(imported.took).unwrap_or_default();
    let committed = imported.began.saturating_add(took).ok();
    let at = |mark: Option<Mark>| mark.map(|mark| mark.at);
    let marks = [
        ("received", Some(received.at)),
        ("read", at(checked)),
        ("compared", at(compared)),
        ("decided", at(written)),
        ("committed", committed),
    ];
    let mut since = imported.began;
    let mut parts = Vec::new();
    for (name, at) in marks {
        let Some(at) = at else { continue };
        let took = at.duration_since(since).as_secs_f64() * 1e3;
        parts.push(format!("{name} {took:.0} ms"));
        since = at;
    }
    format!(
        "{}; processor {}",
        parts.join(", "),
        milliseconds(imported.processor)
    )
}

fn ratio(first: Duration, second: Duration) -> f64 {
    first.as_secs_f64() / second.as_secs_f64()
}
