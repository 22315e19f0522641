//! What Linux says of another process: the processor time it took, the memory it holds.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

/// Ticks in a second of `/proc/PID/stat`: Linux fixes it for programs, whatever its own clock.
const TICKS_PER_SECOND: u32 = 100;
/// Of `/proc/PID/stat`, past the name: the time in the program, then in the system for it.
const USER_TIME_FIELD: usize = 11;

/// A process that runs.
#[derive(Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// The processor time it took since it started, all threads together.
    pub fn processor_time(self) -> Result<Duration> {
        let path = format!("/proc/{}/stat", self.0);
        let stat = fs::read_to_string(&path).with_context(|| path.clone())?;
        let ticks = ticks(&stat).with_context(|| format!("{path} is not what Linux writes"))?;
        Ok(Duration::from_secs(1) * ticks / TICKS_PER_SECOND)
    }

    /// The processor time it took since it had taken that much.
    pub fn processor_time_since(self, before: Duration) -> Result<Duration> {
        Ok(self.processor_time()?.saturating_sub(before))
    }

    /// The memory it holds now, in bytes.
    pub fn resident_bytes(self) -> Result<u64> {
        status_bytes(&self.0.to_string(), "VmRSS:")
    }

    /// The most memory it ever held, in bytes.
    pub fn peak_bytes(self) -> Result<u64> {
        status_bytes(&self.0.to_string(), "VmHWM:")
    }
}

/// The most memory this process ever held, in bytes.
pub fn own_peak_bytes() -> Result<u64> {
    status_bytes("self", "VmHWM:")
}

fn status_bytes(process: &str, field: &str) -> Result<u64> {
    let path = format!("/proc/{process}/status");
    let status = fs::read_to_string(&path).context("only Linux says what a process holds")?;
    let kibibytes: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix(field))
        .and_then(|rest| rest.trim().strip_suffix(" kB"))
        .with_context(|| format!("no {field} in {path}"))?
        .parse()?;
    Ok(kibibytes * 1024)
}

/// The name is between brackets, and may hold blanks and brackets: what is read stands after the last one.
fn ticks(stat: &str) -> Option<u32> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(USER_TIME_FIELD);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::{Process, own_peak_bytes, ticks};

    #[test]
    fn a_name_with_brackets_and_blanks_moves_nothing() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194560 900 0 3 0 41 17 0 0 20 0 4 0 12";
        assert_eq!(ticks(stat), Some(58));
        assert_eq!(ticks("7 (cut"), None);
    }

    #[test]
    fn work_takes_processor_time() {
        let me = Process(std::process::id());
        let before = me.processor_time().unwrap();
        let start = std::time::Instant::now();
        let mut sum = 0_u64;
        while me.processor_time().unwrap() == before && start.elapsed().as_secs() < 20 {
            sum = std::hint::black_box((0..100_000).fold(sum, u64::wrapping_add));
        }
        assert!(me.processor_time().unwrap() > before);
    }

    #[test]
    fn a_peak_never_goes_down_and_holds_what_is_held() {
        let before = own_peak_bytes().unwrap();
        let held = vec![1_u8; 32 << 20];
        assert!(own_peak_bytes().unwrap() >= before + (held.len() as u64 / 2));
        let me = Process(std::process::id());
        assert!(me.resident_bytes().unwrap() <= me.peak_bytes().unwrap());
    }
}
