//! What journeys in a real browser are made of: Chromium, a tab as a person uses it, and everything the tab did.
//!
//! Chromium is spoken to through its own pipe, in a few dozen lines: see `docs/decisions/0010-browser.md`.
#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "this is test code: what fails must say so at once"
)]

pub mod axe;
pub mod chromium;
pub mod mediacentre;
pub mod narrow;
mod pipe;
pub mod places;
pub mod tab;
pub mod watch;

pub use chromium::{Chromium, Person, Scripts};
pub use tab::Tab;
