//! What Pix Orga knows and decides, and the ports it needs.
//!
//! Nothing here does I/O or knows the time of its own: instants come from [`clock::Clock`], identifiers and
//! tokens from [`chance::Chance`], and every store is a port. Each subject reads the same way: `subject.rs` holds
//! the types and the pure decisions, `subject/store.rs` the port, `subject/use_cases.rs` what a person can do.

pub mod academy;
pub mod chance;
pub mod clock;
pub mod email;
pub mod ids;
pub mod ine;
pub mod reconciliation;
pub mod roster;
pub mod uai;
