//! Fictitious schools and pupils, and the files they would have: for the demo, for tests and for `xtask`.
//!
//! Nobody here exists: the schools' numbers belong to no real school, their mail domains end in `.invalid`, and
//! pupils are drawn from published frequencies of names. Everything follows from a seed, so that a demo or a test
//! that failed once fails again.

pub mod fregata;
pub mod mediacentre;
pub mod schools;
pub mod siecle;
pub mod simulation;

mod draw;
