//! `cargo xtask simulate`: rules judged on pupils who do not exist.

use std::time::Instant;

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use pix_orga_demo::simulation::{Faults, Figures, Simulation};

/// Pupils linked to somebody else, out of [`WRONG_OF`].
const WRONG_MAX: u64 = 3;
const WRONG_OF: u64 = 150_000;
/// Pupils linked to themselves, out of a hundred who come.
const LINKED_PERCENT_MIN: f64 = 93.0;

/// What can be simulated.
#[derive(Subcommand)]
pub enum Subject {
    /// Which student a pupil is: linked, sent to staff, not found, and wrong.
    Reconciliation(Options),
}

/// How many, and which.
#[derive(Args)]
pub struct Options {
    /// The same seed gives the same pupils and the same faults.
    #[arg(long, default_value_t = 2026)]
    seed: u64,
    /// How many schools.
    #[arg(long, default_value_t = 150)]
    schools: u32,
    /// How many pupils in each.
    #[arg(long, default_value_t = 1_000)]
    pupils: usize,
}

/// Runs it, as this program is built: building it in release takes longer than what that saves.
pub fn run(subject: &Subject) -> Result<()> {
    let Subject::Reconciliation(options) = subject;
    let start = Instant::now();
    let figures = options.simulation().run();
    println!(
        "{} schools of {}, seed {}",
        options.schools, options.pupils, options.seed
    );
    print(&figures);
    println!("  took         {:>9.1} s", start.elapsed().as_secs_f64());
    judge(&figures)
}

impl Options {
    fn simulation(&self) -> Simulation {
        Simulation {
            seed: self.seed,
            schools: self.schools,
            pupils: self.pupils,
            faults: Faults::USUAL,
        }
    }
}

fn print(figures: &Figures) {
    println!("  came         {:>9}", figures.came);
    println!(
        "  on the list  {:>9}  {:>7.2} %",
        figures.imported,
        percent(figures.imported, figures)
    );
    println!(
        "  linked       {:>9}  {:>7.2} %",
        figures.linked,
        percent(figures.linked, figures)
    );
    println!(
        "  sent to staff{:>9}  {:>7.2} %",
        figures.staff,
        percent(figures.staff, figures)
    );
    println!(
        "  not found    {:>9}  {:>7.2} %",
        figures.not_found,
        percent(figures.not_found, figures)
    );
    println!("  wrong        {:>9}", figures.wrong);
}

fn percent(count: u32, figures: &Figures) -> f64 {
    f64::from(count) * 100.0 / f64::from(figures.came.max(1))
}

fn judge(figures: &Figures) -> Result<()> {
    let counted = figures.linked + figures.staff + figures.not_found + figures.wrong;
    if counted == 0 || counted != figures.came {
        bail!("{counted} pupils are counted where {} came", figures.came);
    }
    if u64::from(figures.wrong) * WRONG_OF
        > WRONG_MAX * u64::from(figures.came.max(1)).max(WRONG_OF)
    {
        bail!("{} wrong: at most {WRONG_MAX} in {WRONG_OF}", figures.wrong);
    }
    let linked = percent(figures.linked, figures);
    if linked < LINKED_PERCENT_MIN {
        bail!("{linked:.2} % linked: at least {LINKED_PERCENT_MIN} %");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(linked: u32, wrong: u32) -> Figures {
        Figures {
            came: 150_000,
            imported: 145_500,
            linked,
            staff: 150_000 - linked - wrong,
            not_found: 0,
            wrong,
        }
    }

    #[test]
    fn both_targets_are_held_to_the_pupil() {
        assert!(judge(&figures(139_500, 3)).is_ok());
        assert!(judge(&figures(139_499, 3)).is_err());
        assert!(judge(&figures(139_500, 4)).is_err());
        assert!(judge(&Figures::default()).is_err());
        let lost = Figures {
            staff: 0,
            ..figures(139_500, 0)
        };
        assert!(judge(&lost).is_err());
    }
}
