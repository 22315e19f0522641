//! Draws that a seed repeats.

use rand::rngs::ChaCha8Rng;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use sha2::{Digest, Sha256};

/// A source of draws: the same seed and topic give the same draws.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The draws of one topic. Two topics under one seed are independent.
    pub(crate) fn new(seed: u64, topic: &[&str]) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        for part in topic {
            hash.update(part.len().to_le_bytes());
            hash.update(part.as_bytes());
        }
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// A number from 0 to `bound` excluded; 0 when `bound` is 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        if bound == 0 {
            0
        } else {
            self.0.random_range(0..bound)
        }
    }

    /// A number between both, included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low.saturating_add(self.below(high.saturating_sub(low).saturating_add(1)))
    }

    /// Whether an event of this many in a thousand happens.
    pub(crate) fn permille(&mut self, chances: u32) -> bool {
        self.below(1000) < chances
    }

    /// One of these, or nothing when there is none.
    pub(crate) fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.choose(&mut self.0)
    }

    /// An upper-case letter of the Latin alphabet.
    pub(crate) fn letter(&mut self) -> char {
        char::from(b'A' + u8::try_from(self.below(26)).unwrap_or(0))
    }

    /// The numbers from 0 to `count` excluded, in a random order.
    pub(crate) fn order(&mut self, count: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..count).collect();
        order.shuffle(&mut self.0);
        order
    }
}

/// Values drawn in proportion to a weight.
pub(crate) struct Pool<T> {
    values: Vec<T>,
    ends: Vec<u32>,
}

impl<T> Pool<T> {
    pub(crate) fn new(weighted: impl IntoIterator<Item = (T, u32)>) -> Self {
        let (mut values, mut ends, mut end) = (Vec::new(), Vec::new(), 0_u32);
        for (value, weight) in weighted {
            end = end.saturating_add(weight);
            values.push(value);
            ends.push(end);
        }
        Self { values, ends }
    }

    /// One of the values, or nothing when the pool is empty.
    pub(crate) fn draw(&self, dice: &mut Dice) -> Option<&T> {
        let at = dice.below(*self.ends.last()?);
        self.values.get(self.ends.partition_point(|end| *end <= at))
    }

    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }
}

/// The cells of a small table compiled in: separator `;`, a header line, no quotes.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split(';').collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_repeats_and_two_topics_differ() {
        let ten = |topic: &str| {
            let mut dice = Dice::new(7, &[topic]);
            (0..10).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(ten("a"), ten("a"));
        assert_ne!(ten("a"), ten("b"));
    }

    #[test]
    fn a_pool_follows_its_weights() {
        let pool = Pool::new([("often", 900), ("never", 0), ("rarely", 100)]);
        let mut dice = Dice::new(1, &[]);
        let mut often = 0_u32;
        for _ in 0..10_000 {
            match pool.draw(&mut dice) {
                Some(&"often") => often += 1,
                Some(&"rarely") => {}
                other => panic!("{other:?}"),
            }
        }
        assert!((8_800..9_200).contains(&often), "{often}");
        assert!(Pool::<u8>::new([]).draw(&mut dice).is_none());
    }
}
