//! What Pix Orga knows and decides, and the ports it needs.
//!
//! Nothing here does I/O or knows the time of its own: instants come from [`clock::Clock`], identifiers and
//! tokens from [`chance::Chance`], and every store is a port. Each subject reads the same way: `subject.rs` holds
//! the types and the pure decisions, `subject/store.rs` the port, `subject/use_cases.rs` what a person can do.

pub mod chance;
pub mod clock;
pub mod email;
mod hex;
pub mod ids;
pub mod ine;
pub mod names;
pub mod refusal;
pub mod store;
pub mod token;
pub mod uai;

pub mod installation;

pub mod academy;
pub mod organization;

pub mod account;
pub mod invitation;
pub mod session;
pub mod team;
pub mod terms;
pub mod throttle;

pub mod audit;
pub mod outbox;
pub mod vitals;

pub mod roster;

pub mod dossier;
pub mod retention;

pub mod campaign;
pub mod pupil;
pub mod reconciliation;

#[cfg(test)]
mod testing;
