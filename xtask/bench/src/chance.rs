//! Identifiers for what benches make by the thousand.

use std::sync::atomic::{AtomicU64, Ordering};

use pix_orga_domain::chance::Chance;

/// Not chance at all: numbers that never come twice, which is all that identifiers ask for here.
#[derive(Default)]
pub struct Numbers(AtomicU64);

impl Chance for Numbers {
    fn fill(&self, bytes: &mut [u8]) {
        let number = self.0.fetch_add(1, Ordering::Relaxed).to_le_bytes();
        bytes.fill(0);
        for (byte, drawn) in bytes.iter_mut().rev().zip(number) {
            *byte = drawn;
        }
    }
}
