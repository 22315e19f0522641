//! Time by rounds, memory by process.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Two things timed turn by turn, so that a noisy machine slows both.
pub struct Pair {
    /// The median time of the first.
    pub first: Duration,
    /// The median time of the second.
    pub second: Duration,
    /// The median of the rounds' own ratios, first over second.
    pub ratio: f64,
}

/// Times two things turn by turn, after a round that is not counted.
pub fn turn_by_turn(
    rounds: usize,
    mut first: impl FnMut() -> Result<()>,
    mut second: impl FnMut() -> Result<()>,
) -> Result<Pair> {
    first()?;
    second()?;
    let mut firsts = Vec::with_capacity(rounds);
    let mut seconds = Vec::with_capacity(rounds);
    for _ in 0..rounds {
        firsts.push(time(&mut first)?);
        seconds.push(time(&mut second)?);
    }
    let mut ratios: Vec<f64> = firsts
        .iter()
        .zip(&seconds)
        .map(|(first, second)| first.as_secs_f64() / second.as_secs_f64())
        .collect();
    ratios.sort_by(f64::total_cmp);
    Ok(Pair {
        first: median(&mut firsts),
        second: median(&mut seconds),
        ratio: ratios[ratios.len() / 2],
    })
}

fn time(what: &mut impl FnMut() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    what()?;
    Ok(start.elapsed())
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// The most memory this process ever held, in bytes, as Linux counts it.
pub fn peak_bytes() -> Result<u64> {
    let status =
        fs::read_to_string("/proc/self/status").context("only Linux says a process's peak")?;
    let kibibytes: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .context("no VmHWM in /proc/self/status")?
        .parse()?;
    Ok(kibibytes * 1024)
}

/// A ratio, beside what was promised where something was: `1.31 (within 1.50)`.
pub fn beside(ratio: f64, promised: Option<f64>) -> String {
    match promised {
        None => format!("{ratio:.2}"),
        Some(most) if ratio <= most => format!("{ratio:.2} (within {most:.2})"),
        Some(most) => format!("{ratio:.2} (BEYOND {most:.2})"),
    }
}

#[cfg(test)]
mod tests {
    use super::{beside, peak_bytes, turn_by_turn};
    use std::cell::Cell;

    #[test]
    fn each_thing_runs_once_more_than_it_is_timed() {
        let (first, second) = (Cell::new(0), Cell::new(0));
        let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
        let pair = turn_by_turn(
            5,
            || {
                count(&first);
                std::thread::sleep(std::time::Duration::from_millis(3));
                Ok(())
            },
            || {
                count(&second);
                std::thread::sleep(std::time::Duration::from_millis(1));
                Ok(())
            },
        )
        .unwrap();
        assert_eq!((first.get(), second.get()), (6, 6));
        assert!(pair.ratio.is_finite() && pair.ratio > 0.0);
    }

    #[test]
    fn a_failure_stops_the_rounds() {
        assert!(turn_by_turn(2, || anyhow::bail!("no"), || Ok(())).is_err());
    }

    #[test]
    fn a_peak_never_goes_down() {
        let before = peak_bytes().unwrap();
        let held = vec![1_u8; 32 << 20];
        assert!(peak_bytes().unwrap() >= before + (held.len() as u64 / 2));
    }

    #[test]
    fn a_ratio_says_on_which_side_it_is() {
        assert_eq!(beside(1.3, Some(1.5)), "1.30 (within 1.50)");
        assert_eq!(beside(1.6, Some(1.5)), "1.60 (BEYOND 1.50)");
        assert_eq!(beside(1.6, None), "1.60");
    }
}
