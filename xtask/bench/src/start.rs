//! The program itself: its size, how soon it answers, what it holds at rest.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use journeys::Demo;
use journeys::demo::binary;

use crate::measure::{mebibytes, median, under};
use crate::process::Process;
use crate::program::{On, Program, export, wait_for};

const STARTS: usize = 7;
/// Pupils imported before a second look at the memory.
const PUPILS: usize = 3_000;
/// Given to the program to be at rest.
const REST: Duration = Duration::from_secs(2);

/// Promised: from its launch on an empty folder to its first page, in seconds.
const START_SECONDS_MAX: f64 = 1.0;
/// Promised, in MiB.
const BINARY_MEBIBYTES_MAX: f64 = 40.0;
/// Promised, in MiB.
const REST_MEBIBYTES_MAX: f64 = 60.0;

/// Measures and prints.
pub fn run() -> Result<()> {
    wait_for(measure())
}

async fn measure() -> Result<()> {
    println!("start: the program itself");
    let program = binary();
    let size = fs::metadata(&program)
        .with_context(|| program.display().to_string())?
        .len();
    println!(
        "  binary           {} MiB",
        under(mebibytes(size), BINARY_MEBIBYTES_MAX)
    );
    let (mut fresh, mut known) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let start = Instant::now();
        let mut demo = Demo::start().await;
        answers(&demo).await?;
        fresh.push(start.elapsed());
        let start = Instant::now();
        demo.kill_and_restart().await;
        answers(&demo).await?;
        known.push(start.elapsed());
    }
    println!(
        "  first page       {} s after its launch, with an empty SQLite",
        under(median(&mut fresh).as_secs_f64(), START_SECONDS_MAX)
    );
    println!(
        "                   {:.2} s after a power cut",
        median(&mut known).as_secs_f64()
    );
    let demo = Demo::start().await;
    answers(&demo).await?;
    tokio::time::sleep(REST).await;
    let process = demo
        .process_id()
        .map(Process)
        .context("the program ended")?;
    println!(
        "  memory at rest   {} MiB",
        under(mebibytes(process.resident_bytes()?), REST_MEBIBYTES_MAX)
    );
    drop(demo);
    after_an_import().await
}

async fn after_an_import() -> Result<()> {
    let program = Program::start(&On::Sqlite).await?;
    program.import(export(PUPILS).to_zip_bytes()?).await?;
    program.head.at("/eleves").await;
    tokio::time::sleep(REST).await;
    let process = program.process()?;
    println!(
        "                   {:.1} MiB once {PUPILS} pupils were imported, {:.1} MiB at most meanwhile",
        mebibytes(process.resident_bytes()?),
        mebibytes(process.peak_bytes()?)
    );
    Ok(())
}

async fn answers(demo: &Demo) -> Result<()> {
    let page = demo.browser().get("/connexion").await;
    ensure!(
        page.status == 200,
        "the first page is answered {}",
        page.status
    );
    Ok(())
}
