//! Files as schools send them, and as tools damage them.

#![expect(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

mod damage;
mod files;
mod fixture;
mod pupils;
