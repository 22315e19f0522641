//! The places of connections, and which one gives way when there is none left.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use pix_orga_web::App;
use tokio::sync::Notify;
use tokio::time::Instant;

use super::limits::{LAST_HEAD_MAX, LINGER_MAX, Limits};
use super::pace::Pace;
use super::tally::Limit;

/// The places of one process.
pub struct Slots {
    max: usize,
    open: Arc<Open>,
}

struct Open {
    app: Arc<App>,
    places: Mutex<Places>,
}

#[derive(Default)]
struct Places {
    next: u64,
    taken: HashMap<u64, Arc<Slot>>,
}

/// Where a connection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// No byte of a request has come.
    Waiting,
    /// A part of a head has come.
    Head,
    /// A request is under way: its body, the work, its answer.
    Request,
    /// The last answer is sent; what the client still sends is thrown away.
    Lingering,
}

/// One connection, as it is seen from its own task and from whoever needs its place.
pub struct Slot {
    state: Mutex<State>,
    leave: Notify,
}

struct State {
    phase: Phase,
    since: Instant,
    answer: Pace,
}

/// A place taken, until it is dropped.
pub struct Entered {
    number: u64,
    slot: Arc<Slot>,
    open: Arc<Open>,
}

impl Slots {
    /// This many places.
    pub fn new(max: usize, app: Arc<App>) -> Self {
        let places = Mutex::default();
        Self {
            max,
            open: Arc::new(Open { app, places }),
        }
    }

    /// Whether all are taken.
    pub fn are_full(&self) -> bool {
        self.open.places().taken.len() >= self.max
    }

    /// Sends away the connection that has waited longest for a request. False: all have one.
    pub fn make_room(&self) -> bool {
        let mut places = self.open.places();
        let Some(number) = longest_waiting(&places.taken) else {
            return false;
        };
        if let Some(slot) = places.taken.remove(&number) {
            slot.leave.notify_one();
        }
        true
    }

    /// Takes a place.
    pub fn enter(&self, now: Instant) -> Entered {
        let slot = Arc::new(Slot::new(now));
        let mut places = self.open.places();
        let number = places.next;
        places.next += 1;
        places.taken.insert(number, Arc::clone(&slot));
        self.open.app.metrics.connections_open(places.taken.len());
        Entered {
            number,
            slot,
            open: Arc::clone(&self.open),
        }
    }
}

impl Open {
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let mut places = self.open.places();
        places.taken.remove(&self.number);
        self.open.app.metrics.connections_open(places.taken.len());
    }
}

impl std::ops::Deref for Entered {
    type Target = Arc<Slot>;
    fn deref(&self) -> &Arc<Slot> {
        &self.slot
    }
}

fn longest_waiting(taken: &HashMap<u64, Arc<Slot>>) -> Option<u64> {
    let waiting = taken
        .iter()
        .filter_map(|(number, slot)| Some((slot.waiting_since()?, *number)));
    waiting.min().map(|(_, number)| number)
}

impl Slot {
    fn new(now: Instant) -> Self {
        Self {
            state: Mutex::new(State {
                phase: Phase::Waiting,
                since: now,
                answer: Pace::default(),
            }),
            leave: Notify::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn waiting_since(&self) -> Option<Instant> {
        let state = self.state();
        (state.phase != Phase::Request).then_some(state.since)
    }

    /// Bytes came from the client.
    pub fn read(&self, now: Instant) {
        let mut state = self.state();
        if state.phase == Phase::Waiting {
            state.phase = Phase::Head;
            state.since = now;
        }
    }

    /// The head of a request is whole.
    pub fn request_begins(&self, now: Instant) {
        let mut state = self.state();
        state.phase = Phase::Request;
        state.since = now;
        state.answer = Pace::default();
    }

    /// The answer was handed over, whole or not.
    pub fn request_ends(&self, now: Instant) {
        let mut state = self.state();
        if state.phase == Phase::Request {
            state.phase = Phase::Waiting;
            state.since = now;
        }
    }

    /// The last answer is sent.
    pub fn lingers(&self, now: Instant) {
        let mut state = self.state();
        if state.phase != Phase::Lingering {
            state.phase = Phase::Lingering;
            state.since = now;
        }
    }

    /// The client does not take what is sent.
    pub fn write_waits(&self, now: Instant) {
        self.state().answer.waits(now);
    }

    /// The client took this many bytes.
    pub fn wrote(&self, now: Instant, bytes: usize) {
        self.state().answer.moves(now, bytes);
    }

    /// Waits until another connection needs this place.
    pub async fn must_leave(&self) {
        self.leave.notified().await;
    }

    /// When this connection has had its time, and by which limit; `stop` is when the process was told to stop.
    pub fn due(&self, limits: &Limits, stop: Option<Instant>) -> Option<(Instant, Limit)> {
        let state = self.state();
        let after = |time: Duration| state.since + time;
        let phase = match (state.phase, stop) {
            (Phase::Waiting | Phase::Lingering, Some(stop)) if !state.answer.is_waiting() => {
                Some((stop, Limit::Stop))
            }
            (Phase::Head, Some(stop)) => Some((stop + LAST_HEAD_MAX, Limit::Stop)),
            (Phase::Waiting, _) => Some((after(limits.idle), Limit::Idle)),
            (Phase::Head, None) => Some((after(limits.head), Limit::Head)),
            (Phase::Lingering, _) => Some((after(LINGER_MAX), Limit::Body)),
            (Phase::Request, _) => None,
        };
        let answer = state.answer.due(limits.answer);
        let answer = answer.map(|due| (due, Limit::Answer));
        [phase, answer]
            .into_iter()
            .flatten()
            .min_by_key(|due| due.0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::LimitsConfig;
    use super::*;

    fn limits() -> Limits {
        LimitsConfig::default().limits(1_024)
    }

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn half_a_head_is_timed_from_its_first_byte() {
        let start = Instant::now();
        let slot = Slot::new(start);
        assert_eq!(
            slot.due(&limits(), None),
            Some((start + limits().idle, Limit::Idle))
        );
        slot.read(after(start, 50));
        slot.read(after(start, 55));
        let due = after(start, 50) + limits().head;
        assert_eq!(slot.due(&limits(), None), Some((due, Limit::Head)));
        assert_eq!(slot.waiting_since(), Some(after(start, 50)));
    }

    #[test]
    fn a_request_under_way_does_not_give_way_and_one_that_is_over_does() {
        let start = Instant::now();
        let slot = Slot::new(start);
        slot.read(start);
        slot.request_begins(start);
        slot.read(after(start, 1));
        assert_eq!(slot.waiting_since(), None);
        assert_eq!(slot.due(&limits(), None), None);
        slot.request_ends(after(start, 2));
        assert_eq!(slot.waiting_since(), Some(after(start, 2)));
    }

    #[test]
    fn an_answer_that_is_not_read_is_due_whatever_else_goes_on() {
        let start = Instant::now();
        let slot = Slot::new(start);
        slot.request_begins(start);
        slot.write_waits(start);
        let unread = Some((start + limits().answer.grace, Limit::Answer));
        assert_eq!(slot.due(&limits(), None), unread);
        // Handed over whole, and still not read.
        slot.request_ends(start);
        assert_eq!(slot.due(&limits(), None), unread);
        assert_eq!(slot.due(&limits(), Some(start)), unread);
        slot.wrote(after(start, 1), 10);
        let stop = after(start, 2);
        assert_eq!(
            slot.due(&limits(), Some(stop)),
            Some((stop, Limit::Stop)),
            "nothing is under way any more"
        );
    }

    #[test]
    fn the_one_that_has_waited_longest_gives_way() {
        let start = Instant::now();
        let slots: HashMap<u64, Arc<Slot>> = [(1, 5), (2, 3), (3, 4), (4, 0)]
            .map(|(number, seconds)| (number, Arc::new(Slot::new(after(start, seconds)))))
            .into();
        slots[&4].request_begins(start);
        assert_eq!(longest_waiting(&slots), Some(2));
        slots[&2].request_begins(start);
        slots[&3].lingers(after(start, 9));
        assert_eq!(longest_waiting(&slots), Some(1));
    }
}
