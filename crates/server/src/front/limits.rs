//! What a client may take, each with its name; `[limits]` of the configuration sets them.

use std::num::NonZeroU64;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

use crate::config::some_number;

/// Connections at once, where the descriptors allow them.
const CONNECTIONS_MAX: u64 = 2_048;
/// Fewer would serve nobody.
const CONNECTIONS_MIN: u64 = 8;
/// Descriptors kept for all that is no connection of a client: the database, files, mails, standard streams.
const DESCRIPTORS_KEPT: u64 = 128;
/// Descriptors asked for, when the machine's own limit is higher.
const DESCRIPTORS_MAX: u64 = 65_536;
/// The head of a request, from its first byte.
const HEAD_SECONDS: u64 = 10;
/// A connection without a request. More than the minute for which proxies keep theirs: they must be the first to close.
const IDLE_SECONDS: u64 = 75;
/// A silence in a body, and waiting for it in all beside what its pace gives.
const BODY_GRACE_SECONDS: u64 = 20;
/// The slowest body.
const BODY_BYTES_PER_SECOND_MIN: u64 = 4 * 1024;
/// The same for a client that reads its answer.
const ANSWER_GRACE_SECONDS: u64 = 30;
/// The slowest reader.
const ANSWER_BYTES_PER_SECOND_MIN: u64 = 4 * 1024;
/// A whole request: its body, then the work until the answer begins.
const REQUEST_SECONDS: u64 = 10 * 60;
/// From the order to stop to the end of the process, for whatever is under way. Below `TimeoutStopSec` of the unit.
const STOP_SECONDS: u64 = 30;

/// A connection whose last answer was sent, while it throws away what the client still sends: so that the client can
/// read that answer.
pub const LINGER_MAX: Duration = Duration::from_mins(2);
/// Half a head when the process was told to stop.
pub const LAST_HEAD_MAX: Duration = Duration::from_secs(1);
/// Beyond the request's own limit: a handler that waits for a body ends by itself first.
pub const REQUEST_SLACK: Duration = Duration::from_secs(5);
/// Looking a session up, when the room of everybody is full.
pub const RECOGNISE_MAX: Duration = Duration::from_secs(2);
/// `/healthz`, `/readyz` and `/metrics` at once.
pub const WATCHES_MAX: usize = 16;

/// The limits of one process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once.
    pub connections_max: usize,
    /// The head of a request.
    pub head: Duration,
    /// A connection without a request.
    pub idle: Duration,
    /// The slowest body.
    pub body: Pacing,
    /// The slowest reader of an answer.
    pub answer: Pacing,
    /// A whole request until its answer begins.
    pub request: Duration,
    /// From the order to stop to the end.
    pub stop: Duration,
}

/// A floor under a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pacing {
    /// One silence at most, and waiting in all beside what the pace gives.
    pub grace: Duration,
    /// What must come beyond it.
    pub bytes_per_second_min: NonZeroU64,
}

/// The section `[limits]`: each key is the limit of its name. Without it, the product's own.
#[derive(Debug, Clone, Copy, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    #[serde(deserialize_with = "some_number")]
    pub connections_max: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub head_seconds: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub idle_seconds: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub body_grace_seconds: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub body_bytes_per_second_min: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub answer_grace_seconds: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub answer_bytes_per_second_min: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub request_seconds: Option<u32>,
    #[serde(deserialize_with = "some_number")]
    pub stop_seconds: Option<u32>,
}

impl LimitsConfig {
    /// The limits of a process that may open this many descriptors.
    pub fn limits(&self, descriptors: u64) -> Limits {
        let most = descriptors
            .saturating_sub(DESCRIPTORS_KEPT)
            .max(CONNECTIONS_MIN);
        let asked = self.connections_max.map_or(CONNECTIONS_MAX, u64::from);
        let connections = asked.max(CONNECTIONS_MIN).min(most);
        Limits {
            connections_max: usize::try_from(connections).unwrap_or(usize::MAX),
            head: seconds(self.head_seconds, HEAD_SECONDS),
            idle: seconds(self.idle_seconds, IDLE_SECONDS),
            body: pacing(
                (self.body_grace_seconds, BODY_GRACE_SECONDS),
                (self.body_bytes_per_second_min, BODY_BYTES_PER_SECOND_MIN),
            ),
            answer: pacing(
                (self.answer_grace_seconds, ANSWER_GRACE_SECONDS),
                (
                    self.answer_bytes_per_second_min,
                    ANSWER_BYTES_PER_SECOND_MIN,
                ),
            ),
            request: seconds(self.request_seconds, REQUEST_SECONDS),
            stop: seconds(self.stop_seconds, STOP_SECONDS),
        }
    }
}

fn seconds(asked: Option<u32>, otherwise: u64) -> Duration {
    Duration::from_secs(asked.map_or(otherwise, u64::from))
}

fn pacing(grace: (Option<u32>, u64), floor: (Option<u32>, u64)) -> Pacing {
    let floor = NonZeroU64::new(floor.0.map_or(floor.1, u64::from));
    Pacing {
        grace: seconds(grace.0, grace.1),
        bytes_per_second_min: floor.unwrap_or(NonZeroU64::MIN),
    }
}

/// Raises the limit on open descriptors as far as the machine lets, and says where it is. Where it cannot be raised, the
/// limit that holds is the one to live with.
pub fn raise_descriptors() -> u64 {
    let found = getrlimit(Resource::Nofile);
    let wanted = found
        .maximum
        .map_or(DESCRIPTORS_MAX, |most| most.min(DESCRIPTORS_MAX));
    let current = found.current.unwrap_or(wanted);
    if current >= wanted {
        return current;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum: found.maximum,
    };
    match setrlimit(Resource::Nofile, raised) {
        Ok(()) => wanted,
        Err(error) => {
            tracing::warn!(%error, current, "the limit on open files could not be raised");
            current
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_on_connections_leaves_descriptors_for_the_rest() {
        let limits = |descriptors| LimitsConfig::default().limits(descriptors).connections_max;
        for (descriptors, connections) in [
            (65_536, 2_048),
            (1_024, 896),
            (256, 128),
            (128, 8),
            (0, 8),
            (u64::MAX, 2_048),
        ] {
            assert_eq!(limits(descriptors), connections, "{descriptors}");
        }
    }

    #[test]
    fn what_is_asked_for_holds_as_far_as_descriptors_do() {
        let asked = LimitsConfig {
            connections_max: Some(500),
            stop_seconds: Some(3),
            ..LimitsConfig::default()
        };
        assert_eq!(asked.limits(1_024).connections_max, 500);
        assert_eq!(asked.limits(256).connections_max, 128);
        assert_eq!(asked.limits(256).stop, Duration::from_secs(3));
        assert_eq!(asked.limits(256).head, Duration::from_secs(HEAD_SECONDS));
    }
}
