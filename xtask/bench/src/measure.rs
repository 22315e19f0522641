//! Time by rounds, and how what was measured stands beside what was promised.

use std::time::{Duration, Instant};

use anyhow::Result;

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

/// How long something took.
pub fn time(what: &mut impl FnMut() -> Result<()>) -> Result<Duration> {
    let start = Instant::now();
    what()?;
    Ok(start.elapsed())
}

/// The median.
pub fn median(times: &mut [Duration]) -> Duration {
    quantile(times, 0.5)
}

/// A share of the times, such as 0.5 for the median: none is longer than the one given, that share of them at least.
pub fn quantile(times: &mut [Duration], share: f64) -> Duration {
    times.sort_unstable();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a number of times is a rank among them"
    )]
    let rank = (times.len() as f64 * share).ceil() as usize;
    let rank = rank.clamp(1, times.len().max(1));
    times.get(rank - 1).copied().unwrap_or_default()
}

/// In milliseconds, for people: `12.3 ms`.
pub fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// Bytes in mebibytes, as ratios and people want them.
#[expect(
    clippy::cast_precision_loss,
    reason = "sizes of files and processes, far below 2^52"
)]
pub fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / f64::from(1 << 20)
}

/// What was measured, beside what was promised: `12.0 (under 25)`.
pub fn under(measured: f64, most: f64) -> String {
    let side = if measured < most { "under" } else { "BEYOND" };
    format!("{measured:.1} ({side} {most})")
}

/// What was measured, beside the least that was promised: `612 (at least 500)`.
pub fn at_least(measured: f64, least: f64) -> String {
    let side = if measured >= least {
        "at least"
    } else {
        "SHORT OF"
    };
    format!("{measured:.0} ({side} {least})")
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
    use super::{at_least, beside, quantile, turn_by_turn, under};
    use std::cell::Cell;
    use std::time::Duration;

    #[test]
    fn each_thing_runs_once_more_than_it_is_timed() {
        let (first, second) = (Cell::new(0), Cell::new(0));
        let count = |cell: &Cell<u32>| cell.set(cell.get() + 1);
        let pair = turn_by_turn(
            5,
            || {
                count(&first);
                std::thread::sleep(Duration::from_millis(3));
                Ok(())
            },
            || {
                count(&second);
                std::thread::sleep(Duration::from_millis(1));
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
    fn a_share_of_the_times_is_never_longer() {
        let mut times: Vec<_> = (1..=200).rev().map(Duration::from_millis).collect();
        assert_eq!(quantile(&mut times, 0.5), Duration::from_millis(100));
        assert_eq!(quantile(&mut times, 0.99), Duration::from_millis(198));
        assert_eq!(quantile(&mut times, 1.0), Duration::from_millis(200));
        assert_eq!(quantile(&mut [], 0.5), Duration::ZERO);
    }

    #[test]
    fn a_measure_says_on_which_side_of_the_promise_it_is() {
        assert_eq!(under(12.04, 25.0), "12.0 (under 25)");
        assert_eq!(under(25.0, 25.0), "25.0 (BEYOND 25)");
        assert_eq!(at_least(500.0, 500.0), "500 (at least 500)");
        assert_eq!(at_least(499.0, 500.0), "499 (SHORT OF 500)");
    }

    #[test]
    fn a_ratio_says_on_which_side_it_is() {
        assert_eq!(beside(1.3, Some(1.5)), "1.30 (within 1.50)");
        assert_eq!(beside(1.6, Some(1.5)), "1.60 (BEYOND 1.50)");
        assert_eq!(beside(1.6, None), "1.60");
    }
}
