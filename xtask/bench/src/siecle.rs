//! Reading a SIECLE export, from unzipped bytes to rows and remarks, beside bare roxmltree on the decoded text.

use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use clap::{Args, ValueEnum};
use encoding_rs::ISO_8859_15;
use jiff::civil::{Date, date};
use pix_orga_demo::schools;
use pix_orga_demo::siecle::{Generator, SchoolSpec};
use pix_orga_domain::roster::reading::Reading;
use pix_orga_domain::uai::Uai;
use pix_orga_siecle::Request;
use roxmltree::Document;

use crate::measure::{beside, mebibytes, turn_by_turn};
use crate::process::own_peak_bytes;

const PUPILS: [usize; 2] = [3_000, 12_000];
const ROUNDS: usize = 15;
/// Where every draw comes from: the same pupils at each run.
pub const SEED: u64 = 1;
/// The school year of the files, by its first year.
pub const SCHOOL_YEAR: i16 = 2026;
/// The day the files say they were exported on.
pub const EXPORTED_ON: Date = date(2026, 10, 5);

/// The size that something was promised of; the others show how it grows.
const PROMISED_PUPILS: usize = 3_000;
/// Promised: time over that of bare roxmltree.
const TIME_RATIO_MAX: f64 = 1.5;
/// Promised: peak of memory over the size of the XML.
const MEMORY_RATIO_MAX: f64 = 12.0;

/// The peak of memory of one reading, in a process of its own.
#[derive(Args)]
pub struct Peak {
    reader: Reader,
    file: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Reader {
    /// Ours.
    Siecle,
    /// Bare roxmltree.
    Tree,
}

/// Measures each size and prints its ratios.
pub fn run() -> Result<()> {
    println!(
        "siecle: reading, beside bare roxmltree on the decoded text ({ROUNDS} rounds, turn by turn)"
    );
    let folder = tempfile::tempdir()?;
    for pupils in PUPILS {
        let school = Generator::new(SEED).generate(&spec(), pupils, SCHOOL_YEAR, EXPORTED_ON);
        let present = school.present().count();
        let xml = school.to_xml_bytes();
        let file = folder.path().join(format!("{pupils}.xml"));
        fs::write(&file, &xml)?;
        report(pupils, present, &xml, &file)?;
    }
    Ok(())
}

fn report(pupils: usize, present: usize, xml: &[u8], file: &Path) -> Result<()> {
    let (text, _, _) = ISO_8859_15.decode(xml);
    let times = turn_by_turn(
        ROUNDS,
        || {
            let reading = black_box(read(xml, EXPORTED_ON)?);
            ensure!(
                reading.students.len() == present,
                "{} pupils read of {present}",
                reading.students.len()
            );
            Ok(())
        },
        || {
            black_box(Document::parse(&text)?);
            Ok(())
        },
    )?;
    let size = mebibytes(xml.len() as u64);
    let promised = |most| (pupils == PROMISED_PUPILS).then_some(most);
    println!("  {pupils} pupils, {size:.1} MiB of XML");
    println!(
        "    time    {:.1} ms beside {:.1} ms: ratio {}",
        times.first.as_secs_f64() * 1e3,
        times.second.as_secs_f64() * 1e3,
        beside(times.ratio, promised(TIME_RATIO_MAX))
    );
    let ours = mebibytes(peak_in_a_process("siecle", file)?);
    let bare = mebibytes(peak_in_a_process("tree", file)?);
    println!(
        "    memory  {ours:.1} MiB beside {bare:.1} MiB: over the XML {}",
        beside(ours / size, promised(MEMORY_RATIO_MAX))
    );
    Ok(())
}

/// The school that every file is of: the demo's own.
pub fn spec() -> SchoolSpec {
    SchoolSpec::of(&schools::all()[0])
}

/// Reads a file as an import does, the wait apart: from unzipped or zipped bytes to rows and remarks.
pub fn read(bytes: &[u8], reference_day: Date) -> Result<Reading> {
    let expected_uai: Uai = spec().uai;
    pix_orga_siecle::read(&Request {
        bytes,
        expected_uai,
        reference_day,
    })
    .map_err(|refusal| anyhow!("the generated file is refused: {}", refusal.code.code()))
}

fn peak_in_a_process(reader: &str, file: &Path) -> Result<u64> {
    let out = Command::new(std::env::current_exe()?)
        .args(["peak", reader])
        .arg(file)
        .output()?;
    ensure!(
        out.status.success(),
        "the reading in a process of its own failed: {}",
        String::from_utf8_lossy(&out.stderr).trim()
    );
    String::from_utf8(out.stdout)?
        .trim()
        .parse()
        .context("no peak was printed")
}

/// Prints by how many bytes reading the file raised this process's peak, the file's own bytes included.
pub fn peak(asked: &Peak) -> Result<()> {
    let before = own_peak_bytes()?;
    let xml = fs::read(&asked.file)?;
    match asked.reader {
        Reader::Siecle => {
            black_box(read(&xml, EXPORTED_ON)?);
        }
        Reader::Tree => {
            let (text, _, _) = ISO_8859_15.decode(&xml);
            black_box(Document::parse(&text)?);
        }
    }
    println!("{}", own_peak_bytes()? - before);
    Ok(())
}
