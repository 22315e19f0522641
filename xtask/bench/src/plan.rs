//! Comparing a file with a roster and planning what it would do, without a database: the first file, the same again, the
//! next export of the same school, and one where a tenth of the pupils exchange their INEs by two.
//!
//! With `--beside`, another build of this program does the same, turn by turn, each in a process of its own.

use std::hint::black_box;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use pix_orga_demo::siecle::Generator;
use pix_orga_domain::ids::{ImportId, OrganizationId, StudentId};
use pix_orga_domain::roster::plan::Plan;
use pix_orga_domain::roster::reading::Reading;
use pix_orga_domain::roster::{LastImport, Roster, Student};
use uuid::Uuid;

use crate::measure::{median, milliseconds, time};
use crate::siecle::{EXPORTED_ON, SCHOOL_YEAR, SEED, read, spec};

const PUPILS: [usize; 2] = [3_000, 20_000];
const ROUNDS: usize = 41;
/// One pupil in so many is of a pair that exchanges its INEs.
const EXCHANGED_OF: usize = 10;

/// One pupil in so many is left for the next file to bring.
const NEWCOMERS_OF: usize = 20;

/// One file to plan, again each time a line comes.
#[derive(Args)]
pub struct Planning {
    case: Case,
    pupils: usize,
}

#[derive(Clone, Copy, ValueEnum)]
enum Case {
    /// Nobody is on the roster.
    First,
    /// The file that the roster stands on.
    Same,
    /// The same school's export of a later day.
    Next,
    /// The same file, with INEs exchanged.
    Exchanged,
}

/// Measures each file at each size, and beside another build when there is one.
pub fn run(other: Option<&Path>) -> Result<()> {
    println!("plan: comparing and planning alone ({ROUNDS} rounds, turn by turn)");
    let ours = std::env::current_exe()?;
    for pupils in PUPILS {
        println!("  {pupils} pupils");
        for case in Case::value_variants() {
            let name = case.to_possible_value().unwrap_or_default();
            let line = beside(&ours, other, name.get_name(), pupils)?;
            println!("    {:<10}{line}", name.get_name());
        }
    }
    Ok(())
}

fn beside(ours: &Path, other: Option<&Path>, case: &str, pupils: usize) -> Result<String> {
    let mut ours = Planner::start(ours, case, pupils)?;
    let mut other = other
        .map(|other| Planner::start(other, case, pupils))
        .transpose()?;
    let (mut first, mut second, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let took = ours.plan()?;
        let beside = other.as_mut().map(Planner::plan).transpose()?;
        // The first round of each warms it.
        if round == 0 {
            continue;
        }
        first.push(took);
        if let Some(beside) = beside {
            second.push(beside);
            ratios.push(took.as_secs_f64() / beside.as_secs_f64());
        }
    }
    let took = milliseconds(median(&mut first));
    if ratios.is_empty() {
        return Ok(took);
    }
    ratios.sort_by(f64::total_cmp);
    Ok(format!(
        "{took} beside {}: ratio {:.2}",
        milliseconds(median(&mut second)),
        ratios[ratios.len() / 2]
    ))
}

/// A process that plans one file again and again.
struct Planner {
    process: Child,
    asked: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Planner {
    fn start(program: &Path, case: &str, pupils: usize) -> Result<Self> {
        let mut process = Command::new(program)
            .args(["planning", case, &pupils.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", program.display()))?;
        let asked = process.stdin.take().context("no way to ask")?;
        let answers = process.stdout.take().context("no answer")?;
        Ok(Self {
            process,
            asked,
            answers: BufReader::new(answers),
        })
    }

    fn plan(&mut self) -> Result<Duration> {
        self.asked.write_all(b"\n")?;
        let mut answer = String::new();
        self.answers.read_line(&mut answer)?;
        let nanoseconds = answer.trim().parse().context("no time was answered")?;
        Ok(Duration::from_nanos(nanoseconds))
    }
}

impl Drop for Planner {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Answers each line with the nanoseconds that a plan takes.
pub fn planning(asked: &Planning) -> Result<()> {
    let (roster, file) = asked.case.prepare(asked.pupils)?;
    for line in std::io::stdin().lines() {
        line?;
        let took = time(&mut || {
            black_box(Plan::compute(
                black_box(&roster),
                black_box(&file),
                EXPORTED_ON,
            ));
            Ok(())
        })?;
        println!("{}", took.as_nanos());
    }
    Ok(())
}

impl Case {
    fn prepare(self, pupils: usize) -> Result<(Roster, Reading)> {
        let generator = Generator::new(SEED);
        let pupils = match self {
            // The next file has more pupils, and no file may have more than 20,000.
            Self::Next => pupils - pupils / NEWCOMERS_OF,
            Self::First | Self::Same | Self::Exchanged => pupils,
        };
        let school = generator.generate(&spec(), pupils, SCHOOL_YEAR, EXPORTED_ON);
        let mut file = read(&school.to_xml_bytes(), EXPORTED_ON)?;
        let roster = match self {
            Self::First => Roster::empty(OrganizationId(Uuid::from_u128(1))),
            Self::Same | Self::Next | Self::Exchanged => written(&file),
        };
        match self {
            Self::First | Self::Same => {}
            Self::Next => {
                let next = generator.next_export(&school, EXPORTED_ON);
                file = read(&next.school.to_xml_bytes(), EXPORTED_ON)?;
            }
            Self::Exchanged => exchange(&mut file),
        }
        ensure!(!file.students.is_empty(), "nobody to plan");
        Ok((roster, file))
    }
}

fn written(file: &Reading) -> Roster {
    let school = OrganizationId(Uuid::from_u128(1));
    let rows = file.students.iter().zip(1..);
    Roster {
        students: rows
            .map(|(row, id)| Student::enrolled(StudentId(Uuid::from_u128(id)), school, row))
            .collect(),
        last_import: Some(LastImport {
            import_id: ImportId(Uuid::from_u128(2)),
            school_year: file.file.school_year,
            exported_on: file.file.exported_on,
            at: Timestamp::UNIX_EPOCH,
        }),
        ..Roster::empty(school)
    }
}

fn exchange(file: &mut Reading) {
    for pair in file.students.chunks_mut(2).step_by(EXCHANGED_OF) {
        if let [one, other] = pair {
            std::mem::swap(&mut one.ine, &mut other.ine);
        }
    }
}
